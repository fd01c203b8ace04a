//! Runs a query over core as it was after an earlier publish, with today's definitions. The tables that had other rows
//! are computed from staging into temporary tables, and so are all views that read them.

use super::compare_rows::cannot_run;
use super::views_to_make::views_to_make;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, SqlFile};
use crate::schema::sql_text::{qualified_names, rename};
use crate::terminal;
use anyhow::Result;
use postgres::Transaction;
use std::collections::{BTreeMap, BTreeSet};

/// Temporary views that take the place of core tables and of views. Each has a name of its own, so that objects of two
/// schemas with the same name do not meet. While a query runs that reads one, it has the name of the object, because the
/// query may name columns by it.
pub(super) struct MovedObjects<'a> {
    names: BTreeMap<&'a str, String>,
    /// Functions keep their names, because their bodies may name parameters by them.
    functions: BTreeSet<&'a str>,
}

impl<'a> MovedObjects<'a> {
    /// Computes the tables that had other rows after a publish.
    pub(super) fn compute(
        transaction: &mut Transaction<'_>,
        publish_id: i64,
        tables: &'a [String],
        side: &str,
    ) -> Result<MovedObjects<'a>> {
        let mut moved = MovedObjects {
            names: BTreeMap::new(),
            functions: BTreeSet::new(),
        };
        for table in tables {
            let sql = "select exists (select from elt.loads_at($1, $2))";
            let has_other_rows: bool = transaction.query_one(sql, &[&publish_id, &table])?.get(0);
            if !has_other_rows {
                continue;
            }
            let computing = format!("computing {table} as of publish {publish_id}");
            let _waiting = terminal::waiting(&computing);
            let kept_as = format!("elt_{side}_{}", moved.names.len());
            transaction.execute(
                "select elt.core_at($1, $2, $3)",
                &[&publish_id, &table, &kept_as],
            )?;
            // The table belongs to the owner of core, who alone may rename it.
            let view = format!("elt_{side}_moved_{}", moved.names.len());
            transaction.batch_execute(&format!(
                "create temporary view {view} as table pg_temp.{kept_as}"
            ))?;
            moved.names.insert(table.as_str(), view);
        }
        Ok(moved)
    }

    /// Keeps the rows of a query in a temporary table.
    pub(super) fn run(
        mut self,
        transaction: &mut Transaction<'_>,
        files: &'a [SqlFile],
        file: &'a SqlFile,
        side: &str,
        kept_as: &str,
    ) -> Result<()> {
        let moved: BTreeSet<&str> = self.names.keys().copied().collect();
        let views = views_to_make(files, file, |_| false, &moved, &mut Vec::new())?;
        for view in views {
            self.create(transaction, view, side)?;
        }
        let query = self.text(file, None);
        self.while_named(transaction, file, |transaction| {
            transaction
                .batch_execute(&format!("create temporary table {kept_as} as {query}"))
                .map_err(|error| cannot_run(error, file))
        })
    }

    fn create(
        &mut self,
        transaction: &mut Transaction<'_>,
        file: &'a SqlFile,
        side: &str,
    ) -> Result<()> {
        let own = if file.is_function() {
            let has_twin = |name: &&str| name.rsplit('.').next() == Some(file.stem());
            if self.functions.iter().any(has_twin) {
                let message = format!("two functions are named \"{}\"", file.stem());
                return Err(Failure::new(Exit::Failed, message).into());
            }
            file.stem().to_string()
        } else {
            format!("elt_{side}_moved_{}", self.names.len())
        };
        let text = self.text(file, Some(&own));
        self.while_named(transaction, file, |transaction| {
            transaction
                .batch_execute(&text)
                .map_err(|error| cannot_run(error, file))
        })?;
        if file.is_function() {
            self.functions.insert(&file.name);
        } else {
            self.names.insert(&file.name, own);
        }
        Ok(())
    }

    /// The text of a file with the moved objects. `own`: the name of the object that it creates.
    fn text(&self, file: &SqlFile, own: Option<&str>) -> String {
        let shared = self.shared_stems(file);
        let text = match file.layer {
            Layer::Export => file.export_query(),
            _ => &file.text,
        };
        rename(text, |name| {
            let stem = name.rsplit('.').next()?;
            let new = match (own, self.names.get(name)) {
                (Some(own), _) if name == file.name => own,
                (_, Some(moved)) if shared.contains(stem) => moved,
                (_, Some(_)) => stem,
                _ if self.functions.contains(name) => stem,
                _ => return None,
            };
            Some(format!("pg_temp.{new}"))
        })
    }

    /// Names for which a file must have aliases: those that two moved objects share, and those in a function, which is
    /// read again when it runs.
    fn shared_stems<'b>(&self, file: &'b SqlFile) -> BTreeSet<&'b str> {
        let (mut seen, mut shared) = (BTreeSet::new(), BTreeSet::new());
        for name in qualified_names(&file.text) {
            let stem = name.rsplit('.').next().unwrap_or(name);
            if self.names.contains_key(name) && (!seen.insert(stem) || file.is_function()) {
                shared.insert(stem);
            }
        }
        shared
    }

    /// Gives the moved objects that a file reads the names of the originals while `run` runs.
    fn while_named(
        &self,
        transaction: &mut Transaction<'_>,
        file: &SqlFile,
        run: impl FnOnce(&mut Transaction<'_>) -> Result<()>,
    ) -> Result<()> {
        let shared = self.shared_stems(file);
        let mut read: Vec<(&str, &str)> = Vec::new();
        for name in qualified_names(&file.text) {
            let stem = name.rsplit('.').next().unwrap_or(name);
            if let Some(moved) = self.names.get(name)
                && !shared.contains(stem)
            {
                read.push((moved, stem));
            }
        }
        for (moved, stem) in &read {
            transaction.batch_execute(&format!("alter view pg_temp.{moved} rename to {stem}"))?;
        }
        run(transaction)?;
        for (moved, stem) in &read {
            transaction.batch_execute(&format!("alter view pg_temp.{stem} rename to {moved}"))?;
        }
        Ok(())
    }
}
