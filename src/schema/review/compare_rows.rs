//! Compares the rows of two definitions of a view before one is applied. Both run over the same live loads in
//! one transaction that is rolled back. The objects are temporary, so no other session waits for them.

use super::live_loads::{AllLiveLoads, POINTER};
use super::views_to_make::{require_different_names, views_to_make};
use crate::difference::{self, RowDifference};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, Project, SqlFile};
use crate::schema::apply::versions;
use crate::schema::apply::views::{self, Change};
use crate::schema::sql_text::move_to_temporary;
use crate::terminal;
use anyhow::Result;
use postgres::error::SqlState;
use postgres::{Client, IsolationLevel, Transaction};
use std::collections::BTreeSet;

/// One of the two definitions to compare.
pub(crate) enum Definition<'a> {
    /// No definition: the object is new, or its file is gone.
    None,
    /// The definition in the database.
    Applied(&'a SqlFile),
    /// An earlier text, run on the current objects.
    Earlier(&'a SqlFile),
    /// The project's file. What it reads also comes from the project's files.
    Proposed(&'a SqlFile),
}

/// Runs both definitions and compares their rows. Returns at most `sample_size` rows of each kind.
pub(crate) fn compare(
    client: &mut Client,
    project: &Project,
    before: &Definition<'_>,
    after: &Definition<'_>,
    sample_size: i64,
) -> Result<RowDifference> {
    let _waiting = terminal::waiting("running both definitions over the live loads");
    let mut notes = Vec::new();
    let changes = views::changes(client, project)?;
    let applied = versions::applied_files(client)?;
    // One snapshot for both: a publish may commit meanwhile.
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .start()?;
    // Do not wait long for DDL of other sessions. Citus cannot send temporary objects to other nodes.
    transaction.batch_execute(
        "set local lock_timeout = '2s'; set local citus.enable_ddl_propagation = off",
    )?;
    let header = after.file().or(before.file()).map(|file| &file.header);
    let header = serde_json::to_value(header)?;
    let live_loads = AllLiveLoads::read(&mut transaction, &header, &mut notes)?;
    if live_loads.is_none() {
        for row in transaction.query(include_str!("live_loads_gone.sql"), &[&header])? {
            let source: &str = row.get(0);
            notes.push(format!(
                "The live load of source {source} is no longer in staging, so its rows are missing on both sides."
            ));
        }
    }
    let moved: BTreeSet<&str> = live_loads.iter().map(|_| POINTER).collect();
    for (definition, table) in [(before, "elt_before"), (after, "elt_after")] {
        let Some(file) = definition.file() else {
            continue;
        };
        let views = match definition {
            Definition::Proposed(_) => {
                let is_changed = |name: &str| {
                    changes.iter().any(
                        |change| matches!(change, Change::Apply { file, .. } if file.name == name),
                    )
                };
                views_to_make(&project.sql, file, is_changed, &moved, &mut notes)?
            }
            _ => views_to_make(&applied, file, |_| false, &moved, &mut Vec::new())?,
        };
        let views = match (definition, &live_loads) {
            (Definition::Applied(_), None) => Vec::new(),
            _ => views,
        };
        require_different_names(file, &views)?;
        run(&mut transaction, file, &views, &live_loads, table)?;
    }
    // A missing definition has the columns of the other one and no rows.
    for (definition, table, other) in [
        (before, "elt_before", "elt_after"),
        (after, "elt_after", "elt_before"),
    ] {
        if definition.file().is_none() {
            let sql =
                format!("create temporary table {table} as table pg_temp.{other} with no data");
            transaction.batch_execute(&sql)?;
        }
    }
    let key: Option<Vec<String>> = transaction
        .query_one("select elt.header_key($1)", &[&header])?
        .get(0);
    let tables = ["pg_temp.elt_before", "pg_temp.elt_after"];
    let mut difference =
        difference::compare(&mut transaction, tables, key.as_deref(), sample_size)?;
    difference.notes = notes;
    transaction.rollback()?;
    Ok(difference)
}

impl<'a> Definition<'a> {
    fn file(&self) -> Option<&'a SqlFile> {
        match self {
            Definition::None => None,
            Definition::Applied(file) | Definition::Earlier(file) | Definition::Proposed(file) => {
                Some(file)
            }
        }
    }
}

/// Keeps the rows of a definition in a temporary table.
fn run(
    transaction: &mut Transaction<'_>,
    file: &SqlFile,
    views: &[&SqlFile],
    live_loads: &Option<AllLiveLoads>,
    table: &str,
) -> Result<()> {
    let mut objects = BTreeSet::new();
    if live_loads.is_some() {
        objects.insert(POINTER);
        let sql = format!("create temporary table live_load as table {POINTER}");
        transaction.batch_execute(&sql)?;
    }
    for view in views {
        objects.insert(view.name.as_str());
        create_temporary(transaction, view, &objects)?;
    }
    let query = match file.layer {
        Layer::Export => move_to_temporary(&file.text, &objects),
        _ => format!("table {}", move_to_temporary(&file.name, &objects)),
    };
    match live_loads {
        None => {
            let sql = format!("create temporary table {table} as {query}");
            transaction
                .batch_execute(&sql)
                .map_err(|error| cannot_run(error, file))?;
        }
        Some(live_loads) => live_loads.run(transaction, file, &query, table)?,
    }
    // The other definition may need the same names.
    for view in views.iter().rev() {
        let kind = if view.is_function() {
            "function"
        } else {
            "view"
        };
        transaction.batch_execute(&format!("drop {kind} pg_temp.{}", view.stem()))?;
    }
    if live_loads.is_some() {
        transaction.batch_execute("drop table pg_temp.live_load")?;
    }
    Ok(())
}

fn create_temporary(
    transaction: &mut Transaction<'_>,
    file: &SqlFile,
    objects: &BTreeSet<&str>,
) -> Result<()> {
    transaction
        .batch_execute(&move_to_temporary(&file.text, objects))
        .map_err(|error| cannot_run(error, file))
}

pub(super) fn cannot_run(error: postgres::Error, file: &SqlFile) -> anyhow::Error {
    let is_forbidden = error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE);
    let message = format!("could not run {} on the live data", file.path);
    let failure = Failure::new(Exit::Failed, message)
        .because(error)
        .detail("Nothing was changed: the transaction was rolled back.");
    if is_forbidden {
        failure.into()
    } else {
        failure
            .hint(
                "An earlier version may need tables that have changed since; a proposed version may need "
                    + elt!("migrate")
                    + " first.",
            )
            .into()
    }
}
