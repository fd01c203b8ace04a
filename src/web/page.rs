//! The parts that all pages share: title, account, message and menu.

use crate::web::auth::Account;
use crate::web::http::assets;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};

pub(crate) struct Page {
    pub(crate) title: String,
    /// The signed-in account.
    pub(crate) account: Option<Account>,
    /// The result of the previous action, or an empty text.
    pub(crate) message: String,
    /// First part of the address. The menu marks it.
    pub(crate) place: &'static str,
    pub(crate) style: &'static str,
    pub(crate) script: &'static str,
}

impl Page {
    pub(crate) fn new(title: impl Into<String>, place: &'static str, account: Account) -> Page {
        Page {
            message: account.message.clone(),
            account: Some(account),
            place,
            ..Page::bare(title)
        }
    }

    /// An id for one form of the page.
    pub(crate) fn new_form(&self) -> String {
        crate::web::form::new_id()
    }

    /// A page without an account.
    pub(crate) fn bare(title: impl Into<String>) -> Page {
        Page {
            title: title.into(),
            account: None,
            message: String::new(),
            place: "",
            style: assets::style(),
            script: assets::script(),
        }
    }
}

pub(crate) fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(crate::web::http::mark_invisible::marked(html)).into_response(),
        Err(error) => {
            crate::web::error::WebError::Failed(anyhow::Error::new(error)).into_response()
        }
    }
}
