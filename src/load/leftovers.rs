//! Cleans up after dead and old loads.

use crate::history::{self, LoadStatus};
use anyhow::Result;
use postgres::Client;

/// Drops leftovers for `elt gc`. Returns the dropped loads, and those that stay because another session reads them.
pub(crate) fn collect_leftovers(client: &mut Client) -> Result<(Vec<LoadStatus>, Vec<LoadStatus>)> {
    // Marks dead loads, so that they count as leftovers.
    let sql = "select elt.mark_dead_loads()";
    client.execute(sql, &[])?;
    let before = history::leftovers(client)?;
    sweep(client)?;
    let after = history::leftovers(client)?;
    let stays = |load: &LoadStatus| after.iter().any(|left| left.load_id == load.load_id);
    let (in_use, dropped) = before.into_iter().partition(stays);
    Ok((dropped, in_use))
}

/// Cleans up after dead and old loads. Returns the numbers of the dead ones.
pub(super) fn sweep(client: &mut Client) -> Result<Vec<i64>> {
    let rows = client.query_typed("select * from elt.sweep()", &[])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
