//! `elt jobs`: what waits, runs and is done, and what people may do about it.

use super::Context;
use crate::cli::{EnqueueArgs, JobsArgs, JobsCommand, ListArgs};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::jobs::requests::{self, Enqueue};
use crate::terminal::{self, Table, number, span};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use postgres::types::ToSql;
use postgres::{Client, Row};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) fn run(context: &Context<'_>, args: &JobsArgs) -> Result<Exit> {
    let database = context.open_to_look()?;
    let mut client = database.connect("jobs")?;
    let json = context.global.json;
    match &args.command {
        None => list(&mut client, &args.list, json)?,
        Some(JobsCommand::List(args)) => list(&mut client, args, json)?,
        Some(JobsCommand::Show { job }) => show(&mut client, *job, json)?,
        Some(JobsCommand::Cancel { jobs }) => {
            let states = requests::cancel(&mut client, jobs)?;
            say_states(jobs, &states, json)?;
        }
        Some(JobsCommand::Retry { jobs }) => {
            let states = requests::retry(&mut client, jobs)?;
            say_states(jobs, &states, json)?;
        }
        Some(JobsCommand::Enqueue(args)) => enqueue(&mut client, args, json)?,
        Some(JobsCommand::Schedules) => schedules(&mut client, json)?,
    }
    Ok(Exit::Done)
}

/// What machines are told.
#[derive(Default, Serialize)]
struct Document {
    schema_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    jobs: Option<Documents>,
    #[serde(skip_serializing_if = "Option::is_none")]
    queues: Option<Documents>,
    #[serde(skip_serializing_if = "Option::is_none")]
    workers: Option<Documents>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<Documents>,
    /// Who cancelled it, or had it tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Documents>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedules: Option<Documents>,
}

type Documents = Vec<Box<RawValue>>;

/// Rows as objects, for machines: as the database writes them, since jsonb holds what Rust does not.
fn documents(client: &mut Client, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Documents> {
    let sql = format!("select to_jsonb(shown)::text from ({sql}) as shown");
    let rows = client.query(&sql, params)?;
    rows.iter()
        .map(|row| Ok(RawValue::from_string(row.get(0))?))
        .collect()
}

const LIST: &str = "select * from elt.job_status where $1::text is null or state = $1 \
                    order by job_id desc limit $2";

fn list(client: &mut Client, args: &ListArgs, json: bool) -> Result<()> {
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
         error, progress ->> 'step', queue from ({LIST}) as job"
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
            "progress or error",
        ];
        let mut table = Table::new(&header);
        for job in &jobs {
            table.row(listed(job));
        }
        terminal::line(&table.text())?;
    }
    queues(client)
}

