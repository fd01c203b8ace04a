//! A failure in words: the chain of causes, one a line, then detail and hint as PostgreSQL gives
//! them. `postgres::Error` prints only "db error" by itself, and never the context of a COPY.

use crate::failure::Failure;
use postgres::error::{DbError, ErrorPosition, SqlState};
use serde::Serialize;
use std::io::ErrorKind;

/// The server was stopped, or an administrator ended the session.
const ENDED_BY_SERVER: [SqlState; 3] = [
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::CANNOT_CONNECT_NOW,
];
/// The same, when the server had no time to say so.
const BROKEN: [ErrorKind; 3] = [
    ErrorKind::ConnectionReset,
    ErrorKind::BrokenPipe,
    ErrorKind::UnexpectedEof,
];
const AGAIN: &str = "Run the same command again; what it had not committed is as it was before.";

/// A failure in parts, without anything secret.
#[derive(Default, Serialize)]
pub(crate) struct Explanation {
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) sqlstate: Option<String>,
    pub(crate) details: Vec<String>,
    /// Where the server was, in its words: of a COPY the table, line and column.
    pub(crate) context: Vec<String>,
    pub(crate) hints: Vec<String>,
}

impl Explanation {
    pub(crate) fn of(error: &anyhow::Error) -> Explanation {
        let mut said = Explanation::default();
        let mut last_resort = None;
        for cause in error.chain() {
            // Already said by the postgres::Error that it is the source of.
            if cause.is::<DbError>() {
                continue;
            }
            let text = match cause.downcast_ref::<postgres::Error>() {
                Some(error) => said.take_database_error(error),
                None => cause.to_string(),
            };
            if let Some(failure) = cause.downcast_ref::<Failure>() {
                said.details.extend(failure.detail.clone());
                said.hints.extend(failure.hint.clone());
            }
            if let Some(error) = cause.downcast_ref::<std::io::Error>()
                && BROKEN.contains(&error.kind())
            {
                said.hints.push(AGAIN.into());
            }
            last_resort = last_resort.or(usual_hint(cause));
            said.take_line(text);
        }
        if said.hints.is_empty() {
            said.hints.extend(last_resort.map(str::to_string));
        }
        said.hints.dedup();
        said
    }

    fn take_database_error(&mut self, error: &postgres::Error) -> String {
        match error.as_db_error() {
            Some(error) => {
                let code = error.code().code();
                self.sqlstate.get_or_insert_with(|| code.to_string());
                self.details.extend(error.detail().map(str::to_string));
                self.context.extend(error.where_().map(str::to_string));
                self.hints.extend(error.hint().map(str::to_string));
                let lost_worker = error.message().starts_with("lost connection");
                if ENDED_BY_SERVER.contains(error.code()) || lost_worker {
                    self.hints.push(AGAIN.into());
                }
                format!("{} (SQLSTATE {code})", error.message())
            }
            None if error.is_closed() => {
                self.hints.push(AGAIN.into());
                "the server closed the connection".into()
            }
            // It names the kind of failure; the next in the chain says which.
            None => error.to_string(),
        }
    }

    /// A cause that the line above already ends with is not said twice.
    fn take_line(&mut self, text: String) {
        if self.message.is_empty() {
            self.message = text;
        } else if !self.causes.last().unwrap_or(&self.message).ends_with(&text) {
            self.causes.push(text);
        }
    }

    /// As people read it.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("elt: {}", self.message)];
        let mut add = |what: &str, texts: &[String]| {
            lines.extend(texts.iter().map(|text| format!("{what}: {text}")));
        };
        add("  because", &self.causes);
        add("detail", &self.details);
        add("where", &self.context);
        add("hint", &self.hints);
        lines
    }
}

/// What helps against causes that are the same everywhere, where nobody who was nearer had a hint.
fn usual_hint(cause: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
    if let Some(error) = cause.downcast_ref::<postgres::Error>() {
        return match error.code()? {
            &SqlState::INSUFFICIENT_PRIVILEGE => Some(
                "Connect as a role that may, or let the owner grant it. elt migrate has to own what it \
                 changes; a load writes to the schemas elt, staging, core and public.",
            ),
            &SqlState::READ_ONLY_SQL_TRANSACTION => Some(
                "The server is a standby, or default_transaction_read_only is on: name one that can be \
                 written to.",
            ),
            &SqlState::DISK_FULL => Some(
                "Make room on the server's disk, and run the same command again. elt gc drops what is no \
                 longer needed.",
            ),
            &SqlState::TOO_MANY_CONNECTIONS => {
                Some("Try again when others are done, or raise max_connections.")
            }
            &SqlState::LOCK_NOT_AVAILABLE => Some("Somebody holds what is needed: try again."),
            _ => None,
        };
    }
    match cause.downcast_ref::<std::io::Error>()?.kind() {
        ErrorKind::PermissionDenied => {
            Some("See who may read and write there with ls -l, or name another place.")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            Some("Make room there, or name another place; what was there before is as it was.")
        }
        ErrorKind::IsADirectory => Some("Name a file, not a folder."),
        ErrorKind::NotFound => {
            Some("Check how the name is written, and from which folder you call elt.")
        }
        ErrorKind::AddrInUse => {
            Some("Another program listens there: end it, or choose another port.")
        }
        _ => None,
    }
}

/// All of it on one line, for the database's own record.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let lines = Explanation::of(error).lines();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    lines.join("; ").trim_start_matches("elt: ").into()
}

/// The line of the SQL text where the server saw the error, from 1.
pub(crate) fn line_in(error: &postgres::Error, text: &str) -> Option<usize> {
    match error.as_db_error()?.position()? {
        ErrorPosition::Original(position) => Some(
            1 + text
                .chars()
                .take((*position as usize).saturating_sub(1))
                .filter(|each| *each == '\n')
                .count(),
        ),
        ErrorPosition::Internal { .. } => None,
    }
}

/// tokio-postgres refuses by itself when the server wants a password and there is none.
pub(crate) fn wants_password(error: &postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.to_string().contains("password"))
}
