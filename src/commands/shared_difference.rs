//! Prints the difference between the rows of two relations.

use crate::difference::RowDifference;
use crate::terminal::{self, Table, number};
use anyhow::Result;
use serde_json::Value;

/// Counts, how rows were matched, changed columns, and the first rows of each kind.
pub(super) fn print(differ: &RowDifference) -> Result<()> {
    terminal::line(&format!("added    {}", number(differ.rows_added)))?;
    terminal::line(&format!("removed  {}", number(differ.rows_removed)))?;
    if let Some(changed) = differ.rows_changed {
        terminal::line(&format!("changed  {}", number(changed)))?;
    }
    let told_apart = match &differ.compared_by {
        Some(key) => format!("rows are matched by ({})", key.join(", ")),
        None => match &differ.key_problem {
            Some(problem) => {
                format!("whole rows are compared, because the key cannot be used: {problem}")
            }
            None => "whole rows are compared, because no key is known".into(),
        },
    };
    terminal::line(&told_apart)?;
    for (what, columns) in [
        ("new columns", &differ.columns_added),
        ("removed columns", &differ.columns_removed),
        ("columns with a new type", &differ.columns_retyped),
    ] {
        if !columns.is_empty() {
            terminal::line(&format!("{what}: {}", columns.join(", ")))?;
        }
    }
    print_rows("added", &differ.added, &differ.columns)?;
    print_rows("removed", &differ.removed, &differ.columns)?;
    let key = differ.compared_by.as_deref().unwrap_or_default();
    print_changes("changed", &differ.changed, key, &differ.columns)?;
    differ.notes.iter().for_each(terminal::note);
    Ok(())
}

pub(super) fn print_rows(what: &str, rows: &Value, columns: &[String]) -> Result<()> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return Ok(());
    }
    // A column of only one side is missing in the rows of the other one.
    let is_found = |column: &&str| rows.iter().any(|row| row.get(*column).is_some());
    let columns: Vec<&str> = columns
        .iter()
        .map(String::as_str)
        .chain(["origin"])
        .filter(is_found)
        .collect();
    let mut table = Table::new(&columns);
    for row in rows {
        table.row(columns.iter().map(|column| shown(&row[*column])).collect());
    }
    terminal::line(&format!("\nfirst rows {what}:"))?;
    terminal::line(&table.text())
}

/// A line for each changed column.
pub(super) fn print_changes(
    what: &str,
    rows: &Value,
    key: &[String],
    columns: &[String],
) -> Result<()> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return Ok(());
    }
    let has_origin = rows.iter().any(|row| row.get("origin").is_some());
    let mut headers: Vec<&str> = key.iter().map(String::as_str).collect();
    headers.extend(["column", "before", "after"]);
    if has_origin {
        headers.extend(["origin before", "origin after"]);
    }
    let mut table = Table::new(&headers);
    for row in rows {
        let changed = columns
            .iter()
            .filter_map(|column| Some((column, row["columns"].get(column)?)));
        for (column, values) in changed {
            let mut cells: Vec<String> = key.iter().map(|part| shown(&row["key"][part])).collect();
            cells.extend([
                column.clone(),
                shown(&values["before"]),
                shown(&values["after"]),
            ]);
            if has_origin {
                let origin = &row["origin"];
                cells.extend([shown(&origin["before"]), shown(&origin["after"])]);
            }
            table.row(cells);
        }
    }
    terminal::line(&format!("\nfirst rows {what}:"))?;
    terminal::line(&table.text())
}

/// A text without quotes, unless it could be mistaken for another value.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() && text.trim() == text && text != "null" => {
            text.clone()
        }
        value => value.to_string(),
    }
}
