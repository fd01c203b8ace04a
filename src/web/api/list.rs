//! Records of a resource, page by page: `?page=2&page_size=50&ordering=-start_time,name&search=lab&name=x`.

use super::caller::Caller;
use super::resource::{Format, Resource, accepted};
use super::{ApiError, ApiResult, raw};
use crate::web::data::audit::Download;
use crate::web::data::catalogue::Relation;
use crate::web::data::edit::Problems;
use crate::web::data::listing::{Filter, Listing, Operator, Request, Sort, add_sort, value_error};
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use crate::web::http::address::encoded;
use crate::web::pages::{download_csv, download_permit};
use crate::web::state::{App, ClientAddress};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tokio_postgres::types::ToSql;

const USUAL_SIZE: i64 = 100;
const LARGEST_SIZE: i64 = 1000;

/// Largest size of a page, in bytes.
const LARGEST_PAGE: i64 = 16 << 20;

type Pairs = Vec<(String, String)>;

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    address: ClientAddress,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
    headers: HeaderMap,
) -> ApiResult {
    caller.role.require_may_read(&name)?;
    let format = accepted(&headers, &[Format::Json, Format::Csv])?;
    let client = app.pool.get().await?;
    let resource = Resource::find(&client, &name).await?;
    let query = ListQuery::parse(&pairs, &resource)?;
    let listing = match &resource {
        Resource::Table(table) => table.listing(),
        Resource::Relation(relation) => Listing::new(relation),
    };
    query.require_valid(&client, &listing).await?;
    let wanted = Download {
        account: &caller.name,
        address: address.address(),
        relation: &listing.relation.name,
        format: if format == Format::Csv { "csv" } else { "json" },
        pairs: &pairs,
    };
    wanted.note(&client).await?;
    if format == Format::Csv {
        let permit = download_permit(&app, &caller.name)?;
        return Ok(download_csv(client, permit, &listing, &query.request).await?);
    }
    let (sql, values) = listing.select(&query.request, "1");
    let count = format!("select count(*) from ({sql}) as counted");
    let (records, _) = listing.select_in_order(&query.request, "listed.*");
    let page = RecordPage {
        size: query.size,
        number: query.page,
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

/// Start of the addresses in a response: scheme and host if the host is allowed by name, else empty, because a
/// request can name any host.
pub(super) fn base(app: &App, headers: &HeaderMap) -> String {
    match app.hosts.named(headers) {
        Some(host) => format!("{}://{host}", app.scheme()),
        None => String::new(),
    }
}

/// Number and size of a page.
pub(super) struct RecordPage {
    pub(super) size: i64,
    /// From 1.
    pub(super) number: i64,
}

impl RecordPage {
    /// Returns `{count, next, previous, results}`. `count` is a query for a number, `records` a query for sorted rows.
    pub(super) async fn answer<T: ToSql + Sync>(
        &self,
        client: &Client,
        (count, records): (&str, &str),
        values: &[T],
        address: impl Fn(i64) -> String,
    ) -> ApiResult<Response> {
        // One statement, so that the count matches the records. Records beyond the size limit are measured but not
        // returned.
        let sql = format!(
            "select ({count}), \
             coalesce(string_agg(record, ',') filter (where bytes <= {LARGEST_PAGE}), ''), coalesce(max(bytes), 0) \
             from (select record, sum(octet_length(record)) over (rows unbounded preceding) as bytes \
             from (select row_to_json(record.*)::text as record \
             from ({records} limit {} offset {}) as record) as records) as measured",
            self.size,
            (self.number - 1) * self.size
        );
        let rows = client.query_text(&sql, values).await.map_err(value_error)?;
        let row = rows.first().ok_or(WebError::NotFound)?;
        let (count, records, bytes): (i64, String, i64) = (row.get(0), row.get(1), row.get(2));
        if bytes > LARGEST_PAGE {
            let message = format!(
                "The page has more than {} MiB: request fewer records with page_size, or all as text/csv.",
                LARGEST_PAGE >> 20
            );
            return Err(ApiError::Status(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        if records.is_empty() && self.number > 1 {
            return Err(no_such_page());
        }
        let link = |number: i64, is_there: bool| {
            if is_there {
                serde_json::Value::from(address(number))
            } else {
                serde_json::Value::Null
            }
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

    /// Parses the parameter `page`.
    pub(super) fn number(text: Option<&str>) -> ApiResult<i64> {
        let number = text.unwrap_or("1").parse().ok();
        number
            .filter(|number| (1..=i64::from(i32::MAX)).contains(number))
            .ok_or_else(no_such_page)
    }
}

fn no_such_page() -> ApiError {
    ApiError::Status(StatusCode::NOT_FOUND, "Invalid page.".into())
}

/// The parsed query string of a list.
#[derive(Debug)]
struct ListQuery {
    request: Request,
    /// The parameter name of each filter, in order.
    names: Vec<String>,
    page: i64,
    size: i64,
}

impl ListQuery {
    /// Reports invalid values by parameter.
    async fn require_valid(&self, client: &Client, listing: &Listing<'_>) -> ApiResult<()> {
        let wrong = listing.check(client, &self.request).await?;
        let mut problems = Problems::default();
        for (index, message) in &wrong.filters {
            problems.at(&self.names[*index], message);
        }
        if let Some(message) = wrong.search {
            problems.at("search", message);
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(ApiError::Problems(problems))
        }
    }

    fn parse(pairs: &Pairs, resource: &Resource) -> ApiResult<ListQuery> {
        let relation = resource.relation();
        let mut query = ListQuery {
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
                "page" => query.page = RecordPage::number(Some(value))?,
                "page_size" | "limit" => match value.parse() {
                    Ok(size) if size >= 1 => query.size = LARGEST_SIZE.min(size),
                    _ => problems.at(name, "Send a number of records, 1 or more."),
                },
                "search" => query.request.search = value.trim().into(),
                "ordering" => {
                    let added = Sort::parse_all(value, relation).and_then(|sorts| {
                        let mut sorts = sorts.into_iter();
                        sorts.try_for_each(|sort| add_sort(&mut query.request.sort, sort))
                    });
                    if let Err(message) = added {
                        problems.at(name, &message);
                    }
                }
                _ => {
                    let Some(filter) = filter(relation, name, value) else {
                        problems.at(name, "There is no such filter.");
                        continue;
                    };
                    query.names.push(name.clone());
                    query.request.filters.push(filter);
                }
            }
        }
        query.request.require_few_filters()?;
        if problems.is_empty() {
            Ok(query)
        } else {
            Err(ApiError::Problems(problems))
        }
    }
}

/// The filter of a parameter: `COLUMN=value` or `COLUMN__OPERATOR=value`.
fn filter(relation: &Relation, name: &str, value: &str) -> Option<Filter> {
    let (column, operator) = match relation.column(name) {
        Some(_) => (name, Operator::Is),
        None => {
            let (column, operator) = name.rsplit_once("__")?;
            (column, Operator::parse(operator)?)
        }
    };
    // `end_time__empty=false` means not empty.
    let is_no = ["false", "0", "no"].contains(&value.to_ascii_lowercase().as_str());
    let operator = match operator {
        Operator::Empty if is_no => Operator::NotEmpty,
        Operator::NotEmpty if is_no => Operator::Empty,
        other => other,
    };
    Some(Filter {
        column: relation.column(column)?.name.clone(),
        operator,
        value: value.into(),
    })
}
