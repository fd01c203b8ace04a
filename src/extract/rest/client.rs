//! One page at a time: signed in, bounded in size and time, asked for again where that may help.

use super::access::{Access, variables};
use super::address::{self, is_loopback, shown, without_query};
use super::hint::{Errand, What, hint};
use super::pace::Pace;
use super::page::{self, Page};
use super::settings::Settings;
use super::token::{Token, Tokens};
use super::trouble::{Refusal, Remedy, Trouble, chance, retry_after};
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::Result;
use chrono::Utc;
use reqwest::blocking::{Client as Http, RequestBuilder, Response};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, StatusCode, Url, redirect};
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

/// Within the host, and then no further.
const MOST_REDIRECTS: usize = 5;
/// Of what the server says beside an error.
const LONGEST_DETAIL: usize = 200;

pub(super) struct Client {
    http: Http,
    pub(super) settings: Settings,
    pub(super) base: Url,
    tokens: Tokens,
    pub(super) pace: Pace,
    /// The host was reached before.
    has_answered: AtomicBool,
}

struct Answer {
    body: Vec<u8>,
    /// Its content type, unless that is JSON.
    kind: Option<String>,
}

/// Why there was no answer: this request's trouble, or that of another one that comes before it.
enum Failed {
    Here(Trouble),
    Before(Refusal),
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Failed {
        Failed::Here(trouble)
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
            http: http(&settings, &base, tls_roots)?,
            tokens: Tokens::new(credentials, &settings.token_prefix),
            pace: Pace::new(settings.requests_per_second),
            has_answered: AtomicBool::new(false),
            settings,
            base,
        })
    }

    /// The page at this address. `number` is for messages; whether it `is_wanted` is asked before
    /// each attempt.
    pub(super) fn page(
        &self,
        number: u64,
        url: &Url,
        is_wanted: impl Fn() -> bool,
    ) -> Result<Page, Refusal> {
        let name = format!(
            "page {number} ({})",
            shown(url, &self.settings.page_parameter)
        );
        let what = if number == 1 {
            What::FirstPage
        } else {
            What::FurtherPage
        };
        let errand = self.errand(name, what);
        let mut has_renewed = false;
        self.persistently(&errand, || {
            if !is_wanted() {
                return Err(Trouble::Stopped.into());
            }
            let (mut answer, token) = self.signed(url)?;
            // A token that has expired: once more with another one.
            if let (Err(Trouble::Status { status, .. }), Some(token)) = (&answer, &token)
                && *status == StatusCode::UNAUTHORIZED
                && !has_renewed
                && self.tokens.replace(token)
            {
                has_renewed = true;
                (answer, _) = self.signed(url)?;
            }
            let Answer { body, kind } = answer?;
            let page = Page::read(body, &self.settings);
            page.map_err(|error| Trouble::NotAPage { error, kind }.into())
        })
    }

    /// The answer to a request that shows who asks, and the token that it showed.
    fn signed(&self, url: &Url) -> Result<(Result<Answer, Trouble>, Option<Token>), Failed> {
        let token = self
            .tokens
            .get(|username, password| self.sign_in(username, password));
        let token = token.map_err(Failed::Before)?;
        let answer = self.answer(url, token.as_ref(), |url| {
            let request = self.http.get(url.clone());
            match &token {
                Some(token) => request.header(&self.settings.token_header, &token.header),
                None => request,
            }
        });
        Ok((answer, token))
    }

    fn sign_in(&self, username: &str, password: &str) -> Result<String, Refusal> {
        let path = self.settings.sign_in_path.as_deref().unwrap_or_default();
        let url = address::join(&self.base, path);
        let errand = self.errand(
            format!("signing in at {}", without_query(&url)),
            What::SigningIn,
        );
        let body = serde_json::json!({ "username": username, "password": password }).to_string();
        let answer = self.persistently(&errand, || {
            let post = |url: &Url| self.http.post(url.clone()).body(body.clone());
            Ok(self.answer(&url, None, post)?)
        })?;
        let key = &self.settings.token_at;
        page::text_at(&answer.body, key).ok_or_else(|| Refusal {
            message: format!("{}: the answer has no \"{key}\"", errand.name),
            hint: Some("Check sign_in_path and token_at in elt.rest_source.".into()),
        })
    }

    /// Asks until there is an answer, or no hope.
    fn persistently<T>(
        &self,
        errand: &Errand,
        mut ask: impl FnMut() -> Result<T, Failed>,
    ) -> Result<T, Refusal> {
        let mut attempt = 1;
        loop {
            let trouble = match ask() {
                Ok(answer) => return Ok(answer),
                Err(Failed::Here(trouble)) => trouble,
                Err(Failed::Before(refusal)) => return Err(refusal),
            };
            let remedy = trouble.remedy(attempt, chance(), &self.settings);
            let Remedy::Again { after, for_all } = remedy else {
                return Err(self.refusal(errand, attempt, &trouble));
            };
            terminal::warn(format!(
                "{}: {trouble}; retrying in {:.1} s ({} of {})",
                errand.name,
                after.as_secs_f64(),
                attempt + 1,
                self.settings.max_attempts
            ));
            if for_all {
                self.pace.hold(after);
            } else if let Err(stopped) = self.pace.pause(after) {
                return Err(self.refusal(errand, attempt, &stopped));
            }
            attempt += 1;
        }
    }

    fn refusal(&self, errand: &Errand, attempts: u32, trouble: &Trouble) -> Refusal {
        let times = match attempts {
            1 => String::new(),
            several => format!(", {several} times"),
        };
        Refusal {
            message: format!("{}: {trouble}{times}", errand.name),
            hint: hint(trouble, errand, &self.settings),
        }
    }

    fn errand(&self, name: String, what: What) -> Errand {
        Errand {
            name,
            what,
            asks_as_nobody: self.tokens.are_none(),
            is_by_proxy: !is_loopback(&self.base) && has_proxy(),
        }
    }

    /// The answer to a request. Redirects are followed within the origin, by the same method and with
    /// the same headers: the library would turn a POST into a GET, and drop some.
    fn answer(
        &self,
        url: &Url,
        token: Option<&Token>,
        request: impl Fn(&Url) -> RequestBuilder,
    ) -> Result<Answer, Trouble> {
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            self.pace.wait_for_turn()?;
            let sent = request(&url).timeout(self.settings.response_timeout).send();
            let mut response = sent.map_err(|error| self.trouble(error))?;
            self.has_answered.store(true, Ordering::Relaxed);
            let status = response.status();
            if matches!(status.as_u16(), 301 | 302 | 307 | 308) {
                url = redirected(&url, &response)?;
                continue;
            }
            if status.is_success() {
                return Ok(Answer {
                    kind: other_than_json(&response),
                    body: self.body(&mut response)?,
                });
            }
            let after = response.headers().get(header::RETRY_AFTER);
            let after = after.and_then(|value| retry_after(value.to_str().ok()?, Utc::now()));
            let detail = match status.is_client_error() {
                // A broken one only says less.
                true => self.detail(&self.body(&mut response).unwrap_or_default(), token),
                false => None,
            };
            return Err(Trouble::Status {
                status,
                retry_after: after,
                detail,
            });
        }
        Err(Trouble::Redirect {
            reason: "too many redirects".into(),
        })
    }

    fn body(&self, response: &mut Response) -> Result<Vec<u8>, Trouble> {
        let limit = self.settings.max_response_bytes;
        let mut body = Vec::new();
        // One byte more than may be tells that there are more. Unpacked bytes are counted.
        let read = response.take(limit as u64 + 1).read_to_end(&mut body);
        match read {
            Ok(_) if body.len() > limit => Err(Trouble::TooLong { limit }),
            Ok(_) => Ok(body),
            Err(error) if is_time_out(&error) => Err(self.timed_out()),
            Err(error) => Err(Trouble::Broken {
                reason: innermost(&error),
            }),
        }
    }

    /// What Django REST framework and others say beside an error, unless it repeats a secret.
    fn detail(&self, body: &[u8], token: Option<&Token>) -> Option<String> {
        let keys = ["detail", "message", "error.message", "error", "title"];
        let text = keys.iter().find_map(|key| page::text_at(body, key))?;
        if self.tokens.are_in(&text, token) {
            return None;
        }
        let short: String = text.chars().take(LONGEST_DETAIL).collect();
        Some(short.escape_debug().to_string())
    }

    fn timed_out(&self) -> Trouble {
        Trouble::TimedOut {
            limit: self.settings.response_timeout,
        }
    }

    fn trouble(&self, error: reqwest::Error) -> Trouble {
        // Its address may hold secrets.
        let error = error.without_url();
        let reason = innermost(&error);
        if error.is_builder() {
            return Trouble::Request { reason };
        }
        if causes(&error).any(|cause| cause.is::<rustls::Error>()) {
            return Trouble::Tls { reason };
        }
        if error.is_connect() {
            return Trouble::Connect {
                reason: match error.is_timeout() {
                    true => format!("none within {:?}", self.settings.connect_timeout),
                    false => reason,
                },
                worked_before: self.has_answered.load(Ordering::Relaxed),
            };
        }
        if error.is_timeout() {
            return self.timed_out();
        }
        Trouble::Broken { reason }
    }
}

