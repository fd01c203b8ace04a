//! Formats a failure: the chain of causes, one per line, then detail and hint as PostgreSQL gives
//! them. `postgres::Error` alone prints only "db error" and never the context of a COPY.

use super::sentence::{Flags, Sentence, elt};
use super::{Exit, Failure};
use postgres::error::{DbError, ErrorPosition, SqlState};
use serde::Serialize;
use std::io::ErrorKind;

/// Codes of a server that was stopped, and of a session that an administrator ended.
const ENDED_BY_SERVER: [SqlState; 3] = [
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::CANNOT_CONNECT_NOW,
];
/// Kinds of errors of a lost connection, about which the server could not report.
const BROKEN: [ErrorKind; 3] = [
    ErrorKind::ConnectionReset,
    ErrorKind::BrokenPipe,
    ErrorKind::UnexpectedEof,
];
pub(crate) const AGAIN: &str =
    "Run the same command again; changes that were not committed were rolled back.";
/// The hint for a full disk of the server.
pub(crate) fn make_room() -> Sentence {
    "Free space on the server's disk and run the same command again. "
        + elt!("gc")
        + " drops what is no longer needed."
}

/// The parts of a failure, without secrets.
#[derive(Default, Serialize)]
pub(crate) struct Explanation {
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) sqlstate: Option<String>,
    pub(crate) details: Vec<String>,
    /// The server's context: for a COPY, the table, line and column.
    pub(crate) context: Vec<String>,
    /// The difference of two texts, as `diff -u` prints it.
    pub(crate) difference: Option<String>,
    pub(crate) hints: Vec<Sentence>,
}

impl Explanation {
    /// For the user, with the details that may quote rows of data. `place` is the database, once there is a
    /// connection. `flags` are for the commands in hints.
    pub(crate) fn of(error: &anyhow::Error, place: Option<&str>, flags: &Flags) -> Explanation {
        let mut said = Explanation::at(place, error);
        let hints = said.hints.iter().map(|hint| hint.text(flags).into());
        said.hints = hints.collect();
        let failures = error.chain().filter_map(|cause| cause.downcast_ref());
        let private = failures.flat_map(|failure: &Failure| failure.private_details.to_vec());
        said.details.splice(0..0, private);
        said
    }

    /// `place` is the database, if the message must name it.
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
            // The postgres::Error above a DbError already has its text. A refinery::Error would only print
            // "db error".
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
            // Reading a file can fail with the same kinds.
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
                // PostgreSQL's hint for a full disk is too short. Its hint to drop with CASCADE could destroy
                // objects of other owners.
                let better_said = [SqlState::DISK_FULL, SqlState::DEPENDENT_OBJECTS_STILL_EXIST];
                let hint = error.hint().filter(|_| !better_said.contains(error.code()));
                self.hints.extend(hint.map(Sentence::from));
                if ENDED_BY_SERVER.contains(error.code()) || is_lost_worker(error) {
                    self.hints.push(AGAIN.into());
                }
                format!("{} (SQLSTATE {code})", error.message())
            }
            None if error.is_closed() => {
                self.hints.push(AGAIN.into());
                "the server closed the connection".into()
            }
            // It names the kind of failure; the next error in the chain has the details.
            None => error.to_string(),
        }
    }

    /// Omits a cause that the line above already ends with.
    fn take_line(&mut self, text: String) {
        if self.message.is_empty() {
            self.message = text;
        } else if !self.causes.last().unwrap_or(&self.message).ends_with(&text) {
            self.causes.push(text);
        }
    }

    /// The lines that the terminal shows.
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

/// Whether one of our functions raised the error. Its message is enough, without the PL/pgSQL context.
fn is_refusal(place: &str) -> bool {
    let first = place.lines().next().unwrap_or_default();
    first.starts_with("PL/pgSQL function elt.") && first.ends_with(" at RAISE")
}

/// Whether a parallel worker of the query ended, as it does if the server is stopped at once. The code alone is also
/// that of other errors.
fn is_lost_worker(error: &DbError) -> bool {
    *error.code() == SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE
        && error.file() == Some("parallel.c")
}

