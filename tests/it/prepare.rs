//! A publish that is prepared over several connections before it starts: its results are those of a publish at once,
//! and what has changed since is not published.

use crate::support::{Database, Folder, HEADER, ProjectCopy, state, wait_until};

/// Whether the tables of the running load are prepared and committed.
const IS_PREPARED: &str = "select (count(*) = 2)::text from elt.prepared_part";
/// The lock of a publish.
const PUBLISH: &str = "select pg_advisory_xact_lock(6646900, 2)";
const PREPARED_TABLES: &str = "select (select count(*) from elt.prepared_part) + (select count(*) from pg_class \
                               where relname like '%prepared%' and relkind = 'r' and relname <> 'prepared_part')";

/// A database in which each load is large.
fn database() -> Database {
    let database = Database::new();
    prepare_all(&database);
    database
}

fn prepare_all(database: &Database) {
    let name = database.name();
    database.run(&format!(
        "alter database {name} set elt.rows_to_prepare = 1"
    ));
}

fn with_rows(rows: &str) -> Folder {
    let data = Folder::with_data();
    data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    data
}

/// What the latest publish did to the table: inserted, updated, deleted.
fn changes(database: &Database) -> String {
    database.text(
        "select concat_ws(' ', rows_inserted, rows_updated, rows_deleted) from elt.publish_change \
         where table_name = 'core.appointments' order by publish_id desc limit 1",
    )
}

#[test]
fn a_prepared_publish_gives_the_same_as_one_at_once() {
    let (prepared, at_once) = (database(), Database::new());
    let other = Folder::with_other_data();
    for connections in ["2", "1", "3", "4"] {
        for database in [&prepared, &at_once] {
            let args = ["load", "--force", "--connections", connections];
            database.elt().args(args).run().ok();
        }
        assert_eq!(state(&prepared), state(&at_once));
        assert_eq!(changes(&prepared), changes(&at_once));
        for database in [&prepared, &at_once] {
            let elt = database.elt().args(["load", "--connections", connections]);
            elt.path("--data", other.path()).run().ok();
        }
        assert_eq!(state(&prepared), state(&at_once));
        assert_eq!(changes(&prepared), changes(&at_once));
    }
    let rows = "select md5(string_agg(appointments::text, ' ' order by emr_practice_id, emr_appointment_id)) \
                from core.appointments";
    assert_eq!(prepared.text(rows), at_once.text(rows));
    assert_eq!(prepared.number(PREPARED_TABLES), 0);
}

#[test]
fn the_report_says_how_long_it_prepared() {
    let database = database();
    let report = database.elt().args(["load", "--json"]).run().ok().json();
    assert!(
        report["load"]["published"]["prepare_seconds"].is_number(),
        "{report}"
    );
    let printed = database.elt().args(["load", "--force"]).run().ok().stdout;
    assert!(printed.contains("prepared in "), "{printed}");
    let name = database.name();
    database.run(&format!("alter database {name} reset elt.rows_to_prepare"));
    let report = database
        .elt()
        .args(["load", "--force", "--json"])
        .run()
        .ok()
        .json();
    assert!(
        report["load"]["published"]["prepare_seconds"].is_null(),
        "{report}"
    );
}

/// Loads `data`, runs `change` when everything is prepared, and lets the publish go on.
fn change_while_prepared(database: &Database, data: &Folder, change: &str) {
    let held = database.hold_by(PUBLISH);
    let elt = database.elt().args(["load"]);
    let load = elt.path("--data", data.path()).start();
    wait_until("the load to wait for the publish", || {
        database.text(IS_PREPARED) == "true" && database.has_waiting_session()
    });
    database.run(change);
    held.release();
    load.finish().ok();
    assert_eq!(database.number(PREPARED_TABLES), 0);
}

#[test]
fn rows_that_are_purged_in_between_are_not_published() {
    for is_first in [true, false] {
        let database = database();
        if !is_first {
            database.elt().args(["load"]).run().ok();
        }
        let data = with_rows("1,1,,4,4,,,2023-01-01\n1,2,,4,4,,,2023-01-01\n");
        change_while_prepared(
            &database,
            &data,
            "delete from staging.appointments where emr_appointment_id = '2'; \
             update elt.load set rows_purged = 1 where source = 'appointments' and state = 'staged'",
        );
        assert_eq!(
            database.number("select sum(emr_appointment_id)::bigint from core.appointments"),
            1
        );
    }
}

