//! Matches the names of a CSV header to the columns of the staging table, in any order and any case.

use crate::extract::contract::{ColumnDifference, Contract, MOST_NAMES};
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

/// Where the names of the fields come from, for messages.
pub(super) enum NameOrigin {
    Header {
        /// The line where it begins.
        line: u64,
    },
    /// There is no header.
    Position,
}

/// The columns of a file and those of its staging table.
pub(super) struct Matched {
    /// The target of each field.
    pub(super) fields: Vec<FieldTarget>,
    /// The filled columns in the file's order.
    pub(super) filled: Vec<String>,
    pub(super) difference: ColumnDifference,
}

/// Matches the names of a file's fields.
///
/// # Errors
/// If a column appears twice, or a missing or unexpected one is refused.
pub(super) fn match_columns(
    names: &[String],
    columns: &[String],
    origin: &NameOrigin,
    contract: &Contract,
) -> Result<Matched> {
    let mut fields = Vec::new();
    let mut filled: Vec<String> = Vec::new();
    let mut new = Vec::new();
    for (name, extra_name) in names.iter().zip(extra_names(names)) {
        let column = columns
            .iter()
            .find(|column| column.eq_ignore_ascii_case(name));
        match column {
            Some(column) if filled.contains(column) => {
                return Err(repeated_column(column, names, origin));
            }
            Some(column) => {
                filled.push(column.clone());
                fields.push(FieldTarget::Column);
            }
            None => {
                new.push(extra_name.clone());
                fields.push(FieldTarget::Extra(extra_name));
            }
        }
    }
    let missing = columns.iter().filter(|column| !filled.contains(column));
    let missing: Vec<String> = missing.cloned().collect();
    // A file without any of the columns is another file, or has another delimiter.
    let is_other_file = filled.is_empty();
    let refused: Vec<String> = missing
        .iter()
        .filter(|column| is_other_file || !contract.accepts_missing(column))
        .map(|column| format!("\"{column}\""))
        .collect();
    if !refused.is_empty() {
        return Err(missing_columns(&refused, names, origin, is_other_file));
    }
    let place = match origin {
        NameOrigin::Header { .. } => "the header",
        NameOrigin::Position => "the file",
    };
    contract.check_new(&new, place, "column")?;
    new.truncate(MOST_NAMES);
    Ok(Matched {
        fields,
        filled,
        difference: ColumnDifference { new, missing },
    })
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

fn repeated_column(column: &str, names: &[String], origin: &NameOrigin) -> anyhow::Error {
    let message = format!("column \"{column}\" appears twice in the header");
    Failure::new(Exit::Failed, message)
        .detail(count_of_columns(names, origin))
        .private_details(vec![format!("Found: {}.", shorten(names))])
        .hint("Rename one of the two columns.")
        .into()
}

/// `is_other_file`: all columns are missing.
fn missing_columns(
    missing: &[String],
    names: &[String],
    origin: &NameOrigin,
    is_other_file: bool,
) -> anyhow::Error {
    let noun = if missing.len() == 1 {
        "column"
    } else {
        "columns"
    };
    let (what, hint) = match (origin, names) {
        (NameOrigin::Position, _) => (
            "the file",
            "Without a header (elt.source.has_header), the columns are column_1, column_2 and so on.",
        ),
        (NameOrigin::Header { .. }, [one]) if one.contains([',', ';', '\t', '|']) => (
            "the header",
            "The file seems to use another delimiter: set elt.source.delimiter.",
        ),
        (NameOrigin::Header { .. }, _) => (
            "the header",
            "Check that this is the file that the source describes. Columns are matched by name, in any order.",
        ),
    };
    let other_way = if is_other_file {
        ""
    } else {
        " If a column may be missing, set elt.source.on_missing_column to \"null\"."
    };
    let message = format!("{what} lacks {noun} {}", missing.join(", "));
    Failure::new(Exit::Failed, message)
        .detail(count_of_columns(names, origin))
        .private_details(match origin {
            NameOrigin::Header { .. } => vec![format!("Found: {}.", shorten(names))],
            NameOrigin::Position => Vec::new(),
        })
        .hint(format!("{hint}{other_way}"))
        .into()
}

/// The detail that is stored in the database. It quotes no names: if the file has no header, they are values of the
/// first record, which may be personal.
fn count_of_columns(names: &[String], origin: &NameOrigin) -> String {
    let count = names.len();
    let noun = if count == 1 { "column" } else { "columns" };
    match origin {
        NameOrigin::Header { line } => format!("The header on line {line} has {count} {noun}."),
        NameOrigin::Position => format!("Its first records have {count} {noun}."),
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
