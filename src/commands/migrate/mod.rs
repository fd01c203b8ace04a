//! `elt migrate`: applies migrations and views, or shows what is pending.

mod plan;
mod verify;

use super::Context;
use crate::cli::MigrateArgs;
use crate::database::Database;
use crate::failure::{Exit, Failure};
use crate::schema::apply::views::Change;
use crate::schema::review::psql_script;
use crate::schema::review::rehearsal::rehearse;
use crate::schema::{self, Report};
use crate::terminal::{self, Table};
use anyhow::Result;
use postgres::Client;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(context: &Context<'_>, args: &MigrateArgs) -> Result<Exit> {
    let looks = args.check || args.is_dry_run() || args.status || args.sql || args.verify;
    let database = context.open(!looks)?;
    let mut client = database.connect("migrate")?;
    if args.is_dry_run() {
        return plan::run(context, &database, &mut client);
    }
    if args.sql {
        return print_script(context, &database, &mut client);
    }
    if args.verify {
        return verify::run(context, &database, &mut client);
    }
    if context.global.json && (args.check || args.status) {
        return print_json(context, &mut client, args.check);
    }
    if args.check {
        let plan = schema::reviewed_plan(&mut client, &context.project)?;
        if !plan.is_empty() {
            return Err(schema::pending_failure(&plan).into());
        }
        terminal::line("the database's schema is up to date")?;
    } else if args.status {
        print_status(context, &mut client)?;
    } else {
        let report = schema::migrate(&database, &mut client, &context.project, context.progress)?;
        schema::warn_to_reload(&report.to_reload);
        schema::warn_of_lacking_columns(&mut client)?;
        schema::warn_to_distribute(&mut client)?;
        if context.global.json {
            terminal::json(&Document {
                schema_version: 1,
                report: &report,
            })?;
        } else if !terminal::is_quiet() {
            print_report(&report)?;
        }
    }
    Ok(Exit::Done)
}

fn print_script(context: &Context<'_>, database: &Database, client: &mut Client) -> Result<Exit> {
    if context.global.json {
        return Err(Failure::new(
            Exit::Usage,
            "--sql prints SQL and cannot be used with --json",
        )
        .hint("Omit one of the two; --dry-run --json prints the same as a JSON document.")
        .into());
    }
    let plan = schema::reviewed_plan(client, &context.project)?;
    if plan.is_empty() {
        terminal::line("-- nothing is pending")?;
        return Ok(Exit::Done);
    }
    let rehearsal = rehearse(database, client, &context.project, &plan)?;
    let script = psql_script::psql_script(client, &context.project, &rehearsal)?;
    terminal::line(script.trim_end())?;
    Ok(Exit::Done)
}

/// Prints what is pending. `must_be_nothing`: if something is pending, fails, and puts the error in the document.
fn print_json(context: &Context<'_>, client: &mut Client, must_be_nothing: bool) -> Result<Exit> {
    let plan = if must_be_nothing {
        schema::reviewed_plan(client, &context.project)?
    } else {
        schema::plan(client, &context.project)?
    };
    let migrations: Vec<&str> = plan
        .migrations
        .iter()
        .map(|pending| pending.file.path.as_str())
        .collect();
    let views: Vec<&str> = plan
        .views
        .iter()
        .map(|change| match change {
            Change::Apply { file, .. } => file.name.as_str(),
            Change::Remove { name, .. } => name.as_str(),
        })
        .collect();
    let document = serde_json::json!({
        "schema_version": 1, "is_current": plan.is_empty(), "migrations_pending": migrations,
        "views_pending": views, "core_is_behind": plan.core_is_behind, "to_load_anew": plan.to_reload,
    });
    if must_be_nothing && !plan.is_empty() {
        let failure = schema::pending_failure(&plan).into();
        return Ok(context.reporter.report_in(document, &failure));
    }
    terminal::json(&document)?;
    Ok(Exit::Done)
}

fn print_status(context: &Context<'_>, client: &mut Client) -> Result<()> {
    let plan = schema::plan(client, &context.project)?;
    let applied = schema::apply::ledger::all_applied(client, &context.project)?;
    let mut table = Table::new(&["migration", "ledger", "applied"]);
    for each in applied {
        table.row(vec![
            format!("V{:04}__{}", each.version, each.name),
            each.ledger.to_string(),
            each.applied_on.chars().take(19).collect(),
        ]);
    }
    for pending in &plan.migrations {
        table.row(vec![
            pending.file.stem.clone(),
            pending.ledger.to_string(),
            "pending".into(),
        ]);
    }
    terminal::line(&table.text())?;
    let changed: Vec<String> = plan
        .views
        .iter()
        .map(|change| match change {
            Change::Apply { file, version } => format!("{} (version {version})", file.name),
            Change::Remove { name, .. } => format!("{name} (removed)"),
        })
        .collect();
    if changed.is_empty() {
        let count = context.project.sql.len();
        return terminal::line(&format!(
            "\nviews, functions and queries: all {count} match their files"
        ));
    }
    terminal::line("\npending views, functions and queries:")?;
    changed
        .iter()
        .try_for_each(|change| terminal::line(&format!("  {change}")))
}

/// Reports objects that an automatic migration removed, because the user did not ask for it. Either a file is
/// gone, or another project uses the same database.
pub(super) fn note_removed(report: &Report) {
    for name in &report.views_removed {
        terminal::note(format!("removed {name}: it has no file in this project"));
    }
}

fn print_report(report: &Report) -> Result<()> {
    let nothing = report.migrations_applied.is_empty()
        && report.views_applied.is_empty()
        && report.views_removed.is_empty()
        && report.published_again.is_none();
    if nothing {
        return terminal::line("nothing to do: the database's schema is up to date");
    }
    for path in &report.migrations_applied {
        terminal::line(&format!("applied {path}"))?;
    }
    if !report.views_applied.is_empty() {
        terminal::line(&format!(
            "applied views, functions and queries: {}",
            report.views_applied.len()
        ))?;
    }
    for name in &report.views_removed {
        terminal::line(&format!("removed {name}"))?;
    }
    if let Some(publish_id) = report.published_again {
        terminal::line(&format!(
            "core queries changed: the live loads were published again (publish {publish_id})"
        ))?;
    }
    Ok(())
}
