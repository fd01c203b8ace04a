//! Backup and restore by a DBA: `pg_dump`, then `pg_restore` into another database, on which elt continues.
//! Restoring a backup starts no job.

use crate::grants::Shared;
use crate::support::{
    Database, Elt, Folder, HEADER, ProjectCopy, postgres_program, repository, run_to_end,
};
use crate::web::{Site, add_user};
use postgres::{Client, NoTls};

/// Dumps a database and restores it into an empty one.
fn restored(database: &Database) -> Database {
    let (copy, folder) = (Database::empty(), Folder::new());
    let file = folder.path().join("backup");
    run_to_end(
        postgres_program("pg_dump")
            .args(["--format=custom", "--dbname", &database.url(), "--file"])
            .arg(&file),
    );
    run_to_end(
        postgres_program("pg_restore")
            .args(["--exit-on-error", "--dbname", &copy.url()])
            .arg(&file),
    );
    copy
}

/// The whole queue as one text: jobs, attempts, workers and schedules.
fn queue(database: &Database) -> String {
    let all = |table: &str| {
        let sql = format!(
            "select coalesce(string_agg(each::text, e'\\n' order by each::text), '') from {table} as each"
        );
        database.text(&sql)
    };
    ["elt.job", "elt.job_attempt", "elt.worker", "elt.schedule"]
        .map(all)
        .join("\n--\n")
}

/// Every object with its columns, constraints, comments and privileges. The output of pg_dump cannot be compared,
/// because restored conditions have other parentheses.
fn described(database: &Database) -> Vec<String> {
    let sql = "select dictionary::text from elt.dictionary \
               union all \
               select format('%s %s', oid::regclass, array(select unnest(relacl)::text order by 1)) from pg_class \
               where relkind in ('r', 'p', 'v', 'S') \
               union all \
               select format('%s %s', oid::regprocedure, array(select unnest(proacl)::text order by 1)) from pg_proc \
               where pronamespace = 'elt'::regnamespace \
               order by 1";
    let rows = database.connect().query(sql, &[]).unwrap();
    assert!(rows.len() > 400, "{}", rows.len());
    rows.iter()
        .map(|row| row.get::<_, String>(0).replace(['(', ')'], ""))
        .collect()
}

#[test]
fn a_restored_database_is_the_same_and_goes_on() {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    let load = |on: &Database| on.elt().args(["load"]).path("--data", data.path()).run();
    load(&database).ok();
    load(&database).ok();
    database
        .elt()
        .args(["load", "practices", "--force"])
        .path("--data", data.path())
        .run()
        .ok();
    let copy = restored(&database);
    assert_eq!(described(&copy), described(&database));
    copy.elt().args(["migrate", "--check"]).run().ok();
    let project = ProjectCopy::new();
    let name = "migrations/V0001__create_staging.sql";
    project.replace(name, "-- what:", "-- edited:");
    let edited = copy.elt_with(project.path(), &["migrate"]).run();
    edited.exits_with(6).says(&["\n+-- edited:"]);
    let export = |on: &Database, folder: &str| {
        let folder = out.path().join(folder);
        on.elt().args(["export"]).path("--out", &folder).run().ok();
    };
    export(&database, "before");
    export(&copy, "after");
    for name in [
        "valid_appts.csv",
        "epion_appts.csv",
        "epion_utilization.csv",
    ] {
        let expected = repository().join("tests/expected").join(name);
        let expected = std::fs::read_to_string(expected).unwrap();
        assert_eq!(out.read(&format!("before/{name}")), expected, "{name}");
        assert_eq!(out.read(&format!("after/{name}")), expected, "{name}");
    }
    let again = load(&copy).ok();
    assert!(again.stdout.contains("nothing to do"), "{}", again.stdout);
    let origins = "select string_agg(elt.origin(_load_id, _row)::text, ' ' order by _row) \
                   from quality.appointments_repeated";
    assert_eq!(copy.text(origins), database.text(origins));
    // History, staging and sequences continue where they were.
    copy.elt().args(["rollback", "practices"]).run().ok();
    let latest = "select max(load_id) from elt.load";
    let before = copy.number(latest);
    copy.elt()
        .args(["load", "--force"])
        .path("--data", data.path())
        .run()
        .ok();
    assert!(copy.number(latest) > before);
}

