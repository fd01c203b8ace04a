//! Secrets come from the environment, a file or a terminal, and are sent only to the API.

use super::server::{Options, Server};
use super::{database, faults, options, staged};
use crate::support::{Database, Elt, Folder, root, wait_until};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const PASSWORD: &str = "marker-password-!%\"{";

fn marked(fault: &str) -> Server {
    Server::start(Options {
        password: PASSWORD.into(),
        faults: if fault.is_empty() {
            Vec::new()
        } else {
            faults(&[fault])
        },
        ..options(30)
    })
    .unwrap()
}

/// A load without a password.
fn load(database: &Database, server: &Server) -> Elt {
    let load = database
        .elt()
        .env("ELT_REST_APPOINTMENTS_URL", server.url());
    load.env("ELT_REST_APPOINTMENTS_USERNAME", "user")
        .args(["load", "rest_appointments"])
}

/// The files below a folder that contain the text.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let search = Command::new("grep")
        .args(["-rlaF", text])
        .arg(folder)
        .output()
        .unwrap();
    String::from_utf8_lossy(&search.stdout)
        .lines()
        .map(str::to_string)
        .collect()
}

#[test]
fn secrets_are_in_no_output_log_or_table() {
    let (database, out) = (database(), Folder::new());
    // The server logs every statement.
    database.run(&format!(
        "alter database {} set log_statement = 'all'",
        database.name()
    ));
    for fault in [
        "",
        "error@2*1",
        "echo@2",
        "forbid@2",
        "expire@2",
        "html@2",
        "elsewhere@2",
    ] {
        let server = marked(fault);
        let load = load(&database, &server).env("ELT_REST_APPOINTMENTS_PASSWORD", PASSWORD);
        let outcome = load.args(["--json"]).run();
        let said = outcome.stdout + &outcome.stderr;
        assert!(!said.contains("marker"), "{fault}: {said}");
    }
    let server = marked("slow@2");
    let running = load(&database, &server)
        .env("ELT_REST_APPOINTMENTS_PASSWORD", PASSWORD)
        .start();
    wait_until("page 2 to be asked for", || server.pages().len() >= 2);
    assert!(!server.tokens().is_empty());
    let processes = Command::new("ps")
        .args(["axww", "-o", "args"])
        .output()
        .unwrap();
    let processes = String::from_utf8_lossy(&processes.stdout).into_owned();
    assert!(processes.contains("load rest_appointments"), "{processes}");
    assert!(!processes.contains("marker"), "{processes}");
    let sessions = "select string_agg(query || application_name, ' ') from pg_stat_activity";
    assert!(!database.text(sessions).contains("marker-"));
    running.kill();
    database
        .elt()
        .args(["export", "rest_appointments"])
        .path("--out", out.path())
        .run()
        .ok();
    let dump = Command::new("pg_dump")
        .args(["-d", &database.url()])
        .output()
        .unwrap();
    assert!(
        dump.status.success(),
        "{}",
        String::from_utf8_lossy(&dump.stderr)
    );
    let dump = String::from_utf8_lossy(&dump.stdout).into_owned();
    assert!(dump.contains("rest_appointments_load_1") && !dump.contains("marker-"));
    assert_eq!(files_with(out.path(), "marker-"), [""; 0]);
    let log = root().join("cluster");
    assert!(
        !files_with(&log, "rest_appointments").is_empty(),
        "its log and data are there"
    );
    assert_eq!(files_with(&log, "marker-"), [""; 0]);
}

#[test]
fn secrets_may_be_in_files() {
    let (database, folder) = (database(), Folder::new());
    let server = marked("");
    let file = folder.write("password", format!("{PASSWORD}\r\n"));
    let load = || load(&database, &server);
    load()
        .env("ELT_REST_APPOINTMENTS_PASSWORD_FILE", &file)
        .run()
        .ok();
    let token = folder.write("token", format!("{}\n", server.tokens()[0]));
    load()
        .env("ELT_REST_APPOINTMENTS_TOKEN_FILE", &token)
        .run()
        .ok();
    load()
        .env("ELT_REST_APPOINTMENTS_TOKEN", &server.tokens()[0])
        .run()
        .ok();
    let sign_ins = server.requests().len() - server.pages().len();
    assert_eq!((sign_ins, server.pages().len()), (1, 9));
    let wrong = load()
        .env("ELT_REST_APPOINTMENTS_TOKEN", "wrong-marker")
        .run()
        .exits_with(1);
    assert!(!wrong.stderr.contains("marker"), "{}", wrong.stderr);
    wrong.says(&["401 Unauthorized: Invalid token.", "token_prefix"]);
    let both = load()
        .env("ELT_REST_APPOINTMENTS_TOKEN", "marker")
        .env("ELT_REST_APPOINTMENTS_PASSWORD", "marker");
    both.run()
        .exits_with(2)
        .says(&["both ELT_REST_APPOINTMENTS_TOKEN and"]);
    let both = load().env("ELT_REST_APPOINTMENTS_PASSWORD_FILE", &file);
    let both = both.env("ELT_REST_APPOINTMENTS_PASSWORD", "marker").run();
    both.exits_with(2)
        .says(&["both ELT_REST_APPOINTMENTS_PASSWORD and"]);
    let missing = load().env(
        "ELT_REST_APPOINTMENTS_PASSWORD_FILE",
        folder.path().join("none"),
    );
    missing
        .run()
        .exits_with(2)
        .says(&["ELT_REST_APPOINTMENTS_PASSWORD_FILE names"]);
}

#[test]
fn asks_on_the_terminal_and_hides_the_password() {
    let database = database();
    let server = marked("");
    let mut terminal = Elt::at_terminal("load rest_appointments")
        .env("DATABASE_URL", database.url())
        .env("ELT_REST_APPOINTMENTS_URL", server.url())
        .command();
    terminal.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut terminal = terminal.spawn().unwrap();
    let (mut keys, mut screen) = (
        terminal.stdin.take().unwrap(),
        terminal.stdout.take().unwrap(),
    );
    let mut shown = Vec::new();
    let mut read_until = |text: &str| {
        let mut byte = [0];
        while !String::from_utf8_lossy(&shown).ends_with(text) {
            let read = screen.read(&mut byte).unwrap();
            assert_eq!(read, 1, "{}", String::from_utf8_lossy(&shown));
            shown.push(byte[0]);
        }
    };
    read_until("user name at ");
    read_until(": ");
    writeln!(keys, "user").unwrap();
    read_until("password: ");
    writeln!(keys, "{PASSWORD}").unwrap();
    read_until("published in ");
    drop(keys);
    assert!(terminal.wait().unwrap().success());
    assert!(!String::from_utf8_lossy(&shown).contains("marker"));
    assert_eq!(staged(&database), 30);
}
