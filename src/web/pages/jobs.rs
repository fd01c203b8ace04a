//! The list of jobs.

use super::Moment;
use crate::web::auth::{Account, Role};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use tokio_postgres::Row;

const JOBS: i64 = 100;
/// Number of jobs shown for a row.
const JOBS_OF_ROW: i64 = 20;
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
    pub(super) message: String,
    /// Names of the files that the job wrote.
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
pub(crate) struct JobsQuery {
    #[serde(default)]
    state: String,
}

pub(crate) async fn jobs(
    State(app): State<App>,
    account: Account,
    Query(query): Query<JobsQuery>,
) -> WebResult {
    let client = app.pool.get().await?;
    let state = STATES.iter().find(|state| **state == query.state);
    Ok(render(&JobsPage {
        may_run: account.is_operator(),
        may_change: account.role == Role::Admin,
        page: Page::new("Jobs", "jobs", account),
        jobs: latest_jobs(&client, state.copied(), JOBS).await?,
        states: STATES,
        state: state.copied().unwrap_or_default().into(),
        queues: queues(&client).await?,
        workers: workers(&client).await?,
        schedules: schedules(&client).await?,
    }))
}

async fn queues(client: &Client) -> WebResult<Vec<Queue>> {
    let sql = "select queue, waiting_count, later_count, running_count, dead_count, worker_count \
               from elt.queue_status";
    let rows = client.query(sql, &[]).await?;
    let queues = rows.iter().map(|row| Queue {
        name: row.get(0),
        waiting: row.get(1),
        later: row.get(2),
        running: row.get(3),
        dead: row.get(4),
        workers: row.get(5),
    });
    Ok(queues.collect())
}

async fn workers(client: &Client) -> WebResult<Vec<Worker>> {
    let sql = "select worker_id, host, process_id, array_to_string(queues, ', '), running_count, last_seen_at \
               from elt.worker_status where is_alive order by worker_id";
    let rows = client.query(sql, &[]).await?;
    let workers = rows.iter().map(|row| Worker {
        id: row.get(0),
        host: row.get(1),
        process: row.get(2),
        queues: row.get(3),
        running: row.get(4),
        seen: Moment::new(row.get(5)),
    });
    Ok(workers.collect())
}

async fn schedules(client: &Client) -> WebResult<Vec<Schedule>> {
    let sql = "select schedule, cron, time_zone, kind, is_enabled, next_run_at, description, error \
               from elt.schedule order by schedule";
    let rows = client.query(sql, &[]).await?;
    let schedules = rows.iter().map(|row| Schedule {
        name: row.get(0),
        cron: row.get(1),
        time_zone: row.get(2),
        kind: row.get(3),
        is_enabled: row.get(4),
        next: Moment::new(row.get(5)),
        description: row.get(6),
        error: row.get(7),
    });
    Ok(schedules.collect())
}

/// The select list of a job in a list.
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

/// The latest jobs, of one state or of all.
pub(super) async fn latest_jobs(
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

/// The jobs that have a row as argument, the latest first. `argument` comes from elt.admin_table, and is a valid
/// name.
pub(super) async fn jobs_of_row(
    client: &Client,
    argument: &str,
    key: &str,
) -> WebResult<Vec<JobRow>> {
    let jobs = format!(
        "select job_id from elt.job where args ? '{argument}' and args ->> '{argument}' = $1"
    );
    let sql = format!(
        "{} where job_id in ({jobs}) order by job_id desc limit {JOBS_OF_ROW}",
        job_columns!()
    );
    let rows = client.query_text(&sql, &[key]).await?;
    Ok(rows.iter().map(job_row).collect())
}

/// Whether any worker is alive.
pub(super) async fn is_worker_alive(client: &Client) -> WebResult<bool> {
    let sql = "select exists (select from elt.worker_status where is_alive)";
    Ok(client.query_one(sql, &[]).await?.get(0))
}

/// Number of the latest job that has the row as argument.
pub(super) async fn latest_job_of_row(
    client: &Client,
    argument: &str,
    key: &str,
) -> WebResult<Option<i64>> {
    let sql = format!(
        "select max(job_id) from elt.job where args ? '{argument}' and args ->> '{argument}' = $1"
    );
    let rows = client.query_text(&sql, &[key]).await?;
    Ok(rows.first().and_then(|row| row.get(0)))
}

fn job_row(row: &Row) -> JobRow {
    JobRow {
        id: row.get(0),
        kind: row.get(1),
        state: row.get(2),
        attempts: format!("{}/{}", row.get::<_, i64>(3), row.get::<_, i64>(4)),
        when: Moment::new(row.get(5)),
        message: row.get(6),
        files: row.get(7),
    }
}