#[test]
fn a_restored_schema_is_what_was_applied_though_its_definitions_read_otherwise() {
    let (database, project) = (Database::new(), ProjectCopy::new());
    // PostgreSQL writes "between" with inner parentheses after it has parsed its own output.
    let is_within = |column: &str| format!("{column} between 1 and 9 and {column} is not null");
    project.add_migration(
        0,
        "create_limited",
        &format!(
            "create table core.limited (a bigint constraint limited_a check ({0}), \
             b boolean default (2 between 1 and 9 and 1 > 0), \
             c boolean generated always as ({0}) stored);\n\
             create index limited_idx on core.limited (a) where {0};\n\
             create function core.pass() returns trigger language plpgsql as 'begin return new; end';\n\
             create trigger limited_pass before insert on core.limited for each row when ({1}) \
             execute function core.pass();\n\
             create rule limited_rule as on update to core.limited where {1} do also nothing;\n\
             create policy limited_policy on core.limited using ({0});\n",
            is_within("a"),
            is_within("new.a"),
        ),
    );
    let view =
        "select limited.a from core.limited where limited.a between 1 and 9 and limited.a > 0";
    project.write(
        "sql/mart/within.sql",
        &format!("-- grain:    one row\n-- reads:    core.limited\ncreate or replace view public.within as\n{view};\n"),
    );
    database.elt_with(project.path(), &["migrate"]).run().ok();
    let copy = restored(&database);
    let definitions = "select string_agg(definition, E'\\n' order by kind, name) from elt.schema_object \
                       where kind = $$ and name ~ '^(public.within|core.limited)'";
    let kinds = [
        "column",
        "constraint",
        "index",
        "trigger",
        "rule",
        "policy",
        "view",
    ];
    for kind in kinds {
        let sql = definitions.replace("$$", &format!("'{kind}'"));
        assert_ne!(copy.text(&sql), database.text(&sql), "{kind}");
    }
    let verify = |on: &Database| on.elt_with(project.path(), &["migrate", "--verify"]).run();
    verify(&copy).ok();
    database.run("create role restored_reader login; grant pg_read_all_data to restored_reader");
    let as_reader = || {
        let elt = copy.elt_with(project.path(), &["migrate", "--verify"]);
        elt.env("DATABASE_URL", copy.url_as("restored_reader"))
            .run()
    };
    as_reader().ok();
    // Other differences are still found.
    copy.run(&format!(
        "create or replace view public.within as {view} or a = 0"
    ));
    copy.run("alter table core.limited drop constraint limited_a, add constraint limited_a check (a between 1 and 8)");
    let outcome = verify(&copy).exits_with(6);
    for line in [
        "changed view public.within\n",
        "changed constraint core.limited.limited_a\n",
    ] {
        assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    }
    outcome.says(&["2 objects differ from what was applied"]);
    as_reader()
        .exits_with(6)
        .says(&["1 object differs from what was applied"]);
    database.run("drop role restored_reader");
}

#[test]
fn a_load_that_ran_when_the_backup_was_made_goes_on_there_and_is_over_in_the_copy() {
    let (database, data) = (Database::new(), Folder::with_data());
    let mut running = database
        .elt()
        .args(["load", "appointments", "--data", "-"])
        .start_fed();
    running.feed(HEADER.as_bytes());
    database.wait_for(
        "the load to begin",
        "select exists (select 1 from elt.load where state = 'copying')",
    );
    let copy = restored(&database);
    running.feed(b"1,1,,4,4,,,2023-02-01\n");
    running.finish().ok();
    let states = "select string_agg(state, ' ' order by load_id) from elt.load where source = 'appointments'";
    assert_eq!(database.text(states), "published");
    let load = copy.elt().args(["load"]).path("--data", data.path());
    load.run().ok();
    assert_eq!(copy.text(states), "interrupted published");
    assert_eq!(
        copy.number("select rows_staged from elt.source_status where source = 'appointments'"),
        3120
    );
}

