//! The log of the embedded server.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const LARGEST_BYTES: u64 = 10 * 1024 * 1024;

pub(super) fn path(home: &Path) -> PathBuf {
    home.join("server.log")
}

/// Opens the log for appending. Deletes it first if it is large.
pub(super) fn open(home: &Path) -> Result<File> {
    let path = path(home);
    let is_large = fs::metadata(&path).is_ok_and(|log| log.len() > LARGEST_BYTES);
    if is_large {
        fs::remove_file(&path)?;
    }
    let log = File::options()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(nix::libc::O_NOFOLLOW)
        .open(&path)
        .with_context(|| format!("could not open file \"{}\"", path.display()))?;
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600))?;
    Ok(log)
}

/// The last lines.
pub(super) fn tail(home: &Path) -> String {
    let text = fs::read(path(home)).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().rev().take(4).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
