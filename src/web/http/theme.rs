//! The theme of the pages: light, dark, or that of the system. A cookie of the browser has it.

use super::address::own_path;
use axum::Form;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

const NAME: &str = "elt_theme";

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::System];

    fn parse(name: &str) -> Theme {
        Theme::ALL
            .into_iter()
            .find(|theme| theme.name() == name)
            .unwrap_or_default()
    }

    pub(crate) fn read(headers: &HeaderMap) -> Theme {
        CookieJar::from_headers(headers)
            .get(NAME)
            .map(|cookie| Theme::parse(cookie.value()))
            .unwrap_or_default()
    }

    /// The name in the cookie, the form and the style sheet.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The schemes that the browser may use for its own parts of the page.
    pub(crate) fn schemes(self) -> &'static str {
        match self {
            Theme::System => "light dark",
            other => other.name(),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    theme: String,
}

/// Keeps the theme of a form for a year, and returns to the page that sent it.
pub(crate) async fn choose(headers: HeaderMap, Form(chosen): Form<Chosen>) -> Response {
    let theme = Theme::parse(&chosen.theme);
    let cookie = format!(
        "{NAME}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
        theme.name()
    );
    let mut response = Redirect::to(&own_page(&headers)).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The path of the page that sent the form. Whatever the header says, it leads to this site.
fn own_page(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER);
    let uri = referer.and_then(|referer| referer.to_str().ok()?.parse::<Uri>().ok());
    let path = uri.as_ref().and_then(Uri::path_and_query);
    own_path(path.map_or("/", |path| path.as_str())).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_only_to_pages_of_this_site() {
        let page = |referer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, HeaderValue::from_str(referer).unwrap());
            own_page(&headers)
        };
        assert_eq!(page("http://127.0.0.1:8000/jobs?page=2"), "/jobs?page=2");
        assert_eq!(page("http://elsewhere.example"), "/");
        assert_eq!(page("http://elsewhere.example//evil.example/"), "/");
        assert_eq!(page("nonsense"), "/");
        assert_eq!(own_page(&HeaderMap::new()), "/");
    }
}
