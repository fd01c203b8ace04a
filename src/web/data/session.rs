//! Sessions of the pool: how they begin, and the time zone that each has.

use crate::db::connect::connect_async;
use crate::failure::explain;
use crate::terminal;
use crate::web::data::login::Login;
use crate::web::data::zone::Zone;
use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use deadpool_postgres::ClientWrapper;
use std::ops::{Deref, DerefMut};
use tokio_postgres::Error;

/// A session of the database, with its prepared statements.
pub(crate) struct Session {
    client: ClientWrapper,
    /// The time zone of the session. `None` if it is not known.
    zone: Option<Zone>,
}

impl Session {
    /// Sets the time zone, unless the session has it already.
    pub(super) async fn use_zone(&mut self, zone: &Zone) -> Result<(), Error> {
        if self.zone.as_ref() == Some(zone) {
            return Ok(());
        }
        // The request may end before the server has confirmed the new zone.
        self.zone = None;
        let sql = "select set_config('timezone', $1, false)";
        let statement = self.client.prepare_cached(sql).await?;
        self.client.query(&statement, &[&zone.name()]).await?;
        self.zone = Some(zone.clone());
        Ok(())
    }
}

impl Deref for Session {
    type Target = ClientWrapper;

    fn deref(&self) -> &ClientWrapper {
        &self.client
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut ClientWrapper {
        &mut self.client
    }
}

/// Opens sessions. Connects like commands.
pub(super) struct Sessions(pub(super) Login);

impl Manager for Sessions {
    type Type = Session;
    type Error = Error;

    async fn create(&self) -> Result<Session, Error> {
        let (client, driven) = match connect_async(&self.0.target).await {
            Ok(connected) => connected,
            Err(error) => match error.into_driver_error() {
                Some(error) => return Err(error),
                // No host answered. The pool's own time limit reports that.
                None => std::future::pending().await,
            },
        };
        let driven = tokio::spawn(async move {
            if let Err(error) = driven.await {
                let error =
                    anyhow::Error::new(error).context("a connection of the web server ended");
                terminal::step(&explain::one_line(&error));
            }
        });
        let client = ClientWrapper::new(client, driven);
        client.batch_execute(&self.0.session).await?;
        Ok(Session { client, zone: None })
    }

    async fn recycle(&self, session: &mut Session, _: &Metrics) -> RecycleResult<Error> {
        if session.is_closed() {
            return Err(RecycleError::message("the connection is closed"));
        }
        Ok(())
    }
}
