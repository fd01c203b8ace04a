//! A data folder and its server: creates, starts and stops it.

use super::binaries::Binaries;
use super::folders::{data_folders, major_of, socket_folder};
use super::owner::Owner;
use super::process::{named_process, running_pid, stop_child, stop_if_running};
use super::settings;
use crate::db::connect::connect;
use crate::failure::{Exit, Failure};
use crate::signals::{self, process_exists};
use crate::terminal;
use crate::whole_file;
use anyhow::{Context, Result};
use postgres::error::SqlState;
use std::fs::{self, File};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Time between two checks of a server that is starting.
const POLL: Duration = Duration::from_millis(5);
/// Recovery after a crash may take minutes.
const START_LIMIT: Duration = Duration::from_secs(300);
/// How long the last processes of a dead server may keep its shared memory.
const LEFTOVER_LIMIT: Duration = Duration::from_secs(5);
const LARGEST_LOG_BYTES: u64 = 10 * 1024 * 1024;

pub(crate) struct Cluster {
    home: PathBuf,
    data: PathBuf,
    pub(crate) sockets: PathBuf,
    pub(crate) binaries: Binaries,
    owner: Owner,
    /// The server's process, if this process started it and must reap it.
    started: Mutex<Option<Child>>,
}

impl Cluster {
    /// Finds or creates the data folder. The caller holds `start.lock`.
    pub(crate) fn open(home: &Path) -> Result<Cluster> {
        let existing = data_folders(home)?;
        let majors: Vec<u32> = existing.iter().filter_map(|data| major_of(data)).collect();
        let owner = Owner::of(existing.first().map(PathBuf::as_path))?;
        let binaries = Binaries::find(&majors, &owner)?;
        let data = home.join(format!("pg{}", binaries.major));
        if !owner.reaches(home) {
            return Err(Failure::new(
                Exit::Failed,
                format!("the user who runs the server cannot enter folder \"{}\"", home.display()),
            )
            .detail("PostgreSQL refuses to run as root, and the other user cannot enter a parent folder.")
            .hint("Set ELT_HOME to a folder that all users can reach, such as /var/lib/elt.")
            .into());
        }
        let cluster = Cluster {
            home: home.to_path_buf(),
            sockets: socket_folder(home),
            data,
            binaries,
            owner,
            started: Mutex::default(),
        };
        if !cluster.data.exists() {
            cluster.initialise()?;
        }
        Ok(cluster)
    }

