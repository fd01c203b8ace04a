//! What becomes of the loads of a command after they are staged: they are published, held or rolled back.

use super::preview::Preview;
use super::publish::{self, Published};
use super::{Request, abandon, held, prepare};
use crate::database::Database;
use crate::terminal;
use anyhow::Result;
use postgres::Client;

/// What becomes of staged loads.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum End {
    /// They are published, unless `elt.source.hold` says otherwise.
    Publish,
    /// They wait until they are published or discarded.
    Hold,
    /// They are rolled back.
    DryRun,
}

/// Publishes, holds or rolls back the staged loads. Returns what was published and what was compared.
pub(super) fn end_staged(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    loads: &[i64],
) -> Result<(Option<Published>, Option<Preview>)> {
    if loads.is_empty() {
        return Ok((None, None));
    }
    let connections = request.connections.unwrap_or(prepare::DEFAULT_CONNECTIONS);
    let (published, held) = match request.end {
        End::Publish => held::divide(client, loads)?,
        End::Hold => (Vec::new(), loads.to_vec()),
        End::DryRun => {
            request
                .progress
                .set_unfinished("the loads were not compared: the live data is unchanged");
            let preview = held::dry_run(database, client, loads, connections, request.scope)
                .map_err(|error| abandon(database, loads, error))?;
            request
                .progress
                .set_done("the dry run is recorded: the live data is unchanged".to_string());
            return Ok((None, Some(preview)));
        }
    };
    if held.is_empty() {
        return Ok((publish_staged(database, client, request, &published)?, None));
    }
    request
        .progress
        .set_unfinished("the loads are not held: the live data is unchanged");
    // First, so that nothing is live if rules refuse one of the loads.
    let preview = held::hold(database, client, &held, connections, request.scope)
        .map_err(|error| abandon(database, loads, error))?;
    request
        .progress
        .set_done("the loads are held: the live data is unchanged".to_string());
    let done = publish_staged(database, client, request, &published)?;
    Ok((done, Some(preview)))
}

/// Publishes staged loads together. `None` if there are none.
fn publish_staged(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    loads: &[i64],
) -> Result<Option<Published>> {
    if loads.is_empty() {
        return Ok(None);
    }
    request
        .progress
        .set_unfinished("the loads were not published: the live data is unchanged");
    let connections = request.connections.unwrap_or(prepare::DEFAULT_CONNECTIONS);
    // If rules refused the loads, their state is already recorded.
    let published = publish::publish(database, client, Some(loads), "load", connections)
        .map_err(|error| abandon(database, loads, error))?;
    request.progress.set_done(format!(
        "the loads are live (publish {})",
        published.publish_id
    ));
    for change in &published.changes {
        terminal::step(&format!(
            "{}: {} inserted, {} updated, {} deleted",
            change.table, change.rows_inserted, change.rows_updated, change.rows_deleted
        ));
    }
    Ok(Some(published))
}
