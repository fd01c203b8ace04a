//! Which server: `--database-url` or `DATABASE_URL`, else the variables that psql reads, else none,
//! which means the embedded one.

use crate::cli::Global;
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::Result;
use postgres::config::Host;
use std::env::var;
use std::path::Path;
use tokio_postgres::Config;

/// Variables that name a server. PGUSER or PGPASSWORD alone say nothing about where it is.
const NAMING: [&str; 5] = ["PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE"];

/// Where libpq looks for a socket when no host is named.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// The user's own server, if one is named.
pub(crate) fn resolve(global: &Global) -> Result<Option<Config>> {
    let named = match &global.database_url {
        Some(url) if !url.trim().is_empty() => {
            warn_of_password_in_arguments();
            Some(parse(url)?)
        }
        _ if NAMING.iter().any(|name| is_set(name)) => Some(Config::new()),
        _ => None,
    };
    named.map(with_environment).transpose()
}

fn parse(url: &str) -> Result<Config> {
    let is_url = url.contains("://");
    if is_url && url.matches('@').count() > 1 {
        // Read on, it would take part of the password for the host, and say so in messages.
        return Err(Failure::new(Exit::Usage, "could not read the database URL")
            .detail("It has more than one @.")
            .hint("Write @ as %40, / as %2F and : as %3A in the password, or use PGPASSWORD.")
            .into());
    }
    url.parse::<Config>().map_err(|error| {
        // The parser's own message names a key or a place, never the value that it could not read.
        Failure::new(Exit::Usage, "could not read the database URL")
            .because(error)
            .hint("Write postgresql://user@host:5432/database, or host=... user=... dbname=...")
            .into()
    })
}

/// What the URL leaves open comes from the environment, then from libpq's defaults.
fn with_environment(mut config: Config) -> Result<Config> {
    if is_set("PGSERVICE") {
        return Err(Failure::new(Exit::Usage, "service files are not supported")
            .detail("PGSERVICE is set.")
            .hint("Unset it, and name the server with DATABASE_URL or PGHOST.")
            .into());
    }
    if config.get_ports().is_empty() && is_set("PGPORT") {
        let port = var("PGPORT")?;
        config.port(port.parse().map_err(|_| {
            Failure::new(Exit::Usage, format!("PGPORT is not a port: \"{port}\""))
                .hint("Set it to a number from 1 to 65535, or unset it.")
        })?);
    }
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        match var("PGHOST").or_else(|_| var("PGHOSTADDR")) {
            Ok(host) if !host.is_empty() => config.host(&host),
            _ => config.host(default_host(config.get_ports())),
        };
    }
    if config.get_user().is_none() {
        config.user(var("PGUSER").unwrap_or_else(|_| operating_system_user()));
    }
    if config.get_password().is_none()
        && let Ok(password) = var("PGPASSWORD")
    {
        config.password(&password);
    }
    if config.get_dbname().is_none() && is_set("PGDATABASE") {
        config.dbname(&var("PGDATABASE")?);
    }
    Ok(config)
}

fn default_host(ports: &[u16]) -> &'static str {
    let port = ports.first().copied().unwrap_or(5432);
    SOCKET_FOLDERS
        .into_iter()
        .find(|folder| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists())
        .unwrap_or("localhost")
}

fn operating_system_user() -> String {
    nix::unistd::User::from_uid(nix::unistd::geteuid())
        .ok()
        .flatten()
        .map_or_else(|| "postgres".into(), |user| user.name)
}

fn is_set(name: &str) -> bool {
    var(name).is_ok_and(|value| !value.is_empty())
}

/// Arguments are seen by everyone on the machine.
fn warn_of_password_in_arguments() {
    let in_arguments = std::env::args()
        .map(|argument| argument.trim_start_matches("--database-url=").to_string())
        .filter_map(|argument| argument.parse::<Config>().ok())
        .any(|config| config.get_password().is_some());
    if in_arguments {
        terminal::warn(
            "the password in --database-url shows in the process list; use DATABASE_URL or PGPASSWORD",
        );
    }
}

/// The connection in words, without its password.
pub(crate) fn describe(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => config
            .get_hostaddrs()
            .first()
            .map_or("nowhere".into(), ToString::to_string),
    };
    format!(
        "database \"{}\" on {host}, port {}, as \"{}\"",
        config.get_dbname().unwrap_or("postgres"),
        config.get_ports().first().unwrap_or(&5432),
        config.get_user().unwrap_or_default(),
    )
}

/// What psql takes, without the password.
pub(crate) fn url(config: &Config) -> String {
    let user = encode(config.get_user().unwrap_or_default());
    let database = encode(config.get_dbname().unwrap_or_default());
    let port = config.get_ports().first();
    match config.get_hosts().first() {
        Some(Host::Unix(folder)) => {
            let port = port.map_or(String::new(), |port| format!("&port={port}"));
            let folder = encode(&folder.to_string_lossy());
            format!("postgresql://{user}@/{database}?host={folder}{port}")
        }
        Some(Host::Tcp(name)) => {
            let port = port.map_or(String::new(), |port| format!(":{port}"));
            format!("postgresql://{user}@{name}{port}/{database}")
        }
        None => format!("postgresql://{user}@/{database}"),
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'~' | b'-' => {
                (byte as char).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_no_password() -> Result<()> {
        let config = parse("postgresql://someone:marker@db.example:6000/sales")?;
        assert_eq!(
            describe(&config),
            "database \"sales\" on db.example, port 6000, as \"someone\""
        );
        assert_eq!(url(&config), "postgresql://someone@db.example:6000/sales");
        Ok(())
    }

    #[test]
    fn a_socket_folder_with_odd_characters_survives_the_url() -> Result<()> {
        let mut config = Config::new();
        config.host("/tmp/a b").user("postgres").dbname("x");
        let again = parse(&url(&config))?;
        assert_eq!(again.get_hosts(), config.get_hosts());
        Ok(())
    }
}
