//! Whether the schema still is what was applied: object by object against a scratch database that is
//! built of what the ledgers and `elt.view_version` say, or, where the role may create none, of views and
//! functions alone against temporary copies of them. Data and grants are not compared.

use super::rehearsal::{build, recorded};
use super::script::moved;
use crate::db::Database;
use crate::db::explain;
use crate::db::scratch::Scratch;
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::project::{Layer, Project, SqlFile};
use crate::terminal;
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
    /// What could not be compared, and why.
    pub(crate) caveat: Option<String>,
}

/// Kind and name of an object, and its definition and comment.
type Objects = BTreeMap<(String, String), (String, Option<String>)>;

const VIEW: &str = "elt.schema_object";

const ONLY_VIEWS: &str = "only views and functions were compared";

pub(crate) fn verify(
    database: &Database,
    client: &mut Client,
    project: &Project,
) -> Result<Verified> {
    if super::is_missing(client)? {
        return Err(Failure::new(
            Exit::Schema,
            "there is nothing to verify: the database has no schema of elt yet",
        )
        .hint("Make it with elt migrate.")
        .into());
    }
    let applied = recorded(client, project)?;
    let mut found = objects(client, project)?;
    let (recorded, caveat) = match built(database, &applied, project)? {
        Ok(objects) => (objects, None),
        Err(why) => {
            let copies = copies(client, &applied.sql)?;
            found.retain(|key, _| is_code(&copies, key));
            (copies, Some(format!("{ONLY_VIEWS}: {why}")))
        }
    };
    Ok(Verified {
        objects: recorded.len(),
        drift: differences(&recorded, &found),
        caveat,
    })
}

/// All that is recorded, built once more; or why it cannot be.
fn built(
    database: &Database,
    applied: &Project,
    project: &Project,
) -> Result<std::result::Result<Objects, String>> {
    let Some(scratch) = Scratch::make(database)? else {
        let why =
            "the role may not create a database, in which the tables would be built once more";
        return Ok(Err(why.into()));
    };
    let mut copy = scratch.connect()?;
    match build(&mut copy, applied) {
        Ok(()) => Ok(Ok(objects(&mut copy, project)?)),
        Err(error) => {
            interrupt::check()?;
            let why = explain::why(&error);
            Ok(Err(format!(
                "what is recorded could not be built once more: {why}"
            )))
        }
    }
}

/// What files of `sql/` make: views with their columns, and functions, of which migrations make some too.
fn is_code(copies: &Objects, key: &(String, String)) -> bool {
    match key.0.as_str() {
        "view" => true,
        "function" => copies.contains_key(key),
        "column" => parent_of(key).is_some_and(|parent| is_relation(copies, parent)),
        _ => false,
    }
}

/// What PostgreSQL makes of the applied texts: each is made once more as a temporary object, and taken back.
fn copies(client: &mut Client, files: &[SqlFile]) -> Result<Objects> {
    let mut objects = Objects::new();
    let mut transaction = client.transaction()?;
    transaction.batch_execute("set local search_path = ''; set local lock_timeout = '2s'")?;
    for file in files.iter().filter(|file| file.layer != Layer::Export) {
        let (schema, own) = file.name.split_once('.').unwrap_or_default();
        let mut savepoint = transaction.transaction()?;
        // One that cannot be made reads what is gone, which is named by itself.
        if let Err(error) =
            savepoint.batch_execute(&moved(&file.text, &BTreeSet::from([file.name.as_str()])))
        {
            terminal::warn(&format!(
                "could not compare {}: {}",
                file.name,
                explain::one_line(&error.into())
            ));
            let kind = if file.is_function() {
                "function"
            } else {
                "view"
            };
            objects.insert((kind.into(), file.name.clone()), (String::new(), None));
            savepoint.rollback()?;
            continue;
        }
        for row in savepoint.query(include_str!("temporary_object.sql"), &[&own, &schema])? {
            let (kind, part): (String, String) = (row.get("kind"), row.get("part"));
            let key = (kind, format!("{}{part}", file.name));
            objects.insert(key, (row.get("definition"), row.get("description")));
        }
        savepoint.rollback()?;
    }
    transaction.rollback()?;
    Ok(objects)
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
