//! A file of documents that span lines, such as one indented object.

use super::lines::is_blank;
use super::scan::{Until, ValueEnd, skip_space, trim, value_end};
use super::{JsonExtract, Position, jsonb};
use crate::copy::CopyText;
use crate::extract::Record;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

impl<R: Read> JsonExtract<R> {
    /// How the documents of a file are separated that begins with an object.
    pub(super) fn object_position(&mut self) -> Result<Position> {
        let end = value_end(&mut self.window, Until::Closed)?;
        if let ValueEnd::Found(end) = end {
            let first = &self.window.bytes()[..end];
            if memchr::memchr(b'\n', first).is_none() {
                let has_several = self.first_byte_after(end, is_blank)? == Some(b'{');
                return Ok(Position::InLines { has_several });
            }
            if jsonb::is_document(first) {
                return Ok(Position::InDocuments);
            }
        }
        if end == ValueEnd::TooLong && memchr::memchr(b'\n', self.window.bytes()).is_none() {
            return Err(self.document_too_long());
        }
        if self.is_first_line_broken()? {
            return Ok(Position::InLines { has_several: false });
        }
        match end {
            ValueEnd::TooLong => Err(self.document_too_long()),
            ValueEnd::Found(_) | ValueEnd::BrokenAt(_) | ValueEnd::EndOfFile => {
                Ok(Position::InDocuments)
            }
        }
    }

    /// Whether the first line is a broken document of one line. If not, it is the start of a longer one.
    fn is_first_line_broken(&mut self) -> Result<bool> {
        let Some(end) = self.window.line_end(0)? else {
            return Ok(false);
        };
        if !jsonb::is_incomplete(&self.window.bytes()[..end]) {
            return Ok(true);
        }
        let next_end = self.window.line_end(end)?.unwrap_or(end);
        let next = &self.window.bytes()[end..next_end];
        // A file of one line is truncated. `next_line` reports it.
        Ok(trim(next).is_empty() || jsonb::refusal(trim(next)).is_none())
    }

    pub(super) fn next_document(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        let Some(first) = skip_space(&mut self.window)? else {
            return Ok(None);
        };
        if first != b'{' {
            let end = self.next_document_start(0)?;
            return Ok(Some(self.take(end, copy)));
        }
        let end = match value_end(&mut self.window, Until::Closed)? {
            ValueEnd::Found(end) => end,
            ValueEnd::BrokenAt(at) => self.next_document_start(at)?,
            ValueEnd::EndOfFile => return Err(self.truncated()),
            ValueEnd::TooLong => return Err(self.document_too_long()),
        };
        Ok(Some(self.take(end, copy)))
    }

    /// The index of the next line that begins with an object, or of the end of the file.
    fn next_document_start(&mut self, from: usize) -> Result<usize> {
        let mut at = from;
        while let Some(end) = self.window.line_end(at)? {
            at = end;
            if self.first_byte_after(at, |_| false)? == Some(b'{') {
                break;
            }
        }
        Ok(at)
    }

    fn document_too_long(&self) -> anyhow::Error {
        let message = format!(
            "the object that begins on line {} is longer than 16 MiB",
            self.window.line
        );
        Failure::new(Exit::Failed, message)
            .hint(
                "If it contains the records, name the keys that lead to them in elt.source.records_at, such as data.items \
                 (elt init --records-at).",
            )
            .into()
    }
}
