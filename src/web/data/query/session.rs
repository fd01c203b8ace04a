//! One session of role elt_query for one query. It ends with its value, and the server stops what it does then.

use super::login::{WAIT, ZonedLogin};
use super::refused::{QueryError, Refused};
use super::text::Query;
use crate::db::SESSION;
use crate::db::connect::connect_async;
use crate::db::conninfo::Connector;
use crate::failure::explain;
use crate::terminal;
use crate::web::data::zone::Zone;
use crate::web::error::WebError;
use crate::web::http::limiter::Permit;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{CancelToken, Client, RowStream, Statement};

/// How long the request to cancel may take.
const CANCEL_LIMIT: Duration = Duration::from_secs(5);
/// How long an owner may use a session beyond the time of its query, for a client that reads slowly.
const GRACE: Duration = Duration::from_secs(5);
const OFF: &str = "Role elt_query could not connect. Its password is in ~/.pgpass of the user who runs elt serve, or \
                   in ELT_QUERY_URL; the log of elt serve has the reason.";

pub(crate) struct Session {
    client: Client,
    cancel: CancelToken,
    tls: Connector,
    /// Receives the messages of the server. It owns the socket, and ends in order after the client is dropped.
    driven: Option<JoinHandle<()>>,
    /// Whether the server may be working on a statement.
    is_running: AtomicBool,
    deadline: Instant,
    /// The turns of all queries and of the account. Released when the server has ended the session.
    turns: Vec<Permit>,
}

impl Session {
    /// `permit`: the turn of the account, if one asks. `seconds`: the longest time that the server works on the query.
    pub(crate) async fn open(
        ZonedLogin { login, zone }: &ZonedLogin<'_>,
        permit: Option<Permit>,
        seconds: u64,
    ) -> Result<Session, QueryError> {
        let target = match &*login.target {
            Ok(target) => target,
            Err(reason) => return Err(QueryError::Off(reason.clone())),
        };
        let turn = tokio::time::timeout(WAIT, login.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(QueryError::Web(WebError::Busy(
                "Too many queries run at the same time. Try again in a moment.",
            )));
        };
        let (client, connection) = match connect_async(target).await {
            Ok(connected) => connected,
            Err(error) if error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS) => {
                return Err(QueryError::Web(WebError::Busy(
                    "The server has too many connections. Try again in a moment.",
                )));
            }
            Err(error) => {
                let error = error.into_parts().0.context("no session for a query");
                terminal::warn(explain::one_line(&error));
                return Err(QueryError::Off(OFF.into()));
            }
        };
        let driven = tokio::spawn(async move {
            // Errors reach the client too.
            let _ = connection.await;
        });
        let session = Session {
            cancel: client.cancel_token(),
            tls: target.tls.connector(),
            client,
            driven: Some(driven),
            is_running: AtomicBool::new(false),
            deadline: Instant::now() + Duration::from_secs(seconds) + GRACE,
            turns: permit.into_iter().chain([turn]).collect(),
        };
        session.begin(zone, seconds).await?;
        Ok(session)
    }

    /// The transaction is never committed, so that nothing remains of a function that writes in spite of everything.
    async fn begin(&self, zone: &Zone, seconds: u64) -> Result<(), QueryError> {
        let zone = zone.name().replace('\'', "''");
        let sql = format!(
            "{SESSION}; set timezone to '{zone}'; set statement_timeout to '{seconds}s'; \
             set lock_timeout to '2s'; set standard_conforming_strings to on; begin transaction read only"
        );
        let begun = self
            .before_deadline(self.client.batch_execute(&sql))
            .await?;
        begun.map_err(|error| QueryError::from_driver(error, |_| None))
    }

    /// Parses the query with the extended protocol, which takes one statement only.
    pub(super) async fn prepare(&self, query: &Query) -> Result<Statement, QueryError> {
        let types = vec![Type::TEXT; query.parameters.len()];
        self.is_running.store(true, Ordering::Relaxed);
        let prepared = self
            .before_deadline(self.client.prepare_typed(&query.sql, &types))
            .await?;
        self.is_done();
        prepared.map_err(|error| QueryError::from_driver(error, |place| query.written_place(place)))
    }

    /// `values`: of the parameters, in their order. Null is `None`.
    pub(super) async fn run(
        &self,
        sql: &str,
        values: &[Option<String>],
    ) -> Result<RowStream, QueryError> {
        let params = values
            .iter()
            .map(|value| (value as &(dyn ToSql + Sync), Type::TEXT));
        let params: Vec<_> = params.collect();
        self.is_running.store(true, Ordering::Relaxed);
        let rows = self
            .before_deadline(self.client.query_typed_raw(sql, params))
            .await?;
        if rows.is_err() {
            self.is_done();
        }
        rows.map_err(|error| QueryError::from_driver(error, |_| None))
    }

    /// Waits for the server, which may be late: some functions of PostgreSQL look at no time limit.
    pub(super) async fn before_deadline<T>(
        &self,
        answer: impl Future<Output = T>,
    ) -> Result<T, QueryError> {
        let answer = tokio::time::timeout_at(self.deadline, answer).await;
        answer.map_err(|_| {
            let message = "The query took too long, and the server could not stop it yet.";
            Refused::new(message, None).into()
        })
    }

    /// How long the owner may still use it.
    pub(super) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The server has sent the last row or an error.
    pub(super) fn is_done(&self) {
        self.is_running.store(false, Ordering::Relaxed);
    }
}

/// The request of the browser may be dropped at any point, and its session with it.
impl Drop for Session {
    fn drop(&mut self) {
        let (Some(driven), Ok(runtime)) = (self.driven.take(), Handle::try_current()) else {
            return;
        };
        let is_running = self.is_running.load(Ordering::Relaxed);
        let (cancel, tls) = (self.cancel.clone(), self.tls.clone());
        let turns = std::mem::take(&mut self.turns);
        runtime.spawn(async move {
            if is_running {
                let _ = tokio::time::timeout(CANCEL_LIMIT, cancel.cancel_query(tls)).await;
            }
            // A function that cannot be cancelled goes on working. It keeps its turns, so that the server never works
            // on more queries than it may.
            let _ = driven.await;
            drop(turns);
        });
    }
}
