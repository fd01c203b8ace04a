//! The difference between the rows of two relations, found by SQL.

use anyhow::Result;
use postgres::GenericClient;
use serde::Serialize;
use serde_json::Value;

/// The difference between the rows of two relations.
#[derive(Serialize)]
pub(crate) struct RowDifference {
    /// The key columns that rows were matched by; `None` if whole rows were compared.
    pub(crate) compared_by: Option<Vec<String>>,
    /// Why the key could not be used, if there is one.
    pub(crate) key_problem: Option<String>,
    pub(crate) columns_added: Vec<String>,
    pub(crate) columns_removed: Vec<String>,
    pub(crate) columns_retyped: Vec<String>,
    pub(crate) rows_before: i64,
    pub(crate) rows_after: i64,
    pub(crate) rows_added: i64,
    pub(crate) rows_removed: i64,
    /// `None` if whole rows were compared.
    pub(crate) rows_changed: Option<i64>,
    /// The compared columns for tables, those of the key first.
    #[serde(skip)]
    pub(crate) columns: Vec<String>,
    /// The first rows of each kind, as objects. A row with `_load_id` and `_row` has its file and line in `origin`.
    pub(crate) added: Value,
    pub(crate) removed: Value,
    /// Objects with `key`, `columns`, which has the old and the new text of each changed column, and `origin`, which has
    /// both files and lines.
    pub(crate) changed: Value,
    /// Notes that are needed to interpret the numbers.
    pub(crate) notes: Vec<String>,
}

/// Compares two relations, by a key if there is one. Returns at most `sample_size` rows of each kind. All differing rows
/// stay in a temporary table until the transaction ends or the next comparison.
pub(crate) fn compare(
    client: &mut impl GenericClient,
    [before, after]: [&str; 2],
    key: Option<&[String]>,
    sample_size: i64,
) -> Result<RowDifference> {
    let sql = "select compared.* from elt.compare_rows($1::text::regclass, $2::text::regclass, $3, $4) as compared";
    let row = client.query_one(sql, &[&before, &after, &key, &sample_size])?;
    let columns = client.query_one(
        include_str!("difference_columns.sql"),
        &[&before, &after, &key],
    )?;
    Ok(RowDifference {
        columns: columns.get(0),
        compared_by: row.get("compared_by"),
        key_problem: row.get("key_problem"),
        columns_added: row.get("columns_added"),
        columns_removed: row.get("columns_removed"),
        columns_retyped: row.get("columns_retyped"),
        rows_before: row.get("rows_before"),
        rows_after: row.get("rows_after"),
        rows_added: row.get("rows_added"),
        rows_removed: row.get("rows_removed"),
        rows_changed: row.get("rows_changed"),
        added: row.get::<_, Option<Value>>("added").unwrap_or_default(),
        removed: row.get::<_, Option<Value>>("removed").unwrap_or_default(),
        changed: row.get::<_, Option<Value>>("changed").unwrap_or_default(),
        notes: Vec::new(),
    })
}
