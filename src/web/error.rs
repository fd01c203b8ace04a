//! Errors of requests, without secrets. The full cause goes to the log with a number, which the user sees.
//! pages/failed.rs shows errors as pages, api/error.rs as JSON.

use crate::failure::explain;
use crate::terminal;
use axum::response::Response;
use deadpool::managed::PoolError;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_postgres::error::SqlState;

pub(crate) enum WebError {
    /// No account is signed in. The value is the address to show after sign-in.
    SignIn(String),
    /// The account must choose a password before it can do anything else.
    ChangePassword,
    NotFound,
    Forbidden(&'static str),
    /// The request may succeed if it is repeated.
    Busy(&'static str),
    /// The row or file existed, but was deleted or replaced.
    Gone(&'static str),
    /// The request is invalid. The value is the reason.
    Bad(String),
    /// The database cancelled a statement at its time limit.
    TooSlow,
    Failed(anyhow::Error),
}

pub(crate) type WebResult<T = Response> = Result<T, WebError>;

pub(crate) const TOO_SLOW: &str = "That took too long, and was stopped. A list is faster when it is filtered first; \
                                   its download may take longer.";

/// The texts of an error page. They are attached to its response, so that a middleware can render the page again
/// with the menu or the form.
#[derive(Clone)]
pub(crate) struct ErrorText {
    pub(crate) title: &'static str,
    pub(crate) message: String,
}

/// The message of an error page that has not been rendered with a form.
pub(crate) fn error_message(response: &Response) -> Option<String> {
    let text = response.extensions().get::<ErrorText>();
    text.map(|text| text.message.clone())
}

/// Logs a failure under a new number, and returns the message with that number.
pub(crate) fn log_failure(error: &anyhow::Error) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    terminal::warn(format!("error {number}: {}", explain::one_line(error)));
    format!("The request failed. See error {number} in the server's log.")
}

impl From<tokio_postgres::Error> for WebError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(&SqlState::QUERY_CANCELED) => WebError::TooSlow,
            // A NUL or invalid UTF-8: no object has such a name.
            Some(&SqlState::CHARACTER_NOT_IN_REPERTOIRE) => WebError::NotFound,
            Some(&SqlState::LOCK_NOT_AVAILABLE | &SqlState::T_R_DEADLOCK_DETECTED) => {
                WebError::Busy("Another session is changing it. Try again in a moment.")
            }
            Some(&SqlState::UNDEFINED_COLUMN | &SqlState::UNDEFINED_TABLE) => {
                WebError::Busy("The database was just changed. Try again.")
            }
            Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                WebError::Forbidden("The web application has no right to do this.")
            }
            _ => WebError::Failed(error.into()),
        }
    }
}

impl From<PoolError<tokio_postgres::Error>> for WebError {
    fn from(error: PoolError<tokio_postgres::Error>) -> Self {
        WebError::Failed(anyhow::Error::new(error).context("no connection to the database"))
    }
}

impl From<anyhow::Error> for WebError {
    fn from(error: anyhow::Error) -> Self {
        WebError::Failed(error)
    }
}
