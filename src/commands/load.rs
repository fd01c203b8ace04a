//! `elt load`: sources into the database, published together.

use super::{Context, show};
use crate::cli::LoadArgs;
use crate::db::Database;
use crate::failure::Exit;
use crate::load::{self, Outcome, Report, Request};
use crate::terminal::{self, Table, number};
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    load: &'a Report,
    rules: Option<&'a [crate::quality::Finding]>,
}

pub(super) fn run(context: &Context<'_>, args: &LoadArgs) -> Result<Exit> {
    let database = context.open_to_load(args.migrate)?;
    let report = load(context, &database, args)?;
    if context.global.json {
        terminal::json(&Document {
            schema_version: 1,
            load: &report,
            rules: report.findings(),
        })?;
    } else {
        print(&report)?;
        if let Some(findings) = report.findings() {
            show::findings(findings)?;
        }
    }
    Ok(Exit::Done)
}

pub(super) fn load(context: &Context<'_>, database: &Database, args: &LoadArgs) -> Result<Report> {
    let data = args.data().unwrap_or(&context.project.data);
    load::load(
        database,
        &Request {
            sources: &args.sources,
            data: Some(data),
            replay: args.replay.as_deref(),
            default_data: &context.project.data,
            max_rejects: args.max_rejects,
            force: args.force,
            wait: args.wait,
            jobs: args.jobs,
        },
    )
}

pub(super) fn print(report: &Report) -> Result<()> {
    if !report.interrupted_loads.is_empty() {
        terminal::note(&format!(
            "cleared away what loads {:?} left when their program ended early",
            report.interrupted_loads
        ));
    }
    let mut table = Table::new(&["source", "load#", "rows#", "rejected#", "seconds#", ""]);
    for source in &report.sources {
        table.row(vec![
            source.source.clone(),
            source.load_id.to_string(),
            number(i64::try_from(source.rows)?),
            number(i64::try_from(source.rejected)?),
            format!("{:.2}", source.seconds),
            match source.outcome {
                Outcome::Published => String::new(),
                Outcome::Unchanged => "unchanged".into(),
            },
        ]);
    }
    terminal::line(&table.text())?;
    for source in &report.sources {
        let rows = i64::try_from(source.rows)?;
        let before = source.rows_before.unwrap_or_default();
        // Half of it may be missing by mistake: of a file, or of an API's pages.
        if rows < before / 2 {
            let now = match rows {
                0 => "no row".to_string(),
                1 => "1 row".to_string(),
                rows => format!("{} rows", number(rows)),
            };
            let name = &source.source;
            terminal::warn(&format!(
                "source \"{name}\" has {now} now, and had {}",
                number(before)
            ));
        }
        if !source.rejects.is_empty() {
            terminal::line(&format!("\nrejected from {}:", source.location))?;
            for reject in &source.rejects {
                terminal::line(&format!("  {reject}"))?;
            }
            terminal::line(&format!("  all of them: elt rejects {}", source.load_id))?;
        }
    }
    if report.published.is_some() {
        terminal::line(&format!("\npublished in {:.2} s", report.publish_seconds))?;
    } else {
        terminal::line("\nnothing to do: these files are live already (--force loads them again)")?;
    }
    Ok(())
}
