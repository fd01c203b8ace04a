//! Sends a request and reads its response, which is limited in size and time.

use super::Client;
use super::http::Host;
use crate::extract::rest::address::{self, without_query};
use crate::extract::rest::rate_limit::{wait_after_failure, wait_after_success};
use crate::extract::rest::request_error::RequestError;
use crate::extract::rest::server_text::server_text;
use crate::terminal;
use chrono::Utc;
use reqwest::Url;
use reqwest::blocking::{RequestBuilder, Response as HttpResponse};
use reqwest::header;
use std::io::Read;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The number of redirects to follow.
pub(super) const MOST_REDIRECTS: usize = 5;

/// A successful response.
pub(super) struct Response {
    pub(super) body: Vec<u8>,
    /// The content type, unless it is JSON.
    pub(super) content_type: Option<String>,
    /// The address of the next page in the header `Link`.
    pub(super) next_link: Option<String>,
    /// The headers Link.
    pub(super) links: Vec<String>,
}

impl Client {
    /// Sends a request, whose turn it is. Redirects are followed within the origin, with the same method and the same
    /// headers. The library would turn a POST into a GET and omit some headers.
    pub(super) fn send(
        &self,
        host: &Host,
        url: &Url,
        request: impl Fn(&Url) -> RequestBuilder,
    ) -> Result<Response, RequestError> {
        let mut url = url.clone();
        for redirects in 0..=MOST_REDIRECTS {
            if redirects > 0 {
                self.pace.wait_for_turn()?;
            }
            let timeout = self.settings.response_timeout;
            let mut response = self.exchange(host, request(&url).timeout(timeout))?;
            let status = response.status();
            if matches!(status.as_u16(), 301 | 302 | 307 | 308) {
                url = redirect_target(&url, &response)?;
                continue;
            }
            if status.is_success() {
                self.heed_limits(host, &response);
                return Ok(Response {
                    content_type: other_content_type(&response),
                    next_link: next_link(&response),
                    links: links(&response),
                    body: self.read_body(&mut response)?,
                });
            }
            return Err(self.status_error(&mut response));
        }
        Err(too_many_redirects())
    }

    /// Sends one request, and waits for the beginning of its response.
    pub(super) fn exchange(
        &self,
        host: &Host,
        request: RequestBuilder,
    ) -> Result<HttpResponse, RequestError> {
        let response = request
            .send()
            .map_err(|error| self.request_error(host, error))?;
        host.has_answered.store(true, Ordering::Relaxed);
        Ok(response)
    }

    /// The error of a response that is neither a success nor a redirect.
    pub(super) fn status_error(&self, response: &mut HttpResponse) -> RequestError {
        let status = response.status();
        let retry_after = wait_after_failure(status, response.headers(), Utc::now());
        // Without a complete body, the error has no detail.
        let body = self.read_body(response).unwrap_or_default();
        RequestError::Status {
            status,
            retry_after,
            detail: server_text(&body),
        }
    }

    /// Delays the next requests if a successful response says that a limit is reached.
    pub(super) fn heed_limits(&self, host: &Host, response: &HttpResponse) {
        let wait = wait_after_success(response.headers(), Utc::now());
        // A limit of the host that returns tokens does not concern the next pages.
        if let Some(wait) = wait.filter(|_| std::ptr::eq(host, &self.api)) {
            self.hold_for_limit(wait);
        }
    }

    /// Delays all requests until a limit of the server allows more. If that takes too long, the next request is sent,
    /// and its response shows whether it was too many.
    fn hold_for_limit(&self, wait: Duration) {
        if wait.is_zero() || wait > self.settings.max_retry_delay {
            return;
        }
        self.pace.hold(wait);
        let text = format!(
            "source \"{}\": the server allows no more requests for {:.1} s; elt waits",
            self.settings.source,
            wait.as_secs_f64()
        );
        if self.has_waited.swap(true, Ordering::Relaxed) {
            terminal::step(&text);
        } else {
            terminal::note(text);
        }
    }

