//! The embedded server's folder and its lock files.

use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use nix::unistd::geteuid;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// If this file exists, the server keeps running when the last command ends.
const KEEP: &str = "keep";

/// The folder of the server: `ELT_HOME`, or one for the whole machine (root) or the user.
pub(super) struct Home {
    pub(super) path: PathBuf,
}

impl Home {
    pub(super) fn find() -> Result<Home> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let path = if let Some(home) = set("ELT_HOME") {
            PathBuf::from(home)
        } else if geteuid().is_root() {
            PathBuf::from("/var/lib/elt")
        } else if let Some(data) = set("XDG_DATA_HOME") {
            PathBuf::from(data).join("elt")
        } else if let Some(home) = set("HOME") {
            PathBuf::from(home).join(".local/share/elt")
        } else {
            return Err(Failure::new(
                Exit::Usage,
                "there is no folder for the embedded server, because HOME is not set",
            )
            .hint("Set ELT_HOME to a folder, or DATABASE_URL to an external server.")
            .into());
        };
        Ok(Home {
            path: std::path::absolute(path)?,
        })
    }

    pub(super) fn create(&self) -> Result<()> {
        let missing: Vec<&Path> = self
            .path
            .ancestors()
            .take_while(|folder| !folder.exists())
            .collect();
        for folder in missing.into_iter().rev() {
            // The server's user must be able to enter it, independent of the umask.
            fs::create_dir(folder)
                .and_then(|()| fs::set_permissions(folder, PermissionsExt::from_mode(0o755)))
                .or_else(|error| match error.kind() {
                    // Another elt was faster.
                    ErrorKind::AlreadyExists => Ok(()),
                    _ => Err(error),
                })
                .map_err(|error| {
                    let message = format!("could not create folder \"{}\"", folder.display());
                    Failure::new(Exit::Failed, message)
                        .detail(format!("{error}."))
                        .hint("Set ELT_HOME to a writable folder, or DATABASE_URL to a server.")
                })?;
        }
        Ok(())
    }

    /// Fails if another user can change the folder, because links could redirect our writes. Root can do that
    /// anyway.
    fn require_own(&self) -> Result<()> {
        let folder = fs::metadata(&self.path)
            .with_context(|| format!("could not read folder \"{}\"", self.path.display()))?;
        let is_own = folder.uid() == geteuid().as_raw() || folder.uid() == 0;
        let problem = if !is_own {
            "belongs to another user"
        } else if folder.mode() & 0o002 != 0 {
            "is writable by all users"
        } else {
            return Ok(());
        };
        let message = format!("folder \"{}\" {problem}", self.path.display());
        Err(Failure::new(Exit::Failed, message)
            .detail("The user who runs elt must own the folder of the embedded server.")
            .hint("Set ELT_HOME to a folder that you own, or DATABASE_URL to a server.")
            .into())
    }

    fn open(&self, name: &str) -> Result<File> {
        let path = self.path.join(name);
        self.require_own()?;
        File::options()
            .create(true)
            .truncate(false)
            .write(true)
            // A user who can open a lock file could hold its lock and block every command.
            .mode(0o600)
            .custom_flags(nix::libc::O_NOFOLLOW)
            .open(&path)
            .map_err(|error| {
                Failure::new(
                    Exit::Failed,
                    format!("could not open file \"{}\"", path.display()),
                )
                .detail(format!("{error}."))
                .hint("Set ELT_HOME to a folder that you own, or DATABASE_URL to a server.")
                .into()
            })
    }

    pub(super) fn lock_start(&self) -> Result<File> {
        let file = self.open("start.lock")?;
        file.lock().context("could not lock file \"start.lock\"")?;
        Ok(file)
    }

    /// Marks this process as a user of the server, as long as the file is open.
    pub(super) fn lock_use(&self) -> Result<File> {
        let file = self.open("use.lock")?;
        file.lock_shared()
            .context("could not lock file \"use.lock\"")?;
        Ok(file)
    }

    pub(super) fn keep(&self) -> Result<()> {
        self.open(KEEP).map(|_| ())
    }

    pub(super) fn stop_keeping(&self) -> Result<()> {
        if self.is_kept() {
            fs::remove_file(self.path.join(KEEP))?;
        }
        Ok(())
    }

    pub(super) fn is_kept(&self) -> bool {
        self.path.join(KEEP).exists()
    }

    pub(super) fn is_unused(&self) -> Result<bool> {
        match self.open("use.lock")?.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => {
                Err(error).context("could not lock file \"use.lock\"")
            }
        }
    }

    pub(super) fn refuse_when_used(&self) -> Result<()> {
        if self.is_unused()? {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Failed,
            "another elt command is using the embedded server",
        )
        .hint("Wait for it to end or interrupt it, then try again.")
        .into())
    }
}
