//! The load history: list, rollback, gc and purge.

use crate::support::{Database, Folder, HEADER, Home, postgres_program, run_to_end, wait_until};
use std::fs;

/// Loads a file of appointments with these statuses, one appointment each. Returns the load's number.
fn load(database: &Database, data: &Folder, statuses: &[&str]) -> i64 {
    let rows = statuses.iter().enumerate();
    let rows: String = rows
        .map(|(index, status)| format!("1,{},,,{status},,,2023-01-05\n", index + 1))
        .collect();
    data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    let elt = database.elt().args(["load", "appointments", "--json"]);
    let outcome = elt.path("--data", data.path()).run().ok();
    outcome.json()["load"]["sources"][0]["load_id"]
        .as_i64()
        .unwrap()
}

fn statuses(database: &Database) -> String {
    let sql = "select coalesce(string_agg(appointment_status, ',' order by emr_appointment_id), '') \
               from core.appointments";
    database.text(sql)
}

fn partitions(database: &Database) -> i64 {
    let sql = "select count(*) from pg_inherits where inhparent = 'staging.appointments'::regclass";
    database.number(sql)
}

#[test]
fn a_rollback_makes_the_previous_load_live_and_the_file_can_be_loaded_again() {
    let (database, data) = (Database::new(), Folder::new());
    let first = load(&database, &data, &["1", "2"]);
    let second = load(&database, &data, &["1", "3", "4"]);
    let outcome = database
        .elt()
        .args(["rollback", "appointments", "--json"])
        .run()
        .ok();
    let document = outcome.json();
    assert_eq!(
        (&document["load_id"], &document["load_id_before"]),
        (&first.into(), &second.into())
    );
    assert_eq!(statuses(&database), "1,2");
    // The newer file is not live now.
    let elt = database.elt().args(["load", "appointments"]);
    elt.path("--data", data.path()).run().ok();
    assert_eq!(statuses(&database), "1,3,4");
    let back = database
        .elt()
        .args(["rollback", "appointments", "--to", &first.to_string()]);
    back.run().ok();
    assert_eq!(statuses(&database), "1,2");
    assert_eq!(
        database.text("select string_agg(cause, ',' order by publish_id) from elt.publish"),
        "load,load,rollback,load,rollback"
    );
}

#[test]
fn a_rolled_back_load_does_not_become_live_by_itself() {
    let (database, data) = (Database::new(), Folder::new());
    let rollback = |args: &[&str]| {
        let elt = database.elt().args(["rollback", "appointments"]);
        elt.args(args).run()
    };
    load(&database, &data, &["good"]);
    let bad = load(&database, &data, &["bad"]).to_string();
    rollback(&[]).ok();
    load(&database, &data, &["next"]);
    rollback(&[]).ok();
    assert_eq!(statuses(&database), "good");
    rollback(&["--to", &bad]).ok();
    assert_eq!(statuses(&database), "bad");
}

#[test]
fn a_rollback_to_a_missing_load_is_refused() {
    let (database, data) = (Database::new(), Folder::new());
    let rollback = |args: &[&str]| {
        database
            .elt()
            .args(["rollback", "appointments"])
            .args(args)
            .run()
    };
    rollback(&[])
        .exits_with(1)
        .says(&["was never loaded", "hint: To load it, run"]);
    let first = load(&database, &data, &["1"]).to_string();
    rollback(&[])
        .exits_with(1)
        .says(&["no earlier load to roll back to", "keep_loads"]);
    rollback(&["--to", &first])
        .exits_with(2)
        .says(&["is already live"]);
    rollback(&["--to", "77"])
        .exits_with(2)
        .says(&["there is no load 77", "elt loads"]);
    database.run("update elt.source set keep_loads = 1 where source = 'appointments'");
    load(&database, &data, &["2"]);
    rollback(&["--to", &first])
        .exits_with(1)
        .says(&["no longer in staging"]);
    let outcome = database
        .elt()
        .args(["rollback", "apointments"])
        .run()
        .exits_with(2);
    outcome.says(&["Did you mean \"appointments\"?"]);
}

