//! The table for a file: its columns, their types and its key.

use super::column::Column;
use super::key;
use super::names::{column_names, has_own_column, snake_case};
use super::notation;
use super::reading::{Around, Evidence, Reading, Wishes, read};
use super::sniff::{self, Sniffed, key_facts};
use super::width;
use super::{ColumnReport, KeyWish, Request};
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::path::Path;

/// The columns of the core table, its key, and what to say of them.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    /// Places in `columns`.
    pub(super) key: Vec<usize>,
    pub(super) key_reason: String,
    pub(super) reports: Vec<ColumnReport>,
    pub(super) warnings: Vec<String>,
}

impl Table {
    pub(super) fn of(
        sniffed: &Sniffed,
        path: &Path,
        source: &str,
        request: &Request<'_>,
    ) -> Result<Table> {
        let fields = &sniffed.fields;
        let names = column_names(fields);
        let wishes = named_wishes(&request.wishes, fields, &names)?;
        let evidence = Evidence::of(fields.iter().map(|field| &field.values));
        let around = Around {
            evidence: &evidence,
            delimiter: match sniffed.layout.format.as_str() {
                "csv" => sniffed.layout.delimiter,
                _ => b',',
            },
            wishes: &wishes,
        };
        let read_as = |index: usize, is_key: bool| {
            let (field, name): (&sniff::Field, &String) = (&fields[index], &names[index]);
            read(&field.values, name, is_key, &around)
        };
        let mut readings: Vec<Reading> = (0..fields.len())
            .map(|index| read_as(index, false))
            .collect();
        let mut warnings = Vec::new();
        let (key, key_reason) = match &request.key {
            KeyWish::NoKey => (Vec::new(), "as --no-key says".to_string()),
            KeyWish::Columns(wanted) => {
                let key = places_of(wanted, fields, &names)?;
                warnings.extend(doubt(sniffed, path, &key)?);
                (key, "as --key says".to_string())
            }
            KeyWish::Guess => guess(sniffed, path, source, &names, &readings)?,
        };
        for index in &key {
            readings[*index] = read_as(*index, true);
            require_comparable(&names[*index], &readings[*index])?;
        }
        let is_json = sniffed.layout.format == "json";
        let container = if is_json { "payload" } else { "_extra" };
        let fits = width::columns_that_fit(fields, &readings, is_json, &key);
        let mut columns: Vec<Column> = Vec::new();
        let mut reports = Vec::new();
        let mut places = vec![None; fields.len()];
        let mut read_from_container = Vec::new();
        for index in 0..fields.len() {
            if !fits[index] {
                continue;
            }
            let (field, reading) = (&fields[index], &readings[index]);
            let is_staged = !is_json && has_own_column(field, fields);
            let original = if is_staged { &field.name } else { &field.key };
            if !is_staged {
                read_from_container.push(field.key.as_str());
            }
            places[index] = Some(columns.len());
            columns.push(Column::new(
                &names[index],
                original,
                container,
                is_staged,
                reading,
            ));
            let mut notes = reading.notes.clone();
            if snake_case(&field.name) != names[index] {
                notes.insert(0, renamed(&field.name));
            }
            reports.push(ColumnReport {
                name: names[index].clone(),
                sql_type: reading.kind.sql_type(),
                notes,
            });
        }
        let left_out = fits.iter().filter(|fits| !**fits).count();
        if left_out > 0 {
            warnings.push(format!(
                "the file has {} columns, but a PostgreSQL table has room for {} of them: the other {left_out} are kept in {container} \
                 of the staging table and in column other_columns",
                fields.len(),
                columns.len()
            ));
            columns.push(Column::others(container, &read_from_container));
            reports.push(ColumnReport {
                name: "other_columns".into(),
                sql_type: "jsonb",
                notes: vec![format!("{left_out} columns of the file, by name")],
            });
        }
        Ok(Table {
            key: key.iter().filter_map(|index| places[*index]).collect(),
            columns,
            key_reason,
            reports,
            warnings,
        })
    }
}

