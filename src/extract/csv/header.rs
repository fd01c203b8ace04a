//! Reads the header of a CSV file: its first line that is not empty.

use super::CsvExtract;
use super::columns::{FieldTarget, match_columns};
use super::frame::Frame;
use crate::extract::column_facts::ColumnFacts;
use crate::extract::window::without_line_end;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

/// The number of columns that a spreadsheet can have.
const MOST_COLUMNS: usize = 16_384;

impl<R: Read> CsvExtract<R> {
    pub(super) fn read_header(&mut self, columns: &[String]) -> Result<()> {
        loop {
            let (end, is_quoted) = match self.dialect.frame_record(&mut self.window)? {
                Some(Frame::Plain { end }) => (end, false),
                Some(Frame::Quoted { end }) => (end, true),
                Some(Frame::Broken { reason, .. }) => {
                    let hint = "Check that this is a CSV file with the quotes set in elt.source.";
                    return Err(unreadable_header(&reason, hint));
                }
                None => return Err(empty_file(columns)),
            };
            let line = without_line_end(&self.window.bytes()[..end]).to_vec();
            if let Some(reason) = self.window.not_text(&line) {
                let hint = "Check that this is a CSV file in the encoding set in elt.source (default: utf-8).";
                return Err(unreadable_header(&reason, hint));
            }
            self.line_ends.note(&self.window.bytes()[..end]);
            self.window.consume(end);
            if line.is_empty() {
                continue;
            }
            if !is_quoted && line.contains(&b'\r') {
                return Err(only_carriage_returns());
            }
            let names = self.parse_names(&line, is_quoted)?;
            let (fields, mut filled) = match_columns(&names, columns)?;
            filled.extend(["_row".to_string(), "_extra".to_string()]);
            self.column_facts = column_facts(&fields);
            self.fields = fields;
            self.columns = filled;
            self.facts.header = Some(self.window.original(&line));
            self.facts.header_columns = Some(names);
            self.header = line;
            return Ok(());
        }
    }

    fn parse_names(&self, line: &[u8], is_quoted: bool) -> Result<Vec<String>> {
        let mut names = Vec::new();
        self.dialect.for_each_name(line, is_quoted, |name| {
            if names.len() <= MOST_COLUMNS {
                names.push(String::from_utf8_lossy(name).trim().to_string());
            }
        })?;
        if names.len() > MOST_COLUMNS {
            let message = format!("the header has more than {MOST_COLUMNS} columns");
            return Err(Failure::new(Exit::Failed, message)
                .hint("Check that this is the file that the source describes.")
                .into());
        }
        Ok(names)
    }
}

/// Initial facts about each column that the file fills.
fn column_facts(fields: &[FieldTarget]) -> Vec<ColumnFacts> {
    fields
        .iter()
        .filter(|field| matches!(field, FieldTarget::Column))
        .map(|_| ColumnFacts::default())
        .collect()
}

fn unreadable_header(reason: &str, hint: &str) -> anyhow::Error {
    let message = format!("could not read the header: {reason}");
    Failure::new(Exit::Failed, message).hint(hint).into()
}

fn empty_file(columns: &[String]) -> anyhow::Error {
    let hint = match columns {
        [] => "Name a CSV file with a header, or a JSON file of objects.".into(),
        columns => format!("The columns are: {}.", columns.join(", ")),
    };
    Failure::new(Exit::Failed, "the file is empty")
        .detail("A CSV file begins with a header.")
        .hint(hint)
        .into()
}

fn only_carriage_returns() -> anyhow::Error {
    let message = "the file's lines end with carriage returns alone";
    Failure::new(Exit::Failed, message)
        .detail("The whole file would be its header.")
        .hint("Convert the line ends first: tr '\\r' '\\n' < FILE > OTHER.")
        .into()
}
