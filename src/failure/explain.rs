//! A failure in words: the chain of causes, one a line, then detail and hint as PostgreSQL gives
//! them. `postgres::Error` prints only "db error" by itself, and never the context of a COPY.

use super::sentence::{Flags, Sentence, elt};
use super::{Exit, Failure};
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
pub(crate) const AGAIN: &str =
    "Run the same command again; what it had not committed is as it was before.";
/// Against a full disk of the server's.
pub(crate) fn make_room() -> Sentence {
    "Make room on the server's disk, and run the same command again. "
        + elt!("gc")
        + " drops what is no longer needed."
}

/// A failure in parts, without anything secret.
#[derive(Default, Serialize)]
pub(crate) struct Explanation {
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) sqlstate: Option<String>,
    pub(crate) details: Vec<String>,
    /// Where the server was, in its words: of a COPY the table, line and column.
    pub(crate) context: Vec<String>,
    /// Of two texts, as `diff -u` prints it.
    pub(crate) difference: Option<String>,
    pub(crate) hints: Vec<Sentence>,
}

impl Explanation {
    /// For the user, with the details that may quote rows of data. `place`: the database, once there is a
    /// connection. `flags`: for the commands in hints.
    pub(crate) fn of(error: &anyhow::Error, place: Option<&str>, flags: &Flags) -> Explanation {
        let mut said = Explanation::at(place, error);
        let hints = said.hints.iter().map(|hint| hint.text(flags).into());
        said.hints = hints.collect();
        let failures = error.chain().filter_map(|cause| cause.downcast_ref());
        let private = failures.flat_map(|failure: &Failure| failure.private_details.to_vec());
        said.details.splice(0..0, private);
        said
    }

    /// `place`: the database, where it has to be said which.
    fn at(place: Option<&str>, error: &anyhow::Error) -> Explanation {
        let mut said = Explanation::default();
        let mut last_resort = None;
        let mut causes = error.chain();
        let is_bare = causes
            .next()
            .is_some_and(|first| first.is::<postgres::Error>());
        if let (true, Some(place)) = (is_bare, place) {
            said.message = format!("could not work with {place}");
        }
        for cause in error.chain() {
            // Already said by the postgres::Error that it is the source of; and of refinery's, which
            // would only say "db error", by what stands above it.
            let is_wrapper = cause.is::<refinery::Error>() && cause.source().is_some();
            if cause.is::<DbError>() || is_wrapper {
                continue;
            }
            let text = match cause.downcast_ref::<postgres::Error>() {
                Some(error) => said.take_database_error(error),
                None => cause.to_string(),
            };
            if let Some(failure) = cause.downcast_ref::<Failure>() {
                said.details.extend(failure.detail.clone());
                said.hints.extend(failure.hint.as_deref().cloned());
                let difference = failure.difference.as_deref().map(str::to_string);
                said.difference = said.difference.or(difference);
            }
            // A file can break off as well.
            if is_broken(cause) && error.chain().any(|each| each.is::<postgres::Error>()) {
                said.hints.push(AGAIN.into());
            }
            if let (false, true, Some(place)) = (is_bare, is_about_place(cause), place) {
                said.details.push(format!("Connected to {place}."));
            }
            last_resort = last_resort.or(usual_hint(cause));
            said.take_line(text);
        }
        if said.hints.is_empty() {
            said.hints.extend(last_resort);
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
                let place = error.where_().filter(|place| !is_refusal(place));
                self.context.extend(place.map(str::to_string));
                // "Check free disk space." There is more to be said about that; and nobody is to be told
                // to drop with CASCADE what is somebody else's.
                let better_said = [SqlState::DISK_FULL, SqlState::DEPENDENT_OBJECTS_STILL_EXIST];
                let hint = error.hint().filter(|_| !better_said.contains(error.code()));
                self.hints.extend(hint.map(Sentence::from));
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
        let difference = self.difference.iter().flat_map(|text| text.lines());
        lines.extend(difference.map(str::to_string));
        lines.extend(self.hints.iter().map(|hint| format!("hint: {hint}")));
        lines
    }
}

/// Whether a function of ours said so by itself: then its words are enough, without the lines of the functions.
fn is_refusal(place: &str) -> bool {
    let first = place.lines().next().unwrap_or_default();
    first.starts_with("PL/pgSQL function elt.") && first.ends_with(" at RAISE")
}

fn is_broken(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| BROKEN.contains(&error.kind()))
}

