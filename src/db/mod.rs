//! The way to a server: what a connection string and the environment say, hosts, TLS, passwords, and sessions that
//! behave alike everywhere. It prints nothing: warnings are part of the target.

pub(crate) mod connect;
pub(crate) mod conninfo;
pub(crate) mod locks;
mod pooler;

pub(crate) use pooler::require_own_session;

use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, explain};
use anyhow::Result;
use connect::NotConnected;
use conninfo::Target;
use postgres::Client;
use postgres::error::SqlState;

/// The oldest version that is still maintained, and that the tests run on.
const OLDEST_MAJOR: u32 = 15;

/// What each session sets, so that a server's defaults change no result. And the server is to look now
/// and then whether we live: else a killed program's publish goes on to its end, and holds its locks
/// until then. Not every system can.
pub(crate) const SESSION: &str = "select set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO, YMD', false), \
                       set_config('client_min_messages', 'warning', false), \
                       set_config('extra_float_digits', '1', false), \
                       set_config('default_transaction_isolation', 'read committed', false), \
                       case when version() ~ 'linux' \
                       then set_config('client_connection_check_interval', '500ms', false) end";
/// Before it, in a session where somebody's function ran.
const AFRESH: &str = "select pg_advisory_unlock_all(); discard temp; reset role; \
                      reset session authorization; reset all";

/// A session as new, after somebody's function ran in it.
pub(crate) fn start_afresh(client: &mut Client) -> Result<()> {
    Ok(client.batch_execute(&format!("{AFRESH}; {SESSION}"))?)
}

/// Whether the program can work on the server and in the database.
pub(crate) fn require_fit(client: &mut Client) -> Result<()> {
    let version: String = client
        .query_typed_one("select current_setting('server_version_num')", &[])?
        .get(0);
    let major = version.parse::<u32>().unwrap_or(0) / 10_000;
    if major < OLDEST_MAJOR {
        return Err(Failure::new(
            Exit::NoConnection,
            format!("the server is PostgreSQL {major}, and elt needs {OLDEST_MAJOR} or newer"),
        )
        .detail("Older versions are no longer maintained, and elt is not tested on them.")
        .hint("Name another server, or none: elt then runs one of its own.")
        .into());
    }
    let encoding: String = client
        .query_typed_one("select current_setting('server_encoding')", &[])?
        .get(0);
    if encoding != "UTF8" {
        return Err(Failure::new(
            Exit::NoConnection,
            format!("the database's encoding is {encoding}, and elt needs UTF8"),
        )
        .detail("One character that the encoding lacks would fail a whole load.")
        .hint("Make another database: create database NAME template template0 encoding 'UTF8'.")
        .into());
    }
    Ok(())
}

/// Says where it tried to connect, why it could not, and what to do; never a password.
pub(crate) fn no_connection(error: NotConnected, target: &Target) -> anyhow::Error {
    let place = target.describe();
    let code = error.code().cloned();
    let wants_password = error.driver_error().is_some_and(explain::wants_password);
    let (cause, before) = error.into_parts();
    let said = explain::one_line(&cause);
    let hint = if code == Some(SqlState::INVALID_PASSWORD) || wants_password {
        "Set PGPASSWORD, put the password into DATABASE_URL, or a line for it into ~/.pgpass."
            .into()
    } else if code == Some(SqlState::UNDEFINED_DATABASE) {
        elt!("migrate") + " makes the project's own database; any other one is yours to create."
    } else if said.contains("does not support TLS") {
        "The server has no encryption: switch it on there, or leave sslmode away on a network that is safe.".into()
    } else if said.contains("certificate") {
        "The server's certificate is compared with sslrootcert, and with sslmode=verify-full its names \
         with host.".into()
    } else if code.as_ref().is_some_and(explain::is_ended_by_server) {
        explain::AGAIN.into()
    } else if said.contains("read-only") || said.contains("hot standby") {
        "target_session_attrs asks for another kind of server than the hosts are that answer."
            .into()
    } else if said.contains("could not write init file") {
        // Before version 17 the server does not say why.
        explain::make_room()
    } else if let Some(hint) = explain::usual_hint(cause.as_ref()) {
        hint
    } else if code.is_some() {
        "Check the user and the database that the connection names.".into()
    } else {
        "Check that the server runs and listens there. Without --database-url, DATABASE_URL and PG* \
         variables elt runs a server of its own.".into()
    };
    let mut details = Vec::new();
    if !before.is_empty() {
        details.push(format!("Before that: {}.", before.join("; ")));
    }
    if code == Some(SqlState::INVALID_PASSWORD)
        && let Some(file) = target.password_file()
    {
        details.push(format!("The password is from file \"{}\".", file.display()));
    }
    let mut failure = Failure::new(Exit::NoConnection, format!("could not connect to {place}"));
    if !details.is_empty() {
        failure = failure.detail(details.join(" "));
    }
    failure.because(cause).hint(hint).into()
}
