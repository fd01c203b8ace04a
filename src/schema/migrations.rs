//! refinery, with a ledger for the engine and one for the project. By itself it writes a migration
//! and its ledger row in two transactions, and takes no lock: here each migration is one grouped
//! run up to its version, which is one transaction, and the caller holds the lock.

use super::{outside, views};
use crate::db::explain;
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::project::{MigrationFile, Project};
use anyhow::{Context, Result};
use postgres::Client;
use postgres::types::Type;
use refinery::{Migration, Runner, Target};

const ENGINE_LEDGER: &str = "elt.engine_migration";
const PROJECT_LEDGER: &str = "elt.project_migration";

/// A ledger table and the files that belong to it. The engine's come first: the project's refer to
/// its tables.
fn ledgers(project: &Project) -> [(&'static str, &[MigrationFile]); 2] {
    [
        (ENGINE_LEDGER, &project.engine_migrations),
        (PROJECT_LEDGER, &project.project_migrations),
    ]
}

/// A migration that was not applied yet.
pub(crate) struct Pending<'a> {
    pub(crate) file: &'a MigrationFile,
    pub(crate) ledger: &'static str,
    pub(crate) version: i32,
    migration: Migration,
}

impl Pending<'_> {
    /// The row of the ledger, as refinery writes it: name, and checksum of name and text.
    pub(super) fn row(&self) -> (&str, u64) {
        (self.migration.name(), self.migration.checksum())
    }

    pub(super) fn is_engines(&self) -> bool {
        self.ledger == ENGINE_LEDGER
    }
}

/// A migration that was applied.
pub(crate) struct Applied {
    pub(crate) ledger: &'static str,
    pub(crate) version: i32,
    pub(crate) name: String,
    pub(crate) applied_on: String,
    checksum: String,
}

/// What the ledgers say.
pub(crate) fn applied(client: &mut Client, ledger: &'static str) -> Result<Vec<Applied>> {
    let exists: bool = client
        .query_typed_one(
            "select to_regclass($1) is not null",
            &[(&ledger, Type::TEXT)],
        )?
        .get(0);
    if !exists {
        return Ok(Vec::new());
    }
    let sql = format!("select version, name, applied_on, checksum from {ledger} order by version");
    let rows = client.query_typed(&sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| Applied {
            ledger,
            version: row.get(0),
            name: row.get(1),
            applied_on: row.get(2),
            checksum: row.get(3),
        })
        .collect())
}

pub(crate) fn all_applied(client: &mut Client, project: &Project) -> Result<Vec<Applied>> {
    let mut all = Vec::new();
    for (ledger, _) in ledgers(project) {
        all.extend(applied(client, ledger)?);
    }
    Ok(all)
}

