//! The token of an API. One thread gets it for all threads.

use super::access::Credentials;
use super::request_error::ApiFailure;
use reqwest::header::HeaderValue;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) struct Tokens {
    credentials: Credentials,
    /// The word before the token in its header.
    prefix: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The number of tokens so far. If two requests are refused with the same token, only one new token is requested.
    count: u64,
    /// Why no token is available. The sign-in is not repeated by each thread.
    failure: Option<ApiFailure>,
}

#[derive(Clone)]
pub(super) struct Token {
    pub(super) header: HeaderValue,
    number: u64,
}

impl Tokens {
    pub(super) fn new(credentials: Credentials, prefix: &str) -> Tokens {
        Tokens {
            credentials,
            prefix: prefix.to_string(),
            state: Mutex::default(),
        }
    }

    /// The current token. None if the API needs no token. `sign_in` gets a token for user name and password, while
    /// other threads wait.
    pub(super) fn get(
        &self,
        sign_in: impl FnOnce(&str, &str) -> Result<String, ApiFailure>,
    ) -> Result<Option<Token>, ApiFailure> {
        let mut state = self.state();
        if let Some(failure) = &state.failure {
            return Err(failure.clone());
        }
        if state.token.is_some() {
            return Ok(state.token.clone());
        }
        let text = match &self.credentials {
            Credentials::None => return Ok(None),
            Credentials::Token(token) => Ok(token.expose().to_string()),
            Credentials::Password { username, password } => {
                sign_in(username.expose(), password.expose())
            }
        };
        match text.and_then(|text| self.header(&text)) {
            Ok(header) => {
                state.count += 1;
                let number = state.count;
                state.token = Some(Token { header, number });
                Ok(state.token.clone())
            }
            Err(failure) => {
                state.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    /// Whether requests have no token.
    pub(super) fn is_anonymous(&self) -> bool {
        matches!(self.credentials, Credentials::None)
    }

    /// Discards a token that was refused. Returns whether a new one can be requested.
    pub(super) fn replace(&self, token: &Token) -> bool {
        let mut state = self.state();
        if state
            .token
            .as_ref()
            .is_some_and(|current| current.number == token.number)
        {
            state.token = None;
        }
        matches!(self.credentials, Credentials::Password { .. })
    }

    /// Whether a text from the server contains a secret.
    pub(super) fn contains_secret(&self, text: &str, token: Option<&Token>) -> bool {
        let header = token.and_then(|token| token.header.to_str().ok());
        let token = header.and_then(|header| header.split(' ').next_back());
        let credentials = match &self.credentials {
            Credentials::None => [None, None],
            Credentials::Token(token) => [Some(token.expose()), None],
            Credentials::Password { username, password } => {
                [Some(username.expose()), Some(password.expose())]
            }
        };
        let mut secrets = credentials.into_iter().chain([token]).flatten();
        secrets.any(|secret| {
            let escaped = serde_json::Value::from(secret).to_string();
            text.contains(secret) || text.contains(escaped.trim_matches('"'))
        })
    }

    fn header(&self, token: &str) -> Result<HeaderValue, ApiFailure> {
        let text = format!("{} {token}", self.prefix);
        let mut header = HeaderValue::from_str(text.trim_start()).map_err(|_| ApiFailure {
            message: "the token has characters that are not allowed in a header".into(),
            hint: None,
        })?;
        header.set_sensitive(true);
        Ok(header)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::Secret;
    use super::*;

    fn tokens() -> Tokens {
        let credentials = Credentials::Password {
            username: Secret::new("username"),
            password: Secret::new("pass\"word"),
        };
        Tokens::new(credentials, "Token")
    }

    #[test]
    fn two_requests_refused_with_one_token_get_the_same_new_one() {
        let tokens = tokens();
        let get = |text: &str| {
            let token = tokens.get(|_, _| Ok(text.to_string())).ok().flatten();
            token.unwrap()
        };
        let first = get("one");
        assert_eq!(get("two").header, "Token one");
        assert!(tokens.replace(&first));
        let second = get("two");
        assert!(tokens.replace(&first), "this token was replaced before");
        assert_eq!(get("three").header, second.header);
    }

    #[test]
    fn a_failed_sign_in_is_not_repeated() {
        let tokens = tokens();
        let failure = ApiFailure {
            message: "no".into(),
            hint: None,
        };
        assert!(tokens.get(|_, _| Err(failure)).is_err());
        let again = tokens.get(|_, _| Ok("token".into()));
        assert!(again.is_err_and(|failure| failure.message == "no"));
    }

    #[test]
    fn secrets_are_recognized() {
        let tokens = tokens();
        let token = tokens.get(|_, _| Ok("abc".into())).ok().flatten();
        let contains = |text: &str| tokens.contains_secret(text, token.as_ref());
        assert!(contains("got Token abc"));
        assert!(contains("{\"password\": \"pass\\\"word\"}"));
        assert!(contains("hello username"));
        assert!(!contains("Not for you."));
    }
}