fn http(settings: &Settings, base: &Url, tls_roots: Option<Vec<u8>>) -> Result<Http> {
    // Fails only if it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut http = Http::builder()
        .user_agent(concat!("elt/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(settings)?)
        .connect_timeout(settings.connect_timeout)
        // Each request has its own, which also counts the time that its body takes.
        .timeout(None)
        .redirect(redirect::Policy::none())
        .referer(false);
    // As other programs do: a proxy does not know what this machine calls itself.
    if is_loopback(base) {
        http = http.no_proxy();
    }
    if base.scheme() == "http" {
        // Plain http needs no certificates, which a small container may lack.
        http = http.tls_certs_only([]);
    } else if let Some(pem) = tls_roots {
        http = http.tls_certs_only(roots(settings, &pem)?);
    }
    http.build().map_err(|error| {
        let message = format!("source \"{}\": could not prepare for https", settings.source);
        Failure::new(Exit::Failed, message)
            .because(error.without_url())
            .hint(format!(
                "Install the system's certificates (ca-certificates), or name a certificate file with {}_TLS_ROOTS.",
                variables(&settings.source)
            ))
            .into()
    })
}

fn roots(settings: &Settings, pem: &[u8]) -> Result<Vec<Certificate>> {
    let roots = Certificate::from_pem_bundle(pem).ok();
    let roots = roots.filter(|roots| !roots.is_empty()).ok_or_else(|| {
        let message = format!("source \"{}\": no certificate to trust", settings.source);
        Failure::new(Exit::Usage, message)
            .detail("The trusted certificates are not in PEM format.")
            .hint(format!(
                "Put certificates that begin with -----BEGIN CERTIFICATE----- into the file that {}_TLS_ROOTS \
                 names, or into elt.rest_source.tls_roots.",
                variables(&settings.source)
            ))
    })?;
    Ok(roots)
}

fn headers(settings: &Settings) -> Result<HeaderMap> {
    let json = HeaderValue::from_static("application/json");
    let mut headers = HeaderMap::from_iter([(header::ACCEPT, json.clone())]);
    for (name, value) in &settings.headers {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        let (Ok(name), Ok(value)) = header else {
            let message = format!(
                "source \"{}\": \"{name}\" is not a valid header",
                settings.source
            );
            return Err(Failure::new(Exit::Usage, message)
                .hint("Correct elt.rest_source.headers.")
                .into());
        };
        headers.insert(name, value);
    }
    headers.insert(header::CONTENT_TYPE, json);
    Ok(headers)
}

/// Where a redirect leads, which is the same scheme, host and port, or nowhere: the token goes along.
fn redirected(from: &Url, response: &Response) -> Result<Url, Trouble> {
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    let to = location.and_then(|location| from.join(location).ok());
    match to {
        Some(to) if to.origin() == from.origin() => Ok(to),
        to => Err(Trouble::Redirect {
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

/// What it comes down to.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    causes(error)
        .last()
        .map_or_else(String::new, ToString::to_string)
}

/// Whether some proxy is named, in either spelling.
fn has_proxy() -> bool {
    let names = ["https_proxy", "http_proxy", "all_proxy"];
    names.iter().any(|name| {
        let value = std::env::var_os(name).or_else(|| std::env::var_os(name.to_uppercase()));
        value.is_some_and(|value| !value.is_empty())
    })
}

fn other_than_json(response: &Response) -> Option<String> {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)?
        .to_str()
        .ok()?;
    let kind = kind.split(';').next().unwrap_or_default();
    (!kind.contains("json")).then(|| kind.chars().take(40).collect())
}

fn is_time_out(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::TimedOut
        || causes(error).any(|cause| {
            let error = cause.downcast_ref::<reqwest::Error>();
            error.is_some_and(reqwest::Error::is_timeout)
        })
}

/// An error and what caused it. (An io::Error does not name what it wraps as its source.)
fn causes<'a>(
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
