//! Deletes rows permanently and publishes the live loads without them, in one transaction.

use super::refusal::refuse_violations;
use crate::failure::sentence::elt;
use crate::failure::{self, CommandProgress};
use crate::quality;
use crate::signals;
use crate::terminal;
use anyhow::Result;
use postgres::types::ToSql;
use postgres::{Client, IsolationLevel};
use serde::Serialize;
use serde_json::{Map, Value};

pub(crate) enum What {
    Load(i64),
    /// Columns and values.
    Key(Map<String, Value>),
}

/// The rows deleted from one place.
#[derive(Serialize)]
pub(crate) struct Purged {
    pub(crate) from: String,
    pub(crate) rows: i64,
}

/// The deleted rows, and the places where they may still be readable.
#[derive(Default)]
pub(crate) struct PurgeReport {
    pub(crate) purged: Vec<Purged>,
    /// Places, and until when; empty if nothing was deleted.
    pub(crate) remains: Vec<String>,
}

/// Deletes the rows. Without `for_good`, rolls back and only reports what would be deleted.
pub(crate) fn purge(
    client: &mut Client,
    what: &What,
    for_good: bool,
    progress: &CommandProgress,
) -> Result<PurgeReport> {
    signals::check()?;
    progress.set_unfinished("nothing was deleted");
    let _waiting = terminal::waiting("deleting rows and publishing without them");
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .start()?;
    let version = env!("CARGO_PKG_VERSION");
    let key;
    let (sql, value): (_, &(dyn ToSql + Sync)) = match what {
        What::Load(load) => ("select * from elt.purge_load($1, $2)", load),
        What::Key(columns) => {
            key = Value::Object(columns.clone());
            ("select * from elt.purge_key($1, $2)", &key)
        }
    };
    let rows = transaction.query(sql, &[value, &version]);
    let rows = rows.map_err(|error| failure::with_list_hint(error, elt!("loads")))?;
    let publish_id: Option<i64> = rows.last().and_then(|row| row.get(2));
    let purged: Vec<Purged> = rows
        .iter()
        .filter_map(|row| {
            Some(Purged {
                from: row.get(0),
                rows: row.get::<_, Option<i64>>(1)?,
            })
        })
        .collect();
    if !for_good || purged.is_empty() {
        transaction.rollback()?;
        return Ok(PurgeReport {
            purged: with_rows(purged),
            remains: Vec::new(),
        });
    }
    if let Some(publish_id) = publish_id {
        refuse_violations(&quality::recorded(&mut transaction, publish_id)?)?;
    }
    transaction.commit()?;
    progress.set_done("the rows were deleted");
    let remains = rewrite_tables(client, &purged);
    Ok(PurgeReport {
        purged: with_rows(purged),
        remains,
    })
}

/// Omits tables in which rows were only changed.
fn with_rows(purged: Vec<Purged>) -> Vec<Purged> {
    purged.into_iter().filter(|each| each.rows > 0).collect()
}

/// The lock timeout of one attempt to rewrite a table.
const LOCK_TIMEOUT: &str = "2s";
/// Between the attempts, other sessions get the lock; autovacuum gives way.
const ATTEMPTS: usize = 3;
/// Number of checks for sessions with older snapshots, a tenth of a second apart.
const SNAPSHOT_CHECKS: usize = 60;

