//! One view after the other: replaced in place, or dropped with its dependents and made anew.

use super::views::Kind;
use crate::db::explain;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use anyhow::{Context, Result};
use postgres::Transaction;
use postgres::error::SqlState;
use std::collections::{BTreeMap, BTreeSet};

/// What had to be dropped on the way, and how it is put back.
#[derive(Default)]
pub(super) struct Rebuild {
    pub(super) dropped: BTreeSet<String>,
    /// Statements that restore owner, grants and options of a view.
    attributes: BTreeMap<String, Vec<String>>,
}

impl Rebuild {
    pub(super) fn create(
        &mut self,
        transaction: &mut Transaction<'_>,
        file: &SqlFile,
    ) -> Result<()> {
        if file.layer == Layer::Export {
            // No object; but a query that cannot run is found now, and not at the export.
            return transaction
                .prepare(&file.text)
                .map(|_| ())
                .map_err(|error| cannot_apply(error, file));
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
        for statement in self.attributes.remove(&file.name).unwrap_or_default() {
            transaction
                .batch_execute(&statement)
                .with_context(|| format!("could not restore: {statement}"))?;
        }
        self.dropped.remove(&file.name);
        Ok(())
    }

    fn remember(&mut self, transaction: &mut Transaction<'_>, name: &str) -> Result<()> {
        if self.attributes.contains_key(name) {
            return Ok(());
        }
        let sql = "select to_regclass($1) is not null \
                   and to_regprocedure('elt.view_attributes(regclass)') is not null";
        if transaction.query_one(sql, &[&name])?.get(0) {
            let sql = "select * from elt.view_attributes($1::text::regclass)";
            let statements = transaction.query(sql, &[&name])?;
            let statements = statements.iter().map(|row| row.get(0)).collect();
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
        let sql = "select name from elt.downstream($1::text::regclass)";
        for row in transaction.query(sql, &[&name])? {
            let dependent: String = row.get(0);
            self.remember(transaction, &dependent)?;
            drop_object(transaction, Kind::View, &dependent)?;
            self.dropped.insert(dependent);
        }
        drop_object(transaction, Kind::View, name)
    }
}

pub(super) fn drop_object(transaction: &mut Transaction<'_>, kind: Kind, name: &str) -> Result<()> {
    let kind = kind.name();
    transaction
        .batch_execute(&format!("drop {kind} if exists {name}"))
        .map_err(|error| {
            let message = format!("could not drop {kind} \"{name}\"");
            Failure::new(Exit::Failed, message)
                .because(error)
                .hint("Something that elt does not know stands on it: drop that, migrate, and make it again.")
                .into()
        })
}

fn cannot_apply(error: postgres::Error, file: &SqlFile) -> anyhow::Error {
    let line = explain::line_in(&error, &file.text);
    let place = line.map_or(String::new(), |line| format!(", line {line}"));
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
            .hint("Mend the file, and run elt migrate again: all views are as they were.")
            .into();
    }
    error.context(text)
}
