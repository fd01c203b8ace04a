//! Requests one page at a time: signs in, and retries transient errors.

mod conceal;
mod download;
mod first;
mod http;
mod response;
mod sign_in;

use super::access::{Access, address_setting};
use super::credentials::Credentials;
use super::hint::{Purpose, RequestContext, hint};
use super::pace::Pace;
use super::page::Page;
use super::pages::Pages;
use super::request::PageRequest;
use super::request_error::{ApiFailure, RequestError};
use super::retry::{RetryDecision, jitter};
use super::server_text::server_text;
use super::settings::{Pagination, Settings};
use super::token::Token;
use super::tokens::Tokens;
use crate::terminal;
use anyhow::Result;
pub(super) use download::{FileAnswer, FileBody, FileRequest, FileSize};
pub(super) use http::Content;
use http::Host;
pub(in crate::extract) use http::{has_proxy, parse_roots};
use reqwest::{StatusCode, Url};
use response::Response;
pub(in crate::extract) use response::{causes, innermost};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) struct Client {
    pub(super) settings: Settings,
    pub(super) base: Url,
    api: Host,
    /// The host that returns tokens, if it is another one.
    other_host: Option<Host>,
    sign_in_url: Url,
    tokens: Arc<Tokens>,
    pub(super) pace: Arc<Pace>,
    /// A limit of the API was reached before.
    has_waited: AtomicBool,
    /// Trusted certificates in PEM format.
    tls_roots: Option<Vec<u8>>,
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
    /// `content`: what is requested. `setting`: the setting that has the address, for hints.
    pub(super) fn new(access: Access, content: Content, setting: String) -> Result<Client> {
        let Access {
            settings,
            base,
            sign_in,
            credentials,
            tls_roots,
        } = access;
        let host = |url: &Url, content: Content, setting: String| {
            Host::new(&settings, url, tls_roots.as_deref(), content, setting)
        };
        let is_elsewhere = sign_in.origin() != base.origin();
        let signs_in = matches!(credentials, Credentials::SignIn(_));
        let other_host = if signs_in && is_elsewhere {
            let setting = "sign_in_url in elt.rest_source";
            Some(host(&sign_in, Content::Pages, setting.into())?)
        } else {
            None
        };
        Ok(Client {
            api: host(&base, content, setting)?,
            other_host,
            sign_in_url: sign_in,
            tokens: Arc::new(Tokens::new(credentials, &settings)),
            pace: Arc::new(Pace::new(settings.requests_per_second)),
            has_waited: AtomicBool::new(false),
            settings,
            base,
            tls_roots,
        })
    }

    /// For the pages of an API.
    pub(super) fn for_pages(access: Access) -> Result<Client> {
        let setting = address_setting(&access.settings);
        Client::new(access, Content::Pages, setting)
    }

    /// The pages of the API, before the first is read. `since`: the text of `since_parameter`.
    pub(super) fn pages(&self, since: Option<&str>) -> Pages {
        Pages::new(&self.settings, &self.base, Arc::clone(&self.tokens), since)
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
        let name = format!("page {number} ({})", request.shown(parameter, &self.tokens));
        // Numbers beyond the last page have no page. A page that was counted may have gone.
        let is_numbered = matches!(
            self.settings.pagination,
            Pagination::Page | Pagination::Offset
        );
        let may_be_missing = number > 1 && (is_numbered || self.settings.count_at.is_some());
        let purpose = if number == 1 {
            Purpose::FirstPage
        } else {
            Purpose::LaterPage
        };
        let context = self.context(name, purpose, &self.api);
        self.with_retries(&context, || {
            if !is_wanted() {
                return Err(RequestError::Stopped.into());
            }
            let response = match self.with_token(|token| self.send_page(request, token)) {
                Err(AttemptError::Request(RequestError::Status { status, .. }))
                    if may_be_missing
                        && matches!(status, StatusCode::NOT_FOUND | StatusCode::GONE) =>
                {
                    return Ok(None);
                }
                response => response?,
            };
            let Response {
                body,
                content_type,
                next_link,
                ..
            } = response;
            let page = Page::read(body, &self.settings, next_link);
            page.map(Some).map_err(|(error, body)| {
                RequestError::NotAPage {
                    error,
                    content_type,
                    detail: server_text(&body),
                }
                .into()
            })
        })
    }

    /// Sends a request with the token, if the server needs one. A refused token may have expired: the request is sent
    /// once more with a new one.
    fn with_token<T>(
        &self,
        send: impl Fn(Option<&Token>) -> Result<T, RequestError>,
    ) -> Result<T, AttemptError> {
        let token = self.wait_with_token()?;
        let response = send(token.as_ref());
        if let (Err(RequestError::Status { status, .. }), Some(token)) = (&response, &token)
            && *status == StatusCode::UNAUTHORIZED
            && self.tokens.replace(token)
        {
            let token = self.wait_with_token()?;
            return Ok(send(token.as_ref())?);
        }
        Ok(response?)
    }

    fn send_page(
        &self,
        request: &PageRequest,
        token: Option<&Token>,
    ) -> Result<Response, RequestError> {
        let http = &self.api.http;
        self.send(&self.api, &request.url, |url| {
            let address = token.map_or_else(|| url.clone(), |token| token.address(url));
            let unsigned = match &request.body {
                None => http.get(address),
                Some(body) => http.post(address).body(body.to_string()),
            };
            match token {
                Some(token) => token.sign(unsigned),
                None => unsigned,
            }
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
            match attempt() {
                Ok(result) => return Ok(result),
                Err(AttemptError::Request(error)) => {
                    self.wait_to_retry(context, &mut attempts, error)?;
                }
                Err(AttemptError::SignIn(failure)) => return Err(failure),
            }
        }
    }

    /// Waits before the next attempt. `attempts`: the number of the attempt that failed, from 1.
    ///
    /// # Errors
    /// If a retry is useless.
    fn wait_to_retry(
        &self,
        context: &RequestContext,
        attempts: &mut u32,
        error: RequestError,
    ) -> Result<(), ApiFailure> {
        let error = self.conceal(error);
        let decision = error.retry_decision(*attempts, jitter(), &self.settings);
        let RetryDecision::Retry { after, for_all } = decision else {
            return Err(self.failure(context, *attempts, &error));
        };
        terminal::warn(format!(
            "{}: {error}; retrying in {:.1} s ({} of {})",
            context.name,
            after.as_secs_f64(),
            *attempts + 1,
            error.max_attempts(&self.settings)
        ));
        if for_all {
            self.pace.hold(after);
        } else if let Err(stopped) = self.pace.pause(after) {
            return Err(self.failure(context, *attempts, &stopped));
        }
        *attempts += 1;
        Ok(())
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

    fn context(&self, name: String, purpose: Purpose, host: &Host) -> RequestContext {
        RequestContext {
            name,
            purpose,
            proof: self.tokens.proof(),
            uses_proxy: host.uses_proxy,
            address_setting: host.setting.clone(),
        }
    }
}
