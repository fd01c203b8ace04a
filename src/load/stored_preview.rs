//! What held loads change, as it was recorded when they were held.

use super::preview::{Preview, RelationChange};
use anyhow::Result;
use postgres::Client;
use serde_json::Value;

/// SQL for the report of a held load and the columns of its relations. Parameter: the number of the load.
pub(crate) const STORED_PREVIEW: &str = include_str!("stored_preview.sql");

impl Preview {
    /// `report` and `columns`: as `STORED_PREVIEW` returns them.
    pub(crate) fn from_stored(report: Value, columns: &Value) -> serde_json::Result<Preview> {
        let mut preview: Preview = serde_json::from_value(report)?;
        for relation in &mut preview.relations {
            let known: Vec<String> =
                serde_json::from_value(columns[&relation.name].clone()).unwrap_or_default();
            let key = relation.compared_by.clone().unwrap_or_default();
            // Exports are no views, and a column may have been dropped since then.
            let others = shown_columns(relation);
            let mut ordered: Vec<String> = Vec::new();
            for column in key.into_iter().chain(known).chain(others) {
                if !ordered.contains(&column) {
                    ordered.push(column);
                }
            }
            relation.columns = ordered;
        }
        Ok(preview)
    }
}

/// The columns of the shown rows, without those that say where a row is from.
fn shown_columns(relation: &RelationChange) -> Vec<String> {
    let rows = [&relation.added, &relation.removed];
    let rows = rows.into_iter().filter_map(Value::as_array).flatten();
    let columns = rows.filter_map(Value::as_object).flat_map(|row| row.keys());
    let columns = columns.chain(relation.columns_changed.keys());
    let is_data = |column: &&String| !["origin", "_load_id", "_row"].contains(&column.as_str());
    columns.filter(is_data).cloned().collect()
}

/// What a held load changes. `None` if it is not held, if it was not compared, or if this role may not read it.
pub(crate) fn stored(client: &mut Client, load_id: i64) -> Result<Option<Preview>> {
    let sql = "select has_table_privilege('elt.preview', 'select')";
    if !client.query_one(sql, &[])?.get::<_, bool>(0) {
        return Ok(None);
    }
    match client.query_opt(STORED_PREVIEW, &[&load_id])? {
        Some(row) => Ok(Some(Preview::from_stored(row.get(0), &row.get(1))?)),
        None => Ok(None),
    }
}
