//! Why a connection could not be opened.

use super::attempts::Attempt;
use crate::db::conninfo::Stage;
use crate::failure::explain;
use std::error::Error as _;
use std::time::Duration;
use std::{fmt, io};
use tokio_postgres::Error;
use tokio_postgres::config::{ChannelBinding, SslMode};
use tokio_postgres::error::{DbError, SqlState};

/// Why one attempt failed.
#[derive(Debug)]
pub(crate) enum Reason {
    /// No answer within this time.
    TimedOut(Duration),
    /// An error of the driver.
    Failed(Kind, Error),
}

/// The kinds of errors that the driver does not tell apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// The host was not reached.
    Unreachable,
    /// The server does not support TLS.
    NoTls,
    /// The TLS handshake failed.
    Handshake,
    /// The server asks for a password, but none is set.
    NoPassword,
    /// The session is not of the kind that `target_session_attrs` asks for.
    WrongSession,
    /// Any other error. With a code, the server refused the connection.
    Other,
}

impl Reason {
    /// The stage of the attempt tells the kind of the error.
    pub(super) fn classify(error: Error, attempt: &Attempt) -> Reason {
        let kind = match attempt.tls.stage() {
            Stage::Connecting => Kind::Unreachable,
            Stage::Handshake => Kind::Handshake,
            Stage::Connected | Stage::Encrypted if !is_own_error(&error) => Kind::Other,
            Stage::Connected if attempt.mode() == SslMode::Require => Kind::NoTls,
            // With this channel binding, the driver refuses before it looks for a password.
            Stage::Connected | Stage::Encrypted
                if attempt.config.get_channel_binding() == ChannelBinding::Require =>
            {
                Kind::Other
            }
            Stage::Connected | Stage::Encrypted => match attempt.config.get_password() {
                None => Kind::NoPassword,
                Some(_) => Kind::Other,
            },
        };
        Reason::Failed(kind, error)
    }

    pub(super) fn wrong_session(error: Error) -> Reason {
        Reason::Failed(Kind::WrongSession, error)
    }

    pub(crate) fn is(&self, wanted: Kind) -> bool {
        matches!(self, Reason::Failed(kind, _) if *kind == wanted)
    }

    fn driver_error(&self) -> Result<&Error, Duration> {
        match self {
            Reason::TimedOut(limit) => Err(*limit),
            Reason::Failed(_, error) => Ok(error),
        }
    }

    fn into_driver_error(self) -> Result<Error, Reason> {
        match self {
            Reason::TimedOut(_) => Err(self),
            Reason::Failed(_, error) => Ok(error),
        }
    }

    fn into_cause(self) -> anyhow::Error {
        self.into_driver_error()
            .map_or_else(anyhow::Error::from, anyhow::Error::from)
    }

    pub(super) fn code(&self) -> Option<&SqlState> {
        self.driver_error().ok()?.code()
    }

    /// Whether the server's certificate was rejected.
    pub(crate) fn is_about_certificate(&self) -> bool {
        let Reason::Failed(Kind::Handshake, error) = self else {
            return false;
        };
        let error = error.source().and_then(|error| error.downcast_ref());
        let error = error.and_then(|error: &io::Error| error.get_ref()?.downcast_ref());
        matches!(error, Some(rustls::Error::InvalidCertificate(_)))
    }
}

/// Whether the driver itself raised the error, and neither the server nor the network did.
fn is_own_error(error: &Error) -> bool {
    error
        .source()
        .is_some_and(|source| !source.is::<DbError>() && !source.is::<io::Error>())
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.driver_error() {
            Ok(error) => error.fmt(formatter),
            Err(limit) => write!(formatter, "no answer within {} s", limit.as_secs()),
        }
    }
}

impl std::error::Error for Reason {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.driver_error().ok()?.source()
    }
}

/// No attempt succeeded.
#[derive(Debug)]
pub(crate) struct NotConnected {
    /// The failed attempts, in order, each with a description of its place. Never empty.
    failed: Vec<(String, Reason)>,
}

impl NotConnected {
    pub(super) fn new(failed: Vec<(String, Reason)>) -> NotConnected {
        NotConnected { failed }
    }

    /// The reason of the last attempt.
    pub(crate) fn reason(&self) -> Option<&Reason> {
        Some(&self.failed.last()?.1)
    }

    pub(crate) fn code(&self) -> Option<&SqlState> {
        self.reason()?.code()
    }

    /// The last error of the driver. `None` if all attempts timed out.
    pub(crate) fn into_driver_error(self) -> Option<Error> {
        let reasons = self.failed.into_iter().rev().map(|(_, reason)| reason);
        reasons
            .filter_map(|reason| reason.into_driver_error().ok())
            .next()
    }

    /// The last cause, and descriptions of the other causes before it.
    pub(crate) fn into_parts(mut self) -> (anyhow::Error, Vec<String>) {
        let last = self.failed.pop().map(|(_, reason)| reason.into_cause());
        let last = last.unwrap_or_else(|| anyhow::anyhow!("there is no host"));
        let last_line = explain::one_line(&last);
        let before = self.failed.into_iter().filter_map(|(place, reason)| {
            let line = explain::one_line(&reason.into_cause());
            (line != last_line).then(|| format!("{place}: {line}"))
        });
        let before = before.collect();
        (last, before)
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("could not connect")
    }
}

impl std::error::Error for NotConnected {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let reason = self.reason()?;
        match reason.driver_error() {
            Ok(error) => Some(error),
            Err(_) => Some(reason),
        }
    }
}
