//! Jobs: what waits, runs and is done; one of them; and what operators may do about it.

use super::Moment;
use crate::terminal::number;
use crate::web::app::App;
use crate::web::auth::{Account, Role};
use crate::web::error::{WebError, WebResult};
use crate::web::page::{Page, render};
use crate::web::pool::Client;
use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;

const JOBS: i64 = 100;
/// Of a row.
const OF_ROW: i64 = 20;
const STATES: [&str; 5] = ["queued", "running", "succeeded", "dead", "cancelled"];

#[derive(Template)]
#[template(path = "jobs.html", config = "src/web/askama.toml")]
struct JobsPage {
    page: Page,
    jobs: Vec<JobRow>,
    states: [&'static str; 5],
    state: String,
    queues: Vec<Queue>,
    workers: Vec<Worker>,
    schedules: Vec<Schedule>,
    may_run: bool,
    may_change: bool,
}

pub(super) struct JobRow {
    pub(super) id: i64,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) attempts: String,
    pub(super) when: Option<Moment>,
    pub(super) said: String,
    /// That it wrote.
    pub(super) files: Vec<String>,
}

struct Queue {
    name: String,
    waiting: i64,
    later: i64,
    running: i64,
    dead: i64,
    workers: i64,
}

struct Worker {
    id: i64,
    host: String,
    process: i64,
    queues: String,
    running: i64,
    seen: Option<Moment>,
}

struct Schedule {
    name: String,
    cron: String,
    time_zone: String,
    kind: String,
    is_enabled: bool,
    next: Option<Moment>,
    description: String,
    error: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
}

pub(crate) async fn jobs(
    State(app): State<App>,
    account: Account,
    Query(asked): Query<Asked>,
) -> WebResult {
    let client = app.pool.get().await?;
    let state = STATES.iter().find(|state| **state == asked.state);
    let jobs = latest(&client, state.copied(), JOBS).await?;
    let sql = "select queue, waiting_count, later_count, running_count, dead_count, worker_count \
               from elt.queue_status";
    let queues = client.query(sql, &[]).await?;
    let sql = "select worker_id, host, process_id, array_to_string(queues, ', '), running_count, last_seen_at \
               from elt.worker_status where is_alive order by worker_id";
    let workers = client.query(sql, &[]).await?;
    let sql = "select schedule, cron, time_zone, kind, is_enabled, next_run_at, description, error \
               from elt.schedule order by schedule";
    let schedules = client.query(sql, &[]).await?;
    Ok(render(&JobsPage {
        may_run: account.is_operator(),
        may_change: account.role == Role::Admin,
        page: Page::new("Jobs", "jobs", account),
        jobs,
        states: STATES,
        state: state.copied().unwrap_or_default().into(),
        queues: queues
            .iter()
            .map(|row| Queue {
                name: row.get(0),
                waiting: row.get(1),
                later: row.get(2),
                running: row.get(3),
                dead: row.get(4),
                workers: row.get(5),
            })
            .collect(),
        workers: workers
            .iter()
            .map(|row| Worker {
                id: row.get(0),
                host: row.get(1),
                process: row.get(2),
                queues: row.get(3),
                running: row.get(4),
                seen: Moment::of(row.get(5)),
            })
            .collect(),
        schedules: schedules
            .iter()
            .map(|row| Schedule {
                name: row.get(0),
                cron: row.get(1),
                time_zone: row.get(2),
                kind: row.get(3),
                is_enabled: row.get(4),
                next: Moment::of(row.get(5)),
                description: row.get(6),
                error: row.get(7),
            })
            .collect(),
    }))
}

/// What a row of a list of jobs shows.
macro_rules! job_columns {
    () => {
        "select job_id, kind, state, attempt_count, max_attempts, \
         case state when 'queued' then run_at when 'running' then started_at else finished_at end, \
         coalesce(case when state = 'running' then progress ->> 'step' \
         when state <> 'succeeded' then split_part(error, '; ', 1) end, ''), \
         array(select written ->> 'file' from jsonb_array_elements(result -> 'export' -> 'files') as written \
         where result ->> 'folder' is not null) from elt.job_status"
    };
}

