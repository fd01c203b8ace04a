//! Runs refinery with a ledger for the engine and one for the project. By default, refinery writes a migration
//! and its ledger row in two transactions and takes no lock. Here each migration is one grouped run up to its
//! version, which is one transaction, and the caller holds the lock.

use super::ledger::{self, ENGINE_LEDGER, ledgers};
use super::session::Session;
use super::{views, without_transaction};
use crate::failure::cause;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::{MigrationFile, Project};
use anyhow::{Context, Result};
use postgres::Client;
use postgres::types::Type;
use refinery::{Migration, Runner, Target};

/// On Citus, the objects that follow are made on the coordinator alone. Without Citus, the setting has no effect.
pub(in crate::schema) const LOCAL_OBJECTS: &str = "set citus.enable_ddl_propagation = off";

/// A pending migration.
pub(crate) struct Pending<'a> {
    pub(crate) file: &'a MigrationFile,
    pub(crate) ledger: &'static str,
    pub(crate) version: i32,
    migration: Migration,
}

impl Pending<'_> {
    /// The ledger row as refinery writes it: the name, and the checksum of name and text.
    pub(in crate::schema) fn row(&self) -> (&str, u64) {
        (self.migration.name(), self.migration.checksum())
    }

    pub(in crate::schema) fn is_engines(&self) -> bool {
        self.ledger == ENGINE_LEDGER
    }
}

/// The files that are in no ledger. A ledger that disagrees with the files is an error.
pub(crate) fn pending<'a>(client: &mut Client, project: &'a Project) -> Result<Vec<Pending<'a>>> {
    let mut pending = Vec::new();
    for (ledger, files) in ledgers(project) {
        let migrations = parse(files)?;
        let applied = ledger::applied(client, ledger)?;
        if applied.is_empty()
            && ledger == ENGINE_LEDGER
            && let Some(failure) = others_schemas(client)?
            // If it is not empty now, another session has migrated in between.
            && ledger::applied(client, ledger)?.is_empty()
        {
            return Err(failure.into());
        }
        ledger::verify(client, &migrations, files, &applied)?;
        for (migration, file) in migrations.into_iter().zip(files).skip(applied.len()) {
            pending.push(Pending {
                file,
                ledger,
                version: migration.version(),
                migration,
            });
        }
    }
    Ok(pending)
}

/// Before the first migration, its schemas may exist, but they must be empty and owned by a role that the
/// caller is a member of.
fn others_schemas(client: &mut Client) -> Result<Option<Failure>> {
    let sql = include_str!("others_schema.sql");
    let Some(row) = client.query_typed_opt(sql, &[])? else {
        return Ok(None);
    };
    let (schema, owner): (&str, &str) = (row.get(0), row.get(1));
    let message = match row.get::<_, Option<&str>>(2) {
        Some(object) => {
            format!(
                "schema \"{schema}\" already exists and does not belong to elt: it has {object}"
            )
        }
        None => format!("schema \"{schema}\" already exists and has another owner"),
    };
    let failure = Failure::new(Exit::Schema, message)
        .detail(format!(
            "It belongs to role \"{owner}\". Nothing was changed."
        ))
        .hint("elt needs the schemas staging, core, quality and elt for itself: use another database.");
    Ok(Some(failure))
}

/// Applies each pending migration and its ledger row in one transaction. Calls `did` with the path of each
/// migration and the number of all.
pub(in crate::schema) fn apply(
    client: &mut Client,
    project: &Project,
    did: &mut dyn FnMut(&str, usize),
) -> Result<()> {
    client.batch_execute("set client_min_messages to warning")?;
    let all = pending(client, project)?;
    // The ledgers must exist before the first migration, which would create the schema.
    let has_schema: bool = client
        .query_typed_one("select to_regnamespace('elt') is not null", &[])?
        .get(0);
    if !has_schema {
        client
            .batch_execute("create schema if not exists elt")
            .context("could not create schema \"elt\"")?;
    }
    ledger::create(client)?;
    for pending in &all {
        apply_one(client, pending)?;
        did(&pending.file.path, all.len());
    }
    for (ledger, files) in ledgers(project) {
        ledger::fill_texts(client, ledger, &parse(files)?)?;
    }
    Ok(())
}

