//! The SQL functions that a worker calls. Parameter types are given, so that each call is one round trip.

use crate::failure::user_error;
use anyhow::Result;
use postgres::types::{ToSql, Type};
use postgres::{Client, GenericClient};
use serde_json::Value;
use std::time::Duration;

/// A job that a worker has claimed.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) id: i64,
    /// Number of the claim. The server refuses reports with an old number.
    pub(super) claim_number: i64,
    pub(super) kind: String,
    /// Schema and name of the function to call; `None` if the program runs the job.
    pub(super) function: Option<String>,
    /// A JSON object as text; `None` if a function runs the job.
    pub(super) args: Option<String>,
    pub(super) time_limit: Duration,
}

pub(super) enum Claimed {
    Job(Job),
    /// No job can run now. The time until the next one is due; `None` if no job is scheduled.
    Nothing(Option<Duration>),
}

/// A job that a worker has according to the server.
pub(super) struct Held {
    /// Numbers of the job and of the claim.
    pub(super) claim: (i64, i64),
    pub(super) is_cancelled: bool,
}

/// How an attempt failed.
pub(super) struct Failed {
    pub(super) error: String,
    pub(super) sqlstate: Option<String>,
    /// Whether another attempt may succeed.
    pub(super) may_pass: bool,
}

impl Job {
    pub(super) fn claim(&self) -> (i64, i64) {
        (self.id, self.claim_number)
    }
}

pub(super) fn start_worker(
    client: &mut impl GenericClient,
    host: &str,
    queues: &[String],
    concurrency: usize,
    holds_lock: bool,
) -> Result<i64> {
    let row = client.query_typed_one(
        "select elt.start_worker($1, $2, $3, $4, $5, $6)",
        &[
            (&host, Type::TEXT),
            (&i64::from(std::process::id()), Type::INT8),
            (&env!("CARGO_PKG_VERSION"), Type::TEXT),
            (&queues, Type::TEXT_ARRAY),
            (&i64::try_from(concurrency)?, Type::INT8),
            (&holds_lock, Type::BOOL),
        ],
    );
    Ok(row.map_err(user_error)?.get(0))
}

pub(super) fn stop_worker(client: &mut Client, worker: i64) -> Result<()> {
    client.execute_typed("select elt.stop_worker($1)", &[(&worker, Type::INT8)])?;
    Ok(())
}

pub(super) fn claim(client: &mut Client, worker: i64, queues: &[String]) -> Result<Claimed> {
    // One statement, because both parts need the same now() (see elt.job_wait).
    let row = client.query_typed_one(
        "select job_id, claim_number, kind, function_name, args, time_limit_ms, \
         case when job_id is null then elt.job_wait($2) end \
         from (values (1)) as one left join elt.claim_jobs($1, $2, 1) on true",
        &[(&worker, Type::INT8), (&queues, Type::TEXT_ARRAY)],
    )?;
    let Some(id) = row.get(0) else {
        return Ok(Claimed::Nothing(milliseconds(row.get(6))));
    };
    Ok(Claimed::Job(Job {
        id,
        claim_number: row.get(1),
        kind: row.get(2),
        function: row.get(3),
        args: row.get(4),
        time_limit: Duration::from_millis(u64::try_from(row.get::<_, i64>(5))?),
    }))
}

/// A wait that the server computed; 0 if it has passed meanwhile.
fn milliseconds(count: Option<i64>) -> Option<Duration> {
    count.map(|count| Duration::from_millis(u64::try_from(count).unwrap_or(0)))
}

/// Calls the function of a job. Its effect and the success of the job are one statement, and so one transaction.
/// A constraint of `elt.job_kind` ensures that `function` is a qualified name.
pub(super) fn call(client: &mut Client, function: &str, job: &Job) -> Result<()> {
    let sql = format!(
        "select elt.succeed_job(job.job_id, $2, {function}(job.args)::jsonb) \
         from elt.job where job.job_id = $1"
    );
    let params: [(&(dyn ToSql + Sync), Type); 2] =
        [(&job.id, Type::INT8), (&job.claim_number, Type::INT8)];
    client.query_typed(&sql, &params)?;
    Ok(())
}

/// Renews the leases of the running jobs. Returns those that the worker still has.
pub(super) fn heartbeat(client: &mut Client, worker: i64, running: &[i64]) -> Result<Vec<Held>> {
    let rows = client.query_typed(
        "select job_id, claim_number, is_cancelled from elt.heartbeat($1, $2)",
        &[(&worker, Type::INT8), (&running, Type::INT8_ARRAY)],
    )?;
    let held = rows.iter().map(|row| Held {
        claim: (row.get(0), row.get(1)),
        is_cancelled: row.get(2),
    });
    Ok(held.collect())
}

/// Queues the jobs of dead workers again. Returns their number.
pub(super) fn rescue(client: &mut Client) -> Result<i64> {
    let row = client.query_typed_one("select elt.rescue_jobs()", &[])?;
    Ok(row.get(0))
}

/// Enqueues the jobs of due schedules. Returns their number and the time until the next one is due; `None` if no
/// schedule is enabled.
pub(super) fn enqueue_due(client: &mut Client) -> Result<(i64, Option<Duration>)> {
    let sql = "select enqueued, elt.schedule_wait() from elt.enqueue_due() as enqueued";
    let row = client.query_typed_one(sql, &[])?;
    Ok((row.get(0), milliseconds(row.get(1))))
}

pub(super) fn succeed(client: &mut Client, job: &Job, result: &Value) -> Result<()> {
    client.execute_typed(
        "select elt.succeed_job($1, $2, $3)",
        &[
            (&job.id, Type::INT8),
            (&job.claim_number, Type::INT8),
            (result, Type::JSONB),
        ],
    )?;
    Ok(())
}

/// Returns the new state of the job.
pub(super) fn fail(client: &mut Client, job: &Job, failed: &Failed) -> Result<String> {
    let row = client.query_typed_one(
        "select elt.fail_job($1, $2, $3, $4, $5)",
        &[
            (&job.id, Type::INT8),
            (&job.claim_number, Type::INT8),
            (&failed.error, Type::TEXT),
            (&failed.sqlstate, Type::TEXT),
            (&failed.may_pass, Type::BOOL),
        ],
    )?;
    Ok(row.get(0))
}

pub(super) fn release(client: &mut Client, job: &Job) -> Result<()> {
    client.execute_typed(
        "select elt.release_job($1, $2)",
        &[(&job.id, Type::INT8), (&job.claim_number, Type::INT8)],
    )?;
    Ok(())
}

pub(super) fn progress(client: &mut Client, job: &Job, progress: &Value) -> Result<()> {
    client.execute_typed(
        "select elt.report_progress($1, $2, $3)",
        &[
            (&job.id, Type::INT8),
            (&job.claim_number, Type::INT8),
            (progress, Type::JSONB),
        ],
    )?;
    Ok(())
}
