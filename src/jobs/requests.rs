//! Requests of users to the queue: enqueue, cancel and retry.

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, user_error, with_list_hint};
use anyhow::Result;
use postgres::{Client, GenericClient};
use serde_json::Value;

/// A job to enqueue.
pub(crate) struct Enqueue<'a> {
    pub(crate) kind: &'a str,
    pub(crate) args: &'a Value,
    pub(crate) queue: &'a str,
    pub(crate) priority: i64,
    pub(crate) dedup_key: Option<&'a str>,
}

/// The enqueued job, or the queued job that has the same key.
pub(crate) struct Enqueued {
    pub(crate) id: i64,
    pub(crate) kind: String,
    /// False if another queued job has the key.
    pub(crate) is_new: bool,
    /// What differs in that job: `args`, `priority` and others.
    pub(crate) differs_in: Vec<String>,
    /// Living workers that take jobs from the queue.
    pub(crate) worker_count: i64,
}

pub(crate) fn enqueue(client: &mut Client, job: &Enqueue<'_>) -> Result<Enqueued> {
    let mut transaction = client.transaction()?;
    require_arguments(&mut transaction, job)?;
    let row = transaction.query_one(
        "select elt.enqueue($1, $2, $3, $4, dedup_key => $5)",
        &[
            &job.kind,
            job.args,
            &job.queue,
            &job.priority,
            &job.dedup_key,
        ],
    );
    let id: i64 = row.map_err(user_error)?.get(0);
    let row = transaction.query_one(
        // A job that this transaction created has its now().
        "select kind, created_at = now(), (select count(*) from elt.worker_status \
         where is_alive and job.queue = any(queues)), \
         elt.job_difference(job_id, $2, $3, $4, $5, now(), null, null) from elt.job where job_id = $1",
        &[&id, &job.kind, job.args, &job.queue, &job.priority],
    )?;
    transaction.commit()?;
    Ok(Enqueued {
        id,
        kind: row.get(0),
        is_new: row.get(1),
        worker_count: row.get(2),
        differs_in: row.get(3),
    })
}

/// Checks the arguments, unless they are no object or the kind does not exist, which elt.enqueue reports.
fn require_arguments(client: &mut impl GenericClient, job: &Enqueue<'_>) -> Result<()> {
    if !job.args.is_object() {
        return Ok(());
    }
    let sql = "select argument || ': ' || problem from elt.job_argument_problems($1, $2)";
    let rows = client.query(sql, &[&job.kind, job.args])?;
    let problems: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    if problems.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the arguments are not valid for a job of kind \"{}\"",
        job.kind
    );
    Err(Failure::new(Exit::Usage, message)
        .detail(problems.join(" "))
        .hint("To list the arguments, run " + elt!("jobs", "kinds") + ".")
        .into())
}

/// Cancels jobs, all or none. Returns the state of each: `cancelled`, or `running` until its worker has cancelled it.
pub(crate) fn cancel(client: &mut Client, jobs: &[i64]) -> Result<Vec<String>> {
    each(client, "select elt.cancel_job($1)", jobs)
}

/// Queues jobs again, all or none. Returns the state of each: `queued`.
pub(crate) fn retry(client: &mut Client, jobs: &[i64]) -> Result<Vec<String>> {
    each(client, "select 'queued' from elt.retry_job($1)", jobs)
}

fn each(client: &mut Client, sql: &str, jobs: &[i64]) -> Result<Vec<String>> {
    let mut transaction = client.transaction()?;
    let states: Result<Vec<String>> = jobs
        .iter()
        .map(|job| state_after(&mut transaction, sql, *job))
        .collect();
    let states = match states {
        Err(error) if jobs.len() > 1 => return Err(error.context("nothing was changed")),
        states => states?,
    };
    transaction.commit()?;
    Ok(states)
}

fn state_after(client: &mut impl GenericClient, sql: &str, job: i64) -> Result<String> {
    let row = client.query_one(sql, &[&job]);
    let row = row.map_err(|error| with_list_hint(error, elt!("jobs")))?;
    Ok(row.get(0))
}
