//! `elt jobs`: what waits, runs and is done, and what people may do about it.

use super::Context;
use crate::cli::{JobsArgs, JobsCommand};
use crate::failure::{Exit, Failure};
use crate::terminal::{self, Table, number};
use anyhow::Result;
use postgres::Client;
use postgres::error::SqlState;
use serde_json::Value;

pub(super) fn run(context: &Context<'_>, args: &JobsArgs) -> Result<Exit> {
    let database = context.open_to_look()?;
    let mut client = database.connect("jobs")?;
    let json = context.global.json;
    match &args.command {
        None => list(&mut client, args, json)?,
        Some(JobsCommand::Show { job }) => show(&mut client, *job, json)?,
        Some(JobsCommand::Cancel { jobs }) => {
            let said = each(&mut client, "elt.cancel_job", jobs, |state| match state {
                Some("running") => "its worker is told to end it",
                _ => "cancelled",
            });
            said?;
        }
        Some(JobsCommand::Retry { jobs }) => {
            each(&mut client, "elt.retry_job", jobs, |_| "waits again")?;
        }
        Some(JobsCommand::Enqueue(enqueue)) => {
            let job_args: Value = serde_json::from_str(&enqueue.args).map_err(|error| {
                Failure::new(Exit::Usage, "the arguments are not JSON")
                    .because(error)
                    .hint("They are an object: --args '{\"force\": true}'.")
            })?;
            let sql = "select elt.enqueue($1, $2, $3, $4, dedup_key => $5)";
            let row = client.query_one(
                sql,
                &[
                    &enqueue.kind,
                    &job_args,
                    &enqueue.queue,
                    &enqueue.priority,
                    &enqueue.dedup_key,
                ],
            );
            let job: i64 = row.map_err(as_usage)?.get(0);
            match json {
                true => terminal::json(&serde_json::json!({ "schema_version": 1, "job_id": job }))?,
                false => terminal::line(&format!("job {job} waits"))?,
            }
        }
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
        return terminal::json(&serde_json::json!({
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
        return terminal::json(&serde_json::json!({
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
        return terminal::json(&serde_json::json!({ "schema_version": 1, "schedules": schedules }));
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

/// Calls a function for each job, and says what came of it.
fn each(
    client: &mut Client,
    function: &str,
    jobs: &[i64],
    said: impl Fn(Option<&str>) -> &'static str,
) -> Result<()> {
    for job in jobs {
        let row = client.query_one(&format!("select {function}($1)::text"), &[job]);
        let state: Option<String> = row.map_err(as_usage)?.get(0);
        terminal::line(&format!("job {job}: {}", said(state.as_deref())))?;
    }
    Ok(())
}

/// What the queue's functions say to people is not the program's failure.
fn as_usage(error: postgres::Error) -> anyhow::Error {
    const FOR_PEOPLE: [SqlState; 4] = [
        SqlState::NO_DATA_FOUND,
        SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE,
        SqlState::INVALID_PARAMETER_VALUE,
        SqlState::CHECK_VIOLATION,
    ];
    match error.as_db_error() {
        Some(said) if FOR_PEOPLE.contains(said.code()) => {
            let failure = Failure::new(Exit::Usage, said.message());
            match said.hint() {
                Some(hint) => failure.hint(hint).into(),
                None => failure.into(),
            }
        }
        _ => anyhow::Error::new(error).context("could not ask the queue"),
    }
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
