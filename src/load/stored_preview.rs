//! What held loads change, as it was recorded when they were held.

use super::preview::Preview;
use anyhow::Result;
use postgres::Client;

/// SQL for the report of a held load. Parameter: the number of the load.
pub(crate) const STORED_PREVIEW: &str =
    "select report from elt.preview where $1::bigint = any(load_ids)";

/// What a held load changes. `None` if it is not held, if it was not compared, or if this role may not read it.
pub(crate) fn stored(client: &mut Client, load_id: i64) -> Result<Option<Preview>> {
    let sql = "select has_table_privilege('elt.preview', 'select')";
    if !client.query_one(sql, &[])?.get::<_, bool>(0) {
        return Ok(None);
    }
    match client.query_opt(STORED_PREVIEW, &[&load_id])? {
        Some(row) => Ok(Some(serde_json::from_value(row.get(0))?)),
        None => Ok(None),
    }
}
