//! Writes rows. Each write is one statement, which also sets elt.account for the trigger elt.note_change.

use super::{Key, Table, Values};
use crate::web::data::catalogue::quote;
use crate::web::data::listing::{Request, Where};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Writer, was_sent};

/// The outcome of a write.
pub(crate) enum WriteOutcome {
    Done(Key),
    /// Another session changed or deleted the row.
    Conflict,
    /// The same form was executed before.
    AlreadySent,
    /// The database rejected the values.
    Refused(tokio_postgres::Error),
}

/// Sets the account, which is the first parameter of every write.
const WHO: &str = "(select set_config('elt.account', $1::text, true)) as who";

fn nullable(values: &[String]) -> Vec<Option<&str>> {
    values.iter().map(|value| Some(value.as_str())).collect()
}

/// `$2::text::bigint`.
fn parameter(table: &Table, name: &str, number: usize) -> String {
    let type_name = table
        .field(name)
        .map_or("text", |field| field.cast_name.as_str());
    format!("${number}::text::{type_name}")
}

pub(crate) async fn insert(
    client: &Client,
    writer: &Writer<'_>,
    table: &Table,
    values: &Values,
) -> WebResult<WriteOutcome> {
    let (sql, given) = insert_sql(writer, table, values)?;
    match client.query_text(&sql, &given).await {
        Ok(rows) => {
            let values = rows.first().map(|row| row.get(0));
            Ok(WriteOutcome::Done(Key::new(
                table,
                values.unwrap_or_default(),
            )))
        }
        Err(error) => rejected_or_failed(error),
    }
}

/// The statement that inserts a row and returns its key, and its parameters.
pub(super) fn insert_sql<'v>(
    writer: &'v Writer<'_>,
    table: &Table,
    values: &'v Values,
) -> WebResult<(String, Vec<Option<&'v str>>)> {
    if values.is_empty() {
        return Err(WebError::Bad("Nothing was filled in.".into()));
    }
    let (mut names, mut parameters, mut given) = (Vec::new(), Vec::new(), vec![Some(writer.name)]);
    for (name, value) in values {
        given.push(value.as_deref());
        names.push(quote(name));
        parameters.push(parameter(table, name, given.len()));
    }
    let keys = table.relation.key_columns.iter();
    let keys: Vec<String> = keys.map(|name| format!("{}::text", quote(name))).collect();
    let note = writer.note("written.key", &mut given);
    let sql = format!(
        "with written as (insert into {} ({}) select {} from {WHO} returning array[{}]::text[] as key) \
         select written.key, {note} from written",
        table.relation.quoted(),
        names.join(", "),
        parameters.join(", "),
        keys.join(", ")
    );
    Ok((sql, given))
}

/// Selects a row, if it has the version. The first value is the account.
fn one_row(writer: &Writer<'_>, table: &Table, key: &Key, version: Option<&str>) -> Where {
    let mut wanted = Where::default();
    wanted.values.push(writer.name.into());
    key.restrict(&table.relation, &mut wanted);
    if let Some(version) = version {
        wanted.and(version, |parameter| {
            format!("listed.xmin::text = {parameter}")
        });
    }
    wanted
}

/// The outcome of a statement that writes the row with the key.
fn written(
    rows: Result<Vec<tokio_postgres::Row>, tokio_postgres::Error>,
    key: &Key,
) -> WebResult<WriteOutcome> {
    match rows {
        Ok(rows) if rows.is_empty() => Ok(WriteOutcome::Conflict),
        Ok(_) => Ok(WriteOutcome::Done(key.clone())),
        Err(error) => rejected_or_failed(error),
    }
}

