//! The SQL of a request. Names come from the catalogue and are quoted. Values are parameters, which the server casts
//! to the column's type.

use super::conditions::Where;
use super::filter::{Filter, Operator};
use super::period::Unit;
use super::request::Request;
use super::sort::Sort;
use crate::web::data::catalogue::{Relation, quote};
use crate::web::error::WebError;

/// A table or view, with its settings for lists.
pub(crate) struct Listing<'r> {
    pub(crate) relation: &'r Relation,
    /// Columns to search.
    pub(crate) searched: Vec<String>,
    /// Order if the request names none.
    pub(crate) usual_order: Vec<Sort>,
    /// Column that the request's period applies to.
    pub(crate) date_column: Option<String>,
}

impl<'r> Listing<'r> {
    /// A listing that searches all columns.
    pub(crate) fn new(relation: &'r Relation) -> Listing<'r> {
        let columns = relation.columns.iter();
        Listing {
            relation,
            searched: columns.map(|column| column.name.clone()).collect(),
            usual_order: Vec::new(),
            date_column: None,
        }
    }

    /// Adds the conditions of a request.
    pub(crate) fn restrict(&self, request: &Request, all: &mut Where) {
        self.filters(&request.filters, all);
        for word in request.search.split_whitespace() {
            all.and(&format!("%{}%", escaped(word)), |parameter| {
                let columns: Vec<String> = self
                    .searched
                    .iter()
                    .map(|name| format!("{}::text ilike {parameter}", qualified(name)))
                    .collect();
                if columns.is_empty() {
                    "false".into()
                } else {
                    format!("({})", columns.join(" or "))
                }
            });
        }
        if let (Some(period), Some(column)) = (&request.period, &self.date_column) {
            let name = qualified(column);
            let length = match period.unit {
                Unit::Year => "1 year",
                Unit::Month => "1 month",
                Unit::Day => "1 day",
            };
            all.and(&period.first_day(), |parameter| {
                format!(
                    "({name} >= {parameter}::date and {name} < ({parameter}::date + interval '{length}')::date)"
                )
            });
        }
    }

    fn filters(&self, filters: &[Filter], all: &mut Where) {
        for (index, filter) in filters.iter().enumerate() {
            if !filter.is_alternative() {
                self.filter(filter, all);
                continue;
            }
            let is_like = |each: &&Filter| each.is_alternative() && each.column == filter.column;
            // All alternatives of a column are one condition, at the place of the first.
            if !filters[..index].iter().any(|each| is_like(&each)) {
                let alternatives: Vec<&Filter> = filters.iter().filter(is_like).collect();
                self.alternatives(&filter.column, &alternatives, all);
            }
        }
    }

    /// The column has one of several values, or is null.
    fn alternatives(&self, column: &str, filters: &[&Filter], all: &mut Where) {
        let name = qualified(column);
        let type_name = self.cast_name(column);
        let values = filters
            .iter()
            .filter(|filter| filter.operator == Operator::Is);
        let values: Vec<String> = values
            .map(|filter| format!("{}::{type_name}", all.parameter(&filter.value)))
            .collect();
        let one_of = match values.as_slice() {
            [] => None,
            [value] => Some(format!("{name} = {value}")),
            values => Some(format!("{name} in ({})", values.join(", "))),
        };
        let has_null = filters.len() > values.len();
        all.add(match one_of {
            Some(one_of) if has_null => format!("({one_of} or {name} is null)"),
            Some(one_of) => one_of,
            None => format!("{name} is null"),
        });
    }

    fn cast_name(&self, column: &str) -> &str {
        let column = self.relation.column(column);
        column.map_or("text", |column| column.cast_name.as_str())
    }

    fn filter(&self, filter: &Filter, all: &mut Where) {
        let name = qualified(&filter.column);
        let type_name = self.cast_name(&filter.column);
        match filter.operator {
            Operator::Empty => return all.add(format!("{name} is null")),
            Operator::NotEmpty => return all.add(format!("{name} is not null")),
            Operator::Has => {
                let pattern = format!("%{}%", escaped(&filter.value));
                return all.and(&pattern, |parameter| {
                    format!("{name}::text ilike {parameter}")
                });
            }
            _ => {}
        }
        let operator = filter.operator.sql().unwrap_or("=");
        all.and(&filter.value, |parameter| {
            format!("{name} {operator} {parameter}::{type_name}")
        });
    }

    /// SQL for all rows of a request, and the values of its parameters. `columns` is the select list.
    pub(crate) fn select(&self, request: &Request, columns: &str) -> (String, Vec<String>) {
        let mut conditions = Where::default();
        self.restrict(request, &mut conditions);
        let sql = format!(
            "select {columns} from {} as listed{}",
            self.relation.quoted(),
            conditions.sql()
        );
        (sql, conditions.values)
    }

    /// Like `select`, in order.
    pub(crate) fn select_in_order(
        &self,
        request: &Request,
        columns: &str,
    ) -> (String, Vec<String>) {
        let (sql, values) = self.select(request, columns);
        (format!("{sql}{}", self.order_by(request, false)), values)
    }
}

/// Escapes a text for a pattern of ilike.
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

/// The column itself, not an expression of the select list with the same name.
pub(crate) fn qualified(name: &str) -> String {
    format!("listed.{}", quote(name))
}

/// Converts an error. Values that are invalid for their column's type are errors of the request.
pub(crate) fn value_error(error: tokio_postgres::Error) -> WebError {
    match error.as_db_error() {
        Some(cause) if cause.code().code().starts_with("22") => {
            WebError::Bad(format!("{}.", cause.message()))
        }
        // The type does not have the operator.
        Some(cause) if cause.code().code() == "42883" => {
            WebError::Bad("Values of that column cannot be compared that way.".into())
        }
        _ => error.into(),
    }
}
