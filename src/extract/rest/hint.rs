//! Hints for failed requests.

use super::credentials::variables;
use super::page_error::PageError;
use super::request_error::RequestError;
use super::settings::Settings;
use super::token::prefix;
use super::tokens::Proof;

const PROXY: &str = "Check the proxy in HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, and NO_PROXY.";
const ASK_LESS: &str =
    "Ask for less: elt load --requests 1, or requests_per_second in elt.rest_source.";

/// What a request is for.
pub(super) struct RequestContext {
    /// The page or the sign-in, for messages.
    pub(super) name: String,
    pub(super) purpose: Purpose,
    /// How the request shows who asks.
    pub(super) proof: Proof,
    pub(super) uses_proxy: bool,
    /// The setting that has the address of the host.
    pub(super) address_setting: String,
}

#[derive(Clone, Copy)]
pub(super) enum Purpose {
    SignIn,
    FirstPage,
    LaterPage,
    File,
}

/// A sentence that suggests how to fix the error. None if no fix is known.
pub(super) fn hint(
    error: &RequestError,
    context: &RequestContext,
    settings: &Settings,
) -> Option<String> {
    let variables = variables(&settings.source);
    let address = &context.address_setting;
    Some(match error {
        RequestError::Status { status, .. } => match (status.as_u16(), context.purpose) {
            (403 | 429 | 503, _) if error.retry_after() > Some(settings.max_retry_delay) => format!(
                "That is longer than max_retry_delay in elt.rest_source, {} s. Try again then.",
                settings.max_retry_delay.as_secs_f64()
            ),
            (403, _) if error.retry_after().is_some() => ASK_LESS.into(),
            // 400 is the answer of Django REST framework to a wrong password, and of OAuth2 to other mistakes.
            (400 | 401 | 403, Purpose::SignIn) => format!(
                "Check {variables}_USERNAME and {variables}_PASSWORD, and sign_in and its parameters in \
                     elt.rest_source."
            ),
            (401 | 403, Purpose::File) if matches!(context.proof, Proof::None) => format!(
                "The server requires credentials: set {variables}_TOKEN, or {variables}_USERNAME and \
                     {variables}_PASSWORD."
            ),
            (404 | 410, Purpose::File) => format!("Check {address}."),
            (429, Purpose::File) => "Try again later.".into(),
            (401 | 403, _) => refused(context.proof, &variables, settings),
            (404 | 405, Purpose::SignIn) if settings.sign_in_url.is_some() => {
                "Check sign_in_url in elt.rest_source.".into()
            }
            (404 | 405, Purpose::SignIn) => {
                format!("Check {address}, and sign_in_path in elt.rest_source.")
            }
            (415, Purpose::SignIn) => {
                "Check sign_in in elt.rest_source: the API may want a form instead of an object, or \
                     the reverse."
                    .into()
            }
            (404, Purpose::LaterPage) => {
                "The server has fewer pages than it says; check pagination, first_page and \
                     page_parameter in elt.rest_source."
                    .into()
            }
            // The option has the path, too.
            (404 | 405, _) if address.starts_with("--from") => format!("Check {address}."),
            (404 | 405, _) => format!("Check {address}, and path in elt.rest_source."),
            (407, _) => PROXY.into(),
            (429, _) => ASK_LESS.into(),
            (500.., _) => "Try again later.".into(),
            _ => return None,
        },
        RequestError::Connect { .. } if context.uses_proxy => PROXY.into(),
        RequestError::Connect { .. } => {
            format!("Check {address}, and that the server is running.")
        }
        RequestError::Tls { reason } if reason.contains("not valid for name") => {
            format!("The certificate has another name: check {address}.")
        }
        RequestError::Tls { reason } if reason.contains("corrupt message") => {
            format!("The server does not seem to use https: try http in {address}.")
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
        RequestError::TimedOut { .. } if matches!(context.purpose, Purpose::File) => {
            "Try again later, or with a longer response_timeout in a row of elt.rest_source.".into()
        }
        RequestError::TimedOut { .. } => {
            "Use smaller pages or a longer timeout: page_size and response_timeout in \
                 elt.rest_source."
                .into()
        }
        RequestError::Stalled { .. } => "Try again later, or with a longer response_timeout in a row of elt.rest_source.".into(),
        RequestError::Redirect { .. } => {
            format!("If that address is right, change {address} to it.")
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
            format!("The server does not seem to use http: try https in {address}.")
        }
        RequestError::Broken { .. } => "Try again later.".into(),
        RequestError::Stopped => return None,
    })
}

/// The hint for a request that was refused.
fn refused(proof: Proof, variables: &str, settings: &Settings) -> String {
    match (proof, &settings.token_parameter) {
        (Proof::None, _) => format!(
            "The API requires a sign-in: set {variables}_TOKEN, or sign_in_path in elt.rest_source."
        ),
        (Proof::Basic, _) => format!("Check {variables}_USERNAME and {variables}_PASSWORD."),
        (Proof::Token, Some(name)) => format!(
            "Check the credentials ({variables}_...) and the parameter of the token: \"{name}\" \
             (token_parameter in elt.rest_source)."
        ),
        (Proof::Token, None) => format!(
            "Check the credentials ({variables}_...) and the header of the token: \"{}: {} ...\" \
             (token_header and token_prefix in elt.rest_source).",
            settings.token_header,
            prefix(settings)
        ),
    }
}
