//! The user who runs the server. PostgreSQL refuses root, so root runs it as another user.

use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use nix::unistd::{Gid, Uid, User, geteuid};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// The users as whom root runs the server, in this order.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    uid: u32,
    gid: u32,
    /// Whether this is not the user who runs elt.
    is_other: bool,
}

impl Owner {
    /// The owner of the existing data folder, or the user for a new one.
    pub(crate) fn find(data: Option<&Path>) -> Result<Owner> {
        let me = geteuid();
        if !me.is_root() {
            // initdb and postgres refuse a user without a name.
            if User::from_uid(me)?.is_none() {
                return Err(Failure::new(
                    Exit::Failed,
                    format!("user {me} has no entry in the system's user database"),
                )
                .detail("PostgreSQL refuses to run for such a user.")
                .hint("Set DATABASE_URL to an external server, or run elt as a user with an entry.")
                .into());
            }
            return Ok(Owner {
                uid: me.as_raw(),
                gid: nix::unistd::getegid().as_raw(),
                is_other: false,
            });
        }
        if let Some(data) = data {
            let metadata = fs::metadata(data)
                .with_context(|| format!("could not read folder \"{}\"", data.display()))?;
            return Ok(Owner {
                uid: metadata.uid(),
                gid: metadata.gid(),
                is_other: true,
            });
        }
        for name in UNPRIVILEGED {
            if let Some(user) = User::from_name(name)? {
                return Ok(Owner {
                    uid: user.uid.as_raw(),
                    gid: user.gid.as_raw(),
                    is_other: true,
                });
            }
        }
        Err(Failure::new(
            Exit::Failed,
            "PostgreSQL refuses to run as root, and there is no other user to run it",
        )
        .detail("Neither \"postgres\" nor \"nobody\" exists.")
        .hint("Create user postgres, or set DATABASE_URL to an external server.")
        .into())
    }

    /// A command that runs as this user, without the environment variables that PostgreSQL reads.
    pub(crate) fn command(&self, program: &Path, home: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", home)
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .current_dir(home);
        if self.is_other {
            // Setting the user also drops root's supplementary groups.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Creates a folder that only this user can enter. An existing folder must be private already: a link or a folder
    /// of another user could redirect what the server writes.
    pub(crate) fn make_private(&self, folder: &Path) -> Result<()> {
        let problem = || format!("could not prepare folder \"{}\"", folder.display());
        match fs::create_dir(folder) {
            Ok(()) => {
                let private = fs::Permissions::from_mode(0o700);
                fs::set_permissions(folder, private).with_context(problem)?;
                self.give(folder)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let there = fs::symlink_metadata(folder).with_context(problem)?;
                if there.is_dir() && there.uid() == self.uid && there.mode() & 0o077 == 0 {
                    return Ok(());
                }
                let message = format!(
                    "folder \"{}\" is not private to the server",
                    folder.display()
                );
                Err(Failure::new(Exit::Failed, message)
                    .detail(
                        "It is a link, belongs to another user, or is accessible to other users.",
                    )
                    .hint("Remove it if you own it, or set ELT_HOME to another folder.")
                    .into())
            }
            Err(error) => Err(error).with_context(problem),
        }
    }

    fn give(&self, path: &Path) -> Result<()> {
        if self.is_other {
            let (uid, gid) = (Uid::from_raw(self.uid), Gid::from_raw(self.gid));
            nix::unistd::chown(path, Some(uid), Some(gid))
                .with_context(|| format!("could not give \"{}\" to user {uid}", path.display()))?;
        }
        Ok(())
    }

    /// Whether this user can reach `path` through its parent folders.
    pub(crate) fn reaches(&self, path: &Path) -> bool {
        !self.is_other
            || path.ancestors().all(|folder| {
                fs::metadata(folder).map_or(true, |metadata| {
                    let mode = metadata.mode();
                    mode & 0o001 != 0 || (metadata.uid() == self.uid && mode & 0o100 != 0)
                })
            })
    }

    /// The failure of a command that could not be started as this user.
    pub(crate) fn explain(&self, error: std::io::Error, program: &Path) -> anyhow::Error {
        let failure = Failure::new(
            Exit::Failed,
            format!("could not run \"{}\"", program.display()),
        );
        let failure = match error.kind() {
            std::io::ErrorKind::PermissionDenied if self.is_other => failure
                .detail(format!("It must run as user {}, but this process may not change its user, or that user cannot reach the program.", self.uid))
                .hint("Set DATABASE_URL to an external server, or run elt as an ordinary user."),
            _ => failure,
        };
        failure.because(error).into()
    }
}
