//! Reads the first rows of an exported file.

use super::Format;
use anyhow::{Context, Result};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// The values of these columns as texts, null as an empty text.
pub(crate) fn first_rows(
    path: &Path,
    format: Format,
    columns: &[&str],
    limit: usize,
) -> Result<Vec<Vec<String>>> {
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    match format {
        Format::Csv => csv_rows(file, limit),
        Format::Ndjson => json_rows(file, columns, limit),
    }
    .with_context(reading)
}

fn csv_rows(file: File, limit: usize) -> Result<Vec<Vec<String>>> {
    let records = csv::Reader::from_reader(file).into_records().take(limit);
    records
        .map(|record| Ok(record?.iter().map(str::to_string).collect()))
        .collect()
}

fn json_rows(file: File, columns: &[&str], limit: usize) -> Result<Vec<Vec<String>>> {
    let lines = BufReader::new(file).lines().take(limit);
    lines
        .map(|line| {
            let line = line?;
            let values: HashMap<String, &RawValue> = serde_json::from_str(&line)?;
            let values = columns.iter().map(|column| values.get(*column));
            values
                .map(|value| match value.map_or("null", |value| value.get()) {
                    "null" => Ok(String::new()),
                    text if text.starts_with('"') => Ok(serde_json::from_str(text)?),
                    // Numbers keep their digits.
                    other => Ok(other.to_string()),
                })
                .collect()
        })
        .collect()
}
