//! Addresses of resources end with a slash. Reads without it are redirected; writes are accepted, so that no body is
//! lost. Addresses of pages have no slash.

use super::answer;
use super::caller::Caller;
use super::endpoint::Endpoint;
use super::extract::Named;
use crate::web::error::WebError;
use crate::web::state::App;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Redirects to the same address with a slash.
pub(crate) async fn add_slash(uri: Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}"));
    let to = format!("{}/{}", uri.path(), query.unwrap_or_default());
    let body = json!({ "detail": format!("The address is {to}") });
    let redirect = answer(StatusCode::PERMANENT_REDIRECT, &body);
    ([(header::LOCATION, to)], redirect).into_response()
}

/// Redirects to an endpoint that was asked for without the slash.
pub(crate) async fn endpoint_without_slash(
    State(app): State<App>,
    Named(path): Named<String>,
    uri: Uri,
    request: Request,
) -> Result<Response, WebError> {
    let (mut parts, _) = request.into_parts();
    let not_found = |_| WebError::NotFound;
    // Endpoints are not shown to callers without an account.
    let caller = Caller::from_request_parts(&mut parts, &app)
        .await
        .map_err(not_found)?;
    let client = app.pool.get(&caller.zone).await?;
    Endpoint::find(&client, &path).await.map_err(not_found)?;
    Ok(add_slash(uri).await)
}
