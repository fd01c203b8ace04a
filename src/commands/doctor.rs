//! `elt doctor`: diagnoses problems and suggests fixes. Most findings come from the database (`elt.finding`);
//! this module adds those that only a client can see.

use super::Context;
use crate::database::Database;
use crate::failure::Exit;
use crate::failure::explain::Explanation;
use crate::failure::sentence::{Invocation, Sentence, elt};
use crate::schema;
use crate::terminal;
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use postgres::{Client, Row};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// Clocks that differ by more than this make recorded times misleading.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(5);
/// Less free space than this is too little for a load.
const LITTLE_SPACE: u64 = 1024 * 1024 * 1024;

#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Ok,
    Advice,
    Problem,
}

/// As a row of `elt.finding`.
#[derive(Serialize)]
struct Finding {
    area: String,
    what: String,
    level: Level,
    why: Option<String>,
    /// What fixes it.
    statement: Option<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    problem_count: usize,
    findings: &'a [Finding],
}

impl Finding {
    fn ok(area: &str, what: impl Into<String>) -> Finding {
        Finding {
            area: area.into(),
            what: what.into(),
            level: Level::Ok,
            why: None,
            statement: None,
        }
    }

    fn with_problem(
        self,
        level: Level,
        why: impl Into<Sentence>,
        command: Option<Invocation>,
    ) -> Finding {
        Finding {
            level,
            why: Some(terminal::typed(why)),
            statement: command.map(terminal::typed),
            ..self
        }
    }

    /// A check that could not be made.
    fn failure(area: &str, explanation: Explanation) -> Finding {
        let causes = match explanation.causes.join(": ") {
            causes if causes.is_empty() => None,
            causes => Some(format!("{causes}.")),
        };
        let hints = explanation.hints.iter().map(ToString::to_string);
        let sentences = causes.into_iter().chain(explanation.details).chain(hints);
        let why = sentences.collect::<Vec<_>>().join(" ");
        let why: Vec<String> = [why].into_iter().chain(explanation.difference).collect();
        Finding::ok(area, explanation.message).with_problem(Level::Problem, why.join("\n"), None)
    }
}

pub(super) fn run(context: &Context<'_>) -> Result<Exit> {
    let mut findings = vec![Finding::ok(
        "version",
        format!("elt {}", env!("CARGO_PKG_VERSION")),
    )];
    match Database::reach(
        context.global.database_url.as_deref(),
        &context.project,
        false,
    ) {
        Ok((database, mut client)) => run_checks(context, &database, &mut client, &mut findings),
        Err(error) => findings.push(Finding::failure(
            "connection",
            context.ending.explain(&error),
        )),
    }
    let problems = findings
        .iter()
        .filter(|finding| finding.level == Level::Problem);
    let problem_count = problems.count();
    if context.global.json {
        terminal::json(&Document {
            schema_version: 1,
            problem_count,
            findings: &findings,
        })?;
    } else {
        print(&findings)?;
    }
    Ok(match problem_count {
        0 => Exit::Done,
        _ => Exit::Failed,
    })
}

/// Each check reports its findings even if other checks fail.
fn run_checks(
    context: &Context<'_>,
    database: &Database,
    client: &mut Client,
    findings: &mut Vec<Finding>,
) {
    let place = database.target().describe();
    findings.push(Finding::ok("connection", format!("connected to {place}")));
    let mut add = |area: &str, found: Result<Vec<Finding>>| match found {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(Finding::failure(area, context.ending.explain(&error))),
    };
    add("clock", clock(client).map(|finding| vec![finding]));
    add("schema", schema_state(context, database, client));
    add("database", known_to_database(context, client));
    add("disk", free_space(client));
}

/// Times in the database come from the server's clock and are compared with times of this machine.
fn clock(client: &mut Client) -> Result<Finding> {
    let before = Utc::now();
    let row = client.query_typed_one("select clock_timestamp()", &[])?;
    let after = Utc::now();
    let server: DateTime<Utc> = row.get(0);
    // The server read its clock at some time in between.
    let difference = match (server < before, server > after) {
        (true, _) => before - server,
        (_, true) => server - after,
        _ => TimeDelta::zero(),
    };
    let seconds = difference.num_milliseconds() as f64 / 1000.0;
    let finding = Finding::ok(
        "clock",
        format!("clocks of server and client differ by {seconds:.1} s"),
    );
    Ok(match difference > CLOCKS_DIFFER {
        false => finding,
        true => finding.with_problem(
            Level::Problem,
            "Times of loads, schedules, leases and tokens come from the server, those of files and logs from this \
             machine. Synchronise both clocks over the network.",
            None,
        ),
    })
}

