//! The program under test, as a user runs it.

use super::{repository, root};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A command that has not started yet.
pub(crate) struct Elt(Command);

/// The outcome of a command.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) command: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Elt {
    /// On the server of a URL.
    pub(crate) fn on(url: &str) -> Elt {
        Elt::bare().env("DATABASE_URL", url)
    }

    /// On an embedded server that lives in `home`.
    pub(crate) fn embedded(home: &Path) -> Elt {
        Elt::bare().env("ELT_HOME", home)
    }

    /// In the repository's folder, without any variable that the program reads.
    pub(crate) fn bare() -> Elt {
        Elt(clean(Command::new(env!("CARGO_BIN_EXE_elt"))))
    }

    /// As the user of the tests' server, who can reach its socket. That user cannot enter root's folders, so the built
    /// program is linked into a folder that every user can enter.
    pub(crate) fn as_servers_user(url: &str) -> Elt {
        let owner = std::fs::metadata(root().join("cluster/run")).unwrap();
        let mut elt = Elt::from_open_place(url);
        elt.0.uid(owner.uid()).gid(owner.gid());
        elt
    }

    /// As the user who runs the tests, from a folder that every user can enter.
    pub(crate) fn from_open_place(url: &str) -> Elt {
        let program = root().join("elt");
        let built = env!("CARGO_BIN_EXE_elt");
        if std::fs::hard_link(built, &program).is_err() && !program.exists() {
            std::fs::copy(built, &program).unwrap();
        }
        let mut command = clean(Command::new(program));
        command.current_dir(root());
        Elt(command).env("DATABASE_URL", url)
    }

    /// Runs another program with this command as its arguments.
    pub(crate) fn under(wrapper: &[&str]) -> Elt {
        let mut command = clean(Command::new(wrapper[0]));
        command.args(&wrapper[1..]).arg(env!("CARGO_BIN_EXE_elt"));
        Elt(command)
    }

    /// The command typed at a terminal: stdin is the keyboard, stdout is the screen.
    pub(crate) fn at_terminal(arguments: &str) -> Elt {
        let program = env!("CARGO_BIN_EXE_elt");
        let mut command = clean(Command::new("script"));
        command.args(["-qec", &format!("{program} {arguments}"), "/dev/null"]);
        Elt(command)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Elt {
        self.0.env(name, value);
        self
    }

    pub(crate) fn args<I: IntoIterator<Item: AsRef<std::ffi::OsStr>>>(mut self, args: I) -> Elt {
        self.0.args(args);
        self
    }

    /// With the address of a REST API and its credentials.
    pub(crate) fn api(self, url: &str) -> Elt {
        self.env("ELT_REST_APPOINTMENTS_URL", url)
            .env("ELT_REST_APPOINTMENTS_USERNAME", "user")
            .env("ELT_REST_APPOINTMENTS_PASSWORD", "password")
    }

    /// `--flag path`.
    pub(crate) fn path(mut self, flag: &str, path: &Path) -> Elt {
        self.0.arg(flag).arg(path);
        self
    }

    pub(crate) fn command(self) -> Command {
        self.0
    }

    /// A shell with the same variables, in which `elt` is this program.
    pub(crate) fn shell(self, script: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_elt")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        for (name, value) in self.env("PATH", path).command().get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.args(["-euc", script]);
        shell
    }

    pub(crate) fn run(mut self) -> Outcome {
        let command = format!("{:?}", self.0);
        let output = self.0.output().unwrap();
        Outcome {
            command,
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Starts it with a pipe as stdin, for `Running::feed`.
    pub(crate) fn start_fed(mut self) -> Running {
        self.0.stdin(Stdio::piped());
        self.start()
    }

    pub(crate) fn start(mut self) -> Running {
        let command = format!("{:?}", self.0);
        let child = self
            .0
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Running { command, child }
    }
}

/// A running command.
pub(crate) struct Running {
    command: String,
    child: Child,
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Writes to its stdin; a command that has ended ignores it.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        let _ = self.child.stdin.as_mut().unwrap().write_all(bytes);
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let pid = Pid::from_raw(i32::try_from(self.id()).unwrap());
        kill(pid, Signal::SIGINT).unwrap();
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Closes its stdin, and waits for its end.
    pub(crate) fn finish(self) -> Outcome {
        let output = self.child.wait_with_output().unwrap();
        Outcome {
            command: self.command,
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Outcome {
    pub(crate) fn ok(self) -> Outcome {
        self.exits_with(0)
    }

    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Outcome {
        assert_eq!(
            self.code,
            Some(code),
            "{}\nstdout:\n{}\nstderr:\n{}",
            self.command,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Checks that stderr contains each of these texts.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Outcome {
        for text in texts {
            assert!(
                self.stderr.contains(text),
                "{}\nlacks: {text}\nstderr:\n{}",
                self.command,
                self.stderr
            );
        }
        self
    }

    /// Checks that one line of stderr contains both texts.
    #[track_caller]
    pub(crate) fn says_once(&self, text: &str, more: &str) {
        let lines = self
            .stderr
            .lines()
            .filter(|line| line.contains(text) && line.contains(more));
        assert_eq!(
            lines.count(),
            1,
            "{}\nstderr:\n{}",
            self.command,
            self.stderr
        );
    }

    /// Checks that stderr lacks a text.
    #[track_caller]
    pub(crate) fn says_not(&self, text: &str) {
        assert!(
            !self.stderr.contains(text),
            "{}\nstderr:\n{}",
            self.command,
            self.stderr
        );
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

fn clean(mut command: Command) -> Command {
    for (name, _) in std::env::vars() {
        let is_proxy = name.to_lowercase().ends_with("_proxy");
        let is_read = ["ELT_", "PG", "AWS_"]
            .iter()
            .any(|start| name.starts_with(start))
            || is_proxy;
        if (is_read && name != "ELT_PG_BIN") || name == "DATABASE_URL" {
            command.env_remove(name);
        }
    }
    command.current_dir(repository()).stdin(Stdio::null());
    command
}
