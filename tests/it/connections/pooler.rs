//! PgBouncer: a pool of sessions works like a server. A pool of transactions is refused before elt changes its
//! sessions.

use crate::support::{Database, Elt, Folder, repository, root, wait_until};
use postgres::{Client, NoTls};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// PgBouncer in front of the tests' server, until it is dropped.
struct PgBouncer {
    folder: Folder,
    process: Child,
}

impl PgBouncer {
    /// `size` is the number of sessions in the pool.
    fn start(mode: &str, size: u32) -> PgBouncer {
        let folder = Folder::new();
        let server = root().join("cluster/run");
        // Only the server's user can use its socket, and PgBouncer refuses to run as root.
        let owner = std::fs::metadata(&server).unwrap();
        chown(folder.path(), Some(owner.uid()), Some(owner.gid())).unwrap();
        let text = format!(
            "[databases]\n* = host={} user=postgres\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {}\n\
             auth_type = any\npool_mode = {mode}\ndefault_pool_size = {size}\n",
            server.display(),
            folder.path().display()
        );
        let file = folder.write("pgbouncer.ini", text);
        let installed = PathBuf::from("/usr/sbin/pgbouncer");
        let program = if installed.exists() {
            installed
        } else {
            "pgbouncer".into()
        };
        let process = Command::new(program)
            .arg("-q")
            .arg(file)
            .uid(owner.uid())
            .gid(owner.gid())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .spawn()
            .expect("no PgBouncer, no tests: sh .ci/setup browser brings it");
        let pooler = PgBouncer { folder, process };
        wait_until("PgBouncer to answer", || {
            Client::connect(&pooler.url("postgres"), NoTls).is_ok()
        });
        pooler
    }

    fn url(&self, database: &str) -> String {
        let folder = self.folder.path().display();
        format!("postgresql://postgres@/{database}?host={folder}&port=6432")
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_pool_of_sessions_works_like_a_server() {
    let database = Database::new();
    let (pooler, out) = (PgBouncer::start("session", 20), Folder::new());
    let elt = || Elt::on(&pooler.url(database.name()));
    elt().args(["run"]).path("--out", out.path()).run().ok();
    let expected = repository().join("tests/expected/valid_appts.csv");
    assert_eq!(
        out.read("valid_appts.csv"),
        std::fs::read_to_string(expected).unwrap()
    );
    elt().args(["jobs", "enqueue", "pipeline"]).run().ok();
    let worker = elt().args(["worker", "--until-empty"]);
    worker.env("ELT_OUT", out.path()).run().ok();
    elt().args(["status"]).run().ok();
    let held = "select count(*) from pg_locks where locktype = 'advisory' and database = \
                (select oid from pg_database where datname = current_database())";
    assert_eq!(database.number(held), 0);
}

#[test]
fn a_pool_of_one_session_is_enough_for_simple_commands() {
    let database = Database::new();
    let pooler = PgBouncer::start("session", 1);
    let elt = || Elt::on(&pooler.url(database.name()));
    elt().args(["status"]).run().ok();
    elt().args(["migrate", "--check"]).run().ok();
}

#[test]
fn a_pool_of_transactions_is_refused_and_left_unchanged() {
    let database = Database::new();
    for mode in ["transaction", "statement"] {
        let pooler = PgBouncer::start(mode, 20);
        let commands: [&[&str]; 9] = [
            &["status"],
            &["migrate"],
            &["load"],
            &["run"],
            &["export"],
            &["check"],
            &["worker", "--until-empty"],
            &["serve"],
            &["gc"],
        ];
        for command in commands {
            let outcome = Elt::on(&pooler.url(database.name())).args(command).run();
            outcome.exits_with(5).says(&[
                "gives each transaction another session",
                "locks, settings and snapshots",
                "pool_mode=session",
            ]);
        }
        // The next client of the pool gets a session with the server's settings.
        let url = pooler.url(database.name());
        let mut client = Client::connect(&url, NoTls).unwrap();
        let left = "select count(*) from pg_settings where source = 'session' and name <> 'application_name'";
        let settings: i64 = client.query_typed(left, &[]).unwrap()[0].get(0);
        assert_eq!(settings, 0);
    }
    assert_eq!(database.number("select count(*) from elt.load"), 0);
}
