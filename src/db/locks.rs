//! The advisory locks that elt takes. `sql/elt/` uses the same numbers: 6646900 is "elt" in ASCII.

use crate::failure::{Exit, Failure};
use crate::signals;
use anyhow::Result;
use postgres::types::Type;
use postgres::{Client, GenericClient};
use std::time::Duration;

/// (6646900, 1): a migration is running. (6646900, 2): a publish or a purge is running (elt.open_publish).
/// (6646900, 3): jobs of dead workers are being rescued (elt.rescue_jobs). (6646900, 4): a publish is being prepared and
/// then published (elt.sweep).
const MIGRATE: (i32, i32) = (6_646_900, 1);
const PREPARE: (i32, i32) = (6_646_900, 4);
/// (6646901, load): the program of the load is alive (elt.sweep).
const LOAD: i32 = 6_646_901;
/// (6646902, hash of the source's name): the source is being loaded.
const SOURCE: i32 = 6_646_902;
/// (6646903, worker): the worker is alive (elt.rescue_jobs). (6646904, hash of a name): a sign-in with this name
/// is in progress (elt.begin_sign_in). (6646905, 0): a web server waits for changes of jobs (elt.notify_job_change).
const WORKER: i32 = 6_646_903;

/// Time between two attempts to get the lock of migrations.
const POLL: Duration = Duration::from_millis(100);

/// Waits for another migration to end. It polls, because a waiting statement holds a snapshot, for which `create
/// index concurrently` would wait in turn. `wait` is called once, before it waits.
pub(crate) fn lock_migrations(client: &mut Client, wait: impl FnOnce()) -> Result<()> {
    let (class, number) = MIGRATE;
    let mut wait = Some(wait);
    loop {
        // One round trip: when the session shows as idle after this statement, the answer was received.
        let sql = "select pg_try_advisory_lock($1, $2)";
        if client
            .query_typed_one(sql, &[(&class, Type::INT4), (&number, Type::INT4)])?
            .get(0)
        {
            return Ok(());
        }
        if let Some(wait) = wait.take() {
            wait();
        }
        signals::check()?;
        std::thread::sleep(POLL);
    }
}

pub(crate) fn unlock_migrations(client: &mut Client) -> Result<()> {
    let (class, number) = MIGRATE;
    client.execute("select pg_advisory_unlock($1, $2)", &[&class, &number])?;
    Ok(())
}

/// Waits for the preparation and publish of other loads. `wait` is called once, before it waits.
pub(crate) fn lock_preparation(client: &mut Client, wait: impl FnOnce()) -> Result<()> {
    let (class, number) = PREPARE;
    let sql = "select pg_try_advisory_lock($1, $2)";
    if client.query_one(sql, &[&class, &number])?.get(0) {
        return Ok(());
    }
    wait();
    client.execute("select pg_advisory_lock($1, $2)", &[&class, &number])?;
    Ok(())
}

pub(crate) fn unlock_preparation(client: &mut Client) -> Result<()> {
    let (class, number) = PREPARE;
    client.execute("select pg_advisory_unlock($1, $2)", &[&class, &number])?;
    Ok(())
}

/// Marks a load as alive until the session ends.
pub(crate) fn mark_alive(client: &mut impl GenericClient, load_id: i64) -> Result<()> {
    // elt.sweep casts the same way; load numbers will not reach 2^31.
    let sql = "select pg_advisory_lock($1, $2::bigint::integer)";
    client.execute(sql, &[&LOAD, &load_id])?;
    Ok(())
}

/// Marks a worker as alive until the session ends (elt.rescue_jobs).
pub(crate) fn mark_worker_alive(client: &mut impl GenericClient, worker_id: i64) -> Result<()> {
    let sql = "select pg_advisory_lock($1, $2::bigint::integer)";
    client.execute(sql, &[&WORKER, &worker_id])?;
    Ok(())
}

/// The same after a lost connection. Ends the old session first, because the server may not have noticed yet and may
/// keep its lock for hours.
pub(crate) fn mark_worker_alive_after_reconnect(client: &mut Client, worker_id: i64) -> Result<()> {
    let end = "select pg_terminate_backend(pid) from pg_locks \
               where locktype = 'advisory' and granted and pid <> pg_backend_pid() \
               and database = (select oid from pg_database where datname = current_database()) \
               and classid = $1::integer::oid and objid = $2::bigint::oid and objsubid = 2";
    client.query(end, &[&WORKER, &worker_id])?;
    client.batch_execute("set lock_timeout to '5s'")?;
    mark_worker_alive(client, worker_id)?;
    Ok(client.batch_execute("reset lock_timeout")?)
}

/// Locks a source until the connection ends. With `wait`, calls it once and waits for the lock; without it, fails
/// and names the holder of the lock.
pub(crate) fn lock_source(
    client: &mut Client,
    source: &str,
    wait: Option<&dyn Fn()>,
) -> Result<()> {
    let sql = "select pg_try_advisory_lock($1, hashtext($2))";
    if client.query_one(sql, &[&SOURCE, &source])?.get(0) {
        return Ok(());
    }
    if let Some(wait) = wait {
        wait();
        let sql = "select pg_advisory_lock($1, hashtext($2))";
        client.execute(sql, &[&SOURCE, &source])?;
        return Ok(());
    }
    let sql = "select format('%s of role %s on %s, since %s', \
               replace(activity.application_name, '(', '(process '), \
               activity.usename, coalesce(host(activity.client_addr), 'this machine'), \
               to_char(activity.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ')) \
               from pg_locks as held inner join pg_stat_activity as activity using (pid) \
               where held.locktype = 'advisory' and held.granted \
               and held.database = (select oid from pg_database where datname = current_database()) \
               and held.classid = $1::integer::oid and held.objid = (hashtext($2)::bigint & 4294967295)::oid";
    let holder = client
        .query_opt(sql, &[&SOURCE, &source])?
        .map_or("a process that has just ended".to_string(), |row| {
            row.get(0)
        });
    Err(Failure::new(
        Exit::Failed,
        format!("could not lock source \"{source}\": another session is loading it"),
    )
    .detail(format!("The lock is held by {holder}."))
    .hint("Try again later, or wait for the lock with --wait.")
    .into())
}
