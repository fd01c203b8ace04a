//! Held loads wait, are published once, and leave nothing if they are discarded.

use super::{Lab, STATES, shows};
use crate::support::{Folder, HEADER, wait_until};

const LIVE: &str = "select count(*) from public.valid_appointments";

#[test]
fn a_held_load_is_live_when_it_is_published() {
    let lab = Lab::loaded();
    let before = lab.database.number(LIVE);
    let report = lab.load("--hold --json").run().ok().json();
    for source in report["load"]["sources"].as_array().unwrap() {
        assert_eq!(source["outcome"], "held");
    }
    assert_eq!(lab.database.number(LIVE), before);
    assert_eq!(
        lab.database.text("select load_ids::text from elt.preview"),
        "{5,6,7,8}"
    );
    let kept = "select report from elt.preview";
    let kept: serde_json::Value = lab.database.connect().query_one(kept, &[]).unwrap().get(0);
    assert_eq!(kept, report["load"]["preview"]);
    // The same files are not loaded again.
    shows(
        &lab.load("--hold").run().ok(),
        &["held until they are published or discarded"],
    );
    shows(
        &lab.elt("publish 5 6 7 8").ok(),
        &["loads 5, 6, 7, 8 are live (publish"],
    );
    assert!(lab.database.number(LIVE) > before);
    assert_eq!(lab.database.number("select count(*) from elt.preview"), 0);
    lab.elt("publish 5")
        .exits_with(2)
        .says(&["load 5 of source \"appointments\" is not held: it is live"]);
    lab.elt("discard 5").exits_with(2).says(&["it is live"]);
    lab.elt("publish 99")
        .exits_with(2)
        .says(&["there is no load 99"]);
    let audit = "select string_agg(action || ': ' || about, ', ' order by audit_id) from elt.audit";
    assert_eq!(lab.database.text(audit), "load.publish: load 5, 6, 7, 8");
    shows(
        &lab.load("--hold").run().ok(),
        &["these files are already live"],
    );
}

#[test]
fn a_source_may_hold_each_of_its_loads() {
    let lab = Lab::loaded();
    lab.database
        .run("update elt.source set hold = true where source = 'appointments'");
    let report = lab.load("--json").run().ok().json();
    let outcome = |source: &str| {
        let sources = report["load"]["sources"].as_array().unwrap();
        sources
            .iter()
            .find(|each| each["source"] == source)
            .unwrap()["outcome"]
            .clone()
    };
    assert_eq!(outcome("appointments"), "held");
    assert_eq!(outcome("offices"), "published");
    assert_eq!(
        report["load"]["preview"]["load_ids"],
        serde_json::json!([5])
    );
    // `elt run` exports what is live.
    let out = Folder::new();
    let run = lab
        .database
        .elt()
        .args(["run"])
        .path("--data", lab.data.path());
    run.path("--out", out.path()).run().ok();
    assert_eq!(out.read("valid_appts.csv").lines().count(), 2);
    lab.elt("publish 5").ok();
    shows(&lab.load("").run().ok(), &["nothing to do"]);
}

#[test]
fn a_discarded_load_leaves_its_record_and_its_rejects() {
    let lab = Lab::loaded();
    lab.load("appointments --hold").run().ok();
    let rejects = "select count(*) from elt.reject where load_id = 5";
    assert_eq!(lab.database.number(rejects), 6);
    shows(
        &lab.elt("discard 5").ok(),
        &["load 5 was discarded; its record and its rejects are kept"],
    );
    assert!(lab.database.text(STATES).ends_with("5 discarded"));
    assert_eq!(lab.database.number(rejects), 6);
    let left = "select (select count(*) from elt.preview) + (select count(*) from elt.load \
                where load_id = 5 and staging_dropped_at is null)";
    assert_eq!(lab.database.number(left), 0);
    lab.elt("publish 5")
        .exits_with(2)
        .says(&["it is discarded"]);
    shows(
        &lab.elt("loads --state discarded --json").ok(),
        &["\"load_id\": 5"],
    );
}

#[test]
fn an_older_load_replaces_newer_rows_only_by_force() {
    let lab = Lab::loaded();
    lab.load("appointments --hold").run().ok();
    let newer = Folder::with_other_data();
    newer.write(
        "lab1_appointments.csv",
        format!("{HEADER}2,2,,4,4,,,2023-02-01\n"),
    );
    lab.database.load(&newer).ok();
    lab.elt("publish 5").exits_with(2).says(&[
        "load 5 of source \"appointments\" is older than load 6, which is live",
        "elt discard 5",
        "--force",
    ]);
    assert_eq!(
        lab.database
            .number("select count(*) from core.appointments"),
        1
    );
    lab.elt("publish 5 --force").ok();
    assert!(
        lab.database
            .number("select count(*) from core.appointments")
            > 1
    );
}

