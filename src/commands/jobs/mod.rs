//! `elt jobs`: lists, shows, enqueues, cancels and retries jobs.

mod kinds;
mod list;
mod show;

use super::Context;
use crate::cli::{EnqueueArgs, JobsArgs, JobsCommand};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::jobs::requests::{self, Enqueue};
use crate::terminal::{self, Table};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use postgres::types::ToSql;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

pub(super) fn run(context: &Context<'_>, args: &JobsArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("jobs")?;
    let json = context.global.json;
    match &args.command {
        None => list::list(&mut client, &args.list, json)?,
        Some(JobsCommand::List(args)) => list::list(&mut client, args, json)?,
        Some(JobsCommand::Show { job }) => show::show(&mut client, *job, json)?,
        Some(JobsCommand::Cancel { jobs }) => {
            let states = requests::cancel(&mut client, jobs)?;
            print_states(jobs, &states, json)?;
        }
        Some(JobsCommand::Retry { jobs }) => {
            let states = requests::retry(&mut client, jobs)?;
            print_states(jobs, &states, json)?;
        }
        Some(JobsCommand::Enqueue(args)) => enqueue(&mut client, args, json)?,
        Some(JobsCommand::Kinds) => kinds::kinds(&mut client, json)?,
        Some(JobsCommand::Schedules) => schedules(&mut client, json)?,
    }
    Ok(Exit::Done)
}

/// The JSON document of these commands.
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
    /// Requests to cancel or retry the job, with the role that made them.
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Documents>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedules: Option<Documents>,
    /// Kinds of jobs, each with its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    kinds: Option<Documents>,
}

type Documents = Vec<Box<RawValue>>;

/// Rows as JSON objects, written by the database because jsonb has numbers that Rust's types cannot represent.
fn documents(client: &mut Client, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Documents> {
    let sql = format!("select to_jsonb(shown)::text from ({sql}) as shown");
    let rows = client.query(&sql, params)?;
    rows.iter()
        .map(|row| Ok(RawValue::from_string(row.get(0))?))
        .collect()
}

/// A value of a document as plain text.
fn plain_text(document: &str) -> String {
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
    if let Some(misplaced) = &args.misplaced {
        let message = format!("unexpected argument \"{misplaced}\"");
        return Err(Failure::new(Exit::Usage, message)
            .hint(
                "Pass the arguments of a job with --args, for example --args '{\"force\": true}'.",
            )
            .into());
    }
    let job_args: Value = serde_json::from_str(&args.args).map_err(|error| {
        Failure::new(Exit::Usage, "the arguments are not JSON")
            .because(error)
            .hint("Pass a JSON object: --args '{\"force\": true}'.")
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
    terminal::line(&if job.is_new {
        format!("enqueued job {}", job.id)
    } else {
        format!(
            "nothing was enqueued: job {} ({}) already has the key \"{key}\"",
            job.id, job.kind
        )
    })?;
    if !job.differs_in.is_empty() {
        terminal::warn(
            format!(
                "job {} is unchanged and differs from this one in {}: see ",
                job.id,
                job.differs_in.join(", ")
            ) + elt!("jobs", "show", job.id),
        );
    }
    if job.worker_count == 0 {
        terminal::note(
            format!(
                "no worker takes jobs from queue \"{}\": start one with ",
                args.queue
            ) + elt!("worker", "--queue", args.queue),
        );
    }
    Ok(())
}

fn print_states(jobs: &[i64], states: &[String], json: bool) -> Result<()> {
    let pairs = jobs.iter().zip(states);
    if json {
        let jobs: Vec<Value> = pairs
            .map(|(job, state)| json!({ "job_id": job, "state": state }))
            .collect();
        return terminal::json(&json!({ "schema_version": 1, "jobs": jobs }));
    }
    for (job, state) in pairs {
        let text = match state.as_str() {
            "running" => "its worker was asked to cancel it",
            "queued" => "queued again",
            other => other,
        };
        terminal::line(&format!("job {job}: {text}"))?;
    }
    Ok(())
}