/// The latest jobs, of one state or all.
pub(super) async fn latest(
    client: &Client,
    state: Option<&str>,
    limit: i64,
) -> WebResult<Vec<JobRow>> {
    let sql = concat!(
        job_columns!(),
        " where $1::text is null or state = $1 order by job_id desc limit $2"
    );
    let rows = client.query(sql, &[&state, &limit]).await?;
    Ok(rows.iter().map(job_row).collect())
}

/// Those of which an argument names a row, the latest first. `argument`: a name, of elt.admin_table.
pub(super) async fn of_row(client: &Client, argument: &str, key: &str) -> WebResult<Vec<JobRow>> {
    let jobs = format!(
        "select job_id from elt.job where args ? '{argument}' and args ->> '{argument}' = $1"
    );
    let sql = format!(
        "{} where job_id in ({jobs}) order by job_id desc limit {OF_ROW}",
        job_columns!()
    );
    let rows = client.ask(&sql, &[key]).await?;
    Ok(rows.iter().map(job_row).collect())
}

/// Whether a worker lives.
pub(super) async fn somebody_works(client: &Client) -> WebResult<bool> {
    let sql = "select exists (select from elt.worker_status where is_alive)";
    Ok(client.query_one(sql, &[]).await?.get(0))
}

/// Number of the latest of them.
pub(super) async fn latest_of_row(
    client: &Client,
    argument: &str,
    key: &str,
) -> WebResult<Option<i64>> {
    let sql = format!(
        "select max(job_id) from elt.job where args ? '{argument}' and args ->> '{argument}' = $1"
    );
    let rows = client.ask(&sql, &[key]).await?;
    Ok(rows.first().and_then(|row| row.get(0)))
}

fn job_row(row: &Row) -> JobRow {
    JobRow {
        id: row.get(0),
        kind: row.get(1),
        state: row.get(2),
        attempts: format!("{}/{}", row.get::<_, i64>(3), row.get::<_, i64>(4)),
        when: Moment::of(row.get(5)),
        said: row.get(6),
        files: row.get(7),
    }
}

