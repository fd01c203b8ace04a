//! Prints the difference between the rows of two relations.

use crate::difference::RowDifference;
use crate::terminal::{self, number};
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
    for (what, rows) in [("added", &differ.added), ("removed", &differ.removed)] {
        print_samples(what, rows, ToString::to_string)?;
    }
    print_samples("changed", &differ.changed, changed_row)?;
    differ.notes.iter().for_each(terminal::note);
    Ok(())
}

fn print_samples(what: &str, rows: &Value, line: impl Fn(&Value) -> String) -> Result<()> {
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return Ok(());
    }
    terminal::line(&format!("\nfirst rows {what}:"))?;
    rows.iter()
        .try_for_each(|row| terminal::line(&format!("  {}", line(row))))
}

/// `{"id": 7}: name "a" -> "b"`.
fn changed_row(row: &Value) -> String {
    let columns = row["columns"].as_object().into_iter().flatten();
    let changes: Vec<String> = columns
        .map(|(name, values)| format!("{name} {} -> {}", values["before"], values["after"]))
        .collect();
    format!("{}: {}", row["key"], changes.join(", "))
}
