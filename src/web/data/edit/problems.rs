//! Explains why the database rejected a row, by column. PostgreSQL reports only the first problem; this module
//! finds all of them.

use super::constraint::{Constraint, constraints, violated_checks};
use super::{Field, Key, Table, Values};
use crate::web::data::listing::{sentence, why_unreadable};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use std::collections::BTreeMap;
use tokio_postgres::error::DbError;

/// The message for a missing value.
pub(crate) const REQUIRED: &str = "This field is required.";

#[derive(Debug, Default)]
pub(crate) struct Problems {
    /// By column.
    pub(crate) fields: BTreeMap<String, Vec<String>>,
    /// Problems of the whole row.
    pub(crate) general: Vec<String>,
}

impl Problems {
    pub(crate) fn at(&mut self, column: &str, message: impl Into<String>) {
        let problems = self.fields.entry(column.into()).or_default();
        problems.push(message.into());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.general.is_empty()
    }

    /// Fails if there are problems.
    pub(crate) fn into_result<E: From<Problems>>(self) -> Result<(), E> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.into())
        }
    }
}

/// Finds all problems of `values`, which the database rejected with `error`. `key` is the row to change, `None` a
/// new row.
pub(crate) async fn find_problems(
    client: &Client,
    table: &Table,
    key: Option<&Key>,
    values: &Values,
    error: &tokio_postgres::Error,
) -> WebResult<Problems> {
    let mut problems = Problems::default();
    for field in &table.fields {
        let given = values.iter().find(|(name, _)| *name == field.name);
        match given {
            Some((_, Some(value))) => {
                if let Some(message) = invalid_for_type(client, field, value).await? {
                    problems.at(&field.name, message);
                }
            }
            Some((_, None)) if !field.is_nullable => problems.at(&field.name, REQUIRED),
            None if key.is_none() && field.is_required() && !field.is_read_only => {
                problems.at(&field.name, REQUIRED);
            }
            _ => {}
        }
    }
    let constraints = constraints(client, table).await?;
    let invalid: Vec<String> = problems.fields.keys().cloned().collect();
    for constraint in violated_checks(client, table, key, values, &constraints, &invalid).await {
        add_violation(&mut problems, table, constraint);
    }
    if problems.is_empty()
        && let Some(error) = error.as_db_error()
    {
        add_from_error(&mut problems, table, &constraints, error);
    }
    if problems.is_empty() {
        problems
            .general
            .push("The database rejected this row.".into());
    }
    Ok(problems)
}

fn add_violation(problems: &mut Problems, table: &Table, constraint: &Constraint) {
    let words = constraint.message(table);
    match constraint.field(table) {
        Some(column) => problems.at(column, words),
        None => problems.general.push(words),
    }
}

/// The reason why a value is invalid for the type of its column.
async fn invalid_for_type(
    client: &Client,
    field: &Field,
    value: &str,
) -> WebResult<Option<String>> {
    if let Some(limit) = field.max_length
        && value.chars().count() as i64 > limit
        && field.cast_name != field.type_name
    {
        return Ok(Some(format!("At most {limit} characters.")));
    }
    let sql = format!("select $1::text::{}", field.cast_name);
    let error = match client.query_text(&sql, &[value]).await {
        Ok(_) => return Ok(None),
        Err(error) => error,
    };
    let Some(cause) = error.as_db_error() else {
        return Err(error.into());
    };
    Ok(Some(why_unreadable(cause, &field.type_name)))
}

/// The reason why rows cannot be deleted, for example rows that refer to them.
pub(crate) fn why_not_deleted(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(cause) if cause.code().code() == "23503" => {
            let by = cause.table().unwrap_or("another table");
            format!("It cannot be deleted because rows of {by} refer to it.")
        }
        Some(cause) => sentence(cause.message()),
        None => "The database rejected the change.".into(),
    }
}

fn add_from_error(
    problems: &mut Problems,
    table: &Table,
    constraints: &[Constraint],
    error: &DbError,
) {
    let named = error.constraint().and_then(|name| {
        constraints
            .iter()
            .find(|constraint| constraint.name == name)
    });
    match (named, error.column()) {
        (Some(constraint), _) => add_violation(problems, table, constraint),
        (None, Some(column)) if error.code().code() == "23502" => {
            problems.at(column, REQUIRED);
        }
        (None, Some(column)) if table.field(column).is_some() => {
            problems.at(column, sentence(error.message()));
        }
        _ => {
            let mut message = sentence(error.message());
            if let Some(hint) = error.hint() {
                message.push(' ');
                message.push_str(hint);
            }
            problems.general.push(message);
        }
    }
}