/// Deleted rows stay in a table's file, and values in its statistics, until the table is rewritten and analyzed.
/// Returns the places that could not be rewritten, and until when they keep data.
fn rewrite_tables(client: &mut Client, purged: &[Purged]) -> Vec<String> {
    let _waiting = terminal::waiting("rewriting tables to remove deleted rows from their files");
    let mut tables: Vec<String> = purged.iter().map(|each| table_name(&each.from)).collect();
    tables.sort_unstable();
    tables.dedup();
    let mut remains = Vec::new();
    if !are_readers_gone(client) {
        remains.push(format!(
            "rows that a transaction of another session can still see, until it has ended and they are rewritten: \
             vacuum (full, analyze) {}",
            tables.join(", ")
        ));
    }
    for table in tables {
        let is_there = client.query_one("select to_regclass($1::text) is not null", &[&table]);
        // A purged load's own table is dropped, and its file with it.
        if !is_there.is_ok_and(|row| row.get(0)) {
            continue;
        }
        if !is_rewritten(client, &table) {
            // A plain vacuum at least frees the space, so that new rows overwrite it. Truncation would wait
            // 5 s for the lock that another session holds.
            let _ = client.batch_execute(&format!("vacuum (analyze, truncate false) {table}"));
            remains.push(format!(
                "free space of {table}, until it is rewritten: vacuum (full, analyze) {table}"
            ));
        }
    }
    // The whole staging table has statistics too.
    for parent in staging_tables(purged) {
        if let Err(error) = client.batch_execute(&format!("analyze {parent}")) {
            terminal::warn(format!("could not analyze {parent}: {error}"));
        }
    }
    // Old statistics are rows of a table too.
    let statistics = "pg_catalog.pg_statistic";
    // Several times, because a concurrent autovacuum keeps the old statistics visible, or writes some that it
    // computed before.
    let is_clean = (0..3).all(|_| are_readers_gone(client) && is_rewritten(client, statistics));
    if !is_clean {
        remains.push(format!(
            "old statistics, until {statistics} is rewritten: vacuum (full) {statistics}"
        ));
    }
    remains.push(
        "write-ahead log, until PostgreSQL recycles it, and archives and replicas of it".into(),
    );
    remains.push("backups, input files and exported files".into());
    remains
}

/// Whether no session can see the deleted rows: rewriting a table keeps rows that an older snapshot can see.
/// Waits a while for such sessions. A transaction that writes in another database counts too, because snapshots
/// taken here begin with the oldest one of the whole server, and so does the one that rewrites a table.
fn are_readers_gone(client: &mut Client) -> bool {
    let now = "select pg_snapshot_xmax(pg_current_snapshot())::text";
    let Ok(now) = client
        .query_one(now, &[])
        .map(|row| row.get::<_, String>(0))
    else {
        return false;
    };
    let sql = "select pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 \
               and not exists (select 1 from pg_stat_activity where datname = current_database() \
               and pid <> pg_backend_pid() and backend_xmin is not null \
               and age(backend_xmin) > age(($1::text::xid8)::xid)) or pg_sleep(0.1) is null";
    (0..SNAPSHOT_CHECKS).any(|_| {
        let gone = client.query_one(sql, &[&now]);
        gone.is_ok_and(|row| row.get::<_, Option<bool>>(0) == Some(true))
    })
}

/// Rewrites the table. True if each of its files has changed: without the right to rewrite a table, PostgreSQL
/// only warns.
fn is_rewritten(client: &mut Client, table: &str) -> bool {
    let before = files(client, table);
    let is_limited = client.batch_execute(&format!("set lock_timeout = '{LOCK_TIMEOUT}'"));
    let vacuum = format!("vacuum (full, analyze) {table}");
    let is_done =
        is_limited.is_ok() && (0..ATTEMPTS).any(|_| client.batch_execute(&vacuum).is_ok());
    let _ = client.batch_execute("reset lock_timeout");
    let after = files(client, table);
    let differs = |(before, after): (&Option<u32>, &Option<u32>)| before != after;
    is_done && before.iter().zip(&after).all(differs)
}

/// The file numbers of a table or its partitions.
fn files(client: &mut Client, table: &str) -> Vec<Option<u32>> {
    let sql = "select coalesce((select array_agg(pg_relation_filenode(relid) order by relid) \
               from pg_partition_tree($1::text::regclass) where isleaf), \
               array[pg_relation_filenode($1::text::regclass)])";
    let row = client.query_one(sql, &[&table]);
    row.map_or(Vec::new(), |row| row.get(0))
}

/// The table of a place. `staging.orders, load 7` is a partition; other places begin with the table.
fn table_name(place: &str) -> String {
    match place.split_once(", load ") {
        Some((staging, load)) if staging.starts_with("staging.") => {
            format!("{staging}_load_{load}")
        }
        _ => place.split(',').next().unwrap_or_default().to_string(),
    }
}

fn staging_tables(purged: &[Purged]) -> Vec<&str> {
    let places = purged
        .iter()
        .filter_map(|each| each.from.split_once(", load "));
    let mut tables: Vec<&str> = places
        .map(|(table, _)| table)
        .filter(|table| table.starts_with("staging."))
        .collect();
    tables.dedup();
    tables
}
