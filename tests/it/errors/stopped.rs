//! Commands stopped in the middle: by the server, by the user, by the reader of the output.

use super::{Row, row};
use crate::support::{Database, Elt, Folder, Home, ProjectCopy, Running, wait_until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::{Client, NoTls};
use std::process::Stdio;

/// Stops a load that waits before it publishes, and compares what it prints with the row: once as text, once as
/// JSON.
#[track_caller]
fn stops(row: &Row<'_>, stop: impl Fn(&Database, &Running)) {
    let problems = ["", "1"].map(|json| {
        let database = Database::new();
        let held = database.hold("core.appointments in share mode");
        let run = database.elt().args(["load"]).env("ELT_JSON", json).start();
        wait_until("it to publish", || database.has_waiting_session());
        stop(&database, &run);
        let outcome = run.finish();
        held.release();
        match json {
            "" => row.problems_of(outcome),
            _ => row.problems_of_json(outcome),
        }
    });
    assert_eq!(problems, [None, None]);
}

#[test]
fn a_session_that_the_server_ends_is_a_lost_connection() {
    let says = [
        "could not work with database",
        "",
        "connection",
        "Run the same command again",
    ];
    let row = row(5, says, Elt::bare);
    stops(&row, |database, _| {
        database.run(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() \
             and application_name like 'elt load (%' and wait_event_type = 'Lock'",
        );
    });
}

#[test]
fn a_stopped_server_is_a_lost_connection() {
    let home = Home::started();
    let mut holder = Client::connect(&home.url(), NoTls).unwrap();
    holder
        .batch_execute("begin; lock table public.epion_practices in share mode")
        .unwrap();
    let load = Elt::on(&home.url()).args(["load", "practices"]);
    let run = load.start();
    let mut watcher = Client::connect(&home.url(), NoTls).unwrap();
    wait_until("it to publish", || {
        let sql = "select count(*) from pg_stat_activity where application_name like 'elt %' and wait_event_type = 'Lock'";
        watcher.query_one(sql, &[]).unwrap().get::<_, i64>(0) > 0
    });
    let server = Pid::from_raw(home.server().unwrap());
    kill(server, Signal::SIGINT).unwrap();
    let says = [
        "could not work with database",
        "",
        "connection",
        "Run the same command again",
    ];
    let problem = row(5, says, Elt::bare).problems_of(run.finish());
    assert_eq!(problem, None);
}

#[test]
fn an_interrupt_reports_what_was_committed() {
    let row = row(
        130,
        ["interrupted; the loads were not published", "", "", ""],
        Elt::bare,
    );
    stops(&row, |_, run| run.interrupt());
}

#[test]
fn rules_that_found_rows_leave_one_document() {
    let (database, project, out) = (Database::new(), ProjectCopy::new(), Folder::new());
    project.write(
        "sql/quality/names_missing.sql",
        "-- level: error\ncreate or replace view quality.names_missing as\n\
         select epion_practice_id from public.epion_practices where practice_name is null;\n\n\
         comment on view quality.names_missing is 'Without a name.';\n",
    );
    project.write(
        "data/practices.json",
        "[{\"practice_name\": \"first\", \"epion_practice_id\": 1}]",
    );
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    elt(&["load", "--migrate"]).run().ok();
    let breaks = "the live data violates \"names_missing\"";
    let refused = "the publish was refused by \"names_missing\"";
    project.write("data/practices.json", "[{\"epion_practice_id\": 1}]");
    super::check(&[
        row(
            3,
            [refused, "", "Nothing was changed", "elt db psql"],
            || elt(&["load"]),
        ),
        row(
            3,
            [refused, "", "Nothing was changed", "elt db psql"],
            || elt(&["run"]).path("--out", out.path()),
        ),
    ]);
    project.write(
        "data/practices.json",
        "[{\"practice_name\": \"first\", \"epion_practice_id\": 1}]",
    );
    database.run("update public.epion_practices set practice_name = null");
    super::check(&[row(3, [breaks, "", "", "elt check names_missing"], || {
        elt(&["run"]).path("--out", out.path())
    })]);
    // The findings are the result; the failure comes next to them.
    let outcome = elt(&["check", "--json"]).run();
    let findings = outcome.json()["rules"].as_array().unwrap().len();
    assert!(findings > 1);
    let problem =
        row(3, [breaks, "", "", "elt check names_missing"], Elt::bare).problems_of_json(outcome);
    assert_eq!(problem, None);
}

#[test]
fn an_output_that_is_closed_early_is_no_failure() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    for line in [
        "migrate --status",
        "migrate --dry-run",
        "status --json",
        "export valid_appts --out -",
        "rejects appointments --out -",
        "run --quiet --json",
        "load nonsense --json",
    ] {
        let out = Folder::new();
        let elt = database.elt().args(line.split(' '));
        let elt = elt.env(
            "ELT_OUT",
            match line.contains("--out") {
                true => "",
                false => out.path().to_str().unwrap(),
            },
        );
        let mut child = elt
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        // A closed output does not change the exit code of a failure.
        let fails = line.contains("nonsense");
        assert_eq!(
            output.status.code(),
            Some(if fails { 2 } else { 0 }),
            "{line}: {said}"
        );
        let mut others = said.lines().filter(|line| !line.starts_with("warning: "));
        assert_eq!(others.next().is_none(), !fails, "{line}: {said}");
    }
}
