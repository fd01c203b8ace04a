//! The page of one job.

use super::Moment;
use super::files::{FileState, file_state};
use super::job_loads::JobLoads;
use super::jobs::{is_worker_alive, row_link, took};
use crate::terminal::number;
use crate::web::auth::Account;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "job.html", config = "src/web/askama.toml")]
struct JobPage {
    page: Page,
    id: i64,
    state: String,
    facts: Vec<(&'static str, String)>,
    /// What caused it, in words, and the page of the row that did.
    cause: String,
    cause_link: Option<String>,
    attempts: Vec<JobAttempt>,
    requests: Vec<JobRequest>,
    result: Option<String>,
    files: Vec<JobFile>,
    loads: JobLoads,
    is_over: bool,
    /// The job is queued, and no worker is alive.
    lacks_worker: bool,
    may_cancel: bool,
    may_retry: bool,
}

/// A file that the job wrote.
struct JobFile {
    name: String,
    rows: String,
    bytes: String,
    state: FileState,
}

/// A request to cancel or retry the job.
struct JobRequest {
    request: String,
    by: String,
    at: Option<Moment>,
}

struct JobAttempt {
    number: i64,
    worker: i64,
    started: Option<Moment>,
    seconds: Option<String>,
    outcome: String,
    error: String,
}

/// Names of the first columns of the query for a job.
const FACTS: [&str; 13] = [
    "kind",
    "state",
    "error",
    "queue",
    "attempts",
    "time limit",
    "arguments",
    "progress",
    "key",
    "enqueued",
    "not before",
    "started",
    "finished",
];

pub(crate) async fn job(
    State(app): State<App>,
    account: Account,
    id: Result<Path<i64>, PathRejection>,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    let client = app.pool.get(&account.zone).await?;
    let sql = "select kind, state, coalesce(error, ''), queue, attempt_count || ' of ' || max_attempts, \
               time_limit::text, args::text, coalesce(progress ->> 'step', ''), \
               coalesce(dedup_key, ''), date_trunc('second', created_at)::text, date_trunc('second', run_at)::text, \
               coalesce(date_trunc('second', started_at)::text, ''), \
               coalesce(date_trunc('second', finished_at)::text, ''), \
               jsonb_pretty(result), is_being_cancelled, cause, \
               case when exists (select from elt.admin_table where table_name = cause_table) then cause_table end, \
               cause_key::text, extract(epoch from duration)::float8 \
               from elt.job_status where job_id = $1";
    let row = client.query_opt(sql, &[&id]).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let state: String = row.get(1);
    let duration: Option<f64> = row.get(18);
    let facts = FACTS
        .iter()
        .enumerate()
        .filter(|(_, name)| **name != "progress" || state == "running")
        .map(|(index, name)| (*name, row.get::<_, String>(index)))
        .filter(|(_, value)| !value.is_empty())
        .chain(duration.map(|seconds| ("took", took(seconds))))
        .collect();
    let is_open = ["queued", "running"].contains(&state.as_str());
    let is_operator = account.is_operator();
    Ok(render(&JobPage {
        page: Page::new(
            format!("Job {id}: {}", row.get::<_, &str>(0)),
            "jobs",
            account,
        ),
        id,
        facts,
        attempts: attempts(&client, id).await?,
        requests: requests(&client, id).await?,
        result: row.get(13),
        cause: row.get(15),
        cause_link: row_link(row.get(16), row.get(17)),
        files: files(&client, id).await?,
        loads: JobLoads::read(&client, id).await?,
        lacks_worker: state == "queued" && !is_worker_alive(&client).await?,
        is_over: !is_open,
        may_cancel: is_operator && is_open && !row.get::<_, bool>(14),
        may_retry: is_operator && ["dead", "cancelled"].contains(&state.as_str()),
        state,
    }))
}

async fn attempts(client: &Client, job: i64) -> WebResult<Vec<JobAttempt>> {
    let sql = "select claim_number, worker_id, started_at::text, \
               extract(epoch from finished_at - started_at)::float8, \
               coalesce(outcome, 'running'), coalesce(error, '') \
               from elt.job_attempt where job_id = $1 order by claim_number";
    let rows = client.query(sql, &[&job]).await?;
    let attempts = rows.iter().map(|row| JobAttempt {
        number: row.get(0),
        worker: row.get(1),
        started: Moment::new(row.get(2)),
        seconds: row
            .get::<_, Option<f64>>(3)
            .map(|seconds| format!("{seconds:.1} s")),
        outcome: row.get(4),
        error: row.get(5),
    });
    Ok(attempts.collect())
}

async fn requests(client: &Client, job: i64) -> WebResult<Vec<JobRequest>> {
    let sql = "select request, requested_by, requested_at::text from elt.job_request \
               where job_id = $1 order by job_request.requested_at";
    let rows = client.query(sql, &[&job]).await?;
    let requests = rows.iter().map(|row| JobRequest {
        request: row.get(0),
        by: row.get(1),
        at: Moment::new(row.get(2)),
    });
    Ok(requests.collect())
}

async fn files(client: &Client, job: i64) -> WebResult<Vec<JobFile>> {
    let sql = "select file, row_count, byte_count, folder, replaced_by from elt.job_file \
               where job_id = $1 order by place";
    let mut files = Vec::new();
    for row in client.query(sql, &[&job]).await? {
        let (name, bytes, folder): (String, i64, String) = (row.get(0), row.get(2), row.get(3));
        files.push(JobFile {
            state: match row.get(4) {
                Some(later) => FileState::ReplacedBy(later),
                None => file_state(&folder, &name, bytes).await?,
            },
            name,
            rows: number(row.get(1)),
            bytes: number(bytes),
        });
    }
    Ok(files)
}
