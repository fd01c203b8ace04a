//! The cookies with a session's token, and with that of a browser that signed in before.

use crate::accounts::Token;
use axum::http::{HeaderMap, HeaderValue, header};

/// How cookies are set: by HTTPS they get a name that a browser believes only from there.
#[derive(Clone, Copy)]
pub(crate) struct Cookies {
    is_https: bool,
}

impl Cookies {
    pub(crate) fn new(is_https: bool) -> Cookies {
        Cookies { is_https }
    }

    pub(crate) fn name(self) -> &'static str {
        match self.is_https {
            true => "__Host-elt_session",
            false => "elt_session",
        }
    }

    pub(crate) fn token(self, headers: &HeaderMap) -> Option<&str> {
        cookie(headers, self.name())
    }

    fn device_name(self) -> &'static str {
        match self.is_https {
            true => "__Host-elt_device",
            false => "elt_device",
        }
    }

    /// SHA-256 of the browser's token.
    pub(crate) fn device(self, headers: &HeaderMap) -> Option<Vec<u8>> {
        cookie(headers, self.device_name()).map(Token::sha256)
    }

    /// For half a year, as elt.begin_sign_in knows it.
    pub(crate) fn set_device(self, token: &str) -> HeaderValue {
        self.header(self.device_name(), token, "; Max-Age=15552000")
    }

    /// `token`: empty to forget it.
    pub(crate) fn set(self, token: &str) -> HeaderValue {
        let age = if token.is_empty() { "; Max-Age=0" } else { "" };
        self.header(self.name(), token, age)
    }

    fn header(self, name: &str, token: &str, age: &str) -> HeaderValue {
        let secure = if self.is_https { "; Secure" } else { "" };
        let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        // Tokens are hexadecimal.
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_and_only_by_its_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; elt_session=abc; b=2".parse().unwrap());
        assert_eq!(Cookies::new(false).token(&headers), Some("abc"));
        assert_eq!(Cookies::new(true).token(&headers), None);
        let set = Cookies::new(true).set("abc");
        let set = set.to_str().unwrap();
        assert_eq!(
            set,
            "__Host-elt_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure"
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
