//! The load history: states of loads, lists of loads, all facts of one, the load that a source can be rolled back to,
//! loads that can be compared, and leftovers.

mod compare;
mod facts;
mod list;
mod rollback;

pub(crate) use compare::{ComparedLoad, filled_tables, find_loads, keep_rows, require_right};
pub(crate) use facts::{CHANGES, Change, FACTS, Fact, changes, facts};
pub(crate) use list::{
    LoadFilter, STATES, TIME_BOUNDS, TIME_FORMS, load_conditions, loads, time_bounds,
};
pub(crate) use rollback::find_rollback;

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::types::ToSql;
use postgres::{Client, Row};
use serde::Serialize;

/// A row of `elt.load_status`.
#[derive(Serialize)]
pub(crate) struct LoadStatus {
    pub(crate) load_id: i64,
    pub(crate) source: String,
    /// As in `elt.load`.
    pub(crate) state: String,
    /// Whether its rows are in core.
    pub(crate) is_live: bool,
    /// `live`, `rolled back`, or as `state`.
    pub(crate) state_in_words: String,
    pub(crate) location: String,
    /// Name of the file without folders, or address of the API.
    pub(crate) file: String,
    pub(crate) size_bytes: Option<i64>,
    pub(crate) rows_staged: Option<i64>,
    pub(crate) rows_rejected: Option<i64>,
    /// Staged rows that were purged.
    pub(crate) rows_purged: i64,
    /// Rejects that were purged.
    pub(crate) rejects_purged: i64,
    /// Rejects that are kept and not replaced yet.
    pub(crate) rejects_open: i64,
    pub(crate) staging_bytes: i64,
    /// The load whose rejects it replaces.
    pub(crate) replayed_load_id: Option<i64>,
    /// The file of corrected rejects.
    pub(crate) replay_location: Option<String>,
    /// What it replays, and what was purged of it. Empty for most loads.
    pub(crate) note: String,
    pub(crate) loaded_by: String,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) seconds: f64,
    /// Why its rows are dropped from staging next.
    pub(crate) leftover_reason: Option<String>,
    pub(crate) error: Option<String>,
    /// Value that was sent to an API to get only newer records.
    pub(crate) since_sent: Option<String>,
    /// Value that the next load continues from.
    pub(crate) since_value: Option<String>,
    /// What changed while the pages of an API were read, if that was accepted.
    pub(crate) changed_while_read: Option<String>,
    #[serde(skip)]
    pub(crate) error_line: Option<String>,
}

impl LoadStatus {
    fn from_row(row: &Row) -> LoadStatus {
        LoadStatus {
            load_id: row.get("load_id"),
            source: row.get("source"),
            state: row.get("state"),
            is_live: row.get("is_live"),
            state_in_words: row.get("state_in_words"),
            location: row.get("location"),
            file: row.get("file"),
            size_bytes: row.get("size_bytes"),
            rows_staged: row.get("rows_staged"),
            rows_rejected: row.get("rows_rejected"),
            rows_purged: row.get("rows_purged"),
            rejects_purged: row.get("rejects_purged"),
            rejects_open: row.get("rejects_open"),
            staging_bytes: row.get("staging_bytes"),
            replayed_load_id: row.get("replayed_load_id"),
            replay_location: row.get("replay_location"),
            note: row.get("note"),
            loaded_by: row.get("loaded_by"),
            started_at: row.get("started_at"),
            seconds: row.get("seconds"),
            leftover_reason: row.get("leftover_reason"),
            error: row.get("error"),
            since_sent: row.get("since_sent"),
            since_value: row.get("since_value"),
            changed_while_read: row.get("changed_while_read"),
            error_line: row.get("error_line"),
        }
    }
}

/// `clause` must come from this program.
fn select(
    client: &mut Client,
    clause: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Result<Vec<LoadStatus>> {
    let sql = format!(
        "select *, extract(epoch from duration)::float8 as seconds from elt.load_status {clause}"
    );
    Ok(client
        .query(&sql, values)?
        .iter()
        .map(LoadStatus::from_row)
        .collect())
}

pub(crate) fn load(client: &mut Client, load_id: i64) -> Result<LoadStatus> {
    select(client, "where load_id = $1", &[&load_id])?
        .pop()
        .ok_or_else(|| no_load(load_id))
}

/// Loads that take space, are running, or failed after the live load of their source.
pub(crate) fn notable(client: &mut Client) -> Result<Vec<LoadStatus>> {
    let clause = "where staging_bytes > 0 or (state in ('failed', 'refused', 'interrupted') and load_id > all( \
                  select live_load.load_id from elt.live_load where live_load.source = load_status.source)) \
                  order by source, load_id desc";
    select(client, clause, &[])
}

/// Loads whose staged rows are no longer needed.
pub(crate) fn leftovers(client: &mut Client) -> Result<Vec<LoadStatus>> {
    select(
        client,
        "where leftover_reason is not null order by load_id",
        &[],
    )
}

pub(crate) fn no_load(load_id: i64) -> anyhow::Error {
    Failure::new(Exit::Usage, format!("there is no load {load_id}"))
        .hint("To list them, run " + elt!("loads") + ".")
        .into()
}
