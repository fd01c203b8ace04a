//! Records from outside, framed and no more: where each begins and ends, and whether PostgreSQL can
//! take its bytes. What it means is not looked at.

mod csv;
pub(crate) mod digest;
mod header;
mod json;
mod jsonb;
pub(crate) mod rest;
mod window;

use crate::load::copy::CopyText;
use anyhow::Result;
use std::io::Read;

pub(crate) use csv::CsvExtract;
pub(crate) use json::JsonExtract;

/// A record that cannot be staged.
pub(crate) struct Reject {
    /// Page on which it stands, from 1; None in a file.
    pub(crate) page: Option<u64>,
    /// What `_row` would have been.
    pub(crate) row: u64,
    /// Line of the file or the page where it begins, from 1.
    pub(crate) line: u64,
    /// Byte of the file or the page where it begins, from 0.
    pub(crate) offset: u64,
    pub(crate) reason: String,
    /// Its bytes, without the line end.
    pub(crate) raw: Vec<u8>,
}

/// What the next record was.
pub(crate) enum Record {
    /// Written to the COPY text.
    Staged,
    Rejected(Reject),
}

/// A reader of records, for one format.
pub(crate) trait Extract {
    /// Columns of the staging table that it fills, in the order of its COPY text.
    fn columns(&self) -> &[String];

    /// Reads the next record, and writes it to `copy` if it can be staged. None at the end.
    ///
    /// # Errors
    /// When the rest of the file cannot be read at all.
    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>>;
}

/// The reader for a source's format. `columns` are the staging table's own, without those of elt.
pub(crate) fn open<'a>(
    format: &str,
    input: Box<dyn Read + 'a>,
    columns: &[String],
) -> Result<Box<dyn Extract + 'a>> {
    match format {
        "csv" => Ok(Box::new(CsvExtract::open(input, columns)?)),
        "json" => Ok(Box::new(JsonExtract::open(input)?)),
        other => anyhow::bail!("format \"{other}\" is not known to this elt"),
    }
}
