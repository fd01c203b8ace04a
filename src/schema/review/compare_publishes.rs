//! Compares the rows of an export between two publishes, in one transaction that is rolled back.

use super::core_at::MovedObjects;
use super::publishes::{Publish, find_publishes, tables_read};
use crate::difference::{self, RowDifference};
use crate::project::SqlFile;
use crate::schema::apply::versions;
use crate::terminal;
use anyhow::Result;
use postgres::{Client, Transaction};

/// The temporary tables with the rows of both publishes.
const KEPT: [&str; 2] = ["pg_temp.elt_before", "pg_temp.elt_after"];

/// Two publishes, and how an export differs between them.
pub(crate) struct PublishDifference {
    pub(crate) publishes: [Publish; 2],
    pub(crate) rows: RowDifference,
}

/// Compares an export between two publishes: the named ones, or the one before its latest change and the live one.
/// `begin` starts the transaction, and `use_rows` gets it with the compared tables, to read all differing rows.
pub(crate) fn compare(
    client: &mut Client,
    export: &SqlFile,
    named: &[i64],
    sample_size: i64,
    begin: impl FnOnce(&mut Client) -> Result<Transaction<'_>>,
    use_rows: impl FnOnce(&mut Transaction<'_>, [&str; 2], &RowDifference) -> Result<()>,
) -> Result<PublishDifference> {
    let files = versions::applied_files(client)?;
    let tables = tables_read(client, &files, export)?;
    let publishes = find_publishes(client, export.stem(), &tables, named)?;
    let mut transaction = begin(client)?;
    for ((publish, kept_as), side) in publishes.iter().zip(KEPT).zip(["before", "after"]) {
        let moved = MovedObjects::compute(&mut transaction, publish.publish_id, &tables, side)?;
        let running = format!(
            "running {} as of publish {}",
            export.stem(),
            publish.publish_id
        );
        let _waiting = terminal::waiting(&running);
        moved.run(&mut transaction, &files, export, side, kept_as)?;
    }
    let _waiting = terminal::waiting("comparing rows");
    let header = serde_json::to_value(&export.header)?;
    let key: Option<Vec<String>> = transaction
        .query_one("select elt.header_key($1)", &[&header])?
        .get(0);
    let rows = difference::compare(&mut transaction, KEPT, key.as_deref(), sample_size)?;
    use_rows(&mut transaction, KEPT, &rows)?;
    transaction.rollback()?;
    Ok(PublishDifference { publishes, rows })
}
