//! A page of a list as JSON, with the addresses of the pages before and after.

use super::cursor::{self, Cursor};
use super::extract::Params;
use super::paging::{Paging, no_such_page};
use super::query::ListQuery;
use super::{ApiError, ApiResult, raw};
use crate::web::data::listing::{Listing, Order, Where, qualified, value_error};
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use crate::web::http::address::encoded;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

/// Largest size of a page, in bytes.
const LARGEST_PAGE: i64 = 16 << 20;

/// A list, and the address that its links begin with.
pub(super) struct List<'a> {
    pub(super) listing: &'a Listing<'a>,
    pub(super) query: &'a ListQuery,
    pub(super) params: &'a Params,
    /// Path, with scheme and host if they are known.
    pub(super) address: String,
}

/// Records as JSON, joined by commas.
struct Records {
    count: i64,
    json: String,
}

impl List<'_> {
    /// The records of the page: `{count, next, prev, previous, results}`. Cursor pages have no count.
    pub(super) async fn answer(&self, client: &Client) -> ApiResult<Response> {
        match &self.query.paging {
            Paging::Page { number, size } => self.page(client, *number, *size).await,
            Paging::Offset { offset, limit } => self.part(client, *offset, *limit).await,
            Paging::Cursor { text, size } => self.after(client, text, *size).await,
        }
    }

    async fn page(&self, client: &Client, number: i64, size: i64) -> ApiResult<Response> {
        let records = self.records(client, size, (number - 1) * size).await?;
        if records.json.is_empty() && number > 1 {
            return Err(no_such_page());
        }
        let has_next = number * size < records.count;
        let link = |number: i64| self.link(&[("page", number.to_string())], size);
        let next = has_next.then(|| link(number + 1));
        let previous = (number > 1).then(|| link(number - 1));
        Ok(envelope(Some(records.count), next, previous, &records.json))
    }

    async fn part(&self, client: &Client, offset: i64, limit: i64) -> ApiResult<Response> {
        let records = self.records(client, limit, offset).await?;
        let has_next = offset + limit < records.count;
        let link = |offset: i64| {
            let changed = [("limit", limit.to_string()), ("offset", offset.to_string())];
            self.link(&changed, limit)
        };
        let next = has_next.then(|| link(offset + limit));
        let previous = (offset > 0).then(|| link((offset - limit).max(0)));
        Ok(envelope(Some(records.count), next, previous, &records.json))
    }

    /// Reads the count and the records by one statement, so that they match. Records beyond the size limit are
    /// measured but not returned.
    async fn records(&self, client: &Client, limit: i64, offset: i64) -> ApiResult<Records> {
        let columns = match self.query.fields.as_slice() {
            [] => "listed.*".into(),
            fields => columns(fields),
        };
        let (counted, values) = self.listing.select(&self.query.request, "1");
        let (records, _) = self.listing.select(&self.query.request, &columns);
        let order = Order::new(self.listing, &self.query.request);
        let order = order.sql(false);
        let sql = format!(
            "select (select count(*) from ({counted}) as counted), \
             coalesce(string_agg(record, ',') filter (where bytes <= {LARGEST_PAGE}), ''), coalesce(max(bytes), 0) \
             from (select record, sum(octet_length(record)) over (rows unbounded preceding) as bytes \
             from (select row_to_json(record.*)::text as record \
             from ({records}{order} limit {limit} offset {offset}) as record) as records) as measured",
        );
        let rows = client
            .query_text(&sql, &values)
            .await
            .map_err(value_error)?;
        let row = rows.first().ok_or(WebError::NotFound)?;
        require_small(row.get(2))?;
        Ok(Records {
            count: row.get(0),
            json: row.get(1),
        })
    }

    async fn after(&self, client: &Client, text: &str, size: i64) -> ApiResult<Response> {
        let order = Order::new(self.listing, &self.query.request);
        if !order.is_total {
            return Err(cursor::wrong(
                "These records have no key, so they have no cursor pages. Use page, or limit and offset.",
            ));
        }
        let from = match text {
            "" => None,
            text => Some(Cursor::parse(text, &order)?),
        };
        let is_before = from.as_ref().is_some_and(|cursor| cursor.is_before);
        let mut wanted = Where::default();
        self.listing.restrict(&self.query.request, &mut wanted);
        if let Some(cursor) = &from {
            let found = order.beyond(&cursor.place, is_before, &mut wanted);
            found.ok_or_else(|| cursor::wrong(cursor::INVALID))?;
        }
        let record = match self.query.fields.as_slice() {
            [] => "row_to_json(listed.*)".into(),
            fields => format!(
                "(select row_to_json(chosen.*) from (select {}) as chosen)",
                columns(fields)
            ),
        };
        let sql = format!(
            "select case when bytes <= {LARGEST_PAGE} then record else '' end, place, bytes::bigint \
             from (select record, place, sum(octet_length(record)) over (rows unbounded preceding) as bytes \
             from (select {record}::text as record, {} as place from {} as listed{}{} limit {}) as records) as measured",
            order.place_sql(),
            self.listing.relation.quoted(),
            wanted.sql(),
            order.sql(is_before),
            size + 1
        );
        let rows = client.query_text(&sql, &wanted.values).await;
        let rows = rows.map_err(|error| match value_error(error) {
            // The filters have been checked before, so it is the cursor.
            WebError::Bad(_) => cursor::wrong(cursor::INVALID),
            other => other.into(),
        })?;
        require_small(rows.last().map_or(0, |row| row.get(2)))?;
        let has_more = rows.len() as i64 > size;
        let mut shown: Vec<_> = rows.iter().take(size as usize).collect();
        if is_before {
            shown.reverse();
        }
        let link = |row: Option<&&tokio_postgres::Row>, is_before: bool| {
            let place = row?.get(1);
            let text = Cursor { is_before, place }.text(&order);
            Some(self.link(&[("cursor", text)], size))
        };
        // A page before a place is followed by the row at that place.
        let next = link(shown.last(), false).filter(|_| has_more || is_before);
        let has_previous = if is_before { has_more } else { from.is_some() };
        let previous = link(shown.first(), true).filter(|_| has_previous);
        let records: Vec<&str> = shown.iter().map(|row| row.get(0)).collect();
        Ok(envelope(None, next, previous, &records.join(",")))
    }

    /// The address of another page, with all other parameters. `size`: records of a page.
    fn link(&self, changed: &[(&str, String)], size: i64) -> String {
        const PLACES: [&str; 4] = ["page", "limit", "offset", "cursor"];
        let kept = self.params.0.iter();
        let kept = kept.filter(|(name, _)| !PLACES.contains(&name.as_str()));
        let mut pairs: Vec<String> = kept
            .map(|(name, value)| match name.as_str() {
                "page_size" => format!("page_size={size}"),
                _ => format!("{}={}", encoded(name), encoded(value)),
            })
            .collect();
        let changed = changed.iter();
        pairs.extend(changed.map(|(name, value)| format!("{name}={value}")));
        format!("{}?{}", self.address, pairs.join("&"))
    }
}

fn columns(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| qualified(name)).collect();
    names.join(", ")
}

fn require_small(bytes: i64) -> ApiResult<()> {
    if bytes <= LARGEST_PAGE {
        return Ok(());
    }
    let message = format!(
        "The page has more than {} MiB: request fewer records with page_size, or all as text/csv.",
        LARGEST_PAGE >> 20
    );
    Err(ApiError::Status(StatusCode::PAYLOAD_TOO_LARGE, message))
}

/// `previous` is called `prev` too, as other APIs do.
fn envelope(
    count: Option<i64>,
    next: Option<String>,
    previous: Option<String>,
    records: &str,
) -> Response {
    let count = count.map(|count| format!("\"count\":{count},"));
    let (next, previous) = (Value::from(next), Value::from(previous));
    raw(
        StatusCode::OK,
        format!(
            "{{{}\"next\":{next},\"prev\":{previous},\"previous\":{previous},\"results\":[{records}]}}",
            count.unwrap_or_default()
        ),
    )
}
