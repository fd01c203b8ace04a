//! Recognizes causes of failures by their codes and kinds, and has the hints for common ones.

use super::sentence::{Sentence, elt};
use super::{Exit, Failure};
use postgres::error::{DbError, ErrorPosition, SqlState};
use std::error::Error;
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

/// Whether a parallel worker of the query ended, as it does if the server is stopped at once. The code alone is also
/// that of other errors.
pub(super) fn is_lost_worker(error: &DbError) -> bool {
    *error.code() == SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE
        && error.file() == Some("parallel.c")
}

/// Whether the server could not write its cache file, which means that its disk is full. Before version 17, the
/// server reports neither the reason nor a code.
fn is_unwritten_cache(error: &DbError) -> bool {
    *error.code() == SqlState::INTERNAL_ERROR && error.routine() == Some("write_item")
}

pub(super) fn is_broken(cause: &(dyn Error + 'static)) -> bool {
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
pub(super) fn is_about_place(cause: &(dyn Error + 'static)) -> bool {
    const CODES: [SqlState; 3] = [
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::DISK_FULL,
    ];
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return failure.exit == Exit::Schema;
    }
    let error = cause.downcast_ref::<postgres::Error>();
    let code = error.and_then(postgres::Error::code);
    code.is_some_and(|code| CODES.contains(code))
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
pub(crate) fn usual_hint(cause: &(dyn Error + 'static)) -> Option<Sentence> {
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

/// The hint for a row that violates a check of elt's own tables, if the name of the check says too little.
pub(super) fn check_hint(error: &DbError) -> Option<&'static str> {
    Some(match error.constraint()? {
        "source_file_has_no_secret" => {
            "A parameter of the address is named like a secret: leave it out, set ELT_<SOURCE>_TOKEN to its value, and \
             token_parameter in elt.rest_source to its name. This works for a value that is not secret, too."
        }
        "source_file_is_a_path_or_address" => {
            "elt.source.file is a file or a pattern in the data folder (2026/orders-*.csv), or an address without user, \
             spaces and fragment (https://host/path?parameter=value, s3://bucket/orders.csv)."
        }
        _ => return None,
    })
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
