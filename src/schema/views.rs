//! `sql/` applied: every file is one version of one object, `elt.view_version` has them all. What
//! changed is replaced in place; what cannot be is dropped with its dependents and made anew, in one
//! transaction, with owners, grants and options put back, and never with `cascade`.

use crate::db::explain;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, Project, SqlFile};
use anyhow::{Context, Result};
use postgres::error::SqlState;
use postgres::{Client, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long new readers of a view may have to queue behind us, who wait for old ones.
const LOCK_TIMEOUT: &str = "set local lock_timeout = '2s'";
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);

/// A difference between the files and what is applied.
pub(crate) enum Change<'a> {
    /// New, or of another text.
    Apply { file: &'a SqlFile, version: i64 },
    /// Its file is gone.
    Remove { name: String, kind: Kind },
}

/// What `drop` calls it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    View,
    Function,
    /// An export's query: nothing to drop.
    Query,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::View => "view",
            Kind::Function => "function",
            Kind::Query => "query",
        }
    }
}

/// The highest version of an object.
struct Recorded {
    version: i64,
    sha256: String,
    kind: Kind,
    is_removed: bool,
}

/// What differs, in the order in which it is to be applied.
pub(crate) fn changes<'a>(client: &mut Client, project: &'a Project) -> Result<Vec<Change<'a>>> {
    let recorded = recorded(client)?;
    let mut changes = Vec::new();
    for file in in_order(&project.sql)? {
        let version = match recorded.get(&file.name) {
            Some(known) if known.sha256 == file.sha256 && !known.is_removed => continue,
            Some(known) => known.version + 1,
            None => 1,
        };
        changes.push(Change::Apply { file, version });
    }
    let names: BTreeSet<_> = project.sql.iter().map(|file| &file.name).collect();
    for (name, known) in recorded {
        if !known.is_removed && !names.contains(&name) {
            let kind = known.kind;
            changes.push(Change::Remove { name, kind });
        }
    }
    Ok(changes)
}

fn recorded(client: &mut Client) -> Result<BTreeMap<String, Recorded>> {
    let exists = client.query_one("select to_regclass('elt.view_version') is not null", &[])?;
    if !exists.get::<_, bool>(0) {
        return Ok(BTreeMap::new());
    }
    let sql = "select distinct on (name) name, version, sha256, removed_at is not null, layer = 'export', \
               definition like '%create or replace function%' from elt.view_version order by name, version desc";
    Ok(client
        .query(sql, &[])?
        .iter()
        .map(|row| {
            let recorded = Recorded {
                version: row.get(1),
                sha256: row.get(2),
                is_removed: row.get(3),
                kind: match (row.get(4), row.get(5)) {
                    (true, _) => Kind::Query,
                    (false, true) => Kind::Function,
                    (false, false) => Kind::View,
                },
            };
            (row.get(0), recorded)
        })
        .collect())
}

/// Layer by layer; within a layer, what is read before what reads it.
fn in_order(files: &[SqlFile]) -> Result<Vec<&SqlFile>> {
    let mut ordered: Vec<&SqlFile> = Vec::new();
    let mut waiting: Vec<&SqlFile> = files.iter().collect();
    waiting.sort_by(|one, other| (one.layer, &one.name).cmp(&(other.layer, &other.name)));
    while !waiting.is_empty() {
        let names: BTreeMap<&str, Layer> = waiting
            .iter()
            .map(|file| (file.name.as_str(), file.layer))
            .collect();
        let is_ready = |file: &SqlFile| {
            !file
                .reads()
                .any(|read| read != file.name && names.get(read) == Some(&file.layer))
        };
        let lowest = waiting[0].layer;
        let Some(next) = waiting
            .iter()
            .position(|file| file.layer == lowest && is_ready(file))
        else {
            let circle: Vec<_> = waiting
                .iter()
                .filter(|file| file.layer == lowest)
                .map(|file| format!("\"{}\"", file.path))
                .collect();
            return Err(Failure::new(
                Exit::Usage,
                format!("files read each other in a circle: {}", circle.join(", ")),
            )
            .hint("Mend the reads: lines of their headers.")
            .into());
        };
        ordered.push(waiting.remove(next));
    }
    Ok(ordered)
}

