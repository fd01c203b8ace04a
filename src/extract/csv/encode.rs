//! Writes one framed record as COPY text.

use super::columns::FieldTarget;
use super::{BYTE_ORDER_MARK, CsvExtract};
use crate::copy::CopyText;
use crate::extract::column_facts::ColumnFacts;
use anyhow::Result;
use std::io::Read;

/// Why a framed record cannot be staged.
pub(super) enum Refusal {
    /// Its bytes are not text, or it repeats the header.
    Text(String),
    /// The number of fields differs from the header's.
    Fields(String),
}

impl<R: Read> CsvExtract<R> {
    /// Writes the record's COPY text, or returns why it is rejected.
    pub(super) fn encode(
        &self,
        raw: &[u8],
        is_quoted: bool,
        copy: &mut CopyText,
        facts: &mut [ColumnFacts],
    ) -> Result<Option<Refusal>> {
        if let Some(reason) = self.window.not_text(raw) {
            return Ok(Some(match self.refuse_other_count(raw, is_quoted) {
                // A misplaced quote may have joined lines, so that the byte is in another record.
                Some(refusal) if raw.contains(&b'\n') => refusal,
                _ => Refusal::Text(reason),
            }));
        }
        if self.is_header(raw) {
            return Ok(Some(Refusal::Text("the header is repeated here".into())));
        }
        let row = self.after_row + self.window.line;
        let begun = copy.begin(row);
        let mut extra = serde_json::Map::new();
        let (mut count, mut ends_empty) = (0, false);
        let mut facts = facts.iter_mut();
        self.dialect
            .for_each_field(raw, is_quoted, |value, is_escaped| {
                let is_null_text = !is_escaped && self.null_text.as_deref() == Some(value);
                let is_null = value.is_empty() || is_null_text;
                match self.fields.get(count) {
                    Some(FieldTarget::Column) => {
                        let facts = facts.next();
                        if is_null {
                            copy.null();
                            facts.into_iter().for_each(ColumnFacts::note_null);
                        } else {
                            copy.field(value);
                            facts.into_iter().for_each(|facts| facts.note(value));
                        }
                    }
                    Some(FieldTarget::Extra(name)) if !is_null => {
                        let text = String::from_utf8_lossy(value).into_owned();
                        extra.insert(name.clone(), text.into());
                    }
                    Some(FieldTarget::Extra(_)) | None => {}
                }
                count += 1;
                ends_empty = value.is_empty();
            });
        if let Some(refusal) = self.refuse_count(raw, count, ends_empty) {
            copy.undo(begun);
            return Ok(Some(refusal));
        }
        for missing in self.fields.iter().skip(count) {
            if matches!(missing, FieldTarget::Column) {
                copy.null();
                facts.next().into_iter().for_each(ColumnFacts::note_null);
            }
        }
        copy.number(row);
        if extra.is_empty() {
            copy.null();
        } else {
            copy.field(serde_json::to_string(&extra)?.as_bytes());
        }
        copy.end();
        Ok(None)
    }

    /// Whether the record is a line of the header. When files were concatenated, the second one may begin with a
    /// byte order mark.
    fn is_header(&self, raw: &[u8]) -> bool {
        let is_first = |raw: &[u8]| !self.header.is_empty() && raw == self.header;
        is_first(raw)
            || raw.strip_prefix(BYTE_ORDER_MARK).is_some_and(is_first)
            || self.more_header_lines.iter().any(|line| raw == line)
    }

    fn refuse_other_count(&self, raw: &[u8], is_quoted: bool) -> Option<Refusal> {
        let (mut count, mut ends_empty) = (0, false);
        self.dialect.for_each_field(raw, is_quoted, |value, _| {
            count += 1;
            ends_empty = value.is_empty();
        });
        self.refuse_count(raw, count, ends_empty)
    }

    fn refuse_count(&self, raw: &[u8], count: usize, ends_empty: bool) -> Option<Refusal> {
        let columns = self.fields.len();
        let expected = columns + usize::from(self.trailing_delimiter);
        if self.trailing_delimiter && count == expected && !ends_empty {
            let reason = format!("{count} fields, and the last one is not empty");
            return Some(Refusal::Fields(reason));
        }
        // Two stray quotes that join lines often give few fields, so a short record may not span lines.
        let is_short = self.short_records && count < expected && !raw.contains(&b'\n');
        if count == expected || is_short {
            return None;
        }
        let noun = if count == 1 { "field" } else { "fields" };
        let at_most = if self.short_records { "at most " } else { "" };
        let and_empty = if self.trailing_delimiter {
            " and an empty one"
        } else {
            ""
        };
        Some(Refusal::Fields(format!(
            "{count} {noun} instead of {at_most}{columns}{and_empty}"
        )))
    }
}
