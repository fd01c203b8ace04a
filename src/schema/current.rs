//! Checks that a database is up to date, and what to do if it is not.

use super::{Plan, become_owner, plan};
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use crate::load::publish;
use crate::project::{Layer, Project};
use crate::schema::apply::migrations::Pending;
use crate::schema::apply::views::Change;
use crate::terminal;
use anyhow::Result;
use postgres::Client;

/// Refuses a database that is not up to date. If only core is behind, reading and loading go on with a warning,
/// because a load may fix the data that the rules refused.
pub(crate) fn require_current(client: &mut Client, project: &Project) -> Result<()> {
    let plan = plan(client, project)?;
    if !plan.has_current_schema() {
        return Err(pending_failure(&plan).into());
    }
    if plan.core_is_behind {
        terminal::warn(
            format!("{CORE_IS_BEHIND}; ") + elt!("migrate") + " publishes the live loads again",
        );
    }
    warn_to_reload(&plan.to_reload);
    Ok(())
}

/// Refuses a database whose engine part of the schema is not this program's. The project's part may have
/// pending changes.
pub(crate) fn require_engine(client: &mut Client, project: &Project) -> Result<()> {
    let plan = plan(client, project)?;
    let is_engines = |change: &Change<'_>| match change {
        Change::Apply { file, .. } => file.layer == Layer::Elt,
        Change::Remove { .. } => false,
    };
    let is_behind = plan.migrations.iter().any(Pending::is_engines);
    if is_behind || plan.views.iter().any(is_engines) {
        Err(pending_failure(&plan).into())
    } else {
        Ok(())
    }
}

/// Refuses to export core while it holds results of old core queries.
pub(crate) fn require_core(client: &mut Client) -> Result<()> {
    let outdated = publish::outdated_sources(client)?;
    if outdated.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(Exit::Schema, CORE_IS_BEHIND);
    let failure = match outdated.to_reload.as_slice() {
        [] => failure.hint(
            "Publish the live loads again with " + elt!("migrate") + ", or load the files again.",
        ),
        sources => failure.detail(not_in_staging(sources)).hint(reload_hint()),
    };
    Err(failure.into())
}

/// A migration that adds a column to a core table does not add it to the core query.
pub(crate) fn warn_of_lacking_columns(client: &mut Client) -> Result<()> {
    become_owner(client)?;
    let sql = "select core_query_name, table_name, column_names from elt.incomplete_core_query order by core_query_name";
    let rows = client.query_typed(sql, &[])?;
    client.batch_execute("reset role")?;
    for row in rows {
        let (core_query, table, columns): (&str, &str, &str) = (row.get(0), row.get(1), row.get(2));
        terminal::warn(
            format!(
                "core query \"{core_query}\" lacks columns of table \"{table}\": {columns}; its sources cannot be published until you add them to its file and run "
            ) + elt!("migrate"),
        );
    }
    Ok(())
}

/// On Citus, new core tables, and all of them after a restore, are on the coordinator alone.
pub(crate) fn warn_to_distribute(client: &mut Client) -> Result<()> {
    become_owner(client)?;
    let tables = tables_to_distribute(client)?;
    client.batch_execute("reset role")?;
    if let Some(tables) = tables {
        terminal::warn(
            format!("these core tables are not distributed over the workers yet: {tables}; ")
                + elt!("distribute")
                + " distributes them",
        );
    }
    Ok(())
}

fn tables_to_distribute(client: &mut Client) -> Result<Option<String>> {
    let has_citus = client.query_typed_one("select elt.has_citus()", &[])?;
    if !has_citus.get::<_, bool>(0) {
        return Ok(None);
    }
    let sql = "select string_agg(table_name, ', ' order by table_name) from elt.distribution \
               where distributed_by is null and problem is null";
    Ok(client.query_typed_one(sql, &[])?.get(0))
}

/// Core keeps the results of older core queries until the files are loaded again.
pub(crate) fn warn_to_reload(sources: &[String]) {
    if !sources.is_empty() {
        terminal::warn(format!("{CORE_IS_BEHIND}. {} ", not_in_staging(sources)) + reload_hint());
    }
}

fn not_in_staging(sources: &[String]) -> String {
    format!(
        "Older loads of these sources are no longer in staging: {}.",
        sources.join(", ")
    )
}

fn reload_hint() -> Sentence {
    "Load their files again, the oldest first: " + elt!("load", "SOURCE", "--data", "DIR") + "."
}

const CORE_IS_BEHIND: &str = "core does not match the current core queries yet";

pub(crate) fn pending_failure(plan: &Plan<'_>) -> Failure {
    let count = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    if plan.has_current_schema() {
        return Failure::new(Exit::Schema, CORE_IS_BEHIND)
            .hint("Publish the live loads again with " + elt!("migrate") + ".");
    }
    Failure::new(Exit::Schema, "the database's schema is not up to date")
        .detail(format!(
            "Pending: {} and {} of views, functions and queries.",
            count(plan.migrations.len(), "migration"),
            count(plan.views.len(), "change"),
        ))
        .hint(
            "To see them, run "
                + elt!("migrate", "--dry-run")
                + "; to apply them, run "
                + elt!("migrate")
                + ".",
        )
}
