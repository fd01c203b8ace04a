//! Connections to the database.

use crate::web::data::cache::Caches;
use crate::web::data::login::Login;
use crate::web::data::session::Sessions;
use crate::web::data::zone::Zone;
use crate::web::error::{WebError, WebResult};
use anyhow::{Context, Result};
use deadpool::{Runtime, managed};
use futures_util::future::join;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

pub(crate) const CONNECTIONS: usize = 12;
/// Connections for sign-ins and sessions only.
const SIGN_IN_CONNECTIONS: usize = 3;
/// Prepared statements of a connection: each takes memory of the server.
const MAX_STATEMENTS: usize = 100;
/// Longer SQL, in bytes, is not prepared, because it is unlikely to be repeated.
const LONGEST_PREPARED: usize = 6_000;
/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct Pool {
    pool: managed::Pool<Sessions>,
    caches: Arc<Caches>,
}

impl Pool {
    /// `zone`: the time zone that times are read and written in, that of the request's account.
    pub(crate) async fn get(&self, zone: &Zone) -> WebResult<Client> {
        let mut session = self.pool.get().await?;
        session.use_zone(zone).await?;
        Ok(Client {
            session,
            zone: zone.clone(),
            caches: self.caches.clone(),
        })
    }
}

/// The values of SQL without parameters.
pub(crate) const NO_VALUES: &[&str] = &[];

type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection of the pool, released when it is dropped.
pub(crate) struct Client {
    session: managed::Object<Sessions>,
    zone: Zone,
    /// Descriptions of tables and views. They contain no times, so all zones share them.
    pub(crate) caches: Arc<Caches>,
}

/// Constant SQL is prepared once for each connection.
impl Client {
    /// The time zone of the session.
    pub(crate) fn zone(&self) -> &Zone {
        &self.zone
    }

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
    pub(crate) async fn query_text<T: ToSql + Sync>(
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
        if self.session.statement_cache.size() >= MAX_STATEMENTS {
            self.session.statement_cache.clear();
        }
        let types = vec![Type::TEXT; values.len()];
        let answer = self.query_text_prepared(sql, &types, values).await;
        if answer.as_ref().is_err_and(is_outdated) {
            self.caches.clear();
        }
        answer
    }

    async fn query_text_prepared<T: ToSql + Sync>(
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

    /// Runs generated SQL in a read-only transaction of its own, with a limit of its time. Dropping the future ends the
    /// transaction.
    pub(crate) async fn query_within(
        &mut self,
        seconds: u64,
        sql: &str,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let transaction = self.session.build_transaction().read_only(true);
        let transaction = transaction.start().await?;
        let limit = format!("set local statement_timeout to '{seconds}s'");
        let answer = match transaction.prepare_cached(sql).await {
            // Both are sent at once, in this order.
            Ok(statement) => {
                let limit = transaction.batch_execute(&limit);
                let (limited, answer) = join(limit, transaction.query(&statement, &[])).await;
                limited.and(answer)
            }
            Err(error) => Err(error),
        };
        // Rolls back, without waiting for the response.
        drop(transaction);
        if answer.as_ref().is_err_and(is_stale) {
            self.session.statement_cache.clear();
        }
        if answer.as_ref().is_err_and(is_outdated) {
            self.caches.clear();
        }
        answer
    }

    /// Begins a transaction. Dropping it rolls it back.
    pub(crate) async fn transaction(
        &mut self,
    ) -> Result<tokio_postgres::Transaction<'_>, tokio_postgres::Error> {
        let client: &mut tokio_postgres::Client = &mut self.session;
        client.transaction().await
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

/// `connections`: the largest number of connections.
pub(crate) fn open(login: Login, connections: usize) -> Result<Pool> {
    let pool = managed::Pool::builder(Sessions(login))
        .max_size(connections)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(WAIT))
        .build()
        .context("could not create the web server's connections")?;
    Ok(Pool {
        pool,
        caches: Arc::default(),
    })
}

/// Connections for sign-ins and sessions. Their answers contain no times, so they need no time zone of an account.
#[derive(Clone)]
pub(crate) struct SignInPool {
    pool: Pool,
    zone: Zone,
}

impl SignInPool {
    pub(crate) fn open(login: Login) -> Result<SignInPool> {
        Ok(SignInPool {
            zone: login.zone.clone(),
            pool: open(login, SIGN_IN_CONNECTIONS)?,
        })
    }

    pub(crate) async fn get(&self) -> WebResult<Client> {
        self.pool.get(&self.zone).await
    }
}
