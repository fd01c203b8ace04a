//! `elt views diff`: the result of another definition, before it is applied.

use crate::support::{Database, Folder, ProjectCopy, wait_until};
use serde_json::{Value, json};

const VALID: &str = "sql/mart/valid_appointments.sql";
const CORE_QUERY: &str = "sql/core/incoming_appointments.sql";
const KEPT: &str = "    and appointment_rows.emr_appointment_id is not null\n";

fn diff(database: &Database, project: &ProjectCopy, args: &[&str]) -> String {
    let elt = database.elt_with(project.path(), &["views", "diff"]);
    elt.args(args).run().ok().stdout
}

fn rows(database: &Database, project: &ProjectCopy, args: &[&str]) -> Value {
    let elt = database.elt_with(project.path(), &["views", "diff", "--rows", "--json"]);
    elt.args(args).run().ok().json()["rows"].clone()
}

#[test]
fn texts_differ_line_by_line_and_versions_are_numbered() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    assert!(diff(&database, &project, &["valid_appointments"]).starts_with("no difference"));
    project.replace(VALID, "not in ('x', 'X', 'f', 'F')", "not in ('x', 'X')");
    let text = diff(&database, &project, &["valid_appointments"]);
    for line in [
        "--- public.valid_appointments, version 1 (applied)\n",
        "/sql/mart/valid_appointments.sql\n@@ -",
        "not in ('x', 'X')",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let changed = |text: &str| {
        let lines = text.lines().skip(2);
        lines.filter(|line| line.starts_with(['+', '-'])).count()
    };
    assert_eq!(changed(&text), 2, "{text}");
    let list = database.elt_with(project.path(), &["views", "--json"]);
    assert_eq!(
        list.run().ok().json()["pending"],
        json!([{ "name": "public.valid_appointments", "change": "changed" }])
    );
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(
        changed(&diff(&database, &project, &["valid_appointments", "1"])),
        2
    );
    let same = diff(&database, &project, &["valid_appointments", "1", "2"]);
    assert!(
        same.contains("+++ public.valid_appointments, version 2"),
        "{same}"
    );
    let unknown = database.elt_with(
        project.path(),
        &["views", "diff", "valid_appointments", "7"],
    );
    unknown.run().exits_with(2).says(&["has no version 7"]);
}

#[test]
fn a_proposed_core_query_shows_its_rows_by_key_before_they_are_published() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.elt().args(["load"]).run().ok();
    let practice = "select count(*) from core.appointments where emr_practice_id = 70";
    let (before, gone) = (
        database.number("select count(*) from core.appointments"),
        database.number(practice),
    );
    assert!(gone > 0);
    project.replace(
        CORE_QUERY,
        KEPT,
        &format!("{KEPT}    and appointment_rows.emr_practice_id <> 70\n"),
    );
    let found = rows(
        &database,
        &project,
        &["incoming_appointments", "--limit", "2"],
    );
    assert_eq!(
        (&found["rows_before"], &found["rows_after"]),
        (&json!(before), &json!(before - gone))
    );
    assert_eq!(
        (
            &found["rows_added"],
            &found["rows_removed"],
            &found["rows_changed"]
        ),
        (&json!(0), &json!(gone), &json!(0))
    );
    assert_eq!(
        found["compared_by"],
        json!(["emr_appointment_id", "emr_practice_id"])
    );
    let removed = found["removed"].as_array().unwrap();
    assert_eq!(
        (removed.len(), &removed[0]["emr_practice_id"]),
        (2, &json!(70))
    );
    // Nothing is there that was not, and what was promised comes true.
    assert_eq!(database.number(practice), gone);
    assert_eq!(
        database.number("select max(version) from elt.view_version"),
        1
    );
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(
        database.number("select count(*) from core.appointments"),
        before - gone
    );
    let back = rows(&database, &project, &["incoming_appointments", "1"]);
    assert_eq!(
        (&back["rows_removed"], &back["rows_added"]),
        (&json!(gone), &json!(0))
    );
}

#[test]
fn what_a_proposed_view_reads_is_taken_as_it_is_proposed() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.elt().args(["load"]).run().ok();
    project.replace(VALID, "not in ('x', 'X', 'f', 'F')", "not in ('x', 'X')");
    // Its own text is as it was, and so is that of the view between.
    let found = rows(&database, &project, &["public.epion_appointments"]);
    let rows_of = |view: &str| database.number(&format!("select count(*) from public.{view}"));
    assert_eq!(found["rows_before"], rows_of("epion_appointments"));
    let promised = found["rows_after"].as_i64().unwrap();
    assert!(promised > rows_of("epion_appointments"), "{found:#}");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(promised, rows_of("epion_appointments"));
}

