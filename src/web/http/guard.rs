//! Sets security headers, and refuses forms of other sites and unknown host names.

use crate::web::api::ApiError;
use crate::web::auth::Cookies;
use crate::web::error::WebError;
use crate::web::http::flash;
use crate::web::http::host::Hosts;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower::{Layer, ServiceExt};
use tower_http::csrf::{CsrfLayer, ProtectionError};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Other sites cannot run code in a page, frame it or learn its address, and no page is cached. Deletes the message
/// cookie once a page has shown it.
pub(crate) async fn headers(
    State(is_https): State<bool>,
    request: Request,
    next: Next,
) -> Response {
    let has_message = !flash::message(request.headers()).is_empty();
    let mut response = next.run(request).await;
    let is_page = response.status().is_success()
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if has_message && is_page {
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

/// Refuses forms of other sites. Another site can make a browser send its cookies, but no other credentials, so a
/// request without an API token must come from a page of this site. tower-http's check of Sec-Fetch-Site and Origin
/// accepts requests with neither header; browsers send one of them with every form, so a request that has a session
/// and neither header is refused as well.
pub(crate) async fn forms_of_this_site(
    State(cookies): State<Cookies>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let is_api = is_api(request.uri());
    let has_session = cookies.token(headers).is_some();
    if is_api && (headers.contains_key(header::AUTHORIZATION) || !has_session) {
        return next.run(request).await;
    }
    let has_origin = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    if !request.method().is_safe() && has_session && !has_origin {
        return refuse(is_api, "The form does not say which page it is from.");
    }
    let checked = CsrfLayer::new().layer(next).oneshot(request).await;
    match checked {
        Ok(response) if response.extensions().get::<ProtectionError>().is_none() => response,
        _ => refuse(is_api, "The form is from a page of another site."),
    }
}

/// Refuses requests to a host name that is not allowed.
pub(crate) async fn allowed_hosts(
    State(hosts): State<Hosts>,
    request: Request,
    next: Next,
) -> Response {
    match hosts.refused(request.uri(), request.headers()) {
        None => next.run(request).await,
        Some(host) => {
            let message = format!(
                "The host name {} is not allowed. To allow it, start the server with --allowed-host.\n",
                host.escape_debug()
            );
            (StatusCode::MISDIRECTED_REQUEST, message).into_response()
        }
    }
}

/// Refuses as JSON or as a page.
fn refuse(is_api: bool, message: &'static str) -> Response {
    let refused = WebError::Forbidden(message);
    if is_api {
        ApiError::Web(refused).into_response()
    } else {
        refused.into_response()
    }
}

pub(crate) fn is_api(uri: &Uri) -> bool {
    let path = uri.path();
    path.starts_with("/api/") || path.starts_with("/api-token-auth")
}
