//! Tries a target's hosts, one address after the other, as libpq does: past one that does not answer, or
//! whose session is of the wrong kind; not past one that refuses us.

use super::conninfo::{Connector, Encryption, Host, Place, Session, Target};
use super::explain;
use anyhow::Error as Anyhow;
use postgres::Client;
use postgres::error::SqlState;
use std::collections::VecDeque;
use std::fmt;
use std::net::IpAddr;
use std::sync::mpsc;
use std::time::Duration;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Config, Connection, Socket};

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

    /// The last cause, and what came before it in words.
    pub(crate) fn into_parts(mut self) -> (Anyhow, Vec<String>) {
        let last = self.tried.pop().map(|(_, why)| why);
        let before = self.tried.into_iter().map(|(place, why)| {
            let why = explain::one_line(&Anyhow::from(why));
            format!("{place}: {why}")
        });
        let before = before.collect();
        let last = match last {
            Some(Why::Driver(error) | Why::Session(error)) => Anyhow::from(error),
            Some(why) => Anyhow::from(why),
            None => anyhow::anyhow!("there is no host"),
        };
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
        // Nobody may be waiting any more.
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

/// One address, encrypted or not.
struct Try {
    config: Config,
    tls: Connector,
    host: Host,
    address: Option<IpAddr>,
    mode: SslMode,
}

/// What is still to be tried, and how it went until now.
struct Tries<'a> {
    target: &'a Target,
    hosts: VecDeque<&'a Host>,
    addresses: VecDeque<(Host, Option<IpAddr>, SslMode)>,
    /// With `prefer-standby`: no host was one.
    takes_any: bool,
    failed: Vec<(String, Why)>,
}

impl<'a> Tries<'a> {
    fn new(target: &'a Target) -> Tries<'a> {
        Tries {
            target,
            hosts: target.hosts.iter().collect(),
            addresses: VecDeque::new(),
            takes_any: false,
            failed: Vec::new(),
        }
    }

    fn next(&mut self) -> Option<Try> {
        while self.addresses.is_empty() {
            let Some(host) = self.hosts.pop_front() else {
                let again = self.target.session == Session::PreferStandby
                    && !self.takes_any
                    && self
                        .failed
                        .iter()
                        .any(|(_, why)| matches!(why, Why::Session(_)));
                if !again {
                    return None;
                }
                self.takes_any = true;
                self.hosts = self.target.hosts.iter().collect();
                continue;
            };
            let mode = first_mode(self.target.tls.encryption, host);
            let addresses = host.addresses().into_iter();
            self.addresses = addresses
                .map(|address| (host.clone(), address, mode))
                .collect();
        }
        let (host, address, mode) = self.addresses.pop_front()?;
        let mut config = self.target.config.clone();
        match &host.place {
            Place::Socket(folder) => _ = config.host_path(folder),
            // The driver wants a name for TLS, if only to leave it.
            Place::Tcp { .. } => _ = config.host(host.name()),
        }
        if let Some(address) = address {
            config.hostaddr(address);
        }
        config.port(host.port).ssl_mode(mode);
        if mode == SslMode::Require {
            config.ssl_negotiation(self.target.tls.negotiation);
        }
        if let Some(limit) = self.target.timeout {
            config.connect_timeout(limit);
        }
        if let Some(password) = self.target.password_for(&host) {
            config.password(password);
        }
        let tls = self.target.tls.connector();
        Some(Try {
            config,
            tls,
            host,
            address,
            mode,
        })
    }

    /// Decides what comes next.
    fn failed(&mut self, one: Try, why: Why) {
        let Try {
            host,
            address,
            mode,
            tls,
            ..
        } = one;
        let encryption = self.target.tls.encryption;
        let is_tcp = matches!(host.place, Place::Tcp { .. });
        let (is_refused, is_tls, is_connecting) = match &why {
            Why::Driver(error) => (
                error.code().is_some(),
                is(error, TLS),
                is(error, CONNECTING),
            ),
            Why::Silent(_) => (false, false, true),
            Why::Session(_) => (false, false, false),
        };
        let other_mode = match (encryption, mode) {
            (Encryption::Allow, SslMode::Disable) if is_tcp && is_refused => Some(SslMode::Prefer),
            (Encryption::Prefer, SslMode::Prefer) if is_tls || (is_refused && tls.is_used()) => {
                Some(SslMode::Disable)
            }
            _ => None,
        };
        let place = format!("{}, port {}", host.name(), host.port);
        if let Some(mode) = other_mode {
            self.addresses.push_front((host, address, mode));
        } else if matches!(why, Why::Session(_)) {
            self.addresses.clear();
        } else if !is_connecting {
            self.addresses.clear();
            self.hosts.clear();
        }
        self.failed.push((place, why));
    }

    /// Fails in a session that is not of the kind that is wanted.
    fn requirement(&self) -> Option<&'static str> {
        match self.target.session {
            Session::Any => None,
            Session::ReadWrite => Some(READ_WRITE),
            Session::ReadOnly => Some(READ_ONLY),
            Session::Primary => Some(PRIMARY),
            Session::PreferStandby if self.takes_any => None,
            Session::Standby | Session::PreferStandby => Some(STANDBY),
        }
    }

    fn over(self) -> NotConnected {
        NotConnected { tried: self.failed }
    }
}

fn first_mode(encryption: Encryption, host: &Host) -> SslMode {
    match (encryption, &host.place) {
        (_, Place::Socket(_)) => SslMode::Disable,
        (Encryption::Disable | Encryption::Allow, _) => SslMode::Disable,
        (Encryption::Prefer, _) => SslMode::Prefer,
        (Encryption::Require | Encryption::VerifyCa | Encryption::VerifyFull, _) => {
            SslMode::Require
        }
    }
}

/// The driver says of which kind its errors are only in words.
const CONNECTING: &str = "error connecting to server";
const TLS: &str = "error performing TLS handshake";

fn is(error: &tokio_postgres::Error, kind: &str) -> bool {
    error.to_string() == kind
}

const READ_WRITE: &str = "do $$ begin if current_setting('transaction_read_only')::boolean then raise exception 'session is read-only' using errcode = '25006'; end if; end $$";
const READ_ONLY: &str = "do $$ begin if not current_setting('transaction_read_only')::boolean then raise exception 'session is not read-only' using errcode = '55000'; end if; end $$";
const PRIMARY: &str = "do $$ begin if pg_is_in_recovery() then raise exception 'server is in hot standby mode' using errcode = '55000'; end if; end $$";
const STANDBY: &str = "do $$ begin if not pg_is_in_recovery() then raise exception 'server is not in hot standby mode' using errcode = '55000'; end if; end $$";
