//! Brings a database up to date: migrations of the engine and of the project, then the views, then core,
//! all under one advisory lock. Running it again is a no-op.

pub(crate) mod apply;
pub(crate) mod review;
mod sql_text;

use crate::db::locks;
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure, Standing, exit_of};
use crate::load::publish;
use crate::project::{Layer, Project};
use crate::signals;
use crate::terminal;
use anyhow::Result;
use apply::migrations::{self, Pending};
use apply::views::{self, Change};
use postgres::Client;
use serde::Serialize;

/// The pending changes of a database.
pub(crate) struct Plan<'a> {
    pub(crate) migrations: Vec<Pending<'a>>,
    pub(crate) views: Vec<Change<'a>>,
    /// Core was filled by older core queries than the applied ones and must be published again. Not known
    /// while core queries are pending.
    pub(crate) core_is_behind: bool,
    /// Sources for which this is not possible: their files must be loaded again.
    pub(crate) to_load_anew: Vec<String>,
}

impl Plan<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.has_current_schema() && !self.core_is_behind
    }

    fn has_current_schema(&self) -> bool {
        self.migrations.is_empty() && self.views.is_empty()
    }
}

/// What was done.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    pub(crate) migrations_applied: Vec<String>,
    pub(crate) views_applied: Vec<String>,
    pub(crate) views_removed: Vec<String>,
    /// Number of the publish that applied changed core queries to core.
    pub(crate) published_again: Option<i64>,
    /// Sources that could not be published again, because their older loads are no longer in staging.
    pub(crate) to_load_anew: Vec<String>,
}

/// Compares the database with the files. Takes no lock.
pub(crate) fn plan<'a>(client: &mut Client, project: &'a Project) -> Result<Plan<'a>> {
    let behind = publish::behind(client)?;
    Ok(Plan {
        migrations: migrations::pending(client, project)?,
        views: views::changes(client, project)?,
        core_is_behind: !behind.staged.is_empty(),
        to_load_anew: behind.to_load_anew,
    })
}

/// Applies pending migrations and views.
pub(crate) fn migrate(
    client: &mut Client,
    project: &Project,
    standing: &Standing,
) -> Result<Report> {
    become_owner(client)?;
    if plan(client, project)?.is_empty() {
        client.batch_execute("reset role")?;
        return Ok(Report::default());
    }
    locks::lock_migrations(client, say_waiting)?;
    let mut report = Report::default();
    let outcome = migrate_locked(client, project, standing, &mut report);
    // A lost connection has released the lock already.
    let unlocked = locks::unlock_migrations(client);
    outcome.map_err(|error| with_what_was_done(error, &report))?;
    unlocked?;
    client.batch_execute("reset role")?;
    Ok(report)
}

/// Reports that another migration is running.
pub(crate) fn say_waiting() {
    terminal::note("waiting for another elt migrate");
}

/// If role `elt_migrate` owns the schemas, or would own them, it also owns all new objects, no matter which of
/// its members migrates.
fn become_owner(client: &mut Client) -> Result<()> {
    if is_owners(client)? {
        client.batch_execute("set role elt_migrate")?;
    }
    Ok(())
}

const IS_OWNERS: &str = "select exists (select from pg_roles where rolname = 'elt_migrate' and pg_has_role(oid, 'member') \
                         and coalesce((select nspowner = pg_roles.oid from pg_namespace where nspname = 'elt'), \
                         has_database_privilege(oid, current_database(), 'create')))";

fn is_owners(client: &mut Client) -> Result<bool> {
    Ok(client.query_typed_one(IS_OWNERS, &[])?.get(0))
}

fn migrate_locked(
    client: &mut Client,
    project: &Project,
    standing: &Standing,
    report: &mut Report,
) -> Result<()> {
    migrations::apply(client, project, &mut |path, count| {
        report.migrations_applied.push(path.to_string());
        standing.did(format!(
            "{} of {count} pending migrations are applied",
            report.migrations_applied.len()
        ));
        standing.goes_on_with(elt!("migrate"));
    })?;
    (report.views_applied, report.views_removed) = views::apply(client, project)?;
    // The other roles need rights on new objects.
    client.batch_execute("select elt.grant_roles()")?;
    report.published_again = publish::republish(client)?;
    report.to_load_anew = publish::behind(client)?.to_load_anew;
    Ok(())
}

/// Adds what was committed before the failure. The message for an interrupt contains it anyway.
fn with_what_was_done(error: anyhow::Error, report: &Report) -> anyhow::Error {
    let mut done = report.migrations_applied.clone();
    let views = report.views_applied.len() + report.views_removed.len();
    if views > 0 {
        done.push(format!("{views} of views, functions and queries"));
    }
    if done.is_empty() || signals::happened() {
        return error;
    }
    Failure::new(exit_of(&error), "could not apply all pending changes")
        .because(error)
        .detail(format!("Already committed: {}.", done.join(", ")))
        .into()
}

/// Whether the database has no elt schema yet.
pub(crate) fn is_missing(client: &mut Client) -> Result<bool> {
    let sql = "select to_regclass('elt.view_version') is null";
    Ok(client.query_typed_one(sql, &[])?.get(0))
}

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
    warn_to_load_anew(&plan.to_load_anew);
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
    match is_behind || plan.views.iter().any(is_engines) {
        true => Err(pending_failure(&plan).into()),
        false => Ok(()),
    }
}

/// Refuses to export core while it holds results of old core queries.
pub(crate) fn require_core(client: &mut Client) -> Result<()> {
    let behind = publish::behind(client)?;
    if behind.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(Exit::Schema, CORE_IS_BEHIND);
    let failure = match behind.to_load_anew.as_slice() {
        [] => failure.hint(
            "Publish the live loads again with " + elt!("migrate") + ", or load the files again.",
        ),
        sources => failure.detail(not_in_staging(sources)).hint(load_anew()),
    };
    Err(failure.into())
}

/// A migration that adds a column to a core table does not add it to the core query.
pub(crate) fn warn_of_lacking_columns(client: &mut Client) -> Result<()> {
    become_owner(client)?;
    let rows = client.query_typed(include_str!("lacking_columns.sql"), &[])?;
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

/// Core keeps the results of older core queries until the files are loaded again.
pub(crate) fn warn_to_load_anew(sources: &[String]) {
    if !sources.is_empty() {
        terminal::warn(format!("{CORE_IS_BEHIND}. {} ", not_in_staging(sources)) + load_anew());
    }
}

fn not_in_staging(sources: &[String]) -> String {
    format!(
        "Older loads of these sources are no longer in staging: {}.",
        sources.join(", ")
    )
}

fn load_anew() -> Sentence {
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
