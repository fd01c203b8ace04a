//! The request that returns a token, and its response.

use super::credentials::Login;
use super::members::{Members, string_at};
use super::page_error::PageError;
use super::request_error::ApiFailure;
use super::settings::{Settings, SignIn};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::HeaderValue;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// What is posted to sign in.
pub(super) struct SignInRequest {
    pub(super) content_type: &'static str,
    pub(super) body: String,
    /// The header Authorization.
    pub(super) authorization: Option<HeaderValue>,
}

/// A token that the server granted.
pub(super) struct Grant {
    pub(super) token: String,
    /// The instant before the token was requested.
    pub(super) asked_at: Instant,
    pub(super) expires_in: Option<Duration>,
}

impl SignInRequest {
    pub(super) fn new(settings: &Settings, login: &Login) -> Result<SignInRequest, ApiFailure> {
        let (username, password) = (login.username.expose(), login.password.expose());
        let mut members = BTreeMap::new();
        let is_oauth = matches!(
            settings.sign_in,
            SignIn::ClientCredentials | SignIn::ClientCredentialsInBody
        );
        if is_oauth {
            members.insert("grant_type", "client_credentials");
        }
        // Some servers have a grant type of their own.
        for (name, value) in &settings.sign_in_parameters {
            members.insert(name, value);
        }
        let mut authorization = None;
        if settings.sign_in == SignIn::ClientCredentials {
            authorization = Some(basic(&form_text(username), &form_text(password))?);
        } else {
            members.insert(username_key(settings), username);
            members.insert(password_key(settings), password);
        }
        let (content_type, body) = if settings.sign_in == SignIn::Json {
            let object = members
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()));
            (JSON, Value::Object(Map::from_iter(object)).to_string())
        } else {
            (
                FORM,
                serde_urlencoded::to_string(members).unwrap_or_default(),
            )
        };
        Ok(SignInRequest {
            content_type,
            body,
            authorization,
        })
    }
}

impl Grant {
    /// Reads the response to a sign-in.
    ///
    /// # Errors
    /// If it has no token. The keys that it has are of the server.
    pub(super) fn read(
        body: &[u8],
        asked_at: Instant,
        settings: &Settings,
    ) -> Result<Grant, PageError> {
        let key = settings.token_at.as_str();
        let token = string_at(body, key).or_else(|| {
            // OAuth2 calls it access_token (RFC 6749, 5.1); the column's default is for other APIs.
            let other = (key == "token").then_some("access_token")?;
            string_at(body, other)
        });
        match token.filter(|token| !token.is_empty()) {
            Some(token) => Ok(Grant {
                token,
                asked_at,
                expires_in: expires_in(body, settings),
            }),
            None => {
                let text = String::from_utf8_lossy(body);
                Members::parse(&text)?.value_at(key)?;
                Err(PageError::Other {
                    key: key.into(),
                    wanted: "a text",
                })
            }
        }
    }
}

/// The lifetime of the token. Zero, as some servers say of tokens that do not expire, is none.
fn expires_in(body: &[u8], settings: &Settings) -> Option<Duration> {
    let answer = Members::parse(std::str::from_utf8(body).ok()?).ok()?;
    let value = answer.value_at(settings.expires_in_at.as_ref()?).ok()?;
    // Some servers write the number as a string.
    let seconds: f64 = value.trim_matches('"').parse().ok()?;
    let lifetime = Duration::try_from_secs_f64(seconds).ok()?;
    // An instant cannot be moved by any number of years.
    (!lifetime.is_zero() && Instant::now().checked_add(lifetime).is_some()).then_some(lifetime)
}

/// The key of the user name. OAuth2 has a name for it; the column's default is for other APIs.
fn username_key(settings: &Settings) -> &str {
    match settings.username_parameter.as_str() {
        "username" if settings.sign_in == SignIn::ClientCredentialsInBody => "client_id",
        name => name,
    }
}

fn password_key(settings: &Settings) -> &str {
    match settings.password_parameter.as_str() {
        "password" if settings.sign_in == SignIn::ClientCredentialsInBody => "client_secret",
        name => name,
    }
}

/// The value of the header for Basic authentication (RFC 7617), in UTF-8.
pub(super) fn basic(username: &str, password: &str) -> Result<HeaderValue, ApiFailure> {
    let pair = BASE64_STANDARD.encode(format!("{username}:{password}"));
    header_value(&format!("Basic {pair}"))
}

/// A header with a secret.
pub(super) fn header_value(text: &str) -> Result<HeaderValue, ApiFailure> {
    let mut header = HeaderValue::from_str(text).map_err(|_| ApiFailure {
        message: "the token has characters that are not allowed in a header".into(),
        hint: None,
    })?;
    header.set_sensitive(true);
    Ok(header)
}

