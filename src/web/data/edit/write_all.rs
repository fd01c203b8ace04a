//! Inserts several rows, all or none.

use super::write::{WriteOutcome, insert_sql, rejected_or_failed};
use super::{Key, Table, Values};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::form::Writer;
use tokio_postgres::types::{ToSql, Type};

/// The outcome of inserting several rows.
pub(crate) enum AllOutcome {
    /// The keys, in the order of the rows.
    Done(Vec<Key>),
    /// The same form was executed before.
    AlreadySent,
    /// The database rejected these rows, by their index. No row was inserted.
    Refused(Vec<(usize, tokio_postgres::Error)>),
}

/// Inserts the rows in one transaction. All rows are tried, so that all errors are reported at once. The last row
/// records the form.
pub(crate) async fn insert_all(
    client: &mut Client,
    writer: &Writer<'_>,
    table: &Table,
    rows: &[Values],
) -> WebResult<AllOutcome> {
    let program = Writer::program(writer.name);
    // Dropping the transaction rolls it back, also if the client disconnects.
    let mut transaction = client.transaction().await?;
    let (mut keys, mut refused) = (Vec::new(), Vec::new());
    for (index, values) in rows.iter().enumerate() {
        let is_last = index + 1 == rows.len();
        let writer = if is_last { writer } else { &program };
        let (sql, given) = insert_sql(writer, table, values)?;
        let given: Vec<(&(dyn ToSql + Sync), Type)> = given
            .iter()
            .map(|value| (value as &(dyn ToSql + Sync), Type::TEXT))
            .collect();
        let row = transaction.transaction().await?;
        match row.query_typed(&sql, &given).await {
            Ok(found) => {
                row.commit().await?;
                let values = found.first().map(|row| row.get(0));
                keys.push(Key::new(table, values.unwrap_or_default()));
            }
            Err(error) => {
                row.rollback().await?;
                match rejected_or_failed(error)? {
                    WriteOutcome::Refused(error) => refused.push((index, error)),
                    _ => return Ok(AllOutcome::AlreadySent),
                }
            }
        }
    }
    if !refused.is_empty() {
        transaction.rollback().await?;
        return Ok(AllOutcome::Refused(refused));
    }
    match transaction.commit().await {
        Ok(()) => Ok(AllOutcome::Done(keys)),
        // A deferred constraint belongs to no single row.
        Err(error) => match rejected_or_failed(error)? {
            WriteOutcome::Refused(error) => Ok(AllOutcome::Refused(vec![(0, error)])),
            _ => Ok(AllOutcome::AlreadySent),
        },
    }
}
