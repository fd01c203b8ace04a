//! Inspects a file: its format, its columns and their values.

use super::detect::{Detected, Sample, detect};
use super::key;
use super::layout::{LayoutChoice, LayoutOptions};
use super::names::snake_case;
use super::records::{RecordSink, read_records};
use super::value_facts::{ValueFacts, value_text};
use crate::extract::{self, Layout};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::Path;

pub(super) struct SniffedFile {
    pub(super) layout: Layout,
    pub(super) choices: Vec<LayoutChoice>,
    pub(super) fields: Vec<Field>,
    pub(super) rows: u64,
    pub(super) rejected: u64,
}

pub(super) struct Field {
    /// The name in the header, or the key in JSON documents.
    pub(super) name: String,
    /// Its key in the records, and in `_extra` if it has no staging column.
    pub(super) key: String,
    pub(super) values: ValueFacts,
    /// Hashes of its values in the first rows, 0 for a missing value; None if it cannot be a key.
    pub(super) sample: Option<Vec<u64>>,
}

impl Field {
    /// Adds a value of the row that follows `rows_before` rows.
    fn add(&mut self, value: &Value, row: u64, rows_before: u64) {
        self.values.add(value, row);
        let rows_before = usize::try_from(rows_before).unwrap_or(usize::MAX);
        if let Some(sample) = &mut self.sample
            && rows_before < key::SAMPLED
            && let Some(text) = value_text(value)
        {
            sample.resize(rows_before, 0);
            sample.push(key::hash(&text));
        }
    }
}

pub(super) fn sniff(path: &Path, options: &LayoutOptions) -> Result<SniffedFile> {
    let encoding = options.encoding.as_deref().unwrap_or("utf-8");
    let sample = Sample::read(path, encoding)?;
    let Detected {
        mut layout,
        choices,
    } = if is_json(path, &sample.start) {
        let layout = Layout {
            format: "json".into(),
            ..Layout::default()
        };
        Detected {
            layout: options.apply_to(layout),
            choices: Vec::new(),
        }
    } else {
        detect(path, &sample, options)?
    };
    let sniffed = read(path, &layout, &choices)?;
    let start = without_partial_character(&sample.start);
    if sniffed.rejected == 0 || std::str::from_utf8(start).is_ok() {
        return Ok(sniffed);
    }
    // The file is not UTF-8. Windows-1252 has a character for every byte.
    layout.encoding = "windows-1252".into();
    let again = read(path, &layout, &choices)?;
    if again.rejected < sniffed.rejected {
        Ok(again)
    } else {
        Ok(sniffed)
    }
}

/// Whether the file name or the first character says JSON.
fn is_json(path: &Path, start: &[u8]) -> bool {
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    has_json_extension(path) || first.is_some_and(|first| [b'[', b'{'].contains(first))
}

/// Whether the file name says JSON, whatever the content looks like.
fn has_json_extension(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
    [".json", ".ndjson", ".jsonl"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// The start without its last bytes, where a character may be cut.
fn without_partial_character(start: &[u8]) -> &[u8] {
    &start[..start.len().saturating_sub(4)]
}

/// Collects facts about each column.
#[derive(Default)]
struct ColumnCollector {
    fields: Vec<Field>,
    /// Positions in `fields`, by key.
    places: HashMap<String, usize>,
    sampled: usize,
    rows: u64,
}

impl ColumnCollector {
    fn add(&mut self, name: String, key: String) -> usize {
        let place = self.fields.len();
        let is_sampled = key::may_be_key(&snake_case(&name), place, self.sampled);
        self.sampled += usize::from(is_sampled);
        self.places.insert(key.clone(), place);
        self.fields.push(Field {
            name,
            key,
            values: ValueFacts::default(),
            sample: is_sampled.then(Vec::new),
        });
        place
    }
}

impl RecordSink for ColumnCollector {
    fn header(&mut self, names: &[String]) {
        for (name, key) in names.iter().zip(extract::extra_names(names)) {
            self.add(name.clone(), key);
        }
    }

    fn record(&mut self, row: u64, record: Map<String, Value>) {
        for (key, value) in record {
            let place = match self.places.get(&key) {
                Some(place) => *place,
                None => self.add(key.clone(), key),
            };
            self.fields[place].add(&value, row, self.rows);
        }
        self.rows += 1;
    }
}

fn read(path: &Path, layout: &Layout, choices: &[LayoutChoice]) -> Result<SniffedFile> {
    let mut columns = ColumnCollector::default();
    let rejected = read_records(path, layout, &mut columns)?;
    let ColumnCollector { fields, rows, .. } = columns;
    if fields.is_empty() {
        let message = format!("file \"{}\" has no columns", path.display());
        let failure = Failure::new(Exit::Failed, message);
        let failure = match rejected.first {
            Some(reject) => failure.detail(format!(
                "No record could be read; the first, on line {}: {}.",
                reject.line, reject.reason
            )),
            None => failure,
        };
        return Err(failure
            .hint("Name a CSV file with a header, or a JSON file of objects.")
            .into());
    }
    Ok(SniffedFile {
        layout: layout.clone(),
        choices: choices.to_vec(),
        fields,
        rows,
        rejected: rejected.count,
    })
}
