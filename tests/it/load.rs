//! Repeated, changed and concurrent loads.

use crate::support::{Database, Folder, HEADER, Home, wait_until};
use std::fs;

/// Changes of the latest publish: table, inserted, updated, deleted.
fn latest_changes(database: &Database) -> Vec<(String, i64, i64, i64)> {
    database
        .connect()
        .query(
            "select table_name, rows_inserted, rows_updated, rows_deleted from elt.publish_change \
             where publish_id = (select max(publish_id) from elt.publish) order by table_name",
            &[],
        )
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get(2), row.get(3)))
        .collect()
}

#[test]
fn the_same_files_again_are_nothing_to_do() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let again = database.elt().args(["load"]).run().ok();
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
    assert_eq!(database.number("select count(*) from elt.load"), 4);
    assert_eq!(database.number("select count(*) from elt.publish"), 1);
}

#[test]
fn forced_again_they_write_no_row_version() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let versions = "select count(distinct xmin::text) || ' ' || max(xmin::text::bigint) \
                    from (select xmin from core.appointments union all \
                    select xmin from public.epion_offices) as all_rows";
    let before = database.text(versions);
    database.elt().args(["load", "--force"]).run().ok();
    assert_eq!(database.text(versions), before);
    for (table, inserted, updated, deleted) in latest_changes(&database) {
        assert_eq!((inserted, updated, deleted), (0, 0, 0), "{table}");
    }
    assert_eq!(database.number("select count(*) from elt.load"), 8);
}

#[test]
fn only_what_differs_is_written() {
    let (database, data) = (Database::new(), Folder::with_data());
    let file = |rows: &str| data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    let load = || {
        database
            .elt()
            .args(["load", "appointments"])
            .path("--data", data.path())
            .run()
            .ok()
    };
    file("1,1,,,4,,,2023-01-01\n1,2,,,4,,,2023-01-01\n1,3,,,4,,,2023-01-01\n");
    load();
    file("1,1,,,4,,,2023-01-01\n1,2,,,5,,,2023-01-01\n1,4,,,4,,,2023-01-01\n");
    load();
    assert_eq!(
        latest_changes(&database),
        [("core.appointments".into(), 1, 1, 1)]
    );
    // A table without a key, by whole rows, each as often as it stands there.
    let practices = |rows: &str| data.write("practices.json", format!("[{rows}]"));
    let row = |name: &str| format!("{{\"practice_name\": \"{name}\", \"emr_practice_id\": null}}");
    let load = || {
        database
            .elt()
            .args(["load", "practices"])
            .path("--data", data.path())
            .run()
            .ok()
    };
    practices(&[row("a"), row("a"), row("b")].join(","));
    load();
    practices(&[row("c"), row("a"), row("b"), row("b")].join(","));
    load();
    assert_eq!(
        latest_changes(&database),
        [("public.epion_practices".into(), 2, 0, 1)]
    );
    let names = database.text(
        "select string_agg(practice_name, '' order by practice_name) from public.epion_practices",
    );
    assert_eq!(names, "abbc");
}

#[test]
fn old_loads_leave_staging_and_stay_on_record() {
    let database = Database::new();
    for _ in 0..5 {
        database
            .elt()
            .args(["load", "practices", "--force"])
            .run()
            .ok();
    }
    let partitions =
        "select count(*) from pg_inherits where inhparent = 'staging.practices'::regclass";
    assert_eq!(database.number(partitions), 3, "elt.source.keep_loads");
    assert_eq!(database.number("select count(*) from elt.load"), 5);
    assert_eq!(
        database.number("select count(*) from elt.load where staging_dropped_at is null"),
        3
    );
}

#[test]
fn a_missing_file_is_named_and_nothing_is_loaded() {
    let (database, data) = (Database::new(), Folder::with_data());
    fs::remove_file(data.path().join("offices.json")).unwrap();
    let outcome = database.load(&data);
    outcome.exits_with(1).says(&[
        "offices.json\" of source \"offices\" does not exist",
        "hint:",
    ]);
    assert_eq!(database.number("select count(*) from elt.load"), 0);
}

