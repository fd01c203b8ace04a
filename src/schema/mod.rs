//! "Bring this database up to date": migrations of the engine and of the project, then the views,
//! then core, all under one advisory lock. Doing it twice is doing it once.

pub(crate) mod by_hand;
mod cluster_wide;
mod days;
pub(crate) mod drift;
pub(crate) mod ledger;
pub(crate) mod migrations;
mod order;
mod outside;
pub(crate) mod preview;
mod rebuild;
pub(crate) mod rehearsal;
mod script;
pub(crate) mod versions;
pub(crate) mod views;

use crate::db::locks;
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure, Standing, exit_of};
use crate::load::publish;
use crate::project::{Layer, Project};
use crate::signals;
use crate::terminal;
use anyhow::Result;
use migrations::Pending;
use postgres::Client;
use serde::Serialize;
use views::Change;

/// What a database lacks.
pub(crate) struct Plan<'a> {
    pub(crate) migrations: Vec<Pending<'a>>,
    pub(crate) views: Vec<Change<'a>>,
    /// Core was filled by other core queries than those that are applied: it has to be published
    /// again. Not known while others are pending.
    pub(crate) core_is_behind: bool,
    /// The same, where that cannot be done: sources whose files have to be loaded again.
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
    /// Number of the publish that brought core to what changed core queries say.
    pub(crate) published_again: Option<i64>,
    /// Sources that could not be published again, since their older loads are no longer in staging.
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

/// Applies what is missing.
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
    // A connection that broke has lost the lock by itself.
    let unlocked = locks::unlock_migrations(client);
    outcome.map_err(|error| with_what_was_done(error, &report))?;
    unlocked?;
    client.batch_execute("reset role")?;
    Ok(report)
}

/// Before another migration is waited for.
pub(crate) fn say_waiting() {
    terminal::note("waiting for another elt that migrates");
}

/// Where the schemas are role `elt_migrate`'s, or would be, everything new is its own too, whoever of
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
            "{} of {count} pending migrations are applied, each whole",
            report.migrations_applied.len()
        ));
        standing.goes_on_with(elt!("migrate"));
    })?;
    (report.views_applied, report.views_removed) = views::apply(client, project)?;
    // What is new is for the other roles too.
    client.batch_execute("select elt.grant_roles()")?;
    report.published_again = publish::republish(client)?;
    report.to_load_anew = publish::behind(client)?.to_load_anew;
    Ok(())
}

/// What was committed before something failed stays. Who interrupts is told that anyway.
fn with_what_was_done(error: anyhow::Error, report: &Report) -> anyhow::Error {
    let mut done = report.migrations_applied.clone();
    let views = report.views_applied.len() + report.views_removed.len();
    if views > 0 {
        done.push(format!("{views} of views, functions and queries"));
    }
    if done.is_empty() || signals::happened() {
        return error;
    }
    Failure::new(exit_of(&error), "could not apply all that was pending")
        .because(error)
        .detail(format!(
            "Applied before that, and kept: {}.",
            done.join(", ")
        ))
        .into()
}

/// Whether the database is as new as on its first day.
pub(crate) fn is_missing(client: &mut Client) -> Result<bool> {
    let sql = "select to_regclass('elt.view_version') is null";
    Ok(client.query_typed_one(sql, &[])?.get(0))
}

/// Refuses to work on a database that is not up to date. Where only core is behind, whoever looks or
/// loads may go on: a load is what fixes data that the rules refused.
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

/// Refuses to work where the program's own part of the schema is not the program's; the project's may
/// have changes that are not applied.
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

/// Refuses to give out what old core queries said under the name of new ones.
pub(crate) fn require_core(client: &mut Client) -> Result<()> {
    let behind = publish::behind(client)?;
    if behind.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(Exit::Schema, CORE_IS_BEHIND);
    let failure = match behind.to_load_anew.as_slice() {
        [] => failure
            .hint("Publish the live loads again with " + elt!("migrate") + ", or load them anew."),
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
                "core query \"{core_query}\" lacks columns of table \"{table}\": {columns}. Nothing that it reads can be published until its file has them, and "
            ) + elt!("migrate")
                + " was run",
        );
    }
    Ok(())
}

/// Core stays as older core queries made it, until somebody loads the files again.
pub(crate) fn warn_to_load_anew(sources: &[String]) {
    if !sources.is_empty() {
        terminal::warn(format!("{CORE_IS_BEHIND}. {} ", not_in_staging(sources)) + load_anew());
    }
}

fn not_in_staging(sources: &[String]) -> String {
    format!(
        "Of these sources older loads are no longer in staging: {}.",
        sources.join(", ")
    )
}

fn load_anew() -> Sentence {
    "Load their files again, the oldest first: " + elt!("load", "SOURCE", "--data", "DIR") + "."
}

const CORE_IS_BEHIND: &str = "core is not yet what the current core queries say";

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
            "See them with "
                + elt!("migrate", "--plan")
                + ", apply them with "
                + elt!("migrate")
                + ".",
        )
}
