//! Brings a database up to date: migrations of the engine and of the project, then the views, then core,
//! all under one advisory lock. Running it again is a no-op.

pub(crate) mod apply;
mod current;
pub(crate) mod review;
mod sql_text;

use crate::database::Database;
use crate::db::locks;
use crate::failure::sentence::elt;
use crate::failure::{CommandProgress, Failure, exit_of};
use crate::load::publish;
use crate::project::Project;
use crate::{signals, terminal};
use anyhow::Result;
use apply::conditions;
use apply::migrations::{self, Pending};
use apply::views::{self, Change};
pub(crate) use current::{
    pending_failure, require_core, require_current, require_engine, warn_of_lacking_columns,
    warn_to_distribute, warn_to_reload,
};
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
    pub(crate) to_reload: Vec<String>,
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
    #[serde(rename = "to_load_anew")]
    pub(crate) to_reload: Vec<String>,
}

/// Compares the database with the files. Takes no lock.
pub(crate) fn plan<'a>(client: &mut Client, project: &'a Project) -> Result<Plan<'a>> {
    let outdated = publish::outdated_sources(client)?;
    Ok(Plan {
        migrations: migrations::pending(client, project)?,
        views: views::changes(client, project)?,
        core_is_behind: !outdated.staged.is_empty(),
        to_reload: outdated.to_reload,
    })
}

/// The same for a user who looks at it before `elt migrate`. Refuses headers that `elt migrate` would refuse because
/// of a relation that does not exist.
pub(crate) fn reviewed_plan<'a>(client: &mut Client, project: &'a Project) -> Result<Plan<'a>> {
    let plan = plan(client, project)?;
    conditions::check_limits(client, project, &plan.views, &plan.migrations)?;
    Ok(plan)
}

/// Applies pending migrations and views.
pub(crate) fn migrate(
    database: &Database,
    client: &mut Client,
    project: &Project,
    progress: &CommandProgress,
) -> Result<Report> {
    become_owner(client)?;
    if plan(client, project)?.is_empty() {
        client.batch_execute("reset role")?;
        return Ok(Report::default());
    }
    locks::lock_migrations(client, note_waiting)?;
    let mut report = Report::default();
    let outcome = migrate_locked(database, client, project, progress, &mut report);
    // A lost connection has released the lock already.
    let unlocked = locks::unlock_migrations(client);
    outcome.map_err(|error| with_what_was_done(error, &report))?;
    unlocked?;
    client.batch_execute("reset role")?;
    Ok(report)
}

/// Reports that another migration is running.
pub(crate) fn note_waiting() {
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
    database: &Database,
    client: &mut Client,
    project: &Project,
    progress: &CommandProgress,
    report: &mut Report,
) -> Result<()> {
    migrations::apply(client, project, &mut |path, count| {
        report.migrations_applied.push(path.to_string());
        progress.set_done(format!(
            "{} of {count} pending migrations are applied",
            report.migrations_applied.len()
        ));
        progress.set_next_command(elt!("migrate"));
    })?;
    (report.views_applied, report.views_removed) = views::apply(client, project)?;
    // The other roles need rights on new objects.
    client.batch_execute("select elt.grant_roles()")?;
    report.published_again = publish::republish(database, client)?;
    report.to_reload = publish::outdated_sources(client)?.to_reload;
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
