//! A temporary database on the same server, to build a schema in without affecting other sessions or data.

use super::{Database, cancel};
use crate::db::connect;
use crate::db::conninfo::Target;
use crate::signals;
use anyhow::{Context, Result};
use postgres::Client;
use postgres::error::SqlState;
use std::time::{SystemTime, UNIX_EPOCH};

const PREFIX: &str = "elt_scratch_";
/// Age in seconds at which a later program drops the scratch database of a killed one.
const OLD: u64 = 600;

/// Dropped with this value.
pub(crate) struct Scratch {
    name: String,
    target: Target,
    maintenance: Client,
}

impl Scratch {
    /// `None` if the role may not create databases.
    pub(crate) fn make(database: &Database) -> Result<Option<Scratch>> {
        // Ctrl-C must not cancel this connection, because it drops the database afterwards.
        let target = database.target_for("scratch");
        let mut maintenance =
            connect::connect(&target).map_err(|error| database.no_connection(error))?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        sweep(&mut maintenance, now)?;
        let name = format!("{PREFIX}{now}_{}", std::process::id());
        // The locale C works with any locale of the template.
        let sql = format!(
            "create database {name} template template0 encoding 'UTF8' locale_provider libc locale 'C'"
        );
        match maintenance.batch_execute(&sql) {
            Ok(()) => {}
            Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                return Ok(None);
            }
            Err(error) => {
                return Err(error).with_context(|| format!("could not create database \"{name}\""));
            }
        }
        Ok(Some(Scratch {
            target: database.target().on_database(&name),
            name,
            maintenance,
        }))
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        let mut client = connect::connect(&self.target)
            .with_context(|| format!("could not connect to database \"{}\"", self.name))?;
        signals::cancel_on_interrupt(cancel(&client, &self.target));
        client.batch_execute(super::SESSION)?;
        Ok(client)
    }

    /// From here on the session is role `elt_migrate`, with the rights that it has in a real database.
    pub(crate) fn give_to_owner(&self, client: &mut Client) -> Result<()> {
        Ok(client.batch_execute(&format!(
            "grant create on database {} to elt_migrate; grant create on schema public to elt_migrate; \
             set role elt_migrate",
            self.name
        ))?)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let sql = format!("drop database if exists {} with (force)", self.name);
        // What cannot be dropped now is swept later.
        let _ = self.maintenance.batch_execute(&sql);
    }
}

fn sweep(client: &mut Client, now: u64) -> Result<()> {
    let sql = "select datname from pg_database where datname like 'elt\\_scratch\\_%' \
               and pg_has_role(datdba, 'usage') \
               and not exists (select 1 from pg_stat_activity where datid = pg_database.oid)";
    for row in client.query(sql, &[])? {
        let name: String = row.get(0);
        let made: Option<u64> = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split('_').next())
            .and_then(|seconds| seconds.parse().ok());
        if made.is_some_and(|made| made + OLD < now) {
            client.batch_execute(&format!("drop database if exists {name}"))?;
        }
    }
    Ok(())
}
