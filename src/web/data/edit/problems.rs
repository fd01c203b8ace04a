//! Explains why the database rejected a row, by column. PostgreSQL reports only the first problem; this module
//! finds all of them.

use super::{Field, Key, Table, Values};
use crate::web::data::catalogue::quote;
use crate::web::data::listing::{Where, sentence, why_unreadable};
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
    pub(crate) fn at(&mut self, column: &str, said: impl Into<String>) {
        let problems = self.fields.entry(column.into()).or_default();
        problems.push(said.into());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.general.is_empty()
    }
}

struct Constraint {
    name: String,
    kind: String,
    expression: Option<String>,
    columns: Vec<String>,
    description: Option<String>,
}

impl Constraint {
    fn words(&self, table: &Table) -> String {
        if let Some(description) = &self.description {
            return description.clone();
        }
        match (self.kind.as_str(), &self.expression) {
            ("unique", _) => "A row with this value already exists.".into(),
            ("reference", _) => {
                let field = self.columns.last().and_then(|name| table.field(name));
                match field.and_then(|field| field.refers_to.as_ref()) {
                    Some((referenced, _)) => format!("There is no such row in {referenced}."),
                    None => "There is no such row.".into(),
                }
            }
            (_, Some(expression)) => format!("This must be true: {expression}"),
            _ => format!("Constraint {} is violated.", self.name),
        }
    }

    /// The field that shows the violation: the last writable column of the constraint.
    fn place(&self, table: &Table) -> Option<&str> {
        let columns = self.columns.iter().rev();
        let mut writable =
            columns.filter(|name| table.field(name).is_some_and(|field| !field.is_read_only));
        writable.next().map(String::as_str)
    }
}

/// Finds all problems of `values`, which the database rejected with `error`. `key` is the row to change, `None` a
/// new row.
pub(crate) async fn find(
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
                if let Some(said) = unreadable(client, field, value).await? {
                    problems.at(&field.name, said);
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
    for constraint in broken(client, table, key, values, &constraints, &problems).await {
        tell(&mut problems, table, constraint);
    }
    if problems.is_empty()
        && let Some(error) = error.as_db_error()
    {
        of_error(&mut problems, table, &constraints, error);
    }
    if problems.is_empty() {
        problems
            .general
            .push("The database rejected this row.".into());
    }
    Ok(problems)
}

fn tell(problems: &mut Problems, table: &Table, constraint: &Constraint) {
    let words = constraint.words(table);
    match constraint.place(table) {
        Some(column) => problems.at(column, words),
        None => problems.general.push(words),
    }
}

/// The reason why a value is invalid for the type of its column.
async fn unreadable(client: &Client, field: &Field, value: &str) -> WebResult<Option<String>> {
    if let Some(most) = field.max_length
        && value.chars().count() as i64 > most
        && field.cast_name != field.type_name
    {
        return Ok(Some(format!("At most {most} characters.")));
    }
    let sql = format!("select $1::text::{}", field.cast_name);
    let error = match client.ask(&sql, &[value]).await {
        Ok(_) => return Ok(None),
        Err(error) => error,
    };
    let Some(said) = error.as_db_error() else {
        return Err(error.into());
    };
    Ok(Some(why_unreadable(said, &field.type_name)))
}

async fn constraints(client: &Client, table: &Table) -> WebResult<Vec<Constraint>> {
    let sql = "select constraint_name, kind, expression, column_names, description \
               from elt.admin_constraint where table_name = $1 order by constraint_name";
    let rows = client.query(sql, &[&table.relation.name]).await?;
    let constraints = rows.iter().map(|row| Constraint {
        name: row.get(0),
        kind: row.get(1),
        expression: row.get(2),
        columns: row.get(3),
        description: row.get(4),
    });
    Ok(constraints.collect())
}

/// The check constraints that the row violates, among those whose columns have valid values.
async fn broken<'c>(
    client: &Client,
    table: &Table,
    key: Option<&Key>,
    values: &Values,
    constraints: &'c [Constraint],
    problems: &Problems,
) -> Vec<&'c Constraint> {
    let checks: Vec<(&Constraint, &String)> = constraints
        .iter()
        .filter(|constraint| {
            let mut columns = constraint.columns.iter();
            !columns.any(|name| problems.fields.contains_key(name))
        })
        .filter_map(|constraint| Some((constraint, constraint.expression.as_ref()?)))
        .collect();
    if checks.is_empty() {
        return Vec::new();
    }
    let mut wanted = Where::default();
    if let Some(key) = key {
        key.restrict(&table.relation, &mut wanted);
    }
    let mut given: Vec<Option<&str>> = wanted
        .values
        .iter()
        .map(|value| Some(value.as_str()))
        .collect();
    let mut columns = Vec::new();
    for field in &table.fields {
        let value = values.iter().find(|(name, _)| *name == field.name);
        let is_readable = !problems.fields.contains_key(&field.name);
        let sql = match (value, key) {
            (Some((_, value)), _) if is_readable => {
                given.push(value.as_deref());
                format!("${}::text::{}", given.len(), field.cast_name)
            }
            (None, Some(_)) => format!("listed.{}", quote(&field.name)),
            (None, None) if field.default_sql.is_some() && !field.is_key => {
                format!("({})", field.default_sql.as_deref().unwrap_or_default())
            }
            _ => format!("null::{}", field.type_name),
        };
        columns.push(format!("{sql} as {}", quote(&field.name)));
    }
    let source = match key {
        Some(_) => format!(
            " from {} as listed{}",
            table.relation.quoted(),
            wanted.sql()
        ),
        None => String::new(),
    };
    let holds: Vec<String> = checks
        .iter()
        .map(|(_, expression)| format!("coalesce(({expression}), true)"))
        .collect();
    let sql = format!(
        "select {} from (select {}{source}) as proposed",
        holds.join(", "),
        columns.join(", ")
    );
    // If a check cannot be computed this way, the database's error reports the violation.
    let Ok(rows) = client.ask(&sql, &given).await else {
        return Vec::new();
    };
    let Some(row) = rows.first() else {
        return Vec::new();
    };
    let numbered = checks.iter().enumerate();
    numbered
        .filter(|(index, _)| !row.get::<_, bool>(*index))
        .map(|(_, (constraint, _))| *constraint)
        .collect()
}

/// The reason why rows cannot be deleted, for example rows that refer to them.
pub(crate) fn why_not_deleted(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(said) if said.code().code() == "23503" => {
            let by = said.table().unwrap_or("another table");
            format!("It cannot be deleted because rows of {by} refer to it.")
        }
        Some(said) => sentence(said.message()),
        None => "The database rejected the change.".into(),
    }
}

fn of_error(problems: &mut Problems, table: &Table, constraints: &[Constraint], error: &DbError) {
    let named = error.constraint().and_then(|name| {
        constraints
            .iter()
            .find(|constraint| constraint.name == name)
    });
    match (named, error.column()) {
        (Some(constraint), _) => tell(problems, table, constraint),
        (None, Some(column)) if error.code().code() == "23502" => {
            problems.at(column, REQUIRED);
        }
        (None, Some(column)) if table.field(column).is_some() => {
            problems.at(column, sentence(error.message()));
        }
        _ => {
            let mut said = sentence(error.message());
            if let Some(hint) = error.hint() {
                said.push(' ');
                said.push_str(hint);
            }
            problems.general.push(said);
        }
    }
}