fn listed(job: &Row) -> Vec<String> {
    let time = |column: usize| job.get::<_, Option<DateTime<Utc>>>(column);
    let (run_at, started, finished) = (time(5), time(6), time(7));
    let state: &str = job.get(2);
    let now = Utc::now();
    let when = match state {
        "queued" => match run_at.map(|time| time - now) {
            Some(pause) if pause > TimeDelta::zero() => format!("in {}", span(pause)),
            wait => format!("waits {}", span(-wait.unwrap_or_default())),
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
    let said = match state {
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
        said.map(short).unwrap_or_default(),
    ]
}

/// What stands before the details; elt jobs show has them.
fn short(text: String) -> String {
    const LONGEST: usize = 60;
    let first = text.split("; ").next().unwrap_or_default();
    match first.chars().count() {
        0..=LONGEST => first.into(),
        _ => first.chars().take(LONGEST).chain(['…']).collect(),
    }
}

/// What there is to do, and who does it.
fn queues(client: &mut Client) -> Result<()> {
    let sql = "select queue, waiting_count, later_count, running_count, dead_count, worker_count \
               from elt.queue_status";
    let mut lines = String::new();
    for queue in client.query_typed(sql, &[])? {
        let count = |column: usize| number(queue.get(column));
        let (waiting, workers): (i64, i64) = (queue.get(1), queue.get(5));
        write!(
            lines,
            "\nqueue {}: {} wait, {} wait for their time, {} run, dead: {}; workers alive: {}",
            queue.get::<_, &str>(0),
            count(1),
            count(2),
            count(3),
            count(4),
            workers,
        )?;
        if waiting > 0 && workers == 0 {
            write!(lines, "; no worker takes jobs from it")?;
        }
    }
    if !lines.is_empty() {
        terminal::proposal(&lines)?;
    }
    Ok(())
}

const JOB: &str = "select * from elt.job_status where job_id = $1";
const ATTEMPTS: &str = "select claim_number, worker_id, started_at, finished_at, outcome, sqlstate, error \
                        from elt.job_attempt where job_id = $1 order by claim_number";
const REQUESTS: &str = "select requested_at, request, requested_by from elt.job_request \
                        where job_id = $1 order by requested_at";
/// How much of a result is printed.
const RESULT_LINES: usize = 30;

fn show(client: &mut Client, job_id: i64, json: bool) -> Result<()> {
    let params: [&(dyn ToSql + Sync); 1] = [&job_id];
    let jobs = documents(client, JOB, &params)?;
    let job = jobs.first().ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no job {job_id}"))
            .hint("See " + elt!("jobs") + ".")
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
    let job: BTreeMap<String, Box<RawValue>> = serde_json::from_str(job.get())?;
    let text = |key: &str| {
        job.get(key)
            .map(|value| plain(value.get()))
            .unwrap_or_default()
    };
    let mut table = Table::new(&["", ""]);
    const KEYS: [&str; 17] = [
        "kind",
        "state",
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
    terminal::line(&format!("job {job_id}"))?;
    terminal::line(table.text().trim_start_matches(['\n', ' ']))?;
    let attempts = client.query(ATTEMPTS, &params)?;
    if !attempts.is_empty() {
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
        terminal::line(&table.text())?;
    }
    let requests = client.query(REQUESTS, &params)?;
    if !requests.is_empty() {
        terminal::line("\nrequests")?;
        let mut table = Table::new(&["when", "request", "by"]);
        for request in &requests {
            table.row(vec![moment(request.get(0)), request.get(1), request.get(2)]);
        }
        terminal::line(&table.text())?;
    }
    if let Some(result) = job.get("result").filter(|result| result.get() != "null") {
        let result: Value = serde_json::from_str(result.get()).unwrap_or_default();
        let result = serde_json::to_string_pretty(&result)?;
        let lines: Vec<&str> = result.lines().collect();
        terminal::line("\nresult")?;
        terminal::line(&lines[..lines.len().min(RESULT_LINES)].join("\n"))?;
        if lines.len() > RESULT_LINES {
            terminal::proposal(
                format!("... all {} lines: ", lines.len()) + elt!("jobs", "show", job_id, "--json"),
            )?;
        }
    }
    Ok(())
}

/// A value of a document as people read it.
fn plain(document: &str) -> String {
    match serde_json::from_str::<Value>(document) {
        Ok(Value::Null) => String::new(),
        Ok(Value::String(text)) => match text.parse::<DateTime<Utc>>() {
            Ok(time) => moment(time),
            Err(_) => text,
        },
        _ => document.into(),
    }
}

fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn schedules(client: &mut Client, json: bool) -> Result<()> {
    let all = "select * from elt.schedule order by schedule";
    if json {
        return terminal::json(&Document {
            schema_version: 1,
            schedules: Some(documents(client, all, &[])?),
            ..Document::default()
        });
    }
    let header = [
        "schedule",
        "cron",
        "time zone",
        "kind",
        "enabled",
        "next",
        "last job#",
        "error",
    ];
    let mut table = Table::new(&header);
    for schedule in client.query_typed(all, &[])? {
        let is_enabled: bool = schedule.get("is_enabled");
        let next: Option<DateTime<Utc>> = schedule.get("next_run_at");
        let last: Option<i64> = schedule.get("last_job_id");
        table.row(vec![
            schedule.get("schedule"),
            schedule.get("cron"),
            schedule.get("time_zone"),
            schedule.get("kind"),
            if is_enabled { "yes" } else { "no" }.into(),
            next.filter(|_| is_enabled).map(moment).unwrap_or_default(),
            last.map(|last| last.to_string()).unwrap_or_default(),
            schedule
                .get::<_, Option<String>>("error")
                .unwrap_or_default(),
        ]);
    }
    terminal::line(&table.text())
}

fn enqueue(client: &mut Client, args: &EnqueueArgs, json: bool) -> Result<()> {
    let job_args: Value = serde_json::from_str(&args.args).map_err(|error| {
        Failure::new(Exit::Usage, "the arguments are not JSON")
            .because(error)
            .hint("They are an object: --args '{\"force\": true}'.")
    })?;
    let job = requests::enqueue(
        client,
        &Enqueue {
            kind: &args.kind,
            args: &job_args,
            queue: &args.queue,
            priority: args.priority,
            dedup_key: args.dedup_key.as_deref(),
        },
    )?;
    if json {
        return terminal::json(&json!({
            "schema_version": 1,
            "job_id": job.id,
            "is_new": job.is_new,
            "differs_in": job.differs_in,
            "worker_count": job.worker_count,
        }));
    }
    let key = args.dedup_key.as_deref().unwrap_or_default();
    terminal::line(&match job.is_new {
        true => format!("job {} waits", job.id),
        false => format!(
            "job {} ({}) has the key \"{key}\" already: nothing was enqueued",
            job.id, job.kind
        ),
    })?;
    if !job.differs_in.is_empty() {
        terminal::warn(
            format!(
                "job {} stays as it is, and differs from this one in {}: see ",
                job.id,
                job.differs_in.join(", ")
            ) + elt!("jobs", "show", job.id),
        );
    }
    if job.worker_count == 0 {
        terminal::note(
            format!(
                "no living worker takes jobs from queue \"{}\": start one with ",
                args.queue
            ) + elt!("worker", "--queue", args.queue),
        );
    }
    Ok(())
}

fn say_states(jobs: &[i64], states: &[String], json: bool) -> Result<()> {
    let pairs = jobs.iter().zip(states);
    if json {
        let jobs: Vec<Value> = pairs
            .map(|(job, state)| json!({ "job_id": job, "state": state }))
            .collect();
        return terminal::json(&json!({ "schema_version": 1, "jobs": jobs }));
    }
    for (job, state) in pairs {
        let said = match state.as_str() {
            "running" => "its worker is told to end it",
            "queued" => "waits again",
            other => other,
        };
        terminal::line(&format!("job {job}: {said}"))?;
    }
    Ok(())
}
