//! The load history: states of loads, the load that a source can be rolled back to, and leftovers.

use crate::failure::sentence::{Sentence, elt};
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
    #[serde(skip)]
    is_rolled_back: bool,
    pub(crate) location: String,
    pub(crate) rows_staged: Option<i64>,
    pub(crate) rows_rejected: Option<i64>,
    /// Staged rows that were purged.
    pub(crate) rows_purged: i64,
    /// Rejects that are kept and not replaced yet.
    pub(crate) rejects_open: i64,
    pub(crate) staging_bytes: i64,
    /// The load whose rejects it replaces.
    pub(crate) replayed_load_id: Option<i64>,
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
}

impl LoadStatus {
    pub(crate) fn state_in_words(&self) -> String {
        match self.is_live {
            true => "live".into(),
            false if self.is_rolled_back => "rolled back".into(),
            false => self.state.clone(),
        }
    }

    fn from_row(row: &Row) -> LoadStatus {
        LoadStatus {
            load_id: row.get("load_id"),
            source: row.get("source"),
            state: row.get("state"),
            is_live: row.get("is_live"),
            is_rolled_back: row
                .get::<_, Option<DateTime<Utc>>>("rolled_back_at")
                .is_some(),
            location: row.get("location"),
            rows_staged: row.get("rows_staged"),
            rows_rejected: row.get("rows_rejected"),
            rows_purged: row.get("rows_purged"),
            rejects_open: row.get("rejects_open"),
            staging_bytes: row.get("staging_bytes"),
            replayed_load_id: row.get("replayed_load_id"),
            loaded_by: row.get("loaded_by"),
            started_at: row.get("started_at"),
            seconds: row.get("seconds"),
            leftover_reason: row.get("leftover_reason"),
            error: row.get("error"),
            since_sent: row.get("since_sent"),
            since_value: row.get("since_value"),
            changed_while_read: row.get("changed_while_read"),
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

/// Loads, the latest first.
pub(crate) fn loads(
    client: &mut Client,
    source: Option<&str>,
    limit: i64,
) -> Result<Vec<LoadStatus>> {
    let clause = "where source = coalesce($1, source) order by load_id desc limit $2";
    select(client, clause, &[&source, &limit])
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

/// A rollback from the live load to an earlier one.
pub(crate) struct Rollback {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// Whether the later loads are undone one by one, because they were appended or merged.
    pub(crate) is_undone: bool,
}

/// Finds the load to roll a source back to: the named one if it can be published again, or the previous one.
pub(crate) fn find_rollback(
    client: &mut Client,
    source: &str,
    to: Option<i64>,
) -> Result<Rollback> {
    let sql = "select load_id, elt.earlier_load(source), source.mode <> 'replace' from elt.live_load \
               inner join elt.source using (source) where source = $1";
    let Some(live) = client.query_opt(sql, &[&source])? else {
        return Err(Failure::new(
            Exit::Failed,
            format!("source \"{source}\" was never loaded"),
        )
        .hint("To load it, run " + elt!("load", source) + ".")
        .into());
    };
    let from: i64 = live.get(0);
    let is_undone: bool = live.get(2);
    let keep = "To load the file again, run "
        + elt!("load")
        + ". How many loads stay in staging is set in elt.source.keep_loads.";
    let Some(wanted) = to else {
        let Some(earlier) = live.get(1) else {
            let message = format!("source \"{source}\" has no earlier load to roll back to");
            return Err(Failure::new(Exit::Failed, message)
                .detail(format!(
                    "Load {from} is live, and no earlier load has its rows in staging."
                ))
                .hint(keep)
                .into());
        };
        return Ok(Rollback {
            from,
            to: earlier,
            is_undone,
        });
    };
    require_publishable(client, source, from, wanted, is_undone, keep)?;
    Ok(Rollback {
        from,
        to: wanted,
        is_undone,
    })
}

/// Refuses a load that cannot be published again. `live`: the live load; `keep`: the hint if it left staging.
fn require_publishable(
    client: &mut Client,
    source: &str,
    live: i64,
    wanted: i64,
    is_undone: bool,
    keep: Sentence,
) -> Result<()> {
    let target = load(client, wanted)?;
    let refuse = |exit: Exit, problem: String, hint: Sentence| -> Result<()> {
        Err(Failure::new(exit, format!("load {wanted} {problem}"))
            .hint(hint)
            .into())
    };
    if target.source != source {
        let hint = elt!("loads", source) + " lists the loads of the source.";
        return refuse(
            Exit::Usage,
            format!("belongs to source \"{}\"", target.source),
            hint,
        );
    }
    if wanted == live {
        return refuse(
            Exit::Usage,
            "is already live".into(),
            "Name an earlier load with --to.".into(),
        );
    }
    if target.state != "published" {
        let hint = "Only a published load can be made live again.".into();
        return refuse(Exit::Failed, format!("was {}", target.state), hint);
    }
    if target.staging_bytes == 0 {
        return refuse(Exit::Failed, "is no longer in staging".into(), keep);
    }
    if is_undone && !target.is_live {
        let hint = "To load its file again, run " + elt!("load", source) + ".";
        return refuse(Exit::Failed, "was taken out of core".into(), hint);
    }
    Ok(())
}
