//! For programs: tokens, and views page by page (elt.api_endpoint).

mod endpoint;
mod token;

pub(super) use endpoint::endpoint;
pub(super) use token::sign_in;

use axum::http::StatusCode;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// What a program is told, as JSON.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    raw(status, body.to_string())
}

/// `body`: a JSON document.
fn raw(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
