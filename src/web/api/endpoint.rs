//! Serves a view page by page, in the format of the APIs that elt loads from: `GET /PATH/?page=2` returns
//! `{count, next, prev, results}` (elt.api_endpoint).

use super::ApiResult;
use super::caller::Caller;
use super::list::{RecordPage, base};
use crate::web::data::catalogue::{self, quote};
use crate::web::data::pool::NO_VALUES;
use crate::web::error::WebError;
use crate::web::state::App;
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct PageQuery {
    page: Option<String>,
    page_size: Option<String>,
}

/// Pages that users may type with a slash at the end.
const PAGES: [&str; 8] = [
    "admin", "explore", "jobs", "lineage", "loads", "metrics", "password", "sign-in",
];

pub(crate) async fn endpoint(
    State(app): State<App>,
    Path(path): Path<String>,
    Query(query): Query<PageQuery>,
    headers: HeaderMap,
    request: Request,
) -> ApiResult {
    if PAGES.contains(&path.as_str()) {
        return Ok(Redirect::permanent(&format!("/{path}")).into_response());
    }
    let (mut parts, _) = request.into_parts();
    let _caller = Caller::from_request_parts(&mut parts, &app).await?;
    let client = app.pool.get().await?;
    let sql = "select relation, order_by, columns, page_size, largest_page_size \
               from elt.api_endpoint where path = $1";
    let row = client.query_opt(sql, &[&path]).await?;
    let row = row.ok_or(WebError::NotFound)?;
    let relation = catalogue::relation(&client, row.get(0)).await?;
    let mut columns: Vec<String> = row.get(2);
    if columns.is_empty() {
        let all = relation.columns.iter();
        columns = all.map(|column| column.name.clone()).collect();
    }
    let (usual, largest): (i64, i64) = (row.get(3), row.get(4));
    let size = query
        .page_size
        .as_deref()
        .and_then(|size| size.parse().ok());
    let page = RecordPage {
        size: size.filter(|size| *size >= 1).unwrap_or(usual).min(largest),
        number: RecordPage::number(query.page.as_deref())?,
    };
    let quoted: Vec<String> = columns.iter().map(|column| quote(column)).collect();
    let source = relation.quoted();
    let count = format!("select count(*) from {source}");
    let records = format!(
        "select {} from {source} order by {}",
        quoted.join(", "),
        quote(row.get(1))
    );
    let size = match query.page_size {
        Some(_) => format!("&page_size={}", page.size),
        None => String::new(),
    };
    let base = base(&app, &headers);
    page.answer(&client, (&count, &records), NO_VALUES, |number| {
        format!("{base}/{path}/?page={number}{size}")
    })
    .await
}
