//! The embedded PostgreSQL server, used if no server is named. It is created and started on demand, shared by
//! concurrent commands, and stopped by the last of them.
//!
//! Two lock files make that safe. A command that checks, starts or stops the server holds `start.lock`
//! exclusively. A command that uses it holds `use.lock` shared; if it can get it exclusively, it is the last one.

mod binaries;
mod cluster;
mod folders;
mod owner;
mod process;
mod settings;

pub(crate) use binaries::Binaries;

use crate::db::connect::connect;
use crate::db::conninfo::Target;
use crate::failure::{Exit, Failure};
use crate::terminal;
use anyhow::{Context, Result};
use cluster::Cluster;
use nix::unistd::geteuid;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The server's superuser. Authentication is trust, because the server listens only on its socket, in a folder of
/// mode 0700.
const USER: &str = "postgres";

/// The server in use by this process. Dropping it stops the server if no other process uses it.
pub(crate) struct Server {
    cluster: Cluster,
    home: Home,
    // Shared lock; released when this is dropped, also by `kill -9`.
    in_use: Option<File>,
}

/// The output of `elt db status`.
pub(crate) struct Status {
    pub(crate) home: PathBuf,
    pub(crate) data: Option<PathBuf>,
    pub(crate) pid: Option<u32>,
    pub(crate) is_kept: bool,
}

impl Server {
    /// Starts the server if it is not running, and marks it as used.
    pub(crate) fn acquire() -> Result<Server> {
        let home = Home::find()?;
        home.create()?;
        let _starting = home.lock_start()?;
        let in_use = home.open("use.lock")?;
        in_use
            .lock_shared()
            .context("could not lock file \"use.lock\"")?;
        let cluster = Cluster::open(&home.path)?;
        cluster.ensure_running()?;
        Ok(Server {
            cluster,
            home,
            in_use: Some(in_use),
        })
    }

    pub(crate) fn target(&self) -> Target {
        target(&self.cluster.sockets)
    }

    pub(crate) fn binaries(&self) -> &Binaries {
        &self.cluster.binaries
    }

    /// Starts the server again if it has crashed.
    pub(crate) fn revive(&self) -> Result<()> {
        let _starting = self.home.lock_start()?;
        self.cluster.ensure_running()
    }

    /// Keeps the server running when the last command ends.
    pub(crate) fn keep(&self) -> Result<()> {
        self.home.open("keep").map(|_| ())
    }

    fn release(&mut self) -> Result<()> {
        let _starting = self.home.lock_start()?;
        drop(self.in_use.take());
        if !self.home.is_kept() && self.home.is_unused()? && !self.has_other_sessions() {
            self.cluster.stop()?;
        }
        Ok(())
    }

    /// Whether there are sessions of other programs, such as psql with `elt db url`, which hold no lock file.
    /// Sessions of elt hold one, or are about to end.
    fn has_other_sessions(&self) -> bool {
        let sql = "select count(*) from pg_stat_activity \
                   where backend_type = 'client backend' and application_name !~ '^elt\\M'";
        connect(&self.target().on_database("postgres")).is_ok_and(|mut client| {
            let row = client.query_one(sql, &[]);
            row.is_ok_and(|row| row.get::<_, i64>(0) > 0)
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.release() {
            terminal::warn(format!("{error:#}"));
        }
    }
}

/// Stops the server, also if it is kept. Fails if a command is using it. False if it did not run.
pub(crate) fn stop() -> Result<bool> {
    let home = Home::find()?;
    if !home.path.exists() {
        return Ok(false);
    }
    let _starting = home.lock_start()?;
    home.refuse_when_used()?;
    let kept = home.path.join("keep");
    if kept.exists() {
        fs::remove_file(kept)?;
    }
    match folders::existing(&home.path)? {
        Some(data) => process::stop_if_running(&data),
        None => Ok(false),
    }
}

/// Deletes the server and all its data.
pub(crate) fn reset() -> Result<PathBuf> {
    stop()?;
    let home = Home::find()?;
    if home.path.exists() {
        let _starting = home.lock_start()?;
        home.refuse_when_used()?;
        // The lock files stay, because another process may be waiting for them.
        for data in folders::data_folders(&home.path)? {
            fs::remove_dir_all(&data)
                .with_context(|| format!("could not delete folder \"{}\"", data.display()))?;
        }
    }
    Ok(home.path)
}

pub(crate) fn status() -> Result<Status> {
    let home = Home::find()?;
    let data = folders::existing(&home.path)?;
    let pid = data.as_deref().and_then(process::running_pid);
    Ok(Status {
        is_kept: home.is_kept(),
        home: home.path,
        data,
        pid,
    })
}

/// The target for connections, whether the server runs or not.
pub(crate) fn target_at_rest() -> Result<Target> {
    let home = Home::find()?;
    Ok(target(&folders::socket_folder(&home.path)))
}

fn target(sockets: &Path) -> Target {
    let mut target = Target::socket(sockets, USER);
    target.config.application_name("elt");
    target
}

/// The folder where the server lives: `ELT_HOME`, or one for the whole machine (root) or the user.
struct Home {
    path: PathBuf,
}

impl Home {
    fn find() -> Result<Home> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let path = if let Some(home) = set("ELT_HOME") {
            PathBuf::from(home)
        } else if nix::unistd::geteuid().is_root() {
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

    fn create(&self) -> Result<()> {
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
        let problem = match is_own {
            false => "belongs to another user",
            true if folder.mode() & 0o002 != 0 => "is writable by all users",
            true => return Ok(()),
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

    fn lock_start(&self) -> Result<File> {
        let file = self.open("start.lock")?;
        file.lock().context("could not lock file \"start.lock\"")?;
        Ok(file)
    }

    fn is_kept(&self) -> bool {
        self.path.join("keep").exists()
    }

    fn is_unused(&self) -> Result<bool> {
        match self.open("use.lock")?.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => {
                Err(error).context("could not lock file \"use.lock\"")
            }
        }
    }

    fn refuse_when_used(&self) -> Result<()> {
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
