//! Which address is tried next, and whether encrypted, in libpq's order.

use super::{Kind, NotConnected, Reason};
use crate::db::conninfo::{Connector, Encryption, Host, Place, Session, Stage, Target};
use std::collections::VecDeque;
use std::net::IpAddr;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;

/// One address, encrypted or not.
#[derive(Clone)]
struct Route {
    host: Host,
    address: Option<IpAddr>,
    mode: SslMode,
}

/// One attempt to connect.
pub(super) struct Attempt {
    pub(super) config: Config,
    pub(super) tls: Connector,
    route: Route,
}

impl Attempt {
    pub(super) fn mode(&self) -> SslMode {
        self.route.mode
    }
}

/// The attempts that remain, and those that failed.
pub(super) struct Attempts<'a> {
    target: &'a Target,
    hosts: VecDeque<&'a Host>,
    /// Routes to the current host.
    routes: VecDeque<Route>,
    /// With `prefer-standby`: no host was a standby, so any host is accepted.
    accepts_any: bool,
    failed: Vec<(String, Reason)>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(target: &'a Target) -> Attempts<'a> {
        Attempts {
            target,
            hosts: target.hosts.iter().collect(),
            routes: VecDeque::new(),
            accepts_any: false,
            failed: Vec::new(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Attempt> {
        while self.routes.is_empty() {
            match self.hosts.pop_front() {
                Some(host) => self.routes = self.routes_to(host),
                None if self.may_accept_any() => {
                    self.accepts_any = true;
                    self.hosts = self.target.hosts.iter().collect();
                }
                None => return None,
            }
        }
        let route = self.routes.pop_front()?;
        Some(Attempt {
            config: self.config(&route),
            tls: self.target.tls.connector(),
            route,
        })
    }

    fn routes_to(&self, host: &Host) -> VecDeque<Route> {
        let mode = first_mode(self.target.tls.encryption, host);
        let addresses = host.addresses().into_iter();
        addresses
            .map(|address| Route {
                host: host.clone(),
                address,
                mode,
            })
            .collect()
    }

    /// Whether `prefer-standby` found only hosts that are no standby.
    fn may_accept_any(&self) -> bool {
        let is_wrong = |(_, reason): &(_, Reason)| reason.is(Kind::WrongSession);
        self.target.session == Session::PreferStandby
            && !self.accepts_any
            && self.failed.iter().any(is_wrong)
    }

    fn config(&self, route: &Route) -> Config {
        let mut config = self.target.config.clone();
        match &route.host.place {
            Place::Socket(folder) => _ = config.host_path(folder),
            // The driver refuses TLS without a name, even if the name is not verified.
            Place::Tcp { .. } => _ = config.host(route.host.name()),
        }
        if let Some(address) = route.address {
            config.hostaddr(address);
        }
        config.port(route.host.port).ssl_mode(route.mode);
        if route.mode == SslMode::Require {
            config.ssl_negotiation(self.target.tls.negotiation);
        }
        if let Some(limit) = self.target.timeout {
            config.connect_timeout(limit);
        }
        if let Some(password) = self.target.password_for(&route.host) {
            config.password(password);
        }
        config
    }

    /// Records a failed attempt, and decides which routes and hosts remain.
    pub(super) fn failed(&mut self, attempt: Attempt, reason: Reason) {
        let Attempt { route, tls, .. } = attempt;
        let is_second = route.mode != first_mode(self.target.tls.encryption, &route.host);
        let place = format!("{}, port {}", route.host.name(), route.host.port);
        let is_about_mode = reason.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION);
        if reason.code() == Some(&SqlState::CANNOT_CONNECT_NOW) {
            self.routes.clear();
        } else if let Some(mode) = self.other_mode(&route, &tls, &reason) {
            self.routes.push_front(Route { mode, ..route });
        } else {
            match reason {
                Reason::TimedOut(_) | Reason::Failed(Kind::Unreachable, _) => {}
                Reason::Failed(Kind::WrongSession, _) => self.routes.clear(),
                Reason::Failed(
                    Kind::NoTls | Kind::Handshake | Kind::NoPassword | Kind::Other,
                    _,
                ) => {
                    self.routes.clear();
                    self.hosts.clear();
                }
            }
        }
        self.failed.push((place, reason));
        if let (true, true, [.., first, second]) = (is_second, is_about_mode, &mut self.failed[..])
        {
            // The server lets no role in this way, so the first error is more useful.
            std::mem::swap(first, second);
        }
    }

    /// The mode in which the same address is tried again: encrypted after a refusal, or the reverse.
    fn other_mode(&self, route: &Route, tls: &Connector, reason: &Reason) -> Option<SslMode> {
        let is_tcp = matches!(route.host.place, Place::Tcp { .. });
        let is_refused = reason.is(Kind::Other) && reason.code().is_some();
        match (self.target.tls.encryption, route.mode) {
            (Encryption::Allow, SslMode::Disable) if is_tcp && is_refused => Some(SslMode::Prefer),
            (Encryption::Prefer, SslMode::Prefer)
                if reason.is(Kind::Handshake)
                    || (is_refused && tls.stage() == Stage::Encrypted) =>
            {
                Some(SslMode::Disable)
            }
            _ => None,
        }
    }

    /// A statement that fails in a session of the wrong kind.
    pub(super) fn requirement(&self) -> Option<&'static str> {
        match self.target.session {
            Session::Any => None,
            Session::ReadWrite => Some(READ_WRITE),
            Session::ReadOnly => Some(READ_ONLY),
            Session::Primary => Some(PRIMARY),
            Session::PreferStandby if self.accepts_any => None,
            Session::Standby | Session::PreferStandby => Some(STANDBY),
        }
    }

    pub(super) fn into_error(self) -> NotConnected {
        NotConnected::new(self.failed)
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

const READ_WRITE: &str = "do $$ begin if current_setting('transaction_read_only')::boolean then raise exception 'session is read-only' using errcode = '25006'; end if; end $$";
const READ_ONLY: &str = "do $$ begin if not current_setting('transaction_read_only')::boolean then raise exception 'session is not read-only' using errcode = '55000'; end if; end $$";
const PRIMARY: &str = "do $$ begin if pg_is_in_recovery() then raise exception 'server is in hot standby mode' using errcode = '55000'; end if; end $$";
const STANDBY: &str = "do $$ begin if not pg_is_in_recovery() then raise exception 'server is not in hot standby mode' using errcode = '55000'; end if; end $$";
