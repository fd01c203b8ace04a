//! Tries a target's hosts, one address after the other, as libpq does: past one that does not answer, or
//! whose session is of the wrong kind; not past one that refuses us.

mod tries;

use super::conninfo::{Connector, Target};
use super::explain;
use anyhow::Error as Anyhow;
use postgres::Client;
use postgres::error::SqlState;
use std::fmt;
use std::sync::mpsc;
use std::time::Duration;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Connection, Socket};
use tries::{Tries, Try};

/// A connection of the asynchronous driver, which its caller keeps going.
pub(crate) type Driven = Connection<Socket, <Connector as MakeTlsConnect<Socket>>::Stream>;

/// Why nothing came of one try.
#[derive(Debug)]
enum Why {
    Driver(tokio_postgres::Error),
    Silent(Duration),
    /// Connected, but the session is not of the kind that `target_session_attrs` asks for.
    Session(tokio_postgres::Error),
}

impl Why {
    /// The driver's own error, which is explained best.
    fn cause(self) -> Anyhow {
        match self {
            Why::Driver(error) | Why::Session(error) => error.into(),
            Why::Silent(_) => self.into(),
        }
    }
}

/// No host would do.
#[derive(Debug)]
pub(crate) struct NotConnected {
    /// In order, with their places in words. Never empty.
    tried: Vec<(String, Why)>,
}

impl NotConnected {
    pub(crate) fn code(&self) -> Option<&SqlState> {
        self.driver_error()?.code()
    }

    /// The last one, if it comes from the driver.
    pub(crate) fn driver_error(&self) -> Option<&tokio_postgres::Error> {
        match self.tried.last()? {
            (_, Why::Driver(error) | Why::Session(error)) => Some(error),
            (_, Why::Silent(_)) => None,
        }
    }

    /// For the pool, which knows no other errors; what the driver has not said is a limit of time.
    pub(crate) fn into_driver_error(mut self) -> tokio_postgres::Error {
        match self.tried.pop() {
            Some((_, Why::Driver(error) | Why::Session(error))) => error,
            _ => tokio_postgres::Error::__private_api_timeout(),
        }
    }

    /// The last cause, and in words what came before it and was another.
    pub(crate) fn into_parts(mut self) -> (Anyhow, Vec<String>) {
        let last = self.tried.pop().map(|(_, why)| why.cause());
        let last = last.unwrap_or_else(|| anyhow::anyhow!("there is no host"));
        let said = explain::one_line(&last);
        let before = self.tried.into_iter().filter_map(|(place, why)| {
            let why = explain::one_line(&why.cause());
            (why != said).then(|| format!("{place}: {why}"))
        });
        let before = before.collect();
        (last, before)
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("could not connect")
    }
}

impl std::error::Error for NotConnected {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.tried.last()?.1 {
            Why::Driver(error) | Why::Session(error) => Some(error),
            why @ Why::Silent(_) => Some(why),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Driver(error) | Why::Session(error) => error.fmt(formatter),
            Why::Silent(limit) => write!(formatter, "no answer within {} s", limit.as_secs()),
        }
    }
}

impl std::error::Error for Why {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Why::Driver(error) | Why::Session(error) => std::error::Error::source(error),
            Why::Silent(_) => None,
        }
    }
}

/// A session for threads.
pub(crate) fn connect(target: &Target) -> Result<Client, NotConnected> {
    let mut tries = Tries::new(target);
    while let Some(one) = tries.next() {
        let done = try_with(&one, target.timeout).and_then(|mut client| {
            if let Some(sql) = tries.requirement() {
                client.batch_execute(sql).map_err(Why::Session)?;
            }
            Ok(client)
        });
        match done {
            Ok(client) => return Ok(client),
            Err(why) => tries.failed(one, why),
        }
    }
    Err(tries.over())
}

/// On a thread of its own, since the driver's own limit ends with the first answer of the network: a
/// server that is stopped has one all the same.
fn try_with(one: &Try, limit: Option<Duration>) -> Result<Client, Why> {
    let (config, tls) = (one.config.clone(), one.tls.clone());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        // The receiver may have timed out.
        let _ = sender.send(postgres::Config::from(config).connect(tls));
    });
    let limit = limit.unwrap_or(Duration::MAX);
    match receiver.recv_timeout(limit) {
        Ok(done) => done.map_err(Why::Driver),
        Err(_) => Err(Why::Silent(limit)),
    }
}

/// A session for a runtime of several threads.
pub(crate) async fn connect_async(
    target: &Target,
) -> Result<(tokio_postgres::Client, Driven), NotConnected> {
    let mut tries = Tries::new(target);
    // Names are looked up.
    while let Some(one) = tokio::task::block_in_place(|| tries.next()) {
        let limit = target.timeout.unwrap_or(Duration::MAX);
        let done = match tokio::time::timeout(limit, one.config.connect(one.tls.clone())).await {
            Ok(Ok((client, mut driven))) => match tries.requirement() {
                None => Ok((client, driven)),
                Some(sql) => {
                    let checked = tokio::select! {
                        checked = client.batch_execute(sql) => checked,
                        ended = &mut driven => ended,
                    };
                    checked.map(|()| (client, driven)).map_err(Why::Session)
                }
            },
            Ok(Err(error)) => Err(Why::Driver(error)),
            Err(_) => Err(Why::Silent(limit)),
        };
        match done {
            Ok(done) => return Ok(done),
            Err(why) => tries.failed(one, why),
        }
    }
    Err(tries.over())
}
