//! Tries a target's hosts, one address after the other, by libpq's rules: it continues after a host that does not
//! answer or whose session is of the wrong kind, and stops at a host that refuses the connection.

mod attempts;
mod reason;

pub(crate) use reason::{Kind, NotConnected, Reason};

use super::conninfo::{Connector, Target};
use attempts::{Attempt, Attempts};
use postgres::Client;
use std::sync::mpsc;
use std::time::Duration;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Connection, Socket};

/// A connection of the asynchronous driver. Its caller must poll it.
pub(crate) type Driven = Connection<Socket, <Connector as MakeTlsConnect<Socket>>::Stream>;

/// Opens a session for code that runs on plain threads.
pub(crate) fn connect(target: &Target) -> Result<Client, NotConnected> {
    let mut attempts = Attempts::new(target);
    while let Some(attempt) = attempts.next() {
        let connected = connect_once(&attempt, target.timeout).and_then(|mut client| {
            if let Some(sql) = attempts.requirement() {
                client.batch_execute(sql).map_err(Reason::wrong_session)?;
            }
            Ok(client)
        });
        match connected {
            Ok(client) => return Ok(client),
            Err(reason) => attempts.failed(attempt, reason),
        }
    }
    Err(attempts.into_error())
}

/// Connects on another thread, because the driver's own time limit covers only the network connection: a stopped
/// server accepts that and then stays silent.
fn connect_once(attempt: &Attempt, limit: Option<Duration>) -> Result<Client, Reason> {
    let (config, tls) = (attempt.config.clone(), attempt.tls.clone());
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        // The receiver may have timed out.
        let _ = sender.send(postgres::Config::from(config).connect(tls));
    });
    let limit = limit.unwrap_or(Duration::MAX);
    match receiver.recv_timeout(limit) {
        Ok(connected) => connected.map_err(|error| Reason::classify(error, attempt)),
        Err(_) => Err(Reason::TimedOut(limit)),
    }
}

/// Opens a session in a runtime of several threads.
pub(crate) async fn connect_async(
    target: &Target,
) -> Result<(tokio_postgres::Client, Driven), NotConnected> {
    let mut attempts = Attempts::new(target);
    // Looking up a host's name blocks.
    while let Some(attempt) = tokio::task::block_in_place(|| attempts.next()) {
        let limit = target.timeout.unwrap_or(Duration::MAX);
        let connecting = attempt.config.connect(attempt.tls.clone());
        let connected = match tokio::time::timeout(limit, connecting).await {
            Ok(Ok((client, mut driven))) => match attempts.requirement() {
                None => Ok((client, driven)),
                Some(sql) => {
                    let checked = tokio::select! {
                        checked = client.batch_execute(sql) => checked,
                        ended = &mut driven => ended,
                    };
                    checked
                        .map(|()| (client, driven))
                        .map_err(Reason::wrong_session)
                }
            },
            Ok(Err(error)) => Err(Reason::classify(error, &attempt)),
            Err(_) => Err(Reason::TimedOut(limit)),
        };
        match connected {
            Ok(connected) => return Ok(connected),
            Err(reason) => attempts.failed(attempt, reason),
        }
    }
    Err(attempts.into_error())
}
