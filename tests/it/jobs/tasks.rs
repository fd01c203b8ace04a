//! Creating a task with a certain name starts a job; no other change does.

use crate::support::{Database, Folder};
use postgres::error::SqlState;
use std::io::Write;
use std::process::Command;

fn jobs(database: &Database) -> i64 {
    database.number("select count(*) from elt.job where kind = 'pipeline'")
}

#[test]
fn only_a_task_with_the_configured_name_starts_a_job() {
    let database = Database::new();
    let run = |sql: &str| database.run(sql);
    run("insert into public.tasks (name, start_time) values ('lab5', now())");
    assert_eq!(jobs(&database), 1);
    let args = "select args ->> 'task_id' from elt.job order by job_id limit 1";
    assert_eq!(
        database.text(args),
        database.text("select task_id::text from public.tasks")
    );
    run(
        "insert into public.tasks (name, start_time) values ('lab5', now()), ('lab4', now()), ('lab5', now())",
    );
    assert_eq!(jobs(&database), 3, "several rows");
    let mut client = database.connect();
    let mut copy = client
        .copy_in("copy public.tasks (name, start_time) from stdin")
        .unwrap();
    copy.write_all(b"lab5\t2026-01-01\nother\t2026-01-01\n")
        .unwrap();
    copy.finish().unwrap();
    assert_eq!(jobs(&database), 4, "COPY");
    run(
        "insert into public.tasks (task_id, name, start_time) overriding system value \
         select min(task_id), 'lab5', now() from public.tasks \
         on conflict (task_id) do update set end_time = excluded.start_time",
    );
    run("update public.tasks set name = 'lab5' where name in ('lab4', 'other')");
    run("update public.tasks set name = name, end_time = start_time where name = 'lab5'");
    run("begin; insert into public.tasks (name, start_time) values ('lab5', now()); rollback");
    run(
        "begin; savepoint a; insert into public.tasks (name, start_time) values ('lab5', now()); \
         rollback to a; insert into public.tasks (name, start_time) values ('lab4', now()); commit",
    );
    run("insert into public.tasks (name, start_time) values ('Lab5', now()), (' lab5', now())");
    assert_eq!(jobs(&database), 4);
}

#[test]
fn a_restored_dump_starts_no_job() {
    let (database, restored, folder) = (Database::new(), Database::empty(), Folder::new());
    database.run(
        "insert into public.tasks (name, start_time, created_at) values ('lab5', now(), now())",
    );
    let file = folder.path().join("dump.sql");
    let dumped = Command::new("pg_dump")
        .args(["-d", &database.url(), "-f"])
        .arg(&file)
        .status();
    assert!(dumped.unwrap().success());
    let psql = [
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        &restored.url(),
        "-f",
    ];
    let output = Command::new("psql").args(psql).arg(&file).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(jobs(&restored), 1, "that of the dump itself");
    let created = "select created_at::text from public.tasks";
    assert_eq!(restored.text(created), database.text(created));
}

#[test]
fn the_database_sets_task_times_and_enforces_rules() {
    let database = Database::new();
    database.run(
        "insert into public.tasks (name, start_time, created_at, updated_at) \
         values ('a', '2026-01-01', '1999-01-01', '1999-01-01')",
    );
    let fresh = "select count(*) from public.tasks \
                 where created_at > now() - interval '1 minute' and updated_at = created_at";
    assert_eq!(database.number(fresh), 1);
    database.run("update public.tasks set created_at = '1999-01-01', updated_at = '1999-01-01'");
    let changed = "select count(*) from public.tasks \
                   where created_at > now() - interval '1 minute' and updated_at > created_at";
    assert_eq!(database.number(changed), 1);
    for (name, start, end, constraint) in [
        (
            "repeat('x', 201)",
            "now()",
            "null",
            "tasks_name_at_most_200_characters",
        ),
        ("'   '", "now()", "null", "tasks_name_not_blank"),
        ("E'a\\tb'", "now()", "null", "tasks_name_is_visible"),
        ("''", "now()", "null", "tasks_name_not_blank"),
        (
            "'a'",
            "now()",
            "now() - interval '1 second'",
            "tasks_end_not_before_start",
        ),
        ("null", "now()", "null", ""),
        ("'a'", "null", "null", ""),
    ] {
        let sql = format!(
            "insert into public.tasks (name, start_time, end_time) values ({name}, {start}, {end})"
        );
        let error = database.connect().batch_execute(&sql).unwrap_err();
        let error = error.as_db_error().unwrap();
        match constraint {
            "" => assert_eq!(*error.code(), SqlState::NOT_NULL_VIOLATION),
            constraint => assert_eq!(error.constraint(), Some(constraint)),
        }
    }
    database.run("insert into public.tasks (name, start_time, end_time) values (repeat('é', 200), now(), now())");
}

#[test]
fn a_role_that_can_only_write_tasks_starts_jobs() {
    let database = Database::new();
    database.run(
        "create role clerk login; grant insert on public.tasks to clerk; grant usage on schema elt to clerk",
    );
    let mut clerk = database.connect_as("clerk");
    clerk
        .batch_execute("insert into public.tasks (name, start_time) values ('lab5', now())")
        .unwrap();
    assert_eq!(jobs(&database), 1);
    let claim = clerk
        .batch_execute("select elt.claim_jobs(1, '{default}', 1)")
        .unwrap_err();
    assert_eq!(claim.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    drop(clerk);
    database.run("drop owned by clerk; drop role clerk");
}

#[test]
fn every_change_of_a_task_is_recorded_with_its_author() {
    let database = Database::new();
    let role = format!("{}_clerk", database.name());
    database.run(&format!(
        "create role {role} login; grant select, insert, update, delete on public.tasks to {role}"
    ));
    let mut clerk = database.connect_as(&role);
    clerk
        .batch_execute(
            "insert into public.tasks (name, start_time) values ('one', '2026-01-01Z'), ('two', '2026-01-01Z'); \
             begin; set local elt.account = 'ann'; update public.tasks set name = 'first' where name = 'one'; commit; \
             update public.tasks set name = name; \
             begin; update public.tasks set name = 'never'; rollback; \
             delete from public.tasks where name = 'two'",
        )
        .unwrap();
    let history = database.text(
        "select string_agg(concat_ws(' ', operation, row_key ->> 'task_id', old_values ->> 'name', \
         new_values ->> 'name', coalesce(account_name, '-'), role_name = session_user), ', ' order by change_id) \
         from elt.change where table_name = 'public.tasks'",
    );
    assert_eq!(
        history,
        "insert 1 one - f, insert 2 two - f, update 1 one first ann f, delete 2 two - f"
    );
    assert_eq!(
        database
            .text("select distinct role_name from elt.change where table_name = 'public.tasks'"),
        role
    );
    // The history of an update has only the changed values, and only the owner can rewrite it.
    let changed = "select new_values::text from elt.change where operation = 'update' and table_name = 'public.tasks'";
    assert_eq!(database.text(changed), "{\"name\": \"first\"}");
    for sql in [
        "table elt.change",
        "delete from elt.change",
        "select elt.note_change()",
    ] {
        assert!(clerk.batch_execute(sql).is_err(), "{sql}");
    }
    drop(clerk);
    database.run(&format!("drop owned by {role}; drop role {role}"));
}
