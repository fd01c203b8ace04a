//! A CSV header against the columns of a staging table: by name, in any order, in any case.

use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// Characters of an unexpected header to show.
const LONGEST_FOUND: usize = 300;

/// The target of a field.
pub(super) enum Target {
    /// The next column takes it.
    Column,
    /// Kept beside the row, under this name.
    Extra(String),
}

/// The target of each field, and the filled columns in the file's order.
///
/// # Errors
/// If a column is missing or appears twice.
pub(super) fn match_columns(
    names: &[String],
    columns: &[String],
) -> Result<(Vec<Target>, Vec<String>)> {
    let mut fields = Vec::new();
    let mut filled: Vec<String> = Vec::new();
    for (name, kept_name) in names.iter().zip(kept_names(names)) {
        let column = columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name));
        match column {
            Some(column) if filled.contains(column) => {
                return Err(Failure::new(
                    Exit::Failed,
                    format!("column \"{column}\" appears twice in the header"),
                )
                .detail(counted(names))
                .private_details(vec![format!("Found: {}.", shown(names))])
                .hint("Rename one of the two columns.")
                .into());
            }
            Some(column) => {
                filled.push(column.clone());
                fields.push(Target::Column);
            }
            None => fields.push(Target::Extra(kept_name)),
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
        .detail(counted(names))
        .private_details(vec![format!("Found: {}.", shown(names))])
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

/// The names under which values of unknown columns are kept, one for each field of a header. Repeated names are
/// made unique.
pub(crate) fn kept_names(names: &[String]) -> Vec<String> {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut met: HashMap<&str, usize> = HashMap::new();
    let mut kept = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let times = met.entry(name).or_default();
        *times += 1;
        // The second of a name is the second wherever it stands; what has none is told by its place.
        let mut own_name = match (name.as_str(), *times) {
            ("", _) => format!("column_{}", index + 1),
            (name, 1) => {
                kept.push(name.to_string());
                continue;
            }
            (name, times) => format!("{name}_{times}"),
        };
        while !taken.insert(own_name.clone()) {
            own_name.push('_');
        }
        kept.push(own_name);
    }
    kept
}

/// The text for the database. It has no names: if the file has no header, they are the first record, which may be
/// personal.
fn counted(names: &[String]) -> String {
    match names.len() {
        1 => "The header has 1 column.".to_string(),
        count => format!("The header has {count} columns."),
    }
}

/// For the terminal.
fn shown(names: &[String]) -> String {
    let all = names.join(", ");
    let mut start: String = all.chars().take(LONGEST_FOUND).collect();
    let dots = if start.len() < all.len() { "..." } else { "" };
    start = start.escape_debug().to_string();
    start + dots
}
