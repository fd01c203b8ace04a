//! The SQL functions that a worker calls, one line each.

use anyhow::Result;
use postgres::{Client, GenericClient};
use serde_json::Value;
use std::time::Duration;

/// A job that a worker has.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) id: i64,
    /// Number of the claim: the fence.
    pub(super) claim: i64,
    pub(super) kind: String,
    /// Schema and name of the function that does it; None for what the program does.
    pub(super) function: Option<String>,
    pub(super) args: Value,
    pub(super) time_limit: Duration,
}

/// How an attempt failed.
pub(super) struct Failed {
    pub(super) error: String,
    pub(super) sqlstate: Option<String>,
    /// Whether another attempt may succeed.
    pub(super) may_pass: bool,
}

pub(super) fn start_worker(
    client: &mut impl GenericClient,
    host: &str,
    queues: &[String],
    concurrency: usize,
    holds_lock: bool,
) -> Result<i64> {
    let sql = "select elt.start_worker($1, $2, $3, $4, $5, $6)";
    let process = i64::from(std::process::id());
    let version = env!("CARGO_PKG_VERSION");
    let concurrency = i64::try_from(concurrency)?;
    let row = client.query_one(
        sql,
        &[
            &host,
            &process,
            &version,
            &queues,
            &concurrency,
            &holds_lock,
        ],
    )?;
    Ok(row.get(0))
}

pub(super) fn stop_worker(client: &mut Client, worker: i64) -> Result<()> {
    client.execute("select elt.stop_worker($1)", &[&worker])?;
    Ok(())
}

pub(super) fn claim(client: &mut Client, worker: i64, queues: &[String]) -> Result<Option<Job>> {
    let sql = "select job_id, claim_number, kind, function_name, args, time_limit_ms \
               from elt.claim_jobs($1, $2, 1)";
    let row = client.query_opt(sql, &[&worker, &queues])?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Job {
        id: row.get(0),
        claim: row.get(1),
        kind: row.get(2),
        function: row.get(3),
        args: row.get(4),
        time_limit: Duration::from_millis(u64::try_from(row.get::<_, i64>(5))?),
    }))
}

/// Jobs that the worker still has, of those that it runs: number, claim, whether it is cancelled.
pub(super) fn heartbeat(
    client: &mut Client,
    worker: i64,
    running: &[i64],
) -> Result<Vec<(i64, i64, bool)>> {
    let rows = client.query("select * from elt.heartbeat($1, $2)", &[&worker, &running])?;
    Ok(rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2)))
        .collect())
}

/// Enqueues what is due, and lets jobs wait again whose worker died.
pub(super) fn look_after(client: &mut Client) -> Result<()> {
    client.batch_execute("select elt.rescue_jobs(); select elt.enqueue_due()")?;
    Ok(())
}

pub(super) fn succeed(client: &mut impl GenericClient, job: &Job, result: &Value) -> Result<()> {
    let sql = "select elt.succeed_job($1, $2, $3)";
    client.execute(sql, &[&job.id, &job.claim, &result])?;
    Ok(())
}

pub(super) fn fail(client: &mut Client, job: &Job, failed: &Failed) -> Result<String> {
    let sql = "select elt.fail_job($1, $2, $3, $4, $5)";
    let row = client.query_one(
        sql,
        &[
            &job.id,
            &job.claim,
            &failed.error,
            &failed.sqlstate,
            &failed.may_pass,
        ],
    )?;
    Ok(row.get(0))
}

pub(super) fn release(client: &mut Client, job: &Job) -> Result<()> {
    client.execute("select elt.release_job($1, $2)", &[&job.id, &job.claim])?;
    Ok(())
}

pub(super) fn progress(client: &mut Client, job: &Job, progress: &Value) -> Result<()> {
    let sql = "select elt.report_progress($1, $2, $3)";
    client.execute(sql, &[&job.id, &job.claim, &progress])?;
    Ok(())
}
