//! Hints for failed requests.

use super::access::variables;
use super::page_error::PageError;
use super::request_error::RequestError;
use super::settings::Settings;

const PROXY: &str = "Check the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, and NO_PROXY.";

/// What a request is for.
pub(super) struct RequestContext {
    /// The page or the sign-in, for messages.
    pub(super) name: String,
    pub(super) purpose: Purpose,
    /// The request has no token.
    pub(super) is_anonymous: bool,
    pub(super) uses_proxy: bool,
}

#[derive(Clone, Copy)]
pub(super) enum Purpose {
    SignIn,
    FirstPage,
    LaterPage,
}

/// A sentence that suggests how to fix the error. None if no fix is known.
pub(super) fn hint(
    error: &RequestError,
    context: &RequestContext,
    settings: &Settings,
) -> Option<String> {
    let variables = variables(&settings.source);
    Some(match error {
        RequestError::Status { status, .. } => match (status.as_u16(), context.purpose) {
            // 400 is Django REST framework's answer to a wrong password.
            (400 | 401 | 403, Purpose::SignIn) => {
                format!("Check {variables}_USERNAME and {variables}_PASSWORD.")
            }
            (401 | 403, _) if context.is_anonymous => format!(
                "The API requires a sign-in: set {variables}_TOKEN, or sign_in_path in \
                     elt.rest_source."
            ),
            (401 | 403, _) => format!(
                "Check the credentials ({variables}_...) and the header of the token: \"{}: {} ...\" \
                     (token_header and token_prefix in elt.rest_source).",
                settings.token_header, settings.token_prefix
            ),
            (404 | 405, Purpose::SignIn) => {
                format!("Check {variables}_URL, and sign_in_path in elt.rest_source.")
            }
            (404, Purpose::LaterPage) => {
                "The server has fewer pages than it says; check pagination, first_page and \
                     page_parameter in elt.rest_source."
                    .into()
            }
            (404 | 405, _) => {
                format!("Check {variables}_URL, and path in elt.rest_source.")
            }
            (407, _) => PROXY.into(),
            (429 | 503, _) if error.retry_after() > Some(settings.max_retry_delay) => format!(
                "That is longer than max_retry_delay in elt.rest_source, {} s. Try again then.",
                settings.max_retry_delay.as_secs_f64()
            ),
            (429, _) => "Ask for less: elt load --requests 1, or requests_per_second in \
                             elt.rest_source."
                .into(),
            (500.., _) => "Try again later.".into(),
            _ => return None,
        },
        RequestError::Connect { .. } if context.uses_proxy => PROXY.into(),
        RequestError::Connect { .. } => {
            format!("Check {variables}_URL, and that the server is running.")
        }
        RequestError::Tls { reason } if reason.contains("not valid for name") => {
            format!("The certificate has another name: check {variables}_URL.")
        }
        RequestError::Tls { reason } if reason.contains("corrupt message") => {
            format!("The server does not seem to use https: try http in {variables}_URL.")
        }
        RequestError::Tls { .. } => format!(
            "A private authority's certificates (PEM) go into a file that {variables}_TLS_ROOTS \
                 names."
        ),
        RequestError::TooLong { .. } => {
            "Use smaller pages (page_size in elt.rest_source), or raise the limit \
                 (max_response_bytes)."
                .into()
        }
        RequestError::TimedOut { .. } => {
            "Use smaller pages or a longer timeout: page_size and response_timeout in \
                 elt.rest_source."
                .into()
        }
        RequestError::Redirect { .. } => {
            format!("If that address is right, set {variables}_URL to it.")
        }
        RequestError::Request { .. } => "Check the row of elt.rest_source.".into(),
        RequestError::NotAPage {
            error: PageError::Truncated { .. },
            ..
        } => "Try again later.".into(),
        RequestError::NotAPage { .. } => {
            "Check that elt.rest_source describes this API: records_at, count_at and next_at \
                 name the parts of a page."
                .into()
        }
        RequestError::Broken { reason } if reason.contains("HTTP version") => {
            format!("The server does not seem to use http: try https in {variables}_URL.")
        }
        RequestError::Broken { .. } => "Try again later.".into(),
        RequestError::Stopped => return None,
    })
}
