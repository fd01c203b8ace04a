//! Compares the report of a dry run with the content of relations before and after the load.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Objects of a relation as texts, counted.
pub(super) type Rows = BTreeMap<String, i64>;

/// The content of a relation before and after a load.
pub(super) struct Content {
    pub(super) name: &'static str,
    pub(super) key: Option<&'static str>,
    pub(super) rows: Vec<Value>,
}

pub(super) fn counted<'a>(rows: impl IntoIterator<Item = &'a Value>) -> Rows {
    let mut counted = Rows::new();
    for row in rows {
        *counted.entry(row.to_string()).or_default() += 1;
    }
    counted
}

/// What the first has more often than the second.
fn only(one: &Rows, other: &Rows) -> Rows {
    let more = |(row, count): (&String, &i64)| {
        let count = count - other.get(row).copied().unwrap_or_default();
        (count > 0).then(|| (row.clone(), count))
    };
    one.iter().filter_map(more).collect()
}

/// The rows of a report, without where they came from.
fn sample(rows: &Value) -> Rows {
    let mut rows = rows.as_array().unwrap().clone();
    for row in &mut rows {
        let row = row.as_object_mut().unwrap();
        row.retain(|name, _| !name.starts_with('_') && name != "origin");
    }
    counted(&rows)
}

/// Whether the preview has exactly the differences between the two contents.
pub(super) fn reports(
    preview: &Value,
    before: &Content,
    after: &Content,
) -> Result<(), TestCaseError> {
    let relations = preview["relations"].as_array().unwrap();
    let relation = relations
        .iter()
        .find(|relation| relation["name"] == after.name);
    let (mut gone, mut new) = (
        only(&counted(&before.rows), &counted(&after.rows)),
        only(&counted(&after.rows), &counted(&before.rows)),
    );
    let Some(relation) = relation else {
        prop_assert!(
            gone.is_empty() && new.is_empty(),
            "{} is not reported",
            after.name
        );
        return Ok(());
    };
    let mut changed = BTreeSet::new();
    if let Some(key) = after.key {
        let by_key = |rows: &Rows| -> BTreeMap<String, String> {
            let of = |row: &String| {
                let value: Value = serde_json::from_str(row).unwrap();
                (value[key].to_string(), row.clone())
            };
            rows.keys().map(of).collect()
        };
        let (old, now) = (by_key(&gone), by_key(&new));
        for (key, row) in &now {
            if let Some(earlier) = old.get(key) {
                changed.insert(key.clone());
                gone.remove(earlier);
                new.remove(row);
            }
        }
    }
    prop_assert_eq!(&sample(&relation["added"]), &new, "added to {}", after.name);
    prop_assert_eq!(
        &sample(&relation["removed"]),
        &gone,
        "removed from {}",
        after.name
    );
    prop_assert_eq!(
        relation["rows_added"].as_i64(),
        Some(new.values().sum()),
        "{}",
        after.name
    );
    prop_assert_eq!(
        relation["rows_removed"].as_i64(),
        Some(gone.values().sum()),
        "{}",
        after.name
    );
    let Some(key) = after.key else {
        prop_assert_eq!(&relation["rows_changed"], &Value::Null, "{}", after.name);
        return Ok(());
    };
    let reported = relation["changed"].as_array().unwrap();
    let keys: BTreeSet<String> = reported
        .iter()
        .map(|row| row["key"][key].to_string())
        .collect();
    prop_assert_eq!(&keys, &changed, "changed in {}", after.name);
    prop_assert_eq!(
        relation["rows_changed"].as_u64(),
        Some(changed.len() as u64),
        "{}",
        after.name
    );
    let content = |rows: &[Value], of_key: &Value| -> Value {
        let row = rows.iter().find(|row| row[key] == *of_key);
        row.unwrap().clone()
    };
    for row in reported {
        let of_key = &row["key"][key];
        let (old, now) = (content(&before.rows, of_key), content(&after.rows, of_key));
        for (column, values) in row["columns"].as_object().unwrap() {
            prop_assert_eq!(&values["before"], &old[column], "{}.{}", after.name, column);
            prop_assert_eq!(&values["after"], &now[column], "{}.{}", after.name, column);
        }
    }
    Ok(())
}