fn renamed(original: &str) -> String {
    match original {
        "" => "without a name in the file".to_string(),
        original => {
            let shown: String = original.chars().take(40).collect();
            let dots = if shown.len() < original.len() {
                "..."
            } else {
                ""
            };
            format!("\"{}{dots}\" in the file", shown.escape_debug())
        }
    }
}

/// A key is compared, and PostgreSQL compares no columns of such types in an index.
fn require_comparable(name: &str, reading: &Reading) -> Result<()> {
    match reading.kind {
        notation::Kind::Json => Err(Failure::new(
            Exit::Usage,
            format!("column \"{name}\" contains objects or lists and cannot be a key"),
        )
        .hint("Name other columns with --key, or use --no-key.")
        .into()),
        _ => Ok(()),
    }
}

/// The key that the file tells, and why it is that.
fn guess(
    sniffed: &Sniffed,
    path: &Path,
    source: &str,
    names: &[String],
    readings: &[Reading],
) -> Result<(Vec<usize>, String)> {
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
        let keys = choices.iter().map(|choice| keys_of(sniffed, choice));
        let facts = key_facts(path, &sniffed.layout, &keys.collect::<Vec<_>>())?;
        let mut facts = facts.iter();
        choices.retain(|_| facts.next().is_some_and(sniff::KeyFacts::is_key));
    }
    Ok(match choices.into_iter().next() {
        Some(choice) => {
            let why = match choice.len() {
                1 => "named or placed like a key, and different in every row",
                _ => "no single column, but these columns together are different in every row",
            };
            (choice, why.to_string())
        }
        None => (
            Vec::new(),
            "no columns that are named or placed like a key are different in every row".to_string(),
        ),
    })
}

fn keys_of<'a>(sniffed: &'a Sniffed, choice: &[usize]) -> Vec<&'a str> {
    let fields = choice.iter().map(|index| &sniffed.fields[*index]);
    fields.map(|field| field.key.as_str()).collect()
}

/// Problems of a key that the user named.
fn doubt(sniffed: &Sniffed, path: &Path, key: &[usize]) -> Result<Vec<String>> {
    let facts = key_facts(path, &sniffed.layout, &[keys_of(sniffed, key)])?;
    let Some(facts) = facts.first() else {
        return Ok(Vec::new());
    };
    let mut doubts = Vec::new();
    if facts.repeated > 0 {
        doubts.push(format!(
            "{} rows have a key that an earlier row has: if they differ in other columns, the load is refused",
            facts.repeated
        ));
    }
    if facts.missing > 0 {
        doubts.push(format!(
            "{} rows lack a value of the key: the load is refused",
            facts.missing
        ));
    }
    Ok(doubts)
}

/// Places of columns that were named, as they are called in SQL or in the file.
fn places_of(wanted: &[String], fields: &[sniff::Field], names: &[String]) -> Result<Vec<usize>> {
    let mut places = Vec::new();
    for name in wanted {
        let place = names
            .iter()
            .position(|known| known == name)
            .or_else(|| fields.iter().position(|field| field.name == *name))
            .ok_or_else(|| no_column(name, names))?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    // In the order of the file, so that the same choice makes the same project.
    places.sort_unstable();
    Ok(places)
}

fn no_column(name: &str, names: &[String]) -> anyhow::Error {
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    Failure::new(Exit::Usage, format!("there is no column \"{name}\""))
        .hint(crate::failure::nearest("The columns are", name, &known))
        .into()
}

/// The wishes with their columns called as in SQL.
fn named_wishes(wishes: &Wishes, fields: &[sniff::Field], names: &[String]) -> Result<Wishes> {
    let mut types = Vec::new();
    for (name, wanted) in &wishes.types {
        let place = places_of(std::slice::from_ref(name), fields, names)?;
        types.extend(place.iter().map(|place| (names[*place].clone(), *wanted)));
    }
    Ok(Wishes {
        is_day_first: wishes.is_day_first,
        has_decimal_comma: wishes.has_decimal_comma,
        time_zone: wishes.time_zone.clone(),
        types,
    })
}
