//! Records of a resource, page by page.

use super::accept::{Format, accepted};
use super::caller::Caller;
use super::extract::{Named, Params};
use super::page::List;
use super::query::ListQuery;
use super::resource::Resource;
use super::{ApiResult, base};
use crate::web::data::audit::Download;
use crate::web::data::listing::Listing;
use crate::web::http::address::encoded;
use crate::web::pages::{download_csv, download_permit};
use crate::web::state::{App, ClientAddress};
use axum::extract::State;
use axum::http::HeaderMap;

/// The usual and the largest number of records of a page.
pub(super) const SIZES: (i64, i64) = (100, 1000);

pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    address: ClientAddress,
    Named(name): Named<String>,
    params: Params,
    headers: HeaderMap,
) -> ApiResult {
    caller.role.require_may_read(&name)?;
    let format = accepted(&headers, &params, &[Format::Json, Format::Csv])?;
    let client = app.pool.get(&caller.zone).await?;
    let resource = Resource::find(&client, &name).await?;
    let mut query = ListQuery::parse(&params, resource.relation(), SIZES)?;
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
        pairs: &params.0,
    };
    wanted.note(&client).await?;
    if format == Format::Csv {
        let permit = download_permit(&app, &caller.name)?;
        query.request.columns = query.fields;
        return Ok(download_csv(client, permit, &listing, &query.request).await?);
    }
    let list = List {
        listing: &listing,
        query: &query,
        params: &params,
        address: format!("{}/api/{}/", base(&app, &headers), encoded(&name)),
    };
    list.answer(&client).await
}