/// Applies the next migration of its ledger. The ledger row takes the text from the setting.
fn apply_one(client: &mut Client, pending: &Pending<'_>) -> Result<()> {
    let sql = "select set_config('elt.migration_text', $1, false)";
    client.query_typed(sql, &[(&pending.file.text, Type::TEXT)])?;
    let outcome = apply_file(client, pending);
    let reset = client.batch_execute("reset elt.migration_text");
    outcome?;
    Ok(reset?)
}

/// Retries a migration that could not get a lock in time.
fn apply_file(client: &mut Client, pending: &Pending<'_>) -> Result<()> {
    if pending.file.is_outside_transaction() {
        without_transaction::run(client, pending.file)?;
        // Writes only the ledger row.
        return run(client, pending, Target::FakeVersion(pending.version));
    }
    let once = || {
        // The default for files that set no timeout.
        client.batch_execute(views::LOCK_TIMEOUT_OF_SESSION)?;
        if pending.is_engines() {
            client.batch_execute(LOCAL_OBJECTS)?;
        }
        let outcome = run(client, pending, Target::Version(pending.version));
        let reset = client
            .batch_execute("reset citus.enable_ddl_propagation")
            .and_then(|()| client.batch_execute("reset lock_timeout"));
        outcome?;
        Ok(reset?)
    };
    views::retry_lock_timeouts(once, || {
        let message = format!("could not apply migration \"{}\"", pending.file.path);
        Failure::new(Exit::Failed, message).detail(format!(
            "Another session holds a lock that it needs; gave up after {} attempts. Nothing of it was applied.",
            views::ATTEMPTS
        ))
    })
}

fn run(client: &mut Client, pending: &Pending<'_>, target: Target) -> Result<()> {
    let mut session = Session::new(client, &pending.file.text);
    let outcome = Runner::new(std::slice::from_ref(&pending.migration))
        .set_grouped(true)
        .set_target(target)
        .set_abort_missing(false)
        .set_migration_table_name(pending.ledger)
        .run(&mut session);
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => Err(explain_failure(error, pending.file, session.failed_at)),
    }
}

/// The number of applied migrations of the engine and of the project.
pub(in crate::schema) fn counts(client: &mut Client, project: &Project) -> Result<(usize, usize)> {
    let all = pending(client, project)?;
    let engines = all.iter().filter(|pending| pending.is_engines()).count();
    Ok((
        project.engine_migrations.len() - engines,
        project.project_migrations.len() - (all.len() - engines),
    ))
}

fn parse(files: &[MigrationFile]) -> Result<Vec<Migration>> {
    files
        .iter()
        .map(|file| {
            Migration::unapplied(&file.stem, &file.text)
                .with_context(|| format!("could not read migration \"{}\"", file.path))
        })
        .collect()
}

fn explain_failure(
    error: refinery::Error,
    file: &MigrationFile,
    failed_at: Option<usize>,
) -> anyhow::Error {
    let error = anyhow::Error::new(error);
    let line = failed_at.and_then(|begin| {
        let (before, rest) = file.text.split_at(begin);
        let cause = error
            .chain()
            .find_map(|cause| cause.downcast_ref::<postgres::Error>())?;
        Some(before.matches('\n').count() + cause::line_in(cause, rest)?)
    });
    let place = line.map_or(String::new(), |line| format!(", line {line}"));
    let message = format!("could not apply migration \"{}\"{place}", file.path);
    if cause::is_about_sql(&error) {
        return Failure::new(Exit::Failed, message)
            .because(error)
            .hint(
                "Nothing of it was applied. Correct the file and run "
                    + elt!("migrate")
                    + " again.",
            )
            .into();
    }
    error.context(message)
}
