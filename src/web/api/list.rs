//! Records of a resource, page by page: `?page=2&page_size=50&ordering=-start_time&search=lab&name=x`.

use super::caller::Caller;
use super::resource::{Format, Resource, accepted};
use super::{ApiError, ApiResult, raw};
use crate::web::data::edit::Problems;
use crate::web::data::listing::{Filter, Listing, Operator, Request, of_values};
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use crate::web::http::address::encoded;
use crate::web::pages::{as_csv, turn};
use crate::web::state::App;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tokio_postgres::types::ToSql;

const USUAL_SIZE: i64 = 100;
const LARGEST_SIZE: i64 = 1000;

/// Of one page, in bytes.
const LARGEST_PAGE: i64 = 16 << 20;

type Pairs = Vec<(String, String)>;

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> ApiResult {
    caller.role.require_sight(&name)?;
    let format = accepted(&headers, &[Format::Json, Format::Csv])?;
    let client = app.pool.get().await?;
    let resource = Resource::find(&client, &name).await?;
    let asked = Asked::parse(&pairs, &resource)?;
    let listing = match &resource {
        Resource::Table(table) => table.listing(),
        Resource::Relation(relation) => Listing::of(relation),
    };
    asked.require_right(&client, &listing).await?;
    if format == Format::Csv {
        let turn = turn(&app, &caller.name)?;
        return Ok(as_csv(client, turn, &listing, &asked.request).await?);
    }
    let (sql, values) = listing.select(&asked.request, "1");
    let count = format!("select count(*) from ({sql}) as counted");
    let (records, _) = listing.select_in_order(&asked.request, "listed.*");
    let page = Page {
        size: asked.size,
        number: asked.page,
    };
    let link = |number: i64| {
        let mut others: Vec<String> = pairs
            .iter()
            .filter(|(name, _)| name != "page")
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        others.push(format!("page={number}"));
        format!("/api/{}/?{}", encoded(&name), others.join("&"))
    };
    let base = base(&app, &headers);
    page.answer(&client, (&count, &records), &values, |number| {
        format!("{base}{}", link(number))
    })
    .await
}

/// Of addresses that the client is to follow.
/// Empty, so that they begin with their path, unless the host that was asked was allowed by name: others can
/// write any host into a request.
pub(super) fn base(app: &App, headers: &HeaderMap) -> String {
    match app.hosts.named(headers) {
        Some(host) => format!("{}://{host}", app.scheme()),
        None => String::new(),
    }
}

/// Which part of the records.
pub(super) struct Page {
    pub(super) size: i64,
    /// From 1.
    pub(super) number: i64,
}

impl Page {
    /// `{count, next, previous, results}`. `count` and `records` are queries, of one number and of rows in
    /// their order.
    pub(super) async fn answer<T: ToSql + Sync>(
        &self,
        client: &Client,
        (count, records): (&str, &str),
        values: &[T],
        address: impl Fn(i64) -> String,
    ) -> ApiResult<Response> {
        // One statement sees one state, so that count and records fit together. Records beyond the limit are
        // measured and let go, here and on the server.
        let sql = format!(
            "select ({count}), \
             coalesce(string_agg(record, ',') filter (where bytes <= {LARGEST_PAGE}), ''), coalesce(max(bytes), 0) \
             from (select record, sum(octet_length(record)) over (rows unbounded preceding) as bytes \
             from (select row_to_json(record.*)::text as record \
             from ({records} limit {} offset {}) as record) as records) as measured",
            self.size,
            (self.number - 1) * self.size
        );
        let rows = client.ask(&sql, values).await.map_err(of_values)?;
        let row = rows.first().ok_or(WebError::NotFound)?;
        let (count, records, bytes): (i64, String, i64) = (row.get(0), row.get(1), row.get(2));
        if bytes > LARGEST_PAGE {
            let said = format!(
                "The page has more than {} MiB: request fewer records with page_size, or all as text/csv.",
                LARGEST_PAGE >> 20
            );
            return Err(ApiError::Said(StatusCode::PAYLOAD_TOO_LARGE, said));
        }
        if records.is_empty() && self.number > 1 {
            return Err(no_such_page());
        }
        let link = |number: i64, is_there: bool| match is_there {
            true => serde_json::Value::from(address(number)),
            false => serde_json::Value::Null,
        };
        let next = link(self.number + 1, self.number * self.size < count);
        let previous = link(self.number - 1, self.number > 1);
        Ok(raw(
            StatusCode::OK,
            format!(
                "{{\"count\":{count},\"next\":{next},\"prev\":{previous},\"previous\":{previous},\"results\":[{records}]}}"
            ),
        ))
    }

