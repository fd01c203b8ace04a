//! A server of elt's own, projects on it, and psql beside them.

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

pub(crate) struct Server {
    home: PathBuf,
    url: String,
}

/// A project of its own in a database of its own.
pub(crate) struct Project<'a> {
    server: &'a Server,
    folder: Option<PathBuf>,
    database: String,
}

impl Server {
    pub(crate) fn start() -> Server {
        let home = PathBuf::from(format!("/tmp/elt-bench-{}", std::process::id()));
        fs::create_dir(&home).unwrap();
        let mut server = Server {
            home,
            url: String::new(),
        };
        server.run(server.command().args(["db", "start"]));
        let url = server.run(server.command().args(["db", "url"]));
        server.url = url.trim().to_string();
        server.run(server.command().arg("migrate"));
        server
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let folder = self.home.join("bench").join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_elt"));
        command
            .env("ELT_HOME", &self.home)
            .env_remove("DATABASE_URL");
        command
    }

    fn run(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the built-in project in a folder whose files are the data.
    pub(crate) fn elt(&self, folder: &Path, arguments: &[&str]) -> Value {
        self.elt_in(self.command(), folder, arguments)
    }

    fn elt_in(&self, mut command: Command, folder: &Path, arguments: &[&str]) -> Value {
        let data = match arguments[0] {
            "load" => folder.to_path_buf(),
            _ => folder.join("data"),
        };
        let said = self.run(
            command
                .env("ELT_DATA", data)
                .current_dir(folder)
                .args(arguments)
                .args(["--json", "--quiet"]),
        );
        serde_json::from_str(&said).unwrap_or(Value::Null)
    }

    /// What psql is told on its standard input.
    pub(crate) fn psql(&self, folder: &Path, script: &str) {
        let mut psql = Command::new("psql")
            .args([
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                &self.database_url("postgres"),
            ])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("psql is there");
        let mut stdin = psql.stdin.take().unwrap();
        stdin.write_all(script.as_bytes()).unwrap();
        drop(stdin);
        assert!(psql.wait().unwrap().success(), "{script}");
    }

    fn database_url(&self, name: &str) -> String {
        self.url.replace("/epiondw", &format!("/{name}"))
    }

    fn ask(&self, database: &str, sql: &str) {
        let mut psql = Command::new("psql");
        psql.args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            &self.database_url(database),
            "-c",
            sql,
        ]);
        self.run(&mut psql);
    }

    /// Of the built-in project's database.
    pub(crate) fn query(&self, sql: &str) {
        self.ask("epiondw", sql);
    }

    /// Of psql's.
    pub(crate) fn by_hand(&self, sql: &str) {
        self.ask("postgres", sql);
    }

    pub(crate) fn drop_database(&self, name: &str) {
        self.by_hand(&format!("drop database {name} with (force)"));
    }

    /// A project of one migration and some queries, migrated.
    pub(crate) fn project(
        &self,
        name: &str,
        tables: &str,
        queries: &[(&str, &str)],
    ) -> Project<'_> {
        let folder = self.folder(&format!("project_{name}"));
        fs::create_dir_all(folder.join("migrations")).unwrap();
        fs::create_dir_all(folder.join("sql/core")).unwrap();
        fs::write(folder.join("migrations/V0001__create_tables.sql"), tables).unwrap();
        let create = format!("create database {name};");
        fs::write(folder.join("sql/database.sql"), create).unwrap();
        for (file, query) in queries {
            fs::write(folder.join("sql").join(file), query).unwrap();
        }
        let project = Project {
            server: self,
            folder: Some(folder.clone()),
            database: name.into(),
        };
        project.elt(&folder, &["migrate"]);
        project
    }

    /// The built-in project in another database.
    pub(crate) fn small(&self) -> Project<'_> {
        self.by_hand("create database small");
        Project {
            server: self,
            folder: None,
            database: "small".into(),
        }
    }

    pub(crate) fn stop(self) {
        self.run(self.command().args(["db", "stop"]));
        fs::remove_dir_all(&self.home).unwrap();
    }
}

impl Project<'_> {
    pub(crate) fn elt(&self, folder: &Path, arguments: &[&str]) -> Value {
        let mut command = self.server.command();
        match &self.folder {
            Some(project) => command.env("ELT_PROJECT", project),
            None => command.env("DATABASE_URL", self.server.database_url(&self.database)),
        };
        self.server.elt_in(command, folder, arguments)
    }

    pub(crate) fn drop(self) {
        self.server.drop_database(&self.database);
    }
}

/// Seconds.
pub(crate) fn timed(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
