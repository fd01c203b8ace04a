//! Incremental loads of an API: the value that is sent to get only newer records, and how far a load has read. SQL
//! computes both (`elt.since_to_send`, `elt.staged_since`).

use super::held;
use super::source::Source;
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use serde::Serialize;

/// From where a load reads the records of an API.
#[derive(Clone, Serialize)]
pub(crate) struct Since {
    /// Key in the records, `elt.rest_source.since_column`.
    pub(crate) column: String,
    #[serde(skip)]
    pub(super) kind: String,
    /// The value that is sent, without `since_format`. `None` if all records are requested.
    pub(crate) value: Option<String>,
}

/// Values of `since_column` in the staged rows that do not say how far the load has read.
pub(super) struct OddValues {
    /// They are not of the type `since_type`.
    pub(super) unreadable: i64,
    /// They are later than now.
    pub(super) future: i64,
}

/// From where the next load of a source reads; `None` if its loads are not incremental. `is_full`: all records are
/// requested.
pub(super) fn find(client: &mut Client, source: &Source, is_full: bool) -> Result<Option<Since>> {
    let settings = source.rest.as_ref();
    if settings.is_none_or(|settings| settings.since_column.is_none()) {
        return Ok(None);
    }
    refuse_beside_held(client, source)?;
    let sql = "select since_column, since_type, value, reason from elt.since_to_send($1, $2)";
    let Some(row) = client.query_opt(sql, &[&source.name, &is_full])? else {
        return Ok(None);
    };
    if let Some(reason) = row.get::<_, Option<String>>("reason") {
        terminal::note(format!(
            "source \"{}\": {reason}; all records are read",
            source.name
        ));
    }
    Ok(Some(Since {
        column: row.get("since_column"),
        kind: row.get("since_type"),
        value: row.get("value"),
    }))
}

/// Refuses to read records again that a held load of a source of mode append has: both would be appended.
fn refuse_beside_held(client: &mut Client, source: &Source) -> Result<()> {
    if source.mode != "append" {
        return Ok(());
    }
    let sql = "select min(load_id) from elt.load \
               where source = $1 and state = 'held' and since_column is not null";
    let held: Option<i64> = client.query_one(sql, &[&source.name])?.get(0);
    let Some(load) = held else { return Ok(()) };
    let message = format!(
        "load {load} of source \"{}\" is held, and the next load would read its records again",
        source.name
    );
    Err(held::decide_first(load, message))
}

/// Warns of values of `since_column` that the next load does not continue from.
pub(super) fn warn_of_odd_values(source: &Source, since: Option<&Since>, odd: &OddValues) {
    let Some(since) = since else { return };
    let (name, column) = (&source.name, &since.column);
    let records = |count: i64| match count {
        1 => "1 record".to_string(),
        count => format!("{} records", terminal::number(count)),
    };
    if odd.future > 0 {
        terminal::warn(format!(
            "source \"{name}\": {} of the API with a \"{column}\" in the future; the next load does not continue \
             from there. A clock is wrong, or the API writes local times",
            records(odd.future)
        ));
    }
    if odd.unreadable > 0 {
        terminal::warn(format!(
            "source \"{name}\": {} of the API with a \"{column}\" that is not a {} (since_type in \
             elt.rest_source); the next load does not continue from there",
            records(odd.unreadable),
            since.kind
        ));
    }
}