/// Whether the server could not write its cache file, which means that its disk is full. Before version 17, the
/// server reports neither the reason nor a code.
fn is_unwritten_cache(error: &DbError) -> bool {
    *error.code() == SqlState::INTERNAL_ERROR && error.routine() == Some("write_item")
}

fn is_broken(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| BROKEN.contains(&error.kind()))
}

/// Whether the server or the connection was lost.
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

/// Whether the server reports that it is shutting down or starting.
pub(crate) fn is_ended_by_server(code: &SqlState) -> bool {
    ENDED_BY_SERVER.contains(code)
}

/// Whether the cause depends on the role and the database of the connection.
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

/// Whether the server or the role has reached its connection limit.
pub(crate) fn is_full(error: &anyhow::Error) -> bool {
    let code = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<postgres::Error>()?.code());
    code == Some(&SqlState::TOO_MANY_CONNECTIONS)
}

/// Whether the server rejected the text of a statement or a value that it computed.
pub(crate) fn is_about_sql(error: &anyhow::Error) -> bool {
    let mut causes = error.chain();
    let code = causes.find_map(|cause| cause.downcast_ref::<postgres::Error>()?.code());
    code.is_some_and(|code| {
        let class = &code.code()[..2];
        ["22", "23", "42"].contains(&class) && *code != SqlState::INSUFFICIENT_PRIVILEGE
    })
}

/// The hint for a common cause, used if no failure in the chain has a hint.
pub(crate) fn usual_hint(cause: &(dyn std::error::Error + 'static)) -> Option<Sentence> {
    if let Some(error) = cause.downcast_ref::<postgres::Error>() {
        if error.as_db_error().is_some_and(is_unwritten_cache) {
            return Some(make_room());
        }
        return Some(match *error.code()? {
            SqlState::INSUFFICIENT_PRIVILEGE => {
                "Connect as a role with this right, or ask the owner to grant it: "
                    + elt!("grants")
                    + " lists a role for each kind of work. "
                    + elt!("migrate")
                    + " must own the objects that it changes."
            }
            SqlState::READ_ONLY_SQL_TRANSACTION => {
                "The server is a standby, or default_transaction_read_only is on: name a server that accepts \
                 writes."
                    .into()
            }
            SqlState::DISK_FULL => make_room(),
            SqlState::TOO_MANY_CONNECTIONS => {
                "Try again when other sessions have ended, or raise max_connections.".into()
            }
            SqlState::LOCK_NOT_AVAILABLE => {
                "Another session holds the lock. Try again.".into()
            }
            _ => return None,
        });
    }
    let hint = match cause.downcast_ref::<std::io::Error>()?.kind() {
        ErrorKind::PermissionDenied => "Check the permissions with ls -l, or name another place.",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "Free some space, or name another place; existing files are unchanged."
        }
        ErrorKind::IsADirectory => "Name a file, not a folder.",
        ErrorKind::NotADirectory => "The path has a file in place of a folder: name another place.",
        ErrorKind::AlreadyExists => {
            "Existing files are not overwritten: name another place, or move the file away."
        }
        ErrorKind::ReadOnlyFilesystem => "Name a writable place.",
        ErrorKind::NotFound => "Check the spelling and the folder that you run elt from.",
        ErrorKind::AddrInUse => {
            "Another program is using this port: stop it, or choose another port."
        }
        ErrorKind::AddrNotAvailable => "Name an address of this machine.",
        _ => return None,
    };
    Some(hint.into())
}

/// The explanation on one line, for records. Hints with commands are omitted, because the flags that they need
/// depend on the reader.
pub(crate) fn one_line(error: &anyhow::Error) -> String {
    let mut said = Explanation::at(None, error);
    said.hints.retain(|hint| !hint.has_command());
    on_one_line(said)
}

/// The same without hints, for failures that the reader need not fix.
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
    // A detail may have several lines.
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
