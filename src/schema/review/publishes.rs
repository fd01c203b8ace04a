//! Publishes between which an export can be compared, and the core tables that the export reads.

use super::views_to_make::names_read;
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use crate::project::SqlFile;
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::{Client, GenericClient};
use serde::Serialize;

/// A row of `elt.publish`.
#[derive(Serialize)]
pub(crate) struct Publish {
    pub(crate) publish_id: i64,
    /// `load`, `migrate`, `rollback` or `purge`.
    pub(crate) cause: String,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    /// Whether it is the latest publish.
    #[serde(skip)]
    pub(crate) is_live: bool,
}

/// The core tables that a query reads, directly or through views.
pub(super) fn tables_read(
    client: &mut impl GenericClient,
    files: &[SqlFile],
    file: &SqlFile,
) -> Result<Vec<String>> {
    let named: Vec<&str> = names_read(files, file).into_iter().collect();
    let sql =
        "select table_name from elt.filled_table where table_name = any($1) order by table_name";
    let rows = client.query(sql, &[&named])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The publishes to compare, the one before first. `named`: the numbers that the user gave, at most two.
pub(super) fn find_publishes(
    client: &mut Client,
    export: &str,
    tables: &[String],
    named: &[i64],
) -> Result<[Publish; 2]> {
    let latest: Option<i64> = client
        .query_one(
            "select max(publish_id) from elt.publish where state = 'published'",
            &[],
        )?
        .get(0);
    let Some(latest) = latest else {
        return Err(Failure::new(Exit::Failed, "nothing was published yet")
            .hint("To load and publish, run " + elt!("load") + ".")
            .into());
    };
    let to = named.get(1).copied().unwrap_or(latest);
    let from = match named.first() {
        Some(from) => *from,
        None => before_last_change(client, export, tables, to)?,
    };
    Ok([
        find(client, tables, from, latest)?,
        find(client, tables, to, latest)?,
    ])
}

/// The publish before the latest one that changed which loads the tables show.
fn before_last_change(
    client: &mut Client,
    export: &str,
    tables: &[String],
    to: i64,
) -> Result<i64> {
    let row = client.query_one(include_str!("publish_before_change.sql"), &[&tables, &to])?;
    let earlier: Option<i64> = row.get("publish_id");
    earlier.ok_or_else(|| {
        let message = format!(
            "export \"{export}\" has not changed since the first publish that can be compared"
        );
        Failure::new(Exit::Failed, message)
            .hint("Compare again after the next load, or name two publishes.")
            .into()
    })
}

/// A publish whose rows of the tables can be computed.
fn find(client: &mut Client, tables: &[String], publish_id: i64, latest: i64) -> Result<Publish> {
    let sql = "select state, cause, finished_at, publish_id >= coalesce((select min(publish_id) from elt.publish_load), 0) \
               from elt.publish where publish_id = $1";
    let Some(row) = client.query_opt(sql, &[&publish_id])? else {
        let message = format!("there is no publish {publish_id}");
        return Err(refused(client, Exit::Usage, message, tables)?);
    };
    let state: String = row.get(0);
    if state != "published" {
        let message = format!("publish {publish_id} was {state}: no reader saw its rows");
        return Err(refused(client, Exit::Usage, message, tables)?);
    }
    let is_recorded: bool = row.get(3);
    if !is_recorded {
        let message = format!("which loads were live after publish {publish_id} was not recorded");
        return Err(refused(client, Exit::Failed, message, tables)?);
    }
    let sql = "select named.table_name, loads.load_id, loads.source \
               from unnest($2::text[]) as named (table_name) \
               cross join lateral elt.loads_at($1, named.table_name) as loads \
               where loads.is_missing order by loads.load_id limit 1";
    if let Some(missing) = client.query_opt(sql, &[&publish_id, &tables])? {
        let (table, load_id, source): (String, i64, String) =
            (missing.get(0), missing.get(1), missing.get(2));
        let message = format!(
            "cannot compute {table} as of publish {publish_id}: load {load_id} of source \"{source}\" is no longer in \
             staging"
        );
        return Err(refused(client, Exit::Failed, message, tables)?);
    }
    Ok(Publish {
        publish_id,
        cause: row.get(1),
        finished_at: row.get(2),
        is_live: publish_id == latest,
    })
}

/// A failure that says which publishes can be compared.
fn refused(
    client: &mut Client,
    exit: Exit,
    message: String,
    tables: &[String],
) -> Result<anyhow::Error> {
    let row = client.query_one("select elt.first_publish($1)", &[&tables])?;
    let first: Option<i64> = row.get(0);
    let detail = match first {
        Some(first) => format!("Comparing is possible from publish {first} on."),
        None => "No publish can be computed from the rows in staging.".into(),
    };
    let hint: Sentence = match exit {
        Exit::Usage => "The publishes are in elt.publish.".into(),
        _ => "How many loads stay in staging is set in elt.source.keep_loads.".into(),
    };
    Ok(Failure::new(exit, message).detail(detail).hint(hint).into())
}
