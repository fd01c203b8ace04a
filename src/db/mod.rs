//! Connects to a server: connection strings, environment, hosts, TLS, passwords, and sessions with the same settings
//! on every server. It prints nothing; warnings are part of the target.

pub(crate) mod connect;
pub(crate) mod conninfo;
pub(crate) mod locks;
mod pooler;

pub(crate) use pooler::require_own_session;

use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure, cause};
use anyhow::Result;
use connect::{Kind, NotConnected};
use conninfo::Target;
use postgres::Client;
use postgres::error::SqlState;

/// The oldest supported version, which the tests also run on.
const OLDEST_MAJOR: u32 = 15;

/// Settings of each session, so that the server's defaults do not change results. On Linux, the server also checks
/// regularly whether the client is alive: otherwise the publish of a killed program would continue and hold its
/// locks.
pub(crate) const SESSION: &str = "select set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO, YMD', false), \
                       set_config('client_min_messages', 'warning', false), \
                       set_config('extra_float_digits', '1', false), \
                       set_config('default_transaction_isolation', 'read committed', false), \
                       case when version() ~ 'linux' \
                       then set_config('client_connection_check_interval', '500ms', false) end";
/// Statements that reset a session in which a user's function ran.
const RESET: &str = "select pg_advisory_unlock_all(); discard temp; reset role; \
                      reset session authorization; reset all";

/// Resets a session in which a user's function ran.
pub(crate) fn reset_session(client: &mut Client) -> Result<()> {
    Ok(client.batch_execute(&format!("{RESET}; {SESSION}"))?)
}

/// Fails if the version of the server or the encoding of the database is not supported.
pub(crate) fn require_supported(client: &mut Client) -> Result<()> {
    let version: String = client
        .query_typed_one("select current_setting('server_version_num')", &[])?
        .get(0);
    let major = version.parse::<u32>().unwrap_or(0) / 10_000;
    if major < OLDEST_MAJOR {
        return Err(Failure::new(
            Exit::NoConnection,
            format!("the server is PostgreSQL {major}, but elt needs {OLDEST_MAJOR} or newer"),
        )
        .detail("Older versions are no longer maintained, and elt is not tested with them.")
        .hint("Name another server, or omit it to use the embedded server.")
        .into());
    }
    let encoding: String = client
        .query_typed_one("select current_setting('server_encoding')", &[])?
        .get(0);
    if encoding != "UTF8" {
        return Err(Failure::new(
            Exit::NoConnection,
            format!("the database's encoding is {encoding}, but elt needs UTF8"),
        )
        .detail("A character that the encoding lacks would make a whole load fail.")
        .hint("Make another database: create database NAME template template0 encoding 'UTF8'.")
        .into());
    }
    Ok(())
}

/// The failure of a connection: the target, the cause and a hint, without passwords.
pub(crate) fn no_connection(error: NotConnected, target: &Target) -> anyhow::Error {
    let code = error.code().cloned();
    let hint = connection_hint(&error);
    let (cause, before) = error.into_parts();
    let usual = cause::usual_hint(cause.as_ref());
    let hint = hint.or(usual).unwrap_or_else(|| match code {
        Some(_) => "Check the user and the database that the connection names.".into(),
        None => "Check that the server is running and listens there. Without --database-url, DATABASE_URL and \
                 PG* variables, elt uses its embedded server."
            .into(),
    });
    let mut details = Vec::new();
    if !before.is_empty() {
        details.push(format!("Before that: {}.", before.join("; ")));
    }
    if code == Some(SqlState::INVALID_PASSWORD)
        && let Some(file) = target.password_file()
    {
        details.push(format!("The password is from file \"{}\".", file.display()));
    }
    let message = format!("could not connect to {}", target.describe());
    let mut failure = Failure::new(Exit::NoConnection, message);
    if !details.is_empty() {
        failure = failure.detail(details.join(" "));
    }
    failure.because(cause).hint(hint).into()
}

/// The hint for a reason that only a new connection can have.
fn connection_hint(error: &NotConnected) -> Option<Sentence> {
    let (code, reason) = (error.code(), error.reason()?);
    let hint = if code == Some(&SqlState::INVALID_PASSWORD) || reason.is(Kind::NoPassword) {
        "Set PGPASSWORD, put the password into DATABASE_URL, or add a line to ~/.pgpass.".into()
    } else if code == Some(&SqlState::UNDEFINED_DATABASE) {
        elt!("migrate") + " creates the project's database; create any other database yourself."
    } else if reason.is(Kind::NoTls) {
        "The server does not use TLS: enable it there, or omit sslmode on a trusted network.".into()
    } else if reason.is_about_certificate() {
        "The server's certificate is verified with sslrootcert; with sslmode=verify-full, its names must \
         match host."
            .into()
    } else if code.is_some_and(cause::is_ended_by_server) {
        cause::AGAIN.into()
    } else if reason.is(Kind::WrongSession) {
        "No host that answers is of the kind that target_session_attrs asks for.".into()
    } else {
        return None;
    };
    Some(hint)
}
