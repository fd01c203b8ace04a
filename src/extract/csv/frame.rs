//! Finds the ends of records and fields.

use super::super::window::{LONGEST_RECORD, Window};
use ::csv::{ByteRecord, ReaderBuilder, Terminator};
use anyhow::{Context, Result};
use std::io::Read;

/// The special bytes of the file.
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// None: no field is quoted.
    pub(super) quote: Option<u8>,
    /// Makes a following quote, delimiter, line end or escape part of the value.
    pub(super) escape: Option<u8>,
}

/// Where the record at the start of the window ends.
pub(super) enum Frame {
    /// One line without a quote.
    Plain { end: usize },
    /// It has quotes or escapes.
    Quoted { end: usize },
    /// A quote is misplaced or unclosed. `end` is the end of the first line.
    Broken { end: usize, reason: String },
}

impl Frame {
    pub(super) fn end(&self) -> usize {
        match self {
            Frame::Plain { end } | Frame::Quoted { end } | Frame::Broken { end, .. } => *end,
        }
    }
}

impl Dialect {
    /// Finds the end of the next record. None at the end of the file.
    pub(super) fn frame_record<R: Read>(&self, window: &mut Window<R>) -> Result<Option<Frame>> {
        let Some(end) = window.line_end(0)? else {
            return Ok(None);
        };
        if let Some(escape) = self.escape {
            let quote = self.quote.unwrap_or(escape);
            if memchr::memchr2(escape, quote, &window.bytes()[..end]).is_some() {
                return self.frame_escaped(window, escape, end).map(Some);
            }
            return Ok(Some(Frame::Plain { end }));
        }
        let Some(quote) = self.quote else {
            return Ok(Some(Frame::Plain { end }));
        };
        if memchr::memchr(quote, &window.bytes()[..end]).is_none() {
            return Ok(Some(Frame::Plain { end }));
        }
        self.frame_quoted(window, quote, end).map(Some)
    }

    /// Finds the end of a record that may have line ends inside quotes.
    fn frame_quoted<R: Read>(
        &self,
        window: &mut Window<R>,
        quote: u8,
        first_line_end: usize,
    ) -> Result<Frame> {
        let broken = |reason: &str| Frame::Broken {
            end: first_line_end,
            reason: reason.into(),
        };
        let mut at = 0;
        let mut known_end = first_line_end;
        loop {
            // At the start of a field.
            if window.bytes().get(at) == Some(&quote) {
                at = match closing_quote(window, quote, at + 1)? {
                    Some(after) => after,
                    None => return Ok(broken("a quote is opened and never closed")),
                };
                if at >= known_end {
                    known_end = match window.line_end(at)? {
                        Some(end) => end,
                        // The file ends with the closing quote.
                        None => return Ok(Frame::Quoted { end: at }),
                    };
                }
            } else {
                let rest = &window.bytes()[at..known_end];
                let length =
                    memchr::memchr3(self.delimiter, b'\n', quote, rest).unwrap_or(rest.len());
                at += length;
            }
            match window.bytes().get(at) {
                Some(byte) if *byte == self.delimiter => at += 1,
                Some(b'\n') => return Ok(Frame::Quoted { end: at + 1 }),
                Some(b'\r') if window.bytes().get(at + 1) == Some(&b'\n') => {
                    return Ok(Frame::Quoted { end: at + 2 });
                }
                None => return Ok(Frame::Quoted { end: at }),
                Some(b'\r') if at + 1 == window.bytes().len() => {
                    return Ok(Frame::Quoted { end: at + 1 });
                }
                Some(byte) if *byte == quote => {
                    return Ok(broken("a field without quotes contains a quote"));
                }
                Some(_) => return Ok(broken("a closing quote is followed by text")),
            }
        }
    }

    /// Calls `call` with each name of a header.
    pub(super) fn for_each_name(
        &self,
        line: &[u8],
        is_quoted: bool,
        mut call: impl FnMut(&[u8]),
    ) -> Result<()> {
        let (Some(quote), true, None) = (self.quote, is_quoted, self.escape) else {
            self.for_each_field(line, is_quoted, |name, _| call(name));
            return Ok(());
        };
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(quote)
            .has_headers(false)
            // A carriage return inside a name is part of it.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(line);
        let mut header = ByteRecord::new();
        reader
            .read_byte_record(&mut header)
            .context("could not read the header")?;
        header.iter().for_each(&mut call);
        Ok(())
    }

    /// Calls `call` with each field of a record whose frame is not broken, and whether it has an escaped sign.
    pub(super) fn for_each_field(
        &self,
        raw: &[u8],
        is_quoted: bool,
        mut call: impl FnMut(&[u8], bool),
    ) {
        if let (true, Some(escape)) = (is_quoted, self.escape) {
            self.escaped_fields(raw, escape, call);
            return;
        }
        let mut call = |value: &[u8]| call(value, false);
        if let (true, Some(quote)) = (is_quoted, self.quote) {
            quoted_fields(raw, self.delimiter, quote, call);
            return;
        }
        let mut start = 0;
        for end in memchr::memchr_iter(self.delimiter, raw) {
            call(&raw[start..end]);
            start = end + 1;
        }
        call(&raw[start..]);
    }
}

/// The index after the quote that closes a field. Two quotes inside the field stand for one.
fn closing_quote<R: Read>(window: &mut Window<R>, quote: u8, from: usize) -> Result<Option<usize>> {
    let mut at = from;
    loop {
        match memchr::memchr(quote, &window.bytes()[at..]) {
            Some(found) => {
                at += found + 1;
                if at > LONGEST_RECORD {
                    return Ok(None);
                }
                while window.bytes().len() <= at && window.grow()? {}
                if window.bytes().get(at) != Some(&quote) {
                    return Ok(Some(at));
                }
                at += 1;
            }
            None => {
                at = window.bytes().len();
                if at > LONGEST_RECORD || !window.grow()? {
                    return Ok(None);
                }
            }
        }
    }
}

/// Calls `call` with each field, without its quotes. The csv crate is not used here because its record would hold
/// a second copy of a field of many megabytes.
fn quoted_fields(raw: &[u8], delimiter: u8, quote: u8, mut call: impl FnMut(&[u8])) {
    let mut unescaped = Vec::new();
    let mut rest = raw;
    loop {
        let end = if rest.first() == Some(&quote) {
            let (value, end) = unquote(rest, quote, &mut unescaped);
            call(value);
            end
        } else {
            let end = memchr::memchr(delimiter, rest).unwrap_or(rest.len());
            call(&rest[..end]);
            end
        };
        match rest.get(end + 1..) {
            Some(next) => rest = next,
            None => return,
        }
    }
}

/// The value of the quoted field at the start of `rest`, and the index after its closing quote.
fn unquote<'a>(rest: &'a [u8], quote: u8, unescaped: &'a mut Vec<u8>) -> (&'a [u8], usize) {
    unescaped.clear();
    let mut from = 1;
    loop {
        let found = memchr::memchr(quote, &rest[from..]);
        let at = found.map_or(rest.len(), |found| from + found);
        if rest.get(at + 1) == Some(&quote) {
            unescaped.extend_from_slice(&rest[from..=at]);
            from = at + 2;
        } else if unescaped.is_empty() {
            return (&rest[from..at], at + 1);
        } else {
            unescaped.extend_from_slice(&rest[from..at]);
            return (unescaped, at + 1);
        }
    }
}
