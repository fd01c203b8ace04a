//! A rule of level error refuses a publish, and nothing changes.

use crate::support::{Database, Folder, HEADER, ProjectCopy};

fn project_with_error_rule() -> ProjectCopy {
    let project = ProjectCopy::new();
    project.write(
        "sql/quality/practices_without_name.sql",
        "-- grain:    one row per practice\n-- level:    error\n-- reads:    public.epion_practices\n\
         create or replace view quality.practices_without_name as\n\
         select epion_practices.epion_practice_id\nfrom public.epion_practices\n\
         where epion_practices.practice_name is null;\n\n\
         comment on view quality.practices_without_name is 'Practices without a name: must never be.';\n",
    );
    project.write(
        "data/practices.json",
        "[{\"practice_name\": \"first\", \"epion_practice_id\": 1}]",
    );
    project
}

#[test]
fn a_rule_of_level_error_refuses_and_nothing_changes() {
    let (database, project, out) = (Database::new(), project_with_error_rule(), Folder::new());
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    elt(&["run", "--migrate"])
        .path("--out", out.path())
        .run()
        .ok();
    let live = "select string_agg(source || load_id, ',' order by source) from elt.live_load";
    let before = database.text(live);

    project.write(
        "data/practices.json",
        "[{\"practice_name\": \"second\"}, {\"practice_name\": \"\"}]",
    );
    elt(&["load"]).run().exits_with(3).says(&[
        "refused by \"practices_without_name\" (1 row)",
        "Nothing was changed",
        "hint:",
    ]);
    assert_eq!(database.text(live), before);
    assert_eq!(
        database.text("select practice_name from public.epion_practices"),
        "first"
    );
    // What was refused can be looked at, and is on record.
    assert_eq!(
        database.text("select state from elt.load order by load_id desc limit 1"),
        "refused"
    );
    let staged = "select count(*) from staging.practices where _load_id = (select max(load_id) from elt.load)";
    assert_eq!(database.number(staged), 2);
    let found = "select violation_count from elt.rule_result inner join elt.publish using (publish_id) \
                 where rule = 'practices_without_name' and publish.state = 'refused'";
    assert_eq!(database.number(found), 1);
    elt(&["check"]).run().ok();

    project.write("data/practices.json", "[{\"practice_name\": \"third\"}]");
    elt(&["load"]).run().ok();
    assert_eq!(
        database.text("select practice_name from public.epion_practices"),
        "third"
    );
    // The refused load is no longer of interest.
    assert_eq!(
        database.number(
            "select count(*) from elt.load where state = 'refused' and staging_dropped_at is null"
        ),
        0
    );
}

/// Rules of level error over appointments, whose rows say where they are from, and over practices.
fn project_with_error_rules() -> ProjectCopy {
    let project = project_with_error_rule();
    project.write(
        "sql/quality/appointments_marked.sql",
        "-- grain:    one row per appointment\n-- level:    error\n-- reads:    core.appointments\n\
         create or replace view quality.appointments_marked as\n\
         select appointments._load_id, appointments._row, appointments.encounter_state\nfrom core.appointments\n\
         where appointments.encounter_state like 'MARK%'\norder by appointments._row;\n\n\
         comment on view quality.appointments_marked is 'Appointments with a mark: correct the file.';\n",
    );
    let rows = (1..=5).map(|number| format!("1,{number},,,4,MARK{number},,2023-01-01\n"));
    let text = HEADER.to_string() + &rows.collect::<String>();
    project.write("data/lab1_appointments.csv", &text);
    project.write("data/practices.json", "[{\"practice_name\": \"\"}]");
    project
}

#[test]
fn the_user_is_told_what_the_rules_found_and_the_record_is_not() {
    let (database, project, out) = (Database::new(), project_with_error_rules(), Folder::new());
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    elt(&["migrate"]).run().ok();
    let load = elt(&["load"]).run().exits_with(3).says(&[
        "refused by \"appointments_marked\" (5 rows), \"practices_without_name\" (1 row)",
        "detail: appointments_marked: Appointments with a mark: correct the file.",
        "data/lab1_appointments.csv, line 2: encounter_state = \"MARK1\"",
        "data/lab1_appointments.csv, line 4: encounter_state = \"MARK3\"",
        "detail: ... and 2 more",
        "detail: practices_without_name: Practices without a name: must never be.",
        "detail: epion_practice_id = null",
        "detail: Nothing was changed",
    ]);
    assert!(!load.stderr.contains("MARK4"), "{}", load.stderr);
    let document = elt(&["load", "--json"]).run().exits_with(3).json();
    let details = document["error"]["details"].as_array().unwrap();
    let third = details[3].as_str().unwrap();
    assert!(
        third.ends_with("lab1_appointments.csv, line 4: encounter_state = \"MARK3\""),
        "{details:?}"
    );
    elt(&["jobs", "enqueue", "pipeline"]).run().ok();
    let worker = elt(&["worker", "--until-empty"]).path("--out", out.path());
    let worker = worker.run();
    assert!(
        worker.stderr.contains("refused by") && !worker.stderr.contains("MARK"),
        "{}",
        worker.stderr
    );
    let record = database.text(
        "select concat_ws(' ', (select string_agg(to_jsonb(load)::text, ' ') from elt.load), \
         (select string_agg(to_jsonb(publish)::text, ' ') from elt.publish), \
         (select string_agg(to_jsonb(job)::text, ' ') from elt.job), \
         (select string_agg(to_jsonb(job_attempt)::text, ' ') from elt.job_attempt))",
    );
    assert!(
        record.contains("the publish was refused by \\\"appointments_marked\\\" (5 rows)"),
        "{record}"
    );
    assert!(!record.contains("MARK"), "{record}");
}

