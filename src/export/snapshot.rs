//! Read-only transactions that see one snapshot.

use crate::schema;
use anyhow::Result;
use postgres::{Client, IsolationLevel, Transaction};

/// Begins the transaction of an export. Fails if core does not fit the program.
pub(super) fn snapshot(client: &mut Client) -> Result<Transaction<'_>> {
    schema::require_core(client)?;
    read_only(client)
}

pub(super) fn read_only(client: &mut Client) -> Result<Transaction<'_>> {
    Ok(client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()?)
}
