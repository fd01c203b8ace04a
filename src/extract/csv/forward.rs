//! Fast path for lines that can be copied unchanged: no quote, nothing to escape, as many fields as the header, and
//! a column for every field.

use super::columns::FieldTarget;
use super::{BYTE_ORDER_MARK, CsvExtract};
use crate::copy::CopyText;
use memchr::{memchr, memchr2_iter, memchr3, memmem, memrchr};
use std::io::Read;

/// The number of bytes examined at once. They stay in the processor's cache.
const BLOCK: usize = 64 * 1024;

impl<R: Read> CsvExtract<R> {
    /// Whether lines of this file can be copied unchanged.
    pub(super) fn may_forward(&self, copy: &CopyText) -> bool {
        copy.is_like_csv(self.dialect.delimiter)
            && self
                .fields
                .iter()
                .all(|field| matches!(field, FieldTarget::Column))
    }

    /// Writes lines up to the first one that cannot be copied unchanged. Returns the number of rows.
    pub(super) fn forward_lines(&mut self, copy: &mut CopyText) -> u64 {
        if self.trailing_delimiter {
            self.forward_block::<true>(copy)
        } else {
            self.forward_block::<false>(copy)
        }
    }

    /// `TRAILING`: whether lines end in a delimiter that is not copied.
    fn forward_block<const TRAILING: bool>(&mut self, copy: &mut CopyText) -> u64 {
        let block = &self.window.bytes()[..self.plain_length()];
        let has_blank_records = self.has_blank_records();
        let field_count = self.fields.len() + usize::from(TRAILING);
        let has_carriage_return = memchr(b'\r', block).is_some();
        let (mut rows, mut done, mut start, mut field) = (0, 0, 0, 0);
        let mut number = self.after_row + self.window.line;
        let (mut has_lf, mut has_crlf) = (false, false);
        for at in memchr2_iter(self.dialect.delimiter, b'\n', block) {
            if block[at] != b'\n' {
                if let Some(facts) = self.column_facts.get_mut(field) {
                    facts.note(&block[start..at]);
                }
                field += 1;
                start = at + 1;
                continue;
            }
            let mut line = &block[done..at];
            let mut ends_in_crlf = false;
            if has_carriage_return && let Some(first) = memchr(b'\r', line) {
                if first + 1 < line.len() {
                    // A carriage return inside a value must be escaped.
                    break;
                }
                ends_in_crlf = true;
                line = &line[..first];
            }
            if !line.is_empty() || has_blank_records {
                let needs_checks = field + 1 != field_count
                    || line == self.header
                    || line.starts_with(BYTE_ORDER_MARK)
                    || (TRAILING && start < done + line.len());
                if needs_checks {
                    break;
                }
                if TRAILING {
                    line = &line[..line.len() - 1];
                } else if let Some(facts) = self.column_facts.get_mut(field) {
                    facts.note(&block[start..done + line.len()]);
                }
                copy.forward(line, number);
                rows += 1;
                has_lf |= !ends_in_crlf;
                has_crlf |= ends_in_crlf;
            }
            number += 1;
            done = at + 1;
            start = done;
            field = 0;
        }
        self.line_ends.note_both(has_lf, has_crlf);
        self.window.consume(done);
        rows
    }

    /// The length of the complete lines at the start that are valid text and contain no comment and no quote,
    /// backslash, null text or header line that continues the first one.
    fn plain_length(&self) -> usize {
        let bytes = self.window.bytes();
        let mut block = whole_lines(&bytes[..bytes.len().min(BLOCK)]);
        if let Some(comment) = &self.comment {
            if block.starts_with(&comment[1..]) {
                return 0;
            }
            if let Some(at) = memmem::find(block, comment) {
                block = &block[..=at];
            }
        }
        if let Some(at) = memchr3(self.dialect.quote.unwrap_or(b'\\'), b'\\', 0, block) {
            block = whole_lines(&block[..at]);
        }
        if let Some(at) = self.dialect.escape.and_then(|escape| memchr(escape, block)) {
            block = whole_lines(&block[..at]);
        }
        for text in self.null_text.iter().chain(&self.more_header_lines) {
            if let Some(at) = memmem::find(block, text) {
                block = whole_lines(&block[..at]);
            }
        }
        if let Err(error) = std::str::from_utf8(block) {
            block = whole_lines(&block[..error.valid_up_to()]);
        }
        block.len()
    }
}

fn whole_lines(bytes: &[u8]) -> &[u8] {
    &bytes[..memrchr(b'\n', bytes).map_or(0, |last| last + 1)]
}
