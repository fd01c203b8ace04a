//! A CSV header against the columns of a staging table: by name, in any order, in any case.

use crate::failure::{Exit, Failure};
use anyhow::Result;

/// Characters of a header that are shown when it is not the one that was expected.
const LONGEST_FOUND: usize = 300;

/// What becomes of a field.
pub(super) enum Target {
    /// The next column takes it.
    Column,
    /// Kept beside the row, under this name.
    Extra(String),
}

/// What becomes of each field, and the columns that they fill, in the file's order.
///
/// # Errors
/// When a column is missing or stands there twice.
pub(super) fn match_columns(
    names: &[String],
    columns: &[String],
) -> Result<(Vec<Target>, Vec<String>)> {
    let mut fields = Vec::new();
    let mut filled: Vec<String> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let column = columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name));
        match column {
            Some(column) if filled.contains(column) => {
                return Err(Failure::new(
                    Exit::Failed,
                    format!("column \"{column}\" stands twice in the header"),
                )
                .detail(format!("Found: {}.", names.join(", ")))
                .hint("Rename one of the two: which of them is meant, nobody can know.")
                .into());
            }
            Some(column) => {
                filled.push(column.clone());
                fields.push(Target::Column);
            }
            None => fields.push(Target::Extra(own_name(name, index, names))),
        }
    }
    let missing: Vec<_> = columns
        .iter()
        .filter(|column| !filled.contains(column))
        .map(|column| format!("\"{column}\""))
        .collect();
    if !missing.is_empty() {
        let mut found = names.join(", ").escape_debug().to_string();
        if found.chars().count() > LONGEST_FOUND {
            found = found
                .chars()
                .take(LONGEST_FOUND)
                .chain("...".chars())
                .collect();
        }
        let noun = if missing.len() == 1 {
            "column"
        } else {
            "columns"
        };
        return Err(Failure::new(
            Exit::Failed,
            format!("the header lacks {noun} {}", missing.join(", ")),
        )
        .detail(format!("Found: {found}."))
        .hint("Is this the file that the source describes? Columns are matched by name, in any order.")
        .into());
    }
    Ok((fields, filled))
}

/// The names under which the values of strangers are kept, for each field of a header.
pub(crate) fn kept_names(names: &[String]) -> Vec<String> {
    let each = names.iter().enumerate();
    each.map(|(index, name)| own_name(name, index, names))
        .collect()
}

/// A name under which a stranger's values are kept: none is lost to another of the same name.
fn own_name(name: &str, index: usize, names: &[String]) -> String {
    let place = index + 1;
    if name.is_empty() {
        return format!("column_{place}");
    }
    match names[..index].contains(&name.to_string()) {
        true => format!("{name}_{place}"),
        false => name.to_string(),
    }
}
