//! Reads forms before any check can refuse them, so that the error page can show the entered values.

use super::Pairs;
use super::fields::Fields;
use super::kept_form::{Kept, KeptPage, is_filled_in};
use crate::web::error::error_message;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// Largest form, in bytes. There are no uploads.
const LARGEST: usize = 256 * 1024;
/// Up to this size, a form that is too large is read, to show its values again.
const LARGEST_SHOWN: usize = 1024 * 1024;
/// A sign-in form that carries another form is larger, because of the prefixes of its fields.
pub(crate) const LARGEST_CARRIED: usize = LARGEST + 16 * 1024;
/// How long a form may take to arrive.
const ARRIVAL_LIMIT: Duration = Duration::from_secs(30);

/// Middleware: reads the form of a request, and adds its values to a response that refuses it.
pub(crate) async fn receive(request: Request, next: Next) -> Response {
    if !is_form(&request) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let largest = match parts.uri.path() {
        "/sign-in" => LARGEST_CARRIED,
        path if is_filled_in(path) => LARGEST_SHOWN,
        _ => LARGEST,
    };
    let bytes = match tokio::time::timeout(ARRIVAL_LIMIT, to_bytes(body, largest)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => {
            return too_large(parts.uri.path());
        }
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let fields: Pairs = serde_urlencoded::from_bytes(&bytes).unwrap_or_default();
    let address = parts.uri.path_and_query();
    let kept = address.and_then(|address| Kept::from_form(address.as_str(), &fields));
    parts.extensions.insert(Fields(Arc::new(fields)));
    let Some(kept) = kept.filter(|_| is_from_here(&parts.headers)) else {
        return next
            .run(Request::from_parts(parts, Body::from(bytes)))
            .await;
    };
    if bytes.len() > largest_to_do(&parts, &kept) {
        return KeptPage::for_status(StatusCode::PAYLOAD_TOO_LARGE, kept);
    }
    parts.extensions.insert(kept.clone());
    let (asked, again) = (parts.clone(), next.clone());
    let response = next
        .run(Request::from_parts(parts, Body::from(bytes)))
        .await;
    let status = response.status();
    if asked.uri.path() == "/sign-in" && status == StatusCode::SEE_OTHER {
        return show(asked, &kept, response, again).await;
    }
    let is_refused = status.is_client_error() || status.is_server_error();
    match error_message(&response) {
        Some(message) => KeptPage::response(status, message, kept),
        None if is_refused && !is_page(&response) => KeptPage::for_status(status, kept),
        None => response,
    }
}

fn too_large(path: &str) -> Response {
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    if path.starts_with("/api/") {
        let body = "{\"detail\":\"The body is larger than 256 KiB.\"}";
        (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    } else {
        (status, "the form is too large\n").into_response()
    }
}

/// A form that is only shown again may be larger than one that is executed.
fn largest_to_do(parts: &Parts, kept: &Kept) -> usize {
    if parts.uri.path() == "/sign-in" || kept.is_shown {
        LARGEST_SHOWN
    } else {
        LARGEST
    }
}

/// Whether the request is a form of a page and not a request to the API.
fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let path = request.uri().path();
    // Requests of programs have a token, or ask for one.
    let is_page = if path.starts_with("/api/") {
        !request.headers().contains_key(header::AUTHORIZATION)
    } else {
        !path.starts_with("/api")
    };
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    request.method() == Method::POST && is_form && is_page
}

/// Whether the form is from this site. Values that another site sends must not look as if the user had typed them.
fn is_from_here(headers: &HeaderMap) -> bool {
    if let Some(from) = headers.get("sec-fetch-site") {
        return from == "same-origin" || from == "none";
    }
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text(header::ORIGIN) {
        None => true,
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text(header::HOST),
    }
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Shows the form that could not be sent before the sign-in, with its values. `signed_in` has the session's cookie.
async fn show(mut parts: Parts, kept: &Kept, signed_in: Response, next: Next) -> Response {
    let cookies: Vec<HeaderValue> = signed_in
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .cloned()
        .collect();
    let session = cookies.first().and_then(|cookie| {
        let cookie = cookie.to_str().ok()?;
        HeaderValue::from_str(cookie.split(';').next()?).ok()
    });
    let (Some(session), Ok(uri)) = (session, kept.action.parse::<Uri>()) else {
        return signed_in;
    };
    parts.uri = uri;
    parts.headers.insert(header::COOKIE, session);
    parts.headers.remove(header::CONTENT_LENGTH);
    let fields = kept.to_show();
    parts.extensions.insert(Fields(Arc::new(fields)));
    let mut response = next.run(Request::from_parts(parts, Body::empty())).await;
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
