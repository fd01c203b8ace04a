//! A note about columns that have the time of the last change.

use crate::init::mode::Mode;
use crate::init::names::snake_case;
use crate::init::sniff::Field;
use crate::init::table::Table;

/// Names of columns that have the time of the last change.
const NAMES: [&str; 15] = [
    "changed_at",
    "date_modified",
    "date_updated",
    "last_modified",
    "last_modified_at",
    "last_modified_date",
    "last_updated",
    "last_updated_at",
    "modified",
    "modified_at",
    "modified_date",
    "modified_on",
    "updated",
    "updated_at",
    "updated_on",
];

const TYPES: [&str; 3] = ["date", "timestamp", "timestamptz"];

/// How a source whose loads add rows can read changes only.
pub(in crate::init) fn since_note(fields: &[Field], table: &Table, mode: Mode) -> Option<String> {
    if mode == Mode::Replace {
        return None;
    }
    let is_time = |name: &str| {
        let mut reports = table.reports.iter();
        reports.any(|column| column.name == name && TYPES.contains(&column.sql_type))
    };
    let field = fields.iter().find(|field| {
        let name = snake_case(&field.name);
        NAMES.contains(&name.as_str()) && is_time(&name)
    })?;
    Some(format!(
        "each load reads all records. If the API can filter by \"{0}\", set since_column to {0}, and since_parameter to the \
         parameter of the filter (elt.rest_source): then a load reads what changed since the last one",
        field.path.join(".")
    ))
}
