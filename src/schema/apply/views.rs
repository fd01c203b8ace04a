//! Applies `sql/`. Every file is one version of one object, and `elt.view_version` has all versions. Changed
//! objects are replaced in place. Objects that cannot be replaced are dropped with their dependents and created
//! again in one transaction, with owners, grants and options restored, and never with `cascade`.

use super::conditions;
use super::order::in_order;
use super::rebuild::{AppliedStep, OnStep, Rebuild};
use crate::failure::{Exit, Failure};
use crate::project::{Project, SqlFile};
use anyhow::Result;
use postgres::error::SqlState;
use postgres::{Client, Transaction};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long new readers of a view may wait while the change waits for existing readers.
pub(super) const LOCK_TIMEOUT: &str = "set local lock_timeout = '2s'";
/// The same for transactions that other code opens.
pub(super) const LOCK_TIMEOUT_OF_SESSION: &str = "set lock_timeout = '2s'";
pub(super) const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(500);
/// Works for roles that may not see the queries of other sessions.
const WHO_HOLDS: &str = "Try again, or find the session: select distinct pid, usename, application_name, \
                                    relation::regclass from pg_locks inner join pg_stat_activity using (pid) where \
                                    datname = current_database() and granted and relation >= 16384.";

/// A difference between the files and what is applied.
pub(crate) enum Change<'a> {
    /// The object is new, has another text, or was dropped by hand.
    Apply { file: &'a SqlFile, version: i64 },
    /// The file is gone.
    Remove { name: String, kind: Kind },
}

/// The kind of object for `drop`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    View,
    Function,
    /// The query of an export: nothing to drop.
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

/// The latest version of an object.
struct Recorded {
    version: i64,
    sha256: String,
    kind: Kind,
    is_removed: bool,
    /// False if it was dropped by hand.
    is_there: bool,
}

/// The differences, in the order in which they must be applied.
pub(crate) fn changes<'a>(client: &mut Client, project: &'a Project) -> Result<Vec<Change<'a>>> {
    let recorded = recorded(client)?;
    let is_applied = |file: &SqlFile| {
        recorded
            .get(&file.name)
            .is_some_and(|known| known.sha256 == file.sha256 && !known.is_removed && known.is_there)
    };
    // Most commands find no change, and putting all files in order would take longer than the rest.
    let files = match project.sql.iter().all(is_applied) {
        true => Vec::new(),
        false => in_order(&project.sql)?,
    };
    let mut changes = Vec::new();
    for file in files.into_iter().filter(|file| !is_applied(file)) {
        let version = recorded.get(&file.name).map_or(0, |known| known.version) + 1;
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
    if crate::schema::is_missing(client)? {
        return Ok(BTreeMap::new());
    }
    Ok(client
        .query_typed(include_str!("recorded_view.sql"), &[])?
        .iter()
        .map(|row| {
            let recorded = Recorded {
                version: row.get("version"),
                sha256: row.get("sha256"),
                is_removed: row.get("is_removed"),
                is_there: row.get("is_there"),
                kind: match (row.get("is_query"), row.get("is_function")) {
                    (true, _) => Kind::Query,
                    (false, true) => Kind::Function,
                    (false, false) => Kind::View,
                },
            };
            (row.get("name"), recorded)
        })
        .collect())
}

/// Applied objects that were dropped by hand.
pub(in crate::schema) fn dropped_by_hand(client: &mut Client) -> Result<Vec<(String, Kind)>> {
    let gone = recorded(client)?
        .into_iter()
        .filter(|(_, known)| !known.is_removed && !known.is_there);
    Ok(gone.map(|(name, known)| (name, known.kind)).collect())
}

/// Applies the changes in one transaction. Returns the names of applied and removed objects. Retries if a lock
/// is not available in time, and fails after the last attempt.
pub(crate) fn apply(client: &mut Client, project: &Project) -> Result<(Vec<String>, Vec<String>)> {
    let changes = changes(client, project)?;
    // A migration may have dropped the relation of an unchanged rule.
    conditions::check_limits(client, project, &changes, &[])?;
    if changes.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    conditions::check(client, &changes)?;
    let once = || apply_once(client, project, &changes, &mut |_, _| Ok(()));
    retry_lock_timeouts(once, || {
        let message = "could not lock a view: another session is using it";
        Failure::new(Exit::Failed, message).detail(format!(
            "Gave up after {ATTEMPTS} attempts of 2 seconds. Nothing was changed."
        ))
    })
}

/// Repeats an attempt that could not get a lock in time. `give_up`: the failure after the last attempt.
pub(super) fn retry_lock_timeouts<T>(
    mut once: impl FnMut() -> Result<T>,
    give_up: impl FnOnce() -> Failure,
) -> Result<T> {
    let mut attempt = 1;
    loop {
        match once() {
            Err(error) if is_lock_timeout(&error) && attempt < ATTEMPTS => {
                attempt += 1;
                std::thread::sleep(PAUSE);
            }
            Err(error) if is_lock_timeout(&error) => {
                return Err(give_up().because(error).hint(WHO_HOLDS).into());
            }
            outcome => return outcome,
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

/// One attempt. Calls `on_step` for each step.
pub(in crate::schema) fn apply_once(
    client: &mut Client,
    project: &Project,
    changes: &[Change<'_>],
    on_step: &mut OnStep<'_>,
) -> Result<(Vec<String>, Vec<String>)> {
    let mut transaction = client.transaction()?;
    transaction.batch_execute(LOCK_TIMEOUT)?;
    let mut rebuild = Rebuild::new(on_step);
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
            (rebuild.on_step)(&mut transaction, AppliedStep::Recorded(file, *version))?;
            applied.push(file.name.clone());
        }
    }
    for change in changes {
        if let Change::Remove { name, kind } = change {
            match kind {
                Kind::View if !rebuild.dropped.contains(name) => {
                    rebuild.drop_with_dependents(&mut transaction, name)?;
                }
                Kind::Function => rebuild.drop(&mut transaction, *kind, name)?,
                Kind::View | Kind::Query => {}
            }
            let sql = "update elt.view_version set removed_at = now() \
                       where name = $1 and removed_at is null";
            transaction.execute(sql, &[name])?;
            (rebuild.on_step)(&mut transaction, AppliedStep::RecordedRemoval(name))?;
            removed.push(name.clone());
        }
    }
    if let Some(lost) = project
        .sql
        .iter()
        .find(|file| rebuild.dropped.contains(&file.name))
    {
        return Err(Failure::new(
            Exit::Usage,
            format!("file \"{}\" does not declare all that it reads", lost.path),
        )
        .detail("A view that it reads had to be created again after it. Nothing was changed.")
        .hint("Complete the \"reads:\" line of its header.")
        .into());
    }
    conditions::check_distribution(&mut transaction, changes)?;
    transaction.commit()?;
    Ok((applied, removed))
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
