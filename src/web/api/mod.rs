//! The REST API: tokens, tables and views as resources, jobs, and views in the format of the APIs that elt loads from
//! (elt.api_endpoint).

mod accept;
mod body;
mod browse;
mod caller;
mod create;
mod cursor;
mod document;
mod endpoint;
mod error;
mod extract;
mod form_body;
mod index;
mod job;
mod list;
mod metadata;
mod metrics;
mod operation;
mod page;
mod paging;
mod parameters;
mod query;
mod record;
mod resource;
mod responses;
mod schema;
mod slash;
mod token;
mod write;

pub(super) use browse::browse;
pub(super) use caller::Caller;
pub(super) use create::create;
pub(super) use document::document;
pub(super) use endpoint::endpoint;
pub(super) use error::{ApiError, no_such_method};
pub(super) use index::index;
pub(super) use job::{cancel, retry};
pub(super) use list::list;
pub(super) use metadata::{
    about_action, about_document, about_endpoint, about_index, about_list, about_record,
    about_sign_in,
};
pub(super) use metrics::metrics;
pub(super) use record::retrieve;
pub(super) use slash::{add_slash, endpoint_without_slash};
pub(super) use token::sign_in;
pub(super) use write::{change, delete};

use super::state::App;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The result of a request to the API.
type ApiResult<T = Response> = Result<T, ApiError>;

/// A JSON response.
fn answer(status: StatusCode, body: &Value) -> Response {
    raw(status, body.to_string())
}

/// A response with a JSON document.
fn raw(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Start of the addresses in a response: scheme and host if the host is allowed by name, else empty, because a
/// request can name any host.
fn base(app: &App, headers: &HeaderMap) -> String {
    match app.hosts.named(headers) {
        Some(host) => format!("{}://{host}", app.scheme()),
        None => String::new(),
    }
}

/// Scheme and host that a browser used, for the commands that a page shows to its user.
fn origin(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    format!("{}://{host}", app.scheme())
}
