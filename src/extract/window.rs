//! A view of the input that grows as far as a record needs, and knows its position in the file.

use super::compression::read_problem;
use super::encoding::{Decoded, Encoding, Originals};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

const CHUNK: usize = 256 * 1024;

/// The largest record in bytes. A longer one is most likely a framing error and would need too much memory.
pub(crate) const LONGEST_RECORD: usize = 16 * 1024 * 1024;

/// The most bytes to withhold because they may be the footer.
const LONGEST_FOOTER: usize = 64 * 1024 * 1024;

pub(super) struct Window<R> {
    reader: R,
    /// The encoding that the reader converts to UTF-8.
    encoding: Encoding,
    /// The bytes of the file, if it is in another encoding.
    originals: Option<Originals>,
    buffer: Vec<u8>,
    start: usize,
    /// The end of the view. The bytes after it may be the footer.
    end: usize,
    /// The end of the bytes that were read.
    filled: usize,
    /// The number of lines at the end of the file that are no records.
    footer_lines: u64,
    is_at_end: bool,
    /// The byte of the file at the window's start, from 0.
    pub(crate) offset: u64,
    /// The line of the file at the window's start, from 1.
    pub(crate) line: u64,
}

impl<'a> Window<Box<dyn Read + 'a>> {
    /// Skips a byte order mark.
    pub(super) fn open_decoded(decoded: Decoded<'a>) -> Result<Self> {
        Window::new(decoded.text, decoded.encoding, decoded.originals)
    }
}

impl<R: Read> Window<R> {
    /// Opens text in UTF-8. Skips a byte order mark.
    pub(super) fn open(reader: R, encoding: Encoding) -> Result<Self> {
        Window::new(reader, encoding, None)
    }

    fn new(reader: R, encoding: Encoding, originals: Option<Originals>) -> Result<Self> {
        let mut window = Window {
            reader,
            encoding,
            originals,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            filled: 0,
            footer_lines: 0,
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

    /// Withholds the last lines of the file from the view. Blank lines do not count.
    pub(super) fn withhold_footer(&mut self, lines: u64) {
        self.footer_lines = lines;
        self.end = self.footer().0;
    }

    /// The number of lines that are withheld. It is final when the whole file was read.
    pub(super) fn withheld_lines(&self) -> u64 {
        self.footer().1
    }

    /// Whether the view ends where the file or its footer does.
    pub(super) fn is_whole(&self) -> bool {
        self.is_at_end
    }

    /// Reads until more bytes are in view. False if there are no more.
    pub(crate) fn grow(&mut self) -> Result<bool> {
        let before = self.bytes().len();
        while !self.is_at_end && self.bytes().len() == before {
            self.read()?;
        }
        Ok(self.bytes().len() > before)
    }

    fn read(&mut self) -> Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.end -= self.start;
            self.filled -= self.start;
            self.start = 0;
        }
        if self.buffer.len() < self.filled + CHUNK {
            self.buffer.resize(self.filled + CHUNK, 0);
        }
        let read = self
            .reader
            .read(&mut self.buffer[self.filled..])
            .map_err(read_problem)?;
        self.filled += read;
        self.is_at_end = read == 0;
        self.end = self.footer().0;
        if self.filled - self.end > LONGEST_FOOTER {
            return Err(self.footer_too_long());
        }
        Ok(())
    }

    /// Where the footer would start if the file ended here, and its lines. More bytes never move it backwards.
    fn footer(&self) -> (usize, u64) {
        let (mut at, mut lines) = (self.filled, 0);
        while lines < self.footer_lines && at > self.start {
            let before = &self.buffer[self.start..at - 1];
            let line = self.start + memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
            lines += u64::from(!without_line_end(&self.buffer[line..at]).is_empty());
            at = line;
        }
        (at, lines)
    }

    fn footer_too_long(&self) -> anyhow::Error {
        let message = format!(
            "{} lines from line {} on are longer than 64 MiB",
            self.footer_lines, self.line
        );
        Failure::new(Exit::Failed, message)
            .detail("So many lines are kept in memory, because the last ones of the file are no records.")
            .hint("Set elt.source.footer_lines to a smaller number.")
            .into()
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

    /// Why PostgreSQL does not accept the first bytes of the view as text. None if it does.
    pub(super) fn not_text(&self, bytes: &[u8]) -> Option<String> {
        let (at, is_nul) = match std::str::from_utf8(bytes) {
            Ok(_) => (memchr::memchr(0, bytes)?, true),
            Err(error) => (error.valid_up_to(), false),
        };
        let in_file = match &self.originals {
            Some(originals) => originals.width(at),
            None => at,
        };
        if is_nul {
            return Some(format!("byte {} of the record is NUL", in_file + 1));
        }
        let byte = match &self.originals {
            Some(originals) => originals.first(at + 1).get(in_file).copied(),
            None => bytes.get(at).copied(),
        };
        Some(format!(
            "byte {} of the record, 0x{:02x}, is not {}",
            in_file + 1,
            byte.unwrap_or_default(),
            self.encoding.name_in_text()
        ))
    }

    /// The bytes of the file that the first `length` bytes of the view stand for.
    pub(super) fn original(&self, length: usize) -> Vec<u8> {
        match &self.originals {
            Some(originals) => originals.first(length),
            None => self.bytes()[..length].to_vec(),
        }
    }

    /// Whether the file is UTF-8 with other characters than ASCII although it is read in another encoding.
    pub(super) fn is_also_utf8(&self) -> Option<bool> {
        self.originals.as_ref().and_then(Originals::is_also_utf8)
    }

    /// Moves the start past `count` bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        let consumed = &self.buffer[self.start..self.start + count];
        self.line += memchr::memchr_iter(b'\n', consumed).count() as u64;
        self.offset += match &self.originals {
            Some(originals) => originals.discard(count),
            None => count,
        } as u64;
        self.start += count;
    }
}

/// A line without its line end.
pub(crate) fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
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
