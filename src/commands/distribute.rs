//! `elt distribute`: distributes the large core tables over several servers with Citus, or brings them back.

use super::Context;
use crate::cli::DistributeArgs;
use crate::db::locks;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::schema;
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use postgres::error::SqlState;
use postgres::types::Type;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &DistributeArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("distribute")?;
    require_citus(&mut client)?;
    let sql = match args.undo {
        false => "select elt.distribute($1)",
        true => "select elt.undistribute($1)",
    };
    let statements = run_in_transaction(&mut client, sql, args.dry_run)?;
    if context.global.json {
        terminal::json(&json!({
            "schema_version": 1,
            "is_dry_run": args.dry_run,
            "is_undone": args.undo,
            "statements": statements,
        }))?;
        return Ok(Exit::Done);
    }
    for statement in &statements {
        terminal::line(&format!("{statement};"))?;
    }
    if statements.is_empty() {
        terminal::summary(match args.undo {
            true => "no core table is distributed",
            false => "all core tables with a distribution column are distributed already",
        })?;
    }
    Ok(Exit::Done)
}

/// Without Citus, explains what is missing.
fn require_citus(client: &mut Client) -> Result<()> {
    let sql = "select elt.has_citus(), current_database()::text, \
               coalesce((select string_agg(table_name, ', ') from elt.distribution), 'none')";
    let row = client.query_typed_one(sql, &[])?;
    if row.get(0) {
        return Ok(());
    }
    let (database, tables): (&str, &str) = (row.get(1), row.get(2));
    Err(
        Failure::new(Exit::Failed, format!("database \"{database}\" has no Citus"))
            .detail(format!(
                "One PostgreSQL server needs nothing of this. Core tables with a distribution column: {tables}."
            ))
            .hint(
                "To use several servers: install Citus on each, run there: create extension citus; name the workers on \
                 the coordinator: select citus_add_node('HOST', 5432); and run "
                    + elt!("distribute")
                    + " again.",
            )
            .into(),
    )
}

/// Runs a query in a transaction of its own, and returns the statements that it lists.
fn run_in_transaction(client: &mut Client, sql: &str, is_dry_run: bool) -> Result<Vec<String>> {
    locks::lock_migrations(client, schema::note_waiting)?;
    let mut transaction = client.transaction()?;
    // Readers wait behind a lock that waits.
    transaction.batch_execute("set local lock_timeout = '5s'")?;
    let rows = transaction
        .query_typed(sql, &[(&is_dry_run, Type::BOOL)])
        .map_err(explain)?;
    let statements = rows.iter().map(|row| row.get(0)).collect();
    transaction.commit().map_err(explain)?;
    Ok(statements)
}

fn explain(error: postgres::Error) -> anyhow::Error {
    let hint = match error.code() {
        Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            "Another session is using the table, such as a load. Try again later."
        }
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            "Run it as a role that owns the tables and may change roles, or let an administrator run the output of --dry-run."
        }
        _ => return anyhow::Error::new(error).context("could not distribute the core tables"),
    };
    Failure::new(Exit::Failed, "could not distribute the core tables")
        .because(error)
        .detail("Nothing was changed.")
        .hint(hint)
        .into()
}
