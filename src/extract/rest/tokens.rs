//! The tokens of an API. One thread gets a token for all threads, and renews it before it expires.

use super::credentials::{Credentials, Login};
use super::request_error::ApiFailure;
use super::secrets::contains_secret;
use super::settings::Settings;
use super::sign_in::Grant;
use super::token::{Carrier, Place, Token};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The longest time before its end in which a token is no longer used.
const LONGEST_MARGIN: Duration = Duration::from_secs(60);
/// The part of a short lifetime in which a token is no longer used.
const MARGIN_PART: u32 = 4;

pub(super) struct Tokens {
    credentials: Credentials,
    place: Place,
    state: Mutex<State>,
    /// The texts of all tokens, which are secret also after they expired. It has its own lock, because errors are
    /// examined during a sign-in.
    texts: Mutex<Vec<String>>,
}

/// How requests show who asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Proof {
    None,
    Token,
    Basic,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// The number of tokens so far. If two requests are refused with the same token, only one new token is requested.
    count: u64,
    /// Why no token is available. The sign-in is not repeated by each thread.
    failure: Option<ApiFailure>,
}

impl Tokens {
    pub(super) fn new(credentials: Credentials, settings: &Settings) -> Tokens {
        Tokens {
            credentials,
            place: Place::new(settings),
            state: Mutex::default(),
            texts: Mutex::default(),
        }
    }

