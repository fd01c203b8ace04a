//! Checks whether columns identify the rows of a file.

use super::json::Flattening;
use super::key;
use super::records::{RecordSink, read_records};
use super::value_facts::value_text;
use crate::extract::Layout;
use crate::init::input_path::InputPath;
use anyhow::Result;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Missing and repeated values of a choice of key columns in the whole file.
#[derive(Clone, Default)]
pub(super) struct KeyFacts {
    /// Rows in which one of the columns is missing.
    pub(super) missing: u64,
    /// Rows with the key of an earlier row.
    pub(super) repeated: u64,
}

impl KeyFacts {
    pub(super) fn is_key(&self) -> bool {
        self.missing == 0 && self.repeated == 0
    }
}

/// Checks each choice of columns, named by their keys in the records.
pub(super) fn key_facts(
    path: &InputPath,
    layout: &Layout,
    flattening: &Flattening,
    choices: &[Vec<&str>],
) -> Result<Vec<KeyFacts>> {
    let mut keys = KeyCounter {
        flattening,
        choices,
        facts: vec![KeyFacts::default(); choices.len()],
        seen: vec![HashSet::new(); choices.len()],
    };
    read_records(path, layout, &mut keys)?;
    Ok(keys.facts)
}

struct KeyCounter<'a> {
    flattening: &'a Flattening,
    choices: &'a [Vec<&'a str>],
    facts: Vec<KeyFacts>,
    /// Hashes of the keys seen so far.
    seen: Vec<HashSet<u64>>,
}

impl RecordSink for KeyCounter<'_> {
    fn record(&mut self, _row: u64, record: Map<String, Value>) {
        let record = self.flattening.flat(record);
        for (index, choice) in self.choices.iter().enumerate() {
            let parts = choice.iter().map(|key| {
                let value = record.get(*key).and_then(value_text);
                value.map_or(0, |text| key::hash(&text))
            });
            let facts = &mut self.facts[index];
            match key::hash_all(parts) {
                None => facts.missing += 1,
                Some(hash) => facts.repeated += u64::from(!self.seen[index].insert(hash)),
            }
        }
    }
}
