//! What counts as new data: loads, files that arrive again unchanged, corrected rejects, rollbacks.

use super::{Ground, pass};
use crate::support::Folder;
use std::path::Path;
use std::time::{Duration, SystemTime};

#[test]
fn an_old_file_is_no_new_data_and_one_that_arrived_again_is() {
    let ground = Ground::new();
    ground.expect("expected_every = '1 day'");
    ground.load("load");
    let path = ground.data.path().join("lab1_appointments.csv");
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(9 * 24 * 3600))
        .unwrap();
    ground.pass("2 days");
    assert!(ground.is_late());
    // elt looks at it, and it has not changed since the load.
    ground.load("load appointments");
    assert!(ground.is_late());
    // It was delivered again, with the same bytes.
    file.set_modified(SystemTime::now() - Duration::from_secs(3600))
        .unwrap();
    ground.load("load appointments");
    assert_eq!(ground.state(), (false, false, "as expected".into()));
    assert_eq!(
        ground
            .database
            .number("select count(*) from elt.load where source = 'appointments'"),
        1
    );
    ground.pass("23 hours 30 minutes");
    assert!(ground.is_late(), "its own time counts");
    // A clock that is wrong does not make data from the future.
    file.set_modified(SystemTime::now() + Duration::from_secs(9 * 24 * 3600))
        .unwrap();
    ground.load("load appointments");
    let age = "select extract(epoch from age)::bigint from elt.source_freshness where source = 'appointments'";
    assert!((0..600).contains(&ground.database.number(age)));
}

#[test]
fn files_of_a_pattern_that_arrive_again_count_too() {
    let days = crate::files::Days::new();
    let late = || {
        days.database.number(
            "select is_late::integer::bigint from elt.source_freshness where source = 'bikes'",
        )
    };
    days.database
        .run("update elt.source set expected_every = '1 day'");
    let age = |path: &Path, seconds: u64| {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds))
            .unwrap();
    };
    let data = Folder::new();
    let path = data.write("bikes-1.csv", "bike_id,station\n1,Quay\n");
    age(&path, 9 * 24 * 3600);
    let load = |data: &str| days.elt(&format!("load bikes --data {data}")).run().ok();
    load(&data.path().display().to_string());
    pass(&days.database, "2 days");
    load(&data.path().display().to_string());
    assert_eq!(late(), 1);
    age(&path, 60);
    load(&data.path().display().to_string());
    assert_eq!(late(), 0);
}

#[test]
fn corrected_rejects_are_no_new_data() {
    // Of mode replace, and of mode append.
    for (source, header, rows) in [
        ("stations", "station_id,name", 3),
        ("pings", "bike_id,place", 2),
    ] {
        let (days, data) = (crate::files::Days::new(), Folder::new());
        days.database.run(
            "update elt.source set file = source || '.csv', expected_every = '1 day', expected_rows = '[2,9]'",
        );
        data.write(
            &format!("{source}.csv"),
            format!("{header}\n1,Quay\n3\n4,Mill\n"),
        );
        let load = format!("load {source}");
        days.elt(&load).path("--data", data.path()).run().ok();
        pass(&days.database, "2 days");
        let of_source = format!("from elt.source_freshness where source = '{source}'");
        let state = || {
            days.database
                .text(&format!("select state_in_words {of_source}"))
        };
        assert_eq!(state(), "late by 1 d");
        let corrected = data.write("corrected.csv", format!("{header}\n3,Hill\n"));
        days.elt(&load).path("--replay", &corrected).run().ok();
        assert_eq!(state(), "late by 1 d", "{source}");
        let count = format!("select row_count {of_source}");
        assert_eq!(days.database.number(&count), rows, "{source}");
        let found = "select count(*) from quality.loads_of_unexpected_size";
        assert_eq!(days.database.number(found), 0, "{source}");
    }
}

#[test]
fn a_rollback_makes_the_data_as_old_as_its_load() {
    let ground = Ground::new();
    ground.expect("expected_every = '1 day'");
    ground.load("load");
    ground.pass("2 days");
    ground.load("load appointments --force");
    assert!(!ground.is_late());
    ground.elt("rollback appointments").run().ok();
    assert!(ground.is_late());
}