#[test]
fn old_loads_are_listed_and_then_dropped() {
    let (database, data) = (Database::new(), Folder::new());
    for status in ["1", "2", "3"] {
        load(&database, &data, &[status]);
    }
    assert_eq!(partitions(&database), 3);
    database.run("update elt.source set keep_loads = 1 where source = 'appointments'");
    let gc = |args: &[&str]| {
        database
            .elt()
            .args(["gc", "--json"])
            .args(args)
            .run()
            .ok()
            .json()
    };
    let planned = gc(&["--dry-run"]);
    assert_eq!(planned["loads"].as_array().unwrap().len(), 2);
    assert!(planned["bytes"].as_i64().unwrap() > 0);
    assert_eq!(partitions(&database), 3);
    assert_eq!(gc(&[])["loads"], planned["loads"]);
    assert_eq!(partitions(&database), 1);
    assert_eq!(gc(&[])["loads"].as_array().unwrap().len(), 0);
    assert_eq!(statuses(&database), "3");
}

#[test]
fn a_partition_in_use_is_dropped_later() {
    let (database, data) = (Database::new(), Folder::new());
    load(&database, &data, &["1"]);
    load(&database, &data, &["2"]);
    database.run("update elt.source set keep_loads = 1 where source = 'appointments'");
    let held = database.hold("staging.appointments in access share mode");
    let outcome = database.elt().args(["gc"]).run().ok();
    outcome.says(&["is not dropped yet: another session is reading its rows"]);
    assert_eq!(partitions(&database), 2);
    held.release();
    database.elt().args(["gc"]).run().ok();
    assert_eq!(partitions(&database), 1);
}