#[test]
fn nothing_runs_because_of_a_restore() {
    let database = Database::new();
    add_user(&database, "ann", "operator");
    database.run(
        "create table public.done (job bigint);
         create function public.note(args jsonb) returns jsonb language sql as $$
             insert into public.done values (1) returning to_jsonb(job) $$;
         insert into elt.job_kind (kind, function_name, description) values ('note', 'public.note', 'notes');
         insert into elt.schedule (schedule, cron, kind, description) values ('often', '* * * * *', 'note', 'x');
         update elt.schedule set next_run_at = now() - interval '3 days';
         insert into elt.task_job (task_name, kind, description) values ('note', 'note', 'x')
         on conflict do nothing;
         insert into public.tasks (name, start_time) values ('note', now());
         select elt.enqueue('note', run_at => now() + interval '1 day')",
    );
    // A live worker, with a running job.
    let mut worker = database.connect();
    let number: i64 = worker
        .query_one(
            "select elt.start_worker('there', 1, 'test', '{default}', 1, true)",
            &[],
        )
        .unwrap()
        .get(0);
    let lock = "select pg_advisory_lock(6646903, $1::bigint::integer)";
    worker.execute(lock, &[&number]).unwrap();
    let claim = "select job_id from elt.claim_jobs($1, '{default}', 1)";
    let running: i64 = worker.query_one(claim, &[&number]).unwrap().get(0);
    database.run("select elt.enqueue('note')");
    let site = Site::start(&database);
    let cookie = site.sign_in_as("ann");
    let token = database
        .elt()
        .args(["token", "new", "ann", "--name", "t", "--json"])
        .run()
        .ok();
    let token = token.json()["token"].as_str().unwrap().to_string();
    let copy = restored(&database);
    assert_eq!(queue(&copy), queue(&database), "no trigger ran");
    let alive = "select count(*) from elt.worker_status where is_alive";
    assert_eq!(database.number(alive), 1);
    assert_eq!(copy.number(alive), 0, "it holds no lock here");

    let refused = database
        .connect()
        .batch_execute("select elt.after_restore()");
    let refused = refused.unwrap_err();
    assert_eq!(
        refused.as_db_error().unwrap().message(),
        "a worker is running on this database"
    );
    let done =
        copy.text("select string_agg(what || ' ' || how_many, ', ') from elt.after_restore()");
    assert_eq!(
        done,
        "running jobs: cancelled 1, queued jobs: cancelled 2, workers: ended 1, \
         schedules: next time computed from now 2, browser sessions: ended 1"
    );
    // A worker on the copy finds no job.
    let attempts = "select count(*) from elt.job_attempt";
    let before = copy.number(attempts);
    let past = "select count(*) from elt.schedule where is_enabled and next_run_at <= now()";
    assert_eq!(copy.number(past), 0);
    let work = || copy.elt().args(["worker", "--until-empty"]).run().ok();
    copy.run("update elt.schedule set is_enabled = false where schedule = 'often'");
    work();
    assert_eq!(copy.number(attempts), before);
    assert_eq!(copy.number("select count(*) from public.done"), 0);
    // A job that is still wanted is retried explicitly.
    copy.elt()
        .args(["jobs", "retry", &running.to_string()])
        .run()
        .ok();
    work();
    assert_eq!(copy.number("select count(*) from public.done"), 1);

    let there = Site::start(&copy);
    assert_eq!(site.status("/", &format!("Cookie: {cookie}\r\n")), 200);
    assert_eq!(there.status("/", &format!("Cookie: {cookie}\r\n")), 303);
    let by_token = format!("Authorization: Token {token}\r\n");
    assert_eq!(there.status("/api/tasks/", &by_token), 200);
    // The original is unchanged.
    assert_eq!(
        database.number("select count(*) from elt.job where state = 'running'"),
        1
    );
}

#[test]
fn an_owner_without_superuser_restores_a_backup_with_its_roles() {
    let (shared, folder) = (Shared::prepared(), Folder::new());
    let database = &shared.database;
    database.run("drop owned by shop; alter role dba createdb");
    shared.run("me_load", "load").ok();
    let file = folder.path().join("backup");
    run_to_end(
        postgres_program("pg_dump")
            .args([
                "--format=custom",
                "--dbname",
                &database.url_as("dba"),
                "--file",
            ])
            .arg(&file),
    );
    let mut dba = database.connect_as("dba");
    dba.batch_execute("create database restored template template0")
        .unwrap();
    let url = |role: &str| database.url_as(role).replace("/epiondw", "/restored");
    let elt = |role: &str, line: &str| Elt::on(&url(role)).args(line.split(' ')).run();
    elt("dba", "grants --yes").ok();
    run_to_end(
        postgres_program("pg_restore")
            .args(["--exit-on-error", "--dbname", &url("dba")])
            .arg(&file),
    );
    let mut copy = Client::connect(&url("dba"), NoTls).unwrap();
    copy.batch_execute("select elt.after_restore()").unwrap();
    let again = elt("dba", "grants --yes").ok().stdout;
    assert!(again.contains("statements run: 0"), "{again}");
    elt("me_migrate", "migrate --check").ok();
    elt("me_load", "load --force").ok();
    elt("me_read", "status").ok();
    elt("me_worker", "worker --until-empty").ok();
    let doctor = elt("dba", "doctor").ok().stdout;
    assert!(doctor.contains("may migrate, user"), "{doctor}");
}
