//! JSON: an array of records, or documents, one per line (NDJSON) or over several lines, or records below a key. Only
//! brackets and strings are examined to separate records, which are copied as original bytes. A broken record does
//! not affect others, unless its brackets are unclosed and no line end separates records: then the start of the next
//! one is not known.

mod documents;
mod elements;
mod form;
pub(super) mod jsonb;
mod lines;
mod number;
mod path;
mod scan;
#[cfg(test)]
mod tests;

use super::key_check::KeyCheck;
use super::line_ends::LineEnds;
use super::window::Window;
use super::{Extract, FileFacts, Layout, Record, Reject};
use crate::copy::CopyText;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use form::{Form, Names};
use path::Path;
use scan::{skip_space, trim};
use std::io::Read;

pub(crate) use number::with_unusual_numbers_as_strings;
pub(crate) use path::takes_members;

pub(super) struct JsonExtract<R> {
    window: Window<R>,
    position: Position,
    form: Form,
    /// The keys that lead to the records, from `elt.source.records_at`.
    path: Path,
    has_path: bool,
    has_header: bool,
    /// Whether the next record may be the header of arrays.
    is_header_expected: bool,
    facts: FileFacts,
    line_ends: LineEnds,
    keys: KeyCheck,
    columns: Vec<String>,
    /// The number of records read so far.
    documents: u64,
    /// The number after which `_row` continues.
    after_row: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Position {
    /// In an array or object of records, which ends with this bracket.
    InElements {
        closer: u8,
    },
    AfterElements,
    /// In a file of one document per line. `has_several`: a line may have more than one.
    InLines {
        has_several: bool,
    },
    /// In a file of documents that span lines.
    InDocuments,
}

impl<R: Read> JsonExtract<R> {
    /// The first document decides how records are separated.
    ///
    /// # Errors
    /// If the file begins with neither an array nor an object, or has no records at the path of the layout.
    pub(super) fn open(
        window: Window<R>,
        facts: FileFacts,
        layout: &Layout,
        after_row: u64,
    ) -> Result<Self> {
        let mut extract = JsonExtract {
            window,
            position: Position::AfterElements,
            form: Form::Object,
            path: Path::parse(layout.records_at.as_deref().unwrap_or_default()),
            has_path: layout.records_at.is_some(),
            has_header: layout.has_header,
            is_header_expected: true,
            facts,
            line_ends: LineEnds::default(),
            keys: KeyCheck::new(&layout.contract),
            columns: vec!["payload".into(), "_row".into()],
            documents: 0,
            after_row,
        };
        match skip_space(&mut extract.window)? {
            Some(b'[' | b'{') if extract.has_path => extract.enter_records()?,
            Some(b'[') if extract.has_array_per_line()? => {
                extract.position = Position::InLines { has_several: false };
            }
            Some(b'[') => extract.begin_elements(false)?,
            Some(b'{') => extract.position = extract.object_position()?,
            Some(other) => {
                return Err(not_documents(&format!(
                    "It begins with \"{}\".",
                    other.escape_ascii()
                )));
            }
            None => return Err(not_documents("It is empty.")),
        }
        extract.read_header()?;
        Ok(extract)
    }

    /// If the records are arrays, reads the first one, which names the columns.
    fn read_header(&mut self) -> Result<()> {
        if self.position == Position::AfterElements || !self.is_header_expected {
            return Ok(());
        }
        self.is_header_expected = false;
        if skip_space(&mut self.window)? != Some(b'[') {
            return Ok(());
        }
        if !self.has_header {
            self.form = Form::Array(Names::Numbered);
            return Ok(());
        }
        let end = match self.position {
            Position::InElements { closer } => self.element_end(closer)?,
            Position::InLines { .. } => self.line_length()?.map_or(0, |(length, _)| length),
            Position::AfterElements | Position::InDocuments => 0,
        };
        let names = Names::read(trim(&self.window.bytes()[..end]));
        let is_first = !matches!(self.form, Form::Array(_));
        let is_skipped = |byte| scan::is_space(byte) || byte == b',';
        if is_first && (names.is_none() || self.first_byte_after(end, is_skipped)? != Some(b'[')) {
            // A broken record in a file of objects, and rejected as such.
            return Ok(());
        }
        let names = names.ok_or_else(|| self.no_header())?;
        let raw = trim(&self.window.bytes()[..end]);
        let raw = self.window.original(raw.len());
        if let Form::Array(first) = &self.form
            && *first != names
        {
            return Err(self.other_header());
        }
        if let Names::Header { names, .. } = &names {
            self.facts.header = Some(raw);
            self.facts.header_columns = Some(names.clone());
        }
        self.form = Form::Array(names);
        self.window.consume(end);
        match self.position {
            Position::InElements { closer } => self.pass_separator(closer),
            Position::InLines { .. } | Position::AfterElements | Position::InDocuments => Ok(()),
        }
    }

