//! What a request that cannot be answered is told: a page without secrets. The whole cause goes to the
//! log, with a number by which one finds it.

use super::page::{Page, render};
use crate::db::explain;
use crate::terminal;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_postgres::error::SqlState;

pub(super) enum WebError {
    /// Nobody is signed in; where to go afterwards.
    SignIn(String),
    NotFound,
    Forbidden(&'static str),
    /// It was there.
    Gone(&'static str),
    /// What was asked for cannot be, in words.
    Bad(String),
    Failed(anyhow::Error),
}

pub(super) type WebResult<T = Response> = Result<T, WebError>;

#[derive(Template)]
#[template(path = "error.html", config = "src/web/askama.toml")]
struct ErrorPage {
    page: Page,
    said: String,
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (status, title, said) = match self {
            WebError::SignIn(next) => {
                let to = format!("/sign-in?next={}", super::page::encoded(&next));
                return Redirect::to(&to).into_response();
            }
            WebError::NotFound => (
                StatusCode::NOT_FOUND,
                "Not found",
                "There is nothing at this address.".into(),
            ),
            WebError::Forbidden(said) => (StatusCode::FORBIDDEN, "Not allowed", said.into()),
            WebError::Gone(said) => (StatusCode::GONE, "Gone", said.into()),
            WebError::Bad(said) => (StatusCode::BAD_REQUEST, "That cannot be", said),
            WebError::Failed(error) => (StatusCode::INTERNAL_SERVER_ERROR, "Failed", noted(&error)),
        };
        let page = Page::bare(title);
        (status, render(&ErrorPage { page, said })).into_response()
    }
}

/// Logs a failure, and says where it is found.
pub(super) fn noted(error: &anyhow::Error) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    terminal::warn(&format!("error {number}: {}", explain::one_line(error)));
    format!("Something failed. The server's log says what, as error {number}.")
}

impl From<tokio_postgres::Error> for WebError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(&SqlState::QUERY_CANCELED) => {
                WebError::Bad("That took too long. Filter first, or take the download.".into())
            }
            // A NUL, or bytes that are no text: nothing of ours has that name.
            Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => WebError::NotFound,
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                WebError::Forbidden("The web application may not see or do that.")
            }
            _ => WebError::Failed(error.into()),
        }
    }
}

impl From<deadpool_postgres::PoolError> for WebError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        WebError::Failed(anyhow::Error::new(error).context("no connection to the database"))
    }
}

impl From<anyhow::Error> for WebError {
    fn from(error: anyhow::Error) -> Self {
        WebError::Failed(error)
    }
}