#[test]
fn a_changed_row_says_what_each_column_was_and_an_export_is_a_view_too() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.elt().args(["load"]).run().ok();
    let query = "-- grain:    one row per (month)\n-- reads:    public.epion_utilization\n\
                 select month, round(utilization_rate, 4) as rate, 1 as gone from public.epion_utilization order by month;\n";
    project.write("sql/export/rates.sql", query);
    let new = rows(&database, &project, &["export.rates"]);
    assert_eq!(new["rows_before"], 0);
    assert_eq!(new["rows_added"], new["rows_after"]);
    database.elt_with(project.path(), &["migrate"]).run().ok();
    project.replace(
        "sql/export/rates.sql",
        "utilization_rate, 4)",
        "utilization_rate, 1)",
    );
    project.replace("sql/export/rates.sql", "1 as gone", "'x' as came");
    let found = rows(&database, &project, &["export.rates"]);
    assert_eq!(found["compared_by"], json!(["month"]));
    assert_eq!(found["rows_changed"], found["rows_after"]);
    assert_eq!(
        (&found["columns_added"], &found["columns_removed"]),
        (&json!(["came"]), &json!(["gone"]))
    );
    let first = &found["changed"][0];
    assert_eq!(first["key"]["month"], "2022-12-01", "{first}");
    // 0.0000 and 0.0 are two texts in a file.
    assert_eq!(
        first["columns"]["rate"].as_object().unwrap().len(),
        2,
        "{first}"
    );
    let text = diff(&database, &project, &["export.rates", "--rows"]);
    assert!(
        text.contains("month       column  before  after\n2022-12-01  rate    0.0000  0.0\n"),
        "{text}"
    );
    // Without a column that the grain names, rows are compared whole.
    project.replace("sql/export/rates.sql", "(month)", "month");
    let whole = rows(&database, &project, &["export.rates"]);
    assert_eq!(
        (&whole["compared_by"], &whole["rows_changed"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(whole["rows_added"], whole["rows_removed"]);
    // And where the grain says what is not so.
    project.replace("sql/export/rates.sql", "per month", "per (came)");
    project.replace(
        "sql/export/rates.sql",
        "'x' as came",
        "'x' as gone, 'x' as came",
    );
    project.replace("sql/export/rates.sql", "per (came)", "per (month, rate)");
    let other = rows(&database, &project, &["export.rates"]);
    assert_eq!(other["columns_retyped"], json!(["gone: text, was integer"]));
}

#[test]
fn a_key_that_is_there_twice_is_said_and_not_used() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let view = |rows: &str| {
        project.write(
            "sql/mart/doubles.sql",
            &format!(
                "-- grain:    one row per (id)\n-- reads:    core.offices\ncreate or replace view public.doubles as\n\
                 select id from (values {rows}) as given (id);\n"
            ),
        );
    };
    view("(1), (2)");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    view("(1), (2), (2), (3)");
    let found = rows(&database, &project, &["doubles"]);
    assert_eq!(
        found["key_problem"],
        "1 of its values appear more than once"
    );
    assert_eq!(
        (&found["rows_added"], &found["rows_removed"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(found["added"], json!([{ "id": 2 }, { "id": 3 }]));
    // An unknown column is reported; a quoted name is a column.
    project.replace("sql/mart/doubles.sql", "per (id)", "per (id, other)");
    let found = rows(&database, &project, &["doubles"]);
    let problem = "\"other\" is not in both, or is of another type";
    assert_eq!(found["key_problem"], problem);
    project.replace("sql/mart/doubles.sql", "(id, other)", "(\"id\")");
    let found = rows(&database, &project, &["doubles"]);
    assert_eq!(
        found["key_problem"],
        "1 of its values appear more than once"
    );
    // A file that is gone takes all of its rows.
    project.remove("sql/mart/doubles.sql");
    assert_eq!(rows(&database, &project, &["doubles"])["rows_removed"], 2);
}

#[test]
fn nobody_waits_for_the_comparison_and_it_leaves_nothing() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.elt().args(["load"]).run().ok();
    project.replace(VALID, "not in ('x', 'X', 'f', 'F')", "not in ('x', 'X')");
    project.replace(VALID, "as is_epion,", "as is_live,");
    project.replace(
        VALID,
        "valid_appointments.is_epion is",
        "valid_appointments.is_live is",
    );
    // Another session's DDL on a table that it reads stops it in the middle.
    let held = database.hold("core.departments in access exclusive mode");
    let run = database.elt_with(
        project.path(),
        &["views", "diff", "--rows", "valid_appointments"],
    );
    let run = run.start();
    wait_until("it to wait", || database.has_waiting_session());
    let exclusive = "select count(*) from pg_locks inner join pg_class on relation = pg_class.oid \
                     inner join pg_stat_activity using (pid) \
                     where datname = current_database() and application_name like 'elt %' and mode not in ('AccessShareLock', 'RowShareLock') \
                     and relnamespace::regnamespace::text in ('public', 'core', 'staging', 'elt')";
    assert_eq!(database.number(exclusive), 0);
    held.release();
    run.finish().ok();
    // A core query reads staging, and where that is gone it has no rows.
    database.run(
        "do $$ begin execute (select format('drop table staging.offices_load_%s', load_id) from elt.live_load \
         where source = 'offices'); end $$",
    );
    let found = rows(&database, &project, &["incoming_epion_offices"]);
    let note = "The live load of source offices is no longer in staging, so its rows are missing on both sides.";
    assert_eq!(found["notes"], json!([note]));
    let left = "select count(*) from pg_class where relname in ('elt_before', 'elt_after', 'elt_difference')";
    assert_eq!(database.number(left), 0);
}

#[test]
fn an_earlier_version_that_cannot_run_says_why() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    project.write(
        "sql/mart/fading.sql",
        "-- reads:    core.offices\ncreate or replace view public.fading as select wanes from public.moon;\n",
    );
    database.run("create table public.moon (wanes bigint, waxes bigint)");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    project.replace("sql/mart/fading.sql", "select wanes", "select waxes");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    database.run("alter table public.moon drop column wanes");
    let elt = database.elt_with(project.path(), &["views", "diff", "fading", "1", "--rows"]);
    elt.run().exits_with(1).says(&[
        "could not run version 1 of \"public.fading\" on the live data",
        "\"wanes\" does not exist",
        "Nothing was changed",
    ]);
    let elt = database.elt_with(project.path(), &["views", "diff", "elt.prune", "--rows"]);
    elt.run()
        .exits_with(2)
        .says(&["is a function and has no rows"]);
    // Who may not read it is told that, and nothing of versions.
    database.run(
        "create role diff_reader login; grant usage on schema elt to diff_reader; \
         grant select on all tables in schema elt to diff_reader",
    );
    let elt = database
        .elt()
        .args(["views", "diff", "incoming_offices", "--rows"]);
    let outcome = elt
        .env("DATABASE_URL", database.url_as("diff_reader"))
        .run();
    let outcome = outcome
        .exits_with(1)
        .says(&["permission denied", "Connect as a role with this right"]);
    assert!(
        !outcome.stderr.contains("An earlier version"),
        "{}",
        outcome.stderr
    );
    database.run("drop owned by diff_reader; drop role diff_reader");
}

#[test]
fn a_core_query_of_days_is_compared_over_all_that_are_live() {
    let (database, project) = (Database::empty(), ProjectCopy::of("tests/projects/bikes"));
    let data = Folder::new();
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    elt(&["migrate"]).run().ok();
    // Bikes by key, the latest row of which stays; pings as often as they come.
    for (bikes, pings) in [
        ("1,north\n2,north", "1,a\n1,a"),
        ("2,south\n3,south", "1,a\n2,b"),
    ] {
        data.write("bikes.csv", format!("bike_id,station\n{bikes}\n"));
        data.write("pings.csv", format!("bike_id,place\n{pings}\n"));
        let load = elt(&["load", "bikes", "pings"]);
        load.path("--data", data.path()).run().ok();
    }
    for (query, from, to) in [
        (
            "bikes",
            "elt.text_value(staged.station)",
            "upper(elt.text_value(staged.station))",
        ),
        (
            "pings",
            "elt.text_value(staged.place)",
            "replace(elt.text_value(staged.place), 'b', 'c')",
        ),
    ] {
        project.replace(&format!("sql/core/incoming_{query}.sql"), from, to);
    }
    let bikes = rows(&database, &project, &["incoming_bikes"]);
    assert_eq!(
        (
            &bikes["rows_before"],
            &bikes["rows_after"],
            &bikes["rows_changed"]
        ),
        (&json!(3), &json!(3), &json!(3))
    );
    let line_2 = format!("{}/bikes.csv, line 2", data.path().display());
    assert_eq!(
        bikes["changed"][1],
        json!({
            "key": { "bike_id": 2 },
            "columns": { "station": { "before": "south", "after": "SOUTH" } },
            "origin": { "before": line_2, "after": line_2 },
        })
    );
    let pings = rows(&database, &project, &["incoming_pings"]);
    assert_eq!(
        (
            &pings["rows_before"],
            &pings["rows_added"],
            &pings["rows_removed"]
        ),
        (&json!(4), &json!(1), &json!(1))
    );
    elt(&["migrate"]).run().ok();
    let stations = "select string_agg(station, ' ' order by bike_id) from core.bikes";
    assert_eq!(database.text(stations), "NORTH SOUTH SOUTH");
    // The pointer that others read has not moved.
    assert_eq!(
        rows(&database, &project, &["incoming_bikes"])["rows_changed"],
        0
    );
}
