//! `elt jobs show`: shows one job with its attempts and result.

use super::{Document, documents, moment, plain_text};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::terminal::{self, Table};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use postgres::types::ToSql;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

const JOB: &str = "select * from elt.job_status where job_id = $1";
const ATTEMPTS: &str = "select claim_number, worker_id, started_at, finished_at, outcome, sqlstate, error \
                        from elt.job_attempt where job_id = $1 order by claim_number";
const REQUESTS: &str = "select requested_at, request, requested_by from elt.job_request \
                        where job_id = $1 order by requested_at";
/// Columns of the job to print.
const KEYS: [&str; 18] = [
    "kind",
    "state",
    "cause",
    "error",
    "queue",
    "priority",
    "attempt_count",
    "max_attempts",
    "time_limit",
    "host",
    "process_id",
    "dedup_key",
    "args",
    "created_by",
    "created_at",
    "run_at",
    "started_at",
    "finished_at",
];
/// Lines of a result to print.
const RESULT_LINES: usize = 30;

/// The number of the job.
type Params<'a> = [&'a (dyn ToSql + Sync); 1];

pub(super) fn show(client: &mut Client, job_id: i64, json: bool) -> Result<()> {
    let params: Params<'_> = [&job_id];
    let jobs = documents(client, JOB, &params)?;
    let job = jobs.first().ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no job {job_id}"))
            .hint(elt!("jobs") + " lists the jobs.")
    })?;
    if json {
        return terminal::json(&Document {
            schema_version: 1,
            attempts: Some(documents(client, ATTEMPTS, &params)?),
            requests: Some(documents(client, REQUESTS, &params)?),
            job: jobs.into_iter().next(),
            ..Document::default()
        });
    }
    let job: Job = serde_json::from_str(job.get())?;
    terminal::line(&format!("job {job_id}"))?;
    print_job(&job)?;
    print_attempts(client, &params)?;
    print_requests(client, &params)?;
    print_result(job_id, &job)
}

type Job = BTreeMap<String, Box<RawValue>>;

fn print_job(job: &Job) -> Result<()> {
    let text = |key: &str| {
        job.get(key)
            .map(|value| plain_text(value.get()))
            .unwrap_or_default()
    };
    let mut table = Table::new(&["", ""]);
    let extra = match text("state").as_str() {
        "running" => &["progress", "is_being_cancelled"][..],
        _ => &[],
    };
    for key in KEYS.iter().chain(extra) {
        let value = text(key);
        if !value.is_empty() {
            table.row(vec![key.replace('_', " "), value]);
        }
    }
    terminal::line(table.text().trim_start_matches(['\n', ' ']))
}

fn print_attempts(client: &mut Client, params: &Params<'_>) -> Result<()> {
    let attempts = client.query(ATTEMPTS, params)?;
    if attempts.is_empty() {
        return Ok(());
    }
    terminal::line("\nattempts")?;
    let mut table = Table::new(&["#", "worker#", "started", "took#", "outcome", "error"]);
    for attempt in &attempts {
        let (started, finished): (DateTime<Utc>, Option<DateTime<Utc>>) =
            (attempt.get(2), attempt.get(3));
        let took = finished.map(|finished| (finished - started).as_seconds_f64());
        table.row(vec![
            attempt.get::<_, i64>(0).to_string(),
            attempt.get::<_, i64>(1).to_string(),
            moment(started),
            took.map(|took| format!("{took:.1} s")).unwrap_or_default(),
            attempt
                .get::<_, Option<String>>(4)
                .unwrap_or("running".into()),
            attempt.get::<_, Option<String>>(6).unwrap_or_default(),
        ]);
    }
    terminal::line(&table.text())
}

fn print_requests(client: &mut Client, params: &Params<'_>) -> Result<()> {
    let requests = client.query(REQUESTS, params)?;
    if requests.is_empty() {
        return Ok(());
    }
    terminal::line("\nrequests")?;
    let mut table = Table::new(&["when", "request", "by"]);
    for request in &requests {
        table.row(vec![moment(request.get(0)), request.get(1), request.get(2)]);
    }
    terminal::line(&table.text())
}

fn print_result(job_id: i64, job: &Job) -> Result<()> {
    let Some(result) = job.get("result").filter(|result| result.get() != "null") else {
        return Ok(());
    };
    let result: Value = serde_json::from_str(result.get()).unwrap_or_default();
    let result = serde_json::to_string_pretty(&result)?;
    let lines: Vec<&str> = result.lines().collect();
    terminal::line("\nresult")?;
    terminal::line(&lines[..lines.len().min(RESULT_LINES)].join("\n"))?;
    if lines.len() > RESULT_LINES {
        terminal::line_with_commands(
            format!("... to see all {} lines: ", lines.len())
                + elt!("jobs", "show", job_id, "--json"),
        )?;
    }
    Ok(())
}
