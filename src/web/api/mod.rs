//! The REST API: tokens, tables and views as resources, jobs, and views in the format of the APIs that elt loads from
//! (elt.api_endpoint).

mod body;
mod caller;
mod document;
mod endpoint;
mod error;
mod index;
mod job;
mod list;
mod metrics;
mod operation;
mod record;
mod resource;
mod schema;
mod token;

pub(super) use caller::Caller;
pub(super) use document::document;
pub(super) use endpoint::endpoint;
pub(super) use error::{ApiError, no_such_method};
pub(super) use index::index;
pub(super) use job::{cancel, retry};
pub(super) use list::list;
pub(super) use metrics::metrics;
pub(super) use record::{change, create, delete, replace, retrieve};
pub(super) use token::sign_in;

use axum::http::StatusCode;
use axum::http::header;
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
