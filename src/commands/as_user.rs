//! `--user`: a long-running command that root starts switches to an unprivileged user.

use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::{Context, Result};
use nix::unistd::{User, geteuid};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Returns as that user, without root's groups, or with an error. The program is executed again, so that it
/// finds the user's files and inherits no thread or open file.
pub(super) fn switch_to(name: Option<&str>) -> Result<()> {
    let name = name.filter(|name| !name.is_empty());
    let Some(name) = name else {
        if geteuid().is_root() {
            terminal::warn(
                "elt is running as root and can read and write everything: name another user with --user",
            );
        }
        return Ok(());
    };
    let user = User::from_name(name).context("could not look up users")?;
    let Some(user) = user else {
        return Err(
            Failure::new(Exit::Usage, format!("there is no user \"{name}\""))
                .hint("Name a user of this system, such as postgres or nobody.")
                .into(),
        );
    };
    if user.uid == geteuid() {
        return if user.uid.is_root() {
            Err(Failure::new(Exit::Usage, "--user names root")
                .hint("Name an unprivileged user, such as postgres or nobody.")
                .into())
        } else {
            Ok(())
        };
    }
    if !geteuid().is_root() {
        return Err(
            Failure::new(Exit::Usage, "only root can switch to another user")
                .hint("Start the command as that user, or omit --user.")
                .into(),
        );
    }
    let program = std::env::current_exe().context("could not find this program")?;
    let error = Command::new(&program)
        .args(std::env::args_os().skip(1))
        .env("HOME", &user.dir)
        .env("USER", &user.name)
        .env("LOGNAME", &user.name)
        .uid(user.uid.as_raw())
        .gid(user.gid.as_raw())
        .exec();
    Err(Failure::new(
        Exit::Failed,
        format!("could not start \"{}\" as \"{name}\"", program.display()),
    )
    .hint("The user must be able to read the program and to enter its folder.")
    .because(error)
    .into())
}
