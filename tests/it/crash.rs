//! `kill -9` in the middle of a load: the old state stays, and the same command completes.

use crate::support::{Database, Folder, HEADER, wait_until};

const PARTITIONS: &str =
    "select count(*) from pg_class where relnamespace = 'staging'::regnamespace and relispartition";

fn live(database: &Database) -> String {
    database.text("select coalesce(string_agg(source || load_id, ',' order by source), '') from elt.live_load")
}

/// Waits until the server has noticed that its client is gone.
fn wait_until_gone(database: &Database) {
    wait_until("the sessions to end", || {
        database.number(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'elt %'",
        ) == 0
    });
}

#[test]
fn killed_while_it_publishes_it_changes_nothing() {
    let (database, out) = (Database::new(), Folder::new());
    database.elt().args(["load", "practices"]).run().ok();
    let before = live(&database);
    // Core is changed by then, and this is the last table of the publish.
    let held = database.hold("public.epion_practices in share mode");
    let run = database.elt().args(["load", "--force"]).start();
    wait_until("it to publish", || database.has_waiting_session());
    run.kill();
    held.release();
    wait_until_gone(&database);
    assert_eq!(live(&database), before);
    assert_eq!(database.number("select count(*) from core.appointments"), 0);
    assert_eq!(
        database.number("select count(*) from elt.load where state = 'staged'"),
        4
    );

    let again = database
        .elt()
        .args(["run"])
        .path("--out", out.path())
        .run()
        .ok();
    assert!(again.stderr.contains("cleared away"), "{}", again.stderr);
    assert_eq!(
        database.number("select count(*) from elt.load where state = 'interrupted'"),
        4
    );
    assert_eq!(
        database.number(PARTITIONS),
        4,
        "no partition of a dead load is left"
    );
    let expected = std::fs::read_to_string("tests/expected/valid_appts.csv").unwrap();
    assert_eq!(out.read("valid_appts.csv"), expected);
}

#[test]
fn killed_while_it_copies_it_leaves_nothing() {
    let (database, data) = (Database::new(), Folder::new());
    // Rejects of more than a megabyte are written while the COPY is open.
    let bad = format!("x{}\n", "y".repeat(2_000_000));
    data.write(
        "lab1_appointments.csv",
        format!("{HEADER}1,1,,,4,,,2023-01-01\n{bad}"),
    );
    let held = database.hold("elt.reject");
    let run = database
        .elt()
        .args(["load", "appointments"])
        .path("--data", data.path())
        .start();
    wait_until("the rejects to wait", || database.has_waiting_session());
    run.kill();
    held.release();
    wait_until_gone(&database);
    assert_eq!(live(&database), "");
    database.elt().args(["load"]).run().ok();
    assert_eq!(database.number(PARTITIONS), 4);
    assert_eq!(
        database.number("select count(*) from core.appointments"),
        2805
    );
}

#[test]
fn interrupted_it_says_so_and_leaves_the_old_state() {
    let database = Database::new();
    let held = database.hold("core.appointments in share mode");
    let run = database.elt().args(["load"]).start();
    wait_until("it to publish", || database.has_waiting_session());
    let pid = nix::unistd::Pid::from_raw(i32::try_from(run.id()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    run.finish().exits_with(130).says(&["interrupted"]);
    held.release();
    assert_eq!(live(&database), "");
    assert_eq!(database.number(PARTITIONS), 0);
    assert_eq!(
        database.number(
            "select count(*) from elt.load where state = 'failed' and error = 'interrupted'"
        ),
        4
    );
}

#[test]
fn a_session_that_the_server_ends_is_an_error_and_the_next_run_completes() {
    let database = Database::new();
    let held = database.hold("core.appointments in share mode");
    let run = database.elt().args(["load"]).start();
    wait_until("it to publish", || database.has_waiting_session());
    database.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() \
         and application_name like 'elt load (%' and wait_event_type = 'Lock'",
    );
    run.finish()
        .exits_with(5)
        .says(&["connection", "Run the same command again"]);
    held.release();
    assert_eq!(live(&database), "");
    database.elt().args(["load"]).run().ok();
    assert_eq!(database.number(PARTITIONS), 4);
}