    fn read_body(&self, response: &mut HttpResponse) -> Result<Vec<u8>, RequestError> {
        let limit = self.settings.max_response_bytes;
        let mut body = Vec::new();
        // One byte above the limit shows that the body is too long. The limit applies to unpacked bytes.
        let read = response.take(limit as u64 + 1).read_to_end(&mut body);
        match read {
            Ok(_) if body.len() > limit => Err(RequestError::TooLong { limit }),
            Ok(_) => Ok(body),
            Err(error) if is_time_out(&error) => Err(self.timed_out()),
            Err(error) => Err(RequestError::Broken {
                reason: innermost(&error),
            }),
        }
    }

    fn timed_out(&self) -> RequestError {
        RequestError::TimedOut {
            limit: self.settings.response_timeout,
        }
    }

    fn request_error(&self, host: &Host, error: reqwest::Error) -> RequestError {
        // The address may contain secrets.
        let error = error.without_url();
        let reason = innermost(&error);
        if error.is_builder() {
            return RequestError::Request { reason };
        }
        if causes(&error).any(|cause| cause.is::<rustls::Error>()) {
            return RequestError::Tls { reason };
        }
        if error.is_connect() {
            return RequestError::Connect {
                reason: if error.is_timeout() {
                    format!("none within {:?}", self.settings.connect_timeout)
                } else {
                    reason
                },
                worked_before: host.has_answered.load(Ordering::Relaxed),
            };
        }
        if error.is_timeout() {
            return self.timed_out();
        }
        RequestError::Broken { reason }
    }
}

/// The address of a redirect. It must have the same scheme, host and port, because the request contains the token.
fn redirect_target(from: &Url, response: &HttpResponse) -> Result<Url, RequestError> {
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    let to = location.and_then(|location| from.join(location).ok());
    match to {
        Some(to) if to.origin() == from.origin() => Ok(to),
        to => Err(RequestError::Redirect {
            reason: match to {
                Some(to) => format!(
                    "the server redirects to another host: {}",
                    without_query(&to)
                ),
                None => "the server redirects without an address".into(),
            },
        }),
    }
}

pub(super) fn too_many_redirects() -> RequestError {
    RequestError::Redirect {
        reason: "too many redirects".into(),
    }
}

/// The message of the root cause.
pub(in crate::extract) fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    causes(error)
        .last()
        .map_or_else(String::new, ToString::to_string)
}

/// The content type, unless it is JSON.
fn other_content_type(response: &HttpResponse) -> Option<String> {
    let content_type = response
        .headers()
        .get(header::CONTENT_TYPE)?
        .to_str()
        .ok()?;
    let content_type = content_type.split(';').next().unwrap_or_default();
    (!content_type.contains("json")).then(|| content_type.chars().take(40).collect())
}

/// The address of the next page. The header may be there several times.
fn next_link(response: &HttpResponse) -> Option<String> {
    let mut links = response.headers().get_all(header::LINK).iter();
    links.find_map(|link| address::next_link(link.to_str().ok()?).map(str::to_string))
}

/// The headers Link that are text.
fn links(response: &HttpResponse) -> Vec<String> {
    let links = response.headers().get_all(header::LINK).iter();
    let texts = links.filter_map(|link| Some(link.to_str().ok()?.to_string()));
    texts.collect()
}

pub(super) fn is_time_out(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::TimedOut
        || causes(error).any(|cause| {
            let error = cause.downcast_ref::<reqwest::Error>();
            error.is_some_and(reqwest::Error::is_timeout)
        })
}

/// The error and its causes. The source() of an io::Error skips the error that it wraps.
pub(in crate::extract) fn causes<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error), |cause| {
        let wrapped = cause.downcast_ref::<std::io::Error>();
        let inner = wrapped.and_then(std::io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as &(dyn std::error::Error + 'static)),
            None => cause.source(),
        }
    })
}
