//! Publishes loads in one transaction.

use super::prepare::{self, DEFAULT_CONNECTIONS};
use super::refusal;
use crate::database::Database;
use crate::failure::{explain, user_error};
use crate::quality::{self, RuleResult};
use crate::signals;
use crate::terminal;
use anyhow::Result;
use postgres::{Client, IsolationLevel, Transaction};
use serde::Serialize;
use std::time::Instant;

/// The changes of a publish to one table.
#[derive(Serialize)]
pub(crate) struct TableChange {
    pub(crate) table: String,
    pub(crate) rows_inserted: i64,
    pub(crate) rows_updated: i64,
    pub(crate) rows_deleted: i64,
    /// Time since the previous table, or since the beginning of the publish.
    pub(crate) seconds: Option<f64>,
}

#[derive(Serialize)]
pub(crate) struct Published {
    pub(crate) publish_id: i64,
    pub(crate) changes: Vec<TableChange>,
    /// Time before the publish in which large core tables were prepared. `None` if nothing was prepared.
    pub(crate) prepare_seconds: Option<f64>,
    #[serde(skip)]
    pub(crate) rule_results: Vec<RuleResult>,
}

/// Which loads become live.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    /// Loads that were just staged, or those that are live, for this cause.
    Cause(&'a str),
    /// Loads that were held.
    Held { is_forced: bool },
}

/// Publishes loads together. Without loads, publishes the live ones again. Violations of a rule of level error
/// roll it back and are recorded.
pub(crate) fn publish(
    database: &Database,
    client: &mut Client,
    load_ids: Option<&[i64]>,
    cause: &str,
    connections: usize,
) -> Result<Published> {
    publish_in(database, client, load_ids, Way::Cause(cause), connections)
}

pub(super) fn publish_in(
    database: &Database,
    client: &mut Client,
    load_ids: Option<&[i64]>,
    way: Way<'_>,
    connections: usize,
) -> Result<Published> {
    signals::check()?;
    let loads = match load_ids {
        Some(loads) => loads.to_vec(),
        None => loads_behind(client)?,
    };
    let begun = Instant::now();
    let is_prepared = prepare::prepare(database, client, &loads, connections)?;
    let prepare_seconds = is_prepared.then(|| begun.elapsed().as_secs_f64());
    let published = publish_at_once(client, load_ids, way);
    if is_prepared && let Err(error) = prepare::end(client) {
        // The next command drops what is left.
        let error = explain::one_line(&error);
        terminal::step(&format!("could not drop prepared tables: {error}"));
    }
    let published = Published {
        prepare_seconds,
        ..published?
    };
    analyze(client, &published.changes);
    Ok(published)
}

/// Publishes in one transaction.
fn publish_at_once(
    client: &mut Client,
    load_ids: Option<&[i64]>,
    way: Way<'_>,
) -> Result<Published> {
    let _waiting = terminal::waiting("publishing: core tables, then rules");
    // Each statement must see what was committed before it got its locks.
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .start()?;
    let version = env!("CARGO_PKG_VERSION");
    let row = match way {
        Way::Cause(cause) => {
            let sql = "select elt.publish_loads($1, $2, $3)";
            transaction.query_one(sql, &[&load_ids, &cause, &version])?
        }
        Way::Held { is_forced } => {
            let sql = "select elt.publish_held($1, $2, $3)";
            let row = transaction.query_one(sql, &[&load_ids, &is_forced, &version]);
            row.map_err(user_error)?
        }
    };
    let publish_id: i64 = row.get(0);
    let rule_results = quality::recorded(&mut transaction, publish_id)?;
    if rule_results.iter().any(RuleResult::blocks) {
        transaction.rollback()?;
        let load_ids = load_ids.unwrap_or_default();
        let cause = match way {
            Way::Cause(cause) => cause,
            Way::Held { .. } => "load",
        };
        return Err(refusal::refuse(client, load_ids, cause, &rule_results));
    }
    let changes = changes(&mut transaction, publish_id)?;
    transaction.commit()?;
    Ok(Published {
        publish_id,
        changes,
        prepare_seconds: None,
        rule_results,
    })
}

/// The loads of replace sources that are published again after their core queries changed.
fn loads_behind(client: &mut Client) -> Result<Vec<i64>> {
    let sql = "select load_id from elt.source_behind where mode = 'replace'";
    let rows = client.query(sql, &[])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn changes(transaction: &mut Transaction<'_>, publish_id: i64) -> Result<Vec<TableChange>> {
    let sql = "select table_name, rows_inserted, rows_updated, rows_deleted, seconds \
               from elt.publish_change where publish_id = $1 order by table_name";
    Ok(transaction
        .query(sql, &[&publish_id])?
        .iter()
        .map(|row| TableChange {
            table: row.get(0),
            rows_inserted: row.get(1),
            rows_updated: row.get(2),
            rows_deleted: row.get(3),
            seconds: row.get(4),
        })
        .collect())
}

/// Updates statistics of changed tables for later queries. The publish is committed even if this fails.
fn analyze(client: &mut Client, changes: &[TableChange]) {
    for change in changes {
        let rows_changed = change.rows_inserted + change.rows_updated + change.rows_deleted;
        let sql = "select elt.analyze_change($1, $2)";
        if let Err(error) = client.execute(sql, &[&change.table, &rows_changed]) {
            // The message for the interrupt tells what was committed.
            if signals::happened() {
                return;
            }
            let error = explain::one_line(&error.into());
            terminal::warn(format!("could not analyze {}: {error}", change.table));
            return;
        }
    }
}

/// Sources whose live loads were published by older core queries.
#[derive(Default)]
pub(crate) struct OutdatedSources {
    /// Sources that can be published again from staging.
    pub(crate) staged: Vec<String>,
    /// Sources of mode append or merge whose older loads are no longer in staging.
    pub(crate) to_reload: Vec<String>,
}

impl OutdatedSources {
    pub(crate) fn is_empty(&self) -> bool {
        self.staged.is_empty() && self.to_reload.is_empty()
    }
}

pub(crate) fn outdated_sources(client: &mut Client) -> Result<OutdatedSources> {
    let known = "select to_regclass('elt.source_behind') is not null";
    if !client.query_typed_one(known, &[])?.get::<_, bool>(0) {
        return Ok(OutdatedSources::default());
    }
    let sql = "select source, can_be_published from elt.source_behind order by source";
    let mut outdated = OutdatedSources::default();
    for row in client.query_typed(sql, &[])? {
        if row.get(1) {
            outdated.staged.push(row.get(0))
        } else {
            outdated.to_reload.push(row.get(0))
        }
    }
    Ok(outdated)
}

/// Publishes live loads again from staging if core queries changed.
pub(crate) fn republish(database: &Database, client: &mut Client) -> Result<Option<i64>> {
    if outdated_sources(client)?.staged.is_empty() {
        return Ok(None);
    }
    Ok(Some(
        publish(database, client, None, "migrate", DEFAULT_CONNECTIONS)?.publish_id,
    ))
}
