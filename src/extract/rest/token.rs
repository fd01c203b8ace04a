//! The token that requests carry: one thread gets it, for all.

use super::access::Credentials;
use super::trouble::Refusal;
use reqwest::header::HeaderValue;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) struct Tokens {
    credentials: Credentials,
    /// Word before the token in its header.
    prefix: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// How many there were: two requests that are refused with one token get one other.
    count: u64,
    /// Why there is none. Who was refused once is not asked again by every thread.
    refusal: Option<Refusal>,
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

    /// The token of now; None if the API asks for none. `sign_in` gets one for user name and
    /// password, while other threads wait here for it.
    pub(super) fn get(
        &self,
        sign_in: impl FnOnce(&str, &str) -> Result<String, Refusal>,
    ) -> Result<Option<Token>, Refusal> {
        let mut state = self.state();
        if let Some(refusal) = &state.refusal {
            return Err(refusal.clone());
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
            Err(refusal) => {
                state.refusal = Some(refusal.clone());
                Err(refusal)
            }
        }
    }

    /// Whether requests go out without one.
    pub(super) fn are_none(&self) -> bool {
        matches!(self.credentials, Credentials::None)
    }

    /// Whether there may be another one instead of this, which was refused.
    pub(super) fn replace(&self, token: &Token) -> bool {
        let mut state = self.state();
        if state
            .token
            .as_ref()
            .is_some_and(|now| now.number == token.number)
        {
            state.token = None;
        }
        matches!(self.credentials, Credentials::Password { .. })
    }

    /// Whether a text from the server contains a secret.
    pub(super) fn are_in(&self, text: &str, token: Option<&Token>) -> bool {
        let header = token.and_then(|token| token.header.to_str().ok());
        let token = header.and_then(|header| header.split(' ').next_back());
        let of_user = match &self.credentials {
            Credentials::None => [None, None],
            Credentials::Token(token) => [Some(token.expose()), None],
            Credentials::Password { username, password } => {
                [Some(username.expose()), Some(password.expose())]
            }
        };
        let mut secrets = of_user.into_iter().chain([token]).flatten();
        secrets.any(|secret| {
            let escaped = serde_json::Value::from(secret).to_string();
            text.contains(secret) || text.contains(escaped.trim_matches('"'))
        })
    }

    fn header(&self, token: &str) -> Result<HeaderValue, Refusal> {
        let text = format!("{} {token}", self.prefix);
        let mut header = HeaderValue::from_str(text.trim_start()).map_err(|_| Refusal {
            message: "the token has characters that cannot stand in a header".into(),
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
            username: Secret::of("somebody"),
            password: Secret::of("pass\"word"),
        };
        Tokens::new(credentials, "Token")
    }

    #[test]
    fn two_that_are_refused_with_one_token_get_one_other() {
        let tokens = tokens();
        let get = |text: &str| {
            let token = tokens.get(|_, _| Ok(text.to_string())).ok().flatten();
            token.unwrap()
        };
        let first = get("one");
        assert_eq!(get("two").header, "Token one");
        assert!(tokens.replace(&first));
        let second = get("two");
        assert!(tokens.replace(&first), "which is long gone");
        assert_eq!(get("three").header, second.header);
    }

    #[test]
    fn who_is_refused_does_not_ask_again() {
        let tokens = tokens();
        let refusal = Refusal {
            message: "no".into(),
            hint: None,
        };
        assert!(tokens.get(|_, _| Err(refusal)).is_err());
        let again = tokens.get(|_, _| Ok("token".into()));
        assert!(again.is_err_and(|refusal| refusal.message == "no"));
    }

    #[test]
    fn secrets_are_recognized() {
        let tokens = tokens();
        let token = tokens.get(|_, _| Ok("abc".into())).ok().flatten();
        let are_in = |text: &str| tokens.are_in(text, token.as_ref());
        assert!(are_in("got Token abc"));
        assert!(are_in("{\"password\": \"pass\\\"word\"}"));
        assert!(are_in("hello somebody"));
        assert!(!are_in("Not for you."));
    }
}
