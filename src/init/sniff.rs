//! Inspects a file: its format, its columns and their values.

use super::detect::{Detected, Sample, detect};
use super::file_format::{has_json_extension, is_error_message, is_json, not_json};
use super::json::{self, Flattening};
use super::key;
use super::layout::{LayoutChoice, LayoutOptions};
use super::names::snake_case;
use super::records::{RecordSink, read_records};
use super::value_facts::{ValueFacts, value_text};
use crate::extract::{self, Layout};
use crate::failure::{Exit, Failure};
use crate::init::input_path::InputPath;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::fs::File;

pub(super) struct SniffedFile {
    pub(super) layout: Layout,
    pub(super) choices: Vec<LayoutChoice>,
    pub(super) fields: Vec<Field>,
    pub(super) rows: u64,
    pub(super) rejected: u64,
    pub(super) flattening: Flattening,
    /// A doubt about the header.
    pub(super) warning: Option<String>,
    /// Columns of an API's staging table besides `payload`, which the records in the file have as members.
    pub(super) own_columns: Vec<String>,
}

pub(super) struct Field {
    /// The name in the header, or the key in JSON documents.
    pub(super) name: String,
    /// The keys that lead to it in JSON documents.
    pub(super) path: Vec<String>,
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

/// `flatten`: whether nested objects become columns.
pub(super) fn sniff(
    path: &InputPath,
    options: &LayoutOptions,
    flatten: bool,
) -> Result<SniffedFile> {
    let mut choices = Vec::new();
    let encoding = encoding_of(path, options, &mut choices)?;
    let sample = Sample::read(path, &encoding, options.member.as_deref())?;
    let options = &LayoutOptions {
        encoding: Some(encoding),
        ..options.clone()
    };
    if !has_json_extension(path) && is_error_message(&sample.start) {
        let reading = || format!("could not read file \"{}\"", path.display());
        extract::refuse_json_as_csv(&sample.start).with_context(reading)?;
    }
    let detected = if is_json(path, &sample.start) {
        let mut layout = options.apply_to(Layout {
            format: "json".into(),
            ..Layout::default()
        });
        let choices = json::detect(path, &mut layout, options)?;
        Detected {
            layout,
            choices,
            warning: None,
        }
    } else {
        if options.records_at.is_some() || flatten {
            return Err(not_json(path));
        }
        detect(path, &sample, options)?
    };
    choices.extend(detected.choices);
    let mut sniffed = read(path, &detected.layout, &choices, flatten)?;
    sniffed.warning = detected.warning;
    Ok(sniffed)
}

/// The encoding that the user chose, or that of the file. If it is not plainly UTF-8, it is a choice.
fn encoding_of(
    path: &InputPath,
    options: &LayoutOptions,
    choices: &mut Vec<LayoutChoice>,
) -> Result<String> {
    if let Some(encoding) = &options.encoding {
        return Ok(encoding.clone());
    }
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    let detected = extract::detect_encoding(Box::new(file), options.member.as_deref())
        .with_context(reading)?;
    choices.extend(detected.reason.map(|reason| LayoutChoice {
        setting: "encoding",
        value: detected.name.into(),
        reason,
        option: "--encoding NAME",
    }));
    Ok(detected.name.into())
}

/// Collects facts about each column.
struct ColumnCollector<'a> {
    layout: &'a Layout,
    flatten: bool,
    /// Known from the first record on.
    flattening: Option<Flattening>,
    fields: Vec<Field>,
    /// Positions in `fields`, by key.
    places: HashMap<String, usize>,
    sampled: usize,
    rows: u64,
}

impl ColumnCollector<'_> {
    fn add(&mut self, name: String, key: String, path: Vec<String>) -> usize {
        let place = self.fields.len();
        let is_sampled = key::may_be_key(&snake_case(&name), place, self.sampled);
        self.sampled += usize::from(is_sampled);
        self.places.insert(key.clone(), place);
        self.fields.push(Field {
            name,
            path,
            key,
            values: ValueFacts::default(),
            sample: is_sampled.then(Vec::new),
        });
        place
    }

    /// The fields. If a key has objects in some records, and other values in others, the field of the other values has
    /// the objects too.
    fn fields(mut self) -> Vec<Field> {
        let mut parents: HashSet<&[String]> = HashSet::new();
        for field in &self.fields {
            parents.extend((1..field.path.len()).map(|length| &field.path[..length]));
        }
        let is_parent = |field: &Field| parents.contains(field.path.as_slice());
        let parents: Vec<bool> = self.fields.iter().map(is_parent).collect();
        for (field, is_parent) in self.fields.iter_mut().zip(&parents) {
            field.values.is_json |= is_parent;
        }
        let mut parents = parents.into_iter();
        self.fields.retain(|field| {
            let is_parent = parents.next().unwrap_or_default();
            !is_parent || field.values.count > 0
        });
        self.fields
    }
}

impl RecordSink for ColumnCollector<'_> {
    fn header(&mut self, names: &[String]) {
        for (name, key) in names.iter().zip(extract::extra_names(names)) {
            self.add(name.clone(), key.clone(), vec![key]);
        }
    }

    fn record(&mut self, row: u64, record: Map<String, Value>) {
        let new = || Flattening::new(self.flatten, self.layout, &record);
        let flattening = self.flattening.get_or_insert_with(new).clone();
        for (key, value) in flattening.flat(record) {
            let place = match self.places.get(&key) {
                Some(place) => *place,
                None => {
                    let path = flattening.path(&key);
                    self.add(flattening.name(&path), key, path)
                }
            };
            self.fields[place].add(&value, row, self.rows);
        }
        self.rows += 1;
    }
}

fn read(
    path: &InputPath,
    layout: &Layout,
    choices: &[LayoutChoice],
    flatten: bool,
) -> Result<SniffedFile> {
    let mut columns = ColumnCollector {
        layout,
        flatten,
        flattening: None,
        fields: Vec::new(),
        places: HashMap::new(),
        sampled: 0,
        rows: 0,
    };
    let rejected = read_records(path, layout, &mut columns)?;
    let rows = columns.rows;
    let flattening = columns.flattening.clone().unwrap_or_default();
    let fields = columns.fields();
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
        choices: choices.iter().cloned().chain(flattening.choice()).collect(),
        fields,
        flattening,
        rows,
        rejected: rejected.count,
        warning: None,
        own_columns: Vec::new(),
    })
}
