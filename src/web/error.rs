//! What a request that cannot be answered is told: a page without secrets. The whole cause goes to the
//! log, with a number by which one finds it.

use super::app::App;
use super::auth::Account;
use super::page::{Page, render};
use crate::db::explain;
use crate::terminal;
use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_postgres::error::SqlState;

pub(super) enum WebError {
    /// Nobody is signed in; where to go afterwards.
    SignIn(String),
    NotFound,
    Forbidden(&'static str),
    /// It may work in a moment.
    Busy(&'static str),
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
            WebError::Busy(said) => (StatusCode::SERVICE_UNAVAILABLE, "Not now", said.into()),
            WebError::Gone(said) => (StatusCode::GONE, "Gone", said.into()),
            WebError::Bad(said) => (StatusCode::BAD_REQUEST, "That cannot be", said),
            WebError::Failed(error) => (StatusCode::INTERNAL_SERVER_ERROR, "Failed", noted(&error)),
        };
        let told = Told { title, said };
        let mut response = (status, told.page(Page::bare(title))).into_response();
        response.extensions_mut().insert(told);
        response
    }
}

/// What an error's page says, for the page to be made again.
#[derive(Clone)]
struct Told {
    title: &'static str,
    said: String,
}

impl Told {
    fn page(&self, page: Page) -> Response {
        let said = self.said.clone();
        render(&ErrorPage { page, said })
    }
}

/// Who is signed in keeps the menu on a page that says what went wrong.
pub(super) async fn with_menu(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(told) = response.extensions().get::<Told>() else {
        return response;
    };
    match Account::from_request_parts(&mut asked, &app).await {
        Ok(account) => {
            let page = told.page(Page::new(told.title, "none", account));
            (response.status(), page).into_response()
        }
        Err(_) => response,
    }
}

/// Logs a failure, and says where it is found.
pub(super) fn noted(error: &anyhow::Error) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    terminal::warn(format!("error {number}: {}", explain::one_line(error)));
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
            Some(&SqlState::LOCK_NOT_AVAILABLE | &SqlState::T_R_DEADLOCK_DETECTED) => {
                WebError::Busy("Somebody else is changing it just now. Try again in a moment.")
            }
            Some(&SqlState::UNDEFINED_COLUMN | &SqlState::UNDEFINED_TABLE) => {
                WebError::Busy("The database has just been changed. Try again.")
            }
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
