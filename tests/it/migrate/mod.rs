//! The ledgers: migrations run twice, at the same time, killed in between, and failing.

mod drift;
mod edited;
mod outside;
mod plan;
mod sql_script;

use crate::support::{Database, Elt, ProjectCopy, migrations, wait_until};

const LEDGER: &str = "select count(*) from elt.project_migration";

#[test]
fn an_empty_database_comes_up_to_date_and_twice_is_once() {
    let database = Database::empty();
    database
        .elt()
        .args(["migrate", "--check"])
        .run()
        .exits_with(6)
        .says(&["not up to date", "elt migrate"]);
    let plan = database.elt().args(["migrate", "--dry-run"]).run().ok();
    assert!(
        plan.stdout.contains("create table elt.load"),
        "{}",
        plan.stdout
    );
    assert!(
        plan.stdout
            .contains("create or replace view public.valid_appointments")
    );
    assert_eq!(
        database.number("select count(*) from pg_namespace where nspname = 'elt'"),
        0
    );
    let json = database.elt().args(["migrate", "--check", "--json"]).run();
    let pending = json.exits_with(6).json()["migrations_pending"].clone();
    let all = migrations("elt") + migrations("epion");
    assert_eq!(
        pending.as_array().unwrap().len(),
        usize::try_from(all).unwrap()
    );
    database.elt().args(["migrate"]).run().ok();
    database.elt().args(["migrate", "--check"]).run().ok();
    let again = database.elt().args(["migrate"]).run().ok();
    assert!(again.stdout.contains("nothing to do"));
    let status = database.elt().args(["migrate", "--status"]).run().ok();
    assert!(
        status.stdout.contains("V0001__create_schemas"),
        "{}",
        status.stdout
    );
    assert!(!status.stdout.contains("pending"), "{}", status.stdout);
}

#[test]
fn somebody_elses_schemas_are_not_taken_over() {
    let database = Database::empty();
    let name = database.name();
    let owner = format!("owner_of_{name}");
    database.run(&format!(
        "create role {owner} login; create schema staging authorization {owner}; create schema core; create schema elt"
    ));
    let migrate = |flag: &str| database.elt().args(["migrate"]).args([flag]).run();
    let others = "select string_agg(format('%s %s %s', nspname, nspowner::regrole, obj_description(oid)), ', ' \
                  order by nspname) from pg_namespace where nspname in ('elt', 'staging', 'core', 'quality')";
    let before = database.text(others);
    // Empty, but owned by another role: refused too.
    database.run(&format!("create role m_{name} login"));
    database.run(&format!(
        "alter schema staging owner to m_{name}; alter schema elt owner to m_{name}; alter database {name} owner to m_{name}"
    ));
    let url = database.url_as(&format!("m_{name}"));
    Elt::on(&url).args(["migrate"]).run().exits_with(6).says(&[
        "schema \"core\" already exists and has another owner",
        "role \"postgres\"",
        "another database",
    ]);
    database.run(&format!(
        "alter schema staging owner to {owner}; alter schema elt owner to postgres"
    ));
    for object in [
        "table staging.payroll_load_7",
        "view elt.ours",
        "function staging.f()",
        "type staging.kind",
    ] {
        let (kind, name) = object.split_once(' ').unwrap();
        database.run(&match kind {
            "table" => format!("create table {name} (a int)"),
            "view" => format!("create view {name} as select 1 as a"),
            "function" => format!("create function {name} returns int language sql as 'select 1'"),
            _ => format!("create type {name} as enum ('a')"),
        });
        for flag in ["--dry-run", "--plan", "--sql", "--check", "-v"] {
            migrate(flag)
                .exits_with(6)
                .says(&[object, "another database", "Nothing was changed."]);
        }
        database.run(&format!("drop {object}"));
    }
    assert_eq!(database.text(others), before);
    // Empty ones are as good as none.
    migrate("-v").ok();
    database.run(&format!(
        "alter schema staging owner to postgres; alter database {name} owner to postgres; \
         drop role {owner}, m_{name}"
    ));
}

#[test]
fn load_on_a_server_of_ones_own_asks_for_migrate() {
    let database = Database::empty();
    database
        .elt()
        .args(["load"])
        .run()
        .exits_with(6)
        .says(&["elt migrate --dry-run"]);
    database.elt().args(["load", "--migrate"]).run().ok();
}

#[test]
fn two_at_once_apply_everything_once() {
    let database = Database::empty();
    let mut holder = database.connect();
    // Both find work to do, and queue here.
    holder
        .execute("select pg_advisory_lock(6646900, 1)", &[])
        .unwrap();
    let runs = [0, 1].map(|_| database.elt().args(["migrate"]).start());
    wait_until("both to wait", || {
        database.number(
            "select count(*) from pg_stat_activity where datname = current_database() and state = 'idle' \
             and query like 'select pg_try_advisory_lock%'",
        ) == 2
    });
    holder
        .execute("select pg_advisory_unlock(6646900, 1)", &[])
        .unwrap();
    for run in runs {
        run.finish().ok().says(&["waiting for another elt"]);
    }
    assert_eq!(database.number(LEDGER), migrations("epion"));
    assert_eq!(
        database.number("select count(*) from elt.view_version where version > 1"),
        0
    );
}

