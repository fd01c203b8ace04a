//! Detects a pooler such as PgBouncer that may run each transaction in another session of the server. Locks,
//! settings and snapshots would then leak to other clients.

use super::connect;
use super::conninfo::Target;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use postgres::Client;
use std::collections::HashSet;
use std::sync::mpsc;
use std::time::Duration;

/// A busy pool may return the same session a few times in a row.
const ROUNDS: usize = 3;

/// Identifies a session among all servers.
const SESSION_ID: &str = "select pg_backend_pid() || ' of ' || pg_postmaster_start_time()";

/// If the second connection takes longer, it waits for the first one to end: the pool of sessions is full.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// Asks two connections in turn for their session. Without a pooler, it never changes.
pub(crate) fn require_own_session(first: &mut Client, target: &Target) -> Result<()> {
    let (ask, requests) = mpsc::channel();
    let (answer, answers) = mpsc::channel();
    let target = target.clone();
    std::thread::spawn(move || -> Option<()> {
        // At the connection limit, there is no second connection to compare with.
        let mut second = connect::connect(&target).ok()?;
        for () in requests {
            answer.send(session(&mut second).ok()?).ok()?;
        }
        Some(())
    });
    let mut of_first = HashSet::new();
    let mut of_second = HashSet::new();
    for _ in 0..ROUNDS {
        of_first.insert(session(first)?);
        // A thread without a connection does not answer either.
        let _ = ask.send(());
        match answers.recv_timeout(TIME_LIMIT) {
            Ok(session) => _ = of_second.insert(session),
            Err(_) => return Ok(()),
        }
    }
    if of_first.len() == 1 && of_second.len() == 1 && of_first != of_second {
        return Ok(());
    }
    let message = "the connection uses a pooler that gives each transaction another session";
    Err(Failure::new(Exit::NoConnection, message)
        .detail("elt keeps locks, settings and snapshots in its sessions, which other clients would get.")
        .hint(
            "Name the server itself, or a pool of sessions: PgBouncer's pool_mode=session, which can be set for \
             one database or one user.",
        )
        .into())
}

/// Sends no prepared statement, because a pooler may lose it.
fn session(client: &mut Client) -> Result<String> {
    Ok(client.query_typed_one(SESSION_ID, &[])?.get(0))
}
