//! A file of one document per line.

use super::{JsonExtract, jsonb, not_documents};
use crate::copy::CopyText;
use crate::extract::Record;
use crate::extract::window::without_line_end;
use anyhow::Result;
use std::io::Read;

impl<R: Read> JsonExtract<R> {
    /// # Errors
    /// If the file is one object that spans several lines.
    pub(super) fn refuse_document_over_several_lines(&mut self) -> Result<()> {
        let Some(end) = self.window.line_end(0)? else {
            return Ok(());
        };
        let line = &self.window.bytes()[..end];
        if !jsonb::is_incomplete(line) {
            return Ok(());
        }
        // If the next line is a document, this one is cut off and will be rejected.
        let next_end = self.window.line_end(end)?.unwrap_or(end);
        let next = &self.window.bytes()[end..next_end];
        if !next.is_empty() && jsonb::refusal(next.trim_ascii()).is_some() {
            return Err(not_documents(
                "It begins with an object that spans several lines.",
            ));
        }
        Ok(())
    }

    pub(super) fn next_line(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        loop {
            let Some(end) = self.window.line_end(0)? else {
                return Ok(None);
            };
            let line = without_line_end(&self.window.bytes()[..end]);
            if line.trim_ascii().is_empty() {
                self.window.consume(end);
                continue;
            }
            let length = line.len();
            let has_end = self.window.bytes()[..end].ends_with(b"\n");
            if !has_end && jsonb::is_incomplete(line) {
                return Err(self.truncated());
            }
            self.line_ends.note(&self.window.bytes()[..end]);
            let record = self.take(length, copy);
            self.window.consume(end - length);
            return Ok(Some(record));
        }
    }
}