#[test]
fn a_table_that_another_publish_has_changed_is_compared_again() {
    let database = database();
    database.elt().args(["load"]).run().ok();
    let data = with_rows("1,1,,4,4,,,2023-01-01\n1,2,,4,4,,,2023-01-01\n");
    change_while_prepared(
        &database,
        &data,
        "insert into core.appointments (emr_practice_id, emr_appointment_id, row_count, _load_id, _row) \
         values (9, 9, 1, 1, 1); \
         insert into elt.publish (state, cause, elt_version) values ('published', 'load', ''); \
         insert into elt.publish_change (publish_id, table_name, rows_inserted, rows_updated, rows_deleted) \
         select max(publish_id), 'core.appointments', 1, 0, 0 from elt.publish",
    );
    assert_eq!(
        database.number("select sum(emr_appointment_id)::bigint from core.appointments"),
        3
    );
}

#[test]
fn what_a_refused_load_has_prepared_is_dropped() {
    for is_first in [true, false] {
        let (database, project) = (database(), ProjectCopy::new());
        let elt = |args: &[&str]| database.elt_with(project.path(), args);
        elt(&["migrate"]).run().ok();
        if !is_first {
            elt(&["load"]).run().ok();
        }
        let before = state(&database);
        let partitions =
            "select count(*) from pg_inherits where inhparent = 'core.appointments'::regclass";
        let partitions_before = database.number(partitions);
        project.write(
            "sql/quality/appointments_marked.sql",
            "-- grain:    one row per appointment\n-- level:    error\n-- reads:    core.appointments\n\
             create or replace view quality.appointments_marked as\n\
             select appointments._load_id, appointments._row\nfrom core.appointments\n\
             where appointments.encounter_state = 'MARK';\n\n\
             comment on view quality.appointments_marked is 'Appointments with a mark.';\n",
        );
        elt(&["migrate"]).run().ok();
        let data = with_rows("1,1,,4,4,MARK,,2023-01-01\n");
        elt(&["load"])
            .path("--data", data.path())
            .run()
            .exits_with(3);
        assert_eq!(state(&database), before);
        assert_eq!(database.number(partitions), partitions_before);
        assert_eq!(database.number(PREPARED_TABLES), 0);
    }
}

#[test]
fn a_changed_core_query_is_prepared_too() {
    let (database, project) = (database(), ProjectCopy::new());
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    elt(&["load"]).run().ok();
    database.run(
        "create table public.seen (relation text); \
         create function public.note() returns trigger language plpgsql set search_path = public as \
         $$ begin insert into public.seen values (new.relation); return new; end $$; \
         create trigger note before insert on elt.prepared_part for each row execute function public.note()",
    );
    project.replace(
        "sql/core/incoming_appointments.sql",
        "    numbered.encounter_status,",
        "    upper(numbered.encounter_status || 'x') as encounter_status,",
    );
    elt(&["migrate"]).run().ok();
    let changed = "select (count(*) > 0 and bool_and(encounter_status like '%X'))::text from core.appointments \
                   where encounter_status is not null";
    assert_eq!(database.text(changed), "true");
    assert_eq!(
        database.number("select count(distinct relation) from public.seen"),
        2
    );
}

#[test]
fn keys_that_a_core_query_repeats_are_reported_and_nothing_changes() {
    for is_first in [true, false] {
        let (database, project) = (database(), ProjectCopy::new());
        let elt = |args: &[&str]| database.elt_with(project.path(), args);
        elt(&["migrate"]).run().ok();
        if !is_first {
            elt(&["load"]).run().ok();
        }
        let before = state(&database);
        project.replace(
            "sql/core/incoming_appointments.sql",
            "where numbered.is_last",
            "where true",
        );
        let load = elt(&["load", "--force", "--migrate"]).run().exits_with(1);
        let reason = if is_first { "unique" } else { "a second time" };
        assert!(load.stderr.contains(reason), "{}", load.stderr);
        assert_eq!(state(&database)[1], before[1]);
        assert_eq!(database.number(PREPARED_TABLES), 0);
    }
}
