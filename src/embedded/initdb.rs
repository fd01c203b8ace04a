//! Creates a data folder.

use super::USER;
use super::binaries::Binaries;
use super::owner::Owner;
use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

/// Runs initdb in a folder with another name, and renames the folder when it is complete.
pub(super) fn initdb(data: &Path, home: &Path, binaries: &Binaries, owner: &Owner) -> Result<()> {
    let unfinished = data.with_extension("new");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).context("could not delete an unfinished data folder")?;
    }
    owner.make_private(&unfinished)?;
    let program = binaries.program("initdb");
    let mut command = owner.command(&program, home);
    command
        .args([
            "-U",
            USER,
            "--auth-local=trust",
            // The server listens on its socket only. If a user changes that, TCP is still refused.
            "--auth-host=reject",
            "-E",
            "UTF8",
            "--no-instructions",
            "-D",
        ])
        .arg(&unfinished);
    match binaries.major {
        ..17 => command.arg("--no-locale"),
        17.. => command.args([
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]),
    };
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| owner.explain(error, &program))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr).trim().to_string();
        return Err(
            Failure::new(Exit::Failed, "could not create the embedded server")
                .detail(format!("initdb reports: {text}"))
                .hint("Set ELT_HOME to another folder, or DATABASE_URL to an external server.")
                .into(),
        );
    }
    fs::rename(&unfinished, data)?;
    File::open(home)?.sync_all()?;
    Ok(())
}
