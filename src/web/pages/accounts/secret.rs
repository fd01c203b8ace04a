//! The page that shows a new password or token, once. The server keeps only its hash.

use crate::web::auth::Account;
use crate::web::page::{Page, render};
use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "secret.html", config = "src/web/askama.toml")]
struct SecretPage {
    page: Page,
    text: String,
    /// `None` if the form was sent before.
    secret: Option<String>,
    label: &'static str,
    back: String,
}

/// What a form made.
pub(super) struct Secret<'a> {
    pub(super) title: String,
    /// First part of the address of the page.
    pub(super) place: &'static str,
    /// What the secret is: `Token`.
    pub(super) label: &'static str,
    pub(super) text: &'a str,
    /// The address of the page that it belongs to.
    pub(super) back: String,
}

impl Secret<'_> {
    pub(super) fn page(self, account: Account, secret: &str) -> Response {
        self.render(account, Some(secret.into()))
    }

    /// The page for a form that was sent before. The secret is not known any more.
    pub(super) fn page_again(self, account: Account) -> Response {
        self.render(account, None)
    }

    fn render(self, account: Account, secret: Option<String>) -> Response {
        render(&SecretPage {
            page: Page::new(self.title, self.place, account),
            text: self.text.into(),
            secret,
            label: self.label,
            back: self.back,
        })
    }
}
