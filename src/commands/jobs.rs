//! `elt jobs`: what waits, runs and is done, and what people may do about it.

use super::Context;
use crate::cli::{EnqueueArgs, JobsArgs, JobsCommand};
use crate::failure::{Exit, Failure};
use crate::jobs::requests::{self, Enqueue};
use crate::terminal::{self, Table, number};
use anyhow::Result;
use postgres::Client;
use serde_json::{Value, json};

pub(super) fn run(context: &Context<'_>, args: &JobsArgs) -> Result<Exit> {
    let database = context.open_to_look()?;
    let mut client = database.connect("jobs")?;
    let json = context.global.json;
    match &args.command {
        None => list(&mut client, args, json)?,
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

/// Rows as objects.
fn rows(
    client: &mut Client,
    sql: &str,
    params: &[&(dyn postgres::types::ToSql + Sync)],
) -> Result<Vec<Value>> {
    let rows = client.query(
        &format!("select to_jsonb(shown) from ({sql}) as shown"),
        params,
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn list(client: &mut Client, args: &JobsArgs, json: bool) -> Result<()> {
    let sql = "select * from elt.job_status where $1::text is null or state = $1 \
               order by job_id desc limit $2";
    let jobs = rows(client, sql, &[&args.state, &args.limit])?;
    let queues = rows(client, "select * from elt.queue_status", &[])?;
    let workers = rows(
        client,
        "select * from elt.worker_status where is_alive order by worker_id",
        &[],
    )?;
    if json {
        return terminal::json(&json!({
            "schema_version": 1, "jobs": jobs, "queues": queues, "workers": workers,
        }));
    }
    if jobs.is_empty() {
        return terminal::line("no jobs");
    }
    let mut table = Table::new(&[
        "job#",
        "kind",
        "state",
        "attempts#",
        "since",
        "progress or error",
    ]);
    for job in &jobs {
        let since = ["finished_at", "started_at", "run_at"]
            .iter()
            .find_map(|key| job[key].as_str());
        let said = job["error"]
            .as_str()
            .or_else(|| job["progress"]["step"].as_str());
        let is_current = job["state"] != "succeeded";
        table.row(vec![
            text(&job["job_id"]),
            text(&job["kind"]),
            text(&job["state"]),
            format!("{}/{}", job["attempt_count"], job["max_attempts"]),
            since
                .unwrap_or_default()
                .chars()
                .take(19)
                .collect::<String>()
                .replace('T', " "),
            said.filter(|_| is_current)
                .unwrap_or_default()
                .chars()
                .take(60)
                .collect(),
        ]);
    }
    terminal::line(&table.text())?;
    terminal::line(&format!("\n{} workers are alive", workers.len()))?;
    for queue in &queues {
        terminal::line(&format!(
            "queue {}: {} wait, {} wait for their time, {} run, {} are dead",
            text(&queue["queue"]),
            count(&queue["waiting_count"]),
            count(&queue["later_count"]),
            count(&queue["running_count"]),
            count(&queue["dead_count"]),
        ))?;
    }
    Ok(())
}

fn show(client: &mut Client, job_id: i64, json: bool) -> Result<()> {
    let jobs = rows(
        client,
        "select * from elt.job_status where job_id = $1",
        &[&job_id],
    )?;
    let job = jobs.first().ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no job {job_id}")).hint("See elt jobs.")
    })?;
    let attempts = rows(
        client,
        "select claim_number, worker_id, started_at, finished_at, outcome, sqlstate, error \
         from elt.job_attempt where job_id = $1 order by claim_number",
        &[&job_id],
    )?;
    if json {
        return terminal::json(&json!({
            "schema_version": 1, "job": job, "attempts": attempts,
        }));
    }
    let mut table = Table::new(&["", ""]);
    for (key, value) in job.as_object().into_iter().flatten() {
        if !value.is_null() && key != "result" {
            table.row(vec![key.replace('_', " "), text(value)]);
        }
    }
    terminal::line(&table.text())?;
    if !attempts.is_empty() {
        terminal::line("\nattempts")?;
        let mut table = Table::new(&["#", "worker#", "started", "outcome", "error"]);
        for attempt in &attempts {
            table.row(vec![
                text(&attempt["claim_number"]),
                text(&attempt["worker_id"]),
                text(&attempt["started_at"])
                    .chars()
                    .take(19)
                    .collect::<String>()
                    .replace('T', " "),
                attempt["outcome"].as_str().unwrap_or("running").into(),
                attempt["error"].as_str().unwrap_or_default().into(),
            ]);
        }
        terminal::line(&table.text())?;
    }
    if !job["result"].is_null() {
        terminal::line(&format!(
            "\nresult\n{}",
            serde_json::to_string_pretty(&job["result"])?
        ))?;
    }
    Ok(())
}

fn schedules(client: &mut Client, json: bool) -> Result<()> {
    let sql = "select * from elt.schedule order by schedule";
    let schedules = rows(client, sql, &[])?;
    if json {
        return terminal::json(&json!({ "schema_version": 1, "schedules": schedules }));
    }
    let mut table = Table::new(&[
        "schedule",
        "cron",
        "time zone",
        "kind",
        "enabled",
        "next",
        "last job#",
    ]);
    for schedule in &schedules {
        let next = text(&schedule["next_run_at"]);
        table.row(vec![
            text(&schedule["schedule"]),
            text(&schedule["cron"]),
            text(&schedule["time_zone"]),
            text(&schedule["kind"]),
            if schedule["is_enabled"] == true {
                "yes"
            } else {
                "no"
            }
            .into(),
            next.chars().take(16).collect::<String>().replace('T', " "),
            text(&schedule["last_job_id"]),
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
    match json {
        true => terminal::json(&json!({ "schema_version": 1, "job_id": job })),
        false => terminal::line(&format!("job {job} waits")),
    }
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

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn count(value: &Value) -> String {
    number(value.as_i64().unwrap_or_default())
}
