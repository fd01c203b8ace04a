//! The database of a command, on an external server or on the embedded one, which runs while this is in use.

mod reader;
mod scratch;

pub(crate) use reader::{Block, Reader};
pub(crate) use scratch::Scratch;

use crate::db::connect::{self, NotConnected};
use crate::db::conninfo::{self, Target};
use crate::db::{self, SESSION};
use crate::embedded::Server;
use crate::failure::{Exit, Failure};
use crate::project::Project;
use crate::signals::{self, Cancel};
use crate::terminal;
use anyhow::{Context, Result};
use postgres::Client;
use postgres::error::SqlState;

/// A server and a database on it. Dropping it releases the embedded server.
pub(crate) struct Database {
    target: Target,
    // Keeps the server running while this value exists.
    server: Option<Server>,
}

impl Database {
    /// Finds the server, or starts the embedded one if none is named. Creates a missing database of the project on
    /// the embedded server, or on any server if `may_create`.
    pub(crate) fn open(url: Option<&str>, project: &Project, may_create: bool) -> Result<Database> {
        let (database, mut client) = Database::reach(url, project, may_create)?;
        if !database.is_embedded() {
            db::require_own_session(&mut client, &database.target)?;
        }
        db::require_supported(&mut client)?;
        Ok(database)
    }

    /// The same without checking that the server and the database are supported.
    pub(crate) fn reach(
        url: Option<&str>,
        project: &Project,
        may_create: bool,
    ) -> Result<(Database, Client)> {
        let (mut target, server) = match conninfo::resolve(url)? {
            Some(target) => (target, None),
            None => {
                let server = Server::acquire()?;
                (server.target(), Some(server))
            }
        };
        target.warnings.iter().for_each(terminal::warn);
        if target.database().is_none() {
            target = target.on_database(&project.database);
        }
        let database = Database { target, server };
        let may_create = may_create || database.is_embedded();
        let client = database.connect_or_create(project, may_create)?;
        Ok((database, client))
    }

    /// A new session. `purpose` and our process show in `pg_stat_activity`: `elt load (1234)`.
    pub(crate) fn connect(&self, purpose: &str) -> Result<Client> {
        let target = self.target_for(purpose);
        let mut client = connect::connect(&target).map_err(|error| self.no_connection(error))?;
        signals::cancel_on_interrupt(self.cancel_of(&client));
        client.batch_execute(SESSION)?;
        Ok(client)
    }

    /// The same for reading many rows.
    pub(crate) fn connect_reader(&self, purpose: &str) -> Result<Reader> {
        let runtime = reader::runtime().context("could not start a thread")?;
        let mut reader = Reader::connect(runtime, &self.target_for(purpose))
            .map_err(|error| self.no_connection(error))?;
        signals::cancel_on_interrupt(reader.cancel());
        reader.batch_execute(SESSION)?;
        Ok(reader)
    }

    /// The target for code that connects in another way.
    pub(crate) fn target_for(&self, purpose: &str) -> Target {
        let mut target = self.target.clone();
        let name = format!("elt {purpose} ({})", std::process::id());
        target.config.application_name(name);
        target
    }

    /// Cancels what a session of ours does.
    pub(crate) fn cancel_of(&self, client: &Client) -> Cancel {
        cancel(client, &self.target)
    }

    /// A new session. Starts the embedded server again if it has crashed.
    pub(crate) fn reconnect(&self, purpose: &str) -> Result<Client> {
        if let (Err(_), Some(server)) = (connect::connect(&self.target), &self.server) {
            server.revive()?;
        }
        self.connect(purpose)
    }

    pub(crate) fn is_embedded(&self) -> bool {
        self.server.is_some()
    }

    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn server(&self) -> Option<&Server> {
        self.server.as_ref()
    }

    fn connect_or_create(&self, project: &Project, may_create: bool) -> Result<Client> {
        match connect::connect(&self.target) {
            Ok(client) => Ok(client),
            Err(error)
                if may_create
                    && error.code() == Some(&SqlState::UNDEFINED_DATABASE)
                    && self.target.database() == Some(&project.database) =>
            {
                self.create_database(project)?;
                connect::connect(&self.target).map_err(|error| self.no_connection(error))
            }
            Err(error) => Err(self.no_connection(error)),
        }
    }

    fn no_connection(&self, error: NotConnected) -> anyhow::Error {
        match (&self.server, error.code()) {
            (Some(_), None) => Failure::new(
                Exit::NoConnection,
                format!("could not connect to {}", self.target.describe()),
            )
            .because(error.into_parts().0)
            .detail("The embedded server has ended.")
            .hint("Run the same command again; it starts the server.")
            .into(),
            _ => db::no_connection(error, &self.target),
        }
    }

    fn create_database(&self, project: &Project) -> Result<()> {
        let maintenance = self.target.on_database("postgres");
        let connected = connect::connect(&maintenance);
        let mut client = connected.map_err(|error| db::no_connection(error, &maintenance))?;
        match client.batch_execute(&project.create_database) {
            // Another elt was faster. The server reports that in one of two ways.
            Err(error)
                if matches!(
                    error.code(),
                    Some(&SqlState::DUPLICATE_DATABASE | &SqlState::UNIQUE_VIOLATION)
                ) =>
            {
                Ok(())
            }
            Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                Err(Failure::new(
                    Exit::NoConnection,
                    format!(
                        "database \"{}\" does not exist, and role \"{}\" may not create it",
                        project.database,
                        self.target.user()
                    ),
                )
                .hint(format!(
                    "Ask an administrator to run: {}",
                    last_line(&project.create_database)
                ))
                .into())
            }
            other => {
                other.with_context(|| format!("could not create database \"{}\"", project.database))
            }
        }
    }
}

/// Cancels the query of a session over a connection with the same encryption.
fn cancel(client: &Client, target: &Target) -> Cancel {
    let (token, tls) = (client.cancel_token(), target.tls.connector());
    Box::new(move || {
        // A closed connection has no query to cancel.
        let _ = token.cancel_query(tls.clone());
    })
}

fn last_line(text: &str) -> &str {
    text.trim().lines().last().unwrap_or_default()
}
