//! Finds the ends of values by brackets and strings. Values are not checked.

use crate::extract::window::{LONGEST_RECORD, Window};
use anyhow::Result;
use std::io::Read;

/// The open brackets of a value.
#[derive(Default)]
struct Brackets {
    open: Vec<u8>,
    /// The number of open `{`.
    braces: usize,
}

impl Brackets {
    fn open(&mut self, bracket: u8) {
        self.open.push(bracket);
        self.braces += usize::from(bracket == b'{');
    }

    /// Closes the innermost bracket of this kind, and all brackets inside it. Without one, it is a no-op.
    fn close(&mut self, opener: u8) {
        let is_there = match opener {
            b'{' => self.braces > 0,
            _ => self.open.len() > self.braces,
        };
        while is_there && let Some(last) = self.open.pop() {
            self.braces -= usize::from(last == b'{');
            if last == opener {
                return;
            }
        }
    }
}

/// What ends a value.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Until {
    /// A comma, or this bracket of the container.
    CommaOr(u8),
    /// Its last closing bracket.
    Closed,
    /// Its last closing bracket. It must be on the same line.
    ClosedOnLine,
}

#[derive(Debug, PartialEq)]
pub(super) enum ValueEnd {
    /// The index of the comma or of the container's bracket, or after the value's last bracket.
    Found(usize),
    /// The index of a line end in an unclosed string, which JSON does not allow.
    BrokenAt(usize),
    EndOfFile,
    TooLong,
}

/// Finds the end of the value at the window's start.
pub(super) fn value_end<R: Read>(window: &mut Window<R>, until: Until) -> Result<ValueEnd> {
    let mut brackets = Brackets::default();
    let mut is_in_string = false;
    let mut at = 0;
    loop {
        if at > LONGEST_RECORD {
            return Ok(ValueEnd::TooLong);
        }
        let Some(byte) = byte_at(window, at)? else {
            return Ok(ValueEnd::EndOfFile);
        };
        match byte {
            b'\\' if is_in_string => at += 1,
            b'\n' if is_in_string || until == Until::ClosedOnLine => {
                return Ok(ValueEnd::BrokenAt(at));
            }
            b'"' if is_in_string => is_in_string = false,
            _ if is_in_string => {}
            b'"' => is_in_string = true,
            b'{' | b'[' => brackets.open(byte),
            b',' if brackets.open.is_empty() && matches!(until, Until::CommaOr(_)) => {
                return Ok(ValueEnd::Found(at));
            }
            b'}' | b']' => {
                if brackets.open.is_empty() && until == Until::CommaOr(byte) {
                    return Ok(ValueEnd::Found(at));
                }
                brackets.close(if byte == b'}' { b'{' } else { b'[' });
                if brackets.open.is_empty() && !matches!(until, Until::CommaOr(_)) {
                    return Ok(ValueEnd::Found(at + 1));
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Where a skipped value ended.
#[derive(Debug, PartialEq)]
pub(super) enum Skipped {
    Whole,
    /// In a string that a line end breaks.
    InString,
    EndOfFile,
}

/// Consumes the value at the window's start. It may be longer than memory.
pub(super) fn skip_value<R: Read>(window: &mut Window<R>) -> Result<Skipped> {
    let (mut depth, mut is_in_string, mut is_escaped) = (0_u64, false, false);
    loop {
        let mut end = None;
        for (at, byte) in window.bytes().iter().enumerate() {
            let after = match byte {
                _ if is_escaped => {
                    is_escaped = false;
                    continue;
                }
                b'\\' if is_in_string => {
                    is_escaped = true;
                    continue;
                }
                b'\n' if is_in_string => {
                    end = Some((at, Skipped::InString));
                    break;
                }
                b'"' => {
                    is_in_string = !is_in_string;
                    at + 1
                }
                _ if is_in_string => continue,
                b'{' | b'[' => {
                    depth += 1;
                    continue;
                }
                b'}' | b']' if depth > 0 => {
                    depth -= 1;
                    at + 1
                }
                b'}' | b']' | b',' => at,
                _ => continue,
            };
            if depth == 0 && !is_in_string {
                end = Some((after, Skipped::Whole));
                break;
            }
        }
        match end {
            Some((end, skipped)) => {
                window.consume(end);
                return Ok(skipped);
            }
            None => window.consume(window.bytes().len()),
        }
        if !window.grow()? {
            return Ok(Skipped::EndOfFile);
        }
    }
}

/// Whether the byte is white space between the tokens of JSON.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The text without white space of JSON at its ends.
pub(super) fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().take_while(|byte| is_space(**byte)).count();
    let text = &text[start..];
    let end = text
        .iter()
        .rev()
        .take_while(|byte| is_space(**byte))
        .count();
    &text[..text.len() - end]
}

/// Consumes white space. Returns the byte after it; None at the end of the file.
pub(super) fn skip_space<R: Read>(window: &mut Window<R>) -> Result<Option<u8>> {
    loop {
        let bytes = window.bytes().iter();
        let space = bytes.take_while(|byte| is_space(**byte)).count();
        window.consume(space);
        if let Some(first) = window.bytes().first() {
            return Ok(Some(*first));
        }
        if !window.grow()? {
            return Ok(None);
        }
    }
}

/// The byte of the view at an index. None after the end of the file.
pub(super) fn byte_at<R: Read>(window: &mut Window<R>, at: usize) -> Result<Option<u8>> {
    while at >= window.bytes().len() {
        if !window.grow()? {
            return Ok(None);
        }
    }
    Ok(window.bytes().get(at).copied())
}
