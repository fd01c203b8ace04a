//! Connections to the database.

use crate::database::Database;
use crate::db::SESSION;
use crate::db::connect::{NotConnected, connect_async};
use crate::db::conninfo::Target;
use crate::failure::explain;
use crate::failure::{Exit, Failure};
use crate::terminal;
use crate::web::data::cache::Caches;
use crate::web::error::{WebError, WebResult};
use anyhow::{Context, Result};
use deadpool_postgres::{
    Connect, Hook, HookError, Manager, ManagerConfig, RecyclingMethod, Runtime,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, Row};

/// The role that elt.grant_roles() gives its rights to.
const ROLE: &str = "elt_web";
pub(crate) const CONNECTIONS: usize = 12;
/// Connections for sign-ins and sessions only.
pub(crate) const DOOR_CONNECTIONS: usize = 3;
/// Prepared statements of a connection: each takes memory of the server.
const MOST_STATEMENTS: usize = 100;
/// Longer SQL, in bytes, is not prepared, because it is unlikely to be repeated.
const LONGEST_PREPARED: usize = 6_000;
/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(10);
/// Limits that keep a page from blocking the server or other sessions.
const LIMITS: &str = "set statement_timeout to '20s'; set lock_timeout to '5s'; \
                      set idle_in_transaction_session_timeout to '30s'";

#[derive(Clone)]
pub(crate) struct Pool {
    pool: deadpool_postgres::Pool,
    known: Arc<Caches>,
}

impl Pool {
    pub(crate) async fn get(&self) -> WebResult<Client> {
        Ok(Client {
            session: self.pool.get().await?,
            known: self.known.clone(),
        })
    }
}

/// The values of SQL without parameters.
pub(crate) const NO_VALUES: &[&str] = &[];

type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection of the pool, released when it is dropped.
pub(crate) struct Client {
    session: deadpool_postgres::Client,
    pub(crate) known: Arc<Caches>,
}

/// Constant SQL is prepared once for each connection.
impl Client {
    pub(crate) async fn query(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let statement = self.session.prepare_cached(sql).await?;
        match self.session.query(&statement, params).await {
            // A view was replaced after the statement was prepared, or a pooler has assigned another session.
            Err(error) if is_stale(&error) => {
                self.session.statement_cache.clear();
                self.session.query(sql, params).await
            }
            answer => answer,
        }
    }

    pub(crate) async fn query_opt(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Option<Row>, tokio_postgres::Error> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    pub(crate) async fn query_one(&self, sql: &'static str, params: Params<'_>) -> WebResult<Row> {
        let row = self.query_opt(sql, params).await?;
        row.context("the database gave no row")
            .map_err(WebError::Failed)
    }

    /// Runs generated SQL. All parameters are text. The statement is prepared too, unless it is long.
    pub(crate) async fn ask<T: ToSql + Sync>(
        &self,
        sql: &str,
        values: &[T],
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        if sql.len() > LONGEST_PREPARED {
            let types = values
                .iter()
                .map(|value| (value as &(dyn ToSql + Sync), Type::TEXT));
            return self
                .session
                .query_typed(sql, &types.collect::<Vec<_>>())
                .await;
        }
        if self.session.statement_cache.size() >= MOST_STATEMENTS {
            self.session.statement_cache.clear();
        }
        let types = vec![Type::TEXT; values.len()];
        let answer = self.ask_prepared(sql, &types, values).await;
        if answer.as_ref().is_err_and(is_outdated) {
            self.known.forget();
        }
        answer
    }

    async fn ask_prepared<T: ToSql + Sync>(
        &self,
        sql: &str,
        types: &[Type],
        values: &[T],
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let statement = self.session.prepare_typed_cached(sql, types).await?;
        let params: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| value as _).collect();
        match self.session.query(&statement, &params).await {
            Err(error) if is_stale(&error) => {
                self.session.statement_cache.clear();
                let types = params.iter().map(|param| (*param, Type::TEXT));
                self.session
                    .query_typed(sql, &types.collect::<Vec<_>>())
                    .await
            }
            answer => answer,
        }
    }

    /// The driver's client, for streams.
    pub(crate) fn driver(&self) -> &tokio_postgres::Client {
        &self.session
    }
}

/// Whether an error shows that the cached catalogue is out of date.
fn is_outdated(error: &tokio_postgres::Error) -> bool {
    [
        Some(&SqlState::UNDEFINED_COLUMN),
        Some(&SqlState::UNDEFINED_TABLE),
    ]
    .contains(&error.code())
}

/// Whether an error shows that a prepared statement is out of date.
fn is_stale(error: &tokio_postgres::Error) -> bool {
    [
        Some(&SqlState::FEATURE_NOT_SUPPORTED),
        Some(&SqlState::INVALID_SQL_STATEMENT_NAME),
    ]
    .contains(&error.code())
}

/// How pages connect to the database.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) target: Target,
    /// SQL that starts each connection.
    pub(crate) session: String,
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
    session.push_str(&format!("; set timezone to '{}'", zone.replace('\'', "''")));
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
    Ok(Login { target, session })
}

/// Connects like commands, and ignores the configuration of the pool.
struct Connects(Target);

impl Connect for Connects {
    fn connect(
        &self,
        _: &Config,
    ) -> BoxFuture<'_, Result<(tokio_postgres::Client, JoinHandle<()>), tokio_postgres::Error>>
    {
        async {
            let connected = connect_async(&self.0).await;
            let (client, driven) = connected.map_err(NotConnected::into_driver_error)?;
            let driven = tokio::spawn(async move {
                if let Err(error) = driven.await {
                    let error =
                        anyhow::Error::new(error).context("a connection of the web server ended");
                    terminal::step(&explain::one_line(&error));
                }
            });
            Ok((client, driven))
        }
        .boxed()
    }
}

/// `connections`: the largest number of connections.
pub(crate) fn open(login: Login, connections: usize) -> Result<Pool> {
    let Login { target, session } = login;
    let manager = Manager::from_connect(
        Config::new(),
        Connects(target),
        ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        },
    );
    let begin = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
        let session = session.clone();
        Box::pin(async move {
            let begun = client.batch_execute(&session).await;
            begun.map_err(HookError::Backend)
        })
    });
    let pool = deadpool_postgres::Pool::builder(manager)
        .max_size(connections)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(WAIT))
        .post_create(begin)
        .build()
        .context("could not create the web server's connections")?;
    Ok(Pool {
        pool,
        known: Arc::default(),
    })
}
