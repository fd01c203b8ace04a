//! Applied definitions, from `elt.view_version`.

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, nearest};
use crate::project::{Layer, Project, SqlFile};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use postgres::Client;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// The current version of an object of `sql/`.
#[derive(Serialize)]
pub(crate) struct CurrentView {
    pub(crate) name: String,
    pub(crate) layer: String,
    pub(crate) version: i64,
    pub(crate) applied_at: DateTime<Utc>,
    /// Views, tables and exports that directly read it.
    pub(crate) read_by: Vec<String>,
    /// Dependents of other owners, which block a change that must drop and create the object.
    pub(crate) read_by_others: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Version {
    name: String,
    pub(crate) version: i64,
    applied_at: DateTime<Utc>,
    applied_by: String,
    elt_version: String,
    pub(crate) removed_at: Option<DateTime<Utc>>,
    pub(crate) definition: String,
    #[serde(skip)]
    layer: String,
    #[serde(skip)]
    header: Value,
}

impl Version {
    /// The file that was applied.
    pub(crate) fn file(&self) -> Result<SqlFile> {
        let layer = Layer::from_name(&self.layer);
        Ok(SqlFile {
            path: format!("version {} of \"{}\"", self.version, self.name),
            layer: layer.with_context(|| format!("there is no layer \"{}\"", self.layer))?,
            name: self.name.clone(),
            header: serde_json::from_value(self.header.clone())?,
            text: self.definition.clone(),
            sha256: String::new(),
        })
    }
}

/// All current objects, in reading order.
pub(crate) fn current(client: &mut Client) -> Result<Vec<CurrentView>> {
    let rows = client.query_typed(include_str!("current_views.sql"), &[])?;
    Ok(rows
        .iter()
        .map(|row| CurrentView {
            name: row.get(0),
            layer: row.get(1),
            version: row.get(2),
            applied_at: row.get(3),
            read_by: row.get(4),
            read_by_others: row.get(5),
        })
        .collect())
}

/// The full name of an object that has versions or a file in the project. The schema may be omitted if the name
/// is unique.
pub(crate) fn full_name(client: &mut Client, project: &Project, name: &str) -> Result<String> {
    let rows = client.query_typed("select distinct name from elt.view_version", &[])?;
    let mut known: BTreeSet<&str> = rows.iter().map(|row| row.get(0)).collect();
    known.extend(project.sql.iter().map(|file| file.name.as_str()));
    let fits =
        |each: &&&str| **each == name || each.split_once('.').is_some_and(|(_, own)| own == name);
    let fitting: Vec<&str> = known.iter().filter(fits).copied().collect();
    match fitting.as_slice() {
        [one] => Ok((*one).to_string()),
        [] => {
            let known: Vec<&str> = known.into_iter().collect();
            let hint = match nearest("", name, &known).split_once('?') {
                Some((guess, _)) => {
                    format!("{guess}? To list all views, run ") + elt!("views") + "."
                }
                None => "To list all views, run " + elt!("views") + ".",
            };
            Err(
                Failure::new(Exit::Usage, format!("there is no view \"{name}\""))
                    .hint(hint)
                    .into(),
            )
        }
        several => Err(
            Failure::new(Exit::Usage, format!("several views are named \"{name}\""))
                .hint(format!("Name one of them: {}.", several.join(", ")))
                .into(),
        ),
    }
}

/// A version of an object by its full name: the named version, or the latest one, if it exists.
pub(crate) fn find(
    client: &mut Client,
    name: &str,
    version: Option<i64>,
) -> Result<Option<Version>> {
    let sql = "select name, version, applied_at, applied_by, elt_version, removed_at, definition, layer, header \
               from elt.view_version where name = $1 and version = coalesce($2, version) \
               order by version desc limit 1";
    match (client.query_opt(sql, &[&name, &version])?, version) {
        (Some(row), _) => Ok(Some(Version {
            name: row.get(0),
            version: row.get(1),
            applied_at: row.get(2),
            applied_by: row.get(3),
            elt_version: row.get(4),
            removed_at: row.get(5),
            definition: row.get(6),
            layer: row.get(7),
            header: row.get(8),
        })),
        (None, None) => Ok(None),
        (None, Some(version)) => Err(Failure::new(
            Exit::Usage,
            format!("view \"{name}\" has no version {version}"),
        )
        .hint(elt!("views") + " says which one is applied; they count from 1.")
        .into()),
    }
}

/// All applied objects as files, in no particular order.
pub(in crate::schema) fn applied_files(client: &mut Client) -> Result<Vec<SqlFile>> {
    let sql = "select distinct on (name) name, removed_at is null, layer, header, definition, sha256 \
               from elt.view_version order by name, version desc";
    let rows = client.query_typed(sql, &[])?;
    let applied = rows.iter().filter(|row| row.get::<_, bool>(1));
    applied
        .map(|row| {
            let (name, layer): (String, String) = (row.get(0), row.get(2));
            Ok(SqlFile {
                path: name.clone(),
                layer: Layer::from_name(&layer)
                    .with_context(|| format!("there is no layer \"{layer}\""))?,
                name,
                header: serde_json::from_value(row.get(3))?,
                text: row.get(4),
                sha256: row.get(5),
            })
        })
        .collect()
}