    /// `text`: of the parameter; None where it is missing.
    pub(super) fn number(text: Option<&str>) -> ApiResult<i64> {
        let number = text.unwrap_or("1").parse().ok();
        number
            .filter(|number| (1..=i64::from(i32::MAX)).contains(number))
            .ok_or_else(no_such_page)
    }
}

fn no_such_page() -> ApiError {
    ApiError::Said(StatusCode::NOT_FOUND, "Invalid page.".into())
}

/// What a query string asks for.
#[derive(Debug)]
struct Asked {
    request: Request,
    /// Parameters of its filters, in their order.
    names: Vec<String>,
    page: i64,
    size: i64,
}

impl Asked {
    /// Values that cannot be asked for are said by the parameter that has them.
    async fn require_right(&self, client: &Client, listing: &Listing<'_>) -> ApiResult<()> {
        let wrong = listing.wrong(client, &self.request).await?;
        let mut problems = Problems::default();
        for (index, said) in &wrong.filters {
            problems.at(&self.names[*index], said);
        }
        if let Some(said) = wrong.search {
            problems.at("search", said);
        }
        match problems.is_empty() {
            true => Ok(()),
            false => Err(ApiError::Problems(problems)),
        }
    }

    fn parse(pairs: &Pairs, resource: &Resource) -> ApiResult<Asked> {
        let relation = resource.relation();
        let mut asked = Asked {
            request: Request {
                page: 1,
                ..Request::default()
            },
            names: Vec::new(),
            page: 1,
            size: USUAL_SIZE,
        };
        let mut problems = Problems::default();
        for (name, value) in pairs {
            match name.as_str() {
                "page" => asked.page = Page::number(Some(value))?,
                "page_size" | "limit" => match value.parse() {
                    Ok(size) if size >= 1 => asked.size = LARGEST_SIZE.min(size),
                    _ => problems.at(name, "Send a number of records, 1 or more."),
                },
                "search" => asked.request.search = value.trim().into(),
                "ordering" if value.is_empty() => {}
                "ordering" => {
                    let (column, is_descending) = match value.strip_prefix('-') {
                        Some(column) => (column, true),
                        None => (value.as_str(), false),
                    };
                    match relation.column(column) {
                        Some(column) if column.is_sortable => {
                            asked.request.sort = Some((column.name.clone(), is_descending));
                        }
                        _ => problems.at(name, "Name a column that can be ordered."),
                    }
                }
                _ => {
                    let (column, operator) = match relation.column(name) {
                        Some(_) => (name.as_str(), Some(Operator::Is)),
                        None => match name.rsplit_once("__") {
                            Some((column, operator)) => (column, Operator::of(operator)),
                            None => (name.as_str(), None),
                        },
                    };
                    // `end_time__empty=false` asks for the others.
                    let is_no = ["false", "0", "no"].contains(&value.to_ascii_lowercase().as_str());
                    let operator = match operator {
                        Some(Operator::Empty) if is_no => Some(Operator::NotEmpty),
                        Some(Operator::NotEmpty) if is_no => Some(Operator::Empty),
                        other => other,
                    };
                    match (relation.column(column), operator) {
                        (Some(column), Some(operator)) => {
                            asked.names.push(name.clone());
                            asked.request.filters.push(Filter {
                                column: column.name.clone(),
                                operator,
                                value: value.clone(),
                            });
                        }
                        _ => problems.at(name, "There is no such filter."),
                    }
                }
            }
        }
        asked.request.require_few_filters()?;
        match problems.is_empty() {
            true => Ok(asked),
            false => Err(ApiError::Problems(problems)),
        }
    }
}
