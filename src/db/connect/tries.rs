//! Which address comes next, and whether encrypted: libpq's order.

use super::super::conninfo::{Connector, Encryption, Host, Place, Session, Target};
use super::{NotConnected, Why};
use std::collections::VecDeque;
use std::net::IpAddr;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;

/// One address, encrypted or not.
pub(super) struct Try {
    pub(super) config: Config,
    pub(super) tls: Connector,
    host: Host,
    address: Option<IpAddr>,
    mode: SslMode,
}

/// What is still to be tried, and how it went until now.
pub(super) struct Tries<'a> {
    target: &'a Target,
    hosts: VecDeque<&'a Host>,
    addresses: VecDeque<(Host, Option<IpAddr>, SslMode)>,
    /// With `prefer-standby`: no host was one.
    takes_any: bool,
    failed: Vec<(String, Why)>,
}

impl<'a> Tries<'a> {
    pub(super) fn new(target: &'a Target) -> Tries<'a> {
        Tries {
            target,
            hosts: target.hosts.iter().collect(),
            addresses: VecDeque::new(),
            takes_any: false,
            failed: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Try> {
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
    pub(super) fn failed(&mut self, one: Try, why: Why) {
        let Try {
            host,
            address,
            mode,
            tls,
            ..
        } = one;
        let encryption = self.target.tls.encryption;
        let is_second = mode != first_mode(encryption, &host);
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
        let is_starting = matches!(&why, Why::Driver(error)
            if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW));
        if is_starting {
            self.addresses.clear();
        } else if let Some(mode) = other_mode {
            self.addresses.push_front((host, address, mode));
        } else if matches!(why, Why::Session(_)) {
            self.addresses.clear();
        } else if !is_connecting {
            self.addresses.clear();
            self.hosts.clear();
        }
        let is_about_mode = matches!(&why, Why::Driver(error)
            if error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION));
        self.failed.push((place, why));
        if let (true, true, [.., telling, last]) = (is_second, is_about_mode, &mut self.failed[..])
        {
            // This way is closed to everyone: the error of the other way is more useful.
            std::mem::swap(telling, last);
        }
    }

    /// Fails in a session that is not of the kind that is wanted.
    pub(super) fn requirement(&self) -> Option<&'static str> {
        match self.target.session {
            Session::Any => None,
            Session::ReadWrite => Some(READ_WRITE),
            Session::ReadOnly => Some(READ_ONLY),
            Session::Primary => Some(PRIMARY),
            Session::PreferStandby if self.takes_any => None,
            Session::Standby | Session::PreferStandby => Some(STANDBY),
        }
    }

    pub(super) fn over(self) -> NotConnected {
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
