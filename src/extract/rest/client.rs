//! One request at a time: signed in, bounded in size and time, asked again where that may help.

use super::access::{Access, Credentials, variables};
use super::address::{self, is_loopback, shown, without_query};
use super::pace::Pace;
use super::page::{self, Page};
use super::settings::Settings;
use super::trouble::{Remedy, Trouble, chance, retry_after};
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::Result;
use chrono::Utc;
use reqwest::blocking::{Client as Http, RequestBuilder, Response};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, StatusCode, Url, redirect};
use std::error::Error;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Within the host, and then no further.
const MOST_REDIRECTS: usize = 5;
/// Begins the name of that request.
const SIGNING_IN: &str = "signing in";
/// Of what the server says beside an error.
const LONGEST_DETAIL: usize = 200;

pub(super) struct Client {
    http: Http,
    pub(super) settings: Settings,
    pub(super) base: Url,
    credentials: Credentials,
    token: Mutex<Token>,
    pub(super) pace: Pace,
    /// The host was reached before.
    has_answered: AtomicBool,
}

#[derive(Default)]
struct Token {
    header: Option<HeaderValue>,
    /// How many there were before: two requests that are refused with one token ask for one other.
    number: u64,
}

impl Client {
    pub(super) fn new(access: Access) -> Result<Client> {
        let Access {
            settings,
            base,
            credentials,
            tls_roots,
        } = access;
        // Fails only if it was done before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = Http::builder()
            .user_agent(concat!("elt/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers(&settings)?)
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.response_timeout)
            .redirect(redirect::Policy::custom(within_origin))
            .referer(false);
        // As other programs do: a proxy does not know what this machine calls itself.
        if is_loopback(&base) {
            http = http.no_proxy();
        }
        if let Some(pem) = tls_roots {
            let roots = Certificate::from_pem_bundle(&pem).ok();
            let roots = roots.filter(|roots| !roots.is_empty()).ok_or_else(|| {
                let message = format!("source \"{}\": no certificate to trust", settings.source);
                Failure::new(Exit::Usage, message)
                    .detail("What is to be trusted is not in PEM format.")
                    .hint(format!(
                        "It begins with -----BEGIN CERTIFICATE-----, in the file that {}_TLS_ROOTS \
                         names or in elt.rest_source.tls_roots.",
                        variables(&settings.source)
                    ))
            })?;
            http = http.tls_certs_only(roots);
        }
        let pace = Pace::new(settings.requests_per_second);
        Ok(Client {
            http: http.build()?,
            token: Mutex::default(),
            has_answered: AtomicBool::new(false),
            settings,
            base,
            credentials,
            pace,
        })
    }

    /// The page at this address. `number` is for messages.
    pub(super) fn page(&self, number: u64, url: &Url) -> Result<Page> {
        let place = format!(
            "page {number} ({})",
            shown(url, &self.settings.page_parameter)
        );
        let mut has_renewed = false;
        self.persistently(&place, || {
            loop {
                let (header, token) = self.token()?;
                let mut request = self.http.get(url.clone());
                if let Some(header) = header {
                    request = request.header(&self.settings.token_header, header);
                }
                return match self.answer(request) {
                    // A token that has expired: once more with another one.
                    Err(Failed::Here(Trouble::Status { status, .. }))
                        if status == StatusCode::UNAUTHORIZED
                            && !has_renewed
                            && matches!(self.credentials, Credentials::Password { .. }) =>
                    {
                        has_renewed = true;
                        self.forget(token);
                        continue;
                    }
                    Err(failed) => Err(failed),
                    Ok(body) => Page::read(body, &self.settings)
                        .map_err(|error| Failed::Here(Trouble::NotAPage(error))),
                };
            }
        })
    }

    /// The header that shows who asks, and the number of the token in it.
    fn token(&self) -> Result<(Option<HeaderValue>, u64), Failed> {
        // While one thread signs in, the others wait here for what it gets.
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if token.header.is_none() {
            token.header = match &self.credentials {
                Credentials::None => None,
                Credentials::Token(secret) => Some(self.header(secret.expose())?),
                Credentials::Password { username, password } => {
                    let signed_in = self.sign_in(username.expose(), password.expose());
                    Some(signed_in.map_err(Failed::Elsewhere)?)
                }
            };
            token.number += 1;
        }
        Ok((token.header.clone(), token.number))
    }

    fn forget(&self, number: u64) {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if token.number == number {
            token.header = None;
        }
    }

    fn sign_in(&self, username: &str, password: &str) -> Result<HeaderValue> {
        let path = self.settings.sign_in_path.as_deref().unwrap_or_default();
        let url = address::join(&self.base, path);
        let place = format!("{SIGNING_IN} at {}", without_query(&url));
        let body = serde_json::json!({ "username": username, "password": password }).to_string();
        let answer = self.persistently(&place, || {
            self.answer(self.http.post(url.clone()).body(body.clone()))
        })?;
        let token = page::text_at(&answer, &self.settings.token_at).ok_or_else(|| {
            let message = format!("{place}: the answer has no \"{}\"", self.settings.token_at);
            Failure::new(Exit::Failed, message)
                .hint("Check sign_in_path and token_at in elt.rest_source.")
        })?;
        self.header(&token).map_err(Failed::into_error)
    }

    fn header(&self, token: &str) -> Result<HeaderValue, Failed> {
        let text = format!("{} {token}", self.settings.token_prefix);
        let mut value = HeaderValue::from_str(text.trim_start()).map_err(|_| {
            let message = format!("source \"{}\": the token is none", self.settings.source);
            Failed::Elsewhere(
                Failure::new(Exit::Usage, message)
                    .detail("It has characters that cannot stand in a header.")
                    .into(),
            )
        })?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Asks until there is an answer, or no hope.
    fn persistently<T>(
        &self,
        place: &str,
        mut ask: impl FnMut() -> Result<T, Failed>,
    ) -> Result<T> {
        let mut attempt = 1;
        loop {
            let trouble = match self.pace.wait_for_turn() {
                Ok(()) => match ask() {
                    Ok(answer) => return Ok(answer),
                    Err(Failed::Here(trouble)) => trouble,
                    Err(Failed::Elsewhere(error)) => return Err(error),
                },
                Err(stopped) => stopped,
            };
            let Remedy::Again { after, everybody } =
                trouble.remedy(attempt, chance(), &self.settings)
            else {
                return Err(self.explain(place, attempt, &trouble));
            };
            terminal::warn(&format!(
                "{place}: {trouble}; asking again in {:.1} s",
                after.as_secs_f64()
            ));
            let paused = match everybody {
                true => {
                    self.pace.hold(after);
                    Ok(())
                }
                false => self.pace.pause(after),
            };
            if let Err(stopped) = paused {
                return Err(self.explain(place, attempt, &stopped));
            }
            attempt += 1;
        }
    }

    fn explain(&self, place: &str, attempts: u32, trouble: &Trouble) -> anyhow::Error {
        let times = match attempts {
            1 => String::new(),
            several => format!(", {several} times"),
        };
        let failure = Failure::new(Exit::Failed, format!("{place}: {trouble}{times}"));
        let variables = variables(&self.settings.source);
        match trouble.hint(&variables, place.starts_with(SIGNING_IN)) {
            Some(hint) => failure.hint(hint).into(),
            None => failure.into(),
        }
    }

    /// Sends one request, and reads the whole answer.
    fn answer(&self, request: RequestBuilder) -> Result<Vec<u8>, Failed> {
        let begun = Instant::now();
        let mut response = request.send().map_err(|error| self.trouble(error))?;
        self.has_answered.store(true, Ordering::Relaxed);
        let status = response.status();
        if status.is_success() {
            return Ok(self.body(&mut response, begun)?);
        }
        let after = response.headers().get(header::RETRY_AFTER);
        let after = after.and_then(|value| retry_after(value.to_str().ok()?, Utc::now()));
        let detail = match status.is_client_error() {
            // A broken one only says less.
            true => self.detail(&self.body(&mut response, begun).unwrap_or_default()),
            false => None,
        };
        Err(Failed::Here(Trouble::Status {
            status,
            retry_after: after,
            detail,
        }))
    }

    fn body(&self, response: &mut Response, begun: Instant) -> Result<Vec<u8>, Trouble> {
        let limit = self.settings.max_response_bytes;
        let timeout = self.settings.response_timeout;
        let mut body = Vec::new();
        let mut chunk = vec![0; 64 * 1024];
        loop {
            // The client's own time limit starts anew with every read.
            if begun.elapsed() > timeout {
                return Err(Trouble::TimedOut { limit: timeout });
            }
            match response.read(&mut chunk) {
                Ok(0) => return Ok(body),
                Ok(count) if body.len() + count > limit => return Err(Trouble::TooLong { limit }),
                Ok(count) => body.extend_from_slice(&chunk[..count]),
                Err(error) if is_time_out(&error) => {
                    return Err(Trouble::TimedOut { limit: timeout });
                }
                Err(error) => {
                    return Err(Trouble::Broken {
                        reason: innermost(&error),
                    });
                }
            }
        }
    }

    /// What Django REST framework and others say beside an error, unless it repeats a secret.
    fn detail(&self, body: &[u8]) -> Option<String> {
        let text = page::text_at(body, "detail").or_else(|| page::text_at(body, "message"))?;
        let token = self.token.try_lock().ok()?;
        let header = token.header.as_ref().and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.split(' ').next_back());
        let secrets = match &self.credentials {
            Credentials::None => [None, None],
            Credentials::Token(token) => [Some(token.expose()), None],
            Credentials::Password { username, password } => {
                [Some(username.expose()), Some(password.expose())]
            }
        };
        let mut secrets = secrets.into_iter().chain([token]).flatten();
        if secrets.any(|secret| text.contains(secret)) {
            return None;
        }
        let short: String = text.chars().take(LONGEST_DETAIL).collect();
        Some(short.escape_debug().to_string())
    }

    fn trouble(&self, error: reqwest::Error) -> Trouble {
        // Its address may hold secrets.
        let error = error.without_url();
        let reason = innermost(&error);
        if error.is_redirect() {
            return Trouble::Redirect { reason };
        }
        if has_certificate_error(&error) {
            return Trouble::Certificate { reason };
        }
        if error.is_timeout() {
            return Trouble::TimedOut {
                limit: match error.is_connect() {
                    true => self.settings.connect_timeout,
                    false => self.settings.response_timeout,
                },
            };
        }
        if error.is_connect() {
            return Trouble::Connect {
                reason,
                worked_before: self.has_answered.load(Ordering::Relaxed),
            };
        }
        Trouble::Broken { reason }
    }
}

/// What failed: this request, or something that it needs first and that is explained already.
pub(super) enum Failed {
    Here(Trouble),
    Elsewhere(anyhow::Error),
}

impl Failed {
    fn into_error(self) -> anyhow::Error {
        match self {
            Failed::Here(trouble) => anyhow::anyhow!(trouble.to_string()),
            Failed::Elsewhere(error) => error,
        }
    }
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Failed {
        Failed::Here(trouble)
    }
}

fn headers(settings: &Settings) -> Result<HeaderMap> {
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::from_iter([(header::ACCEPT, json.clone())]);
    for (name, value) in &settings.headers {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        let (Ok(name), Ok(value)) = header else {
            let message = format!("source \"{}\": \"{name}\" is no header", settings.source);
            return Err(Failure::new(Exit::Usage, message)
                .hint("Mend elt.rest_source.headers.")
                .into());
        };
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_TYPE, json);
    Ok(headers)
}

/// Redirects lead to the same scheme, host and port, or nowhere: the token goes with them.
fn within_origin(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let from = attempt.previous().last();
    if from.is_some_and(|from| from.origin() != attempt.url().origin()) {
        let to = without_query(attempt.url());
        return attempt.error(format!("the server sends us on to another host: {to}"));
    }
    if attempt.previous().len() > MOST_REDIRECTS {
        return attempt.error("the server sends us on and on");
    }
    attempt.follow()
}

/// What it comes down to.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    // An io::Error does not name what it wraps as its source.
    while let Some(inner) = wrapped(cause).or_else(|| cause.source()) {
        cause = inner;
    }
    cause.to_string()
}

fn has_certificate_error(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(error) = cause.downcast_ref::<rustls::Error>() {
            return matches!(error, rustls::Error::InvalidCertificate(_));
        }
        next = wrapped(cause).or_else(|| cause.source());
    }
    false
}

fn is_time_out(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    error.kind() == std::io::ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout)
}

fn wrapped<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inner = error.downcast_ref::<std::io::Error>()?.get_ref()?;
    Some(inner as &(dyn Error + 'static))
}
