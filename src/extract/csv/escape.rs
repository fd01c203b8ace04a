//! Records of a source with an escape sign: it makes a following quote, delimiter, line end or escape part of the
//! value, inside and outside quotes. Before any other sign, it is a sign of the value itself.

use super::frame::{Dialect, Frame};
use crate::extract::window::{LONGEST_RECORD, Window};
use anyhow::Result;
use std::io::Read;

/// Where a byte is in its record.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    FieldStart,
    Unquoted,
    Quoted,
    AfterQuote,
}

const NEVER_CLOSED: &str = "a quote is opened and never closed";

impl Dialect {
    /// Finds the end of a record that may have quotes and escapes.
    pub(super) fn frame_escaped<R: Read>(
        &self,
        window: &mut Window<R>,
        escape: u8,
        first_line_end: usize,
    ) -> Result<Frame> {
        let broken = |reason: &str| Frame::Broken {
            end: first_line_end,
            reason: reason.into(),
        };
        let (mut at, mut place) = (0, Place::FieldStart);
        let mut is_after_line_end = false;
        loop {
            if at > LONGEST_RECORD {
                return Ok(broken(match place {
                    Place::Quoted => NEVER_CLOSED,
                    _ => "escaped line ends join more than 16 MiB",
                }));
            }
            let Some(byte) = byte_at(window, at)? else {
                return Ok(match place {
                    Place::Quoted => broken(NEVER_CLOSED),
                    _ if is_after_line_end => broken("the file ends after an escaped line end"),
                    _ => Frame::Quoted { end: at },
                });
            };
            let next = byte_at(window, at + 1)?;
            is_after_line_end = false;
            if byte == escape && place != Place::AfterQuote {
                let after_next = byte_at(window, at + 2)?;
                let length = self.escaped_length(escape, next, after_next);
                is_after_line_end = length == 2 || (length == 1 && next == Some(b'\n'));
                at += 1 + length;
                if place == Place::FieldStart {
                    place = Place::Unquoted;
                }
                continue;
            }
            let is_quote = self.quote == Some(byte);
            let (step, next_place) = match place {
                Place::Quoted if is_quote && next == Some(byte) => (2, place),
                Place::Quoted if is_quote => (1, Place::AfterQuote),
                Place::Quoted => (self.quoted_length(window, escape, at), place),
                _ if byte == self.delimiter => (1, Place::FieldStart),
                _ if byte == b'\n' => return Ok(Frame::Quoted { end: at + 1 }),
                Place::FieldStart if is_quote => (1, Place::Quoted),
                Place::FieldStart | Place::Unquoted if is_quote => {
                    return Ok(broken("a field without quotes contains a quote"));
                }
                Place::FieldStart | Place::Unquoted => (1, Place::Unquoted),
                Place::AfterQuote if byte == b'\r' && matches!(next, None | Some(b'\n')) => {
                    (1, place)
                }
                Place::AfterQuote => {
                    return Ok(broken("a closing quote is followed by text"));
                }
            };
            (at, place) = (at + step, next_place);
        }
    }

    /// The number of bytes inside quotes, from `at`, that are neither a quote nor an escape.
    fn quoted_length<R: Read>(&self, window: &Window<R>, escape: u8, at: usize) -> usize {
        let rest = &window.bytes()[at..];
        let quote = self.quote.unwrap_or(escape);
        memchr::memchr2(quote, escape, rest).unwrap_or(rest.len())
    }

    /// The number of bytes after an escape that it makes part of the value. 0 if it is a sign of the value itself.
    fn escaped_length(&self, escape: u8, next: Option<u8>, after_next: Option<u8>) -> usize {
        match (next, after_next) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(byte), _)
                if byte == escape
                    || byte == self.delimiter
                    || byte == b'\n'
                    || Some(byte) == self.quote =>
            {
                1
            }
            _ => 0,
        }
    }

    /// Calls `call` with each value of a record whose frame is not broken, and whether it has an escaped sign.
    pub(super) fn escaped_fields(&self, raw: &[u8], escape: u8, mut call: impl FnMut(&[u8], bool)) {
        let mut value = Vec::new();
        let mut at = 0;
        loop {
            value.clear();
            let (end, is_escaped) = self.unescape(raw, escape, at, &mut value);
            call(&value, is_escaped);
            if end >= raw.len() {
                return;
            }
            at = end + 1;
        }
    }

    /// Writes the value of the field that begins at `at`. Returns the index of the delimiter after it, or of the
    /// record's end, and whether the value has an escaped sign.
    fn unescape(&self, raw: &[u8], escape: u8, at: usize, value: &mut Vec<u8>) -> (usize, bool) {
        let quote = self.quote.filter(|quote| raw.get(at) == Some(quote));
        let mut at = at + usize::from(quote.is_some());
        let mut is_escaped = false;
        while let Some(byte) = raw.get(at).copied() {
            let (next, after_next) = (raw.get(at + 1).copied(), raw.get(at + 2).copied());
            if byte == escape {
                let length = self.escaped_length(escape, next, after_next);
                is_escaped |= length > 0;
                let from = if length > 0 { at + 1 } else { at };
                at += 1 + length;
                value.extend_from_slice(&raw[from..at]);
            } else if quote == Some(byte) && next == quote {
                value.push(byte);
                at += 2;
            } else if quote == Some(byte) {
                return (at + 1, is_escaped);
            } else if quote.is_none() && byte == self.delimiter {
                return (at, is_escaped);
            } else {
                value.push(byte);
                at += 1;
            }
        }
        (at, is_escaped)
    }
}

/// The byte at an index of the view, which grows as needed.
fn byte_at<R: Read>(window: &mut Window<R>, at: usize) -> Result<Option<u8>> {
    while window.bytes().len() <= at && window.grow()? {}
    Ok(window.bytes().get(at).copied())
}
