//! Compares the schema with what was applied, object by object, against a scratch database that is built from
//! the ledgers and `elt.view_version`. If the role may not create a database, only views and functions are
//! compared, against temporary copies. Data and grants are not compared.

use super::objects::{Objects, ignore_print_differences, objects, temporary_copies};
use super::recorded::{build, recorded};
use crate::database::{Database, Scratch};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, explain};
use crate::project::Project;
use crate::signals;
use anyhow::Result;
use postgres::Client;
use serde::Serialize;

/// An object that differs from what was applied.
#[derive(Serialize)]
pub(crate) struct Drift {
    /// `table`, `column`, `view`, and others.
    pub(crate) kind: String,
    pub(crate) name: String,
    /// `missing`, `changed`, or `unexpected`.
    pub(crate) what: &'static str,
    /// The applied definition.
    pub(crate) recorded: Option<String>,
    /// The definition in the database.
    pub(crate) found: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Verified {
    /// The number of applied objects.
    pub(crate) objects: usize,
    pub(crate) drift: Vec<Drift>,
    /// Objects that could not be compared, and why.
    pub(crate) caveat: Option<String>,
}

const ONLY_VIEWS: &str = "only views and functions were compared";

pub(crate) fn verify(
    database: &Database,
    client: &mut Client,
    project: &Project,
) -> Result<Verified> {
    if crate::schema::is_missing(client)? {
        return Err(Failure::new(
            Exit::Schema,
            "nothing to verify: this database has no elt schema yet",
        )
        .hint("Create the schema with " + elt!("migrate") + ".")
        .into());
    }
    let applied = recorded(client, project)?;
    let mut found = objects(client, project)?;
    let (recorded, caveat) = match build_recorded(database, &applied, project, &mut found)? {
        Ok(objects) => (objects, None),
        Err(why) => {
            let (copies, left_out) = temporary_copies(client, &applied.sql, &mut found)?;
            found.retain(|key, _| is_code(&copies, key));
            ignore_print_differences(client, project, &copies, &mut found, |kind| kind == "view")?;
            (copies, Some(format!("{ONLY_VIEWS}: {why}{left_out}")))
        }
    };
    Ok(Verified {
        objects: recorded.len(),
        drift: differences(&recorded, &found),
        caveat,
    })
}

/// The recorded schema, built in a scratch database, or why it cannot be built.
fn build_recorded(
    database: &Database,
    applied: &Project,
    project: &Project,
    found: &mut Objects,
) -> Result<std::result::Result<Objects, String>> {
    let Some(scratch) = Scratch::make(database)? else {
        let why = "the role may not create a scratch database to build the tables in";
        return Ok(Err(why.into()));
    };
    let mut copy = scratch.connect()?;
    match build(&mut copy, applied) {
        Ok(()) => {
            let recorded = objects(&mut copy, project)?;
            ignore_print_differences(&mut copy, project, &recorded, found, |_| true)?;
            Ok(Ok(recorded))
        }
        Err(error) => {
            signals::check()?;
            let why = explain::why(&error);
            Ok(Err(format!(
                "could not build the recorded schema in a scratch database: {why}"
            )))
        }
    }
}

/// Whether files of `sql/` create the object: a view with its columns, or a function. Migrations create some
/// functions too.
fn is_code(copies: &Objects, key: &(String, String)) -> bool {
    match key.0.as_str() {
        "view" => true,
        "function" => copies.contains_key(key),
        "column" => parent_of(key).is_some_and(|parent| is_relation(copies, parent)),
        _ => false,
    }
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
            // If the table is missing or unexpected, its parts are not reported.
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
                let comment_text = |comment: &Option<String>| {
                    Some(format!("comment: {}", comment.as_deref().unwrap_or("none")))
                };
                all.push(drift(
                    key,
                    "changed",
                    comment_text(comment),
                    comment_text(is),
                ));
            }
            Some(_) => {}
        }
    }
    for (key, (definition, _)) in found {
        let is_of_others = match parent_of(key) {
            Some(parent) => !is_relation(recorded, parent),
            // Schema public also has objects of other owners.
            None => key.1.starts_with("public."),
        };
        if !recorded.contains_key(key) && !is_of_others {
            all.push(drift(key, "unexpected", None, Some(definition.clone())));
        }
    }
    all
}

/// The table or view that a part belongs to.
fn parent_of((kind, name): &(String, String)) -> Option<&str> {
    match kind.as_str() {
        "column" | "constraint" | "index" | "trigger" | "rule" | "policy" => {
            name.rsplit_once('.').map(|(parent, _)| parent)
        }
        "options" => Some(name),
        _ => None,
    }
}

fn is_relation(objects: &Objects, name: &str) -> bool {
    ["table", "view"]
        .iter()
        .any(|kind| objects.contains_key(&((*kind).to_string(), name.to_string())))
}
