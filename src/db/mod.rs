//! The one way to a client: which server, which database, and a session that behaves alike
//! everywhere.

pub(crate) mod connect;
pub(crate) mod conninfo;
pub(crate) mod explain;
pub(crate) mod locks;
mod pooler;
pub(crate) mod scratch;

use crate::cli::Global;
use crate::embedded::Server;
use crate::failure::{Exit, Failure};
use crate::interrupt::{self, Query};
use crate::project::Project;
use crate::sentence::elt;
use anyhow::{Context, Result};
use connect::NotConnected;
use conninfo::Target;
use postgres::Client;
use postgres::error::SqlState;
use std::sync::OnceLock;

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

static PLACE: OnceLock<String> = OnceLock::new();

/// Which database the program works with, once it has connected; for messages.
pub(crate) fn place() -> Option<&'static str> {
    PLACE.get().map(String::as_str)
}

/// A server and a database on it. Dropping it gives the embedded server back.
pub(crate) struct Database {
    target: Target,
    // Held for its lock: the server lives at least as long as this value.
    server: Option<Server>,
}

impl Database {
    /// Finds the server, or starts the embedded one where none is named. The project's database is
    /// made where it is missing, on the embedded server or if `may_create`.
    pub(crate) fn open(global: &Global, project: &Project, may_create: bool) -> Result<Database> {
        let (database, mut client) = Database::reach(global, project, may_create)?;
        if !database.is_embedded() {
            pooler::require_own_session(&mut client, &database.target)?;
        }
        require_fit(&mut client)?;
        Ok(database)
    }

    /// The same, whether or not that server and that database are fit for the program.
    pub(crate) fn reach(
        global: &Global,
        project: &Project,
        may_create: bool,
    ) -> Result<(Database, Client)> {
        let (mut target, server) = match conninfo::resolve(global)? {
            Some(target) => (target, None),
            None => {
                let server = Server::acquire()?;
                (server.target(), Some(server))
            }
        };
        if target.database().is_none() {
            target = target.on_database(&project.database);
        }
        let database = Database { target, server };
        let may_create = may_create || database.is_embedded();
        let client = database.connect_or_create(project, may_create)?;
        PLACE.get_or_init(|| database.target.describe());
        Ok((database, client))
    }

    /// A new session. `purpose` and our process show in `pg_stat_activity`: `elt load (1234)`.
    pub(crate) fn connect(&self, purpose: &str) -> Result<Client> {
        let target = self.target_for(purpose);
        let mut client = connect::connect(&target).map_err(|error| self.no_connection(error))?;
        interrupt::cancel_on_interrupt(self.query_of(&client));
        client.batch_execute(SESSION)?;
        Ok(client)
    }

    /// The same for whoever connects by other means.
    pub(crate) fn target_for(&self, purpose: &str) -> Target {
        let mut target = self.target.clone();
        let name = format!("elt {purpose} ({})", std::process::id());
        target.config.application_name(name);
        target
    }

    /// What a session of ours does, to be cancelled.
    pub(crate) fn query_of(&self, client: &Client) -> Query {
        Query::new(client.cancel_token(), self.target.tls.connector())
    }

    /// A new session that survives a crash of the embedded server: that is brought up again.
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
            _ => no_connection(error, &self.target),
        }
    }

    fn create_database(&self, project: &Project) -> Result<()> {
        let maintenance = self.target.on_database("postgres");
        let connected = connect::connect(&maintenance);
        let mut client = connected.map_err(|error| no_connection(error, &maintenance))?;
        match client.batch_execute(&project.create_database) {
            // Another elt was faster: the same name is then a duplicate of one or the other kind.
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

/// A session as new, after somebody's function ran in it.
pub(crate) fn start_afresh(client: &mut Client) -> Result<()> {
    Ok(client.batch_execute(&format!("{AFRESH}; {SESSION}"))?)
}

fn last_line(text: &str) -> &str {
    text.trim().lines().last().unwrap_or_default()
}

fn require_fit(client: &mut Client) -> Result<()> {
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
fn no_connection(error: NotConnected, target: &Target) -> anyhow::Error {
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
