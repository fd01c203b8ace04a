//! A view of the input that grows as far as a record needs, and knows its position in the file.

use super::compression::read_problem;
use super::encoding::Encoding;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

const CHUNK: usize = 256 * 1024;

/// The largest record in bytes. A longer one is most likely a framing error and would need too much memory.
pub(crate) const LONGEST_RECORD: usize = 16 * 1024 * 1024;

pub(super) struct Window<R> {
    reader: R,
    /// The encoding that the reader converts to UTF-8.
    encoding: Encoding,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    is_at_end: bool,
    /// The byte of the file at the window's start, from 0.
    pub(crate) offset: u64,
    /// The line of the file at the window's start, from 1.
    pub(crate) line: u64,
}

impl<R: Read> Window<R> {
    /// Skips a byte order mark.
    pub(super) fn open(reader: R, encoding: Encoding) -> Result<Self> {
        let mut window = Window {
            reader,
            encoding,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            is_at_end: false,
            offset: 0,
            line: 1,
        };
        while window.bytes().len() < 3 && window.grow()? {}
        if window.bytes().starts_with(b"\xef\xbb\xbf") {
            window.consume(3);
        }
        Ok(window)
    }

    /// The bytes in view.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Reads more bytes. False at the end of the file.
    pub(crate) fn grow(&mut self) -> Result<bool> {
        if self.is_at_end {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.end + CHUNK {
            self.buffer.resize(self.end + CHUNK, 0);
        }
        let read = self
            .reader
            .read(&mut self.buffer[self.end..])
            .map_err(read_problem)?;
        self.end += read;
        self.is_at_end = read == 0;
        Ok(read > 0)
    }

    /// The index after the first line end at or after `from`, or after the last byte of a file that does not end
    /// with a line end. None if no bytes are left.
    pub(crate) fn line_end(&mut self, from: usize) -> Result<Option<usize>> {
        let mut searched = from;
        loop {
            if let Some(found) = memchr::memchr(b'\n', &self.bytes()[searched..]) {
                let end = searched + found + 1;
                if end > LONGEST_RECORD {
                    return Err(self.too_long());
                }
                return Ok(Some(end));
            }
            searched = self.bytes().len();
            if searched > LONGEST_RECORD {
                return Err(self.too_long());
            }
            if !self.grow()? {
                let rest = self.bytes().len();
                return Ok((rest > from).then_some(rest));
            }
        }
    }

    pub(crate) fn too_long(&self) -> anyhow::Error {
        Failure::new(
            Exit::Failed,
            format!(
                "the record that begins on line {} is longer than 16 MiB",
                self.line
            ),
        )
        .hint("Check that this is the file that the source describes.")
        .into()
    }

    /// Why PostgreSQL does not accept bytes of the view as text. None if it does.
    pub(super) fn not_text(&self, bytes: &[u8]) -> Option<String> {
        let reason = not_text(bytes)?;
        if self.encoding == Encoding::Utf8 {
            return Some(reason);
        }
        // The position in the decoded bytes would not be the position in the file.
        Some(match std::str::from_utf8(bytes) {
            Ok(_) => "the record contains a NUL".into(),
            Err(_) => format!("the record is not {}", self.encoding.name()),
        })
    }

    /// The bytes of the file that were decoded to `bytes`.
    pub(super) fn original(&self, bytes: &[u8]) -> Vec<u8> {
        self.encoding.original(bytes)
    }

    /// Moves the start past `count` bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        let consumed = &self.buffer[self.start..self.start + count];
        self.line += memchr::memchr_iter(b'\n', consumed).count() as u64;
        self.offset += self.encoding.length(consumed);
        self.start += count;
    }
}

/// A line without its line end.
pub(crate) fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn not_text(bytes: &[u8]) -> Option<String> {
    if let Err(error) = std::str::from_utf8(bytes) {
        let at = error.valid_up_to();
        return Some(format!(
            "byte {} of the record, 0x{:02x}, is not UTF-8",
            at + 1,
            bytes[at]
        ));
    }
    memchr::memchr(0, bytes).map(|at| format!("byte {} of the record is NUL", at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_an_endless_line_before_it_fills_the_memory() -> Result<()> {
        let mut window = Window::open(std::io::repeat(b'x'), Encoding::Utf8)?;
        let error = window.line_end(0).unwrap_err();
        assert!(error.to_string().contains("longer than 16 MiB"), "{error}");
        assert!(window.buffer.len() <= LONGEST_RECORD + 2 * CHUNK);
        Ok(())
    }
}
