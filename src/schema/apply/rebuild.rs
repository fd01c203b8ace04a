//! Applies one view after the other: replaces it in place, or drops it with its dependents and creates it again.

use super::views::Kind;
use crate::failure::cause;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use anyhow::{Context, Result};
use postgres::error::SqlState;
use postgres::{GenericClient, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// A change to a view, a function or a query.
#[derive(Clone, Copy)]
pub(in crate::schema) enum AppliedStep<'a> {
    Dropped(&'a str, Kind),
    /// The file was run. The query of an export was only checked.
    Made(&'a SqlFile),
    /// Owner, grants, options and other settings were restored.
    Restored(&'a str),
    Recorded(&'a SqlFile, i64),
    RecordedRemoval(&'a str),
}

/// Called for each change, in its transaction.
pub(in crate::schema) type OnStep<'a> =
    dyn FnMut(&mut Transaction<'_>, AppliedStep<'_>) -> Result<()> + 'a;

/// The objects that had to be dropped, and the statements that restore them.
pub(in crate::schema) struct Rebuild<'a, 'b> {
    pub(in crate::schema) dropped: BTreeSet<String>,
    /// Statements that restore owner, grants and options of a view.
    attributes: BTreeMap<String, Vec<String>>,
    /// Dependents of other owners on the object that is being dropped.
    others: Vec<String>,
    pub(in crate::schema) on_step: &'a mut OnStep<'b>,
}

impl<'a, 'b> Rebuild<'a, 'b> {
    pub(in crate::schema) fn new(on_step: &'a mut OnStep<'b>) -> Rebuild<'a, 'b> {
        Rebuild {
            dropped: BTreeSet::new(),
            attributes: BTreeMap::new(),
            others: Vec::new(),
            on_step,
        }
    }

    pub(in crate::schema) fn create(
        &mut self,
        transaction: &mut Transaction<'_>,
        file: &SqlFile,
    ) -> Result<()> {
        if file.layer == Layer::Export {
            // An export has no object, but a query that cannot run is reported now and not at the export.
            transaction
                .prepare(&file.text)
                .map_err(|error| cannot_apply(error, file))?;
            return (self.on_step)(transaction, AppliedStep::Made(file));
        }
        self.save_attributes(transaction, &file.name)?;
        let mut savepoint = transaction.transaction()?;
        match savepoint.batch_execute(&file.text) {
            Ok(()) => savepoint.commit()?,
            // Columns were renamed, dropped or moved; PostgreSQL can only add columns at the end.
            Err(error) if error.code() == Some(&SqlState::INVALID_TABLE_DEFINITION) => {
                savepoint.rollback()?;
                self.drop_with_dependents(transaction, &file.name)?;
                transaction
                    .batch_execute(&file.text)
                    .map_err(|error| cannot_apply(error, file))?;
            }
            Err(error) => return Err(cannot_apply(error, file)),
        }
        (self.on_step)(transaction, AppliedStep::Made(file))?;
        for statement in self.attributes.remove(&file.name).unwrap_or_default() {
            transaction
                .batch_execute(&statement)
                .with_context(|| format!("could not restore: {statement}"))?;
        }
        self.dropped.remove(&file.name);
        (self.on_step)(transaction, AppliedStep::Restored(&file.name))
    }

    fn save_attributes(&mut self, transaction: &mut Transaction<'_>, name: &str) -> Result<()> {
        if !self.attributes.contains_key(name) {
            let statements = attributes(transaction, name)?;
            self.attributes.insert(name.to_string(), statements);
        }
        Ok(())
    }

    /// Drops without cascade: a dependent view of another owner makes this fail with its name.
    pub(in crate::schema) fn drop_with_dependents(
        &mut self,
        transaction: &mut Transaction<'_>,
        name: &str,
    ) -> Result<()> {
        let is_there = "select to_regclass($1) is not null";
        if !transaction.query_one(is_there, &[&name])?.get::<_, bool>(0) {
            return Ok(());
        }
        self.others = unknown_dependents(transaction, name)?;
        let sql = "select name from elt.downstream($1::text::regclass)";
        for row in transaction.query(sql, &[&name])? {
            let dependent: String = row.get(0);
            self.save_attributes(transaction, &dependent)?;
            self.drop(transaction, Kind::View, &dependent)?;
            self.dropped.insert(dependent);
        }
        self.drop(transaction, Kind::View, name)
    }

    pub(in crate::schema) fn drop(
        &mut self,
        transaction: &mut Transaction<'_>,
        kind: Kind,
        name: &str,
    ) -> Result<()> {
        drop_object(transaction, kind, name, &self.others)?;
        (self.on_step)(transaction, AppliedStep::Dropped(name, kind))
    }
}

/// The statements that restore the settings of a view; none if it does not exist.
pub(in crate::schema) fn attributes(
    client: &mut impl GenericClient,
    name: &str,
) -> Result<Vec<String>> {
    let known = "select to_regclass($1) is not null \
                 and to_regprocedure('elt.view_attributes(regclass)') is not null";
    if !client.query_one(known, &[&name])?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let sql = "select * from elt.view_attributes($1::text::regclass)";
    let rows = client.query(sql, &[&name])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Views and functions without a file that depend on a view or on our views that depend on it.
fn unknown_dependents(transaction: &mut Transaction<'_>, name: &str) -> Result<Vec<String>> {
    // The engine's views are applied first, so elt.outside_reader may not exist yet.
    let known = "select to_regclass('elt.outside_reader') is not null";
    if !transaction.query_one(known, &[])?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let sql = "select format('%s %s of role %s', kind, name, owner) from elt.outside_reader where reads = $1 \
               or reads in (select name from elt.downstream($1::text::regclass)) order by name";
    let rows = transaction.query(sql, &[&name])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn drop_object(
    transaction: &mut Transaction<'_>,
    kind: Kind,
    name: &str,
    others: &[String],
) -> Result<()> {
    let kind = kind.name();
    transaction
        .batch_execute(&format!("drop {kind} if exists {name}"))
        .map_err(|error| {
            let message = format!("could not drop {kind} \"{name}\"");
            if error.code() != Some(&SqlState::DEPENDENT_OBJECTS_STILL_EXIST) {
                return anyhow::Error::new(error).context(message);
            }
            let failure = Failure::new(Exit::Failed, message)
                .because(error)
                .hint("An object that elt does not know depends on it: drop it, migrate, and create it again.");
            match others {
                [] => failure.into(),
                others => failure
                    .detail(format!("It must be created again, which would drop: {}.", others.join(", ")))
                    .into(),
            }
        })
}

fn cannot_apply(error: postgres::Error, file: &SqlFile) -> anyhow::Error {
    let line = cause::line_in(&error, &file.text);
    let place = line.map_or(String::new(), |line| format!(", line {line}"));
    if error.code() == Some(&SqlState::INVALID_SCHEMA_NAME) {
        let (schema, _) = file.name.split_once('.').unwrap_or_default();
        return Failure::new(
            Exit::Failed,
            format!("could not apply file \"{}\"", file.path),
        )
        .because(error)
        .hint(
            "Create the schema again and run "
                + elt!("migrate")
                + format!(": create schema {schema}."),
        )
        .into();
    }
    let is_signature = error.code() == Some(&SqlState::INVALID_FUNCTION_DEFINITION);
    let error = anyhow::Error::new(error);
    let text = format!("could not apply file \"{}\"{place}", file.path);
    if is_signature {
        return Failure::new(Exit::Failed, text)
            .because(error)
            .hint("Running sessions may hold plans of the function: give the changed function a new name.")
            .into();
    }
    if cause::is_about_sql(&error) {
        return Failure::new(Exit::Failed, text)
            .because(error)
            .hint("No view was changed. Correct the file and run " + elt!("migrate") + " again.")
            .into();
    }
    error.context(text)
}
