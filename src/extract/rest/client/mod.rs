//! Requests one page at a time: signs in, and retries transient errors.

mod http;
mod response;

use super::access::Access;
use super::address::{self, is_loopback, without_query};
use super::hint::{Purpose, RequestContext, hint};
use super::members::string_at;
use super::pace::Pace;
use super::page::Page;
use super::request::PageRequest;
use super::request_error::{ApiFailure, RequestError};
use super::retry::{RetryDecision, jitter};
use super::settings::{Pagination, Settings};
use super::token::{Token, Tokens};
use crate::terminal;
use anyhow::Result;
use http::{build_http_client, has_proxy};
use reqwest::blocking::Client as HttpClient;
use reqwest::{StatusCode, Url};
use response::Response;
use std::sync::atomic::AtomicBool;

pub(super) struct Client {
    http: HttpClient,
    pub(super) settings: Settings,
    pub(super) base: Url,
    tokens: Tokens,
    pub(super) pace: Pace,
    /// A request to this host was answered before.
    has_answered: AtomicBool,
}

/// Why an attempt failed: the request itself, or the sign-in before it.
enum AttemptError {
    Request(RequestError),
    SignIn(ApiFailure),
}

impl From<RequestError> for AttemptError {
    fn from(error: RequestError) -> AttemptError {
        AttemptError::Request(error)
    }
}

impl Client {
    pub(super) fn new(access: Access) -> Result<Client> {
        let Access {
            settings,
            base,
            credentials,
            tls_roots,
        } = access;
        Ok(Client {
            http: build_http_client(&settings, &base, tls_roots)?,
            tokens: Tokens::new(credentials, &settings.token_prefix),
            pace: Pace::new(settings.requests_per_second),
            has_answered: AtomicBool::new(false),
            settings,
            base,
        })
    }

    /// Requests a page. None if there is no such page, after a page whose number is not known to be the last one.
    /// `number` is for messages. `is_wanted` is called before each attempt.
    pub(super) fn fetch_page(
        &self,
        number: u64,
        request: &PageRequest,
        is_wanted: impl Fn() -> bool,
    ) -> Result<Option<Page>, ApiFailure> {
        let parameter = match self.settings.pagination {
            Pagination::Cursor => &self.settings.cursor_parameter,
            _ => &self.settings.page_parameter,
        };
        let name = format!("page {number} ({})", request.shown(parameter));
        // Numbers beyond the last page have no page.
        let may_be_missing = number > 1
            && matches!(
                self.settings.pagination,
                Pagination::Page | Pagination::Offset
            );
        let purpose = if number == 1 {
            Purpose::FirstPage
        } else {
            Purpose::LaterPage
        };
        let context = self.context(name, purpose);
        let mut has_renewed = false;
        self.with_retries(&context, || {
            if !is_wanted() {
                return Err(RequestError::Stopped.into());
            }
            let (mut response, token) = self.send_with_token(request)?;
            // The token may have expired: retry once with a new one.
            if let (Err(RequestError::Status { status, .. }), Some(token)) = (&response, &token)
                && *status == StatusCode::UNAUTHORIZED
                && !has_renewed
                && self.tokens.replace(token)
            {
                has_renewed = true;
                (response, _) = self.send_with_token(request)?;
            }
            if may_be_missing
                && let Err(RequestError::Status { status, .. }) = &response
                && *status == StatusCode::NOT_FOUND
            {
                return Ok(None);
            }
            let Response {
                body,
                content_type,
                next_link,
            } = response?;
            let page = Page::read(body, &self.settings, next_link);
            page.map(Some).map_err(|(error, body)| {
                RequestError::NotAPage {
                    error,
                    content_type,
                    detail: self.detail(&body, token.as_ref()),
                }
                .into()
            })
        })
    }

    /// Sends the request with the token, if the API needs one. Returns the response and the token.
    fn send_with_token(
        &self,
        request: &PageRequest,
    ) -> Result<(Result<Response, RequestError>, Option<Token>), AttemptError> {
        let token = self
            .tokens
            .get(|username, password| self.sign_in(username, password));
        let token = token.map_err(AttemptError::SignIn)?;
        let response = self.send(&request.url, token.as_ref(), |url| {
            let request = match &request.body {
                None => self.http.get(url.clone()),
                Some(body) => self.http.post(url.clone()).body(body.to_string()),
            };
            match &token {
                Some(token) => request.header(&self.settings.token_header, &token.header),
                None => request,
            }
        });
        Ok((response, token))
    }

    fn sign_in(&self, username: &str, password: &str) -> Result<String, ApiFailure> {
        let path = self.settings.sign_in_path.as_deref().unwrap_or_default();
        let url = address::join(&self.base, path);
        let context = self.context(
            format!("signing in at {}", without_query(&url)),
            Purpose::SignIn,
        );
        let body = serde_json::json!({ "username": username, "password": password }).to_string();
        let response = self.with_retries(&context, || {
            let post = |url: &Url| self.http.post(url.clone()).body(body.clone());
            Ok(self.send(&url, None, post)?)
        })?;
        let key = &self.settings.token_at;
        string_at(&response.body, key).ok_or_else(|| ApiFailure {
            message: format!("{}: the answer has no \"{key}\"", context.name),
            hint: Some("Check sign_in_path and token_at in elt.rest_source.".into()),
        })
    }

    /// Calls `attempt` until it succeeds or a retry is useless.
    fn with_retries<T>(
        &self,
        context: &RequestContext,
        mut attempt: impl FnMut() -> Result<T, AttemptError>,
    ) -> Result<T, ApiFailure> {
        let mut attempts = 1;
        loop {
            let error = match attempt() {
                Ok(result) => return Ok(result),
                Err(AttemptError::Request(error)) => error,
                Err(AttemptError::SignIn(failure)) => return Err(failure),
            };
            let decision = error.retry_decision(attempts, jitter(), &self.settings);
            let RetryDecision::Retry { after, for_all } = decision else {
                return Err(self.failure(context, attempts, &error));
            };
            terminal::warn(format!(
                "{}: {error}; retrying in {:.1} s ({} of {})",
                context.name,
                after.as_secs_f64(),
                attempts + 1,
                self.settings.max_attempts
            ));
            if for_all {
                self.pace.hold(after);
            } else if let Err(stopped) = self.pace.pause(after) {
                return Err(self.failure(context, attempts, &stopped));
            }
            attempts += 1;
        }
    }

    fn failure(&self, context: &RequestContext, attempts: u32, error: &RequestError) -> ApiFailure {
        let times = match attempts {
            1 => String::new(),
            several => format!(", {several} times"),
        };
        ApiFailure {
            message: format!("{}: {error}{times}", context.name),
            hint: hint(error, context, &self.settings),
        }
    }

    fn context(&self, name: String, purpose: Purpose) -> RequestContext {
        RequestContext {
            name,
            purpose,
            is_anonymous: self.tokens.is_anonymous(),
            uses_proxy: !is_loopback(&self.base) && has_proxy(),
        }
    }
}
