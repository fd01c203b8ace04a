//! Messages about a finished action, shown on the next page and kept in a cookie until then.

use crate::web::http::address::encoded;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};

const NAME: &str = "elt_said";
/// Longest message, in characters.
const LONGEST: usize = 300;

/// Redirects to a page of this site, which then shows `text`.
pub(crate) fn redirect(to: &str, text: &str) -> Response {
    let text: String = text.chars().take(LONGEST).collect();
    let cookie = format!(
        "{NAME}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=60",
        encoded(&text)
    );
    let mut response = Redirect::to(to).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The message of the cookie, or an empty text.
pub(crate) fn message(headers: &HeaderMap) -> String {
    let value = crate::web::auth::cookie(headers, NAME).unwrap_or_default();
    let pair: Result<Vec<(String, String)>, _> = serde_urlencoded::from_str(&format!("v={value}"));
    let text = pair.ok().and_then(|mut pair| pair.pop());
    text.map(|(_, text)| text.chars().take(LONGEST).collect())
        .unwrap_or_default()
}

/// The cookie that deletes the message after a page has shown it.
pub(crate) fn forget() -> HeaderValue {
    HeaderValue::from_static("elt_said=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
}
