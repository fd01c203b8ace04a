//! The SQL of a request. Names are the catalogue's, quoted; values are parameters, cast to the column's
//! type by the server.

use super::request::{Filter, Operator, Request};
use crate::web::catalogue::{Relation, quote};
use crate::web::error::{WebError, WebResult};
use deadpool_postgres::Client;
use tokio_postgres::types::ToSql;

/// Rows of a page.
pub(crate) const PAGE_ROWS: u64 = 50;
/// Further than this nobody counts.
pub(crate) const COUNTED: i64 = 100_000;

/// A page of rows, as text; None is null.
pub(crate) struct Listed {
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// Of each row, where rows say it: file and line.
    pub(crate) origins: Vec<Option<String>>,
    pub(crate) has_more: bool,
}

/// Conditions, and the values that they are about.
struct Where {
    sql: String,
    values: Vec<String>,
}

impl Where {
    fn of(request: &Request, relation: &Relation) -> Where {
        let mut values = Vec::new();
        let mut conditions = Vec::new();
        for filter in &request.filters {
            conditions.push(condition(filter, relation, &mut values));
        }
        for word in request.search.split_whitespace() {
            values.push(format!("%{}%", escaped(word)));
            let number = values.len();
            let columns: Vec<String> = relation
                .columns
                .iter()
                .map(|column| format!("{}::text ilike ${number}", qualified(&column.name)))
                .collect();
            conditions.push(format!("({})", columns.join(" or ")));
        }
        let sql = match conditions.is_empty() {
            true => String::new(),
            false => format!(" where {}", conditions.join(" and ")),
        };
        Where { sql, values }
    }

    fn params(&self) -> Vec<&(dyn ToSql + Sync)> {
        let values = self.values.iter();
        values.map(|value| value as &(dyn ToSql + Sync)).collect()
    }
}

fn condition(filter: &Filter, relation: &Relation, values: &mut Vec<String>) -> String {
    let name = qualified(&filter.column);
    let type_name = relation
        .column(&filter.column)
        .map_or("text", |column| column.type_name.as_str());
    let operator = match filter.operator {
        Operator::Empty => return format!("{name} is null"),
        Operator::NotEmpty => return format!("{name} is not null"),
        Operator::Has => {
            values.push(format!("%{}%", escaped(&filter.value)));
            return format!("{name}::text ilike ${}", values.len());
        }
        Operator::Is => "=",
        Operator::IsNot => "is distinct from",
        Operator::AtLeast => ">=",
        Operator::AtMost => "<=",
    };
    values.push(filter.value.clone());
    format!("{name} {operator} ${}::text::{type_name}", values.len())
}

/// For ilike: the pattern's own letters mean themselves.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if matches!(letter, '\\' | '%' | '_') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The column, and not what is selected of it under the same name.
pub(crate) fn qualified(name: &str) -> String {
    format!("listed.{}", quote(name))
}

/// With what makes it the same each time: the key, or all columns that have an order.
fn order_by(request: &Request, relation: &Relation) -> String {
    let mut order: Vec<String> = Vec::new();
    if let Some((column, is_descending)) = &request.sort {
        let direction = if *is_descending {
            " desc nulls last"
        } else {
            ""
        };
        order.push(format!("{}{direction}", qualified(column)));
    }
    let is_view_as_it_is = order.is_empty() && relation.key_columns.is_empty();
    if is_view_as_it_is {
        // A view has an order of its own, or none that anybody cares about.
        return String::new();
    }
    if relation.key_columns.is_empty() {
        let sortable = relation.columns.iter().filter(|column| column.is_sortable);
        order.extend(sortable.map(|column| qualified(&column.name)));
    } else {
        order.extend(relation.key_columns.iter().map(|name| qualified(name)));
    }
    format!(" order by {}", order.join(", "))
}

/// All rows of a request in its order, and the values of its parameters. `columns`: what is selected.
pub(crate) fn stream_sql(
    request: &Request,
    relation: &Relation,
    columns: &str,
) -> (String, Vec<String>) {
    let conditions = Where::of(request, relation);
    let sql = format!(
        "select {columns} from {} as listed{}{}",
        relation.quoted(),
        conditions.sql,
        order_by(request, relation)
    );
    (sql, conditions.values)
}

pub(crate) async fn page(
    client: &Client,
    request: &Request,
    relation: &Relation,
) -> WebResult<Listed> {
    let mut columns: Vec<String> = relation
        .columns
        .iter()
        .map(|column| format!("left({}::text, 1000)", qualified(&column.name)))
        .collect();
    columns.push(match relation.says_origin() {
        true => "elt.origin(listed._load_id, listed._row)".into(),
        false => "null::text".into(),
    });
    let (sql, values) = stream_sql(request, relation, &columns.join(", "));
    let sql = format!(
        "{sql} limit {} offset {}",
        PAGE_ROWS + 1,
        (request.page - 1) * PAGE_ROWS
    );
    let params: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
    let found = client.query(&sql, &params).await.map_err(of_values)?;
    let has_more = found.len() as u64 > PAGE_ROWS;
    let (mut rows, mut origins) = (Vec::new(), Vec::new());
    for row in found.iter().take(PAGE_ROWS as usize) {
        let width = row.len() - 1;
        rows.push((0..width).map(|index| row.get(index)).collect());
        origins.push(row.get(width));
    }
    Ok(Listed {
        rows,
        origins,
        has_more,
    })
}

/// How many rows there are, at most one more than anybody counts.
pub(crate) async fn count(
    client: &Client,
    request: &Request,
    relation: &Relation,
) -> WebResult<i64> {
    let conditions = Where::of(request, relation);
    let sql = format!(
        "select count(*) from (select 1 from {} as listed{} limit {}) as counted",
        relation.quoted(),
        conditions.sql,
        COUNTED + 1
    );
    let row = client.query_one(&sql, &conditions.params()).await;
    Ok(row.map_err(of_values)?.get(0))
}

/// A value that its column's type does not read is the asker's.
pub(crate) fn of_values(error: tokio_postgres::Error) -> WebError {
    match error.as_db_error() {
        Some(said) if said.code().code().starts_with("22") => {
            WebError::Bad(format!("{}.", said.message()))
        }
        // An operator that the type does not have.
        Some(said) if said.code().code() == "42883" => {
            WebError::Bad("Values of that column cannot be compared that way.".into())
        }
        _ => error.into(),
    }
}
