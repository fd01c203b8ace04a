//! Whether a pooler such as PgBouncer gives each transaction another session of the server. A lock, a
//! setting or a snapshot of ours would then be left to whoever comes next.

use super::connect;
use super::conninfo::Target;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use postgres::Client;
use std::collections::HashSet;

/// A pool that others use may lend us the same session a few times in a row.
const ROUNDS: usize = 3;

/// The session, on whichever server.
const WHICH: &str = "select pg_backend_pid() || ' of ' || pg_postmaster_start_time()";

/// Asks two connections in turn which session they are in: their own, always, if nobody shares them.
pub(super) fn require_own_session(first: &mut Client, target: &Target) -> Result<()> {
    // With as many connections as one may have there is nothing to compare.
    let Ok(mut second) = connect::connect(target) else {
        return Ok(());
    };
    let mut of_first = HashSet::new();
    let mut of_second = HashSet::new();
    for _ in 0..ROUNDS {
        of_first.insert(session(first)?);
        of_second.insert(session(&mut second)?);
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
