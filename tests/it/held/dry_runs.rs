//! A dry run shows what a load would change, and changes nothing.

use super::{Lab, STATES, relation, shows};
use crate::support::{Database, Folder, HEADER, Watch, state};
use serde_json::json;

#[test]
fn a_dry_run_changes_nothing_and_readers_go_on() {
    let lab = Lab::loaded();
    let before = state(&lab.database);
    let watch = Watch::of(&lab.database, &[&before]);
    watch.look();
    let report = lab.load("--dry-run --json").run().ok().json();
    watch.end_at(&before);
    assert_eq!(
        lab.database.text(STATES),
        "1 published, 2 published, 3 published, 4 published, 5 dry run, 6 dry run, 7 dry run, 8 dry run"
    );
    let left = "select (select count(*) from elt.reject) + (select count(*) from elt.preview) \
                + (select count(*) from elt.load_column where load_id > 4) \
                + (select count(*) from elt.publish where publish_id > 1) \
                + (select count(*) from elt.load where load_id > 4 and staging_dropped_at is null)";
    assert_eq!(lab.database.number(left), 0);

    // The load then does what the dry run reported.
    let utilization = relation(&report, "public.epion_utilization");
    assert_eq!(utilization["compared_by"], json!(["month"]));
    assert_eq!(utilization["rows_before"], 1);
    let loaded = lab.load("--json").run().ok().json();
    let core = relation(&report, "core.appointments");
    let changes = loaded["load"]["published"]["changes"].as_array().unwrap();
    let change = changes
        .iter()
        .find(|change| change["table"] == "core.appointments");
    let change = change.unwrap();
    assert_eq!(core["rows_added"], change["rows_inserted"]);
    assert_eq!(core["rows_removed"], change["rows_deleted"]);
    assert_eq!(core["rows_changed"], change["rows_updated"]);
    let rows = "select count(*) from public.valid_appointments";
    let valid = relation(&report, "public.valid_appointments");
    assert_eq!(valid["rows_after"], lab.database.number(rows));
    let months = "select count(*) from public.epion_utilization";
    assert_eq!(utilization["rows_after"], lab.database.number(months));
}

#[test]
fn both_values_are_shown_with_file_and_line() {
    let lab = Lab::loaded();
    let row = |day| format!("{HEADER}3,77,,4,4,,,2023-01-0{day}\n");
    lab.data.write("lab1_appointments.csv", row(1));
    lab.load("appointments").run().ok();
    lab.data.write(
        "lab1_appointments.csv",
        format!("{HEADER}\n{}", &row(2)[HEADER.len()..]),
    );
    let outcome = lab.load("appointments --dry-run").run().ok();
    let texts = [
        "77",
        "appointment_date",
        "2023-01-01",
        "2023-01-02",
        "line 2",
        "line 3",
        "first rows changed in core.appointments",
        "dry run: nothing was changed; the load would end with exit code 0",
    ];
    shows(&outcome, &texts);
}

#[test]
fn core_only_leaves_out_the_results() {
    let lab = Lab::loaded();
    let report = lab.load("--dry-run --core-only --json").run().ok().json();
    let relations = report["load"]["preview"]["relations"].as_array().unwrap();
    assert!(relations.iter().all(|relation| relation["layer"] == "core"));
    assert_eq!(relations.len(), 5, "{report:#}");
    let outcome = lab.load("--dry-run --core-only").run().ok();
    shows(&outcome, &["the results were not compared (--core-only)"]);
}

#[test]
fn a_prepared_load_is_compared_too() {
    let lab = Lab::loaded();
    let name = lab.database.name();
    let first = Database::new();
    first.elt().args(["migrate"]).run().ok();
    for database in [&lab.database, &first] {
        let name = database.name();
        database.run(&format!(
            "alter database {name} set elt.rows_to_prepare = 1"
        ));
    }
    assert!(!name.is_empty());
    // Rows that are attached, and rows that differ.
    for (database, is_first) in [(&first, true), (&lab.database, false)] {
        let before = state(database);
        let dry_run = |args: &[&str]| {
            let elt = database.elt().args(["load", "--json"]).args(args);
            elt.path("--data", lab.data.path()).run().ok().json()
        };
        let report = dry_run(&["--dry-run"]);
        assert_eq!(state(database), before);
        assert_eq!(database.number("select count(*) from elt.prepared_part"), 0);
        let loaded = dry_run(&[]);
        let changes = loaded["load"]["published"]["changes"].as_array().unwrap();
        let change = changes
            .iter()
            .find(|change| change["table"] == "core.appointments");
        let core = relation(&report, "core.appointments");
        assert_eq!(core["rows_added"], change.unwrap()["rows_inserted"]);
        assert_eq!(core["rows_removed"], change.unwrap()["rows_deleted"]);
        assert_eq!(core["rows_removed"] == 0, is_first);
        assert_eq!(core["added"].as_array().unwrap().len(), 5);
    }
}

#[test]
fn a_failing_dry_run_fails_as_the_load_would() {
    let lab = Lab::loaded();
    lab.data
        .write("lab1_appointments.csv", "not,the,columns\n1,2,3\n");
    let failed = lab.load("appointments --dry-run").run();
    let loaded = lab.load("appointments").run();
    assert_eq!(failed.code, loaded.code);
    assert_ne!(failed.code, Some(0));
    assert_eq!(failed.stderr, loaded.stderr.replace("load 6", "load 5"));
}

#[test]
fn what_is_live_needs_no_dry_run() {
    let lab = Lab::loaded();
    lab.load("").run().ok();
    let outcome = lab.load("--dry-run").run().ok();
    shows(&outcome, &["nothing to do: these files are already live"]);
    lab.load("--dry-run --watch").run().exits_with(2);
}

#[test]
fn rules_are_compared_with_the_latest_publish() {
    let lab = Lab::loaded();
    let mut rows = String::from(HEADER);
    rows += "1,1,,4,4,,,2023-02-01\n1,1,,4,4,,,2023-02-01\n";
    let data = Folder::with_other_data();
    data.write("lab1_appointments.csv", rows);
    let elt = lab
        .database
        .elt()
        .args(["load", "appointments", "--dry-run", "--json"]);
    let report = elt.path("--data", data.path()).run().ok().json();
    let rules = report["load"]["preview"]["rules"].as_array().unwrap();
    let repeated = rules
        .iter()
        .find(|rule| rule["rule"] == "appointments_repeated")
        .unwrap();
    assert_eq!(
        (&repeated["rows_before"], &repeated["rows_after"]),
        (&json!(0), &json!(1))
    );
    assert!(
        rules
            .iter()
            .all(|rule| rule["rows_before"] != rule["rows_after"]),
        "{rules:#?}"
    );
}
