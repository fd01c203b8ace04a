//! The SQL of a request. Names come from the catalogue and are quoted. Values are parameters, which the server casts
//! to the column's type.

use super::conditions::Where;
use super::filter::{Filter, Operator};
use super::period::Unit;
use super::request::Request;
use super::sort::Sort;
use crate::web::data::catalogue::{Relation, quote};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use tokio_postgres::Row;

/// Rows of a page.
pub(crate) const PAGE_ROWS: u64 = 50;
/// Largest size of all values of a page, in characters.
const PAGE_LETTERS: usize = 1 << 20;
/// Rows are counted up to this number.
pub(crate) const COUNTED: i64 = 100_000;

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

/// A page of rows as text. `None` is null.
#[derive(Default)]
pub(crate) struct Listed {
    pub(crate) rows: Vec<Vec<Option<String>>>,
    /// File and line of each row, if known.
    pub(crate) origins: Vec<Option<String>>,
    pub(crate) has_more: bool,
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

    fn filter(&self, filter: &Filter, all: &mut Where) {
        let name = qualified(&filter.column);
        let type_name = self
            .relation
            .column(&filter.column)
            .map_or("text", |column| column.cast_name.as_str());
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

    /// The columns that the rows are sorted by.
    pub(crate) fn order<'a>(&'a self, request: &'a Request) -> &'a [Sort] {
        match request.sort.as_slice() {
            [] => &self.usual_order,
            sorts => sorts,
        }
    }

    /// The ORDER BY clause. The key or all sortable columns come last, so that the order is stable across pages.
    fn order_by(&self, request: &Request) -> String {
        let relation = self.relation;
        let sorts = self.order(request);
        let mut order: Vec<String> = Vec::new();
        for sort in sorts {
            let is_nullable = relation
                .column(&sort.column)
                .is_none_or(|column| column.is_nullable);
            // Without `nulls last`, an index can be used; only nullable columns need it.
            let direction = match (sort.is_descending, is_nullable) {
                (true, true) => " desc nulls last",
                (true, false) => " desc",
                (false, _) => "",
            };
            order.push(format!("{}{direction}", qualified(&sort.column)));
        }
        let is_view_as_it_is = order.is_empty() && relation.key_columns.is_empty();
        if is_view_as_it_is {
            // A view defines its own order.
            return String::new();
        }
        let is_new = |name: &String| sorts.iter().all(|sort| sort.column != *name);
        let last: Vec<&String> = match relation.key_columns.as_slice() {
            [] => {
                let sortable = relation.columns.iter().filter(|column| column.is_sortable);
                sortable.map(|column| &column.name).collect()
            }
            keys => keys.iter().collect(),
        };
        let last = last.into_iter().filter(|name| is_new(name));
        order.extend(last.map(|name| qualified(name)));
        format!(" order by {}", order.join(", "))
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
        (format!("{sql}{}", self.order_by(request)), values)
    }

    /// Reads a page of rows. `columns` are SQL expressions.
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
        let width = columns.len();
        if self.relation.has_origin() {
            columns.extend(["listed._load_id::text".into(), "listed._row::text".into()]);
        }
        // The expressions are computed only for the rows of the page.
        let (rows, values) = self.select_in_order(request, "listed.*");
        let sql = format!(
            "select {} from ({rows} limit {} offset {}) as listed",
            columns.join(", "),
            PAGE_ROWS + 1,
            (request.page - 1) * PAGE_ROWS
        );
        let found = client
            .query_text(&sql, &values)
            .await
            .map_err(value_error)?;
        let has_more = found.len() as u64 > PAGE_ROWS;
        let shown = &found[..found.len().min(PAGE_ROWS as usize)];
        let origins = match self.relation.has_origin() {
            true => origins(client, shown, width).await?,
            false => vec![None; shown.len()],
        };
        let rows = shown
            .iter()
            .map(|row| (0..width).map(|index| row.get(index)).collect())
            .collect();
        Ok(Listed {
            rows,
            origins,
            has_more,
        })
    }

    /// The number of rows, but at most `COUNTED + 1`.
    pub(crate) async fn count(&self, client: &Client, request: &Request) -> WebResult<i64> {
        let (rows, values) = self.select(request, "1");
        let sql = format!(
            "select count(*) from ({rows} limit {}) as counted",
            COUNTED + 1
        );
        let rows = client
            .query_text(&sql, &values)
            .await
            .map_err(value_error)?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }
}

/// File and line of each row, whose columns from `first` on are its load and its number. A query of its own, because
/// Citus may run that of the rows on another node, which knows no loads.
async fn origins(client: &Client, rows: &[Row], first: usize) -> WebResult<Vec<Option<String>>> {
    let array = |index: usize| {
        let values = rows.iter().map(|row| {
            row.get::<_, Option<String>>(index)
                .unwrap_or_else(|| "null".into())
        });
        format!("{{{}}}", values.collect::<Vec<_>>().join(","))
    };
    let sql = "select elt.origin(place.load_id, place.row_number) \
               from unnest($1::bigint[], $2::bigint[]) with ordinality as place (load_id, row_number, position) \
               order by place.position";
    let found = client
        .query_text(sql, &[array(first), array(first + 1)])
        .await?;
    Ok(found.iter().map(|row| row.get(0)).collect())
}

/// SQL for a value, shortened so that a table with `column_count` columns stays readable.
pub(crate) fn shortened(sql: &str, column_count: usize) -> String {
    let fair = PAGE_LETTERS / (PAGE_ROWS as usize * column_count.max(1));
    format!("left(({sql})::text, {})", fair.clamp(20, 1000))
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
