//! CSV by RFC 4180, with the settings of the source. The header's names are matched to columns. A quote may only
//! enclose a whole field. A misplaced or unclosed quote rejects its own line and no other.

mod columns;
mod encode;
mod escape;
mod forward;
mod frame;
mod header;
mod no_header;
mod start;
#[cfg(test)]
mod tests;

use super::column_facts::ColumnFacts;
use super::line_ends::LineEnds;
use super::window::{Window, without_line_end};
use super::{Extract, FileFacts, Layout, Record, Reject, SkippedLines};
use crate::copy::CopyText;
use crate::signals;
use anyhow::Result;
use columns::FieldTarget;
pub(crate) use columns::extra_names;
use encode::Refusal;
use frame::{Dialect, Frame};
pub(super) use start::refuse_only_carriage_returns;
use std::io::Read;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) struct CsvExtract<R> {
    window: Window<R>,
    dialect: Dialect,
    null_text: Option<Vec<u8>>,
    /// A line end and the beginning of a comment.
    comment: Option<Vec<u8>>,
    /// Whether each record must end in an empty field that has no column.
    trailing_delimiter: bool,
    /// Whether fields may be missing at the end of a record.
    short_records: bool,
    facts: FileFacts,
    skipped: SkippedLines,
    line_ends: LineEnds,
    /// The header's first line, in UTF-8. Empty if there is no header.
    header: Vec<u8>,
    /// Its other lines, if they contain a name.
    more_header_lines: Vec<Vec<u8>>,
    /// The number after which `_row` continues.
    after_row: u64,
    /// The target of each field of a record.
    fields: Vec<FieldTarget>,
    /// Columns of the COPY text: the columns filled from the file in its order, then `_row` and `_extra`.
    columns: Vec<String>,
    /// Facts about the columns filled from the file.
    column_facts: Vec<ColumnFacts>,
    /// Facts about `_extra`.
    extra_facts: ColumnFacts,
}

