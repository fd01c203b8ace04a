//! Finds the server to use: `--database-url` or `DATABASE_URL`, then the variables that psql reads, then the
//! embedded server. libpq's rules apply: the connection string takes precedence over its service, and the service
//! over the environment. If none has a password, the password file is used.

mod describe;
mod hosts;
mod passfile;
mod service;
mod settings;
mod target;
mod text;
mod tls;

pub(crate) use hosts::{Host, Place};
pub(crate) use target::{Session, Target};
pub(crate) use tls::{Connector, Encryption, Stage};

use anyhow::Result;
use settings::Settings;
use std::env::var_os;
use std::path::PathBuf;

/// Variables that name a server. PGUSER or PGPASSWORD alone do not.
const SERVER_VARIABLES: [&str; 5] = ["PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE"];

/// Keywords with secret values.
const SECRET: [&str; 2] = ["password", "sslpassword"];

/// The external server, if one is named.
pub(crate) fn resolve(url: Option<&str>) -> Result<Option<Target>> {
    let url = url.filter(|url| !url.trim().is_empty());
    let is_named = SERVER_VARIABLES
        .iter()
        .any(|name| var_os(name).is_some_and(|value| !value.is_empty()));
    if url.is_none() && !is_named {
        return Ok(None);
    }
    let mut target = Target::from_settings(Settings::gather(url)?)?;
    target.warnings.extend(password_in_arguments(url));
    target.warnings.extend(target.passfile_problem());
    Ok(Some(target))
}

/// The user's home folder, by libpq's rules.
fn home() -> Option<PathBuf> {
    var_os("HOME")
        .filter(|home| !home.is_empty())
        .map(PathBuf::from)
        .or_else(|| {
            let user = nix::unistd::User::from_uid(nix::unistd::geteuid());
            user.ok().flatten().map(|user| user.dir)
        })
}

/// The same connection string without passwords. `None` if it cannot be parsed.
pub(crate) fn without_password(conninfo: &str) -> Option<String> {
    let is_secret = |keyword: &str| SECRET.contains(&keyword);
    let pairs = text::parse(conninfo).ok()?;
    if !pairs.iter().any(|(keyword, _)| is_secret(keyword)) {
        return Some(conninfo.to_string());
    }
    let others = pairs.iter().filter(|(keyword, _)| !is_secret(keyword));
    let others = others.map(|(keyword, value)| {
        let value = value.replace('\\', r"\\").replace('\'', r"\'");
        format!("{keyword}='{value}'")
    });
    Some(others.collect::<Vec<_>>().join(" "))
}

/// A warning if the password is in an argument, which every user of the machine can see.
fn password_in_arguments(url: Option<&str>) -> Option<String> {
    let has_password = |text: &str| {
        let pairs = text::parse(text).unwrap_or_default();
        pairs
            .iter()
            .any(|(keyword, value)| keyword == "password" && !value.is_empty())
    };
    let in_arguments = url.is_some_and(|url| {
        has_password(url) && std::env::args().any(|argument| argument.contains(url))
    });
    in_arguments.then(|| {
        "the password in --database-url is visible in the process list; use DATABASE_URL or PGPASSWORD".into()
    })
}
