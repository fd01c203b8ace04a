//! The constraints of a table, and those that a row violates.

use super::{Key, Table, Values};
use crate::web::data::catalogue::quote;
use crate::web::data::listing::Where;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

pub(super) struct Constraint {
    pub(super) name: String,
    kind: String,
    expression: Option<String>,
    columns: Vec<String>,
    description: Option<String>,
}

impl Constraint {
    pub(super) fn message(&self, table: &Table) -> String {
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
    pub(super) fn field(&self, table: &Table) -> Option<&str> {
        let columns = self.columns.iter().rev();
        let mut writable =
            columns.filter(|name| table.field(name).is_some_and(|field| !field.is_read_only));
        writable.next().map(String::as_str)
    }
}

pub(super) async fn constraints(client: &Client, table: &Table) -> WebResult<Vec<Constraint>> {
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

/// The check constraints that the row violates. Constraints with an `invalid` column are not checked.
pub(super) async fn violated_checks<'c>(
    client: &Client,
    table: &Table,
    key: Option<&Key>,
    values: &Values,
    constraints: &'c [Constraint],
    invalid: &[String],
) -> Vec<&'c Constraint> {
    let checks: Vec<(&Constraint, &String)> = constraints
        .iter()
        .filter(|constraint| {
            let mut columns = constraint.columns.iter();
            !columns.any(|name| invalid.contains(name))
        })
        .filter_map(|constraint| Some((constraint, constraint.expression.as_ref()?)))
        .collect();
    if checks.is_empty() {
        return Vec::new();
    }
    let holds: Vec<String> = checks
        .iter()
        .map(|(_, expression)| format!("coalesce(({expression}), true)"))
        .collect();
    let (row, given) = proposed_row(table, key, values, invalid);
    let sql = format!("select {} from ({row}) as proposed", holds.join(", "));
    // If a check cannot be computed this way, the database's error reports the violation.
    let Ok(rows) = client.query_text(&sql, &given).await else {
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

/// SQL for the row as it would be after the write, and the values of its parameters.
fn proposed_row(
    table: &Table,
    key: Option<&Key>,
    values: &Values,
    invalid: &[String],
) -> (String, Vec<Option<String>>) {
    let mut wanted = Where::default();
    if let Some(key) = key {
        key.restrict(&table.relation, &mut wanted);
    }
    let source = match key {
        Some(_) => format!(
            " from {} as listed{}",
            table.relation.quoted(),
            wanted.sql()
        ),
        None => String::new(),
    };
    let mut given: Vec<Option<String>> = wanted.values.into_iter().map(Some).collect();
    let mut columns = Vec::new();
    for field in &table.fields {
        let value = values.iter().find(|(name, _)| *name == field.name);
        let is_valid = !invalid.contains(&field.name);
        let sql = match (value, key) {
            (Some((_, value)), _) if is_valid => {
                given.push(value.clone());
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
    (format!("select {}{source}", columns.join(", ")), given)
}
