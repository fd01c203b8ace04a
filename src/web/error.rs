//! What a request that cannot be answered is told: a page without secrets. The whole cause goes to the
//! log, with a number by which one finds it.

use super::app::App;
use super::auth::{self, Account};
use super::form::{Kept, KeptPage, page_of};
use super::page::{Page, encoded, render};
use crate::db::explain;
use crate::terminal;
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
    /// The database stopped a statement at its time limit.
    TooSlow,
    Failed(anyhow::Error),
}

pub(super) type WebResult<T = Response> = Result<T, WebError>;

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (status, title, said) = match self {
            WebError::SignIn(next) => {
                let mut response = to_sign_in(&next);
                response.extensions_mut().insert(NotSignedIn);
                return response;
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
            WebError::TooSlow => (StatusCode::SERVICE_UNAVAILABLE, "Not now", TOO_SLOW.into()),
            WebError::Failed(error) => (StatusCode::INTERNAL_SERVER_ERROR, "Failed", noted(&error)),
        };
        let told = Told { title, said };
        let mut response = (status, told.page(Page::bare(title), None)).into_response();
        response.extensions_mut().insert(told);
        response
    }
}

pub(super) const TOO_SLOW: &str = "That took too long, and was stopped. A list is faster when it is filtered first; \
                                   its download may take longer.";

/// The request has no session, and a sign-in form is needed.
#[derive(Clone)]
struct NotSignedIn;

fn to_sign_in(next: &str) -> Response {
    Redirect::to(&format!("/sign-in?next={}", encoded(next))).into_response()
}

/// What an error's page says, for the page to be made again.
#[derive(Clone)]
struct Told {
    title: &'static str,
    said: String,
}

/// What a page of an error says, if it does not have what was typed.
pub(super) fn told(response: &Response) -> Option<String> {
    let told = response.extensions().get::<Told>();
    told.map(|told| told.said.clone())
}

impl Told {
    fn page(&self, page: Page, kept: Option<Kept>) -> Response {
        let said = self.said.clone();
        render(&KeptPage { page, said, kept })
    }
}

/// An error page keeps the menu for who is signed in, and what was typed for every user.
pub(super) async fn with_menu(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked = parts.clone();
    let kept = parts.extensions.get::<Kept>().cloned();
    let response = next.run(Request::from_parts(parts, body)).await;
    if response.extensions().get::<NotSignedIn>().is_some() && !asked.method.is_safe() {
        return match kept {
            Some(kept) => auth::ask_again(kept),
            None => to_sign_in(page_of(asked.uri.path())),
        };
    }
    let Some(told) = response.extensions().get::<Told>() else {
        return response;
    };
    let page = match Account::from_request_parts(&mut asked, &app).await {
        Ok(account) => Page::new(told.title, "none", account),
        Err(_) => Page::bare(told.title),
    };
    (response.status(), told.page(page, kept)).into_response()
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
            Some(&SqlState::QUERY_CANCELED) => WebError::TooSlow,
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