#[test]
fn a_missing_column_is_named_and_nothing_changes() {
    let (database, data) = (Database::new(), Folder::with_data());
    database.elt().args(["load"]).run().ok();
    data.write("lab1_appointments.csv", "emr_practice_id,date\n1,2\n");
    let outcome = database.load(&data);
    outcome.exits_with(1).says(&[
        "lab1_appointments.csv",
        "\"emr_appointment_id\"",
        "\"appointment_date\"",
        "Found: emr_practice_id, date",
    ]);
    assert_eq!(
        database.number("select count(*) from elt.load where state = 'failed'"),
        1
    );
    assert_eq!(
        database.number("select count(*) from core.appointments"),
        2805
    );
    let orphans = "select count(*) from pg_class where relnamespace = 'staging'::regnamespace \
                   and relname ~ '_load_' and relispartition";
    assert_eq!(database.number(orphans), 4);
}

#[test]
fn columns_in_another_order_and_more_of_them_are_matched_by_name() {
    let (database, data) = (Database::new(), Folder::with_data());
    data.write(
        "lab1_appointments.csv",
        "Appointment_Date,note,emr_practice_id,emr_appointment_id,emr_provider_id,\
         emr_department_id,appointment_status,encounter_state,encounter_status\n\
         2023-01-02,\"call, later\",1,7,,,4,,\n",
    );
    database
        .elt()
        .args(["load", "appointments"])
        .path("--data", data.path())
        .run()
        .ok();
    assert_eq!(
        database.text("select appointment_date::text from core.appointments"),
        "2023-01-02"
    );
    assert_eq!(
        database.text("select _extra::text from staging.appointments"),
        "{\"note\": \"call, later\"}"
    );
    assert_eq!(
        database.number("select count(*) from quality.appointments_with_unknown_columns"),
        1
    );
}

