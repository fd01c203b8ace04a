//! Where and how to connect.

use super::home;
use super::hosts::{self, Host, Place};
use super::passfile;
use super::settings::Settings;
use super::tls::Tls;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::ChannelBinding;

/// The default of `connect_timeout`.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a server may stay silent before the connection counts as lost.
const SILENCE: Duration = Duration::from_secs(60);

/// `target_session_attrs`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Session {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

const SESSIONS: [(&str, Session); 6] = [
    ("any", Session::Any),
    ("read-write", Session::ReadWrite),
    ("read-only", Session::ReadOnly),
    ("primary", Session::Primary),
    ("standby", Session::Standby),
    ("prefer-standby", Session::PreferStandby),
];

/// Where to connect, as which role, and how.
#[derive(Clone)]
pub(crate) struct Target {
    /// The settings that are the same for all hosts, without a password.
    pub(crate) config: Config,
    pub(crate) hosts: Vec<Host>,
    pub(crate) session: Session,
    /// For each address.
    pub(crate) timeout: Option<Duration>,
    pub(crate) tls: Tls,
    /// Warnings for the user.
    pub(crate) warnings: Vec<String>,
    pub(super) password: Option<String>,
    passfile: Option<PathBuf>,
    pub(super) settings: Settings,
}

impl Target {
    pub(super) fn from_settings(settings: Settings) -> Result<Target> {
        let mut hosts = hosts::read(&settings)?;
        let (tls, warnings) = Tls::from_settings(&settings, &hosts)?;
        let mut config = Config::new();
        config
            .user(
                settings
                    .filled("user")
                    .map_or_else(operating_system_user, str::to_string),
            )
            .channel_binding(settings.choice("channel_binding", &CHANNEL_BINDINGS)?);
        if let Some(database) = settings.filled("dbname") {
            config.dbname(database);
        }
        if let Some(options) = settings.filled("options") {
            config.options(options);
        }
        detect_lost_server(&mut config, &settings)?;
        if settings.choice(
            "load_balance_hosts",
            &[("disable", false), ("random", true)],
        )? {
            shuffle(&mut hosts)?;
        }
        let timeout = match settings.number("connect_timeout")? {
            None => Some(CONNECT_TIMEOUT),
            // As libpq: one second is too short to be reliable.
            Some(seconds) => u64::try_from(seconds)
                .ok()
                .filter(|seconds| *seconds > 0)
                .map(|seconds| Duration::from_secs(seconds.max(2))),
        };
        Ok(Target {
            config,
            hosts,
            session: settings.choice("target_session_attrs", &SESSIONS)?,
            timeout,
            tls,
            warnings,
            password: settings.filled("password").map(str::to_string),
            passfile: settings
                .filled("passfile")
                .map(PathBuf::from)
                .or_else(|| Some(home()?.join(".pgpass"))),
            settings,
        })
    }

    /// A server on this machine, reached by its socket.
    pub(crate) fn socket(folder: &Path, user: &str) -> Target {
        let mut config = Config::new();
        config.user(user);
        Target {
            config,
            hosts: vec![Host {
                place: Place::Socket(folder.into()),
                port: 5432,
            }],
            session: Session::Any,
            timeout: Some(CONNECT_TIMEOUT),
            tls: Tls::none(),
            warnings: Vec::new(),
            password: None,
            passfile: None,
            settings: Settings::default(),
        }
    }

    pub(crate) fn database(&self) -> Option<&str> {
        self.config.get_dbname()
    }

    pub(crate) fn user(&self) -> &str {
        self.config.get_user().unwrap_or_default()
    }

    /// Another database on the same server.
    pub(crate) fn on_database(&self, name: &str) -> Target {
        let mut target = self.clone();
        target.config.dbname(name);
        target
    }

    /// The same server for another user, whose password is in the password file. Our own password is not sent.
    pub(crate) fn as_user(&self, user: &str) -> Target {
        let mut target = self.clone();
        target.config.user(user);
        target.password = None;
        target
    }

    /// The password for a host. The file is read for each connection, because a password may change meanwhile.
    pub(crate) fn password_for(&self, host: &Host) -> Option<String> {
        self.password
            .clone()
            .or_else(|| self.password_in_file(host))
    }

    /// The password file, if the password of a host is from it.
    pub(crate) fn password_file(&self) -> Option<&Path> {
        let is_from_file = |host| self.password.is_none() && self.password_in_file(host).is_some();
        self.passfile
            .as_deref()
            .filter(|_| self.hosts.iter().any(is_from_file))
    }

    /// A warning if the password file is needed but cannot be used.
    pub(super) fn passfile_problem(&self) -> Option<String> {
        let file = self
            .passfile
            .as_deref()
            .filter(|_| self.password.is_none())?;
        let problem = passfile::problem(file)?;
        Some(format!("password file \"{}\" {problem}", file.display()))
    }

    fn password_in_file(&self, host: &Host) -> Option<String> {
        let login = passfile::Login {
            host: &host.name(),
            port: host.port,
            database: self.database().unwrap_or_else(|| self.user()),
            user: self.user(),
        };
        passfile::find(self.passfile.as_deref()?, &login)
    }
}

const CHANNEL_BINDINGS: [(&str, ChannelBinding); 3] = [
    ("prefer", ChannelBinding::Prefer),
    ("disable", ChannelBinding::Disable),
    ("require", ChannelBinding::Require),
];

/// Detects within two minutes that the server is gone without closing the connection, unless the settings say
/// otherwise.
fn detect_lost_server(config: &mut Config, settings: &Settings) -> Result<()> {
    let seconds = |keyword: &str, usual: Duration| -> Result<Duration> {
        let set = settings
            .number(keyword)?
            .and_then(|number| u64::try_from(number).ok());
        Ok(set
            .filter(|number| *number > 0)
            .map_or(usual, Duration::from_secs))
    };
    let milliseconds = settings.number("tcp_user_timeout")?;
    match milliseconds.map(u64::try_from) {
        // The system's default.
        Some(Ok(0) | Err(_)) => {}
        Some(Ok(set)) => _ = config.tcp_user_timeout(Duration::from_millis(set)),
        None => _ = config.tcp_user_timeout(SILENCE),
    }
    let count = settings
        .number("keepalives_count")?
        .and_then(|count| u32::try_from(count).ok());
    config
        .keepalives(settings.number("keepalives")? != Some(0))
        .keepalives_idle(seconds("keepalives_idle", SILENCE / 2)?)
        .keepalives_interval(seconds("keepalives_interval", SILENCE / 6)?)
        .keepalives_retries(count.filter(|count| *count > 0).unwrap_or(3));
    Ok(())
}

/// `load_balance_hosts=random`.
fn shuffle(hosts: &mut [Host]) -> Result<()> {
    for last in (1..hosts.len()).rev() {
        let random = getrandom::u64()? % (last as u64 + 1);
        hosts.swap(last, usize::try_from(random)?);
    }
    Ok(())
}

fn operating_system_user() -> String {
    nix::unistd::User::from_uid(nix::unistd::geteuid())
        .ok()
        .flatten()
        .map_or_else(|| "postgres".into(), |user| user.name)
}
