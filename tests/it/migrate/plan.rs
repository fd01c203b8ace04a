//! `elt migrate --dry-run`: the locks of each statement, found in a rehearsal that blocks no session.

use crate::support::{Database, ProjectCopy, wait_until};
use serde_json::json;

const MIGRATION: &str = "\
-- what:   add a note to offices; and a table
set local lock_timeout = '2s';

alter table core.offices add column note text;
create index offices_note_idx on core.offices (note);
create table core.notes (note text);
insert into core.notes (note) values ('new');
alter table staging.office_settings add column note text;
";

#[test]
fn each_statement_is_shown_with_the_locks_that_it_takes() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.elt().args(["load"]).run().ok();
    database.run("analyze core.offices");
    let file = project.add_migration(0, "add_note", MIGRATION);
    project.replace(
        "sql/mart/valid_appointments.sql",
        "not in ('x', 'X', 'f', 'F')",
        "not in ('x', 'X')",
    );
    let plan = |args: &[&str]| {
        let elt = database.elt_with(project.path(), &["migrate", "--dry-run"]);
        elt.args(args).run().ok()
    };
    let text = plan(&[]).stdout;
    let offices = database.number("select count(*) from core.offices");
    for part in [
        format!("{file}: one transaction\nbegin;\n-- what:"),
        "-- locks: ACCESS EXCLUSIVE on core.offices (".into(),
        format!("about {offices} rows), read by "),
        "public.department_settings".into(),
        "alter table core.offices add column note text;\n-- locks: SHARE on core.offices (".into(),
        "create table core.notes (note text);\ninsert into core.notes".into(),
        "-- locks: ACCESS EXCLUSIVE on staging.office_settings (".into(),
        ", 1 partition), read by ".into(),
        "-- locks: ACCESS EXCLUSIVE on public.valid_appointments, read by public.appointment_funnel".into(),
    ] {
        assert!(text.contains(&part), "lacks {part}:\n{text}");
    }
    let document = plan(&["--json"]).json();
    assert_eq!(
        (&document["caveat"], &document["is_current"]),
        (&json!(null), &json!(false))
    );
    let statements = document["migrations"][0]["statements"].as_array().unwrap();
    let modes = |index: usize| -> Vec<&str> {
        let locks = statements[index]["locks"].as_array().unwrap();
        locks
            .iter()
            .map(|lock| lock["mode"].as_str().unwrap())
            .collect()
    };
    let all: Vec<Vec<&str>> = (0..statements.len()).map(modes).collect();
    let exclusive = vec!["ACCESS EXCLUSIVE"];
    assert_eq!(
        all,
        [
            vec![],
            exclusive.clone(),
            vec!["SHARE"],
            vec![],
            vec![],
            exclusive
        ]
    );
    assert!(
        !text.contains("SHARE UPDATE EXCLUSIVE on public.valid_appointments"),
        "{text}"
    );
    // And nothing of it was done.
    assert_eq!(
        database
            .number("select count(*) from pg_class where relname in ('notes', 'offices_note_idx')"),
        0
    );
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert!(plan(&[]).stdout.contains("nothing is pending"));
}

#[test]
fn the_database_in_which_it_is_tried_is_dropped_also_when_it_is_interrupted() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    project.add_migration(0, "sleep", "select pg_sleep(600);\n");
    let run = database
        .elt_with(project.path(), &["migrate", "--dry-run"])
        .start();
    let scratch = format!(
        "select count(*) from pg_stat_activity where datname like 'elt\\_scratch\\_%\\_{}'",
        run.id()
    );
    wait_until("it to sleep", || {
        database.number(&format!(
            "{scratch} and query like '%pg_sleep(600)%' and state = 'active'"
        )) == 1
    });
    let dropped = scratch.replace("pg_stat_activity", "pg_database");
    assert_eq!(database.number(&dropped), 1);
    run.interrupt();
    run.finish()
        .exits_with(130)
        .says(&["interrupted; nothing was changed"]);
    assert_eq!(database.number(&dropped), 0);
}

#[test]
fn who_may_create_no_database_is_told_that_locks_are_not_known() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run("create role plan_reader login; grant pg_read_all_data to plan_reader");
    project.add_migration(0, "add_note", MIGRATION);
    let elt = |args: &[&str]| {
        let elt = database.elt_with(project.path(), args);
        elt.env("DATABASE_URL", database.url_as("plan_reader"))
            .run()
    };
    let text = elt(&["migrate", "--dry-run"]).ok().stdout;
    assert!(
        text.contains("careful: the role may not create a scratch database"),
        "{text}"
    );
    assert!(
        text.contains("alter table core.offices add column note text;\ncreate index"),
        "{text}"
    );
    let script = elt(&["migrate", "--sql"]).ok().stdout;
    assert!(
        script.contains("insert into elt.project_migration"),
        "{script}"
    );
    database.run("drop owned by plan_reader; drop role plan_reader");
}

