//! Two cookies: the token of a session, and the token of a browser that signed in before.

use crate::accounts::Token;
use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

/// How cookies are set. With HTTPS their names begin with `__Host-`, which browsers accept only over HTTPS.
#[derive(Clone, Copy)]
pub(crate) struct Cookies {
    is_https: bool,
}

impl Cookies {
    pub(crate) fn new(is_https: bool) -> Cookies {
        Cookies { is_https }
    }

    pub(crate) fn name(self) -> &'static str {
        if self.is_https {
            "__Host-elt_session"
        } else {
            "elt_session"
        }
    }

    pub(crate) fn token(self, headers: &HeaderMap) -> Option<String> {
        cookie(headers, self.name())
    }

    fn device_name(self) -> &'static str {
        if self.is_https {
            "__Host-elt_device"
        } else {
            "elt_device"
        }
    }

    /// SHA-256 of the browser's token.
    pub(crate) fn device(self, headers: &HeaderMap) -> Option<Vec<u8>> {
        let token = cookie(headers, self.device_name())?;
        Some(Token::sha256(&token))
    }

    /// Valid for half a year, like in elt.begin_sign_in.
    pub(crate) fn set_device(self, token: &str) -> HeaderValue {
        self.header(self.device_name(), token, Some(Duration::days(180)))
    }

    /// An empty `token` deletes the cookie.
    pub(crate) fn set(self, token: &str) -> HeaderValue {
        let age = token.is_empty().then_some(Duration::ZERO);
        self.header(self.name(), token, age)
    }

    fn header(self, name: &str, token: &str, age: Option<Duration>) -> HeaderValue {
        let mut cookie = Cookie::new(name, token);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(self.is_https.then_some(true));
        cookie.set_max_age(age);
        // Tokens are hexadecimal, so this does not fail.
        HeaderValue::from_str(&cookie.to_string()).unwrap_or(HeaderValue::from_static(""))
    }
}

pub(crate) fn cookie(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let cookies = CookieJar::from_headers(headers);
    cookies.get(wanted).map(|cookie| cookie.value().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    #[test]
    fn the_cookie_is_found_among_others_and_only_by_its_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; elt_session=abc; b=2".parse().unwrap());
        assert_eq!(Cookies::new(false).token(&headers), Some("abc".into()));
        assert_eq!(Cookies::new(true).token(&headers), None);
        let set = Cookies::new(true).set("abc");
        let set = set.to_str().unwrap();
        assert_eq!(
            set,
            "__Host-elt_session=abc; HttpOnly; SameSite=Lax; Secure; Path=/"
        );
        assert!(
            Cookies::new(false)
                .set("")
                .to_str()
                .unwrap()
                .contains("Max-Age=0")
        );
    }
}
