//! The cluster: an embedded server of the program itself, kept up by a psql whose input ends when this process
//! ends, for any reason. The program around psql then stops the server, because no other session is left.

use super::home::copy_initialised;
use super::{Elt, Folder, Home, Outcome, root, unique};
use postgres::{Client, NoTls};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::OnceLock;

struct Cluster {
    // Keeps the server up while this process lives.
    _psql: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// The database that the first command of all created and migrated.
const TEMPLATE: &str = "epiondw";

fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(|| {
        let home = root().join("cluster");
        copy_initialised(&home);
        let mut psql = Elt::embedded(&home)
            .args(["db", "psql", "--", "-X", "-q", "-d", "postgres"])
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = psql.stdin.take().unwrap();
        // The databases live for seconds, so nothing needs to survive a crash or to be vacuumed.
        writeln!(
            stdin,
            "alter system set fsync = off;\nalter system set full_page_writes = off;\n\
             alter system set autovacuum_naptime = '1h';\nselect pg_reload_conf() \\gset\n\\echo ready"
        )
        .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(psql.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready", "no PostgreSQL, no tests");
        psql.stdin = Some(stdin);
        Cluster { _psql: psql }
    })
}

/// A database for one test, migrated and empty. It is dropped when the test passes.
pub(crate) struct Database {
    name: String,
    /// The home of its server, unless that is the tests' cluster.
    home: Option<PathBuf>,
}

impl Database {
    /// With the schema of the built-in project.
    pub(crate) fn new() -> Database {
        Database::create(&format!("template {TEMPLATE}"))
    }

    /// Without any schema.
    pub(crate) fn empty() -> Database {
        Database::create("template template0")
    }

    /// A copy of another database, which must have no sessions.
    pub(crate) fn copy_of(other: &Database) -> Database {
        Database::create(&format!("template {}", other.name))
    }

    fn create(clause: &str) -> Database {
        cluster();
        let name = format!("test_{}", unique());
        // Two tests can copy the template at the same time, but not while a session is connected to it. Without fsync,
        // copying the files takes less time than writing them to the log as well.
        super::wait_until("the template to be free", || {
            maintenance()
                .batch_execute(&format!(
                    "create database {name} {clause} strategy file_copy"
                ))
                .is_ok()
        });
        Database { name, home: None }
    }

    /// The project's database on an embedded server; it is deleted with its home.
    pub(crate) fn in_home(home: &Home) -> Database {
        Database {
            name: TEMPLATE.into(),
            home: Some(home.path().to_path_buf()),
        }
    }

    /// Copies its current state.
    pub(crate) fn keep_as(&self, name: &str) {
        let sql = format!("create database {name} template {}", self.name);
        self.maintenance().batch_execute(&sql).unwrap();
    }

    /// Creates it again from a copy, and ends its sessions. The files are copied, because otherwise the server takes
    /// the next 32 numbers of each sequence for logged, and loses them in a crash.
    pub(crate) fn restore(&self, copy: &str) {
        let name = &self.name;
        let mut client = self.maintenance();
        for sql in [
            format!("drop database {name} with (force)"),
            format!("create database {name} template {copy} strategy file_copy"),
        ] {
            client.batch_execute(&sql).unwrap();
        }
    }

    /// Drops a copy.
    pub(crate) fn forget(&self, copy: &str) {
        let sql = format!("drop database {copy} with (force)");
        // A server that was stopped has no copy to drop.
        if let Ok(mut client) = Client::connect(&self.url_of("postgres", "postgres"), NoTls) {
            let _ = client.batch_execute(&sql);
        }
    }

    fn maintenance(&self) -> Client {
        Client::connect(&self.url_of("postgres", "postgres"), NoTls).unwrap()
    }

    fn url_of(&self, database: &str, role: &str) -> String {
        match &self.home {
            None => url(database, role),
            Some(home) => url_in(home, database, role),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn url(&self) -> String {
        self.url_of(&self.name, "postgres")
    }

    pub(crate) fn url_as(&self, role: &str) -> String {
        self.url_of(&self.name, role)
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(&self.url(), NoTls).unwrap()
    }

    pub(crate) fn connect_as(&self, role: &str) -> Client {
        Client::connect(&self.url_as(role), NoTls).unwrap()
    }

    /// The program on this database.
    pub(crate) fn elt(&self) -> Elt {
        match &self.home {
            None => Elt::on(&self.url()),
            Some(home) => Elt::embedded(home),
        }
    }

    /// The program on this database, with a project that is a folder.
    pub(crate) fn elt_with(&self, project: &Path, args: &[&str]) -> Elt {
        self.elt().args(args).path("--project", project)
    }

    /// `elt load` of the files in a folder.
    pub(crate) fn load(&self, data: &Folder) -> Outcome {
        self.elt().args(["load"]).path("--data", data.path()).run()
    }

    /// `elt run` with the project's own files.
    pub(crate) fn run_into(&self, out: &Folder) -> Outcome {
        self.elt().args(["run"]).path("--out", out.path()).run()
    }

    pub(crate) fn export_into(&self, out: &Folder) -> Outcome {
        self.elt().args(["export"]).path("--out", out.path()).run()
    }

    /// The first column of the only row.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.connect().query_one(sql, &[]).unwrap().get(0)
    }

    pub(crate) fn text(&self, sql: &str) -> String {
        self.connect().query_one(sql, &[]).unwrap().get(0)
    }

    /// Repeats the query in one session until it returns true.
    pub(crate) fn wait_for(&self, what: &str, question: &str) {
        let mut client = self.connect();
        super::wait_until(what, || client.query_one(question, &[]).unwrap().get(0));
    }

    pub(crate) fn run(&self, sql: &str) {
        self.connect().batch_execute(sql).unwrap();
    }

    /// Locks a table until the lock is released, so that the program waits for it. `what` is the rest of a
    /// `lock table` statement.
    pub(crate) fn hold(&self, what: &str) -> Held {
        self.hold_by(&format!("lock table {what}"))
    }

    /// Holds the locks of a statement.
    pub(crate) fn hold_by(&self, sql: &str) -> Held {
        let mut client = self.connect();
        client.batch_execute(&format!("begin; {sql}")).unwrap();
        Held(client)
    }

    /// Keeps a transaction that has written open, in another database of the server.
    pub(crate) fn hold_elsewhere(&self) -> Held {
        let mut client = self.maintenance();
        client
            .batch_execute("begin; select pg_current_xact_id()")
            .unwrap();
        Held(client)
    }

    /// Whether a session of the program waits for a lock.
    pub(crate) fn has_waiting_session(&self) -> bool {
        self.number(
            "select count(*) from pg_stat_activity where datname = current_database() \
             and application_name like 'elt %' and wait_event_type = 'Lock'",
        ) > 0
    }
}

/// A lock that a test holds.
pub(crate) struct Held(Client);

impl Held {
    pub(crate) fn release(mut self) {
        self.0.batch_execute("rollback").unwrap();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed on database {}", self.name);
        } else if self.home.is_none() {
            let _ =
                maintenance().batch_execute(&format!("drop database {} with (force)", self.name));
        }
    }
}

pub(crate) fn maintenance() -> Client {
    Client::connect(&url("postgres", "postgres"), NoTls).unwrap()
}

fn url(database: &str, role: &str) -> String {
    url_in(&root().join("cluster"), database, role)
}

fn url_in(home: &Path, database: &str, role: &str) -> String {
    let sockets = home.join("run");
    format!("postgresql://{role}@/{database}?host={}", sockets.display())
}
