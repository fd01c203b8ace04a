//! Splits input into records: finds where each begins and ends, and whether PostgreSQL accepts its bytes. Values are
//! not interpreted.

pub(crate) mod bucket;
mod column_facts;
mod compression;
mod contract;
mod csv;
pub(crate) mod digest;
mod encoding;
mod file_kind;
mod json;
mod key_check;
mod line_ends;
pub(crate) mod rest;
mod skipped_lines;
#[cfg(test)]
mod tests;
mod window;
mod zip;

use crate::copy::CopyText;
use anyhow::Result;
use serde::Serialize;
use std::io::Read;
use window::Window;

pub(crate) use column_facts::ColumnFacts;
pub(crate) use compression::compressed_names;
use compression::{Unpacked, first_bytes, put_back};
pub(crate) use contract::{ColumnDifference, Contract, KnownColumns, list as list_names};
use csv::CsvExtract;
pub(crate) use csv::extra_names;
pub(crate) use encoding::{DetectedEncoding, KNOWN as KNOWN_ENCODINGS, canonical_name};
use json::JsonExtract;
pub(crate) use json::{takes_members, with_unusual_numbers_as_strings};
pub(crate) use skipped_lines::SkippedLines;

/// The file format of a source, from its row of `elt.source`.
#[derive(Clone)]
pub(crate) struct Layout {
    /// `csv` or `json`.
    pub(crate) format: String,
    pub(crate) delimiter: u8,
    /// If None, fields are never quoted.
    pub(crate) quote: Option<u8>,
    /// Makes a following quote, delimiter, line end or escape part of the value.
    pub(crate) escape: Option<u8>,
    /// In `elt.source.encoding`'s spelling.
    pub(crate) encoding: String,
    /// A value that is read as null. An empty value is always null.
    pub(crate) null_text: Option<String>,
    /// Whether the first record names the columns. If not, they are `column_1`, `column_2` and so on.
    pub(crate) has_header: bool,
    /// Line of the header, or of the first record without a header, from 1. Lines above it are skipped. None: the
    /// first line that is neither blank nor a comment.
    pub(crate) header_line: Option<u64>,
    /// Lines of the header. The names of a column on several lines are joined by a space.
    pub(crate) header_lines: u64,
    /// Lines that begin with it are skipped.
    pub(crate) comment: Option<String>,
    /// Lines at the end of the file that are no records. Blank ones do not count.
    pub(crate) footer_lines: u64,
    /// Whether records end in a delimiter that the header lacks.
    pub(crate) trailing_delimiter: bool,
    /// Whether records may lack fields at their end.
    pub(crate) short_records: bool,
    /// File in a zip archive. None: the archive has one.
    pub(crate) member: Option<String>,
    /// Keys that lead to the records of a JSON file, separated by dots. An asterisk at the end takes each member of
    /// an object. None: the file is an array of records, or one or more records.
    pub(crate) records_at: Option<String>,
    /// The number of columns of a file without a header. None: the number of fields in the first records.
    pub(crate) column_count: Option<usize>,
    pub(crate) contract: Contract,
}

impl Layout {
    /// The layout of a file of corrected rejects, which has the header and the records alone. `column_count`: the
    /// number of columns of the original file.
    pub(crate) fn for_rejects(&self, column_count: Option<usize>) -> Layout {
        Layout {
            // The line was named, so that it may begin like a comment.
            header_line: self.header_line.map(|_| 1),
            footer_lines: 0,
            member: None,
            // The file of rejects is the array or the object that has the records.
            records_at: self
                .records_at
                .as_deref()
                .filter(|path| takes_members(path))
                .map(|_| "*".into()),
            column_count,
            ..self.clone()
        }
    }
}

impl Default for Layout {
    /// CSV by RFC 4180, in UTF-8.
    fn default() -> Layout {
        Layout {
            format: "csv".into(),
            delimiter: b',',
            quote: Some(b'"'),
            escape: None,
            encoding: "utf-8".into(),
            null_text: None,
            has_header: true,
            header_line: None,
            header_lines: 1,
            comment: None,
            footer_lines: 0,
            trailing_delimiter: false,
            short_records: false,
            member: None,
            records_at: None,
            column_count: None,
            contract: Contract::default(),
        }
    }
}

/// Properties of a file that were found while reading. For an API, only the last two are known.
#[derive(Clone, Default, Serialize)]
pub(crate) struct FileFacts {
    /// The first record of a CSV file, in its original bytes.
    #[serde(skip)]
    pub(crate) header: Option<Vec<u8>>,
    /// The names of the header, trimmed.
    pub(crate) header_columns: Option<Vec<String>>,
    /// `gzip`, `zstd`, `xz`, `bzip2` or `zip`.
    pub(crate) compression: Option<&'static str>,
    /// The encoding that the file was read in.
    pub(crate) encoding: Option<&'static str>,
    pub(crate) has_byte_order_mark: Option<bool>,
    /// `lf`, `crlf` or `mixed`.
    pub(crate) line_ends: Option<&'static str>,
    /// Lines of a CSV file that are no records. None for other formats.
    pub(crate) lines_skipped: Option<SkippedLines>,
    /// File in the zip archive that was read.
    pub(crate) member: Option<String>,
    /// Whether the file is valid UTF-8 with other characters than ASCII although it was read in another encoding.
    pub(crate) is_also_utf8: Option<bool>,
    /// How its columns or keys differ from the expected ones.
    #[serde(skip)]
    pub(crate) columns: ColumnDifference,
    /// What changed while the pages of an API were read, if that was accepted.
    #[serde(skip)]
    pub(crate) changed_while_read: Option<String>,
}

