//! A token, and how a request carries it.

use super::credentials::Login;
use super::request_error::ApiFailure;
use super::settings::{Settings, SignIn};
use super::sign_in::{basic, header_value};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::blocking::RequestBuilder;
use reqwest::header::HeaderValue;
use std::time::Instant;

#[derive(Clone)]
pub(super) struct Token {
    pub(super) carrier: Carrier,
    pub(super) number: u64,
    pub(super) renew_at: Option<Instant>,
}

/// The part of a request that has the token.
#[derive(Clone)]
pub(super) enum Carrier {
    Header { name: String, value: HeaderValue },
    Parameter { name: String, value: String },
}

impl Token {
    /// The address to send a request to. Only this one has the token of a query: addresses in messages and redirects
    /// do not.
    pub(super) fn address(&self, url: &Url) -> Url {
        let mut url = url.clone();
        if let Carrier::Parameter { name, value } = &self.carrier {
            // The server may have repeated the parameter in the address of the next page.
            let is_other = |pair: &&str| {
                let key = pair.split('=').next().unwrap_or_default().replace('+', " ");
                !pair.is_empty() && percent_decode_str(&key).decode_utf8_lossy() != name.as_str()
            };
            let query = url.query().unwrap_or_default().to_string();
            let others: Vec<&str> = query.split('&').filter(is_other).collect();
            url.set_query(Some(others.join("&").as_str()).filter(|query| !query.is_empty()));
            url.query_pairs_mut().append_pair(name, value);
        }
        url
    }

    /// Adds the header.
    pub(super) fn sign(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.carrier {
            Carrier::Header { name, value } => request.header(name, value),
            Carrier::Parameter { .. } => request,
        }
    }

    /// Whether it has expired or will soon.
    pub(super) fn is_stale(&self) -> bool {
        self.renew_at.is_some_and(|time| Instant::now() >= time)
    }
}

/// Where a request has the token.
pub(super) enum Place {
    Header { name: String, prefix: String },
    Parameter(String),
}

impl Place {
    pub(super) fn new(settings: &Settings) -> Place {
        match &settings.token_parameter {
            Some(name) => Place::Parameter(name.clone()),
            None => Place::Header {
                name: settings.token_header.clone(),
                prefix: prefix(settings).into(),
            },
        }
    }

    /// The token at this place.
    pub(super) fn carrier(&self, token: String) -> Result<Carrier, ApiFailure> {
        Ok(match self {
            Place::Parameter(name) => Carrier::Parameter {
                name: name.clone(),
                value: token,
            },
            Place::Header { name, prefix } => Carrier::Header {
                name: name.clone(),
                value: header_value(format!("{prefix} {token}").trim_start())?,
            },
        })
    }
}

impl Carrier {
    pub(super) fn basic(login: &Login) -> Result<Carrier, ApiFailure> {
        Ok(Carrier::Header {
            name: "Authorization".into(),
            value: basic(login.username.expose(), login.password.expose())?,
        })
    }
}

/// The word before the token. OAuth2 calls it Bearer (RFC 6750); the column's default is for other APIs.
pub(super) fn prefix(settings: &Settings) -> &str {
    let is_oauth = matches!(
        settings.sign_in,
        SignIn::ClientCredentials | SignIn::ClientCredentialsInBody
    );
    match settings.token_prefix.as_str() {
        "Token" if is_oauth => "Bearer",
        prefix => prefix,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(token: &str, change: impl FnOnce(&mut Settings)) -> String {
        let mut settings = Settings::for_tests();
        change(&mut settings);
        match Place::new(&settings).carrier(token.into()) {
            Ok(Carrier::Header { name, value }) => format!("{name}: {}", value.to_str().unwrap()),
            _ => panic!("no header"),
        }
    }

    #[test]
    fn the_prefix_of_oauth_is_bearer_by_default() {
        let header = |sign_in, prefix: &str| {
            header("t", |settings| {
                settings.sign_in = sign_in;
                settings.token_prefix = prefix.into();
            })
        };
        assert_eq!(header(SignIn::Json, "Token"), "Authorization: Token t");
        assert_eq!(
            header(SignIn::ClientCredentials, "Token"),
            "Authorization: Bearer t"
        );
        assert_eq!(
            header(SignIn::ClientCredentialsInBody, ""),
            "Authorization: t"
        );
        assert_eq!(
            header(SignIn::ClientCredentials, "token"),
            "Authorization: token t"
        );
    }

    #[test]
    fn a_parameter_has_the_token_only_in_the_address_to_send_to() {
        let mut settings = Settings::for_tests();
        settings.token_parameter = Some("api key".into());
        let token = Token {
            carrier: Place::new(&settings).carrier("t&1".into()).ok().unwrap(),
            number: 1,
            renew_at: None,
        };
        let sent = |url: &str| token.address(&Url::parse(url).unwrap()).to_string();
        assert_eq!(sent("http://h/a"), "http://h/a?api+key=t%261");
        assert_eq!(
            sent("http://h/a?x=%2c&api%20key=t&page=2&api+key"),
            "http://h/a?x=%2c&page=2&api+key=t%261"
        );
    }
}