/// Files that no ledger has. A ledger that disagrees with the files is an error.
pub(crate) fn pending<'a>(client: &mut Client, project: &'a Project) -> Result<Vec<Pending<'a>>> {
    let mut pending = Vec::new();
    for (ledger, files) in ledgers(project) {
        let migrations = parse(files)?;
        let applied = applied(client, ledger)?;
        verify(&migrations, files, &applied)?;
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

/// Applies what is pending, one transaction each, its ledger row included. Names what it applied.
pub(crate) fn apply(client: &mut Client, project: &Project) -> Result<Vec<String>> {
    // refinery makes its ledger before the first migration, which would make the schema.
    client.batch_execute("set client_min_messages to warning")?;
    let has_schema: bool = client
        .query_typed_one("select to_regnamespace('elt') is not null", &[])?
        .get(0);
    if !has_schema {
        client
            .batch_execute("create schema if not exists elt")
            .context("could not create schema \"elt\"")?;
    }
    let mut names: Vec<String> = Vec::new();
    let all = pending(client, project)?;
    let count = all.len();
    for pending in &all {
        apply_one(client, pending)?;
        names.push(pending.file.path.clone());
        interrupt::did(format!(
            "{} of {count} pending migrations are applied, each whole",
            names.len()
        ));
        interrupt::stands("elt migrate goes on with the rest");
    }
    if !names.is_empty() {
        comment_ledgers(client)?;
    }
    Ok(names)
}

/// Applies the next one of its ledger. A lock that it cannot have in time is tried for again.
pub(super) fn apply_one(client: &mut Client, pending: &Pending<'_>) -> Result<()> {
    if pending.file.is_outside_transaction() {
        outside::run(client, pending.file)?;
        // Only the ledger's row.
        return run(client, pending, Target::FakeVersion(pending.version));
    }
    let mut attempt = 1;
    loop {
        // For a file that sets none itself.
        client.batch_execute(views::LOCK_TIMEOUT_OF_SESSION)?;
        let outcome = run(client, pending, Target::Version(pending.version));
        let reset = client.batch_execute("reset lock_timeout");
        match outcome {
            Err(error) if views::is_lock_timeout(&error) && attempt < views::ATTEMPTS => {
                attempt += 1;
                std::thread::sleep(views::PAUSE);
            }
            Err(error) if views::is_lock_timeout(&error) => {
                return Err(Failure::new(
                    Exit::Failed,
                    format!("could not apply migration \"{}\"", pending.file.path),
                )
                .because(error)
                .detail(format!(
                    "Somebody holds what it has to lock; gave up after {} attempts. Nothing of it was applied.",
                    views::ATTEMPTS
                ))
                .hint("Try again, or see who it is: select pid, usename, query from pg_stat_activity where state <> 'idle'.")
                .into());
            }
            Err(error) => return Err(error),
            Ok(()) => return Ok(reset?),
        }
    }
}

fn run(client: &mut Client, pending: &Pending<'_>, target: Target) -> Result<()> {
    Runner::new(std::slice::from_ref(&pending.migration))
        .set_grouped(true)
        .set_target(target)
        .set_abort_missing(false)
        .set_migration_table_name(pending.ledger)
        .run(client)
        .map(|_| ())
        .map_err(|error| explain_failure(error, pending.file))
}

/// How many of the engine's and of the project's are applied.
pub(super) fn counts(client: &mut Client, project: &Project) -> Result<(usize, usize)> {
    let all = pending(client, project)?;
    let engines = all.iter().filter(|pending| pending.is_engines()).count();
    Ok((
        project.engine_migrations.len() - engines,
        project.project_migrations.len() - (all.len() - engines),
    ))
}

/// refinery makes the ledgers, and says nothing about them.
fn comment_ledgers(client: &mut Client) -> Result<()> {
    for ledger in [ENGINE_LEDGER, PROJECT_LEDGER] {
        let exists = client.query_one("select to_regclass($1) is not null", &[&ledger])?;
        if exists.get(0) {
            client.batch_execute(&comment_on(ledger))?;
        }
    }
    Ok(())
}

fn comment_on(ledger: &str) -> String {
    let whose = match ledger {
        ENGINE_LEDGER => "elt''s own",
        _ => "the project''s",
    };
    format!(
        "comment on table {ledger} is 'Migrations of {whose} that were applied: elt migrate --status.'"
    )
}

/// The statements that make the ledgers where they are missing, as refinery and we make them.
pub(super) fn make_ledgers() -> Vec<String> {
    let ledgers = [ENGINE_LEDGER, PROJECT_LEDGER].into_iter();
    let statements = ledgers.flat_map(|ledger| {
        let columns = "version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255)";
        [
            format!("create table if not exists {ledger} ({columns})"),
            comment_on(ledger),
        ]
    });
    statements.collect()
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

fn verify(migrations: &[Migration], files: &[MigrationFile], applied: &[Applied]) -> Result<()> {
    for (index, applied) in applied.iter().enumerate() {
        let Some((migration, file)) = migrations.get(index).zip(files.get(index)) else {
            return Err(Failure::new(
                Exit::Schema,
                format!(
                    "the database's schema is newer than this elt: it has migration {} \"{}\" in ledger \"{}\"",
                    applied.version, applied.name, applied.ledger
                ),
            )
            .detail(format!("This elt knows {} migrations of that ledger.", migrations.len()))
            .hint("Use the elt, or the project, that applied it.")
            .into());
        };
        let same = migration.version() == applied.version
            && migration.name() == applied.name
            && migration.checksum().to_string() == applied.checksum;
        if !same {
            return Err(Failure::new(
                Exit::Schema,
                format!("migration \"{}\" is not the one that was applied", file.path),
            )
            .detail(format!(
                "Ledger \"{}\" has version {} as \"{}\", applied on {}, with another text or name: its checksum is \
                 {}, and that of the file {}.",
                applied.ledger,
                applied.version,
                applied.name,
                applied.applied_on,
                applied.checksum,
                migration.checksum()
            ))
            .hint("An applied migration is never edited: put its old text back, and write a new one. If the database is another project's, name another database.")
            .into());
        }
    }
    Ok(())
}

fn explain_failure(error: refinery::Error, file: &MigrationFile) -> anyhow::Error {
    let error = anyhow::Error::new(error);
    // Before the file, refinery runs a statement of its own on the ledger.
    let is_of_file = error.to_string().contains("applying");
    let line = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<postgres::Error>())
        .and_then(|cause| explain::line_in(cause, &file.text))
        .filter(|_| is_of_file);
    let place = line.map_or(String::new(), |line| format!(", line {line}"));
    let message = format!("could not apply migration \"{}\"{place}", file.path);
    if explain::is_about_sql(&error) {
        return Failure::new(Exit::Failed, message)
            .because(error)
            .hint("Mend the file, and run elt migrate again: nothing of it was applied.")
            .into();
    }
    error.context(message)
}
