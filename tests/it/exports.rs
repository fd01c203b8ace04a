//! Exports that are stopped between two rows, and exported rows that `elt run` shows.

use crate::support::{Database, Elt, Folder, Home, Outcome, ProjectCopy, Running, wait_until};
use std::io::Read;
use std::process::Stdio;

/// Rows of 4 MB, and then a row that waits for a lock.
const LONG_EXPORT: &str = "-- grain:    one row per number\n\
     -- reads:    public.epion_practices\n\
     select numbers.number, repeat('x', 1000) as filler from generate_series(1, 4000) as numbers (number)\n\
     union all\n\
     select 0 as number, pg_advisory_xact_lock(4)::text as filler\n";
const EXPORT_WAITS: &str = "select exists (select 1 from pg_stat_activity where datname = current_database() \
     and application_name like 'elt export%' and wait_event_type = 'Lock')";
const SESSIONS: &str = "select count(*) from pg_stat_activity where datname = current_database() \
     and application_name like 'elt %'";

/// A loaded project with the long export.
fn project_on(database: &Database) -> ProjectCopy {
    let project = ProjectCopy::new();
    project.write("sql/export/long.sql", LONG_EXPORT);
    let load = database.elt_with(project.path(), &["load", "practices", "--migrate"]);
    load.run().ok();
    project
}

fn long_export(database: &Database, project: &ProjectCopy, out: &str) -> Elt {
    database.elt_with(project.path(), &["export", "long", "--out", out])
}

/// Stops an export after the server has sent rows. No file may be left.
#[track_caller]
fn stopped(database: &Database, stop: impl FnOnce(&Running)) -> Outcome {
    let (project, out) = (project_on(database), Folder::new());
    let held = database.hold_by("select pg_advisory_xact_lock(4)");
    let run = long_export(database, &project, out.path().to_str().unwrap()).start();
    database.wait_for("the export to wait", EXPORT_WAITS);
    stop(&run);
    let outcome = run.finish();
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    drop(held);
    outcome
}

#[test]
fn an_interrupt_between_two_rows_leaves_no_file() {
    let database = Database::new();
    let outcome = stopped(&database, Running::interrupt).exits_with(130);
    outcome.says(&["interrupted; no file was changed in"]);
    wait_until("the session to end", || database.number(SESSIONS) == 0);
}

#[test]
fn a_session_that_ends_between_two_rows_leaves_no_file() {
    let database = Database::new();
    let outcome = stopped(&database, |_| {
        database.run(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where datname = current_database() and application_name like 'elt export%'",
        );
    });
    outcome.exits_with(5).says(&[
        "could not run export \"long\"",
        "terminating connection due to administrator command",
        "Run the same command again",
    ]);
}

#[test]
fn a_server_that_is_killed_between_two_rows_leaves_no_file() {
    let home = Home::started();
    let outcome = stopped(&Database::in_home(&home), |_| home.kill_server());
    outcome.exits_with(5).says(&[
        "could not run export \"long\"",
        "Run the same command again",
    ]);
}

#[test]
fn an_output_that_is_closed_between_two_rows_ends_the_query() {
    let database = Database::new();
    let project = project_on(&database);
    let held = database.hold_by("select pg_advisory_xact_lock(4)");
    let mut command = long_export(&database, &project, "-").command();
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 20]).unwrap();
    drop(stdout);
    // The query would wait for the lock, which is held.
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    wait_until("the session to end", || database.number(SESSIONS) == 0);
    held.release();
}

#[test]
fn a_run_shows_the_rows_that_it_exported() {
    let project = ProjectCopy::of("tests/projects/library");
    project.replace(
        "sql/export/loans_by_book.sql",
        "    loans_by_book.title,",
        "    upper(loans_by_book.title) as title,",
    );
    for format in ["csv", "ndjson"] {
        let (database, out) = (Database::empty(), Folder::new());
        let run = database.elt_with(project.path(), &["run", "--migrate", "--format", format]);
        let outcome = run.path("--out", out.path()).run().ok();
        let table = "\nHow often each book was borrowed.\n\
                     title                    shelf  loan count\n\
                     ICE                                      0\n\
                     SAND, AND OTHER MATTERS  A1              2\n\
                     TIDES                    A2              1\n";
        assert!(outcome.stdout.contains(table), "{}", outcome.stdout);
    }
}
