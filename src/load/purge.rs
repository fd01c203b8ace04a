//! Rows removed for good, and the live loads published without them, in one transaction.

use super::publish::refuse_findings;
use crate::failure;
use crate::interrupt;
use crate::quality;
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

/// What was removed from one place.
#[derive(Serialize)]
pub(crate) struct Purged {
    pub(crate) from: String,
    pub(crate) rows: i64,
}

/// Removes it; without `for_good` everything is undone, and only what it would be is told.
pub(crate) fn purge(client: &mut Client, what: &What, for_good: bool) -> Result<Vec<Purged>> {
    interrupt::check()?;
    interrupt::stands("nothing was removed");
    let _waiting = terminal::waiting("removing, and publishing without it");
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
    let rows = rows.map_err(failure::for_people)?;
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
        return Ok(purged);
    }
    if let Some(publish_id) = publish_id {
        refuse_findings(&quality::recorded(&mut transaction, publish_id)?)?;
    }
    transaction.commit()?;
    interrupt::did("it was removed");
    forget(client, &purged);
    Ok(purged)
}

/// Deleted rows are in a table's file until they are vacuumed away. Autovacuum does it later, should
/// this fail.
fn forget(client: &mut Client, purged: &[Purged]) {
    let _waiting = terminal::waiting("vacuuming: what was deleted leaves the files too");
    let mut tables: Vec<&str> = purged
        .iter()
        .map(|each| each.from.split(',').next().unwrap_or_default())
        .collect();
    tables.sort_unstable();
    tables.dedup();
    for table in tables {
        if let Err(error) = client.batch_execute(&format!("vacuum {table}")) {
            terminal::warn(&format!("could not vacuum {table}: {error}"));
        }
    }
}