#[test]
fn check_exits_with_3_when_what_is_live_breaks_a_rule() {
    let (database, project) = (Database::new(), project_with_error_rule());
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    elt(&["load", "--migrate"]).run().ok();
    database.run("update public.epion_practices set practice_name = null");
    let outcome = elt(&["check"]).run().exits_with(3);
    assert!(
        outcome.stdout.contains("practices_without_name"),
        "{}",
        outcome.stdout
    );
    elt(&["check", "--json"]).run().exits_with(3);
    let out = Folder::new();
    let run = elt(&["run"]).path("--out", out.path()).run();
    run.exits_with(3)
        .says(&["violates \"practices_without_name\""]);
    assert_eq!(
        std::fs::read_dir(out.path()).unwrap().count(),
        0,
        "nothing is exported"
    );
}

#[test]
fn a_rule_that_refuses_a_republish_locks_nobody_out() {
    let home = crate::support::Home::initialised();
    let project = ProjectCopy::new();
    project.write("data/practices.json", "[{\"practice_name\": \"\"}]");
    let elt = |args: &[&str]| home.elt().args(args).path("--project", project.path());
    elt(&["load"]).run().ok();
    // A new rule of level error that the live data breaks, and a core query that changed.
    let refusing = project_with_error_rule();
    let rule = "sql/quality/practices_without_name.sql";
    project.write(
        rule,
        &std::fs::read_to_string(refusing.path().join(rule)).unwrap(),
    );
    project.replace(
        "sql/core/incoming_offices.sql",
        "-- grain:",
        "-- changed:  yes\n-- grain:",
    );
    elt(&["migrate"])
        .run()
        .exits_with(3)
        .says(&["practices_without_name"]);
    elt(&["migrate", "--check"])
        .run()
        .exits_with(6)
        .says(&["core does not match"]);
    elt(&["status"])
        .run()
        .ok()
        .says(&["warning: core does not match"]);
    let out = Folder::new();
    elt(&["export"])
        .path("--out", out.path())
        .run()
        .exits_with(6)
        .says(&["core does not match"]);
    // Better data is the way out.
    project.write("data/practices.json", "[{\"practice_name\": \"named\"}]");
    elt(&["load"]).run().ok();
    elt(&["export"]).path("--out", out.path()).run().ok();
    elt(&["migrate", "--check"]).run().ok();
}

#[test]
fn a_republish_keeps_what_another_load_has_just_published() {
    let database = Database::new();
    database.run("update elt.source set keep_loads = 1");
    database.elt().args(["load"]).run().ok();
    let project = ProjectCopy::new();
    project.replace(
        "sql/core/incoming_offices.sql",
        "-- grain:",
        "-- changed:  yes\n-- grain:",
    );
    let held = database.hold("public.epion_practices in share mode");
    project.write("data/practices.json", "[{\"practice_name\": \"new\"}]");
    let data = project.path().join("data");
    let load = database
        .elt()
        .args(["load", "practices"])
        .path("--data", &data)
        .start();
    crate::support::wait_until("the load to publish", || database.has_waiting_session());
    let migrate = database.elt_with(project.path(), &["migrate"]).start();
    crate::support::wait_until("the migration to publish too", || {
        let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted";
        database.number(waiting) > 0
    });
    held.release();
    load.finish().ok();
    migrate.finish().ok();
    assert_eq!(
        database.text("select practice_name from public.epion_practices"),
        "new"
    );
    let live = "select max(load_id) = (select load_id from elt.live_load where source = 'practices') \
                from elt.load where source = 'practices'";
    assert!(
        database
            .connect()
            .query_one(live, &[])
            .unwrap()
            .get::<_, bool>(0)
    );
}
