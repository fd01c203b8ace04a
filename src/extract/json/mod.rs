//! JSON: an array of objects, or one object per line (NDJSON). Only brackets and strings are examined to separate
//! documents, which are copied as original bytes. A broken document does not affect others, unless it is an array
//! element with unclosed brackets: then the start of the next one is not known.

mod array;
pub(super) mod jsonb;
mod lines;
#[cfg(test)]
mod tests;

use super::line_ends::LineEnds;
use super::window::Window;
use super::{Extract, FileFacts, Record, Reject};
use crate::copy::CopyText;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

pub(super) struct JsonExtract<R> {
    window: Window<R>,
    position: Position,
    facts: FileFacts,
    line_ends: LineEnds,
    columns: Vec<String>,
    /// The number of documents read so far.
    documents: u64,
    /// The number after which `_row` continues.
    after_row: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Position {
    InArray,
    AfterArray,
    /// In a file of one document per line.
    InLines,
}

impl<R: Read> JsonExtract<R> {
    /// The first character decides between an array and lines.
    ///
    /// # Errors
    /// If the file begins with neither an array nor an object.
    pub(super) fn open(mut window: Window<R>, facts: FileFacts, after_row: u64) -> Result<Self> {
        skip_space(&mut window)?;
        let position = match window.bytes().first() {
            Some(b'[') => {
                window.consume(1);
                Position::InArray
            }
            Some(b'{') => Position::InLines,
            Some(other) => {
                return Err(not_documents(&format!(
                    "It begins with \"{}\".",
                    other.escape_ascii()
                )));
            }
            None => return Err(not_documents("It is empty.")),
        };
        let mut extract = JsonExtract {
            window,
            position,
            facts,
            line_ends: LineEnds::default(),
            columns: vec!["payload".into(), "_row".into()],
            documents: 0,
            after_row,
        };
        if extract.position == Position::InLines {
            extract.refuse_document_over_several_lines()?;
        }
        if extract.position == Position::InArray {
            skip_space(&mut extract.window)?;
            if extract.window.bytes().first() == Some(&b']') {
                extract.end_array();
            }
        }
        Ok(extract)
    }

    /// Stages or rejects the document in the first `end` bytes, and consumes them.
    fn take(&mut self, end: usize, copy: &mut CopyText) -> Record {
        self.documents += 1;
        let row = self.after_row + self.documents;
        let indented = &self.window.bytes()[..end];
        let end = indented.trim_ascii_start().len();
        self.window.consume(indented.len() - end);
        let raw = self.window.bytes()[..end].trim_ascii_end();
        let record = match jsonb::refusal(raw) {
            None => {
                copy.begin(row);
                copy.field(raw);
                copy.number(row);
                copy.end();
                Record::Staged
            }
            Some(reason) => Record::Rejected(Reject {
                page: None,
                row,
                line: self.window.line,
                offset: self.window.offset,
                reason,
                raw: self.window.original(raw),
            }),
        };
        self.window.consume(end);
        record
    }

    fn truncated(&self) -> anyhow::Error {
        Failure::new(
            Exit::Failed,
            format!(
                "the file ends inside document {}, which begins on line {} (byte {})",
                self.documents + 1,
                self.window.line,
                self.window.offset
            ),
        )
        .detail("The file is truncated, or a bracket or quote of that document is not closed.")
        .hint("Fetch the file again, or correct that document.")
        .into()
    }
}

impl<R: Read> Extract for JsonExtract<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        match self.position {
            Position::InArray => self.next_element(copy),
            Position::AfterArray => {
                self.require_end()?;
                Ok(None)
            }
            Position::InLines => self.next_line(copy),
        }
    }

    fn facts(&self) -> FileFacts {
        FileFacts {
            line_ends: self.line_ends.name(),
            ..self.facts.clone()
        }
    }
}

fn not_documents(detail: &str) -> anyhow::Error {
    Failure::new(
        Exit::Failed,
        "the file is neither a JSON array nor one object per line",
    )
    .detail(detail)
    .hint("Write [{...}, {...}], or one {...} on each line (NDJSON).")
    .into()
}

fn skip_space<R: Read>(window: &mut Window<R>) -> Result<()> {
    loop {
        let space = window
            .bytes()
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        window.consume(space);
        if !window.bytes().is_empty() || !window.grow()? {
            return Ok(());
        }
    }
}
