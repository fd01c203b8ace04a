//! `elt migrate --dry-run`: prints the SQL that would run, with the locks of each statement.

use super::super::Context;
use crate::database::Database;
use crate::failure::Exit;
use crate::project::{Layer, SqlFile};
use crate::schema::review::locks::Lock;
use crate::schema::review::rehearsal::{Rehearsal, ViewStep, rehearse};
use crate::schema::{self, Plan};
use crate::terminal::{self, number, size};
use anyhow::Result;
use postgres::Client;
use serde_json::{Value, json};

pub(super) fn run(context: &Context<'_>, database: &Database, client: &mut Client) -> Result<Exit> {
    let plan = schema::reviewed_plan(client, &context.project)?;
    if plan.is_empty() && !context.global.json {
        terminal::line("-- nothing is pending")?;
        return Ok(Exit::Done);
    }
    let rehearsal = rehearse(database, client, &context.project, &plan)?;
    let files = Files(&context.project.sql);
    if context.global.json {
        terminal::json(&document(&plan, &rehearsal, &files))?
    } else {
        print(&rehearsal, &files)?;
        if plan.core_is_behind {
            terminal::line(
                "\n-- Then the live loads are published again, because core queries changed.",
            )?;
        }
    }
    Ok(Exit::Done)
}

struct Files<'a>(&'a [SqlFile]);

impl Files<'_> {
    fn find(&self, name: &str) -> Option<&SqlFile> {
        self.0.iter().find(|file| file.name == name)
    }
}

/// Prints only SQL and SQL comments, for a DBA to read.
fn print(rehearsal: &Rehearsal<'_>, files: &Files<'_>) -> Result<()> {
    terminal::line(
        "-- SQL that elt migrate would run, for reading only: elt migrate also writes its ledgers and\n\
         -- elt.view_version. To run it by hand, use elt migrate --sql. Locks were measured in an empty copy of\n\
         -- the schema; sizes and readers come from this database. Only ACCESS EXCLUSIVE blocks readers.",
    )?;
    if let Some(caveat) = &rehearsal.caveat {
        terminal::line(&format!("-- careful: {caveat}"))?;
    }
    for each in &rehearsal.migrations {
        let is_outside = each.pending.file.is_outside_transaction();
        let path = &each.pending.file.path;
        if is_outside {
            terminal::line(&format!("\n-- {path}: outside a transaction"))?;
        } else {
            terminal::line(&format!("\n-- {path}: one transaction\nbegin;"))?;
        }
        for step in &each.steps {
            print_locks(step.locks.as_deref())?;
            if let Some(why) = step.untried {
                terminal::line(&format!("-- locks: not measured, because {why}"))?;
            }
            if let Some(problem) = &step.problem {
                terminal::line(&format!("-- fails: {problem}"))?;
            }
            terminal::line(&format!("{};", step.sql))?;
        }
        if !is_outside {
            terminal::line("commit;")?;
        }
    }
    if rehearsal.views.is_empty() {
        return Ok(());
    }
    terminal::line(
        "\n-- views, functions and queries of sql/: one transaction\nbegin;\nset local lock_timeout = '2s';",
    )?;
    for (step, locks) in &rehearsal.views {
        match step {
            ViewStep::Drop { name, kind } => {
                print_locks(locks.as_deref())?;
                terminal::line(&format!("drop {} if exists {name};", kind.name()))?;
            }
            ViewStep::Make { name } => {
                let Some(file) = files.find(name) else {
                    continue;
                };
                terminal::line(&format!("\n-- {}", file.path))?;
                print_locks(locks.as_deref())?;
                match file.layer {
                    Layer::Export => terminal::line("-- a query that elt export runs; no object")?,
                    _ => terminal::line(file.text.trim_end())?,
                }
            }
            ViewStep::Restore { .. } | ViewStep::Record { .. } | ViewStep::RecordRemoval { .. } => {
            }
        }
    }
    terminal::line("commit;")
}

fn print_locks(locks: Option<&[Lock]>) -> Result<()> {
    for lock in locks.unwrap_or_default() {
        terminal::line(&format!("-- locks: {}", describe_lock(lock)))?;
    }
    Ok(())
}

/// `ACCESS EXCLUSIVE on core.orders (1.2 GiB, about 5,000,000 rows), read by public.sales`.
fn describe_lock(lock: &Lock) -> String {
    let size = match (lock.bytes, lock.rows) {
        (0, _) => String::new(),
        (bytes, rows) => {
            let size = size(bytes.unsigned_abs());
            let partitions = match lock.partitions {
                0 => String::new(),
                1 => ", 1 partition".into(),
                count => format!(", {} partitions", number(count)),
            };
            format!(" ({size}, about {} rows{partitions})", number(rows))
        }
    };
    let readers = match lock.read_by.as_slice() {
        [] => String::new(),
        readers => format!(", read by {}", readers.join(", ")),
    };
    format!("{} on {}{size}{readers}", lock.mode, lock.relation)
}

fn document(plan: &Plan<'_>, rehearsal: &Rehearsal<'_>, files: &Files<'_>) -> Value {
    let migrations: Vec<Value> = rehearsal
        .migrations
        .iter()
        .map(|each| {
            json!({
                "file": each.pending.file.path,
                "is_one_transaction": !each.pending.file.is_outside_transaction(),
                "statements": each.steps,
            })
        })
        .collect();
    let views: Vec<Value> = rehearsal
        .views
        .iter()
        .filter_map(|(step, locks)| match step {
            ViewStep::Drop { name, .. } => {
                Some(json!({ "name": name, "does": "drop", "file": null, "locks": locks }))
            }
            ViewStep::Make { name } => {
                let path = files.find(name).map(|file| file.path.as_str());
                Some(json!({ "name": name, "does": "make", "file": path, "locks": locks }))
            }
            ViewStep::Restore { .. } | ViewStep::Record { .. } | ViewStep::RecordRemoval { .. } => {
                None
            }
        })
        .collect();
    json!({
        "schema_version": 1, "is_current": plan.is_empty(), "caveat": rehearsal.caveat,
        "migrations": migrations, "views": views,
    })
}
