//! What all pages have in common.

use super::assets;
use super::auth::Account;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use std::fmt::Write;

pub(super) struct Page {
    pub(super) title: String,
    /// Who is signed in.
    pub(super) account: Option<Account>,
    /// What was just done; empty: nothing.
    pub(super) said: String,
    /// First part of the address, to mark it in the menu.
    pub(super) place: &'static str,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
}

impl Page {
    pub(super) fn new(title: impl Into<String>, place: &'static str, account: Account) -> Page {
        Page {
            said: account.said.clone(),
            account: Some(account),
            place,
            ..Page::bare(title)
        }
    }

    /// A number for one form of the page.
    pub(super) fn new_form(&self) -> String {
        super::form::new_id()
    }

    /// For nobody in particular.
    pub(super) fn bare(title: impl Into<String>) -> Page {
        Page {
            title: title.into(),
            account: None,
            said: String::new(),
            place: "",
            style: assets::style(),
            script: assets::script(),
        }
    }
}

pub(super) fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(super::visible::marked(html)).into_response(),
        Err(error) => super::error::WebError::Failed(anyhow::Error::new(error)).into_response(),
    }
}

/// A value within a query string.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(byte.into());
            }
            // Writing to a String does not fail.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
