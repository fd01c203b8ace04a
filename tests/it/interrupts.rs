//! Ctrl-C during any command: the message states what was committed, correctly. The steps of a load are in `crash`.

use crate::support::{Database, Folder, Outcome, ProjectCopy, Running, wait_until};
use std::fs::File;

/// Interrupts a command that waits for a lock of the test.
fn interrupted(database: &Database, run: Running) -> Outcome {
    wait_until("it to wait", || database.has_waiting_session());
    run.interrupt();
    run.finish().exits_with(130)
}

#[test]
fn after_the_publish_it_says_that_the_loads_are_live_and_the_files_are_not_written() {
    let (database, out) = (Database::new(), Folder::new());
    // Another export has locked the folder.
    let folder = File::open(out.path()).unwrap();
    folder.lock().unwrap();
    let run = database
        .elt()
        .args(["run"])
        .path("--out", out.path())
        .start();
    wait_until("the loads to be live", || {
        database.number("select count(*) from elt.live_load") == 4
    });
    wait_until("it to wait for the folder", || {
        database
            .number("select count(*) from pg_stat_activity where application_name like 'elt load%'")
            == 0
    });
    run.interrupt();
    let outcome = run.finish().exits_with(130);
    outcome.says(&["interrupted; the loads are live (publish 1); no file was changed in"]);
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn among_migrations_it_says_how_many_are_applied() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let header = "set local lock_timeout = '60s';\nset local statement_timeout = '60s';\n";
    project.add_migration(
        0,
        "add_one",
        &format!("{header}create table public.one (id bigint);"),
    );
    project.add_migration(
        1,
        "lock_two",
        &format!("{header}lock table core.appointments;"),
    );
    let held = database.hold("core.appointments in share mode");
    let run = database.elt_with(project.path(), &["migrate"]).start();
    let outcome = interrupted(&database, run);
    outcome.says(&[
        "1 of 2 pending migrations are applied; nothing else was changed",
        &format!(
            "To continue, run elt --project {} migrate.",
            project.path().display()
        ),
    ]);
    held.release();
    assert_eq!(database.number("select count(*) from public.one"), 0);
    database.elt_with(project.path(), &["migrate"]).run().ok();
}

#[test]
fn while_it_only_looks_nothing_is_changed() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    for (args, table) in [
        (vec!["check"], "core.appointments"),
        (vec!["rejects"], "elt.reject"),
        (vec!["gc", "--dry-run"], "elt.load"),
        (vec!["purge", "load", "1"], "elt.live_load"),
    ] {
        let held = database.hold(table);
        let run = database.elt().args(&args).start();
        let outcome = interrupted(&database, run);
        held.release();
        let said = outcome.stderr.trim().to_string();
        assert!(
            [
                "elt: interrupted; nothing was changed",
                "elt: interrupted; nothing was deleted"
            ]
            .contains(&said.as_str()),
            "{args:?}: {said}"
        );
    }
}

#[test]
fn a_second_one_leaves_at_once() {
    let database = Database::new();
    let held = database.hold("core.appointments in share mode");
    let run = database.elt().args(["load"]).start();
    wait_until("it to publish", || database.has_waiting_session());
    // After the first Ctrl-C it records why the load failed, and waits for the lock.
    let record = database.hold("elt.load in share row exclusive mode");
    run.interrupt();
    wait_until("the first to be heard", || {
        database.number(
            "select count(*) from pg_stat_activity where datname = current_database() \
             and application_name like 'elt load (failure)%' and wait_event_type = 'Lock'",
        ) == 1
    });
    run.interrupt();
    let outcome = run.finish().exits_with(130);
    outcome.says(&["elt: stopped at once; the server rolls back uncommitted changes"]);
    drop(record);
    held.release();
    // The next command cleans up.
    database.elt().args(["load"]).run().ok();
}
