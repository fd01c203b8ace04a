//! `elt load --watch`.

use super::Days;
use crate::support::wait_until;

#[test]
fn files_are_loaded_as_they_arrive() {
    let days = Days::new();
    days.write("pings-1.csv", &["1,Quay"]);
    let mut watching = days.loading("pings stations --watch").start();
    let count = |table: &str| {
        days.database
            .number(&format!("select count(*) from core.{table}"))
    };
    wait_until("the first file", || count("pings") == 1);
    // A whole file is renamed into place.
    let part = days.write("pings-2.part", &["2,Mill"]);
    std::fs::rename(&part, days.data.path().join("pings-2.csv")).unwrap();
    days.write("stations-1.csv", &["1,Quay"]);
    wait_until("the second file", || {
        count("pings") == 2 && count("stations") == 1
    });
    assert!(!watching.has_ended());
    watching.interrupt();
    let outcome = watching.finish().ok();
    let outcome = outcome.says(&["stopped watching"]);
    assert!(outcome.stdout.contains("pings-2.csv"), "{}", outcome.stdout);
}

#[test]
fn what_is_published_when_the_watch_ends_is_reported() {
    let days = Days::new();
    days.write("pings-1.csv", &["1,Quay"]);
    // Keeps the statistics from being updated after the publish.
    let _held = days
        .database
        .hold("core.pings in share update exclusive mode");
    let watching = days.loading("pings --watch").start();
    wait_until("the watch to wait", || days.database.has_waiting_session());
    watching.interrupt();
    let outcome = watching.finish().ok();
    let outcome = outcome.says(&["stopped watching"]);
    assert!(
        outcome.stdout.contains("published in"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_file_that_is_still_written_is_not_loaded() {
    let days = Days::new();
    // Long enough that the file is not complete before it is renamed.
    days.database
        .run("update elt.source set settle_seconds = 3600");
    days.write("pings-1.csv", &["1,Quay"]);
    let old = days.write("pings-2.csv", &["2,Mill"]);
    let file = std::fs::File::options().append(true).open(&old).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_790_000_000))
        .unwrap();
    let watching = days.loading("pings --watch").start();
    wait_until("the older file", || {
        days.database.number("select count(*) from core.pings") == 1
    });
    watching.interrupt();
    watching.finish().ok();
    assert_eq!(days.core("pings"), "2 Mill pings-2.csv");
}

#[test]
fn a_bad_file_ends_the_watch_unless_told_to_go_on() {
    let days = Days::new();
    days.data.write("pings-1.csv", "<html></html>");
    days.loading("pings --watch")
        .run()
        .exits_with(1)
        .says(&["pings-1.csv\" was not loaded"]);
    let watching = days.loading("pings --watch --keep-going").start();
    wait_until("the bad file", || {
        days.database
            .number("select count(*) from elt.load where state = 'failed'")
            == 2
    });
    days.write("pings-2.csv", &["2,Mill"]);
    wait_until("the good file", || {
        days.database.number("select count(*) from core.pings") == 1
    });
    // The bad file is read again when it has changed, and not before.
    assert_eq!(days.database.number("select count(*) from elt.load"), 3);
    days.write("pings-1.csv", &["1,Quay"]);
    wait_until("the corrected file", || {
        days.database.number("select count(*) from core.pings") == 2
    });
    watching.interrupt();
    watching.finish().ok();
}

#[test]
fn only_files_of_a_folder_can_be_watched() {
    let days = Days::new();
    days.elt("load pings --watch --data -")
        .run()
        .exits_with(2)
        .says(&["--watch needs a folder"]);
}