/// Whether the server, or the way to it, was lost in the middle.
pub(crate) fn is_lost(error: &anyhow::Error) -> bool {
    let mut chain = error
        .chain()
        .skip_while(|cause| !cause.is::<postgres::Error>());
    chain.any(|cause| match cause.downcast_ref::<postgres::Error>() {
        Some(error) => {
            error.is_closed()
                || error
                    .code()
                    .is_some_and(|code| ENDED_BY_SERVER.contains(code))
        }
        None => is_broken(cause),
    })
}

/// Whether the server said so when it was about to end, or to begin.
pub(crate) fn is_ended_by_server(code: &SqlState) -> bool {
    ENDED_BY_SERVER.contains(code)
}

/// Whether it hangs on who is connected, and to what.
fn is_about_place(cause: &(dyn std::error::Error + 'static)) -> bool {
    const SAID: [SqlState; 3] = [
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::DISK_FULL,
    ];
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return failure.exit == Exit::Schema;
    }
    let error = cause.downcast_ref::<postgres::Error>();
    let code = error.and_then(postgres::Error::code);
    code.is_some_and(|code| SAID.contains(code))
}

/// Whether the server, or the role, has as many connections as it may have.
pub(crate) fn is_full(error: &anyhow::Error) -> bool {
    let code = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<postgres::Error>()?.code());
    code == Some(&SqlState::TOO_MANY_CONNECTIONS)
}

/// Whether it is the text of a statement, or what it computed, that the server refused.
pub(crate) fn is_about_sql(error: &anyhow::Error) -> bool {
    let mut causes = error.chain();
    let code = causes.find_map(|cause| cause.downcast_ref::<postgres::Error>()?.code());
    code.is_some_and(|code| {
        let class = &code.code()[..2];
        ["22", "23", "42"].contains(&class) && *code != SqlState::INSUFFICIENT_PRIVILEGE
    })
}

/// What helps against causes that are the same everywhere, where nobody who was nearer had a hint.
pub(crate) fn usual_hint(cause: &(dyn std::error::Error + 'static)) -> Option<Sentence> {
    if let Some(error) = cause.downcast_ref::<postgres::Error>() {
        return Some(match *error.code()? {
            SqlState::INSUFFICIENT_PRIVILEGE => {
                "Connect as a role that may, or let the owner grant it: "
                    + elt!("grants")
                    + " has one for each kind of work. "
                    + elt!("migrate")
                    + " has to own what it changes."
            }
            SqlState::READ_ONLY_SQL_TRANSACTION => {
                "The server is a standby, or default_transaction_read_only is on: name one that can be \
                 written to."
                    .into()
            }
            SqlState::DISK_FULL => make_room(),
            SqlState::TOO_MANY_CONNECTIONS => {
                "Try again when others are done, or raise max_connections.".into()
            }
            SqlState::LOCK_NOT_AVAILABLE => {
                "Another session holds what is needed: try again.".into()
            }
            _ => return None,
        });
    }
    let hint = match cause.downcast_ref::<std::io::Error>()?.kind() {
        ErrorKind::PermissionDenied => {
            "See who may read and write there with ls -l, or name another place."
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "Make room there, or name another place; what was there before is as it was."
        }
        ErrorKind::IsADirectory => "Name a file, not a folder.",
        ErrorKind::NotADirectory => "A file is where a folder should be: name another place.",
        ErrorKind::AlreadyExists => {
            "What is there is not written over: name another place, or move it away."
        }
        ErrorKind::ReadOnlyFilesystem => "Name a place that can be written to.",
        ErrorKind::NotFound => "Check how the name is written, and from which folder you call elt.",
        ErrorKind::AddrInUse => "Another program listens there: end it, or choose another port.",
        ErrorKind::AddrNotAvailable => "Name an address of this machine.",
        _ => return None,
    };
    Some(hint.into())
}

/// All of it on one line, for records: without the commands, since with which flags they work depends on who
/// reads it.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let mut said = Explanation::at(None, error);
    said.hints.retain(|hint| !hint.has_command());
    on_one_line(said)
}

/// The same, for who was not asked to do what failed, and so is to do nothing about it.
pub(crate) fn why(error: &anyhow::Error) -> String {
    on_one_line(Explanation {
        hints: Vec::new(),
        ..Explanation::at(None, error)
    })
}

pub(crate) fn on_one_line(said: Explanation) -> String {
    let said = Explanation {
        difference: None,
        ..said
    };
    let lines = said.lines();
    // A detail may be of several.
    let lines: Vec<&str> = lines
        .iter()
        .flat_map(|line| line.lines())
        .map(str::trim)
        .collect();
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
