//! `elt jobs list`: lists the latest jobs, and counts the jobs of each queue.

use super::{Document, documents};
use crate::cli::ListArgs;
use crate::commands::shared_output;
use crate::terminal::{self, Table, number, span};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use postgres::types::ToSql;
use postgres::{Client, Row};
use std::fmt::Write;

const LIST: &str = "select * from elt.job_status where $1::text is null or state = $1 \
                    order by job_id desc limit $2";

pub(super) fn list(client: &mut Client, args: &ListArgs, json: bool) -> Result<()> {
    let params: [&(dyn ToSql + Sync); 2] = [&args.state, &args.limit];
    if json {
        let workers = "select * from elt.worker_status where is_alive order by worker_id";
        return terminal::json(&Document {
            schema_version: 1,
            jobs: Some(documents(client, LIST, &params)?),
            queues: Some(documents(client, "select * from elt.queue_status", &[])?),
            workers: Some(documents(client, workers, &[])?),
            ..Document::default()
        });
    }
    let sql = format!(
        "select job_id, kind, state, attempt_count, max_attempts, run_at, started_at, finished_at, \
         error, progress ->> 'step', cause from ({LIST}) as job"
    );
    let jobs = client.query(&sql, &params)?;
    if jobs.is_empty() {
        terminal::line("no jobs")?;
    } else {
        let header = [
            "job#",
            "kind",
            "state",
            "attempts#",
            "when",
            "took#",
            "cause",
            "progress or error",
        ];
        let mut table = Table::new(&header);
        for job in &jobs {
            table.row(table_row(job));
        }
        terminal::line(&table.text())?;
    }
    queues(client)
}

fn table_row(job: &Row) -> Vec<String> {
    let time = |column: usize| job.get::<_, Option<DateTime<Utc>>>(column);
    let (run_at, started, finished) = (time(5), time(6), time(7));
    let state: &str = job.get(2);
    let now = Utc::now();
    let when = match state {
        "queued" => match run_at.map(|time| time - now) {
            Some(pause) if pause > TimeDelta::zero() => format!("in {}", span(pause)),
            wait => format!("queued for {}", span(-wait.unwrap_or_default())),
        },
        "running" => format!("for {}", span(now - started.unwrap_or(now))),
        _ => format!("{} ago", span(now - finished.unwrap_or(now))),
    };
    let took = match (state, started, finished) {
        ("succeeded" | "dead" | "cancelled", Some(started), Some(finished)) => {
            format!("{:.1} s", (finished - started).as_seconds_f64())
        }
        _ => String::new(),
    };
    let (error, step): (Option<String>, Option<String>) = (job.get(8), job.get(9));
    let message = match state {
        "succeeded" => None,
        "running" => step,
        _ => error,
    };
    vec![
        job.get::<_, i64>(0).to_string(),
        job.get(1),
        state.into(),
        format!("{}/{}", job.get::<_, i64>(3), job.get::<_, i64>(4)),
        when,
        took,
        job.get(10),
        message.map(shorten).unwrap_or_default(),
    ]
}

/// The first part of an error. `elt jobs show` prints the details.
fn shorten(text: String) -> String {
    const LONGEST: usize = 60;
    let first = text.split("; ").next().unwrap_or_default();
    match first.chars().count() {
        0..=LONGEST => first.into(),
        _ => first.chars().take(LONGEST).chain(['…']).collect(),
    }
}

/// Counts jobs and workers by queue.
fn queues(client: &mut Client) -> Result<()> {
    let sql = "select queue, waiting_count, later_count, running_count, dead_count, worker_count \
               from elt.queue_status";
    let mut lines = String::new();
    for queue in client.query_typed(sql, &[])? {
        let count = |column: usize| number(queue.get(column));
        let (waiting, workers): (i64, i64) = (queue.get(1), queue.get(5));
        write!(
            lines,
            "\nqueue {}: {} queued, {} scheduled, {} running, {} dead; {}",
            queue.get::<_, &str>(0),
            count(1),
            count(2),
            count(3),
            count(4),
            shared_output::workers(workers),
        )?;
        if waiting > 0 && workers == 0 {
            write!(lines, ": no worker takes jobs from this queue")?;
        }
    }
    if !lines.is_empty() {
        terminal::line_with_commands(&lines)?;
    }
    Ok(())
}
