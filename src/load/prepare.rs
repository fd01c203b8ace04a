//! Prepares large core tables for a publish, before its transaction starts: several sessions share a snapshot, and each
//! prepares a part of the keys (elt.prepare_part).

use crate::database::Database;
use crate::db::locks;
use crate::failure::cause;
use crate::signals::Scope;
use crate::terminal;
use anyhow::{Error, Result};
use postgres::Client;
use std::panic::resume_unwind;
use std::thread;

/// Default number of sessions.
pub(crate) const DEFAULT_CONNECTIONS: usize = 2;

/// Prepares a publish of these loads. Returns whether there is something to prepare: then the session holds a lock
/// until `end`.
///
/// # Errors
/// If a session fails. The others are cancelled, and what they prepared is dropped.
pub(super) fn prepare(
    database: &Database,
    client: &mut Client,
    loads: &[i64],
    connections: usize,
) -> Result<bool> {
    let sql = "select exists (select 1 from elt.table_to_prepare($1))";
    if !client.query_one(sql, &[&loads])?.get::<_, bool>(0) {
        return Ok(false);
    }
    let _waiting = terminal::waiting("preparing core tables");
    locks::lock_preparation(client, || {
        terminal::note("waiting for another large publish");
    })?;
    // Drops what a killed process has prepared.
    client.execute("select elt.drop_prepared(null)", &[])?;
    let prepared = connect(database, connections.saturating_sub(1))
        .and_then(|others| run(database, client, others, loads));
    if prepared.is_err() {
        // A part may be prepared. If the connection is lost, the next sweep drops it.
        let _ = client.batch_execute("rollback").map(|()| end(client));
    }
    prepared.map(|()| true)
}

/// Ends the preparation after its publish: drops what was not published.
pub(super) fn end(client: &mut Client) -> Result<()> {
    client.execute("select elt.drop_prepared(null)", &[])?;
    locks::unlock_preparation(client)
}

/// Opens further connections; fewer if the server has no free ones.
fn connect(database: &Database, wanted: usize) -> Result<Vec<Client>> {
    let mut clients = Vec::new();
    while clients.len() < wanted {
        match database.connect("load (prepare)") {
            Ok(client) => clients.push(client),
            Err(error) if cause::is_full(&error) => {
                terminal::step("the server has no free connections: preparing is slower");
                break;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(clients)
}

/// Prepares one part in each session. All see what `client` sees.
fn run(
    database: &Database,
    client: &mut Client,
    mut others: Vec<Client>,
    loads: &[i64],
) -> Result<()> {
    client.batch_execute("begin isolation level repeatable read")?;
    let snapshot: String = client.query_one("select pg_export_snapshot()", &[])?.get(0);
    for other in &mut others {
        other.batch_execute(&format!(
            "begin isolation level repeatable read; set transaction snapshot '{snapshot}'"
        ))?;
    }
    let sessions = std::iter::once(client).chain(&mut others);
    let sessions: Vec<&mut Client> = sessions.collect();
    let all = Scope::default();
    for session in &sessions {
        all.add(database.cancel_of(session));
    }
    let parts = i32::try_from(sessions.len())?;
    let results: Vec<Result<(), Option<Error>>> = thread::scope(|scope| {
        let start = |(part, session)| {
            let all = all.clone();
            scope.spawn(move || {
                let prepared = prepare_part(session, loads, part, parts);
                // The first failure is the cause. The other sessions are cancelled.
                prepared.map_err(|error| all.interrupt().then_some(error))
            })
        };
        let threads: Vec<_> = (0..parts).zip(sessions).map(start).collect();
        let joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .map(|result| result.unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    match results.into_iter().filter_map(Result::err).flatten().next() {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn prepare_part(session: &mut Client, loads: &[i64], part: i32, parts: i32) -> Result<()> {
    let sql = "select elt.prepare_part($1, $2, $3)";
    if let Err(error) = session.execute(sql, &[&loads, &part, &parts]) {
        // The session of the command is used further.
        let _ = session.batch_execute("rollback");
        return Err(error.into());
    }
    Ok(session.batch_execute("commit")?)
}