#[test]
fn status_and_loads_show_space_and_failed_loads() {
    let (database, data) = (Database::new(), Folder::new());
    load(&database, &data, &["1"]);
    let live = load(&database, &data, &["2"]);
    data.write("lab1_appointments.csv", "nonsense\n");
    let elt = database.elt().args(["load", "appointments"]);
    elt.path("--data", data.path()).run().exits_with(1);
    let status = database.elt().args(["status", "--json"]).run().ok().json();
    let source = &status["sources"][0];
    assert_eq!(source["load_id"], live);
    let loads = source["loads"].as_array().unwrap();
    let states: Vec<&str> = loads
        .iter()
        .map(|load| load["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["failed", "published", "published"]);
    let bytes = |load: &serde_json::Value| load["staging_bytes"].as_i64().unwrap();
    let sum: i64 = loads.iter().map(bytes).sum();
    assert_eq!(source["staging_bytes"], sum);
    assert!(bytes(&loads[1]) > 0 && bytes(&loads[0]) == 0);
    let text = database.elt().args(["status"]).run().ok().stdout;
    assert!(text.contains("elt rollback appointments --to"), "{text}");
    let failed = loads[0]["load_id"].to_string();
    let one = database.elt().args(["loads", &failed]).run().ok().stdout;
    assert!(one.contains("the header lacks columns"), "{one}");
    let listed = database
        .elt()
        .args(["loads", "appointments"])
        .run()
        .ok()
        .stdout;
    assert!(
        listed.contains("live") && listed.contains(&format!("load {failed} of appointments")),
        "{listed}"
    );
    let document = database
        .elt()
        .args(["loads", "--json", "--limit", "2"])
        .run()
        .ok()
        .json();
    assert_eq!(document["loads"].as_array().unwrap().len(), 2);
}

#[test]
fn a_refused_load_stays_in_staging_and_the_hint_shows_how_to_see_it() {
    let (database, data) = (Database::new(), Folder::new());
    load(&database, &data, &["1"]);
    // A rule of level error that the live data violates during this test.
    database.run(
        "create or replace view quality.appointment_keys_twice as select emr_practice_id, \
         emr_appointment_id, 2::bigint as times from core.appointments where appointment_status = 'odd'",
    );
    data.write(
        "lab1_appointments.csv",
        format!("{HEADER}1,1,,,odd,,,2023-01-05\n"),
    );
    let elt = database.elt().args(["load", "appointments"]);
    let outcome = elt.path("--data", data.path()).run().exits_with(3);
    let statement = outcome
        .stderr
        .split("elt db psql and then: ")
        .nth(1)
        .unwrap();
    let statement = statement.split(';').next().unwrap();
    assert!(statement.starts_with("select * from staging.appointments where _load_id = "));
    let shown = database.text(&format!(
        "select appointment_status from ({statement}) as refused"
    ));
    assert_eq!(shown, "odd");
    let statement = outcome
        .stderr
        .split("violations: ")
        .nth(1)
        .unwrap()
        .split(';')
        .next()
        .unwrap();
    database.run(statement);
    assert_eq!(statuses(&database), "1");
    let status = database.elt().args(["status"]).run().ok().stdout;
    assert!(status.contains("refused"), "{status}");
}

#[test]
fn a_purge_shows_the_rows_first_and_then_removes_a_load() {
    let (database, data) = (Database::new(), Folder::new());
    let first = load(&database, &data, &["1"]).to_string();
    let second = load(&database, &data, &["2", "3"]).to_string();
    let purge = |args: &[&str]| database.elt().args(["purge", "load"]).args(args).run();
    let said = purge(&[&first])
        .exits_with(2)
        .says(&["nothing was deleted yet", "--yes"]);
    assert!(
        said.stdout.contains("staging.appointments, load"),
        "{}",
        said.stdout
    );
    let dry = purge(&[&first, "--dry-run", "--yes"]).ok();
    assert_eq!(dry.stdout, said.stdout);
    assert_eq!(partitions(&database), 2);
    purge(&[&first, "--yes"]).ok();
    assert_eq!(partitions(&database), 1);
    let state = format!("select state from elt.load where load_id = {first}");
    assert_eq!(database.text(&state), "purged");
    database
        .elt()
        .args(["rollback", "appointments", "--to", &first])
        .run()
        .exits_with(1);
    assert_eq!(statuses(&database), "2,3");
    // After the live load is purged, its source counts as never loaded.
    purge(&[&second, "--yes"]).ok();
    assert_eq!(statuses(&database), "");
    assert_eq!(
        database.number("select count(*) from staging.appointments"),
        0
    );
    assert_eq!(database.number("select count(*) from elt.live_load"), 0);
    purge(&["77", "--yes"])
        .exits_with(2)
        .says(&["there is no load 77"]);
    // It can be loaded again.
    load(&database, &data, &["2", "3"]);
    assert_eq!(statuses(&database), "2,3");
}

#[test]
fn purging_a_key_leaves_no_trace_of_it_in_the_database() {
    let (database, data) = (Database::new(), Folder::with_data());
    let rows = "1,424242,,,4,,,\n1,7,,,4,,,2023-01-05\n1,424242,,,4,,,secret-day\n1,424242,short\n1,42424,short\n";
    for more in ["", "1,8,,,4,,,2023-01-05\n"] {
        data.write("lab1_appointments.csv", format!("{HEADER}{rows}{more}"));
        let load = ["load", "appointments", "--max-rejects", "2"];
        let elt = database.elt().args(load);
        elt.path("--data", data.path()).run().ok();
    }
    let purge = |args: &[&str]| database.elt().args(["purge", "key"]).args(args).run();
    purge(&["emr_appointment_id=424242"]).exits_with(2);
    assert_eq!(
        database.number("select count(*) from staging.appointments"),
        7
    );
    let outcome = purge(&[
        "emr_practice_id=1",
        "emr_appointment_id=0424242",
        "--yes",
        "--json",
    ])
    .ok();
    assert_eq!(outcome.json()["is_removed"], true);
    assert_eq!(
        database.number("select count(*) from staging.appointments"),
        3
    );
    assert_eq!(database.number("select count(*) from core.appointments"), 2);
    // The rejected record is found only by the value as it is written in the file.
    purge(&["emr_appointment_id=424242", "--yes"]).ok();
    let left = "select string_agg(convert_from(raw, 'UTF8'), ' ') from elt.reject";
    assert_eq!(database.text(left), "1,42424,short 1,42424,short");
    let anywhere = "select count(*) from (select sample::text as text from elt.rule_result union all \
                    select error from elt.load union all select staged::text from staging.appointments as staged \
                    union all select kept::text from core.appointments as kept) as kept where text ~ '424242'";
    assert_eq!(database.number(anywhere), 0);
    // The counts still match, and reloading the same file is still a no-op.
    database.elt().args(["check"]).run().ok();
    let elt = database.elt().args(["load", "appointments"]);
    let again = elt.path("--data", data.path()).run().ok();
    assert!(again.stdout.contains("unchanged"), "{}", again.stdout);
    purge(&["no_such_column=1"])
        .exits_with(2)
        .says(&["no staged row has \"no_such_column\""]);
}

#[test]
fn a_killed_purge_removed_all_or_nothing() {
    let (database, data) = (Database::new(), Folder::new());
    load(&database, &data, &["1", "2"]);
    let held = database.hold("core.appointments in share mode");
    let purge = database
        .elt()
        .args(["purge", "key", "emr_appointment_id=1", "--yes"])
        .start();
    wait_until("the purge to publish", || database.has_waiting_session());
    purge.kill();
    held.release();
    wait_until("its session to end", || !database.has_waiting_session());
    assert_eq!(
        database.number("select count(*) from staging.appointments"),
        2
    );
    assert_eq!(statuses(&database), "1,2");
}

#[test]
fn replayed_rows_are_purged_too() {
    let (database, data) = (Database::new(), Folder::new());
    data.write(
        "lab1_appointments.csv",
        format!("{HEADER}1,1,,,4,,,\n1,2\n"),
    );
    let elt = database.elt().args(["load", "appointments"]);
    elt.path("--data", data.path()).run().ok();
    let corrected = data.path().join("corrected.csv");
    database
        .elt()
        .args(["rejects", "appointments"])
        .path("--out", &corrected)
        .run()
        .ok();
    let text = fs::read_to_string(&corrected)
        .unwrap()
        .replace("1,2\n", "1,2,,,5,,,\n");
    fs::write(&corrected, text).unwrap();
    database
        .elt()
        .args(["load", "appointments"])
        .path("--replay", &corrected)
        .run()
        .ok();
    assert_eq!(statuses(&database), "4,5");
    let purge = |load: &str| database.elt().args(["purge", "load", load, "--yes"]).run();
    purge("1").exits_with(2).says(&[
        "load 2 replays load 1 and contains its rows",
        "Purge load 2 first",
    ]);
    purge("2").ok();
    assert_eq!(
        database.number("select count(*) from elt.reject where replaced_by_load_id is null"),
        1
    );
    purge("1").ok();
}

/// The files of the database, on the server's disk, that contain the text.
fn files_with(database: &Database, text: &str) -> Vec<String> {
    database.run("checkpoint");
    let folder = database.text(
        "select current_setting('data_directory') || '/base/' || oid::text from pg_database \
         where datname = current_database()",
    );
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let holds = |path: &std::path::PathBuf| {
        let bytes = fs::read(path).unwrap_or_default();
        memchr::memmem::find(&bytes, text.as_bytes()).is_some()
    };
    let relation = |path: std::path::PathBuf| {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let number = file
            .split(['.', '_'])
            .next()
            .unwrap_or_default()
            .to_string();
        let sql = format!(
            "select coalesce((select oid::regclass::text from pg_class \
             where pg_relation_filenode(oid) = {number}), 'no relation')"
        );
        format!("{file}: {}", database.text(&sql))
    };
    files.filter(holds).map(relation).collect()
}

#[test]
fn purged_values_are_in_no_dump_statistics_or_file_of_the_database() {
    // Rows stay in files while any session of the server could see them, so other tests must not run there.
    let home = Home::started();
    let (database, data) = (Database::in_home(&home), Folder::new());
    let mut rows = String::new();
    for appointment in 1..200 {
        // Frequent enough to be in the statistics.
        let (id, status) = if appointment % 4 == 0 {
            (77_140_077, "zqmarker")
        } else {
            (appointment, "3")
        };
        rows += &format!("1,{id},,4,{status},,,2023-01-05\n");
    }
    data.write(
        "lab1_appointments.csv",
        format!("{HEADER}{rows}1,77140077,zqmarker\n"),
    );
    let elt = database.elt().args(["load", "appointments"]);
    elt.path("--data", data.path()).run().ok();
    database.run(
        "insert into elt.load (source, location, elt_version, state, error) values \
         ('appointments', '/x', '0', 'failed', 'could not read 1,77140077,zqmarker'); \
         insert into elt.job (kind, queue, args, state, error, max_attempts, attempt_count, finished_at, time_limit) \
         select kind, 'default', '{\"note\": \"77140077 zqmarker\"}', 'cancelled', 'not 77140077 zqmarker', 1, 0, now(), '1 minute' \
         from elt.job_kind where kind = 'pipeline'; \
         insert into elt.change (table_name, row_key, operation, new_values) values \
         ('x', '{\"emr_appointment_id\": 77140077}', 'insert', '{\"v\": \"zqmarker\"}'); \
         analyze",
    );
    let statistics = "select count(*) from pg_stats where most_common_vals::text like '%zqmarker%'";
    assert!(database.number(statistics) > 0 && !files_with(&database, "zqmarker").is_empty());
    let purge = [
        "purge",
        "key",
        "emr_appointment_id=77140077",
        "--yes",
        "--json",
    ];
    // A transaction in another database delays the removal from the files.
    let elsewhere = database.hold_elsewhere();
    let purge = database.elt().args(purge).start();
    database.wait_for(
        "the purge to wait for the other transaction",
        "select exists (select 1 from pg_stat_activity where query like '%pg_snapshot_xmin%' \
         and pid <> pg_backend_pid())",
    );
    elsewhere.release();
    let document = purge.finish().ok().json();
    let removed = document["removed"].to_string();
    for place in [
        "staging.appointments, load",
        "elt.reject, load",
        "elt.load, errors",
        "elt.job, errors",
        "elt.job, arguments",
        "elt.change",
        "core.appointments",
    ] {
        assert!(removed.contains(place), "{place}: {removed}");
    }
    let remains = document["remains"].as_array().unwrap();
    assert_eq!(remains.len(), 2, "{remains:?}");
    assert_eq!(database.number(statistics), 0);
    let dump = run_to_end(postgres_program("pg_dump").arg(database.url()));
    assert!(dump.contains("core.appointments") && !dump.contains("zqmarker"));
    assert_eq!(files_with(&database, "zqmarker"), Vec::<String>::new());
}

#[test]
fn a_purge_names_tables_in_use_that_still_hold_the_rows() {
    let (database, data) = (Database::new(), Folder::new());
    load(&database, &data, &["1", "2"]);
    let mut reader = database.connect();
    let mut reading = reader.transaction().unwrap();
    reading
        .query("select * from core.appointments", &[])
        .unwrap();
    let purge = ["purge", "key", "emr_appointment_id=1", "--yes"];
    let outcome = database.elt().args(purge).run().ok();
    assert!(
        outcome
            .stdout
            .contains("free space of core.appointments, until it is rewritten"),
        "{}",
        outcome.stdout
    );
    reading.rollback().unwrap();
}

#[test]
fn an_error_about_a_header_names_no_value_of_the_file_in_the_database() {
    let (database, data) = (Database::new(), Folder::new());
    data.write("lab1_appointments.csv", "1,77140077,zqmarker\n1,2,3\n");
    let elt = database.elt().args(["load", "appointments"]);
    let said = elt.path("--data", data.path()).run().exits_with(1);
    said.says(&[
        "the header lacks",
        "The header on line 1 has 3 columns",
        "Found: 1, 77140077, zqmarker",
    ]);
    let kept = database.text("select error from elt.load order by load_id desc limit 1");
    assert!(
        kept.contains("The header on line 1 has 3 columns") || kept.contains("the header lacks"),
        "{kept}"
    );
    assert!(!kept.contains("zqmarker"), "{kept}");
}

/// Loads a file with a reject, the corrected reject, a file without a header, and a third file. Then purges a key.
fn replayed_failed_and_purged() -> (Database, Folder) {
    let (database, data) = (Database::new(), Folder::new());
    let load = |args: &[&str]| {
        let elt = database.elt().args(["load", "appointments"]).args(args);
        elt.path("--data", data.path()).run()
    };
    data.write(
        "lab1_appointments.csv",
        format!("{HEADER}1,1,,,4,,,\n1,2\n"),
    );
    load(&[]).ok();
    let fixed = data.path().join("fixed.csv");
    let rejects = database.elt().args(["rejects", "appointments"]);
    rejects.path("--out", &fixed).run().ok();
    let text = fs::read_to_string(&fixed).unwrap();
    fs::write(&fixed, text.replace("1,2\n", "1,2,,,5,,,\n")).unwrap();
    let replay = database.elt().args(["load", "appointments"]);
    replay.path("--replay", &fixed).run().ok();
    data.write("lab1_appointments.csv", "no header\n");
    load(&[]).exits_with(1);
    data.write("lab1_appointments.csv", format!("{HEADER}1,1,,,6,,,\n"));
    load(&["--allow-shrink"]).ok();
    let purge = database.elt().args(["purge", "key", "emr_practice_id=1"]);
    purge.args(["emr_appointment_id=2", "--yes"]).run().ok();
    (database, data)
}

#[test]
fn loads_are_listed_with_their_files_replays_and_purges() {
    let (database, data) = replayed_failed_and_purged();
    let list = |args: &[&str]| database.elt().args(["loads"]).args(args).run();
    let document = list(&["--json"]).ok().json();
    let loads = document["loads"].as_array().unwrap();
    let column = |name: &str| -> Vec<String> {
        let values = loads.iter().map(|load| &load[name]);
        values
            .map(|value| value.as_str().map_or(value.to_string(), String::from))
            .collect()
    };
    assert_eq!(column("load_id"), ["4", "3", "2", "1"]);
    assert_eq!(
        column("state_in_words"),
        ["live", "failed", "published", "published"]
    );
    assert_eq!(column("file"), ["lab1_appointments.csv"; 4]);
    assert_eq!(
        column("note"),
        [
            "",
            "",
            "replays load 1 with fixed.csv; 1 row purged",
            "1 reject purged"
        ]
    );
    let fixed = data.path().join("fixed.csv").display().to_string();
    assert_eq!(loads[2]["replay_location"], fixed);
    assert_eq!(document["next_before"], serde_json::Value::Null);
    let text = list(&[]).ok().stdout;
    for part in [
        "lab1_appointments.csv",
        "replays load 1 with fixed.csv; 1 row purged",
        "1 reject purged",
        "load 3 of appointments: ",
    ] {
        assert!(text.contains(part), "lacks {part}:\n{text}");
    }
    database.elt().args(["rollback", "appointments"]).run().ok();
    database
        .elt()
        .args(["purge", "load", "1", "--yes"])
        .run()
        .exits_with(2);
    let states =
        "select string_agg(state_in_words, ',' order by load_id desc) from elt.load_status";
    assert_eq!(database.text(states), "rolled back,failed,live,published");
}

#[test]
fn lists_of_loads_are_filtered_and_go_on_before_a_load() {
    let (database, _data) = replayed_failed_and_purged();
    database
        .run("update elt.load set started_at = ('2026-11-2' || load_id || ' 23:30Z')::timestamptz");
    let list = |args: &[&str]| database.elt().args(["loads"]).args(args).run();
    let numbers = |args: &[&str]| -> Vec<i64> {
        let document = list(&[args, &["--json"]].concat()).ok().json();
        let loads = document["loads"].as_array().unwrap().clone();
        loads
            .iter()
            .map(|load| load["load_id"].as_i64().unwrap())
            .collect()
    };
    for (args, found) in [
        (&["appointments"][..], &[4, 3, 2, 1][..]),
        (&["offices"], &[]),
        (&["--state", "failed"], &[3]),
        (&["--state", "live"], &[4]),
        (&["--state", "rolled-back"], &[]),
        (&["--state", ""], &[4, 3, 2, 1]),
        (&["--file", "FIXED.csv"], &[2]),
        (&["--file", "100%_"], &[]),
        (&["--since", "2026-11-23"], &[4, 3]),
        (
            &["--since", "2026-11-23T23:30Z", "--until", "2026-11-23"],
            &[3],
        ),
        (&["--until", "2026-11-22 23:30"], &[1]),
        (&["--until", "2026-11-23 00:30+01:00"], &[1]),
        (&["--since", "yesterday", "--until", "2026-11-22"], &[]),
        (&["--before", "3"], &[2, 1]),
        (&["--before", "3", "--limit", "1", "--file", "lab1"], &[2]),
    ] {
        assert_eq!(numbers(args), found, "{args:?}");
    }
    let page = list(&["appointments", "--file", "lab 1", "--limit", "2"]).ok();
    assert_eq!(page.stdout, "no loads match\n");
    let page = list(&["appointments", "--file", "lab1_", "--limit", "2"]).ok();
    let next = "for earlier loads: elt loads appointments --file lab1_ --limit 2 --before 3";
    assert!(page.stdout.contains(next), "{}", page.stdout);
    let last = list(&["--limit", "2", "--before", "3"]).ok().stdout;
    assert!(!last.contains("for earlier loads"), "{last}");
    list(&["--state", "great"])
        .exits_with(2)
        .says(&["expected one of: live, held, published, rolled-back"]);
    for time in ["soon", "2026-02-30", "2026-11-30 25:00", "11/30/2026"] {
        list(&["--since", time]).exits_with(2).says(&[
            &format!("--since \"{time}\" is neither a day nor a time"),
            "in UTC",
        ]);
    }
    list(&["3", "--state", "failed"])
        .exits_with(2)
        .says(&["but 3 is one load"]);
}

#[test]
fn one_load_is_shown_with_all_facts_and_what_its_publish_changed() {
    let (database, data) = replayed_failed_and_purged();
    let show = |load: &str, args: &[&str]| {
        let elt = database.elt().args(["loads", load]).args(args);
        elt.run().ok()
    };
    let facts = |load: &str| -> serde_json::Map<String, serde_json::Value> {
        let document = show(load, &["--json"]).json();
        let facts = document["facts"].as_array().unwrap().clone();
        facts
            .iter()
            .map(|fact| {
                (
                    fact["fact"].as_str().unwrap().to_string(),
                    fact["value"].clone(),
                )
            })
            .collect()
    };
    let first = facts("1");
    assert_eq!(first["replayed by load"], 2);
    assert_eq!(first["rejects purged"], 1);
    assert_eq!(first["encoding"], "utf-8");
    assert_eq!(
        first["sha256"],
        database.text("select sha256 from elt.load where load_id = 1")
    );
    let second = facts("2");
    assert_eq!(second["replays load"], 1);
    assert_eq!(second["rows purged"], 1);
    assert_eq!(
        second["corrected rejects"],
        data.path().join("fixed.csv").display().to_string()
    );
    let third = facts("3");
    assert!(
        third["error"]
            .as_str()
            .unwrap()
            .contains("the header lacks columns")
    );
    assert!(!third.contains_key("publish"), "{third:?}");
    let changes = &show("1", &["--json"]).json()["changes"];
    assert_eq!(changes[0]["table_name"], "core.appointments");
    assert_eq!(changes[0]["rows_inserted"], 1);
    let text = show("4", &[]).stdout;
    assert!(text.contains("changes of publish"), "{text}");
    // Both of two loads of one publish name the other.
    let all = Folder::with_data();
    let elt = database.elt().args(["load", "--allow-shrink"]);
    elt.path("--data", all.path()).run().ok();
    let text = show("5", &[]).stdout;
    assert!(text.contains(", with "), "{text}");
    assert!(text.contains(" other load"), "{text}");
}
