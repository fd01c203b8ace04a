//! Definitions that were applied, as `elt.view_version` keeps them.

use crate::failure::{Exit, Failure, nearest};
use anyhow::Result;
use chrono::{DateTime, Utc};
use postgres::Client;
use serde::Serialize;

/// An object of `sql/` as it is now.
#[derive(Serialize)]
pub(crate) struct CurrentView {
    pub(crate) name: String,
    pub(crate) layer: String,
    pub(crate) version: i64,
    pub(crate) applied_at: DateTime<Utc>,
    /// Views, tables and exports that directly read it.
    pub(crate) read_by: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Version {
    name: String,
    version: i64,
    applied_at: DateTime<Utc>,
    applied_by: String,
    elt_version: String,
    removed_at: Option<DateTime<Utc>>,
    pub(crate) definition: String,
}

/// In the order in which they are created.
pub(crate) fn current(client: &mut Client) -> Result<Vec<CurrentView>> {
    let sql = "select name, layer, version, applied_at, array(select lineage.name from elt.lineage \
               where lineage.reads = current_view.name order by lineage.name) from elt.current_view \
               order by array_position(array['mart', 'export', 'quality', 'core', 'elt'], layer), name";
    let rows = client.query_typed(sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| CurrentView {
            name: row.get(0),
            layer: row.get(1),
            version: row.get(2),
            applied_at: row.get(3),
            read_by: row.get(4),
        })
        .collect())
}

/// The version of an object, its latest where none is named. The schema may be left out where one
/// object alone has the name.
pub(crate) fn find(client: &mut Client, name: &str, version: Option<i64>) -> Result<Version> {
    let sql = "select distinct name from elt.view_version order by name";
    let known = client.query_typed(sql, &[])?;
    let known: Vec<&str> = known.iter().map(|row| row.get(0)).collect();
    let fits =
        |each: &&&str| **each == name || each.split_once('.').is_some_and(|(_, own)| own == name);
    let fitting: Vec<&&str> = known.iter().filter(fits).collect();
    let name = match fitting.as_slice() {
        [one] => **one,
        [] => {
            return Err(
                Failure::new(Exit::Usage, format!("there is no view \"{name}\""))
                    .hint(match nearest("", name, &known).split_once('?') {
                        Some((guess, _)) => format!("{guess}? All of them: elt views."),
                        None => "See them with elt views.".into(),
                    })
                    .into(),
            );
        }
        several => {
            let names: Vec<String> = several.iter().map(ToString::to_string).collect();
            return Err(
                Failure::new(Exit::Usage, format!("several views are named \"{name}\""))
                    .hint(format!("Name one of them: {}.", names.join(", ")))
                    .into(),
            );
        }
    };
    let sql = "select name, version, applied_at, applied_by, elt_version, removed_at, definition \
               from elt.view_version where name = $1 and version = coalesce($2, version) \
               order by version desc limit 1";
    let Some(row) = client.query_opt(sql, &[&name, &version])? else {
        let version = version.unwrap_or_default();
        return Err(Failure::new(
            Exit::Usage,
            format!("view \"{name}\" has no version {version}"),
        )
        .hint("elt views says which one is applied; they count from 1.")
        .into());
    };
    Ok(Version {
        name: row.get(0),
        version: row.get(1),
        applied_at: row.get(2),
        applied_by: row.get(3),
        elt_version: row.get(4),
        removed_at: row.get(5),
        definition: row.get(6),
    })
}
