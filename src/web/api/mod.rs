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
mod record;
mod resource;
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

/// What came of a request: an answer, or why there is none.
type ApiResult<T = Response> = Result<T, ApiError>;

/// What a program is told, as JSON.
fn answer(status: StatusCode, body: &Value) -> Response {
    raw(status, body.to_string())
}

/// `body`: a JSON document.
fn raw(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
