//! Full disks: of exported files, and of the server's data.

use super::{check, row};
use crate::support::{Database, Folder, HEADER, Home, SmallDisk, state, wait_until};
use std::path::PathBuf;

#[test]
fn a_full_disk_of_exports_is_reported_and_leaves_no_partial_file() {
    let (database, folder) = (Database::new(), Folder::new());
    let Some(disk) = SmallDisk::at(&folder.path().join("small"), "16k") else {
        return;
    };
    database.elt().args(["load"]).run().ok();
    let full = [
        "could not write file",
        "small/",
        "No space left on device",
        "Free some space",
    ];
    check(&[
        row(1, full, || {
            database.elt().args(["export"]).path("--out", disk.path())
        }),
        row(1, full, || {
            database.elt().args(["run"]).path("--out", disk.path())
        }),
        row(1, full, || {
            std::fs::write(disk.path().join("fill"), [0; 8192]).unwrap();
            database.elt().args(["export"]).path("--out", disk.path())
        }),
    ]);
    std::fs::remove_file(disk.path().join("fill")).unwrap();
    assert_eq!(std::fs::read_dir(disk.path()).unwrap().count(), 0);
}

#[test]
fn a_full_disk_of_the_server_is_reported_and_changes_nothing() {
    let (home, data) = (Home::new(), Folder::new());
    let Some(disk) = SmallDisk::at(&home.path().join("disk"), "200m") else {
        return;
    };
    let server = Home::initialised_at(disk.path().join("elt"));
    let elt = |args: &[&str]| server.elt().args(args);
    elt(&["load", "offices"]).run().ok();
    let rows = "1,1,,,4,,,2023-01-01\n".repeat(4_000_000);
    data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    check(&[row(
        1,
        [
            "could not load file",
            "Connected to database",
            "SQLSTATE 53100",
            "elt gc",
        ],
        || elt(&["load", "appointments"]).path("--data", data.path()),
    )]);
    // With space again, the data is unchanged.
    elt(&["status"]).run().ok();
    elt(&["load", "offices", "--force"]).run().ok();
    elt(&["db", "stop"]).run().ok();
}

/// Writes a file that takes all free space.
fn fill_up(disk: &SmallDisk) -> PathBuf {
    let fill = disk.path().join("fill");
    let mut file = std::fs::File::create(&fill).unwrap();
    let full = std::io::copy(&mut std::io::repeat(0), &mut file);
    assert_eq!(full.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
    fill
}

#[test]
fn a_full_disk_that_prevents_connections_is_reported() {
    let home = Home::new();
    let Some(disk) = SmallDisk::at(&home.path().join("disk"), "200m") else {
        return;
    };
    let server = Home::initialised_at(disk.path().join("elt"));
    server.elt().args(["load", "offices"]).run().ok();
    server.elt().args(["db", "start"]).run().ok();
    let database = Database::in_home(&server);
    let folder = database.text("select 'base/' || oid from pg_database where datname = 'epiondw'");
    // Each session reads this file first, and creates it if it is missing.
    std::fs::remove_file(server.data().join(folder).join("pg_internal.init")).unwrap();
    let fill = fill_up(&disk);
    check(&[row(
        5,
        [
            "could not connect to database \"epiondw\"",
            "",
            "could not write init file",
            "Free space on the server's disk",
        ],
        || server.elt().args(["status"]),
    )]);
    std::fs::remove_file(fill).unwrap();
    server.elt().args(["status"]).run().ok();
}

#[test]
fn a_disk_that_fills_up_during_a_publish_is_reported_and_changes_nothing() {
    let (home, other) = (Home::new(), Folder::with_other_data());
    let Some(disk) = SmallDisk::at(&home.path().join("disk"), "200m") else {
        return;
    };
    let server = Home::initialised_at(disk.path().join("elt"));
    server.elt().args(["db", "start"]).run().ok();
    let load = server.elt().args(["load"]);
    load.path("--data", other.path()).run().ok();
    let database = Database::in_home(&server);
    let before = state(&database);

    // The loads are staged, and the publish is about to begin.
    let held = database.hold_by("select pg_advisory_xact_lock(6646900, 2)");
    let run = server.elt().args(["load"]).start();
    wait_until("it to wait", || database.has_waiting_session());
    let fill = fill_up(&disk);
    held.release();
    run.finish()
        .exits_with(1)
        .says(&["SQLSTATE 53100", "hint: ", "elt gc"]);
    assert_eq!(state(&database), before);

    std::fs::remove_file(fill).unwrap();
    server.elt().args(["load"]).run().ok();
    assert_eq!(
        database.number("select count(*) from core.appointments"),
        2805
    );
    let failed = "select count(*) from elt.load where state in ('copying', 'staged')";
    assert_eq!(database.number(failed), 0);
}
