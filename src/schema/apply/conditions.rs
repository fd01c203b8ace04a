//! Checks headers against the database. The `holds if` conditions of new rules must name sources and columns that
//! exist: a name with a typing error would otherwise never be true, and its rule never be skipped. The relations of
//! limits must exist too. The `distribute` column of a core query must suit its table.

use super::migrations::Pending;
use super::views::Change;
use crate::failure::{Exit, Failure, nearest};
use crate::project::{Layer, Project, SqlFile};
use anyhow::Result;
use postgres::{Client, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// Columns of the staging table of each source.
type Columns = BTreeMap<String, Vec<String>>;

pub(super) fn check(client: &mut Client, changes: &[Change<'_>]) -> Result<()> {
    let files = changes.iter().filter_map(|change| match change {
        Change::Apply { file, .. } => Some(*file),
        Change::Remove { .. } => None,
    });
    let files: Vec<_> = files.filter(|file| !file.holds_if().is_empty()).collect();
    if files.is_empty() {
        return Ok(());
    }
    let columns = columns(client)?;
    for file in files {
        for term in file.holds_if() {
            let problem = problem(&columns, term.source, term.column);
            if let Some((reason, hint)) = problem {
                let place = file.place_of_holds_if();
                let failure = Failure::new(Exit::Usage, format!("{place}: {reason}"));
                return Err(failure.hint(hint).into());
            }
        }
    }
    Ok(())
}

/// Why a term can never be true, and a hint.
fn problem(columns: &Columns, source: &str, column: &str) -> Option<(String, String)> {
    let Some(known) = columns.get(source) else {
        let names: Vec<&str> = columns.keys().map(String::as_str).collect();
        let reason = format!("there is no source \"{source}\"");
        return Some((reason, nearest("The sources are", source, &names)));
    };
    if known.iter().any(|name| name == column) {
        return None;
    }
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let reason = format!("table \"staging.{source}\" has no column \"{column}\"");
    Some((reason, nearest("Its columns are", column, &names)))
}

/// Refuses limits of rules (`at most`) whose relation does not exist after the pending changes. A pending migration that
/// names it may create it.
pub(in crate::schema) fn check_limits(
    client: &mut Client,
    project: &Project,
    changes: &[Change<'_>],
    migrations: &[Pending<'_>],
) -> Result<()> {
    let files = project.sql.iter();
    let limited: Vec<(&SqlFile, &str)> = files
        .filter_map(|file| Some((file, file.counted_relation()?)))
        .collect();
    if limited.is_empty() {
        return Ok(());
    }
    let known = relations(client, project, changes)?;
    for (file, relation) in limited {
        let is_created = |pending: &Pending<'_>| pending.file.text.contains(relation);
        if known.contains(relation) || migrations.iter().any(is_created) {
            continue;
        }
        let place = file.place_of_at_most();
        let message = format!("{place}: there is no table or view \"{relation}\"");
        let near = known
            .iter()
            .filter(|name| name.starts_with("core.") || name.starts_with("public."));
        let near: Vec<&str> = near.map(String::as_str).collect();
        let hint = nearest("The tables and views are", relation, &near);
        return Err(Failure::new(Exit::Usage, message).hint(hint).into());
    }
    Ok(())
}

/// Tables and views that exist, and views that will, without those that will be removed.
fn relations(
    client: &mut Client,
    project: &Project,
    changes: &[Change<'_>],
) -> Result<BTreeSet<String>> {
    let sql = "select nspname || '.' || relname from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace \
               where relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition \
               and nspname not in ('pg_catalog', 'information_schema', 'staging') and nspname !~ '^pg_(temp|toast)'";
    let rows = client.query_typed(sql, &[])?;
    let mut known: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    for change in changes {
        if let Change::Remove { name, .. } = change {
            known.remove(name);
        }
    }
    let files = project.sql.iter();
    let views = files.filter(|file| file.layer != Layer::Export && !file.is_function());
    known.extend(views.map(|file| file.name.clone()));
    Ok(known)
}

/// Refuses a core query whose table cannot be distributed by the column of its header. The views are applied already.
pub(super) fn check_distribution(
    transaction: &mut Transaction<'_>,
    changes: &[Change<'_>],
) -> Result<()> {
    for change in changes {
        let Change::Apply { file, .. } = change else {
            continue;
        };
        let Some(place) = file.place_of_distribute() else {
            continue;
        };
        let sql =
            "select problem, hint from elt.distribution where core_query_name = $1 and is_invalid";
        if let Some(row) = transaction.query_opt(sql, &[&file.name])? {
            let (problem, hint): (&str, &str) = (row.get(0), row.get(1));
            let failure = Failure::new(Exit::Usage, format!("{place}: {problem}"));
            return Err(failure.detail("Nothing was changed.").hint(hint).into());
        }
    }
    Ok(())
}

fn columns(client: &mut Client) -> Result<Columns> {
    let sql = "select source.source, coalesce(array_agg(attname::text order by attnum) filter (where attnum > 0), '{}') \
               from elt.source left join pg_attribute on attrelid = to_regclass(format('staging.%I', source.source)) \
               and not attisdropped and (attname not like '\\_%' or attname = '_extra') group by source.source";
    let rows = client.query_typed(sql, &[])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
