//! A failure in words: the chain of causes, one a line, then detail and hint as PostgreSQL gives
//! them. `postgres::Error` prints only "db error" by itself, and never the context of a COPY.

use crate::failure::Failure;
use postgres::error::{DbError, ErrorPosition, SqlState};
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
const AGAIN: &str =
    "hint: Run the same command again; what it had not committed is as it was before.";

/// The lines to print, without anything secret.
pub(crate) fn lines(error: &anyhow::Error) -> Vec<String> {
    let mut lines = Vec::new();
    let mut after = Vec::new();
    for cause in error.chain() {
        let text = match cause.downcast_ref::<postgres::Error>() {
            Some(error) => match error.as_db_error() {
                Some(db_error) => {
                    after.extend(more(db_error));
                    let lost_worker = db_error.message().starts_with("lost connection");
                    if ENDED_BY_SERVER.contains(db_error.code()) || lost_worker {
                        after.push(AGAIN.into());
                    }
                    format!(
                        "{} (SQLSTATE {})",
                        db_error.message(),
                        db_error.code().code()
                    )
                }
                None if error.is_closed() => {
                    after.push(AGAIN.into());
                    "the server closed the connection".into()
                }
                // It names the kind of failure; the next in the chain says which.
                None => error.to_string(),
            },
            // Already said by the postgres::Error that it is the source of.
            None if cause.is::<DbError>() => continue,
            None => cause.to_string(),
        };
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            after.extend(failure.detail.iter().map(|text| format!("detail: {text}")));
            after.extend(failure.hint.iter().map(|text| format!("hint: {text}")));
        }
        if let Some(error) = cause.downcast_ref::<std::io::Error>()
            && BROKEN.contains(&error.kind())
        {
            after.push(AGAIN.into());
        }
        // A cause that the line above already ends with is not said twice.
        if !lines
            .last()
            .is_some_and(|last: &String| last.ends_with(&text))
        {
            lines.push(text);
        }
    }
    let mut out: Vec<String> = lines
        .iter()
        .enumerate()
        .map(|(depth, text)| match depth {
            0 => format!("elt: {text}"),
            _ => format!("  because: {text}"),
        })
        .collect();
    after.dedup();
    out.extend(after);
    out
}

/// The same on one line, for the database's own record.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let lines = lines(error);
    let lines: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
    lines.join("; ").trim_start_matches("elt: ").into()
}

fn more(error: &DbError) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(error.detail().map(|text| format!("detail: {text}")));
    lines.extend(error.where_().map(|text| format!("where: {text}")));
    lines.extend(error.hint().map(|text| format!("hint: {text}")));
    lines
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
