//! The elements of an array of records, and the members of an object of records.

use super::JsonExtract;
use super::Position;
use super::form::Form;
use super::scan::{Until, ValueEnd, skip_space, value_end};
use crate::copy::CopyText;
use crate::extract::Record;
use anyhow::Result;
use std::io::Read;

impl<R: Read> JsonExtract<R> {
    /// Enters the array or object at the window's start.
    pub(super) fn begin_elements(&mut self, takes_members: bool) -> Result<()> {
        self.window.consume(1);
        let closer = if takes_members { b'}' } else { b']' };
        self.position = Position::InElements { closer };
        self.is_header_expected = !takes_members;
        if takes_members {
            self.form = Form::Member;
        }
        if skip_space(&mut self.window)? == Some(closer) {
            self.end_elements();
        }
        Ok(())
    }

    fn end_elements(&mut self) {
        self.window.consume(1);
        self.position = Position::AfterElements;
    }

    /// The index of the comma or bracket that ends the element at the window's start. A line end in an unclosed
    /// string also ends the element, so that the next line is read as an element of its own.
    pub(super) fn element_end(&mut self, closer: u8) -> Result<usize> {
        match value_end(&mut self.window, Until::CommaOr(closer))? {
            ValueEnd::Found(end) | ValueEnd::BrokenAt(end) => Ok(end),
            ValueEnd::EndOfFile => Err(self.truncated()),
            ValueEnd::TooLong => Err(self.window.too_long()),
        }
    }

    pub(super) fn next_element(&mut self, closer: u8, copy: &mut CopyText) -> Result<Record> {
        skip_space(&mut self.window)?;
        let end = self.element_end(closer)?;
        let record = self.take(end, copy);
        self.pass_separator(closer)?;
        Ok(record)
    }

    /// Passes the comma or bracket after an element. It may be on the next line. It may be missing if a line end
    /// ended the element.
    pub(super) fn pass_separator(&mut self, closer: u8) -> Result<()> {
        match skip_space(&mut self.window)? {
            Some(b',') => self.window.consume(1),
            Some(byte) if byte == closer => self.end_elements(),
            _ => {}
        }
        Ok(())
    }
}