fn schema_state(
    context: &Context<'_>,
    database: &Database,
    client: &mut Client,
) -> Result<Vec<Finding>> {
    let plan = schema::plan(client, &context.project)?;
    if schema::is_missing(client)? {
        let finding = Finding::ok("schema", "this database has no elt schema yet");
        return Ok(vec![match database.is_embedded() {
            true => finding,
            false if has_utf8(client)? => finding.with_problem(
                Level::Problem,
                "Nothing can be loaded.",
                Some(elt!("migrate")),
            ),
            false => finding.with_problem(
                Level::Problem,
                "elt needs a database whose encoding is UTF8.",
                None,
            ),
        }]);
    }
    if plan.is_empty() && plan.to_load_anew.is_empty() {
        return Ok(vec![Finding::ok("schema", "the schema is up to date")]);
    }
    if plan.is_empty() {
        let why = format!(
            "Older loads of these sources are no longer in staging: {}. Load their files again, the oldest first.",
            plan.to_load_anew.join(", ")
        );
        let finding = Finding::ok("schema", "core does not match the current core queries");
        return Ok(vec![finding.with_problem(Level::Problem, why, None)]);
    }
    let finding = Finding::ok("schema", "the schema is not up to date");
    let why = format!(
        "Pending: migrations: {}, views, functions and queries: {}{}. Nothing can be loaded until they are applied.",
        plan.migrations.len(),
        plan.views.len(),
        match plan.core_is_behind {
            true => ", core to be published again",
            false => "",
        }
    );
    Ok(vec![finding.with_problem(
        Level::Problem,
        why,
        Some(elt!("migrate")),
    )])
}

fn has_utf8(client: &mut Client) -> Result<bool> {
    let sql = "select current_setting('server_encoding') = 'UTF8'";
    Ok(client.query_typed_one(sql, &[])?.get(0))
}

/// The rows of `elt.finding`. On a server without our schema, the findings that need no schema.
fn known_to_database(context: &Context<'_>, client: &mut Client) -> Result<Vec<Finding>> {
    let sql = "select exists (select from pg_class where relnamespace = to_regnamespace('elt') \
               and relname = 'finding' and has_table_privilege(oid, 'select') \
               and has_schema_privilege(relnamespace, 'usage'))";
    let is_there: bool = client.query_typed_one(sql, &[])?.get(0);
    let of_any = context.project.engine_query("elt.server_finding");
    let from = match of_any.filter(|_| !is_there) {
        None => "elt.finding".to_string(),
        Some(query) => format!("({query})"),
    };
    let sql = format!(
        "select area, what, level, why, statement, to_jsonb(found) -> 'command' from {from} as found order by place"
    );
    let rows = client.query_typed(&sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| Finding {
            area: row.get(0),
            what: row.get(1),
            level: match row.get(2) {
                "ok" => Level::Ok,
                "advice" => Level::Advice,
                _ => Level::Problem,
            },
            why: row.get(3),
            statement: remedy(row),
        })
        .collect())
}

/// The statement or command that fixes the finding.
fn remedy(row: &Row) -> Option<String> {
    let command: Option<Value> = row.get(5);
    match serde_json::from_value(command.unwrap_or_default()) {
        Ok(words) => Some(terminal::typed(Invocation::new(words))),
        Err(_) => row.get(4),
    }
}

/// Free space of the server's disk, if the server is on this machine and the role may see its data folder.
fn free_space(client: &mut Client) -> Result<Vec<Finding>> {
    let sql = "select setting from pg_settings where name = 'data_directory' and inet_server_addr() is null";
    let Some(row) = client.query_typed_opt(sql, &[])? else {
        return Ok(Vec::new());
    };
    let folder: String = row.get(0);
    let Ok(space) = nix::sys::statvfs::statvfs(Path::new(&folder)) else {
        return Ok(Vec::new());
    };
    let free = space.blocks_available() * space.fragment_size();
    let finding = Finding::ok("disk", format!("free: {}", terminal::size(free)));
    Ok(vec![match free < LITTLE_SPACE {
        false => finding,
        true => finding.with_problem(
            Level::Problem,
            "A load needs space for its rows in staging and core, and the server needs space for its log. Free \
             some space; "
                + elt!("gc")
                + " drops what is no longer needed.",
            Some(elt!("gc")),
        ),
    }])
}

fn print(findings: &[Finding]) -> Result<()> {
    for finding in findings {
        let level = match finding.level {
            Level::Ok => "ok",
            Level::Advice => "advice",
            Level::Problem => "problem",
        };
        terminal::line(&format!("{level:8} {:10} {}", finding.area, finding.what))?;
        let texts = [&finding.why, &finding.statement].into_iter().flatten();
        for text in texts.flat_map(|text| text.lines()) {
            terminal::line(&format!("{:19} {text}", ""))?;
        }
    }
    Ok(())
}
