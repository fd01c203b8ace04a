//! The login of pages, with as few rights as possible.

use crate::database::Database;
use crate::db::SESSION;
use crate::db::conninfo::Target;
use crate::failure::{Exit, Failure};
use crate::terminal;
use crate::web::data::zone::Zone;
use anyhow::Result;
use tokio_postgres::error::SqlState;

/// The role that elt.grant_roles() gives its rights to.
const ROLE: &str = "elt_web";
/// Limits that keep a page from blocking the server or other sessions.
const LIMITS: &str = "set statement_timeout to '20s'; set lock_timeout to '5s'; \
                      set idle_in_transaction_session_timeout to '30s'";

/// How pages connect to the database.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) target: Target,
    /// SQL that starts each connection.
    pub(crate) session: String,
    /// The time zone of accounts without their own.
    pub(crate) zone: Zone,
}

pub(crate) fn login(database: &Database, time_zone: &str) -> Result<Login> {
    let mut target = database.target_for("serve");
    let mut session = format!("{SESSION}; {LIMITS}");
    let mut owner = database.connect("serve")?;
    let set = owner.query_one("select set_config('timezone', $1, false)", &[&time_zone]);
    let zone: String = match set {
        Ok(row) => row.get(0),
        Err(error) if error.code() == Some(&SqlState::INVALID_PARAMETER_VALUE) => {
            let message = format!("there is no time zone \"{time_zone}\"");
            return Err(Failure::new(Exit::Usage, message)
                .hint("For example --time-zone America/New_York; all of them: select name from pg_timezone_names.")
                .into());
        }
        Err(error) => return Err(error.into()),
    };
    let row = owner.query_typed_one(
        "select to_regrole('elt_web') is not null and pg_has_role('elt_web', 'member')",
        &[],
    )?;
    match (row.get(0), database.is_embedded()) {
        (true, true) => {
            // A separate login, because a session can leave a role that was set with `set role`.
            owner.batch_execute("alter role elt_web login")?;
            target.config.user(ROLE);
        }
        (true, false) => session.push_str("; set role elt_web"),
        (false, _) => terminal::warn(
            "role elt_web is missing or not granted: pages use the rights of the role that started the server",
        ),
    }
    Ok(Login {
        target,
        session,
        zone: Zone::new(&zone),
    })
}