impl<R: Read> CsvExtract<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// If there is no valid header, a column appears twice, or a missing or unexpected one is refused.
    pub(super) fn open(
        mut window: Window<R>,
        facts: FileFacts,
        layout: &Layout,
        columns: &[String],
        after_row: u64,
    ) -> Result<Self> {
        window.withhold_footer(layout.footer_lines);
        let mut extract = CsvExtract {
            window,
            dialect: Dialect {
                delimiter: layout.delimiter,
                quote: layout.quote,
                escape: layout.escape,
            },
            null_text: layout.null_text.clone().map(String::into_bytes),
            comment: layout
                .comment
                .as_ref()
                .map(|comment| format!("\n{comment}").into_bytes()),
            trailing_delimiter: layout.trailing_delimiter,
            short_records: layout.short_records,
            facts,
            skipped: SkippedLines::default(),
            line_ends: LineEnds::default(),
            header: Vec::new(),
            more_header_lines: Vec::new(),
            after_row,
            fields: Vec::new(),
            columns: Vec::new(),
            column_facts: Vec::new(),
            extra_facts: ColumnFacts::default(),
        };
        extract.read_start(layout, columns)?;
        Ok(extract)
    }

    /// Whether a blank line is a record, because an empty value in a file of one column is written so.
    fn has_blank_records(&self) -> bool {
        self.fields.len() == 1 && !self.trailing_delimiter
    }

    /// Skips the line at the start of the window if it is a comment.
    fn skip_comment(&mut self) -> Result<bool> {
        let Some(comment) = self.comment.as_ref().map(|comment| &comment[1..]) else {
            return Ok(false);
        };
        while self.window.bytes().len() < comment.len() && self.window.grow()? {}
        if !self.window.bytes().starts_with(comment) {
            return Ok(false);
        }
        // A file may have millions of comments.
        signals::check()?;
        self.skipped.comments += 1;
        self.skip_line()
    }

    /// Skips a line. False at the end of the file.
    fn skip_line(&mut self) -> Result<bool> {
        let Some(end) = self.window.line_end(0)? else {
            return Ok(false);
        };
        self.consume(end);
        Ok(true)
    }

    fn consume(&mut self, end: usize) {
        self.line_ends.note(&self.window.bytes()[..end]);
        self.window.consume(end);
    }

    /// Reads the record at the start of the window, which is framed and not blank.
    fn read_framed(&mut self, frame: Frame, copy: &mut CopyText) -> Result<Record> {
        let (mut end, is_quoted, broken) = match frame {
            Frame::Plain { end } => (end, false, None),
            Frame::Quoted { end } => (end, true, None),
            Frame::Broken { end, reason } => (end, true, Some(reason)),
        };
        let mut raw = without_line_end(&self.window.bytes()[..end]);
        let refusal = match broken {
            Some(reason) => Some(Refusal::Text(reason)),
            None => {
                let mut facts = std::mem::take(&mut self.column_facts);
                let refusal = self.encode(raw, is_quoted, copy, &mut facts);
                self.column_facts = facts;
                refusal?
            }
        };
        let reason = match (refusal, memchr::memchr(b'\n', raw)) {
            (None, _) => None,
            // Two stray quotes joined several lines. Only the first line is known to be wrong.
            (Some(Refusal::Fields(fields)), Some(line_end)) => {
                let lines = 1 + memchr::memchr_iter(b'\n', raw).count();
                let what = match self.dialect.escape {
                    None => format!("a quote that opens here closes {lines} lines later"),
                    Some(_) => format!("a quote or an escape on this line joins {lines} lines"),
                };
                end = line_end + 1;
                raw = without_line_end(&raw[..end]);
                Some(format!("{what}, which gives {fields}"))
            }
            (Some(Refusal::Fields(reason) | Refusal::Text(reason)), _) => Some(reason),
        };
        let record = match reason {
            None => Record::Staged,
            Some(reason) => Record::Rejected(Reject {
                page: None,
                row: self.after_row + self.window.line,
                line: self.window.line,
                offset: self.window.offset,
                reason,
                raw: self.window.original(raw.len()),
            }),
        };
        self.consume(end);
        Ok(record)
    }
}

impl<R: Read> Extract for CsvExtract<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn copy_text(&self) -> CopyText {
        CopyText::like_csv(self.dialect.delimiter)
    }

    fn forward(&mut self, copy: &mut CopyText) -> Result<u64> {
        let mut rows = 0;
        while self.may_forward(copy) && copy.full_part().is_none() {
            match self.forward_lines(copy) {
                0 => break,
                more => rows += more,
            }
        }
        Ok(rows)
    }

    fn column_facts(&self) -> Vec<(&str, &ColumnFacts)> {
        let names = self.columns.iter().map(String::as_str);
        let extra = ("_extra", &self.extra_facts);
        names.zip(&self.column_facts).chain([extra]).collect()
    }

    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        loop {
            if self.skip_comment()? {
                continue;
            }
            let Some(frame) = self.dialect.frame_record(&mut self.window)? else {
                return Ok(None);
            };
            let end = frame.end();
            let is_blank = without_line_end(&self.window.bytes()[..end]).is_empty();
            if !is_blank || self.has_blank_records() {
                return self.read_framed(frame, copy).map(Some);
            }
            // A file may have millions of empty lines.
            signals::check()?;
            self.window.consume(end);
        }
    }

    fn last_row(&self) -> u64 {
        self.after_row + self.window.line
    }

    fn facts(&self) -> FileFacts {
        FileFacts {
            line_ends: self.line_ends.name(),
            is_also_utf8: self.window.is_also_utf8(),
            lines_skipped: Some(SkippedLines {
                at_end: self.window.withheld_lines(),
                ..self.skipped
            }),
            ..self.facts.clone()
        }
    }
}