/// Applies the changes in one transaction. Names what was applied and what was removed. A lock that
/// cannot be had in time is tried for again, and then is an error.
pub(crate) fn apply(client: &mut Client, project: &Project) -> Result<(Vec<String>, Vec<String>)> {
    let changes = changes(client, project)?;
    if changes.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut attempt = 1;
    loop {
        let outcome = apply_once(client, project, &changes);
        match outcome {
            Err(error) if is_lock_timeout(&error) && attempt < ATTEMPTS => {
                attempt += 1;
                std::thread::sleep(PAUSE);
            }
            Err(error) if is_lock_timeout(&error) => {
                return Err(Failure::new(Exit::Failed, "somebody reads a view that has to change")
                    .because(error)
                    .detail(format!(
                        "Gave up after {ATTEMPTS} attempts of 2 seconds; nothing was changed."
                    ))
                    .hint("Try again, or see who it is: select pid, usename, query from pg_stat_activity where state <> 'idle'.")
                    .into());
            }
            other => return other,
        }
    }
}

fn is_lock_timeout(error: &anyhow::Error) -> bool {
    sql_state(error) == Some(SqlState::LOCK_NOT_AVAILABLE)
}

fn sql_state(error: &anyhow::Error) -> Option<SqlState> {
    error
        .chain()
        .find_map(|cause| cause.downcast_ref::<postgres::Error>())
        .and_then(|error| error.code().cloned())
}

fn apply_once(
    client: &mut Client,
    project: &Project,
    changes: &[Change<'_>],
) -> Result<(Vec<String>, Vec<String>)> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(LOCK_TIMEOUT)?;
    let mut rebuild = Rebuild::default();
    let (mut applied, mut removed) = (Vec::new(), Vec::new());
    let changed: BTreeMap<&str, i64> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Apply { file, version } => Some((file.name.as_str(), *version)),
            Change::Remove { .. } => None,
        })
        .collect();
    for file in in_order(&project.sql)? {
        let version = changed.get(file.name.as_str());
        if version.is_none() && !rebuild.dropped.contains(&file.name) {
            continue;
        }
        rebuild.create(&mut transaction, file)?;
        if let Some(version) = version {
            record(&mut transaction, file, *version)?;
            applied.push(file.name.clone());
        }
    }
    for change in changes {
        if let Change::Remove { name, kind } = change {
            if !rebuild.dropped.contains(name) && *kind != Kind::Query {
                drop_object(&mut transaction, *kind, name)?;
            }
            let sql = "update elt.view_version set removed_at = now() \
                       where name = $1 and removed_at is null";
            transaction.execute(sql, &[name])?;
            removed.push(name.clone());
        }
    }
    transaction.commit()?;
    Ok((applied, removed))
}

/// What had to be dropped on the way, and how it is put back.
#[derive(Default)]
struct Rebuild {
    dropped: BTreeSet<String>,
    /// Statements that restore owner, grants and options of a view.
    attributes: BTreeMap<String, Vec<String>>,
}

impl Rebuild {
    fn create(&mut self, transaction: &mut Transaction<'_>, file: &SqlFile) -> Result<()> {
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
    fn drop_with_dependents(
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

fn drop_object(transaction: &mut Transaction<'_>, kind: Kind, name: &str) -> Result<()> {
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

fn record(transaction: &mut Transaction<'_>, file: &SqlFile, version: i64) -> Result<()> {
    let sql = "insert into elt.view_version \
               (name, version, layer, header, sha256, definition, elt_version) \
               values ($1, $2, $3, $4, $5, $6, $7)";
    transaction.execute(
        sql,
        &[
            &file.name,
            &version,
            &file.layer.name(),
            &serde_json::to_value(&file.header)?,
            &file.sha256,
            &file.text,
            &env!("CARGO_PKG_VERSION"),
        ],
    )?;
    Ok(())
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
    error.context(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(layer: Layer, name: &str, reads: &str) -> SqlFile {
        SqlFile {
            path: format!("{name}.sql"),
            layer,
            name: name.into(),
            header: BTreeMap::from([("reads".into(), reads.into())]),
            text: String::new(),
            sha256: String::new(),
        }
    }

    #[test]
    fn what_is_read_comes_before_what_reads_it() -> Result<()> {
        let files = [
            file(Layer::Mart, "public.a", "public.z, core.x"),
            file(Layer::Mart, "public.z", "core.x"),
            file(Layer::Core, "core.x", "staging.s"),
        ];
        let names: Vec<_> = in_order(&files)?.iter().map(|file| &file.name).collect();
        assert_eq!(names, ["core.x", "public.z", "public.a"]);
        Ok(())
    }

    #[test]
    fn a_circle_names_both_files() {
        let files = [
            file(Layer::Mart, "public.a", "public.b"),
            file(Layer::Mart, "public.b", "public.a"),
        ];
        let message = in_order(&files).map(|_| ()).unwrap_err().to_string();
        assert!(message.contains("public.a.sql") && message.contains("public.b.sql"));
    }
}
