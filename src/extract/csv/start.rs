//! Finds where the table starts.

use super::CsvExtract;
use super::frame::Dialect;
use crate::extract::Layout;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

/// The bytes in which a line end is expected.
const FIRST_LINE: usize = 64 * 1024;

impl<R: Read> CsvExtract<R> {
    /// Reads everything before the first record.
    pub(super) fn read_start(&mut self, layout: &Layout, columns: &[String]) -> Result<()> {
        self.refuse_carriage_returns()?;
        if let Some(line) = layout.header_line {
            self.skip_lines_above(line, layout)?;
        }
        if layout.has_header {
            self.read_header(layout, columns)
        } else {
            self.number_columns(layout, columns)
        }
    }

    fn skip_lines_above(&mut self, line: u64, layout: &Layout) -> Result<()> {
        while self.window.line < line && self.skip_line()? {
            self.skipped.above += 1;
        }
        if self.window.line_end(0)?.is_none() {
            return Err(too_few_lines(line, layout));
        }
        Ok(())
    }

    /// Refuses a file whose lines end with carriage returns alone: it would be one line, of any length.
    fn refuse_carriage_returns(&mut self) -> Result<()> {
        let start = loop {
            let bytes = self.window.bytes();
            let start = &bytes[..bytes.len().min(FIRST_LINE)];
            if memchr::memchr(b'\n', start).is_some() {
                return Ok(());
            }
            if start.len() == FIRST_LINE || !self.window.grow()? {
                let bytes = self.window.bytes();
                break &bytes[..bytes.len().min(FIRST_LINE)];
            }
        };
        if has_bare_return(start, &self.dialect) {
            return Err(only_carriage_returns());
        }
        Ok(())
    }

    /// The error for a file that ends before its table, or consists of blank lines.
    pub(super) fn empty_file(&self, columns: &[String], layout: &Layout) -> anyhow::Error {
        let hint = match columns {
            [] => "Name a CSV file with a header, or a JSON file of objects.".into(),
            columns => format!("The columns are: {}.", columns.join(", ")),
        };
        let skipped = crate::extract::Extract::facts(self).lines_skipped;
        let skipped = skipped.and_then(|lines| lines.text());
        let message = match &skipped {
            None => "the file is empty",
            Some(_) => "the file has no lines but those that are skipped",
        };
        let begins = if layout.has_header {
            "A CSV file begins with a header."
        } else {
            "A CSV file without a header has at least one record."
        };
        Failure::new(Exit::Failed, message)
            .detail(match skipped {
                None => begins.into(),
                Some(skipped) => format!("{begins} elt {skipped}, as elt.source says."),
            })
            .hint(hint)
            .into()
    }
}

/// Refuses a sample of a file whose lines end with carriage returns alone.
pub(in crate::extract) fn refuse_only_carriage_returns(sample: &[u8]) -> Result<()> {
    let start = &sample[..sample.len().min(FIRST_LINE)];
    let dialect = Dialect {
        delimiter: b',',
        quote: Some(b'"'),
        escape: None,
    };
    if memchr::memchr(b'\n', start).is_none() && has_bare_return(start, &dialect) {
        return Err(only_carriage_returns());
    }
    Ok(())
}

/// Whether a line ends with a carriage return alone, outside quotes.
pub(super) fn has_bare_return(bytes: &[u8], dialect: &Dialect) -> bool {
    let mut is_in_quotes = false;
    let mut bytes = bytes.iter().peekable();
    while let Some(byte) = bytes.next() {
        if dialect.escape == Some(*byte) {
            bytes.next();
            continue;
        }
        if dialect.quote == Some(*byte) {
            is_in_quotes = !is_in_quotes;
        }
        let is_bare = |next: &&u8| *next != &b'\n';
        if *byte == b'\r' && !is_in_quotes && bytes.peek().is_some_and(is_bare) {
            return true;
        }
    }
    false
}

pub(super) fn only_carriage_returns() -> anyhow::Error {
    let message = "the file's lines end with carriage returns alone";
    Failure::new(Exit::Failed, message)
        .detail("The whole file would be its header.")
        .hint("Convert the line ends first: tr '\\r' '\\n' < FILE > OTHER.")
        .into()
}

fn too_few_lines(line: u64, layout: &Layout) -> anyhow::Error {
    let what = if layout.has_header {
        "header"
    } else {
        "first record"
    };
    let message = format!("the file ends before line {line}, which is its {what}");
    Failure::new(Exit::Failed, message)
        .detail("elt.source.header_line names the line.")
        .hint("Check that this is the file that the source describes.")
        .into()
}
