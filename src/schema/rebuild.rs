//! One view after the other: replaced in place, or dropped with its dependents and made anew.

use super::views::Kind;
use crate::failure::explain;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use anyhow::{Context, Result};
use postgres::error::SqlState;
use postgres::{GenericClient, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that was done to a view, a function or a query.
#[derive(Clone, Copy)]
pub(super) enum Did<'a> {
    Dropped(&'a str, Kind),
    /// The file was run; of an export its query was only looked at.
    Made(&'a SqlFile),
    /// Owner, grants, options and what else others gave it, where it had any.
    Restored(&'a str),
    Recorded(&'a SqlFile, i64),
    RecordedRemoval(&'a str),
}

/// Is told what is done, in the transaction in which it is.
pub(super) type Witness<'a> = dyn FnMut(&mut Transaction<'_>, Did<'_>) -> Result<()> + 'a;

/// What had to be dropped on the way, and how it is put back.
pub(super) struct Rebuild<'a, 'b> {
    pub(super) dropped: BTreeSet<String>,
    /// Statements that restore owner, grants and options of a view.
    attributes: BTreeMap<String, Vec<String>>,
    /// Who of other people stands on what is dropped now.
    others: Vec<String>,
    pub(super) witness: &'a mut Witness<'b>,
}

impl<'a, 'b> Rebuild<'a, 'b> {
    pub(super) fn new(witness: &'a mut Witness<'b>) -> Rebuild<'a, 'b> {
        Rebuild {
            dropped: BTreeSet::new(),
            attributes: BTreeMap::new(),
            others: Vec::new(),
            witness,
        }
    }

    pub(super) fn create(
        &mut self,
        transaction: &mut Transaction<'_>,
        file: &SqlFile,
    ) -> Result<()> {
        if file.layer == Layer::Export {
            // No object; but a query that cannot run is found now, and not at the export.
            transaction
                .prepare(&file.text)
                .map_err(|error| cannot_apply(error, file))?;
            return (self.witness)(transaction, Did::Made(file));
        }
        self.remember(transaction, &file.name)?;
        let mut savepoint = transaction.transaction()?;
        match savepoint.batch_execute(&file.text) {
            Ok(()) => savepoint.commit()?,
            // Columns were renamed, dropped or moved: PostgreSQL only ever adds some at the end.
            Err(error) if error.code() == Some(&SqlState::INVALID_TABLE_DEFINITION) => {
                savepoint.rollback()?;
                self.drop_with_dependents(transaction, &file.name)?;
                transaction
                    .batch_execute(&file.text)
                    .map_err(|error| cannot_apply(error, file))?;
            }
            Err(error) => return Err(cannot_apply(error, file)),
        }
        (self.witness)(transaction, Did::Made(file))?;
        for statement in self.attributes.remove(&file.name).unwrap_or_default() {
            transaction
                .batch_execute(&statement)
                .with_context(|| format!("could not restore: {statement}"))?;
        }
        self.dropped.remove(&file.name);
        (self.witness)(transaction, Did::Restored(&file.name))
    }

    fn remember(&mut self, transaction: &mut Transaction<'_>, name: &str) -> Result<()> {
        if !self.attributes.contains_key(name) {
            let statements = attributes(transaction, name)?;
            self.attributes.insert(name.to_string(), statements);
        }
        Ok(())
    }

    /// Without cascade: somebody else's view on top of ours makes this fail, and names it.
    pub(super) fn drop_with_dependents(
        &mut self,
        transaction: &mut Transaction<'_>,
        name: &str,
    ) -> Result<()> {
        let is_there = "select to_regclass($1) is not null";
        if !transaction.query_one(is_there, &[&name])?.get::<_, bool>(0) {
            return Ok(());
        }
        self.others = others(transaction, name)?;
        let sql = "select name from elt.downstream($1::text::regclass)";
        for row in transaction.query(sql, &[&name])? {
            let dependent: String = row.get(0);
            self.remember(transaction, &dependent)?;
            self.drop(transaction, Kind::View, &dependent)?;
            self.dropped.insert(dependent);
        }
        self.drop(transaction, Kind::View, name)
    }

    pub(super) fn drop(
        &mut self,
        transaction: &mut Transaction<'_>,
        kind: Kind,
        name: &str,
    ) -> Result<()> {
        drop_object(transaction, kind, name, &self.others)?;
        (self.witness)(transaction, Did::Dropped(name, kind))
    }
}

/// What gives a view back what it has now; nothing where it is not there.
pub(super) fn attributes(client: &mut impl GenericClient, name: &str) -> Result<Vec<String>> {
    let known = "select to_regclass($1) is not null \
                 and to_regprocedure('elt.view_attributes(regclass)') is not null";
    if !client.query_one(known, &[&name])?.get::<_, bool>(0) {
        return Ok(Vec::new());
    }
    let sql = "select * from elt.view_attributes($1::text::regclass)";
    let rows = client.query(sql, &[&name])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Views and functions that no file makes, on a view or on those of ours that stand on it.
fn others(transaction: &mut Transaction<'_>, name: &str) -> Result<Vec<String>> {
    // The engine's views are made first, and one of them may be older than this.
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
                .hint("Something that elt does not know stands on it: drop that, migrate, and make it again.");
            match others {
                [] => failure.into(),
                others => failure
                    .detail(format!("It has to be made anew, and would take with it: {}.", others.join(", ")))
                    .into(),
            }
        })
}

fn cannot_apply(error: postgres::Error, file: &SqlFile) -> anyhow::Error {
    let line = explain::line_in(&error, &file.text);
    let place = line.map_or(String::new(), |line| format!(", line {line}"));
    if error.code() == Some(&SqlState::INVALID_SCHEMA_NAME) {
        let (schema, _) = file.name.split_once('.').unwrap_or_default();
        return Failure::new(
            Exit::Failed,
            format!("could not apply file \"{}\"", file.path),
        )
        .because(error)
        .hint(
            "Make the schema again, and run "
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
            .hint("Running sessions may hold plans of a function: give the changed one a new name.")
            .into();
    }
    if explain::is_about_sql(&error) {
        return Failure::new(Exit::Failed, text)
            .because(error)
            .hint(
                "Correct the file, and run "
                    + elt!("migrate")
                    + " again: all views are as they were.",
            )
            .into();
    }
    error.context(text)
}
