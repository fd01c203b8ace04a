//! Locks that a statement took in the scratch database, on relations that exist in the real database.

use anyhow::Result;
use postgres::{Client, GenericClient};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

const STRONGEST: &str = "ACCESS EXCLUSIVE";

/// Names of the relations by OID in the copy. They keep their names in the real database even after a drop or
/// rename.
pub(super) type Names = BTreeMap<u32, String>;

/// A lock on something that is in the database now.
#[derive(Clone, Serialize)]
pub(crate) struct Lock {
    pub(crate) relation: String,
    /// The name in PostgreSQL's manual: `ACCESS EXCLUSIVE`.
    pub(crate) mode: String,
    /// Estimated rows of all partitions.
    pub(crate) rows: i64,
    pub(crate) bytes: i64,
    pub(crate) partitions: i64,
    /// All views that directly read it, including views of other owners.
    pub(crate) read_by: Vec<String>,
}

/// Locks taken since the last call, on relations that exist in the real database.
pub(super) fn new_locks(
    copy: &mut impl GenericClient,
    live: &mut Client,
    names: &Names,
    seen: &mut BTreeSet<(String, String)>,
) -> Result<Vec<Lock>> {
    let rows = copy.query(include_str!("locks_held.sql"), &[])?;
    let held = rows.iter().filter_map(|row| {
        let name = names.get(&row.get::<_, u32>(0))?;
        Some((name.clone(), row.get(1)))
    });
    let new: BTreeSet<(String, String)> = held.filter(|lock| seen.insert(lock.clone())).collect();
    let mut locks = Vec::new();
    for (relation, mode) in new.clone() {
        // The strongest lock makes the others irrelevant.
        if mode != STRONGEST && new.contains(&(relation.clone(), STRONGEST.to_string())) {
            continue;
        }
        let Some(found) = live.query_opt(include_str!("live_relation.sql"), &[&relation])? else {
            continue;
        };
        let on_workers = rows_and_bytes_on_workers(live, &relation)?;
        let (rows, bytes) = on_workers.unwrap_or((found.get("rows"), found.get("bytes")));
        locks.push(Lock {
            relation,
            mode,
            rows,
            bytes,
            partitions: found.get("partitions"),
            read_by: found.get("read_by"),
        });
    }
    Ok(locks)
}

/// The size of a relation that Citus distributes. Its table on the coordinator is empty.
fn rows_and_bytes_on_workers(live: &mut Client, relation: &str) -> Result<Option<(i64, i64)>> {
    let is_known = "select to_regprocedure('elt.relation_bytes(regclass)') is not null";
    if !live.query_one(is_known, &[])?.get::<_, bool>(0) {
        return Ok(None);
    }
    let sql = "select elt.row_estimate(found), elt.relation_bytes(found) from to_regclass($1) as found \
               where elt.distribution_column(found) is not null";
    let row = live.query_opt(sql, &[&relation])?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}

/// The relations of the copy.
pub(super) fn relation_names(copy: &mut Client) -> Result<Names> {
    let rows = copy.query(include_str!("relation_names.sql"), &[])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