/// The text as a form encodes a value.
fn form_text(text: &str) -> String {
    let pair = serde_urlencoded::to_string([("", text)]).unwrap_or_default();
    pair.trim_start_matches('=').to_string()
}

#[cfg(test)]
mod tests {
    use super::super::credentials::Secret;
    use super::*;

    fn request(change: impl FnOnce(&mut Settings)) -> (&'static str, String, Option<String>) {
        let mut settings = Settings::for_tests();
        change(&mut settings);
        let login = Login {
            username: Secret::new("me:1"),
            password: Secret::new("p \"&\u{e9}"),
        };
        let request = SignInRequest::new(&settings, &login).ok().unwrap();
        let header = request.authorization;
        let header = header.map(|value| value.to_str().unwrap().to_string());
        (request.content_type, request.body, header)
    }

    #[test]
    fn an_object_or_a_form_is_posted() {
        let json = r#"{"password":"p \"&é","username":"me:1"}"#;
        assert_eq!(request(|_| {}), (JSON, json.into(), None));
        let form = |settings: &mut Settings| {
            settings.sign_in = SignIn::Form;
            settings.username_parameter = "e mail".into();
            settings.sign_in_parameters = BTreeMap::from([("scope".into(), "a b".into())]);
        };
        let body = "e+mail=me%3A1&password=p+%22%26%C3%A9&scope=a+b";
        assert_eq!(request(form), (FORM, body.into(), None));
    }

    #[test]
    fn clients_have_their_credentials_in_a_header_or_in_the_form() {
        let in_header = request(|settings| settings.sign_in = SignIn::ClientCredentials);
        let basic = BASE64_STANDARD.encode("me%3A1:p+%22%26%C3%A9");
        assert_eq!(
            in_header,
            (
                FORM,
                "grant_type=client_credentials".into(),
                Some(format!("Basic {basic}"))
            )
        );
        let in_body = |settings: &mut Settings| {
            settings.sign_in = SignIn::ClientCredentialsInBody;
            settings.sign_in_parameters = BTreeMap::from([("audience".into(), "/a".into())]);
        };
        let body = "audience=%2Fa&client_id=me%3A1&client_secret=p+%22%26%C3%A9&grant_type=client_credentials";
        assert_eq!(request(in_body), (FORM, body.into(), None));
        let named = |settings: &mut Settings| {
            in_body(settings);
            settings.username_parameter = "key".into();
            settings.sign_in_parameters = BTreeMap::from([("grant_type".into(), "own".into())]);
        };
        let body = "client_secret=p+%22%26%C3%A9&grant_type=own&key=me%3A1";
        assert_eq!(request(named).1, body);
    }

    fn granted(
        body: &str,
        change: impl FnOnce(&mut Settings),
    ) -> Result<(String, Option<f64>), String> {
        let mut settings = Settings::for_tests();
        change(&mut settings);
        let grant = Grant::read(body.as_bytes(), Instant::now(), &settings);
        let seconds = |grant: &Grant| grant.expires_in.map(|time| time.as_secs_f64());
        grant
            .map(|grant| (grant.token.clone(), seconds(&grant)))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn finds_the_token_and_its_lifetime() {
        let found = |body: &str| granted(body, |_| {}).unwrap();
        assert_eq!(found(r#"{"token": "t"}"#), ("t".into(), None));
        assert_eq!(
            found(r#"{"access_token": "t", "expires_in": 3600}"#),
            ("t".into(), Some(3_600.0))
        );
        for (lifetime, seconds) in [
            ("\"60\"", Some(60.0)),
            ("1.5", Some(1.5)),
            ("0", None),
            ("-1", None),
            ("null", None),
            ("1e300", None),
            ("1e19", None),
        ] {
            let body = format!(r#"{{"token": "t", "expires_in": {lifetime}}}"#);
            assert_eq!(found(&body).1, seconds, "{lifetime}");
        }
        let nested = granted(r#"{"data": {"jwt": "t", "ttl": 9}}"#, |settings| {
            settings.token_at = "data.jwt".into();
            settings.expires_in_at = Some("data.ttl".into());
        });
        assert_eq!(nested, Ok(("t".into(), Some(9.0))));
        assert_eq!(
            granted(r#"{"jwt": "t", "ttl": 1}"#, |_| {}).unwrap_err(),
            "it has no \"token\"; it has: jwt, ttl"
        );
        assert_eq!(
            granted(r#"{"token": 7}"#, |_| {}).unwrap_err(),
            "its \"token\" is not a text"
        );
        assert!(granted("<html>", |_| {}).is_err());
    }
}
