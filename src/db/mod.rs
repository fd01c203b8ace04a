//! The one way to a client: which server, which database, and a session that behaves alike
//! everywhere.

pub(crate) mod conninfo;
pub(crate) mod explain;
pub(crate) mod locks;
pub(crate) mod scratch;

use crate::cli::Global;
use crate::embedded::Server;
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::project::Project;
use anyhow::{Context, Result};
use postgres::error::SqlState;
use postgres::{Client, NoTls};
use std::sync::OnceLock;
use std::time::Duration;
use tokio_postgres::Config;

/// The oldest version that is still maintained, and that the tests run on.
const OLDEST_MAJOR: u32 = 15;

/// A server that does not answer: how long it is waited for, at the beginning and later on.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(60);
/// What a Config has where nobody said otherwise.
const USUAL_KEEPALIVES_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

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
    config: Config,
    // Held for its lock: the server lives at least as long as this value.
    server: Option<Server>,
}

impl Database {
    /// Finds the server, or starts the embedded one where none is named. The project's database is
    /// made where it is missing, on the embedded server or if `may_create`.
    pub(crate) fn open(global: &Global, project: &Project, may_create: bool) -> Result<Database> {
        let (database, mut client) = Database::reach(global, project, may_create)?;
        require_fit(&mut client)?;
        Ok(database)
    }

    /// The same, whether or not that server and that database are fit for the program.
    pub(crate) fn reach(
        global: &Global,
        project: &Project,
        may_create: bool,
    ) -> Result<(Database, Client)> {
        let (mut config, server) = match conninfo::resolve(global)? {
            Some(config) => (config, None),
            None => {
                let server = Server::acquire()?;
                (server.config(), Some(server))
            }
        };
        if config.get_dbname().is_none() {
            config.dbname(&project.database);
        }
        notice_silence(&mut config);
        let database = Database { config, server };
        let may_create = may_create || database.is_embedded();
        let client = database.connect_or_create(project, may_create)?;
        PLACE.get_or_init(|| conninfo::describe(&database.config));
        Ok((database, client))
    }

    /// A new session. `purpose` and our process show in `pg_stat_activity`: `elt load (1234)`.
    pub(crate) fn connect(&self, purpose: &str) -> Result<Client> {
        let mut config = self.config.clone();
        config.application_name(format!("elt {purpose} ({})", std::process::id()));
        let mut client = open(&config).map_err(|error| self.no_connection(error))?;
        interrupt::cancel_on_interrupt(client.cancel_token());
        client.batch_execute(SESSION)?;
        Ok(client)
    }

    /// A new session that survives a crash of the embedded server: that is brought up again.
    pub(crate) fn reconnect(&self, purpose: &str) -> Result<Client> {
        if let (Err(_), Some(server)) = (open(&self.config), &self.server) {
            server.revive()?;
        }
        self.connect(purpose)
    }

    pub(crate) fn is_embedded(&self) -> bool {
        self.server.is_some()
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn server(&self) -> Option<&Server> {
        self.server.as_ref()
    }

    fn connect_or_create(&self, project: &Project, may_create: bool) -> Result<Client> {
        match open(&self.config) {
            Ok(client) => Ok(client),
            Err(error)
                if may_create
                    && error.code() == Some(&SqlState::UNDEFINED_DATABASE)
                    && self.config.get_dbname() == Some(&project.database) =>
            {
                self.create_database(project)?;
                self.connect("start")
            }
            Err(error) => Err(self.no_connection(error)),
        }
    }

    fn no_connection(&self, error: postgres::Error) -> anyhow::Error {
        match (&self.server, error.code()) {
            (Some(_), None) => Failure::new(
                Exit::NoConnection,
                format!("could not connect to {}", conninfo::describe(&self.config)),
            )
            .because(error)
            .detail("The embedded server has ended.")
            .hint("Run the same command again; it starts the server.")
            .into(),
            _ => no_connection(error, &self.config),
        }
    }

    fn create_database(&self, project: &Project) -> Result<()> {
        let mut maintenance = self.config.clone();
        maintenance.dbname("postgres");
        let mut client = open(&maintenance).map_err(|error| no_connection(error, &maintenance))?;
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
                        self.config.get_user().unwrap_or_default()
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

fn open(config: &Config) -> Result<Client, postgres::Error> {
    postgres::Config::from(config.clone()).connect(NoTls)
}

/// A session as new, after somebody's function ran in it.
pub(crate) fn start_afresh(client: &mut Client) -> Result<()> {
    Ok(client.batch_execute(&format!("{AFRESH}; {SESSION}"))?)
}

/// A connection whose other end is gone without a word is noticed within a minute or two, where the
/// address does not say otherwise.
fn notice_silence(config: &mut Config) {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE);
    }
    if config.get_keepalives_idle() == USUAL_KEEPALIVES_IDLE {
        config.keepalives_idle(SILENCE / 2);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(SILENCE / 6);
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(3);
    }
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
fn no_connection(error: postgres::Error, config: &Config) -> anyhow::Error {
    let place = conninfo::describe(config);
    let code = error.code().cloned();
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    let hint = if code == Some(SqlState::INVALID_PASSWORD) || explain::wants_password(&error) {
        "Set PGPASSWORD, or put the password into DATABASE_URL."
    } else if code == Some(SqlState::UNDEFINED_DATABASE) {
        "elt migrate makes the project's own database; any other one is yours to create."
    } else if cause.is_some_and(|cause| cause.contains("TLS")) {
        "elt does not encrypt its connections: leave sslmode=require away, and use a network that is \
         safe, or a tunnel such as ssh -L."
    } else if code.as_ref().is_some_and(explain::is_ended_by_server) {
        explain::AGAIN
    } else if code.is_some() {
        "Check the user and the database that the connection names."
    } else {
        "Check that the server runs and listens there. Without --database-url, DATABASE_URL and PG* \
         variables elt runs a server of its own."
    };
    Failure::new(Exit::NoConnection, format!("could not connect to {place}"))
        .because(error)
        .hint(hint)
        .into()
}
