//! A file that is one array of documents.

use super::{JsonExtract, Position, skip_space};
use crate::copy::CopyText;
use crate::extract::Record;
use crate::extract::window::LONGEST_RECORD;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

/// The open brackets of an element.
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

impl<R: Read> JsonExtract<R> {
    /// The index of the comma or bracket that ends the element at the window's start. A line end in an unclosed
    /// string also ends the element, so that the next line is read as an element of its own.
    fn element_end(&mut self) -> Result<usize> {
        let mut brackets = Brackets::default();
        let mut is_in_string = false;
        let mut at = 0;
        loop {
            if at > LONGEST_RECORD {
                return Err(self.window.too_long());
            }
            while at >= self.window.bytes().len() {
                if !self.window.grow()? {
                    return Err(self.truncated());
                }
            }
            let byte = self.window.bytes()[at];
            match byte {
                b'\\' if is_in_string => at += 1,
                b'\n' if is_in_string => return Ok(at),
                b'"' if is_in_string => is_in_string = false,
                _ if is_in_string => {}
                b'"' => is_in_string = true,
                b'{' | b'[' => brackets.open(byte),
                b',' | b']' if brackets.open.is_empty() => return Ok(at),
                b'}' => brackets.close(b'{'),
                b']' => brackets.close(b'['),
                _ => {}
            }
            at += 1;
        }
    }

    pub(super) fn next_element(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        skip_space(&mut self.window)?;
        let end = self.element_end()?;
        let record = self.take(end, copy);
        // The comma or bracket may be on the next line. It may be missing if a line end ended the element.
        skip_space(&mut self.window)?;
        match self.window.bytes().first() {
            Some(b']') => self.end_array(),
            Some(b',') => self.window.consume(1),
            _ => {}
        }
        Ok(Some(record))
    }

    pub(super) fn end_array(&mut self) {
        self.window.consume(1);
        self.position = Position::AfterArray;
    }

    pub(super) fn require_end(&mut self) -> Result<()> {
        skip_space(&mut self.window)?;
        if self.window.bytes().is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Failed,
            format!(
                "the end of the array is followed by text on line {}",
                self.window.line
            ),
        )
        .hint("A JSON source must be one array, or one object per line.")
        .into())
    }
}
