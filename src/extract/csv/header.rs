//! Reads the header of a CSV file: its first line that is neither empty nor a comment, or the line that the source
//! names, and the lines that continue it.

use super::CsvExtract;
use super::columns::{FieldTarget, NameOrigin, match_columns};
use super::frame::Frame;
use super::start::{has_bare_return, only_carriage_returns};
use crate::extract::Layout;
use crate::extract::column_facts::ColumnFacts;
use crate::extract::contract::Contract;
use crate::extract::window::without_line_end;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

/// The number of columns that a spreadsheet can have.
const MOST_COLUMNS: usize = 16_384;

/// One line of a header.
struct HeaderLine {
    /// In UTF-8, without its line end.
    text: Vec<u8>,
    /// Its bytes in the file, with its line end.
    original: Vec<u8>,
    original_line_end: Vec<u8>,
    names: Vec<String>,
}

impl<R: Read> CsvExtract<R> {
    pub(super) fn read_header(&mut self, layout: &Layout, columns: &[String]) -> Result<()> {
        let mut lines: Vec<HeaderLine> = Vec::new();
        let mut first_number = self.window.line;
        while (lines.len() as u64) < layout.header_lines {
            let is_named = lines.is_empty() && layout.header_line.is_some();
            // A header whose line is named may begin like a comment.
            if !is_named && self.skip_comment()? {
                continue;
            }
            let number = self.window.line;
            let Some(line) = self.read_header_line()? else {
                return Err(if lines.is_empty() {
                    self.empty_file(columns, layout)
                } else {
                    incomplete_header(first_number, layout)
                });
            };
            if lines.is_empty() {
                if line.text.is_empty() && is_named {
                    return Err(blank_header(number));
                }
                if line.text.is_empty() {
                    continue;
                }
                first_number = number;
            }
            lines.push(line);
        }
        let names = join_names(&lines);
        let origin = NameOrigin::Header { line: first_number };
        self.fill_columns(&names, columns, &origin, &layout.contract)?;
        self.facts.header = Some(original_bytes(&lines));
        self.facts.header_columns = Some(names);
        let mut lines = lines.into_iter();
        self.header = lines.next().map(|line| line.text).unwrap_or_default();
        self.more_header_lines = lines
            .filter(|line| line.names.iter().any(|name| !name.is_empty()))
            .map(|line| line.text)
            .collect();
        Ok(())
    }

    /// Matches the names of the fields to columns.
    pub(super) fn fill_columns(
        &mut self,
        names: &[String],
        columns: &[String],
        origin: &NameOrigin,
        contract: &Contract,
    ) -> Result<()> {
        let matched = match_columns(names, columns, origin, contract)?;
        let (fields, mut filled) = (matched.fields, matched.filled);
        self.facts.columns = matched.difference;
        filled.extend(["_row".to_string(), "_extra".to_string()]);
        self.column_facts = column_facts(&fields);
        self.extra_facts = match self.column_facts.len() < fields.len() {
            true => ColumnFacts::unknown(),
            false => ColumnFacts::without_values(),
        };
        self.fields = fields;
        self.columns = filled;
        Ok(())
    }

    /// Reads a line of the header. None at the end of the file.
    fn read_header_line(&mut self) -> Result<Option<HeaderLine>> {
        let number = self.window.line;
        let (end, is_quoted) = match self.dialect.frame_record(&mut self.window)? {
            Some(Frame::Plain { end }) => (end, false),
            Some(Frame::Quoted { end }) => (end, true),
            Some(Frame::Broken { end, reason }) => {
                if has_bare_return(&self.window.bytes()[..end], &self.dialect) {
                    return Err(only_carriage_returns());
                }
                let hint = "Check that this is a CSV file with the quotes set in elt.source.";
                return Err(unreadable_header(number, &reason, hint));
            }
            None => return Ok(None),
        };
        let framed = &self.window.bytes()[..end];
        let text = without_line_end(framed).to_vec();
        if let Some(reason) = self.window.not_text(&text) {
            let hint =
                "Check that this is a CSV file in the encoding set in elt.source (default: utf-8).";
            return Err(unreadable_header(number, &reason, hint));
        }
        if has_bare_return(&text, &self.dialect) {
            return Err(only_carriage_returns());
        }
        let original = self.window.original(text.len());
        let line = HeaderLine {
            names: self.parse_names(&text, is_quoted)?,
            original_line_end: self.window.original(framed.len()).split_off(original.len()),
            original,
            text,
        };
        self.consume(end);
        Ok(Some(line))
    }

    fn parse_names(&self, line: &[u8], is_quoted: bool) -> Result<Vec<String>> {
        let mut names = Vec::new();
        self.dialect.for_each_name(line, is_quoted, |name| {
            if names.len() <= MOST_COLUMNS {
                names.push(String::from_utf8_lossy(name).trim().to_string());
            }
        })?;
        require_possible_count(names.len())?;
        Ok(names)
    }
}

/// Refuses more columns than any table has.
pub(super) fn require_possible_count(count: usize) -> Result<()> {
    if count <= MOST_COLUMNS {
        return Ok(());
    }
    let message = format!("the header has more than {MOST_COLUMNS} columns");
    Err(Failure::new(Exit::Failed, message)
        .hint("Check that this is the file that the source describes.")
        .into())
}

/// The name of each column: its parts on all lines, without the empty ones.
fn join_names(lines: &[HeaderLine]) -> Vec<String> {
    let count = lines.iter().map(|line| line.names.len()).max();
    let name = |index| {
        let parts = lines.iter().filter_map(|line| line.names.get(index));
        let parts: Vec<&str> = parts
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        parts.join(" ")
    };
    (0..count.unwrap_or_default()).map(name).collect()
}

/// The bytes of the header in the file, without the last line end and without comments.
fn original_bytes(lines: &[HeaderLine]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        bytes.extend_from_slice(&line.original);
        if index + 1 < lines.len() {
            bytes.extend_from_slice(&line.original_line_end);
        }
    }
    bytes
}

/// Initial facts about each column that the file fills.
fn column_facts(fields: &[FieldTarget]) -> Vec<ColumnFacts> {
    fields
        .iter()
        .filter(|field| matches!(field, FieldTarget::Column))
        .map(|_| ColumnFacts::default())
        .collect()
}

fn unreadable_header(line: u64, reason: &str, hint: &str) -> anyhow::Error {
    let message = format!("could not read the header on line {line}: {reason}");
    Failure::new(Exit::Failed, message).hint(hint).into()
}

fn incomplete_header(line: u64, layout: &Layout) -> anyhow::Error {
    let message = format!(
        "the file ends within its header, which begins on line {line} and has {} lines",
        layout.header_lines
    );
    Failure::new(Exit::Failed, message)
        .detail("elt.source.header_lines is the number of lines.")
        .hint("Check that this is the file that the source describes.")
        .into()
}

fn blank_header(line: u64) -> anyhow::Error {
    let message = format!("line {line}, which is the header, is blank");
    Failure::new(Exit::Failed, message)
        .detail("elt.source.header_line names the line.")
        .hint("Check that this is the file that the source describes.")
        .into()
}
