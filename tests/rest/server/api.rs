//! The requests that the server answers.

use super::failure::partial;
use super::fault::Kind;
use super::{Options, Request};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// The state that requests share.
pub(super) struct Api {
    pub(super) options: Options,
    pub(super) tokens: Mutex<HashSet<String>>,
    pub(super) requests: Mutex<Vec<Request>>,
    /// The number of pages that are being served.
    pub(super) busy: AtomicUsize,
    /// The maximum of `busy` so far.
    pub(super) most_busy: AtomicUsize,
}

pub(super) fn router(api: Arc<Api>) -> Router {
    let gzip = api.options.gzip;
    let router = Router::new()
        .route("/api-token-auth", post(sign_in))
        .route("/appointments/", get(page))
        .route("/moved/", get(page))
        .route("/sign-in", post(sign_in_elsewhere))
        .with_state(api);
    if gzip {
        // As nginx does unless it is told otherwise.
        router.layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
    } else {
        router
    }
}

async fn sign_in(
    State(api): State<Arc<Api>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    api.note(method, uri, &headers);
    if !is_json(&headers) {
        return answer(StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}".into());
    }
    let given: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    if given["username"] != api.options.username || given["password"] != api.options.password {
        let body = r#"{"non_field_errors": ["Unable to log in with provided credentials."]}"#;
        return answer(StatusCode::BAD_REQUEST, body.into());
    }
    let mut tokens = api.tokens.lock().unwrap();
    let token = format!("marker-token-{}-{}", std::process::id(), api.sign_ins());
    tokens.insert(token.clone());
    answer(StatusCode::OK, format!("{{\"token\": \"{token}\"}}").into())
}

/// A redirect, as Django sends it if the slash at the end is missing.
async fn sign_in_elsewhere() -> Response {
    let place = [(header::LOCATION, "/api-token-auth")];
    (StatusCode::MOVED_PERMANENTLY, place).into_response()
}

async fn page(
    State(api): State<Arc<Api>>,
    Query(query): Query<HashMap<String, String>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    api.note(method, uri.clone(), &headers);
    if !is_json(&headers) {
        return answer(StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}".into());
    }
    let authorization = headers.get(header::AUTHORIZATION);
    let authorization = authorization
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = authorization.strip_prefix("Token ").unwrap_or_default();
    if !api.tokens.lock().unwrap().contains(token) {
        let body = r#"{"detail": "Invalid token."}"#;
        return answer(StatusCode::UNAUTHORIZED, body.into());
    }
    let busy = api.busy.fetch_add(1, Ordering::SeqCst) + 1;
    api.most_busy.fetch_max(busy, Ordering::SeqCst);
    // Even a sleep of zero waits for the next millisecond.
    if !api.options.latency.is_zero() {
        tokio::time::sleep(api.options.latency).await;
    }
    api.busy.fetch_sub(1, Ordering::SeqCst);
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("page_size").unwrap_or(api.options.page_size).max(1);
    let page = number("page").unwrap_or(1);
    let strikes = |kind| {
        api.options
            .faults
            .iter()
            .any(|fault| fault.strikes(kind, page))
    };
    if let Some(response) = api.failure(&strikes, token, authorization, &uri) {
        return response;
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let body = api.body(
        &strikes,
        page,
        size,
        number("page_size"),
        host.unwrap_or_default(),
    );
    let Some(body) = body else {
        let body = r#"{"detail": "Invalid page."}"#;
        return answer(StatusCode::NOT_FOUND, body.into());
    };
    if strikes(Kind::Reset) {
        return partial(body, false);
    }
    if strikes(Kind::Slow) {
        return partial(body, true);
    }
    if strikes(Kind::Truncate) {
        let half = body.len() / 2;
        return answer(StatusCode::OK, body[..half].to_vec().into());
    }
    answer(StatusCode::OK, body.into())
}

impl Api {
    pub(super) fn scheme(&self) -> &'static str {
        if self.options.tls { "https" } else { "http" }
    }

    fn note(&self, method: Method, uri: Uri, headers: &HeaderMap) {
        self.requests.lock().unwrap().push(Request {
            method,
            uri,
            headers: headers.clone(),
            at: Instant::now(),
        });
    }

    fn sign_ins(&self) -> usize {
        let requests = self.requests.lock().unwrap();
        requests
            .iter()
            .filter(|request| request.method == Method::POST)
            .count()
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json")
}

pub(super) fn answer(status: StatusCode, body: Body) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
