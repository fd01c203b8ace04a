//! A view, page by page: `GET /PATH/?page=2` gives `{count, next, prev, results}`.

use super::token::Holder;
use super::{answer, raw};
use crate::web::app::App;
use crate::web::catalogue::{self, quote};
use crate::web::error::{WebError, WebResult};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<String>,
    page_size: Option<String>,
}

pub(crate) async fn endpoint(
    State(app): State<App>,
    _: Holder,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> WebResult {
    let client = app.pool.get().await?;
    let sql = "select relation, order_by, columns, page_size, largest_page_size \
               from elt.api_endpoint where path = $1";
    let Some(row) = client.query_opt(sql, &[&path]).await? else {
        return Ok(answer(
            StatusCode::NOT_FOUND,
            &json!({ "detail": "Not found." }),
        ));
    };
    let relation = catalogue::relation(&client, row.get(0)).await?;
    let mut columns: Vec<String> = row.get(2);
    if columns.is_empty() {
        columns = relation
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
    }
    let (usual, largest): (i64, i64) = (row.get(3), row.get(4));
    let size = asked
        .page_size
        .as_deref()
        .and_then(|size| size.parse().ok());
    let size: i64 = size.filter(|size| *size >= 1).unwrap_or(usual).min(largest);
    let page = asked.page.as_deref().unwrap_or("1").parse().ok();
    let Some(page) = page.filter(|page: &i64| (1..=i64::from(i32::MAX)).contains(page)) else {
        return Ok(no_page());
    };
    let quoted: Vec<String> = columns.iter().map(|column| quote(column)).collect();
    let source = relation.quoted();
    // One statement sees one state, so that count and records fit together.
    let sql = format!(
        "select (select count(*) from {source}), \
         (select coalesce(string_agg(row_to_json(record)::text, ','), '') from \
         (select {} from {source} order by {} limit {size} offset {}) as record)",
        quoted.join(", "),
        quote(row.get(1)),
        (page - 1) * size
    );
    let rows = client.ask(&sql, &[]).await?;
    let row = rows.first().ok_or(WebError::NotFound)?;
    let (count, records): (i64, String) = (row.get(0), row.get(1));
    if records.is_empty() && page > 1 {
        return Ok(no_page());
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.ok_or_else(|| WebError::Bad("The request names no host.".into()))?;
    let address = |page: i64| -> Value {
        let size = if asked.page_size.is_some() {
            format!("&page_size={size}")
        } else {
            String::new()
        };
        json!(format!(
            "{}://{host}/{path}/?page={page}{size}",
            app.scheme()
        ))
    };
    let next = if page * size < count {
        address(page + 1)
    } else {
        Value::Null
    };
    let prev = if page > 1 {
        address(page - 1)
    } else {
        Value::Null
    };
    let body = format!(
        "{{\"count\":{count},\"next\":{next},\"prev\":{prev},\"previous\":{prev},\"results\":[{records}]}}"
    );
    Ok(raw(StatusCode::OK, body))
}

fn no_page() -> axum::response::Response {
    answer(StatusCode::NOT_FOUND, &json!({ "detail": "Invalid page." }))
}
