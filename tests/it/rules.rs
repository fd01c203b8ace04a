//! `holds if` in the header of a rule: the engine skips the rule if it knows that the condition is true.

use crate::support::{Database, Folder, HEADER, ProjectCopy};

/// Fails if it is run, and not before.
fn failing_rule(condition: &str) -> String {
    format!(
        "-- grain:    one row per row\n-- level:    warning\n-- reads:    staging.appointments\n\
         -- holds if: {condition}\n\
         create or replace view quality.providers_that_fail as\n\
         select 1 / (staged._row - staged._row) as place\nfrom staging.appointments as staged;\n\n\
         comment on view quality.providers_that_fail is 'Rows, but no query can read them.';\n"
    )
}

const RULE: &str = "sql/quality/providers_that_fail.sql";

#[test]
fn a_rule_whose_condition_holds_is_not_run() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    project.write(
        RULE,
        &failing_rule(
            "appointments.emr_provider_id is integer\n--           and appointments.emr_provider_id is complete",
        ),
    );
    project.write(
        "data/lab1_appointments.csv",
        &(HEADER.to_string() + "1,1,7,,4,,,2023-01-01\n"),
    );
    elt(&["migrate"]).run().ok();
    elt(&["load", "appointments"]).run().ok();
    let found = "select violation_count || ' ' || sample from elt.rule_result where rule = 'providers_that_fail'";
    assert_eq!(database.text(found), "0 []");
    elt(&["check"]).run().ok();
    let rows = elt(&["check", "providers_that_fail", "--json"]).run().ok();
    assert_eq!(rows.json()["rows"], serde_json::json!([]));

    // A missing provider: the column is not complete.
    project.write(
        "data/lab1_appointments.csv",
        &(HEADER.to_string() + "1,1,7,,4,,,2023-01-01\n1,2,,,4,,,2023-01-01\n"),
    );
    elt(&["load", "appointments"])
        .run()
        .exits_with(1)
        .says(&["division by zero"]);
    assert_eq!(
        database.text("select string_agg(state, ' ' order by load_id) from elt.load"),
        "published failed"
    );
}

#[test]
fn unknown_columns_and_letters_of_another_case_are_found_where_they_occur() {
    let (database, data) = (Database::new(), Folder::new());
    let found = |records: &str| {
        data.write("lab1_appointments.csv", records);
        let elt = database.elt().args(["load", "appointments"]);
        elt.path("--data", data.path()).run().ok();
        let sql = "select string_agg(rule || ' ' || violation_count, ', ' order by rule) from elt.rule_result \
                   where rule ~ 'other_case|unknown_columns' \
                   and publish_id = (select max(publish_id) from elt.rule_result)";
        database.text(sql)
    };
    let with_extra = HEADER.trim_end().to_string() + ",note\n";
    let none = "appointments_in_other_case 0, appointments_with_unknown_columns 0";
    let plain = HEADER.to_string() + "1,1,7,,x,CLOSED,,2023-01-01\n";
    assert_eq!(found(&plain), none);
    assert_eq!(
        found(&(with_extra.clone() + "1,1,7,,x,CLOSED,,2023-01-01,\n")),
        none
    );
    assert_eq!(
        found(&(with_extra + "1,1,7,,X,CLOSED,,2023-01-01,more\n1,2,7,,3,deleted,,2023-01-01,\n")),
        "appointments_in_other_case 2, appointments_with_unknown_columns 1"
    );
    assert_eq!(found(&plain), none);
}

#[test]
fn a_row_that_no_load_has_changed_since_is_shown_in_its_earlier_load() {
    let (database, data) = (Database::new(), Folder::new());
    let row = |id: u32, status: u32| format!("1,{id},7,,{status},CLOSED,,2023-01-01\n");
    let load = |rows: &[String]| {
        data.write("lab1_appointments.csv", HEADER.to_string() + &rows.concat());
        let elt = database.elt().args(["load", "appointments"]);
        elt.path("--data", data.path()).run().ok();
        let sample = "select string_agg(concat_ws(' ', violation ->> 'emr_appointment_id', \
                      regexp_replace(violation ->> 'origin', '^.*/', '')), '; ' order by violation ->> '_row') \
                      from elt.rule_result cross join jsonb_array_elements(sample) as listed (violation) \
                      where rule = 'appointments_repeated' and publish_id = (select max(publish_id) from elt.publish)";
        database.text(sample)
    };
    let (same, changed) = ([row(1, 2), row(1, 2)], [row(2, 3), row(2, 3)]);
    assert_eq!(
        load(&[same.concat(), changed.concat()]),
        "1 lab1_appointments.csv, line 3; 2 lab1_appointments.csv, line 5"
    );
    // Each row is a line further down.
    let changed = [row(2, 4), row(2, 4)];
    assert_eq!(
        load(&[row(3, 2), same.concat(), changed.concat()]),
        "1 lab1_appointments.csv, line 3 (load 1); 2 lab1_appointments.csv, line 6"
    );
}

#[test]
fn a_skipped_rule_says_what_its_view_says() {
    let (database, out) = (Database::new(), Folder::new());
    database
        .elt()
        .args(["run"])
        .path("--out", out.path())
        .run()
        .ok();
    let same = "select bool_and(violation_count = rows) from elt.run_rules() cross join lateral \
                (select (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from quality.%I', rule), \
                false, true, '')))[1]::text::bigint as rows) as counted";
    let client = &mut database.connect();
    assert!(client.query_one(same, &[]).unwrap().get::<_, bool>(0));
}

#[test]
fn a_condition_that_cannot_be_true_is_refused_with_its_line() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    for (condition, says) in [
        (
            "appointments.emr_provider_id is bigint",
            "there is no property \"bigint\"",
        ),
        (
            "appointments is integer",
            "\"appointments\" does not name a source and a column",
        ),
        (
            "appointment.emr_provider_id is integer",
            "there is no source \"appointment\"",
        ),
        (
            "appointments.provider_id is integer",
            "table \"staging.appointments\" has no column \"provider_id\"",
        ),
    ] {
        project.write(RULE, &failing_rule(condition));
        elt(&["migrate"]).run().exits_with(2).says(&[
            "providers_that_fail.sql\", line 4: ",
            says,
            "hint:",
        ]);
    }
    project.write(
        "sql/mart/no_rule.sql",
        "-- grain:    one row\n-- holds if: appointments.emr_provider_id is integer\n\
         create or replace view public.no_rule as\nselect 1 as one;\n",
    );
    elt(&["migrate"])
        .run()
        .exits_with(2)
        .says(&["no_rule.sql\", line 2: only a rule has a condition"]);
}
