//! Splits input into records: finds where each begins and ends, and whether PostgreSQL accepts its bytes. Values are
//! not interpreted.

mod compression;
mod csv;
pub(crate) mod digest;
mod encoding;
mod header;
mod json;
mod jsonb;
mod line_ends;
#[cfg(test)]
mod mutation;
pub(crate) mod rest;
mod shape;
mod window;

use crate::copy::CopyText;
use anyhow::Result;
use serde::Serialize;
use std::io::Read;
use window::Window;

pub(crate) use compression::compressed_names;
use csv::CsvExtract;
pub(crate) use header::kept_names;
use json::JsonExtract;
pub(crate) use shape::Shape;

/// How a source's files are written, as its row in `elt.source` says.
#[derive(Clone)]
pub(crate) struct Layout {
    /// `csv` or `json`.
    pub(crate) format: String,
    pub(crate) delimiter: u8,
    /// None: no field is quoted.
    pub(crate) quote: Option<u8>,
    pub(crate) encoding: String,
    /// A value that stands for nothing, beside the empty one.
    pub(crate) null_text: Option<String>,
}

impl Default for Layout {
    /// CSV by RFC 4180, in UTF-8.
    fn default() -> Layout {
        Layout {
            format: "csv".into(),
            delimiter: b',',
            quote: Some(b'"'),
            encoding: "utf-8".into(),
            null_text: None,
        }
    }
}

/// How a file turned out to be written; of an API nothing is known.
#[derive(Clone, Default, Serialize)]
pub(crate) struct FileFacts {
    /// First record of a CSV file, as its bytes stand there.
    #[serde(skip)]
    pub(crate) header: Option<Vec<u8>>,
    /// Its names, trimmed.
    pub(crate) header_columns: Option<Vec<String>>,
    /// `gzip` or `zstd`.
    pub(crate) compression: Option<&'static str>,
    /// What it was read as.
    pub(crate) encoding: Option<&'static str>,
    pub(crate) has_byte_order_mark: Option<bool>,
    /// `lf`, `crlf` or `mixed`.
    pub(crate) line_ends: Option<&'static str>,
}

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
    /// Its bytes as they stand there, without the line end.
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

    /// What `copy` is to be.
    fn copy_text(&self) -> CopyText {
        CopyText::default()
    }

    /// Writes the next records to `copy` as far as they are rows as they stand there, which costs next
    /// to nothing; says how many. The one after them is for `next`.
    ///
    /// # Errors
    /// As `next`.
    fn forward(&mut self, _copy: &mut CopyText) -> Result<u64> {
        Ok(0)
    }

    /// What was seen of the columns' values, by name; nothing of documents.
    fn shapes(&self) -> Vec<(&str, &Shape)> {
        Vec::new()
    }

    /// How the file is written, as far as it was read.
    fn facts(&self) -> FileFacts {
        FileFacts::default()
    }
}

/// The text of a file: unpacked, and in UTF-8 where its byte order mark says that it is UTF-16.
pub(crate) fn as_text<'a>(input: Box<dyn Read + 'a>, encoding: &str) -> Result<Box<dyn Read + 'a>> {
    let (input, _) = compression::unpack(input)?;
    Ok(encoding::as_utf8(input, encoding)?.0)
}

/// The reader of a file. `columns` are the staging table's own, without those of elt; `after_row` is
/// what `_row` counts on from.
pub(crate) fn open<'a>(
    layout: &Layout,
    input: Box<dyn Read + 'a>,
    columns: &[String],
    after_row: u64,
) -> Result<Box<dyn Extract + 'a>> {
    let (input, compression) = compression::unpack(input)?;
    let (input, encoding, has_byte_order_mark) = encoding::as_utf8(input, &layout.encoding)?;
    let window = Window::open(input, encoding)?;
    let facts = FileFacts {
        compression: compression.map(|compression| compression.name()),
        encoding: Some(encoding.name()),
        has_byte_order_mark: Some(has_byte_order_mark),
        ..FileFacts::default()
    };
    match layout.format.as_str() {
        "csv" => Ok(Box::new(CsvExtract::open(
            window, facts, layout, columns, after_row,
        )?)),
        "json" => Ok(Box::new(JsonExtract::open(window, facts, after_row)?)),
        other => anyhow::bail!("format \"{other}\" is not known to this elt"),
    }
}
