//! The objects of a schema with their definitions, as PostgreSQL prints them.

use crate::failure::explain;
use crate::project::{Layer, Project, SqlFile};
use crate::schema::sql_text::move_to_temporary;
use anyhow::{Context, Result};
use postgres::{Client, Transaction};
use std::collections::{BTreeMap, BTreeSet};

/// Kind and name of an object, and its definition and comment.
pub(super) type Objects = BTreeMap<(String, String), (String, Option<String>)>;

const VIEW: &str = "elt.schema_object";

/// How PostgreSQL represents the applied texts: each is created as a temporary object and rolled back. Objects
/// that read relations which the role may not read cannot be created; they are omitted and reported.
pub(super) fn temporary_copies(
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
        if let Err(error) = savepoint.batch_execute(&move_to_temporary(
            &file.text,
            &BTreeSet::from([file.name.as_str()]),
        )) {
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

pub(super) fn objects(client: &mut Client, project: &Project) -> Result<Objects> {
    let mut transaction = client.transaction()?;
    create_object_view(&mut transaction, project)?;
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
fn create_object_view(transaction: &mut Transaction<'_>, project: &Project) -> Result<()> {
    let mut files = project.sql.iter();
    let file = files
        .find(|file| file.name == VIEW)
        .with_context(|| format!("there is no file of \"{VIEW}\""))?;
    transaction.batch_execute("set local search_path = ''")?;
    transaction.batch_execute(&move_to_temporary(&file.text, &BTreeSet::from([VIEW])))?;
    Ok(())
}

/// PostgreSQL may print parentheses and casts differently after it has parsed its own output, as in a restored
/// database. So both definitions are parsed and printed again in the scratch database; if they are equal then,
/// they were equal before.
pub(super) fn ignore_print_differences(
    copy: &mut Client,
    project: &Project,
    recorded: &Objects,
    found: &mut Objects,
    is_to_try: impl Fn(&str) -> bool,
) -> Result<()> {
    let mut transaction = copy.transaction()?;
    create_object_view(&mut transaction, project)?;
    for (key, (is, _)) in found.iter_mut().filter(|(key, _)| is_to_try(&key.0)) {
        let Some((was, _)) = recorded.get(key).filter(|(was, _)| was != is) else {
            continue;
        };
        let again = print_again(&mut transaction, key, was)?;
        if again.is_some() && again == print_again(&mut transaction, key, is)? {
            is.clone_from(was);
        }
    }
    transaction.rollback()?;
    Ok(())
}

/// `None` if the object cannot be created from this definition; then the difference is real.
fn print_again(
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
