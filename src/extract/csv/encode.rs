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
        // When files were concatenated, the second one may begin with a byte order mark.
        if raw == self.header || raw.strip_prefix(BYTE_ORDER_MARK) == Some(&self.header) {
            return Ok(Some(Refusal::Text("the header is repeated here".into())));
        }
        let row = self.after_row + self.window.line;
        let begun = copy.begin(row);
        let mut extra = serde_json::Map::new();
        let mut count = 0;
        let mut facts = facts.iter_mut();
        self.dialect.for_each_field(raw, is_quoted, |value| {
            let is_null = value.is_empty() || self.null_text.as_deref() == Some(value);
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
        });
        if let Some(refusal) = self.refuse_count(count) {
            copy.undo(begun);
            return Ok(Some(refusal));
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

    fn refuse_other_count(&self, raw: &[u8], is_quoted: bool) -> Option<Refusal> {
        let mut count = 0;
        self.dialect.for_each_field(raw, is_quoted, |_| count += 1);
        self.refuse_count(count)
    }

    fn refuse_count(&self, count: usize) -> Option<Refusal> {
        let expected = self.fields.len();
        let noun = if count == 1 { "field" } else { "fields" };
        (count != expected)
            .then(|| Refusal::Fields(format!("{count} {noun} instead of {expected}")))
    }
}
