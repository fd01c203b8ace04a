//! Read-only transactions that see one snapshot.

use crate::database::{Database, Reader};
use crate::schema;
use anyhow::Result;

/// Begins the transaction of an export, which ends with its session. Fails if core does not fit the program.
pub(super) fn snapshot(database: &Database) -> Result<Reader> {
    schema::require_core(&mut database.connect("export")?)?;
    let mut reader = database.connect_reader("export")?;
    reader.batch_execute("begin isolation level repeatable read read only")?;
    Ok(reader)
}
