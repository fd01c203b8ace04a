//! The list of resources under /api/, as JSON and as a page. document.rs describes them for OpenAPI.

use super::accept::{Format, accepted};
use super::caller::Caller;
use super::endpoint::Endpoint;
use super::extract::Params;
use super::{ApiResult, answer, base, origin};
use crate::web::auth::Account;
use crate::web::data::catalogue::{self, Column, Relation};
use crate::web::data::edit::{Table, tables};
use crate::web::data::pool::Client;
use crate::web::data::words::Words;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A documented table or view: those of schemas public and quality, registered tables, and jobs.
pub(super) struct Offered {
    /// The name in addresses.
    pub(super) name: String,
    pub(super) relation: Relation,
    pub(super) table: Option<Arc<Table>>,
}

impl Offered {
    pub(super) fn methods(&self) -> Vec<(&'static str, String)> {
        let list = format!("/api/{}/", self.name);
        let mut methods = vec![("GET", list.clone())];
        let table = self.table.as_ref();
        if table.is_some_and(|table| table.may_add) {
            methods.push(("POST", list));
        }
        if let Some(record) = self.record_path() {
            methods.push(("GET", record.clone()));
            if table.is_some_and(|table| table.may_change) {
                methods.push(("PUT", record.clone()));
                methods.push(("PATCH", record.clone()));
            }
            if table.is_some_and(|table| table.may_delete) {
                methods.push(("DELETE", record));
            }
        }
        methods
    }

    /// The column that names a record in its address. Keys with several columns have no address.
    pub(super) fn key(&self) -> Option<&Column> {
        match self.relation.key_columns.as_slice() {
            [key] => self.relation.column(key),
            _ => None,
        }
    }

    fn record_path(&self) -> Option<String> {
        let key = self.key()?;
        Some(format!("/api/{}/{{{}}}/", self.name, key.name))
    }
}

pub(super) async fn offered(client: &Client) -> ApiResult<Vec<Offered>> {
    let registered = tables(client).await?;
    let registered: Vec<String> = registered
        .into_iter()
        .map(|table| {
            if table.short_name.contains('.') {
                table.short_name
            } else {
                format!("public.{}", table.short_name)
            }
        })
        .collect();
    let mut offered = Vec::new();
    for relation in catalogue::described(client).await? {
        let schema = relation.name.split('.').next().unwrap_or_default();
        let is_registered = registered.contains(&relation.name);
        let is_job = relation.name == "elt.job_status";
        if !is_registered && !is_job && !["public", "quality"].contains(&schema) {
            continue;
        }
        let table = if is_registered {
            Some(Table::find(client, &relation.name).await?)
        } else {
            None
        };
        let name = relation
            .name
            .strip_prefix("public.")
            .unwrap_or(&relation.name);
        let mut each = Offered {
            name: if is_job { "jobs".into() } else { name.into() },
            relation,
            table,
        };
        if is_job {
            each.relation.key_columns = vec!["job_id".into()];
        }
        offered.push(each);
    }
    // Tables that accept new rows come first, and rules last.
    offered.sort_by_key(|each| match &each.table {
        Some(table) if table.may_add => 0,
        _ if each.name == "jobs" => 1,
        _ if !each.name.contains('.') => 2,
        Some(_) => 3,
        None => 4,
    });
    Ok(offered)
}

#[derive(Template)]
#[template(path = "api.html", config = "src/web/askama.toml")]
struct ApiPage {
    page: Page,
    offered: Vec<Offered>,
    endpoints: Vec<Endpoint>,
    base: String,
    /// Only resources with these words are shown.
    search: Words,
}

/// Returns the page to browsers, and the addresses of all resources to programs.
pub(crate) async fn index(
    State(app): State<App>,
    params: Params,
    headers: HeaderMap,
    request: Request,
) -> ApiResult {
    let (mut parts, _) = request.into_parts();
    let format = accepted(&headers, &params, &[Format::Json, Format::Html])?;
    let base = base(&app, &headers);
    if format == Format::Html && !headers.contains_key(header::AUTHORIZATION) {
        let account = match Account::from_request_parts(&mut parts, &app).await {
            Ok(account) => account,
            Err(error) => return Ok(error.into_response()),
        };
        params.only(&["format", "q"])?;
        let search = Words::parse(params.get("q").unwrap_or_default());
        let client = app.pool.get(&account.zone).await?;
        let mut offered = offered(&client).await?;
        offered.retain(|each| search.are_in(&[&each.name, &each.relation.description]));
        let mut endpoints = Endpoint::all(&client).await?;
        endpoints.retain(|each| search.are_in(&[&each.path, &each.description]));
        let title = if search.is_empty() {
            "API".into()
        } else {
            format!("API: {}", search.text)
        };
        return Ok(render(&ApiPage {
            page: Page::new(title, "api", account),
            offered,
            endpoints,
            base: origin(&app, &headers),
            search,
        }));
    }
    let caller = Caller::from_request_parts(&mut parts, &app).await?;
    params.none_but_format()?;
    let client = app.pool.get(&caller.zone).await?;
    let mut links = Map::new();
    for each in offered(&client).await? {
        let link = format!("{base}/api/{}/", each.name);
        links.insert(each.name, json!(link));
    }
    Ok(answer(StatusCode::OK, &Value::Object(links)))
}