    /// The current token. None if the API needs no token. `sign_in` gets a token for user name and password, while
    /// other threads wait.
    pub(super) fn get(
        &self,
        sign_in: impl FnOnce(&Login) -> Result<Grant, ApiFailure>,
    ) -> Result<Option<Token>, ApiFailure> {
        let mut state = locked(&self.state);
        if let Some(failure) = &state.failure {
            return Err(failure.clone());
        }
        if state.token.as_ref().is_some_and(|token| !token.is_stale()) {
            return Ok(state.token.clone());
        }
        let token = match &self.credentials {
            Credentials::None => return Ok(None),
            Credentials::Token(token) => {
                let carrier = self.place.carrier(token.expose().to_string());
                carrier.map(|carrier| (carrier, None))
            }
            Credentials::Basic(login) => Carrier::basic(login).map(|carrier| (carrier, None)),
            Credentials::SignIn(login) => sign_in(login).and_then(|grant| {
                locked(&self.texts).push(grant.token.clone());
                let lifetime = grant
                    .expires_in
                    .map(|time| grant.asked_at + without_margin(time));
                Ok((self.place.carrier(grant.token)?, lifetime))
            }),
        };
        match token {
            Ok((carrier, renew_at)) => {
                state.count += 1;
                let number = state.count;
                state.token = Some(Token {
                    carrier,
                    number,
                    renew_at,
                });
                Ok(state.token.clone())
            }
            Err(failure) => {
                state.failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    /// How requests show who asks.
    pub(super) fn proof(&self) -> Proof {
        match self.credentials {
            Credentials::None => Proof::None,
            Credentials::Token(_) | Credentials::SignIn(_) => Proof::Token,
            Credentials::Basic(_) => Proof::Basic,
        }
    }

    /// Discards a token that was refused. Returns whether a new one can be requested.
    pub(super) fn replace(&self, token: &Token) -> bool {
        let can_sign_in = matches!(self.credentials, Credentials::SignIn(_));
        let mut state = locked(&self.state);
        let current = state.token.as_ref();
        if can_sign_in && current.is_some_and(|current| current.number == token.number) {
            state.token = None;
        }
        can_sign_in
    }

    /// Whether a text from the server contains a secret, perhaps encoded.
    pub(super) fn contains_secret(&self, text: &str) -> bool {
        let texts = locked(&self.texts);
        let mut secrets: Vec<&str> = texts.iter().map(String::as_str).collect();
        match &self.credentials {
            Credentials::None => {}
            Credentials::Token(token) => secrets.push(token.expose()),
            Credentials::SignIn(login) | Credentials::Basic(login) => {
                secrets.extend([login.username.expose(), login.password.expose()]);
            }
        }
        contains_secret(text, &secrets)
    }
}

#[cfg(test)]
impl Tokens {
    pub(super) fn none() -> Tokens {
        Tokens::new(Credentials::None, &Settings::for_tests())
    }

    pub(super) fn of_token(token: &str, settings: &Settings) -> Tokens {
        let token = super::credentials::Secret::new(token);
        Tokens::new(Credentials::Token(token), settings)
    }
}

/// The part of a lifetime in which a token is used. The margin is for requests under way and for clocks.
fn without_margin(lifetime: Duration) -> Duration {
    lifetime - (lifetime / MARGIN_PART).min(LONGEST_MARGIN)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::credentials::Secret;
    use super::*;
    use std::time::Instant;

    fn login() -> Login {
        Login {
            username: Secret::new("username"),
            password: Secret::new("pass\"word"),
        }
    }

    fn tokens() -> Tokens {
        Tokens::new(Credentials::SignIn(login()), &Settings::for_tests())
    }

    fn grant(token: &str, seconds: Option<f64>) -> Grant {
        Grant {
            token: token.into(),
            asked_at: Instant::now(),
            expires_in: seconds.map(Duration::from_secs_f64),
        }
    }

    fn get(tokens: &Tokens, text: &str, seconds: Option<f64>) -> Token {
        let token = tokens.get(|_| Ok(grant(text, seconds)));
        token.ok().flatten().unwrap()
    }

    fn header(token: &Token) -> (&str, &str) {
        match &token.carrier {
            Carrier::Header { name, value } => (name, value.to_str().unwrap()),
            Carrier::Parameter { .. } => panic!("a parameter"),
        }
    }

    #[test]
    fn two_requests_refused_with_one_token_get_the_same_new_one() {
        let tokens = tokens();
        let first = get(&tokens, "one", None);
        assert_eq!(
            header(&get(&tokens, "two", None)),
            ("Authorization", "Token one")
        );
        assert!(tokens.replace(&first));
        let second = get(&tokens, "two", None);
        assert!(tokens.replace(&first), "this token was replaced before");
        assert_eq!(header(&get(&tokens, "three", None)), header(&second));
    }

    #[test]
    fn a_failed_sign_in_is_not_repeated() {
        let tokens = tokens();
        let failure = ApiFailure {
            message: "no".into(),
            hint: None,
        };
        assert!(tokens.get(|_| Err(failure)).is_err());
        let again = tokens.get(|_| Ok(grant("token", None)));
        assert!(again.is_err_and(|failure| failure.message == "no"));
    }

    #[test]
    fn a_token_is_renewed_before_it_expires() {
        let seconds = |lifetime: u64| without_margin(Duration::from_secs(lifetime)).as_secs_f64();
        assert_eq!(
            [seconds(3_600), seconds(100), seconds(1)],
            [3_540.0, 75.0, 0.75]
        );
        let tokens = tokens();
        assert!(!get(&tokens, "one", Some(3_600.0)).is_stale());
        assert_eq!(header(&get(&tokens, "two", None)).1, "Token one");
        let tokens = self::tokens();
        assert!(get(&tokens, "one", Some(1e-9)).is_stale());
        assert_eq!(header(&get(&tokens, "two", None)).1, "Token two");
    }

    #[test]
    fn basic_sends_user_name_and_password() {
        let tokens = Tokens::new(Credentials::Basic(login()), &Settings::for_tests());
        let token = tokens.get(|_| panic!("no sign-in")).ok().flatten().unwrap();
        assert_eq!(
            header(&token),
            ("Authorization", "Basic dXNlcm5hbWU6cGFzcyJ3b3Jk")
        );
        assert!(!tokens.replace(&token), "there is no other one");
        assert!(tokens.contains_secret("got dXNlcm5hbWU6cGFzcyJ3b3Jk"));
    }

    #[test]
    fn credentials_and_all_tokens_are_secret() {
        let tokens = tokens();
        let first = get(&tokens, "abc", None);
        assert!(tokens.replace(&first));
        get(&tokens, "xyz", None);
        for text in [
            "got Token abc",
            "xyz",
            "{\"password\": \"pass\\\"word\"}",
            "hello username",
        ] {
            assert!(tokens.contains_secret(text), "{text}");
        }
        assert!(!tokens.contains_secret("Not for you."));
    }
}
