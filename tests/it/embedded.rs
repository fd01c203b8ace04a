//! The embedded server: created, shared, killed, and stopped.

use crate::support::{Elt, Folder, Home, wait_until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::os::unix::fs::MetadataExt;

const EXPECTED: &str = include_str!("../expected/valid_appts.csv");

#[test]
fn from_nothing_to_the_files_and_no_server_is_left() {
    let (home, out) = (Home::new(), Folder::new());
    home.elt()
        .args(["run"])
        .path("--out", out.path())
        .run()
        .ok();
    assert_eq!(out.read("valid_appts.csv"), EXPECTED);
    assert_eq!(home.server(), None);
    // The next command finds everything there.
    let again = home.elt().args(["status"]).run().ok();
    assert!(again.stdout.contains("3,120"), "{}", again.stdout);
    assert_eq!(home.server(), None);
}

#[test]
fn the_server_is_nobody_elses_and_not_roots() {
    let home = Home::new();
    home.elt().args(["db", "start"]).run().ok();
    let pid = home.server().unwrap();
    let process = std::fs::metadata(format!("/proc/{pid}")).unwrap();
    assert_ne!(process.uid(), 0, "PostgreSQL refuses to be root");
    for folder in [home.data(), home.path().join("run")] {
        let metadata = std::fs::metadata(&folder).unwrap();
        assert_eq!(metadata.mode() & 0o777, 0o700, "{}", folder.display());
        assert_eq!(metadata.uid(), process.uid());
    }
    let setting = |name: &str| {
        let sql = format!("show {name}");
        let outcome = home
            .elt()
            .args(["db", "psql", "--", "-XAtc", sql.as_str()])
            .run();
        outcome.ok().stdout.trim().to_string()
    };
    assert_eq!(setting("listen_addresses"), "");
    assert_eq!(setting("fsync"), "on");
    assert_eq!(setting("timezone"), "UTC");
}

#[test]
fn several_cold_starts_at_once_make_one_server() {
    let home = Home::new();
    let runs = [0, 1, 2, 3].map(|_| home.elt().args(["load", "--wait"]).start());
    for run in runs {
        run.finish().ok();
    }
    assert_eq!(home.server(), None);
    let folders = std::fs::read_dir(home.path()).unwrap().flatten();
    let clusters = folders.filter(|entry| entry.file_name().to_string_lossy().starts_with("pg"));
    assert_eq!(clusters.count(), 1);
}

#[test]
fn a_killed_command_leaves_a_server_that_the_next_one_joins_and_stops() {
    let home = Home::initialised();
    let psql = home.psql();
    let pid = home.server().unwrap();
    psql.kill();
    assert_eq!(home.server(), Some(pid));
    wait_until("psql to end", || home.sessions() == 0);
    home.elt().args(["status"]).run().ok();
    assert_eq!(home.server(), None);
}

#[test]
fn a_killed_server_is_started_again_with_all_it_had() {
    let (home, out) = (Home::initialised(), Folder::new());
    home.elt().args(["load"]).run().ok();
    home.elt().args(["db", "start"]).run().ok();
    let pid = home.server().unwrap();
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    home.elt()
        .args(["export"])
        .path("--out", out.path())
        .run()
        .ok();
    assert_eq!(out.read("valid_appts.csv"), EXPECTED);
    assert_ne!(home.server(), Some(pid));
}

#[test]
fn a_server_that_another_one_brought_up_again_is_stopped_by_the_last() {
    let home = Home::initialised();
    let psql = home.psql();
    let pid = home.server().unwrap();
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    home.elt().args(["status"]).run().ok();
    assert!(home.server().is_some_and(|second| second != pid));
    // It started the first one, and not the second.
    psql.end();
    assert_eq!(home.server(), None);
}

#[test]
fn an_initdb_that_never_ended_is_done_again() {
    let home = Home::initialised();
    let data = home.data();
    home.elt().args(["db", "reset", "--yes"]).run().ok();
    assert!(!data.exists());
    std::fs::create_dir(data.with_extension("new")).unwrap();
    std::fs::write(data.with_extension("new").join("PG_VERSION"), "15\n").unwrap();
    home.elt().args(["status"]).run().ok();
    assert!(data.exists() && !data.with_extension("new").exists());
}

#[test]
fn a_file_that_names_a_stranger_as_the_server_is_not_believed() {
    let home = Home::initialised();
    // As after a reboot, when the number belongs to another process.
    let text = format!(
        "{}\n{}\n1\n5432\n",
        std::process::id(),
        home.data().display()
    );
    std::fs::write(home.data().join("postmaster.pid"), text).unwrap();
    std::fs::write(home.path().join("run/.s.PGSQL.5432.lock"), "1\n").unwrap();
    home.elt().args(["db", "start"]).run().ok();
    let stranger = i32::try_from(std::process::id()).unwrap();
    assert!(home.server().is_some_and(|pid| pid != stranger));
}

#[test]
fn in_a_container_that_forbids_tracing_it_works_as_well() {
    // Root then cannot see another user's process, as in Docker by default.
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let home = Home::new();
    let elt = |args: &[&str]| {
        let program = env!("CARGO_BIN_EXE_elt");
        let mut command = std::process::Command::new("setpriv");
        command
            .args(["--bounding-set", "-sys_ptrace", program])
            .args(args);
        command.env("ELT_HOME", home.path());
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    elt(&["load", "practices"]);
    assert_eq!(home.server(), None, "the last command stopped it");
    elt(&["db", "start"]);
    let pid = home.server().unwrap();
    assert!(elt(&["db", "status"]).contains(&format!("process {pid}")));
    elt(&["status"]);
    assert_eq!(home.server(), Some(pid));
    assert!(elt(&["db", "stop"]).contains("stopped"));
    assert_eq!(home.server(), None);
}

#[test]
fn a_link_in_place_of_a_folder_is_not_followed() {
    let home = Home::initialised();
    let (sockets, trap) = (home.path().join("run"), Folder::new());
    std::fs::remove_dir_all(&sockets).unwrap();
    std::os::unix::fs::symlink(trap.path(), &sockets).unwrap();
    let before = std::fs::metadata(trap.path()).unwrap();
    home.elt()
        .args(["status"])
        .run()
        .exits_with(1)
        .says(&["is not private to the server"]);
    let after = std::fs::metadata(trap.path()).unwrap();
    assert_eq!((after.uid(), after.mode()), (before.uid(), before.mode()));
}

#[test]
fn the_server_is_managed_by_hand() {
    let home = Home::new();
    let db = |args: &[&str]| home.elt().args(["db"]).args(args).run();
    assert!(db(&["status"]).ok().stdout.contains("no server yet"));
    assert!(db(&["stop"]).ok().stdout.contains("not running"));
    let url = db(&["start"]).ok().stdout.trim().to_string();
    assert_eq!(db(&["url"]).ok().stdout.trim(), url);
    assert!(db(&["status"]).ok().stdout.contains("until elt db stop"));
    let name = db(&["psql", "--", "-XAtc", "select current_database()"]).ok();
    assert_eq!(name.stdout.trim(), "epiondw");
    postgres::Client::connect(&url, postgres::NoTls).unwrap();
    db(&["start"]).ok();
    assert!(db(&["stop"]).ok().stdout.contains("stopped"));
    assert_eq!(home.server(), None);
    db(&["url"]).ok().says(&["elt db start"]);
    db(&["reset"]).exits_with(2).says(&["--yes"]);
    let data = home.data();
    let dry = db(&["reset", "--dry-run"]).ok().stdout;
    assert!(dry.starts_with("would delete the server"), "{dry}");
    assert!(data.exists());
    db(&["reset", "--yes"]).ok();
    assert!(!data.exists());
    let named = Elt::on("postgresql://nobody@localhost:1/x").args(["db", "start"]);
    named
        .run()
        .exits_with(2)
        .says(&["an external server is named"]);
}

#[test]
fn a_server_in_use_is_not_stopped() {
    let home = Home::initialised();
    let psql = home.psql();
    home.elt()
        .args(["db", "stop"])
        .run()
        .exits_with(1)
        .says(&["another elt command is using"]);
    home.elt()
        .args(["db", "reset", "--yes"])
        .run()
        .exits_with(1);
    psql.end();
    assert_eq!(home.server(), None);
}

#[test]
fn somebodys_session_keeps_the_server() {
    let home = Home::initialised();
    let psql = home.psql();
    let url = home.elt().args(["db", "url"]).run().ok().stdout;
    let session = postgres::Client::connect(url.trim(), postgres::NoTls).unwrap();
    psql.end();
    assert!(home.server().is_some());
    session.close().unwrap();
    wait_until("the session to end", || home.sessions() == 0);
    home.elt().args(["status"]).run().ok();
    assert_eq!(home.server(), None);
}

#[test]
fn a_home_too_deep_for_a_socket_works() {
    let home = Home::at(&"deep".repeat(40));
    home.elt().args(["load", "practices"]).run().ok();
    assert_eq!(home.server(), None);
}
