//! `elt doctor`: diagnoses problems and suggests fixes. Most findings come from the database (`elt.finding`);
//! this module adds those that only a client can see.

mod checks;

use crate::commands::Context;
use crate::database::Database;
use crate::failure::Exit;
use crate::failure::explain::Explanation;
use crate::failure::sentence::{Invocation, Sentence};
use crate::terminal;
use anyhow::Result;
use checks::{clock, database_findings, free_space, schema_state};
use postgres::Client;
use serde::Serialize;

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
        let hints = explanation.hints.iter().map(|hint| hint.text(&[]));
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
            context.reporter.explain(&error),
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
        Err(error) => findings.push(Finding::failure(area, context.reporter.explain(&error))),
    };
    add("clock", clock(client).map(|finding| vec![finding]));
    add("schema", schema_state(context, database, client));
    add("database", database_findings(context, client));
    add("disk", free_space(client));
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