    /// Passes the end of the records. False at the end of the file.
    fn has_more_records(&mut self) -> Result<bool> {
        if self.has_path {
            self.leave_records()?;
        }
        match skip_space(&mut self.window)? {
            None => Ok(false),
            Some(b'{' | b'[') if self.has_path => {
                self.enter_records()?;
                Ok(true)
            }
            Some(_) => Err(self.followed_by_text()),
        }
    }

    /// Stages or rejects the record in the first `end` bytes, and consumes them.
    fn take(&mut self, end: usize, copy: &mut CopyText) -> Record {
        self.documents += 1;
        let row = self.after_row + self.documents;
        let view = &self.window.bytes()[..end];
        let space = view.iter().take_while(|byte| scan::is_space(**byte));
        let space = space.count();
        let end = end - space;
        self.window.consume(space);
        let raw = trim(&self.window.bytes()[..end]);
        let record = match self.form.object(raw) {
            Ok(object) => {
                copy.begin(row);
                copy.field(&object);
                self.keys.note(&object, row);
                copy.number(row);
                copy.end();
                Record::Staged
            }
            Err(reason) => Record::Rejected(Reject {
                page: None,
                row,
                line: self.window.line,
                offset: self.window.offset,
                reason,
                raw: self.window.original(raw.len()),
            }),
        };
        self.window.consume(end);
        record
    }

    /// None at the end of the file.
    fn next_record(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        while self.position == Position::AfterElements {
            if !self.has_more_records()? {
                return Ok(None);
            }
            self.read_header()?;
        }
        match self.position {
            Position::InElements { closer } => Ok(Some(self.next_element(closer, copy)?)),
            Position::AfterElements => Ok(None),
            Position::InLines { has_several: true } => self.next_in_line(copy),
            Position::InLines { has_several: false } => self.next_line(copy),
            Position::InDocuments => self.next_document(copy),
        }
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

    fn followed_by_text(&self) -> anyhow::Error {
        let what = if self.has_path { "document" } else { "array" };
        Failure::new(
            Exit::Failed,
            format!(
                "the end of the {what} is followed by text on line {}",
                self.window.line
            ),
        )
        .hint("A JSON source must be one array, or one object per line.")
        .into()
    }

    fn no_header(&self) -> anyhow::Error {
        Failure::new(
            Exit::Failed,
            format!(
                "the first array, on line {}, does not name the columns",
                self.window.line
            ),
        )
        .detail("Records that are arrays need the names of their columns in the first one: texts or numbers.")
        .hint("If the first array is a record, set elt.source.has_header to false (elt init --no-header).")
        .into()
    }

    fn other_header(&self) -> anyhow::Error {
        Failure::new(
            Exit::Failed,
            format!(
                "the array on line {} names other columns than the first one",
                self.window.line
            ),
        )
        .hint("Split the file into one file for each document.")
        .into()
    }
}

impl<R: Read> Extract for JsonExtract<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        let next = self.next_record(copy)?;
        self.keys.pass(next)
    }

    fn last_row(&self) -> u64 {
        self.after_row + self.documents
    }

    fn facts(&self) -> FileFacts {
        FileFacts {
            line_ends: self.line_ends.name(),
            is_also_utf8: self.window.is_also_utf8(),
            columns: self.keys.difference(),
            ..self.facts.clone()
        }
    }
}

/// The kind of a value by its first byte.
fn kind_of(first: u8) -> &'static str {
    match first {
        b'{' => "an object",
        b'[' => "an array",
        b'"' => "a string",
        b'n' => "null",
        b't' | b'f' => "true or false",
        _ => "a number",
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