#[test]
fn each_migration_commits_together_with_its_ledger_row_and_alone() {
    let database = Database::empty();
    database.elt().args(["migrate"]).run().ok();
    // xmin is the transaction that wrote a row, be it of a ledger or of the catalogue. The first of the engine's
    // are left out: when there was a column for their texts, they were written again.
    for (ledger, name, table, column) in [
        (
            "elt.engine_migration",
            "keep_applied_texts",
            "elt.engine_migration",
            "applied_text",
        ),
        (
            "elt.project_migration",
            "create_core",
            "core.offices",
            "office_name",
        ),
    ] {
        let alone = format!(
            "select count(*) - count(distinct xmin::text) from {ledger} \
             where '{ledger}' = 'elt.project_migration' or version >= 37"
        );
        assert_eq!(database.number(&alone), 0, "{ledger}");
        let together = format!(
            "select count(*) from {ledger} as ledger inner join pg_attribute on pg_attribute.xmin = ledger.xmin \
             where ledger.name = '{name}' and attrelid = '{table}'::regclass and attname = '{column}'"
        );
        assert_eq!(database.number(&together), 1, "{name}");
    }
}

#[test]
fn killed_between_two_migrations_it_goes_on_where_it_was() {
    let database = Database::empty();
    let project = ProjectCopy::new();
    database.run("create table public.obstacle (id bigint)");
    project.add_migration(
        0,
        "cross_obstacle",
        "set local lock_timeout = '0';\ncreate table public.crossed (id bigint);\nalter table public.obstacle add column crossed boolean;\n",
    );
    let migrate = || database.elt_with(project.path(), &["migrate"]);
    let held = database.hold("public.obstacle");
    let run = migrate().start();
    // And not to wait for autovacuum before that.
    wait_until("it to reach the obstacle", || {
        database.number("select count(*) from pg_locks where not granted and relation = 'public.obstacle'::regclass") == 1
    });
    run.kill();
    held.release();
    wait_until("the server to notice", || {
        database.number("select count(*) from pg_stat_activity where application_name like 'elt migrate %' and datname = current_database()") == 0
    });
    // Each of the project's has its row; of the other there is neither row nor table.
    assert_eq!(database.number(LEDGER), migrations("epion"));
    assert_eq!(
        database.number("select count(*) from pg_class where relname = 'crossed'"),
        0
    );
    migrate().run().ok();
    assert_eq!(database.number(LEDGER), migrations("epion") + 1);
    assert_eq!(
        database.number("select count(*) from pg_class where relname = 'crossed'"),
        1
    );
}

#[test]
fn a_failing_migration_is_named_with_its_line_and_leaves_no_trace() {
    let database = Database::new();
    let project = ProjectCopy::new();
    let before = project.add_migration(0, "succeed", "select 1;\n");
    let file = project.add_migration(
        1,
        "fail",
        "create table public.made (id bigint);\n\nselect 1 / 0;\nselect nonsense;\n",
    );
    let migrate = || database.elt_with(project.path(), &["migrate"]).run();
    let kept = format!("/{before}.");
    migrate().exits_with(1).says(&[
        &file,
        "division by zero",
        "detail: Already committed: ",
        &kept,
    ]);
    assert_eq!(database.number(LEDGER), migrations("epion") + 1);
    assert_eq!(
        database.number("select count(*) from pg_class where relname = 'made'"),
        0
    );
    project.add_migration(
        1,
        "fail",
        "create table public.made (id bigint);\nselect nonsense;\n",
    );
    let outcome = migrate().exits_with(1);
    assert!(!outcome.stderr.contains("kept"), "{}", outcome.stderr);
    outcome.says(&[&format!("{file}\", line 2"), "nonsense"]);
}

#[test]
fn a_migration_that_waits_for_a_lock_is_tried_again_and_then_says_who_it_waited_for() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    database.run("create table public.obstacle (id bigint)");
    let file = project.add_migration(
        0,
        "cross_obstacle",
        "set local lock_timeout = '50ms';\nalter table public.obstacle add column crossed boolean;\n",
    );
    let migrate = || database.elt_with(project.path(), &["migrate"]);
    let held = database.hold("public.obstacle");
    let outcome = migrate().run().exits_with(1).says(&[
        &file,
        "lock timeout",
        "gave up after 3 attempts. Nothing of it was applied.",
    ]);
    // The hint shows it to every user.
    database.run("create role who_holds");
    let (_, statement) = outcome.stderr.split_once("find the session: ").unwrap();
    let statement = statement.split(".\n").next().unwrap();
    let mut client = database.connect();
    client.batch_execute("set role who_holds").unwrap();
    let found = client.query(&format!("select * from ({statement}) as found where relation = 'public.obstacle'::regclass and usename = 'postgres'"), &[]);
    assert_eq!(found.unwrap().len(), 1, "{statement}");
    database.run("drop role who_holds");
    assert_eq!(database.number(LEDGER), migrations("epion"));
    let run = migrate().start();
    wait_until("an attempt to fail", || {
        database.number(
            "select count(*) from pg_stat_activity where datname = current_database() \
             and state = 'idle' and query = 'reset lock_timeout'",
        ) == 1
    });
    held.release();
    run.finish().ok();
    assert_eq!(database.number(LEDGER), migrations("epion") + 1);
}
