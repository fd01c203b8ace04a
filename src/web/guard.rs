//! What protects every page: headers, and no forms from elsewhere.

use super::flash;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Nothing from elsewhere runs in a page, frames it, or learns its address; nothing of it is kept.
pub(super) async fn headers(
    State(is_https): State<bool>,
    request: Request,
    next: Next,
) -> Response {
    let says = !flash::said(request.headers()).is_empty();
    let mut response = next.run(request).await;
    let is_page = response.status().is_success()
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if says && is_page {
        let forget = flash::forget();
        response.headers_mut().append(header::SET_COOKIE, forget);
    }
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CACHE_CONTROL, "no-store");
    set(
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    );
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    if is_https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Beside tower-http's check of Sec-Fetch-Site and Origin, which lets pass what has neither: a browser
/// sends one of them with every form, so that a cookie without them is none of a form of ours.
pub(super) async fn forms_only_of_ours(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_safe = request.method().is_safe();
    let says_where_from =
        headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    if !is_safe && !says_where_from && headers.contains_key(header::COOKIE) {
        return (
            StatusCode::FORBIDDEN,
            "the form does not say where it is from\n",
        )
            .into_response();
    }
    next.run(request).await
}
