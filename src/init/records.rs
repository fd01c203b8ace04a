//! Reads the records of a file as a load would read them.

use crate::copy::CopyText;
use crate::extract::{self, Layout, Record, Reject};
use crate::init::input_path::InputPath;
use crate::signals;
use crate::terminal::Meter;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::fs::File;

/// Receives the header and the records of a file.
pub(super) trait RecordSink {
    /// Receives the names in the header, if the file has one.
    fn header(&mut self, _names: &[String]) {}

    /// Receives a record and its `_row`.
    fn record(&mut self, row: u64, record: Map<String, Value>);
}

/// The rejected records of a file.
pub(super) struct Rejected {
    pub(super) count: u64,
    pub(super) first: Option<Reject>,
}

/// Passes each record of the file to the sink.
pub(super) fn read_records(
    path: &InputPath,
    layout: &Layout,
    sink: &mut impl RecordSink,
) -> Result<Rejected> {
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    let total = file.metadata().with_context(reading)?.len();
    let mut meter = Meter::begin(format!("reading {}", path.display()), Some(total));
    // Without staging columns, the extract returns all values in one object, by name.
    let mut extract = extract::open(layout, Box::new(file), &[], 0).with_context(reading)?;
    sink.header(&extract.facts().header_columns.unwrap_or_default());
    let (mut rows, mut bytes) = (0, 0);
    let mut copy = CopyText::default();
    let mut rejected = Rejected {
        count: 0,
        first: None,
    };
    while let Some(record) = extract.next(&mut copy).with_context(reading)? {
        signals::check()?;
        if let Record::Rejected(reject) = record {
            rejected.count += 1;
            rejected.first.get_or_insert(reject);
            continue;
        }
        rows += 1;
        let text = copy.take(0);
        bytes += text.len() as u64;
        meter.update(bytes.min(total), rows);
        let (row, object) = parse_row(&text)?;
        sink.record(row, object);
    }
    Ok(rejected)
}

/// The number of a row, and the field of its COPY text that is an object; empty if the row has no values.
pub(super) fn parse_row(text: &[u8]) -> Result<(u64, Map<String, Value>)> {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    let (mut row, mut object) = (0, Map::new());
    for field in line.split(|byte| *byte == b'\t') {
        if field.starts_with(b"{") {
            object = parse_object(&crate::copy::unescape(field))?;
        } else if let Ok(number) = String::from_utf8_lossy(field).parse() {
            row = number;
        }
    }
    Ok((row, object))
}

fn parse_object(text: &[u8]) -> Result<Map<String, Value>> {
    let object = serde_json::from_slice(text);
    // Floating point is too small for some numbers that `numeric` has.
    object.or_else(|_| {
        Ok(serde_json::from_slice(
            &extract::with_unusual_numbers_as_strings(text),
        )?)
    })
}
