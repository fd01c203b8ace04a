//! Queues, workers, schedules, and the kinds of jobs that the account may start.

use super::row::took;
use crate::terminal::number;
use crate::web::auth::{Account, Role};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::pages::Moment;

pub(super) struct Queue {
    pub(super) name: String,
    pub(super) waiting: String,
    pub(super) later: String,
    pub(super) running: String,
    pub(super) dead: String,
    pub(super) workers: i64,
}

pub(super) struct Worker {
    pub(super) id: i64,
    pub(super) host: String,
    pub(super) process: i64,
    pub(super) queues: String,
    /// Number of jobs that it can run at once.
    pub(super) concurrency: i64,
    pub(super) seen: Option<Moment>,
    pub(super) jobs: Vec<RunningJob>,
}

/// What a worker does now.
pub(super) struct RunningJob {
    worker: i64,
    pub(super) id: i64,
    pub(super) kind: String,
    pub(super) step: String,
    pub(super) since: Option<Moment>,
    pub(super) took: String,
    pub(super) is_being_cancelled: bool,
}

pub(super) struct Schedule {
    pub(super) name: String,
    pub(super) cron: String,
    pub(super) time_zone: String,
    pub(super) kind: String,
    pub(super) is_enabled: bool,
    pub(super) next: Option<Moment>,
    pub(super) description: String,
    pub(super) error: Option<String>,
}

/// A kind of job that the account may start.
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) description: String,
}

pub(super) async fn queues(client: &Client) -> WebResult<Vec<Queue>> {
    let sql = "select queue, waiting_count, later_count, running_count, dead_count, worker_count \
               from elt.queue_status";
    let rows = client.query(sql, &[]).await?;
    let queues = rows.iter().map(|row| Queue {
        name: row.get(0),
        waiting: number(row.get(1)),
        later: number(row.get(2)),
        running: number(row.get(3)),
        dead: number(row.get(4)),
        workers: row.get(5),
    });
    Ok(queues.collect())
}

/// The living workers, with the jobs that they run.
pub(super) async fn workers(client: &Client) -> WebResult<Vec<Worker>> {
    let mut running = running(client).await?;
    let sql = "select worker_id, host, process_id, array_to_string(queues, ', '), concurrency, last_seen_at::text \
               from elt.worker_status where is_alive order by worker_id";
    let rows = client.query(sql, &[]).await?;
    let workers = rows.iter().map(|row| {
        let id = row.get(0);
        Worker {
            id,
            host: row.get(1),
            process: row.get(2),
            queues: row.get(3),
            concurrency: row.get(4),
            seen: Moment::new(row.get(5)),
            jobs: running.extract_if(.., |job| job.worker == id).collect(),
        }
    });
    Ok(workers.collect())
}

async fn running(client: &Client) -> WebResult<Vec<RunningJob>> {
    let sql = "select worker_id, job_id, kind, coalesce(progress ->> 'step', ''), started_at::text, \
               extract(epoch from duration)::float8, is_being_cancelled \
               from elt.job_status where state = 'running' order by job_status.started_at, job_id";
    let rows = client.query(sql, &[]).await?;
    let jobs = rows.iter().map(|row| RunningJob {
        worker: row.get(0),
        id: row.get(1),
        kind: row.get(2),
        step: row.get(3),
        since: Moment::new(row.get(4)),
        took: took(row.get(5)),
        is_being_cancelled: row.get(6),
    });
    Ok(jobs.collect())
}

/// Whether any worker is alive.
pub(in crate::web::pages) async fn is_worker_alive(client: &Client) -> WebResult<bool> {
    let sql = "select exists (select from elt.worker_status where is_alive)";
    Ok(client.query_one(sql, &[]).await?.get(0))
}

pub(super) async fn schedules(client: &Client) -> WebResult<Vec<Schedule>> {
    let sql = "select schedule, cron, time_zone, kind, is_enabled, next_run_at::text, description, error \
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

pub(super) async fn kinds(client: &Client) -> WebResult<Vec<String>> {
    let rows = client
        .query("select kind from elt.job_kind order by kind", &[])
        .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// All queues that have jobs.
pub(super) async fn queue_names(client: &Client) -> WebResult<Vec<String>> {
    let sql = "select distinct queue from elt.job order by queue";
    let rows = client.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The kinds of jobs that the account may start.
pub(super) async fn startable(client: &Client, account: &Account) -> WebResult<Vec<Kind>> {
    if !account.is_operator() {
        return Ok(Vec::new());
    }
    let is_admin = account.role == Role::Admin;
    let sql = "select kind, description from elt.job_kind \
               where web_role = 'operator' or (web_role = 'admin' and $1) order by kind";
    let rows = client.query(sql, &[&is_admin]).await?;
    let kinds = rows.iter().map(|row| Kind {
        name: row.get(0),
        description: row.get(1),
    });
    Ok(kinds.collect())
}
