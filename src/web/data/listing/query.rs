//! The SQL of a request. Names are the catalogue's, quoted; values are parameters, cast to the column's
//! type by the server.

use super::period::Unit;
use super::request::{Filter, Operator, Request};
use crate::web::data::catalogue::{Relation, quote};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};

/// Rows of a page.
pub(crate) const PAGE_ROWS: u64 = 50;
/// Of all values of a page, in characters.
const PAGE_LETTERS: usize = 1 << 20;
/// Rows are counted up to this number.
pub(crate) const COUNTED: i64 = 100_000;

/// What is listed.
pub(crate) struct Listing<'r> {
    pub(crate) relation: &'r Relation,
    /// Columns that a search looks into.
    pub(crate) searched: Vec<String>,
    /// Order where the request says none: column, and whether from high to low.
    pub(crate) usual_order: Option<(String, bool)>,
    /// Column of the request's period.
    pub(crate) date_column: Option<String>,
}

/// A page of rows, as text; None is null.
#[derive(Default)]
pub(crate) struct Listed {
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// Of each row, where rows say it: file and line.
    pub(crate) origins: Vec<Option<String>>,
    pub(crate) has_more: bool,
}

/// Conditions, and the values that they are about.
#[derive(Default)]
pub(crate) struct Where {
    conditions: Vec<String>,
    pub(crate) values: Vec<String>,
}

impl Where {
    /// `condition` gets the parameter's name.
    pub(crate) fn and(&mut self, value: &str, condition: impl FnOnce(&str) -> String) {
        self.values.push(value.into());
        let parameter = format!("${}::text", self.values.len());
        self.conditions.push(condition(&parameter));
    }

    /// The conditions of any of them.
    pub(crate) fn either<T>(&mut self, of: &[T], restrict: impl Fn(&T, &mut Where)) {
        let others = std::mem::take(&mut self.conditions);
        let mut any = Vec::new();
        for each in of {
            restrict(each, self);
            any.push(std::mem::take(&mut self.conditions).join(" and "));
        }
        self.conditions = others;
        self.conditions.push(format!("({})", any.join(" or ")));
    }

    /// ` where ...`, or nothing.
    pub(crate) fn sql(&self) -> String {
        match self.conditions.is_empty() {
            true => String::new(),
            false => format!(" where {}", self.conditions.join(" and ")),
        }
    }
}

impl<'r> Listing<'r> {
    /// All of it, searched in every column.
    pub(crate) fn of(relation: &'r Relation) -> Listing<'r> {
        let columns = relation.columns.iter();
        Listing {
            relation,
            searched: columns.map(|column| column.name.clone()).collect(),
            usual_order: None,
            date_column: None,
        }
    }

    /// Adds the conditions of a request.
    pub(crate) fn restrict(&self, request: &Request, all: &mut Where) {
        for filter in &request.filters {
            self.filter(filter, all);
        }
        for word in request.search.split_whitespace() {
            all.and(&format!("%{}%", escaped(word)), |parameter| {
                let columns: Vec<String> = self
                    .searched
                    .iter()
                    .map(|name| format!("{}::text ilike {parameter}", qualified(name)))
                    .collect();
                match columns.is_empty() {
                    true => "false".into(),
                    false => format!("({})", columns.join(" or ")),
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

    fn filter(&self, filter: &Filter, all: &mut Where) {
        let name = qualified(&filter.column);
        let type_name = self
            .relation
            .column(&filter.column)
            .map_or("text", |column| column.cast_name.as_str());
        match filter.operator {
            Operator::Empty => return all.conditions.push(format!("{name} is null")),
            Operator::NotEmpty => return all.conditions.push(format!("{name} is not null")),
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

    /// With what makes it the same each time: the key, or all columns that have an order.
    fn order_by(&self, request: &Request) -> String {
        let relation = self.relation;
        let mut order: Vec<String> = Vec::new();
        if let Some((column, is_descending)) = request.sort.as_ref().or(self.usual_order.as_ref()) {
            let is_nullable = relation
                .column(column)
                .is_none_or(|column| column.is_nullable);
            // An index has nulls first; it is of use where there are none.
            let direction = match (is_descending, is_nullable) {
                (true, true) => " desc nulls last",
                (true, false) => " desc",
                (false, _) => "",
            };
            order.push(format!("{}{direction}", qualified(column)));
        }
        let is_view_as_it_is = order.is_empty() && relation.key_columns.is_empty();
        if is_view_as_it_is {
            // A view defines its order, or needs none.
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

    /// All rows of a request, and the values of its parameters. `columns`: what is selected.
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

    /// The same in its order.
    pub(crate) fn select_in_order(
        &self,
        request: &Request,
        columns: &str,
    ) -> (String, Vec<String>) {
        let (sql, values) = self.select(request, columns);
        (format!("{sql}{}", self.order_by(request)), values)
    }

    /// `columns`: what is shown, as SQL.
    pub(crate) async fn page(
        &self,
        client: &Client,
        request: &Request,
        columns: &[String],
    ) -> WebResult<Listed> {
        let mut columns: Vec<String> = columns
            .iter()
            .map(|column| format!("({column})::text"))
            .collect();
        columns.push(match self.relation.says_origin() {
            true => "elt.origin(listed._load_id, listed._row)".into(),
            false => "null::text".into(),
        });
        // What is shown is computed for the rows of the page alone.
        let (rows, values) = self.select_in_order(request, "listed.*");
        let sql = format!(
            "select {} from ({rows} limit {} offset {}) as listed",
            columns.join(", "),
            PAGE_ROWS + 1,
            (request.page - 1) * PAGE_ROWS
        );
        let found = client.ask(&sql, &values).await.map_err(of_values)?;
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

    /// The number of rows, at most one more than the limit of counting.
    pub(crate) async fn count(&self, client: &Client, request: &Request) -> WebResult<i64> {
        let (rows, values) = self.select(request, "1");
        let sql = format!(
            "select count(*) from ({rows} limit {}) as counted",
            COUNTED + 1
        );
        let rows = client.ask(&sql, &values).await.map_err(of_values)?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }
}

/// What is enough of a value to look at, in a table of so many columns.
pub(crate) fn shortened(sql: &str, column_count: usize) -> String {
    let fair = PAGE_LETTERS / (PAGE_ROWS as usize * column_count.max(1));
    format!("left(({sql})::text, {})", fair.clamp(20, 1000))
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
