//! The embedded PostgreSQL server, used if no server is named. It is created and started on demand, shared by
//! concurrent commands, and stopped by the last of them.
//!
//! Two lock files make that safe. A command that checks, starts or stops the server holds `start.lock`
//! exclusively. A command that uses it holds `use.lock` shared; if it can get it exclusively, it is the last one.

mod binaries;
mod cluster;
mod folders;
mod home;
mod initdb;
mod owner;
mod process;
mod server_log;
mod settings;

pub(crate) use binaries::Binaries;

use crate::db::connect::connect;
use crate::db::conninfo::Target;
use crate::terminal;
use anyhow::{Context, Result};
use cluster::Cluster;
use home::Home;
use std::fs::{self, File};
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
        let in_use = home.lock_use()?;
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
        self.home.keep()
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
    home.stop_keeping()?;
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
