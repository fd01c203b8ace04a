//! Whether a pooler such as PgBouncer gives each transaction another session of the server. A lock, a
//! setting or a snapshot of ours would then be left to whoever comes next.

use super::connect;
use super::conninfo::Target;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use postgres::Client;
use std::collections::HashSet;
use std::sync::mpsc;
use std::time::Duration;

/// A pool that others use may lend us the same session a few times in a row.
const ROUNDS: usize = 3;

/// The session, on whichever server.
const WHICH: &str = "select pg_backend_pid() || ' of ' || pg_postmaster_start_time()";

/// Then the second connection waits for the first one to leave: a pool of sessions that is full.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks two connections in turn which session they are in: their own, always, if nobody shares them.
pub(crate) fn require_own_session(first: &mut Client, target: &Target) -> Result<()> {
    let (ask, asked) = mpsc::channel();
    let (answer, answered) = mpsc::channel();
    let target = target.clone();
    std::thread::spawn(move || -> Option<()> {
        // With as many connections as one may have there is nothing to compare.
        let mut second = connect::connect(&target).ok()?;
        for () in asked {
            answer.send(session(&mut second).ok()?).ok()?;
        }
        Some(())
    });
    let mut of_first = HashSet::new();
    let mut of_second = HashSet::new();
    for _ in 0..ROUNDS {
        of_first.insert(session(first)?);
        // Who does not come to listen has no connection, and does not answer either.
        let _ = ask.send(());
        match answered.recv_timeout(PATIENCE) {
            Ok(session) => _ = of_second.insert(session),
            Err(_) => return Ok(()),
        }
    }
    if of_first.len() == 1 && of_second.len() == 1 && of_first != of_second {
        return Ok(());
    }
    let message =
        "the connection goes through a pooler that gives each transaction another session";
    Err(Failure::new(Exit::NoConnection, message)
        .detail("elt holds locks, settings and snapshots in its sessions, which others would meet there.")
        .hint(
            "Name the server itself, or a pool of sessions: PgBouncer's pool_mode=session, which one \
             database or one user of a pool can have.",
        )
        .into())
}

/// Without a prepared statement, which a pooler may lose.
fn session(client: &mut Client) -> Result<String> {
    Ok(client.query_typed_one(WHICH, &[])?.get(0))
}