/// A record that cannot be staged.
pub(crate) struct Reject {
    /// The number of its page, from 1. None in a file.
    pub(crate) page: Option<u64>,
    /// The value that `_row` would have had.
    pub(crate) row: u64,
    /// The line of the file or page where it begins, from 1.
    pub(crate) line: u64,
    /// The byte of the file or page where it begins, from 0.
    pub(crate) offset: u64,
    pub(crate) reason: String,
    /// Its original bytes, without the line end.
    pub(crate) raw: Vec<u8>,
}

/// The result of reading a record.
pub(crate) enum Record {
    /// Written to the COPY text.
    Staged,
    Rejected(Reject),
}

/// A reader of records, for one format.
pub(crate) trait Extract {
    /// The columns of the staging table that it fills, in the order of its COPY text.
    fn columns(&self) -> &[String];

    /// Reads the next record and writes it to `copy` if it can be staged. None at the end.
    ///
    /// # Errors
    /// If the rest of the file cannot be read.
    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>>;

    /// An empty COPY text in the format that this reader writes fastest.
    fn copy_text(&self) -> CopyText {
        CopyText::default()
    }

    /// Writes the next records to `copy` while they can be copied unchanged, which is fast. Returns their number.
    /// The record after them is read by `next`.
    ///
    /// # Errors
    /// As for `next`.
    fn forward(&mut self, _copy: &mut CopyText) -> Result<u64> {
        Ok(0)
    }

    /// Facts about the values of each column, with its name. Empty for documents.
    fn column_facts(&self) -> Vec<(&str, &ColumnFacts)> {
        Vec::new()
    }

    /// The number after which `_row` continues if another file follows.
    fn last_row(&self) -> u64 {
        0
    }

    /// The properties of the file, as far as it was read.
    fn facts(&self) -> FileFacts {
        FileFacts::default()
    }
}

/// Opens a file as UTF-8 text: unpacked and decoded. A byte order mark overrides `encoding`. `member`: file in a zip
/// archive.
///
/// # Errors
/// If the file is of another format, such as a web page.
pub(crate) fn open_text<'a>(
    input: Box<dyn Read + 'a>,
    encoding: &str,
    member: Option<&str>,
) -> Result<Box<dyn Read + 'a>> {
    let (unpacked, _) = unpack(input, member)?;
    decode_text(unpacked.input, encoding)
}

/// Decodes a part of a file that is not compressed.
pub(crate) fn decode_text<'a>(
    input: Box<dyn Read + 'a>,
    encoding: &str,
) -> Result<Box<dyn Read + 'a>> {
    Ok(encoding::decode(input, encoding)?.text)
}

/// Detects the encoding of a file from all of its bytes.
pub(crate) fn detect_encoding<'a>(
    input: Box<dyn Read + 'a>,
    member: Option<&str>,
) -> Result<DetectedEncoding> {
    let (unpacked, _) = unpack(input, member)?;
    encoding::detect_encoding(unpacked.input)
}

/// The refusal of a JSON text under the name of a CSV file, if it looks like an error message.
pub(crate) fn refuse_json_as_csv(start: &[u8]) -> Result<()> {
    match file_kind::json_as_csv(start) {
        Some(refusal) => Err(refusal.into_error()),
        None => Ok(()),
    }
}

/// The refusal of a CSV file whose lines end with carriage returns alone, by a sample of its text.
pub(crate) fn refuse_only_carriage_returns(sample: &[u8]) -> Result<()> {
    csv::refuse_only_carriage_returns(sample)
}

/// Unpacks a file, and refuses one of another format. Returns its first bytes too.
fn unpack<'a>(input: Box<dyn Read + 'a>, member: Option<&str>) -> Result<(Unpacked<'a>, Vec<u8>)> {
    let mut unpacked = compression::unpack(input, member)?;
    let first = first_bytes::<{ file_kind::LOOKED_AT }>(&mut unpacked.input)?;
    if let Some(refusal) = file_kind::foreign(&first) {
        return Err(refusal.into_error());
    }
    let input = Box::new(put_back(first.clone(), unpacked.input));
    Ok((Unpacked { input, ..unpacked }, first))
}

/// Opens a file for reading records. `columns`: the columns of the staging table, without those that elt adds.
/// `after_row`: the number after which `_row` continues.
pub(crate) fn open<'a>(
    layout: &Layout,
    input: Box<dyn Read + 'a>,
    columns: &[String],
    after_row: u64,
) -> Result<Box<dyn Extract + 'a>> {
    let (unpacked, first) = unpack(input, layout.member.as_deref())?;
    if layout.format == "csv" {
        refuse_json_as_csv(&first)?;
    }
    let decoded = encoding::decode(unpacked.input, &layout.encoding)?;
    let facts = FileFacts {
        compression: unpacked.compression.map(|compression| compression.name()),
        member: unpacked.member,
        encoding: Some(decoded.encoding.name()),
        has_byte_order_mark: Some(decoded.has_byte_order_mark),
        ..FileFacts::default()
    };
    let window = Window::open_decoded(decoded)?;
    match layout.format.as_str() {
        "csv" => Ok(Box::new(CsvExtract::open(
            window, facts, layout, columns, after_row,
        )?)),
        "json" => Ok(Box::new(JsonExtract::open(
            window, facts, layout, after_row,
        )?)),
        other => anyhow::bail!("format \"{other}\" is not known to this elt"),
    }
}
