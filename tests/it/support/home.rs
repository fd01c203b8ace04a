//! The home of an embedded server, for one test.

use super::{Elt, PARENTS, root, run_to_end, unique};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::{Client, NoTls};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

pub(crate) struct Home(PathBuf);

impl Home {
    /// An empty folder.
    pub(crate) fn new() -> Home {
        Home::at("home")
    }

    /// A folder with this name in its path.
    pub(crate) fn at(name: &str) -> Home {
        let path = root().join(format!("{name}-{}", unique()));
        std::fs::create_dir_all(&path).unwrap();
        Home(path)
    }

    /// With a server and a migrated database, as a first command leaves it.
    pub(crate) fn initialised() -> Home {
        Home::initialised_at(root().join(format!("home-{}", unique())))
    }

    pub(crate) fn initialised_at(path: PathBuf) -> Home {
        copy_initialised(&path);
        Home(path)
    }

    /// The same, and its server runs.
    pub(crate) fn started() -> Home {
        let home = Home::initialised();
        home.elt().args(["db", "start"]).run().ok();
        home
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn elt(&self) -> Elt {
        Elt::embedded(&self.0)
    }

    /// The URL of the project's database, while the server runs.
    pub(crate) fn url(&self) -> String {
        let sockets = self.0.join("run");
        format!("postgresql://postgres@/epiondw?host={}", sockets.display())
    }

    fn status(&self) -> serde_json::Value {
        let elt = self.elt().args(["db", "status", "--json"]);
        elt.run().ok().json()
    }

    /// The data folder, which is named by PostgreSQL's version.
    pub(crate) fn data(&self) -> PathBuf {
        PathBuf::from(self.status()["data"].as_str().unwrap())
    }

    /// The server's process.
    pub(crate) fn server(&self) -> Option<i32> {
        let pid = self.status()["pid"].as_i64();
        pid.map(|pid| i32::try_from(pid).unwrap())
    }

    /// `kill -9` of the server with all its processes.
    pub(crate) fn kill_server(&self) {
        let server = self.server().unwrap();
        let signal = |pid: i32, signal| {
            // A process may just have ended.
            let _ = kill(Pid::from_raw(pid), signal);
        };
        // The stopped postmaster starts no new processes.
        signal(server, Signal::SIGSTOP);
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let processes = processes.filter_map(|entry| {
            let status = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            let after_name = status.rsplit_once(") ")?.1;
            let parent: i32 = after_name.split(' ').nth(1)?.parse().ok()?;
            let pid = entry.file_name().to_str()?.parse().ok()?;
            (parent == server).then_some(pid)
        });
        let children: Vec<i32> = processes.collect();
        for pid in children.into_iter().chain([server]) {
            signal(pid, Signal::SIGKILL);
        }
    }

    /// Stops the server as an administrator does.
    pub(crate) fn shut_down(&self) {
        kill(Pid::from_raw(self.server().unwrap()), Signal::SIGINT).unwrap();
    }

    /// The number of sessions besides its own.
    pub(crate) fn sessions(&self) -> i64 {
        let url = format!(
            "postgresql://postgres@/postgres?application_name=elt&host={}",
            self.0.join("run").display()
        );
        let sql = "select count(*) from pg_stat_activity where backend_type = 'client backend' \
                   and application_name !~ '^elt'";
        Client::connect(&url, NoTls)
            .unwrap()
            .query_one(sql, &[])
            .unwrap()
            .get(0)
    }

    /// A psql run by the program, which keeps the server up until psql ends.
    pub(crate) fn psql(&self) -> Psql {
        let mut child = self
            .elt()
            .args(["db", "psql", "--", "-X", "-q"])
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.as_mut().unwrap(), "\\echo ready").unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line.trim(), "ready");
        Psql(child)
    }
}

/// Makes a new folder a copy of the first home, because a copy takes a tenth of the time of initdb and migrations.
pub(super) fn copy_initialised(to: &Path) {
    static FIRST: OnceLock<PathBuf> = OnceLock::new();
    let first = FIRST.get_or_init(|| {
        sweep_leftovers();
        let first = root().join("first");
        Elt::embedded(&first).args(["status"]).run().ok();
        first
    });
    // With owners and modes.
    run_to_end(Command::new("cp").arg("-a").args([first, to]));
}

/// Deletes the folders of test programs that have ended.
fn sweep_leftovers() {
    let folders = PARENTS.map(std::fs::read_dir).into_iter().flatten();
    for entry in folders.flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix("elt-tests-") else {
            continue;
        };
        let is_alive = Path::new("/proc").join(pid).exists();
        if !is_alive {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = self.elt().args(["db", "stop"]).run();
        if std::thread::panicking() {
            eprintln!("kept: {}", self.0.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

pub(crate) struct Psql(Child);

impl Psql {
    /// Leaves psql as a user does.
    pub(crate) fn end(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().unwrap().success());
    }

    /// `kill -9` of the program around psql, which then reads the end of its input.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