/// `version`: the row version that the form showed; `None` accepts any version.
pub(crate) async fn update(
    client: &Client,
    writer: &Writer<'_>,
    table: &Table,
    key: &Key,
    version: Option<&str>,
    values: &Values,
) -> WebResult<WriteOutcome> {
    let wanted = one_row(writer, table, key, version);
    let mut given = nullable(&wanted.values);
    let mut assignments = Vec::new();
    for (name, value) in values {
        given.push(value.as_deref());
        let parameter = parameter(table, name, given.len());
        assignments.push(format!("{} = {parameter}", quote(name)));
    }
    let note = writer.note("null", &mut given);
    let sql = format!(
        "with written as (update {} as listed set {} from {WHO}{} returning 1) select {note} from written",
        table.relation.quoted(),
        assignments.join(", "),
        wanted.sql()
    );
    written(client.query_text(&sql, &given).await, key)
}

/// `version`: see `update`.
pub(crate) async fn delete(
    client: &Client,
    writer: &Writer<'_>,
    table: &Table,
    key: &Key,
    version: Option<&str>,
) -> WebResult<WriteOutcome> {
    let wanted = one_row(writer, table, key, version);
    let mut given = nullable(&wanted.values);
    let note = writer.note("null", &mut given);
    let sql = format!(
        "with written as (delete from {} as listed using {WHO}{} returning 1) select {note} from written",
        table.relation.quoted(),
        wanted.sql()
    );
    written(client.query_text(&sql, &given).await, key)
}

/// Deletes the rows of a request if there are exactly `count`, the number that the user confirmed.
pub(crate) async fn delete_listed(
    client: &Client,
    writer: &Writer<'_>,
    table: &Table,
    request: &Request,
    count: i64,
) -> WebResult<WriteOutcome> {
    let mut wanted = Where::default();
    wanted.values.push(writer.name.into());
    table.listing().restrict(request, &mut wanted);
    delete_exactly(client, writer, table, wanted, count).await
}

/// Deletes the rows with these keys if there are exactly `count`.
pub(crate) async fn delete_keys(
    client: &Client,
    writer: &Writer<'_>,
    table: &Table,
    keys: &[Key],
    count: i64,
) -> WebResult<WriteOutcome> {
    let mut wanted = Where::default();
    wanted.values.push(writer.name.into());
    wanted.either(keys, |key, to| key.restrict(&table.relation, to));
    delete_exactly(client, writer, table, wanted, count).await
}

/// The first value of `wanted` must be the account.
async fn delete_exactly(
    client: &Client,
    writer: &Writer<'_>,
    table: &Table,
    mut wanted: Where,
    count: i64,
) -> WebResult<WriteOutcome> {
    // The division fails and cancels the statement if the number of rows differs.
    wanted.values.push(count.to_string());
    let mut given = nullable(&wanted.values);
    let note = writer.note("null", &mut given);
    let sql = format!(
        "with deleted as (delete from {} as listed using {WHO}{} returning 1), \
         counted as (select 1 / (count(*) = ${}::text::bigint)::integer as is_right from deleted) \
         select is_right, {note} from counted",
        table.relation.quoted(),
        wanted.sql(),
        wanted.values.len()
    );
    match client.query_text(&sql, &given).await {
        Ok(_) => Ok(WriteOutcome::Done(Key(Vec::new()))),
        Err(error) if error.code().is_some_and(|code| code.code() == "22012") => {
            Ok(WriteOutcome::Conflict)
        }
        Err(error) => rejected_or_failed(error),
    }
}

/// Errors that the caller can correct are reported to the caller; all others are failures of the server.
pub(super) fn rejected_or_failed(error: tokio_postgres::Error) -> WebResult<WriteOutcome> {
    if was_sent(&error) {
        return Ok(WriteOutcome::AlreadySent);
    }
    let is_about_values = error.code().is_some_and(|code| {
        let code = code.code();
        // Includes errors raised by triggers.
        const OURS: [&str; 13] = [
            "08", "0A", "25", "26", "28", "3D", "3F", "40", "42", "53", "57", "58", "XX",
        ];
        !OURS.iter().any(|class| code.starts_with(class)) && code != "55P03"
    });
    if is_about_values {
        Ok(WriteOutcome::Refused(error))
    } else {
        Err(error.into())
    }
}