#[test]
fn held_loads_count_as_kept_and_are_never_dropped() {
    let lab = Lab::loaded();
    lab.database.run("update elt.source set keep_loads = 2");
    for day in 2..6 {
        let row = format!("{HEADER}1,{day},,4,4,,,2023-02-0{day}\n");
        lab.data.write("lab1_appointments.csv", row);
        let hold = if day == 3 { "--hold" } else { "" };
        lab.load(&format!("appointments {hold}")).run().ok();
    }
    let staged = "select string_agg(load_id || ' ' || state, ', ' order by load_id) from elt.load \
                  where source = 'appointments' and staging_dropped_at is null";
    assert_eq!(
        lab.database.text(staged),
        "6 held, 7 published, 8 published"
    );
    lab.elt("gc").ok();
    assert_eq!(
        lab.database.text(staged),
        "6 held, 7 published, 8 published"
    );
    // The held load takes the place of a published one.
    lab.load("appointments --hold --force").run().ok();
    lab.elt("gc").ok();
    assert_eq!(lab.database.text(staged), "6 held, 8 published, 9 held");
}

#[test]
fn purging_a_held_load_removes_its_preview() {
    let lab = Lab::loaded();
    lab.load("appointments --hold").run().ok();
    lab.elt("purge load 5 --yes").ok();
    assert_eq!(lab.database.number("select count(*) from elt.preview"), 0);
    lab.elt("publish 5").exits_with(2).says(&["it is purged"]);
    lab.load("appointments --hold").run().ok();
    let id = lab
        .database
        .text("select min(emr_appointment_id)::text from staging.appointments");
    lab.elt(&format!("purge key emr_appointment_id={id} --yes"))
        .ok();
    assert_eq!(lab.database.number("select count(*) from elt.preview"), 0);
}

#[test]
fn rules_refuse_a_held_load_when_it_is_published() {
    let lab = Lab::loaded();
    lab.load("appointments --hold").run().ok();
    // It would remove rows now, because the limit was set after the load was checked.
    lab.database
        .run("update elt.source set max_shrink = 0.01 where source = 'appointments'");
    let rows: Vec<String> = (0..9000)
        .map(|row| format!("7,{row},,4,4,,,2023-02-01\n"))
        .collect();
    let many = Folder::with_other_data();
    many.write("lab1_appointments.csv", HEADER.to_string() + &rows.concat());
    let elt = lab.database.elt().args(["load", "--allow-shrink"]);
    elt.path("--data", many.path()).run().ok();
    lab.elt("publish 5 --force")
        .exits_with(3)
        .says(&["refused by \"loads_that_shrink\""]);
    assert!(lab.database.text(STATES).contains("5 held"));
    assert_eq!(
        lab.database
            .number("select count(*) from core.appointments"),
        9000
    );
}

#[test]
fn one_of_two_people_publishes_a_held_load() {
    let lab = Lab::loaded();
    lab.load("appointments --hold").run().ok();
    for (other, says) in [
        ("publish 5 --wait", "it is live"),
        ("discard 5 --wait", "it is live"),
    ] {
        if other.starts_with("discard") {
            lab.load("appointments --hold --force").run().ok();
        }
        let load = lab
            .database
            .text("select load_id::text from elt.load where state = 'held'");
        let other = other.replace('5', &load);
        let held = lab
            .database
            .hold_by("select pg_advisory_xact_lock(6646900, 2)");
        let first = lab.database.elt().args(["publish", &load]).start();
        wait_until("the first to wait", || lab.database.has_waiting_session());
        let waiting = "select count(*) from pg_stat_activity where datname = current_database() \
                       and application_name like 'elt %' and wait_event_type = 'Lock'";
        // Without --wait, the second one fails at once.
        lab.elt(&format!("publish {load}")).exits_with(1);
        let second = lab.database.elt().args(other.split_whitespace()).start();
        wait_until("the second to wait", || lab.database.number(waiting) == 2);
        held.release();
        first.finish().ok();
        second.finish().exits_with(2).says(&[says]);
    }
    let published = "select count(*) from elt.audit where action = 'load.publish'";
    assert_eq!(lab.database.number(published), 2);
    assert_eq!(
        lab.database
            .number("select count(*) from elt.audit where action = 'load.discard'"),
        0
    );
}
