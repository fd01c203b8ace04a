//! Compares the schema with what was applied, object by object, against a scratch database that is built from
//! the ledgers and `elt.view_version`. If the role may not create a database, only views and functions are
//! compared, against temporary copies. Data and grants are not compared.

use super::rehearsal::{build, recorded};
use crate::database::Database;
use crate::database::Scratch;
use crate::failure::explain;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::project::{Layer, Project, SqlFile};
use crate::schema::sql_text::moved;
use crate::signals;
use anyhow::{Context, Result};
use postgres::{Client, Transaction};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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

/// Kind and name of an object, and its definition and comment.
type Objects = BTreeMap<(String, String), (String, Option<String>)>;

const VIEW: &str = "elt.schema_object";

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
    let (recorded, caveat) = match built(database, &applied, project, &mut found)? {
        Ok(objects) => (objects, None),
        Err(why) => {
            let (copies, left_out) = copies(client, &applied.sql, &mut found)?;
            found.retain(|key, _| is_code(&copies, key));
            settle(client, project, &copies, &mut found, |kind| kind == "view")?;
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
fn built(
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
            settle(&mut copy, project, &recorded, found, |_| true)?;
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

/// How PostgreSQL represents the applied texts: each is created as a temporary object and rolled back. Objects
/// that read relations which the role may not read cannot be created; they are omitted and reported.
fn copies(
    client: &mut Client,
    files: &[SqlFile],
    found: &mut Objects,
) -> Result<(Objects, String)> {
    let mut objects = Objects::new();
    let mut left_out = Vec::new();
    let mut transaction = client.transaction()?;
    transaction.batch_execute("set local search_path = ''; set local lock_timeout = '2s'")?;
    for file in files.iter().filter(|file| file.layer != Layer::Export) {
        let (schema, own) = file.name.split_once('.').unwrap_or_default();
        let mut savepoint = transaction.transaction()?;
        if let Err(error) =
            savepoint.batch_execute(&moved(&file.text, &BTreeSet::from([file.name.as_str()])))
        {
            savepoint.rollback()?;
            let kind = if file.is_function() {
                "function"
            } else {
                "view"
            };
            let is_it = |key: &(String, String)| {
                key.0 == kind && key.1.split('(').next() == Some(file.name.as_str())
            };
            if found.keys().any(is_it) {
                found.retain(|key, _| !is_it(key));
                left_out.push(format!(
                    "{}: {}",
                    file.name,
                    explain::one_line(&error.into())
                ));
            } else {
                objects.insert((kind.into(), file.name.clone()), (String::new(), None));
            }
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
    let left_out = match left_out.first() {
        None => String::new(),
        Some(first) => format!(
            "; {} of them could not be built and were omitted, the first is {first}",
            left_out.len()
        ),
    };
    Ok((objects, left_out))
}

fn objects(client: &mut Client, project: &Project) -> Result<Objects> {
    let mut transaction = client.transaction()?;
    make_view(&mut transaction, project)?;
    let sql = "select kind, name, definition, description from pg_temp.schema_object";
    let objects = transaction
        .query(sql, &[])?
        .iter()
        .map(|row| ((row.get(0), row.get(1)), (row.get(2), row.get(3))))
        .collect();
    transaction.rollback()?;
    Ok(objects)
}

/// The view comes from the program, whatever version the database has.
fn make_view(transaction: &mut Transaction<'_>, project: &Project) -> Result<()> {
    let mut files = project.sql.iter();
    let file = files
        .find(|file| file.name == VIEW)
        .with_context(|| format!("there is no file of \"{VIEW}\""))?;
    transaction.batch_execute("set local search_path = ''")?;
    transaction.batch_execute(&moved(&file.text, &BTreeSet::from([VIEW])))?;
    Ok(())
}

/// PostgreSQL may print brackets and casts differently after it has parsed its own output, as in a restored
/// database. So both definitions are parsed and printed again in the scratch database; if they are equal then,
/// they were equal before.
fn settle(
    copy: &mut Client,
    project: &Project,
    recorded: &Objects,
    found: &mut Objects,
    is_to_try: impl Fn(&str) -> bool,
) -> Result<()> {
    let mut transaction = copy.transaction()?;
    make_view(&mut transaction, project)?;
    for (key, (is, _)) in found.iter_mut().filter(|(key, _)| is_to_try(&key.0)) {
        let Some((was, _)) = recorded.get(key).filter(|(was, _)| was != is) else {
            continue;
        };
        let again = written_again(&mut transaction, key, was)?;
        if again.is_some() && again == written_again(&mut transaction, key, is)? {
            is.clone_from(was);
        }
    }
    transaction.rollback()?;
    Ok(())
}

/// `None` if the object cannot be created from this definition; then the difference is real.
fn written_again(
    transaction: &mut Transaction<'_>,
    (kind, name): &(String, String),
    definition: &str,
) -> Result<Option<String>> {
    let (parent, _) = name.rsplit_once('.').unwrap_or_default();
    let again = format!("{parent}.again");
    let (sql, made) = match kind.as_str() {
        "view" => (format!("create view pg_temp.again as {definition}"), name),
        "column" => (
            format!("alter table {parent} add column again {definition}"),
            &again,
        ),
        "constraint" => (
            format!("alter table {parent} add constraint again {definition}"),
            &again,
        ),
        "index" => {
            let (schema, _) = name.split_once('.').unwrap_or_default();
            let own = &name[parent.len() + 1..];
            (format!("drop index {schema}.{own}; {definition}"), name)
        }
        "trigger" => (or_replace(definition, "TRIGGER"), name),
        "rule" => (or_replace(definition, "RULE"), name),
        "policy" => (
            format!("create policy again on {parent} {definition}"),
            &again,
        ),
        "function" => (definition.to_string(), name),
        _ => return Ok(None),
    };
    let mut savepoint = transaction.transaction()?;
    let written = match savepoint.batch_execute(&sql) {
        Err(_) => None,
        Ok(()) if kind == "view" => {
            let sql = "select pg_get_viewdef('pg_temp.again'::regclass)";
            Some(savepoint.query_one(sql, &[])?.get(0))
        }
        Ok(()) => {
            let sql = "select definition from pg_temp.schema_object where kind = $1 and name = $2";
            Some(savepoint.query_one(sql, &[kind, made])?.get(0))
        }
    };
    savepoint.rollback()?;
    Ok(written)
}

fn or_replace(definition: &str, what: &str) -> String {
    let (plain, replacing) = (
        format!("CREATE {what}"),
        format!("create or replace {what}"),
    );
    definition.replacen(&plain, &replacing, 1)
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
