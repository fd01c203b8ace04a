//! Migrations outside a transaction: an index that is built while other sessions read and write.

use super::LEDGER;
use crate::support::{Database, ProjectCopy, migrations, wait_until};

const MIGRATION: &str = "\
-- what:   an index for whoever looks for offices by name
-- transaction: none
set lock_timeout = 0;
set statement_timeout = 0;
create index concurrently if not exists offices_office_name_idx on core.offices (office_name);
";

const VALID: &str = "select count(*) from pg_index where indexrelid = to_regclass('core.offices_office_name_idx') and indisvalid";
const INVALID: &str = "select count(*) from pg_index where indexrelid = to_regclass('core.offices_office_name_idx') and not indisvalid";

/// With the migration, and a transaction that keeps the index from being finished.
fn pending() -> (Database, ProjectCopy) {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.elt().args(["load"]).run().ok();
    project.add_migration(0, "index_office_name", MIGRATION);
    (database, project)
}

#[test]
fn an_index_is_built_while_others_write_and_two_at_once_build_it_once() {
    let (database, project) = pending();
    let migrate = || database.elt_with(project.path(), &["migrate"]).start();
    let held = database.hold_by("update core.offices set office_name = office_name");
    let runs = [migrate(), migrate()];
    wait_until("it to wait for the writer", || {
        database.has_waiting_session()
    });
    database.run(
        "set lock_timeout = '2s'; insert into core.offices (entry_number, _load_id, _row) values (-1, 1, 1)",
    );
    held.release();
    for run in runs {
        run.finish().ok();
    }
    assert_eq!(database.number(VALID), 1);
    assert_eq!(database.number(LEDGER), migrations("epion") + 1);
    let text = "select applied_text from elt.project_migration where name = 'index_office_name'";
    assert_eq!(database.text(text), MIGRATION);
    let again = database.elt_with(project.path(), &["migrate"]).run().ok();
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
    database
        .elt_with(project.path(), &["migrate", "--verify"])
        .run()
        .ok();
}

#[test]
fn an_index_that_was_broken_off_is_dropped_and_made_again() {
    let (database, project) = pending();
    let held = database.hold_by("update core.offices set office_name = office_name");
    let run = database.elt_with(project.path(), &["migrate"]).start();
    wait_until("it to wait for the writer", || {
        database.has_waiting_session() && database.number(INVALID) == 1
    });
    run.kill();
    wait_until("the server to notice", || {
        database.number("select count(*) from pg_stat_activity where application_name like 'elt migrate %' and datname = current_database()") == 0
    });
    held.release();
    assert_eq!(database.number(INVALID), 1);
    assert_eq!(database.number(LEDGER), migrations("epion"));
    let migrate = database.elt_with(project.path(), &["migrate"]);
    migrate
        .run()
        .ok()
        .says(&["index core.offices_office_name_idx is not valid"]);
    assert_eq!((database.number(VALID), database.number(INVALID)), (1, 0));
    assert_eq!(database.number(LEDGER), migrations("epion") + 1);
}

#[test]
fn what_was_done_before_the_ledger_was_written_is_no_obstacle() {
    let (database, project) = pending();
    database.run("create index offices_office_name_idx on core.offices (office_name)");
    database.elt_with(project.path(), &["migrate"]).run().ok();
    assert_eq!(database.number(LEDGER), migrations("epion") + 1);
}

#[test]
fn a_statement_that_cannot_be_done_again_is_refused_before_anything_is_done() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    let text = MIGRATION.replace(" if not exists", "");
    project.add_migration(0, "index_office_name", &text);
    database
        .elt_with(project.path(), &["migrate"])
        .run()
        .exits_with(2)
        .says(&[
            "cannot be repeated after a crash",
            "hint: Write if not exists into: create index concurrently offices_office_name_idx",
        ]);
    assert_eq!(database.number(VALID), 0);
}

#[test]
fn an_index_that_cannot_be_is_named_and_made_once_it_can() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run("create table public.twice (id bigint); insert into public.twice values (1), (1)");
    let valid =
        "select count(*) from pg_index where indrelid = 'public.twice'::regclass and indisvalid";
    let file = project.add_migration(
        0,
        "be_unique",
        "-- transaction: none\ncreate unique index concurrently if not exists \"Twice Größe\" on \"public\".twice (id);\n",
    );
    let migrate = || database.elt_with(project.path(), &["migrate"]).run();
    migrate().exits_with(1).says(&[
        &format!("{file}\", at: create unique index concurrently"),
        "could not create unique index",
    ]);
    assert_eq!(database.number(LEDGER), migrations("epion"));
    database.run("delete from public.twice where ctid = (select min(ctid) from public.twice)");
    migrate().ok();
    assert_eq!(database.number(valid), 1);
    assert_eq!(database.number(LEDGER), migrations("epion") + 1);
}
