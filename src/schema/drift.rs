//! Whether the schema still is what was applied: object by object against a scratch database that is
//! built of what the ledgers and `elt.view_version` say. Data and grants are not compared.

use super::rehearsal::{build, recorded};
use super::script::moved;
use crate::db::Database;
use crate::db::scratch::Scratch;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use anyhow::{Context, Result};
use postgres::Client;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An object that is not what was applied.
#[derive(Serialize)]
pub(crate) struct Drift {
    /// `table`, `column`, `view`, and others.
    pub(crate) kind: String,
    pub(crate) name: String,
    /// `missing`, `changed`, or `unexpected`.
    pub(crate) what: &'static str,
    /// As it was applied.
    pub(crate) recorded: Option<String>,
    /// As it is.
    pub(crate) found: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Verified {
    /// How many were applied.
    pub(crate) objects: usize,
    pub(crate) drift: Vec<Drift>,
}

/// Kind and name of an object, and its definition and comment.
type Objects = BTreeMap<(String, String), (String, Option<String>)>;

const VIEW: &str = "elt.schema_object";

/// Compares. The role has to be one that may create a database.
pub(crate) fn verify(
    database: &Database,
    client: &mut Client,
    project: &Project,
) -> Result<Verified> {
    let scratch = Scratch::make(database)?.ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            "cannot verify the schema: the role may not create a database to compare it with",
        )
        .detail("What was applied is applied once more in a database of its own, which is dropped at the end.")
        .hint("Run it as a role that has CREATEDB; anybody may see single views with elt views diff.")
    })?;
    let mut copy = scratch.connect()?;
    build(&mut copy, &recorded(client, project)?)?;
    let recorded = objects(&mut copy, project)?;
    let found = objects(client, project)?;
    Ok(Verified {
        objects: recorded.len(),
        drift: differences(&recorded, &found),
    })
}

/// The view is the program's own, whatever version of it the database has.
fn objects(client: &mut Client, project: &Project) -> Result<Objects> {
    let mut files = project.sql.iter();
    let file = files
        .find(|file| file.name == VIEW)
        .with_context(|| format!("there is no file of \"{VIEW}\""))?;
    let mut transaction = client.transaction()?;
    transaction.batch_execute("set local search_path = ''")?;
    transaction.batch_execute(&moved(&file.text, &BTreeSet::from([VIEW])))?;
    let sql = "select kind, name, definition, description from pg_temp.schema_object";
    let objects = transaction
        .query(sql, &[])?
        .iter()
        .map(|row| ((row.get(0), row.get(1)), (row.get(2), row.get(3))))
        .collect();
    transaction.rollback()?;
    Ok(objects)
}

fn differences(recorded: &Objects, found: &Objects) -> Vec<Drift> {
    let drift = |key: &(String, String), what, was: Option<String>, is: Option<String>| Drift {
        kind: key.0.clone(),
        name: key.1.clone(),
        what,
        recorded: was,
        found: is,
    };
    let mut all = Vec::new();
    for (key, (definition, comment)) in recorded {
        match found.get(key) {
            // With its table all its parts are.
            None if parent_of(key).is_some_and(|parent| !is_relation(found, parent)) => {}
            None => all.push(drift(key, "missing", Some(definition.clone()), None)),
            Some((is, _)) if is != definition => {
                all.push(drift(
                    key,
                    "changed",
                    Some(definition.clone()),
                    Some(is.clone()),
                ));
            }
            Some((_, is)) if is != comment => {
                let said = |comment: &Option<String>| {
                    Some(format!("comment: {}", comment.as_deref().unwrap_or("none")))
                };
                all.push(drift(key, "changed", said(comment), said(is)));
            }
            Some(_) => {}
        }
    }
    for (key, (definition, _)) in found {
        let is_of_others = match parent_of(key) {
            Some(parent) => !is_relation(recorded, parent),
            // Other people live there too.
            None => key.1.starts_with("public."),
        };
        if !recorded.contains_key(key) && !is_of_others {
            all.push(drift(key, "unexpected", None, Some(definition.clone())));
        }
    }
    all
}

/// The table or view of a column, constraint, index or trigger.
fn parent_of((kind, name): &(String, String)) -> Option<&str> {
    match kind.as_str() {
        "column" | "constraint" | "index" | "trigger" => {
            name.rsplit_once('.').map(|(parent, _)| parent)
        }
        _ => None,
    }
}

fn is_relation(objects: &Objects, name: &str) -> bool {
    ["table", "view"]
        .iter()
        .any(|kind| objects.contains_key(&((*kind).to_string(), name.to_string())))
}
