//! `--user`: a long-running command that root starts goes on as a user who may less.

use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::{Context, Result};
use nix::unistd::{User, geteuid};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Returns as that user, without root's groups, or with an error. The program is started anew, so that it
/// finds the user's own files and no thread or open file is left from before.
pub(super) fn go_on_as(name: Option<&str>) -> Result<()> {
    let name = name.filter(|name| !name.is_empty());
    let Some(name) = name else {
        if geteuid().is_root() {
            terminal::warn(
                "this runs as root, and may read and write everything: name another user with --user",
            );
        }
        return Ok(());
    };
    let user = User::from_name(name).context("could not look users up")?;
    let Some(user) = user else {
        return Err(
            Failure::new(Exit::Usage, format!("there is no user \"{name}\""))
                .hint("Name one of this system's users, as postgres or nobody.")
                .into(),
        );
    };
    if user.uid == geteuid() {
        return match user.uid.is_root() {
            true => Err(Failure::new(Exit::Usage, "--user names root")
                .hint("Name a user who may less, as postgres or nobody.")
                .into()),
            false => Ok(()),
        };
    }
    if !geteuid().is_root() {
        return Err(
            Failure::new(Exit::Usage, "only root can go on as another user")
                .hint("Start the command as that user, or leave --user away.")
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
    .hint("The user has to be able to read the program, and to enter the folder where it is.")
    .because(error)
    .into())
}
