//! The errors of one request.

use super::page_error::PageError;
use super::rate_limit::is_limit;
use crate::failure::{Exit, Failure};
use reqwest::StatusCode;
use std::time::Duration;

/// The message and the hint of a failed request. Several threads may report the same one.
#[derive(Clone, Debug)]
pub(in crate::extract) struct ApiFailure {
    pub(in crate::extract) message: String,
    pub(in crate::extract) hint: Option<String>,
}

impl From<ApiFailure> for Failure {
    fn from(api: ApiFailure) -> Failure {
        let failure = Failure::new(Exit::Failed, api.message);
        match api.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

#[derive(Debug)]
pub(in crate::extract) enum RequestError {
    Status {
        status: StatusCode,
        /// The time that the server asked to wait.
        retry_after: Option<Duration>,
        /// The explanation in the response, as the server wrote it until `Client::conceal` was called.
        detail: Option<String>,
    },
    /// No connection.
    Connect {
        reason: String,
        /// An earlier connection to this host succeeded.
        worked_before: bool,
    },
    /// No encrypted connection, or the server's certificate is not trusted.
    Tls {
        reason: String,
    },
    /// The request could not be sent.
    Request {
        reason: String,
    },
    /// The connection broke.
    Broken {
        reason: String,
    },
    TimedOut {
        limit: Duration,
    },
    /// No byte of a file arrived for a time.
    Stalled {
        limit: Duration,
    },
    TooLong {
        limit: usize,
    },
    /// A redirect to another host or without an address.
    Redirect {
        reason: String,
    },
    NotAPage {
        error: PageError,
        /// The content type, unless it is JSON.
        content_type: Option<String>,
        /// The explanation in the response.
        detail: Option<String>,
    },
    /// The page is no longer needed.
    Stopped,
}

impl RequestError {
    /// Whether the same request may succeed later.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            RequestError::Status { status, .. } => {
                // 403 means a reached limit if the server says when to come back. Otherwise, it is a refusal.
                *status == StatusCode::TOO_MANY_REQUESTS
                    || status.is_server_error()
                    || self.retry_after().is_some()
            }
            RequestError::Connect { .. }
            | RequestError::Broken { .. }
            | RequestError::TimedOut { .. }
            | RequestError::Stalled { .. } => true,
            RequestError::NotAPage { error, .. } => matches!(error, PageError::Truncated { .. }),
            RequestError::Tls { .. }
            | RequestError::Request { .. }
            | RequestError::TooLong { .. }
            | RequestError::Redirect { .. }
            | RequestError::Stopped => false,
        }
    }

    /// The time that the server asked to wait, if its status allows that.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            RequestError::Status {
                status,
                retry_after,
                ..
            } if is_limit(*status) => *retry_after,
            _ => None,
        }
    }
}

impl std::fmt::Display for RequestError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RequestError::Status {
                status,
                retry_after,
                detail,
            } => {
                write!(formatter, "the server answered {status}")?;
                if let Some(detail) = detail {
                    write!(formatter, ": {detail}")?;
                }
                if let Some(after) = retry_after {
                    write!(
                        formatter,
                        ", to come back in {} s",
                        after.as_secs_f64().ceil()
                    )?;
                }
                Ok(())
            }
            RequestError::Connect { reason, .. } => write!(formatter, "no connection: {reason}"),
            RequestError::Tls { reason } => write!(formatter, "no trusted connection: {reason}"),
            RequestError::Request { reason } => write!(formatter, "it could not be sent: {reason}"),
            RequestError::Broken { reason } => write!(formatter, "the connection broke: {reason}"),
            RequestError::TimedOut { limit } => {
                write!(
                    formatter,
                    "no complete answer within {} s",
                    limit.as_secs_f64()
                )
            }
            RequestError::Stalled { limit } => {
                write!(formatter, "no bytes for {} s", limit.as_secs_f64())
            }
            RequestError::TooLong { limit } => {
                write!(formatter, "the answer is longer than {limit} bytes")
            }
            RequestError::Redirect { reason } => formatter.write_str(reason),
            RequestError::NotAPage {
                error,
                content_type,
                detail,
            } => {
                formatter.write_str("the answer is not a page")?;
                if let Some(content_type) = content_type {
                    write!(formatter, " but {content_type}")?;
                }
                write!(formatter, ": {error}")?;
                match detail {
                    Some(detail) => write!(formatter, "; the server says: {detail}"),
                    None => Ok(()),
                }
            }
            RequestError::Stopped => formatter.write_str("it was no longer needed"),
        }
    }
}