    /// Runs initdb in a folder with another name, and renames the folder when it is complete.
    fn initialise(&self) -> Result<()> {
        let unfinished = self.data.with_extension("new");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)
                .context("could not delete an unfinished data folder")?;
        }
        self.owner.make_private(&unfinished)?;
        let program = self.binaries.program("initdb");
        let mut command = self.owner.command(&program, &self.home);
        command
            .args([
                "-U",
                super::USER,
                "--auth-local=trust",
                // The server listens on its socket only. If a user changes that, TCP is still refused.
                "--auth-host=reject",
                "-E",
                "UTF8",
                "--no-instructions",
                "-D",
            ])
            .arg(&unfinished);
        match self.binaries.major {
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
            .map_err(|error| self.owner.explain(error, &program))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr).trim().to_string();
            return Err(
                Failure::new(Exit::Failed, "could not create the embedded server")
                    .detail(format!("initdb reports: {text}"))
                    .hint("Set ELT_HOME to another folder, or DATABASE_URL to an external server.")
                    .into(),
            );
        }
        fs::rename(&unfinished, &self.data)?;
        File::open(&self.home)?.sync_all()?;
        Ok(())
    }

    pub(crate) fn ensure_running(&self) -> Result<()> {
        if running_pid(&self.data).is_some() {
            return self.wait_until_ready();
        }
        let deadline = Instant::now() + LEFTOVER_LIMIT;
        loop {
            self.remove_misleading_files();
            self.start()?;
            match self.wait_until_ready() {
                // The last processes of a killed server end soon. Only the log reports them, in English.
                Err(_)
                    if Instant::now() < deadline && self.log_tail().contains("shared memory") =>
                {
                    std::thread::sleep(POLL * 20);
                }
                other => return other,
            }
        }
    }

    /// A killed server leaves files that name its process. PostgreSQL ignores them if the process is gone, but not
    /// if it is a zombie, or if another process has the number after a reboot. `running_pid` has found that it is
    /// not a server of this folder. (PostgreSQL detects old sessions by their shared memory.)
    fn remove_misleading_files(&self) {
        let socket_lock = self.sockets.join(".s.PGSQL.5432.lock");
        for file in [self.data.join("postmaster.pid"), socket_lock] {
            if named_process(&file).is_some_and(process_exists) {
                // If it cannot be removed, the server reports that when it starts.
                let _ = fs::remove_file(file);
            }
        }
    }

    fn start(&self) -> Result<()> {
        self.owner.make_private(&self.sockets)?;
        // In our folder, because the owner of the data folder could redirect the write with a link.
        let configuration = self.home.join("elt.conf");
        whole_file::write(
            &configuration,
            settings::text(&self.data, &self.sockets).as_bytes(),
        )?;
        fs::set_permissions(&configuration, PermissionsExt::from_mode(0o644))?;
        let log = self.open_log()?;
        let program = self.binaries.program("postgres");
        let child = self
            .owner
            .command(&program, &self.data)
            .arg("-D")
            .arg(&self.data)
            .arg("-c")
            .arg(format!("config_file={}", configuration.display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Ctrl-C in this terminal must not reach the server.
            .process_group(0)
            .spawn()
            .map_err(|error| self.owner.explain(error, &program))?;
        if let Some(mut crashed) = self.started().replace(child) {
            crashed.try_wait()?;
        }
        Ok(())
    }

    fn wait_until_ready(&self) -> Result<()> {
        let begun = Instant::now();
        let mut said = false;
        let target = super::target(&self.sockets).on_database("postgres");
        loop {
            let error = match connect(&target) {
                Ok(_) => return Ok(()),
                // The server is not starting, but refuses: the next connection reports why.
                Err(error)
                    if error
                        .code()
                        .is_some_and(|code| *code != SqlState::CANNOT_CONNECT_NOW) =>
                {
                    return Ok(());
                }
                Err(error) => error,
            };
            let ours = match &mut *self.started() {
                Some(child) => Some(child.try_wait()?.is_some()),
                None => None,
            };
            let (is_ours, is_dead) = match ours {
                Some(false) => (true, false),
                // Our server has crashed, and another elt has started a new one.
                _ if running_pid(&self.data).is_some() => (false, false),
                _ => (ours.is_some(), true),
            };
            if is_dead && !is_ours {
                // It ended between the check and the connection.
                return self.ensure_running();
            }
            if is_dead || begun.elapsed() > START_LIMIT {
                self.started().take();
                return Err(Failure::new(
                    Exit::NoConnection,
                    "could not start the embedded server",
                )
                .because(error.into_parts().0)
                .detail(format!("Its log ends with: {}", self.log_tail().trim()))
                .hint(format!("Read {}.", self.log_path().display()))
                .into());
            }
            if begun.elapsed() > Duration::from_secs(2) && !said {
                terminal::note(
                    "waiting for the embedded server: it may be recovering from a crash",
                );
                said = true;
            }
            signals::check()?;
            std::thread::sleep(POLL);
        }
    }

    pub(crate) fn stop(&self) -> Result<()> {
        let Some(mut child) = self.started().take() else {
            return stop_if_running(&self.data).map(|_| ());
        };
        if child.try_wait()?.is_some() {
            // It crashed, and another elt may have started a new one.
            return stop_if_running(&self.data).map(|_| ());
        }
        stop_child(&mut child)
    }

    fn started(&self) -> MutexGuard<'_, Option<Child>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log_path(&self) -> PathBuf {
        self.home.join("server.log")
    }

    fn open_log(&self) -> Result<File> {
        let path = self.log_path();
        let is_large = fs::metadata(&path).is_ok_and(|log| log.len() > LARGEST_LOG_BYTES);
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

    fn log_tail(&self) -> String {
        let text = fs::read(self.log_path()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().rev().take(4).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}