#[derive(Template)]
#[template(path = "job.html", config = "src/web/askama.toml")]
struct JobPage {
    page: Page,
    id: i64,
    state: String,
    facts: Vec<(&'static str, String)>,
    attempts: Vec<Attempt>,
    result: Option<String>,
    files: Vec<Written>,
    is_over: bool,
    /// It waits, and nobody is there to take it.
    is_forgotten: bool,
    may_cancel: bool,
    may_retry: bool,
}

/// A file that it wrote.
struct Written {
    name: String,
    rows: String,
    bytes: String,
}

struct Attempt {
    number: i64,
    worker: i64,
    started: Option<Moment>,
    seconds: Option<String>,
    outcome: String,
    error: String,
}

pub(crate) async fn job(
    State(app): State<App>,
    account: Account,
    id: Result<Path<i64>, PathRejection>,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    let client = app.pool.get().await?;
    let sql = "select kind, state, coalesce(error, ''), queue, attempt_count || ' of ' || max_attempts, \
               time_limit::text, args::text, coalesce(progress ->> 'step', ''), \
               coalesce(dedup_key, ''), created_by, date_trunc('second', created_at)::text, date_trunc('second', run_at)::text, \
               coalesce(date_trunc('second', started_at)::text, ''), \
               coalesce(date_trunc('second', finished_at)::text, ''), \
               jsonb_pretty(result), is_being_cancelled \
               from elt.job_status where job_id = $1";
    let row = client.query_opt(sql, &[&id]).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let state: String = row.get(1);
    let is_running = state == "running";
    const NAMES: [&str; 14] = [
        "kind",
        "state",
        "error",
        "queue",
        "attempts",
        "time limit",
        "arguments",
        "progress",
        "key",
        "enqueued by",
        "enqueued",
        "not before",
        "started",
        "finished",
    ];
    let facts = NAMES
        .iter()
        .enumerate()
        .filter(|(_, name)| **name != "progress" || is_running)
        .map(|(index, name)| (*name, row.get::<_, String>(index)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let sql = "select claim_number, worker_id, started_at, \
               extract(epoch from finished_at - started_at)::float8, \
               coalesce(outcome, 'running'), coalesce(error, '') \
               from elt.job_attempt where job_id = $1 order by claim_number";
    let attempts = client.query(sql, &[&id]).await?;
    let sql = "select written ->> 'file', (written ->> 'rows')::bigint, (written ->> 'bytes')::bigint \
               from elt.job cross join jsonb_array_elements(job.result -> 'export' -> 'files') as written \
               where job_id = $1 and job.result ->> 'folder' is not null";
    let files = client.query(sql, &[&id]).await?;
    let is_forgotten = state == "queued" && !somebody_works(&client).await?;
    let is_operator = account.is_operator();
    Ok(render(&JobPage {
        page: Page::new(format!("Job {id}"), "jobs", account),
        id,
        facts,
        attempts: attempts
            .iter()
            .map(|row| Attempt {
                number: row.get(0),
                worker: row.get(1),
                started: Moment::of(row.get(2)),
                seconds: row
                    .get::<_, Option<f64>>(3)
                    .map(|seconds| format!("{seconds:.1} s")),
                outcome: row.get(4),
                error: row.get(5),
            })
            .collect(),
        result: row.get(14),
        files: files
            .iter()
            .map(|row| Written {
                name: row.get(0),
                rows: number(row.get(1)),
                bytes: number(row.get(2)),
            })
            .collect(),
        is_forgotten,
        is_over: !["queued", "running"].contains(&state.as_str()),
        may_cancel: is_operator
            && ["queued", "running"].contains(&state.as_str())
            && !row.get::<_, bool>(15),
        may_retry: is_operator && ["dead", "cancelled"].contains(&state.as_str()),
        state,
    }))
}

pub(crate) async fn cancel(
    State(app): State<App>,
    account: Account,
    id: Result<Path<i64>, PathRejection>,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    ask(app, account, id, "select elt.cancel_job($1)").await
}

pub(crate) async fn retry(
    State(app): State<App>,
    account: Account,
    id: Result<Path<i64>, PathRejection>,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    ask(app, account, id, "select elt.retry_job($1)").await
}

/// Enqueues what a schedule enqueues, now.
pub(crate) async fn run(
    State(app): State<App>,
    account: Account,
    Path(schedule): Path<String>,
) -> WebResult {
    require_operator(&account)?;
    let client = app.pool.get().await?;
    let sql =
        "select elt.run_schedule($1) from (select set_config('elt.account', $2, true)) as who";
    let found = client.query(sql, &[&schedule, &account.name]).await;
    let rows = found.map_err(|error| match error.code() {
        Some(&SqlState::NO_DATA_FOUND) => WebError::NotFound,
        _ => error.into(),
    })?;
    let job: i64 = rows.first().ok_or(WebError::NotFound)?.get(0);
    Ok(Redirect::to(&format!("/jobs/{job}")).into_response())
}

fn require_operator(account: &Account) -> WebResult<()> {
    match account.is_operator() {
        true => Ok(()),
        false => Err(WebError::Forbidden("Operators and admins may do that.")),
    }
}

async fn ask(app: App, account: Account, id: i64, sql: &'static str) -> WebResult {
    require_operator(&account)?;
    let client = app.pool.get().await?;
    client.query(sql, &[&id]).await.map_err(|error| {
        // Its state may have changed since the page was made.
        match error.as_db_error() {
            Some(said) if ["55000", "P0002"].contains(&said.code().code()) => {
                WebError::Bad(format!("{}.", said.message()))
            }
            _ => error.into(),
        }
    })?;
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}
