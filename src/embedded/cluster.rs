//! A data folder and its server: creates, starts and stops it.

use super::binaries::Binaries;
use super::folders::{data_folders, major_of, socket_folder};
use super::initdb::initdb;
use super::owner::Owner;
use super::process::{named_process, running_pid, stop_child, stop_if_running};
use super::{server_log, settings};
use crate::db::connect::{NotConnected, connect};
use crate::failure::{Exit, Failure};
use crate::signals::{self, process_exists};
use crate::terminal;
use crate::whole_file;
use anyhow::Result;
use postgres::error::SqlState;
use std::fs;
use std::os::unix::fs::PermissionsExt;
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

/// After this time, the user is told what the command waits for.
const NOTE_AFTER: Duration = Duration::from_secs(2);

/// The state of the server's process.
#[derive(PartialEq)]
enum Process {
    Running,
    OursEnded,
    /// The server was started by another process.
    OfOtherEnded,
}

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
        let owner = Owner::find(existing.first().map(PathBuf::as_path))?;
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
            initdb(
                &cluster.data,
                &cluster.home,
                &cluster.binaries,
                &cluster.owner,
            )?;
        }
        Ok(cluster)
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
                    if Instant::now() < deadline
                        && server_log::tail(&self.home).contains("shared memory") =>
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
        let log = server_log::open(&self.home)?;
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
        let mut is_noted = false;
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
            let process = self.process()?;
            if process == Process::OfOtherEnded {
                // It ended between the check and the connection.
                return self.ensure_running();
            }
            if process == Process::OursEnded || begun.elapsed() > START_LIMIT {
                return Err(self.not_started(error));
            }
            if begun.elapsed() > NOTE_AFTER && !is_noted {
                terminal::note(
                    "waiting for the embedded server: it may be recovering from a crash",
                );
                is_noted = true;
            }
            signals::check()?;
            std::thread::sleep(POLL);
        }
    }

    fn process(&self) -> Result<Process> {
        let has_ended = match &mut *self.started() {
            Some(child) => Some(child.try_wait()?.is_some()),
            None => None,
        };
        Ok(match has_ended {
            Some(false) => Process::Running,
            // If our server has crashed, another elt may have started a new one.
            _ if running_pid(&self.data).is_some() => Process::Running,
            Some(true) => Process::OursEnded,
            None => Process::OfOtherEnded,
        })
    }

    fn not_started(&self, error: NotConnected) -> anyhow::Error {
        self.started().take();
        let log = server_log::tail(&self.home);
        Failure::new(Exit::NoConnection, "could not start the embedded server")
            .because(error.into_parts().0)
            .detail(format!("Its log ends with: {}", log.trim()))
            .hint(format!("Read {}.", server_log::path(&self.home).display()))
            .into()
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
}
