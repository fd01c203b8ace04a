//! Loads that wait until they are published or discarded, and dry runs.

use super::preview::{Preview, Scope};
use super::publish::{self, Published};
use super::{lock, preview, refusal};
use crate::database::Database;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, explain, user_error};
use crate::{signals, terminal};
use anyhow::Result;
use postgres::Client;

/// Divides staged loads into those to publish now and those to hold, which `elt.source.hold` says.
pub(super) fn divide(client: &mut Client, loads: &[i64]) -> Result<(Vec<i64>, Vec<i64>)> {
    let sql = "select load_id, hold from elt.load inner join elt.source using (source) \
               where load_id = any($1) order by load_id";
    let rows = client.query(sql, &[&loads])?;
    let (held, published): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.get(1));
    let ids = |rows: Vec<&postgres::Row>| rows.iter().map(|row| row.get(0)).collect();
    Ok((ids(published), ids(held)))
}

/// Compares what the loads would change, and holds them. Loads that rules refuse are recorded as refused.
pub(super) fn hold(
    database: &Database,
    client: &mut Client,
    loads: &[i64],
    connections: usize,
    scope: Scope,
) -> Result<Preview> {
    let preview = preview::preview(database, client, loads, connections, scope)?;
    if !preview.refused_by.is_empty() {
        return Err(refusal::refuse(
            client,
            loads,
            "load",
            &preview.rule_results,
        ));
    }
    let report = serde_json::to_value(&preview)?;
    client.execute("select elt.hold_loads($1, $2)", &[&loads, &report])?;
    Ok(preview)
}

/// Compares what the loads would change, and records that they were dry runs.
pub(super) fn dry_run(
    database: &Database,
    client: &mut Client,
    loads: &[i64],
    connections: usize,
    scope: Scope,
) -> Result<Preview> {
    let preview = preview::preview(database, client, loads, connections, scope)?;
    let outcome = match preview.refused_by.as_slice() {
        [] => None,
        rules => Some(format!(
            "it would be refused by \"{}\"",
            rules.join("\", \"")
        )),
    };
    client.execute("select elt.end_dry_run($1, $2)", &[&loads, &outcome])?;
    Ok(preview)
}

/// How held loads are published.
#[derive(Clone, Copy)]
pub(crate) struct Decision {
    /// Also a load that is older than a live one that it replaces.
    pub(crate) is_forced: bool,
    /// Whether to wait for a load of the same source.
    pub(crate) wait: bool,
}

/// Publishes held loads together.
///
/// # Errors
/// If one of the loads is not held, or if rules refuse them. They are then still held.
pub(crate) fn publish_held(
    database: &Database,
    client: &mut Client,
    loads: &[i64],
    decision: Decision,
    connections: usize,
) -> Result<Published> {
    lock_sources(client, loads, decision.wait)?;
    let way = publish::Way::Held {
        is_forced: decision.is_forced,
    };
    publish::publish_in(database, client, Some(loads), way, connections)
}

/// Gives up held loads.
pub(crate) fn discard(client: &mut Client, loads: &[i64], wait: bool) -> Result<()> {
    lock_sources(client, loads, wait)?;
    signals::check()?;
    client
        .execute("select elt.discard_loads($1)", &[&loads])
        .map_err(user_error)?;
    if let Err(error) = super::sweep(client) {
        signals::check()?;
        // The decision is recorded; the next load sweeps.
        let error = explain::one_line(&error);
        terminal::warn(format!("could not clean up old loads: {error}"));
    }
    Ok(())
}

/// The error of a command that would do what a held load does too.
pub(super) fn decide_first(load: i64, message: String) -> anyhow::Error {
    Failure::new(Exit::Usage, message)
        .hint(
            "Publish it or discard it first: "
                + elt!("publish", load)
                + ", or "
                + elt!("discard", load)
                + ".",
        )
        .into()
}

/// Locks the sources of held loads, in the order of their names.
fn lock_sources(client: &mut Client, loads: &[i64], wait: bool) -> Result<()> {
    if loads.is_empty() {
        return Err(Failure::new(Exit::Usage, "no load is named")
            .hint("To list the held loads: " + elt!("loads", "--state", "held"))
            .into());
    }
    let sql = "select distinct source from elt.load where load_id = any($1) order by source";
    for row in client.query(sql, &[&loads])? {
        lock(client, row.get(0), wait)?;
    }
    client
        .execute("select elt.require_held($1)", &[&loads])
        .map_err(user_error)?;
    Ok(())
}
