//! How the sessions of queries connect: as role elt_query, and as no other.

use crate::database::Database;
use crate::db::conninfo::{self, Target};
use crate::failure::explain;
use crate::terminal;
use crate::web::data::zone::Zone;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

pub(super) const ROLE: &str = "elt_query";
/// Another server or a standby for queries, or the same server with another way to log in.
const VARIABLE: &str = "ELT_QUERY_URL";
/// Queries that run at the same time, of all accounts.
const QUERIES: usize = 4;
/// How long another query waits for its turn.
pub(super) const WAIT: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(crate) struct QueryLogin {
    /// Or the reason why there is none, a sentence.
    pub(super) target: Arc<Result<Target, String>>,
    pub(super) turns: Arc<Semaphore>,
}

/// The login, and the time zone of the account that asks.
pub(crate) struct ZonedLogin<'a> {
    pub(super) login: &'a QueryLogin,
    pub(super) zone: &'a Zone,
}

impl QueryLogin {
    pub(crate) fn in_zone<'a>(&'a self, zone: &'a Zone) -> ZonedLogin<'a> {
        ZonedLogin { login: self, zone }
    }

    pub(crate) fn new(database: &Database) -> QueryLogin {
        QueryLogin {
            target: Arc::new(target(database)),
            turns: Arc::new(Semaphore::new(QUERIES)),
        }
    }
}

fn target(database: &Database) -> Result<Target, String> {
    let url = std::env::var(VARIABLE).ok();
    let Some(url) = url.filter(|url| !url.trim().is_empty()) else {
        return Ok(database.target_for("sql").as_user(ROLE));
    };
    let found = conninfo::resolve(Some(&url)).map_err(|error| {
        // The reason may quote the address with its password, so it is not for pages.
        terminal::warn(format!("{VARIABLE}: {}", explain::one_line(&error)));
        format!("{VARIABLE} cannot be used; the log of elt serve has the reason.")
    })?;
    let mut target = match found {
        Some(target) if target.user() == ROLE => target,
        _ => return Err(format!("{VARIABLE} must name the user {ROLE}.")),
    };
    if target.database().is_none() {
        target = target.on_database(database.target().database().unwrap_or_default());
    }
    target.warnings.iter().for_each(terminal::warn);
    target
        .config
        .application_name(format!("elt sql ({})", std::process::id()));
    Ok(target)
}
