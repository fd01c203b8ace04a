//! Serves a view page by page, in the format of the APIs that elt loads from: `GET /PATH/?page=2` returns
//! `{count, next, prev, results}` (elt.api_endpoint). It takes the parameters of other lists, for the columns that it
//! shows.

use super::accept::{Format, accepted};
use super::caller::Caller;
use super::extract::{Named, Params};
use super::page::List;
use super::query::ListQuery;
use super::{ApiResult, base};
use crate::web::data::catalogue::{self, Relation};
use crate::web::data::listing::Listing;
use crate::web::data::pool::Client;
use crate::web::error::WebError;
use crate::web::pages::{download_csv, download_permit};
use crate::web::state::App;
use axum::extract::State;
use axum::http::HeaderMap;

/// A view that is served in the format of other APIs.
pub(super) struct Endpoint {
    pub(super) path: String,
    pub(super) description: String,
    /// With the columns of the endpoint only. The key is the column that orders it.
    pub(super) relation: Relation,
    /// With all columns, because the endpoint may be ordered by another one.
    whole: Relation,
    /// The usual and the largest number of records of a page.
    pub(super) sizes: (i64, i64),
}

impl Endpoint {
    pub(super) async fn find(client: &Client, path: &str) -> ApiResult<Endpoint> {
        let sql = "select path, description, relation, order_by, columns, page_size, largest_page_size \
                   from elt.api_endpoint where path = $1";
        let row = client.query_opt(sql, &[&path]).await?;
        let row = row.ok_or(WebError::NotFound)?;
        Endpoint::read(client, &row).await
    }

    pub(super) async fn all(client: &Client) -> ApiResult<Vec<Endpoint>> {
        let sql = "select path, description, relation, order_by, columns, page_size, largest_page_size \
                   from elt.api_endpoint order by path";
        let mut endpoints = Vec::new();
        for row in client.query(sql, &[]).await? {
            match Endpoint::read(client, &row).await {
                Ok(endpoint) => endpoints.push(endpoint),
                // Its view was dropped.
                Err(super::ApiError::Web(WebError::NotFound)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(endpoints)
    }

    async fn read(client: &Client, row: &tokio_postgres::Row) -> ApiResult<Endpoint> {
        let relation = catalogue::relation(client, row.get(2)).await?;
        let mut whole = Relation::clone(&relation);
        whole.key_columns = vec![row.get(3)];
        let mut relation = whole.clone();
        let columns: Vec<String> = row.get(4);
        if !columns.is_empty() {
            let named = columns.iter();
            let named = named.filter_map(|name| relation.column(name).cloned());
            relation.columns = named.collect();
        }
        Ok(Endpoint {
            path: row.get(0),
            description: row.get(1),
            relation,
            whole,
            sizes: (row.get(5), row.get(6)),
        })
    }
}

pub(crate) async fn endpoint(
    State(app): State<App>,
    caller: Caller,
    Named(path): Named<String>,
    params: Params,
    headers: HeaderMap,
) -> ApiResult {
    let client = app.pool.get(&caller.zone).await?;
    let endpoint = Endpoint::find(&client, &path).await?;
    let format = accepted(&headers, &params, &[Format::Json, Format::Csv])?;
    let mut query = ListQuery::parse(&params, &endpoint.relation, endpoint.sizes)?;
    if query.fields.is_empty() {
        let columns = endpoint.relation.columns.iter();
        query.fields = columns.map(|column| column.name.clone()).collect();
    }
    let listing = Listing {
        relation: &endpoint.whole,
        ..Listing::new(&endpoint.relation)
    };
    query.require_valid(&client, &listing).await?;
    if format == Format::Csv {
        let permit = download_permit(&app, &caller.name)?;
        query.request.columns = query.fields;
        return Ok(download_csv(client, permit, &listing, &query.request).await?);
    }
    let list = List {
        listing: &listing,
        query: &query,
        params: &params,
        address: format!("{}/{path}/", base(&app, &headers)),
    };
    list.answer(&client).await
}
