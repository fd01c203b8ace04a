//! Chooses the key of a file: the user's choice, or the detected one.

use super::KeyChoice;
use super::column::unknown_column;
use super::key;
use super::key_facts::{KeyFacts, key_facts};
use super::kind::Kind;
use super::reading::Reading;
use super::sniff::{Field, SniffedFile};
use crate::failure::{Exit, Failure};
use crate::init::input_path::InputPath;
use anyhow::Result;

/// The key of a file.
pub(super) struct KeyOfFile {
    /// Positions of its columns in the file; empty if a row is identified by its position.
    pub(super) fields: Vec<usize>,
    pub(super) reason: String,
    pub(super) warnings: Vec<String>,
}

pub(super) fn choose_key(
    choice: &KeyChoice,
    sniffed: &SniffedFile,
    path: &InputPath,
    source: &str,
    names: &[String],
    readings: &[Reading],
) -> Result<KeyOfFile> {
    let mut warnings = Vec::new();
    let (fields, reason) = match choice {
        KeyChoice::NoKey => (Vec::new(), "as --no-key says"),
        KeyChoice::Columns(wanted) => {
            let key = find_columns(wanted, &sniffed.fields, names)?;
            warnings = key_warnings(sniffed, path, &key)?;
            (key, "as --key says")
        }
        KeyChoice::Detect => detect_key(sniffed, path, source, names, readings)?,
    };
    Ok(KeyOfFile {
        fields,
        reason: reason.to_string(),
        warnings,
    })
}

/// PostgreSQL cannot compare all types in a primary key.
pub(super) fn require_comparable(name: &str, reading: &Reading) -> Result<()> {
    if reading.kind != Kind::Json {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Usage,
        format!("column \"{name}\" contains objects or lists and cannot be a key"),
    )
    .hint("Name other columns with --key, or use --no-key.")
    .into())
}

/// Detects the key, and returns it with the reason.
fn detect_key(
    sniffed: &SniffedFile,
    path: &InputPath,
    source: &str,
    names: &[String],
    readings: &[Reading],
) -> Result<(Vec<usize>, &'static str)> {
    let candidates: Vec<key::Candidate<'_>> = sniffed
        .fields
        .iter()
        .zip(names)
        .zip(readings)
        .map(|((field, name), reading)| key::Candidate {
            name,
            is_named: !field.name.is_empty(),
            values: &field.values,
            reading,
            sample: field.sample.as_deref().unwrap_or_default(),
        })
        .collect();
    let mut choices = key::choices(&candidates, sniffed.rows, source);
    if sniffed.rows > key::SAMPLED as u64 && !choices.is_empty() {
        let keys = choices.iter().map(|choice| record_keys(sniffed, choice));
        let facts = read_key_facts(sniffed, path, &keys.collect::<Vec<_>>())?;
        let mut facts = facts.iter();
        choices.retain(|_| facts.next().is_some_and(KeyFacts::is_key));
    }
    Ok(match choices.into_iter().next() {
        Some(choice) => {
            let why = match choice.len() {
                1 => "named or placed like a key, and different in every row",
                _ => "no single column, but these columns together are different in every row",
            };
            (choice, why)
        }
        None => (
            Vec::new(),
            "no columns that are named or placed like a key are different in every row",
        ),
    })
}

/// The keys of the chosen columns in the records.
fn record_keys<'a>(sniffed: &'a SniffedFile, choice: &[usize]) -> Vec<&'a str> {
    let fields = choice.iter().map(|index| &sniffed.fields[*index]);
    fields.map(|field| field.key.as_str()).collect()
}

/// Warnings about a key that the user named.
fn key_warnings(sniffed: &SniffedFile, path: &InputPath, key: &[usize]) -> Result<Vec<String>> {
    let facts = read_key_facts(sniffed, path, &[record_keys(sniffed, key)])?;
    let Some(facts) = facts.first() else {
        return Ok(Vec::new());
    };
    let mut warnings = Vec::new();
    if facts.repeated > 0 {
        warnings.push(format!(
            "{} rows have a key that an earlier row has: if they differ in other columns, the load is refused",
            facts.repeated
        ));
    }
    if facts.missing > 0 {
        warnings.push(format!(
            "{} rows lack a value of the key: the load is refused",
            facts.missing
        ));
    }
    Ok(warnings)
}

/// Positions of the named columns. A column is named as in SQL or as in the file.
pub(super) fn find_columns(
    wanted: &[String],
    fields: &[Field],
    names: &[String],
) -> Result<Vec<usize>> {
    let mut positions = Vec::new();
    for name in wanted {
        let position = names
            .iter()
            .position(|known| known == name)
            .or_else(|| fields.iter().position(|field| field.name == *name))
            .ok_or_else(|| unknown_column(name, names))?;
        if !positions.contains(&position) {
            positions.push(position);
        }
    }
    // The order of the file, so that the order of the options does not change the project.
    positions.sort_unstable();
    Ok(positions)
}

fn read_key_facts(
    sniffed: &SniffedFile,
    path: &InputPath,
    choices: &[Vec<&str>],
) -> Result<Vec<KeyFacts>> {
    key_facts(path, &sniffed.layout, &sniffed.flattening, choices)
}