#[test]
fn a_migration_that_fails_is_shown_with_its_error_and_what_follows_without_locks() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let file = project.add_migration(
        0,
        "fail",
        "do $$ begin raise division_by_zero using message = 'division by zero', detail = E'one\\ntwo'; end $$;\n\
         alter table core.offices add column a text;\nselect 1;\nselect 1;\n",
    );
    project.add_migration(1, "follow", "alter table core.offices add column b text;\n");
    let plan = database.elt_with(project.path(), &["migrate", "--dry-run"]);
    let text = plan.run().ok().stdout;
    for part in [
        "-- careful: could not run ".into(),
        format!("/{file} on an empty copy of the schema"),
        "-- fails: division by zero (SQLSTATE 22012); detail: one; two; ".into(),
        "begin;\nalter table core.offices add column b text;\ncommit;".into(),
    ] {
        assert!(text.contains(&part), "lacks {part}:\n{text}");
    }
    assert_eq!(text.matches("-- fails:").count(), 1, "{text}");
}

#[test]
fn what_acts_on_the_whole_server_is_not_tried_and_what_is_gone_is_shown() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    project.add_migration(
        0,
        "create_role",
        "create table core.child (id bigint);\ncreate table core.gone (id bigint);\n\
         create role plan_reporting nologin;\ngrant select on core.child to plan_reporting;\n",
    );
    let elt = |args: &[&str]| database.elt_with(project.path(), args).run().ok().stdout;
    let role = "select count(*) from pg_roles where rolname ~ '^plan_(reporting|other)$'";
    let text = elt(&["migrate", "--dry-run"]);
    for part in [
        "-- locks: not measured, because it acts on the whole server\ncreate role plan_reporting nologin;",
        "-- locks: not measured, because it needs an object of an earlier statement that was not run\ngrant",
    ] {
        assert!(text.contains(part), "lacks {part}:\n{text}");
    }
    assert!(!text.contains("careful"), "{text}");
    assert!(elt(&["migrate", "--sql"]).contains("create role plan_reporting nologin;"));
    assert_eq!(database.number(role), 0);
    elt(&["migrate"]);
    assert_eq!(database.number(role), 1);
    elt(&["migrate", "--verify"]);

    database.run("insert into core.child select generate_series(1, 5000); insert into core.gone table core.child; analyze");
    project.add_migration(
        1,
        "rename",
        "alter table core.child rename to kids;\ncreate index kids_id_idx on core.kids (id);\ndrop table core.gone;\n",
    );
    project.add_migration(
        2,
        "outside",
        "-- transaction: none\ndo $$ begin execute 'create role plan_other'; end $$;\nanalyze core.kids;\n",
    );
    project.add_migration(3, "follow", "alter table core.kids add column note text;\n");
    project.remove("sql/quality/offices_not_launched.sql");
    let text = elt(&["migrate", "--dry-run"]);
    let child = "-- locks: ACCESS EXCLUSIVE on core.child (";
    for part in [
        "about 5,000 rows)\nalter table core.child rename",
        "-- locks: SHARE on core.child (",
        "-- locks: ACCESS EXCLUSIVE on core.gone (",
        "-- locks: not measured, because it acts on the whole server\n-- transaction: none\ndo ",
        "-- locks: not measured, because it runs outside a transaction\nanalyze",
        "-- locks: ACCESS EXCLUSIVE on quality.offices_not_launched\ndrop view",
    ] {
        assert!(text.contains(part), "lacks {part}:\n{text}");
    }
    assert_eq!(text.matches(child).count(), 2, "{text}");
    assert!(!text.contains("careful"), "{text}");
    assert_eq!(database.number(role), 1);
    database.run("drop owned by plan_reporting; drop role plan_reporting");
}

#[test]
fn what_reads_other_peoples_tables_is_planned_without_locks_and_verified_as_far_as_it_goes() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run("create schema app; create table app.customers (id bigint)");
    project.write(
        "sql/mart/theirs.sql",
        "-- grain:    one row per customer: (id)\n-- reads:    core.offices\ncreate or replace view public.theirs as\n\
         select customers.id from app.customers;\n",
    );
    let elt = |args: &[&str]| database.elt_with(project.path(), args).run().ok();
    elt(&["migrate"]);
    project.add_migration(0, "add_note", MIGRATION);
    let text = elt(&["migrate", "--dry-run"]).stdout;
    for part in [
        "-- careful: could not build the recorded schema in a scratch database",
        "relation \"app.customers\" does not exist",
        "alter table core.offices add column note text;\ncreate index",
    ] {
        assert!(text.contains(part), "lacks {part}:\n{text}");
    }
    assert!(!text.contains("Correct the file"), "{text}");
    let script = elt(&["migrate", "--sql"]).stdout;
    assert!(
        script.contains("insert into elt.project_migration"),
        "{script}"
    );
    elt(&["migrate", "--verify"]).says(&[
        "only views and functions were compared: could not build the recorded schema in a scratch database",
        "app.customers",
    ]);
}
