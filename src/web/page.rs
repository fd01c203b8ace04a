//! The parts that all pages share: title, account, message and menu.

use crate::web::auth::Account;
use crate::web::http::assets;
use crate::web::http::theme::Theme;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};

pub(crate) struct Page {
    pub(crate) title: String,
    /// The signed-in account.
    pub(crate) account: Option<Account>,
    pub(crate) theme: Theme,
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
            theme: account.theme,
            message: account.message.clone(),
            account: Some(account),
            place,
            ..Page::bare(title)
        }
    }

    /// The message, divided at the number of the first job that it names.
    pub(crate) fn parts_of_message(&self) -> (&str, Option<&str>, &str) {
        let Some((before, rest)) = self.message.split_once("job ") else {
            return (&self.message, None, "");
        };
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(length);
        match number {
            "" => (&self.message, None, ""),
            number => (before, Some(number), after),
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
            theme: Theme::System,
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