#[test]
fn of_two_loads_of_a_source_the_second_says_who_holds_it() {
    let database = Database::new();
    let held = database.hold("core.appointments in share mode");
    let first = database.elt().args(["load"]).start();
    wait_until("the first load to publish", || {
        database.has_waiting_session()
    });
    let second = database.elt().args(["load", "appointments"]).run();
    second.exits_with(1).says(&[
        "could not lock source \"appointments\"",
        "elt load (process ",
        "--wait",
    ]);
    let patient = database
        .elt()
        .args(["load", "appointments", "--wait"])
        .start();
    wait_until("the patient load to wait", || {
        database.number("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            > 0
    });
    held.release();
    first.finish().ok();
    let patient = patient.finish().ok();
    assert!(patient.stdout.contains("unchanged"), "{}", patient.stdout);
    assert_eq!(database.number("select count(*) from elt.publish"), 1);
}

#[test]
fn loads_of_different_sources_at_once_both_succeed() {
    let database = Database::new();
    let one = database
        .elt()
        .args(["load", "appointments", "office_settings"])
        .start();
    let other = database
        .elt()
        .args(["load", "practices", "offices"])
        .start();
    one.finish().ok();
    other.finish().ok();
    assert_eq!(database.number("select count(*) from elt.live_load"), 4);
    assert_eq!(
        database.number("select count(*) from elt.load where state = 'published'"),
        4
    );
}

#[test]
fn a_row_knows_the_file_and_the_line_that_it_came_from() {
    let database = Database::new();
    database.elt().args(["load"]).run().ok();
    let origin = database
        .text("select elt.origin(_load_id, _row) from core.appointments order by _row limit 1");
    assert!(
        origin.ends_with("data/lab1_appointments.csv, line 3"),
        "{origin}"
    );
}

#[test]
fn a_source_that_became_empty_is_said() {
    let (database, data) = (Database::new(), Folder::with_data());
    database.elt().args(["load"]).run().ok();
    data.write("practices.json", "[]");
    let load = database.elt().args(["load", "practices"]);
    let outcome = load.path("--data", data.path()).run().ok();
    outcome.says(&["source \"practices\" now has no row; before, it had 6"]);
    assert_eq!(
        database.number("select count(*) from public.epion_practices"),
        0
    );
}

const LARGE_ROWS: i64 = 150_000;

/// The status of each row is the line that it begins on, a few rows go on over a line end or are none,
/// and one date is no day.
fn large_file() -> String {
    let mut file = String::from(HEADER);
    let mut line = 2;
    for row in 0..LARGE_ROWS {
        let date = if row == 77_777 {
            "2023-02-30"
        } else {
            "2023-02-28"
        };
        match row % 10_000 {
            17 => {
                file += &format!("1,{row},1,1,{line},\"a\n,b\",,{date}\n");
                line += 2;
            }
            18 => {
                file += &format!("1,{row},1\n");
                line += 1;
            }
            _ => {
                file += &format!("1,{row},1,1,{line},,,{date}\n");
                line += 1;
            }
        }
    }
    assert!(file.len() > 4 * 1024 * 1024, "it is large");
    file
}

const STAGED_AT_ITS_LINE: &str =
    "select count(*) from staging.appointments where appointment_status = _row::text";
const PART_TABLES: &str = "select count(*) from pg_class where relnamespace = 'staging'::regnamespace \
                           and relname ~ '_part_[0-9]+$'";

#[test]
fn where_all_is_logged_the_connections_fill_one_table() {
    let (home, data) = (Home::started(), Folder::new());
    let database = Database::in_home(&home);
    database.run("alter system set wal_level = replica");
    home.elt().args(["db", "stop"]).run().ok();
    data.write("lab1_appointments.csv", large_file());
    home.elt()
        .args(["load", "appointments"])
        .path("--data", data.path())
        .run()
        .ok();
    home.elt().args(["db", "start"]).run().ok();
    assert_eq!(database.text("show wal_level"), "replica");
    assert!(database.number("select lane_count from elt.load") >= 2);
    assert_eq!(database.number(PART_TABLES), 0);
    assert_eq!(database.number(STAGED_AT_ITS_LINE), LARGE_ROWS - 15);
    assert_eq!(
        database.number("select count(*) from core.appointments"),
        LARGE_ROWS - 15
    );
    home.elt().args(["db", "stop"]).run().ok();
}

#[test]
fn a_large_file_goes_over_several_connections_and_every_row_is_where_it_belongs() {
    let (database, data) = (Database::new(), Folder::new());
    data.write("lab1_appointments.csv", large_file());
    let load = || {
        database
            .elt()
            .args(["load", "appointments", "--force"])
            .path("--data", data.path())
            .run()
            .ok()
    };
    load();
    assert_eq!(database.number(STAGED_AT_ITS_LINE), LARGE_ROWS - 15);
    assert_eq!(database.number("select count(*) from elt.reject"), 15);
    let parts = "select lane_count from elt.load";
    assert!(database.number(parts) >= 2);
    assert_eq!(database.number(PART_TABLES), database.number(parts));
    let known =
        "select string_agg(column_name, ',' order by column_name) from elt.load_column where ";
    assert_eq!(
        database.text(&format!("{known} is_integer and not has_null")),
        "appointment_status,emr_appointment_id,emr_department_id,emr_practice_id,emr_provider_id"
    );
    assert_eq!(
        database.text(&format!(
            "select coalesce(({known} is_date and not has_null), 'none')"
        )),
        "none",
        "30 February is no day"
    );
    assert_eq!(
        database.number("select count(*) from core.appointments where appointment_date is null"),
        1
    );
    // Its tables go as one with those of other loads.
    for _ in 0..3 {
        load();
    }
    let parts = "select sum(lane_count)::bigint from elt.load where staging_dropped_at is null";
    assert_eq!(database.number(PART_TABLES), database.number(parts));
}
