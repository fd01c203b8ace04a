//! A file of one document per line. A line may also have several documents.

use super::JsonExtract;
use super::jsonb;
use super::scan::{Until, ValueEnd, byte_at, is_space, skip_space, trim, value_end};
use crate::copy::CopyText;
use crate::extract::Record;
use crate::extract::window::without_line_end;
use anyhow::Result;
use std::io::Read;

/// The longest first line of a file of one array per line.
const LONGEST_FIRST_ARRAY: usize = 64 * 1024;

impl<R: Read> JsonExtract<R> {
    /// Whether the file has an array of plain values on each line. Without a header, one line is enough.
    pub(super) fn has_array_per_line(&mut self) -> Result<bool> {
        let mut searched = 0;
        let end = loop {
            let view = self.window.bytes();
            let view = &view[..view.len().min(LONGEST_FIRST_ARRAY)];
            if let Some(found) = memchr::memchr(b'\n', &view[searched..]) {
                break searched + found;
            }
            searched = view.len();
            if searched == LONGEST_FIRST_ARRAY {
                return Ok(false);
            }
            if !self.window.grow()? {
                break searched;
            }
        };
        let values = serde_json::from_slice(trim(&self.window.bytes()[..end]));
        let values: Vec<serde_json::Value> = values.unwrap_or_default();
        let is_plain = |value: &serde_json::Value| !value.is_array() && !value.is_object();
        let is_row = !values.is_empty() && values.iter().all(is_plain);
        let next = self.first_byte_after(end, is_space)?;
        Ok(is_row && (next == Some(b'[') || (next.is_none() && !self.has_header)))
    }

    /// The first byte of the view from an index on that is not skipped.
    pub(super) fn first_byte_after(
        &mut self,
        mut at: usize,
        is_skipped: fn(u8) -> bool,
    ) -> Result<Option<u8>> {
        loop {
            match byte_at(&mut self.window, at)? {
                Some(byte) if is_skipped(byte) => at += 1,
                found => return Ok(found),
            }
        }
    }

    /// The length of the next line, without and with its line end. Blank lines are skipped. None at the end of the
    /// file.
    pub(super) fn line_length(&mut self) -> Result<Option<(usize, usize)>> {
        loop {
            let Some(end) = self.window.line_end(0)? else {
                return Ok(None);
            };
            let line = without_line_end(&self.window.bytes()[..end]);
            if !trim(line).is_empty() {
                return Ok(Some((line.len(), end)));
            }
            self.window.consume(end);
        }
    }

    pub(super) fn next_line(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        let Some((length, end)) = self.line_length()? else {
            return Ok(None);
        };
        let has_end = self.window.bytes()[..end].ends_with(b"\n");
        if !has_end && jsonb::is_incomplete(&self.window.bytes()[..length]) {
            return Err(self.truncated());
        }
        self.line_ends.note(&self.window.bytes()[..end]);
        let record = self.take(length, copy);
        self.window.consume(end - length);
        Ok(Some(record))
    }

    /// Reads the next document of a line that may have several. If it is broken, it extends to the end of the line.
    pub(super) fn next_in_line(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        if skip_space(&mut self.window)? == Some(b'{')
            && let ValueEnd::Found(end) = value_end(&mut self.window, Until::ClosedOnLine)?
            && self.first_byte_after(end, is_blank)? == Some(b'{')
        {
            return Ok(Some(self.take(end, copy)));
        }
        self.next_line(copy)
    }
}

/// Whether the byte is white space inside a line.
pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}
