//! Matches the names of a CSV header to the columns of the staging table, in any order and any case.

use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// The number of characters of an unexpected header to show.
const LONGEST_FOUND: usize = 300;

/// Where the value of a field goes.
pub(super) enum FieldTarget {
    /// The next column.
    Column,
    /// `_extra`, under this name.
    Extra(String),
}

/// The target of each field, and the filled columns in the file's order.
///
/// # Errors
/// If a column is missing or appears twice.
pub(super) fn match_columns(
    names: &[String],
    columns: &[String],
) -> Result<(Vec<FieldTarget>, Vec<String>)> {
    let mut fields = Vec::new();
    let mut filled: Vec<String> = Vec::new();
    for (name, extra_name) in names.iter().zip(extra_names(names)) {
        let column = columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name));
        match column {
            Some(column) if filled.contains(column) => {
                return Err(Failure::new(
                    Exit::Failed,
                    format!("column \"{column}\" appears twice in the header"),
                )
                .detail(count_of_columns(names))
                .private_details(vec![format!("Found: {}.", shorten(names))])
                .hint("Rename one of the two columns.")
                .into());
            }
            Some(column) => {
                filled.push(column.clone());
                fields.push(FieldTarget::Column);
            }
            None => fields.push(FieldTarget::Extra(extra_name)),
        }
    }
    let missing: Vec<_> = columns
        .iter()
        .filter(|column| !filled.contains(column))
        .map(|column| format!("\"{column}\""))
        .collect();
    if !missing.is_empty() {
        let noun = if missing.len() == 1 {
            "column"
        } else {
            "columns"
        };
        return Err(Failure::new(
            Exit::Failed,
            format!("the header lacks {noun} {}", missing.join(", ")),
        )
        .detail(count_of_columns(names))
        .private_details(vec![format!("Found: {}.", shorten(names))])
        .hint(match names {
            [one] if one.contains([',', ';', '\t', '|']) => {
                "The file seems to use another delimiter: set elt.source.delimiter."
            }
            _ => "Check that this is the file that the source describes. Columns are matched by name, in any order.",
        })
        .into());
    }
    Ok((fields, filled))
}

/// The name in `_extra` of each field of a header. Repeated names are made unique.
pub(crate) fn extra_names(names: &[String]) -> Vec<String> {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut unique = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let times = counts.entry(name).or_default();
        *times += 1;
        // A repeated name gets the count of its repetition; a missing name gets the field's position.
        let mut unique_name = match (name.as_str(), *times) {
            ("", _) => format!("column_{}", index + 1),
            (name, 1) => {
                unique.push(name.to_string());
                continue;
            }
            (name, times) => format!("{name}_{times}"),
        };
        while !taken.insert(unique_name.clone()) {
            unique_name.push('_');
        }
        unique.push(unique_name);
    }
    unique
}

/// The detail that is stored in the database. It quotes no names: if the file has no header, they are values of the
/// first record, which may be personal.
fn count_of_columns(names: &[String]) -> String {
    match names.len() {
        1 => "The header has 1 column.".to_string(),
        count => format!("The header has {count} columns."),
    }
}

/// The names, shortened and escaped for the terminal.
fn shorten(names: &[String]) -> String {
    let all = names.join(", ");
    let mut start: String = all.chars().take(LONGEST_FOUND).collect();
    let dots = if start.len() < all.len() { "..." } else { "" };
    start = start.escape_debug().to_string();
    start + dots
}
