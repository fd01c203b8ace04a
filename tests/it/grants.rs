//! Roles: a database shared with other applications, no superuser, and every command run by its role.

use crate::support::{Database, Elt, Folder, HEADER, Home, Outcome, ProjectCopy};
use crate::web::Site;
use postgres::{Client, NoTls};
use std::io::{Read, Write};
use std::net::TcpStream;

/// A server with one database, which `dba` (not a superuser) owns and another application uses too.
pub(crate) struct Shared {
    home: Home,
    pub(crate) database: Database,
}

/// The objects of the other application, as its owner and the catalogue see them.
const OTHERS: &str = "select string_agg(format('%s %s %s', oid::regclass, relowner::regrole, relacl), '; ' \
                      order by oid::regclass::text) || (select string_agg(format('%s %s', nspowner::regrole, nspacl), '') \
                      from pg_namespace where nspname = 'shop') from pg_class \
                      where relname like 'other%' and relkind in ('r', 'v')";

impl Shared {
    pub(crate) fn new() -> Shared {
        // No migration has created the roles yet.
        let home = Home::new();
        home.elt().args(["db", "start"]).run().ok();
        let mut superuser =
            Client::connect(&home.url().replace("/epiondw", "/postgres"), NoTls).unwrap();
        superuser
            .batch_execute("create role dba login createrole; create role shop login")
            .unwrap();
        for sql in [
            "drop database epiondw with (force)",
            "create database epiondw owner dba template template0 encoding 'UTF8'",
        ] {
            superuser.batch_execute(sql).unwrap();
        }
        let database = Database::in_home(&home);
        database.run(
            "revoke all on database epiondw from public; grant connect on database epiondw to shop; \
             revoke all on schema public from public; grant usage, create on schema public to shop; \
             create schema shop authorization shop",
        );
        let mut shop = database.connect_as("shop");
        shop.batch_execute(
            "create table shop.other_order (id bigint primary key); insert into shop.other_order values (1); \
             create table public.other_customer (id bigint primary key); insert into public.other_customer values (1); \
             create view public.other_view as select id from shop.other_order",
        )
        .unwrap();
        Shared { home, database }
    }

    /// With the schema, and one login for each role, such as `me_load` in `elt_load`. PUBLIC may execute nothing.
    pub(crate) fn prepared() -> Shared {
        let shared = Shared::new();
        shared.run("dba", "grants --yes").ok();
        let nothing =
            "alter default privileges for role elt_migrate revoke execute on functions from public";
        let mut dba = shared.database.connect_as("dba");
        dba.batch_execute(nothing).unwrap();
        for role in ["migrate", "load", "read", "web", "worker"] {
            let sql = format!("create role me_{role} login in role elt_{role}");
            shared
                .database
                .connect_as("dba")
                .batch_execute(&sql)
                .unwrap();
        }
        shared.run("me_migrate", "migrate").ok();
        shared
    }

    pub(crate) fn elt(&self, role: &str, line: &str) -> Elt {
        Elt::on(&self.database.url_as(role)).args(line.split_whitespace())
    }

    #[track_caller]
    pub(crate) fn run(&self, role: &str, line: &str) -> Outcome {
        self.elt(role, line).run()
    }

    /// Whether a role can execute a statement.
    #[track_caller]
    fn may(&self, role: &str, sql: &str) -> bool {
        match self.database.connect_as(role).batch_execute(sql) {
            Ok(()) => true,
            Err(error) => {
                let code = error.code().unwrap().code();
                assert_eq!(code, "42501", "{role}: {sql}: {error}");
                false
            }
        }
    }
}

#[test]
fn grants_prints_statements_for_psql_and_changes_nothing() {
    let shared = Shared::new();
    let database = &shared.database;
    let others = database.text(OTHERS);
    let roles = "select count(*) from pg_roles where rolname ~ '^elt_'";
    let printed = shared.run("dba", "grants").ok();
    assert_eq!(database.number(roles), 0, "it only prints");
    assert!(printed.stdout.contains("elt_worker"), "{}", printed.stdout);
    printed.says(&["this database has no elt schema yet"]);
    let folder = Folder::new();
    // Before the schema exists, after it was created, and again.
    for round in 0..3 {
        let printed = shared.run("dba", "grants").ok().stdout;
        let file = folder.write("grants.sql", &printed);
        let psql = shared.elt("dba", "db psql -- -X -q -v ON_ERROR_STOP=1 -f");
        psql.args([file]).run().ok();
        assert_eq!(database.number(roles), 6);
        if round == 0 {
            let sql = "create role me_migrate login in role elt_migrate";
            database.connect_as("dba").batch_execute(sql).unwrap();
            shared.run("me_migrate", "migrate").ok();
        }
    }
    let document = shared.run("dba", "grants --json").ok().json();
    let left: Vec<_> = document["statements"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|each| each["is_done"] != true)
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // --apply is the hidden alias of --yes.
    for flag in ["--yes", "--apply"] {
        let again = shared.run("dba", &format!("grants {flag}")).ok().stdout;
        assert!(again.contains("statements run: 0"), "{again}");
    }
    let dry = shared.run("dba", "grants --yes --dry-run").ok().stdout;
    assert!(dry.starts_with("-- Roles"), "{dry}");
    assert_eq!(database.text(OTHERS), others);
    let not_theirs = "select count(*) from pg_class where relnamespace::regnamespace::text in \
                      ('elt', 'staging', 'core', 'quality') and relowner <> 'elt_migrate'::regrole";
    assert_eq!(database.number(not_theirs), 0);
}

#[test]
fn a_role_that_may_not_grant_changes_nothing_and_is_told_the_statement() {
    let shared = Shared::new();
    let database = &shared.database;
    database
        .connect_as("dba")
        .batch_execute("create role outsider login; grant connect on database epiondw to outsider")
        .unwrap();
    shared.run("outsider", "grants --yes").exits_with(1).says(&[
        "create role elt_migrate",
        "Nothing was changed.",
        "elt grants",
    ]);
    assert_eq!(
        database.number("select count(*) from pg_roles where rolname ~ '^elt_'"),
        0
    );
}

#[test]
fn grants_of_other_owners_are_named_and_do_not_stop_the_rest() {
    let shared = Shared::new();
    let database = &shared.database;
    // As after an upgrade from PostgreSQL 14: the owner of the database may not grant, and gets only a warning.
    database.run("alter schema public owner to postgres; grant usage on schema public to dba");
    let apply = || shared.run("dba", "grants --yes");
    for _ in 0..2 {
        apply().exits_with(1).says(&[
            "could not run: grant usage, create on schema public to elt_migrate",
            "Statements that are not in place: 6. All others are in place.",
            "administrator",
        ]);
    }
    database.run("alter schema public owner to pg_database_owner");
    apply().ok();

    // The role that migrates becomes the owner, even if it inherits nothing.
    let sql = "create role me_migrate login noinherit in role elt_migrate; create role me_worker login in role elt_worker; \
               grant connect on database epiondw to me_migrate";
    database.connect_as("dba").batch_execute(sql).unwrap();
    shared.run("me_migrate", "migrate").ok();
    shared.run("me_migrate", "migrate").ok();

    let mut shop = database.connect_as("shop");
    shop.batch_execute(
        "create function public.other_job(args jsonb) returns jsonb language sql as 'select args'; \
         revoke execute on function public.other_job from public",
    )
    .unwrap();
    database.run(
        "insert into elt.job_kind (kind, function_name, description) values ('other', 'public.other_job', 'x'); \
         revoke execute on function elt.claim_jobs from elt_worker",
    );
    apply().exits_with(1).says(&[
        "could not run: alter routine public.other_job(args jsonb) owner to elt_migrate",
        "must be owner of function other_job",
        "Statements that are not in place: 2. All others are in place.",
    ]);
    let claim = "select elt.claim_jobs(1, '{}', 1)";
    assert!(shared.may("me_worker", claim));
    database.run("revoke execute on function elt.claim_jobs from elt_worker");
    let mut owner = database.connect_as("dba");
    owner
        .batch_execute("set role elt_migrate; select elt.grant_roles()")
        .unwrap();
    assert!(shared.may("me_worker", claim));
    // An administrator may grant it.
    shared.run("postgres", "grants --yes").ok();
    assert!(shared.may("me_worker", "select public.other_job('{}')"));
}

#[test]
fn every_command_needs_its_own_role_and_no_other() {
    let shared = Shared::prepared();
    let database = &shared.database;
    let others = database.text(OTHERS);
    let (out, data) = (Folder::new(), Folder::with_data());
    let run = |role: &str, line: &str| shared.run(role, line);

    // Loading: the daily commands, with a file that is copied over several connections.
    let load = |line: &str| run("me_load", line);
    shared
        .elt("me_load", "run")
        .path("--out", out.path())
        .run()
        .ok();
    assert!(out.read("valid_appts.csv").lines().count() > 100);
    let rows: String = (0..200_000)
        .map(|row| format!("1,{row},,4,4,,,2023-02-01\n"))
        .collect();
    data.write("lab1_appointments.csv", format!("{HEADER}{rows}"));
    let large = shared
        .elt("me_load", "load appointments -v")
        .path("--data", data.path());
    let large = large.run().ok();
    assert!(!large.stderr.contains("analyze"), "{}", large.stderr);
    assert_eq!(
        database.number("select lane_count from elt.load order by load_id desc limit 1"),
        2
    );
    assert_eq!(
        database.text("select loaded_by from elt.load order by load_id desc limit 1"),
        "me_load",
        "the record names the caller and not the owner of the function"
    );
    assert!(
        database.number(
            "select reltuples::bigint from pg_class where oid = 'core.appointments'::regclass"
        ) > 100_000,
        "core is analyzed"
    );
    load("diff appointments").ok();
    load("diff --export valid_appts").ok();
    load("rollback appointments").ok();
    load("check").ok();
    load("check rows_rejected").ok();
    load("status").ok();
    load("loads").ok();
    load("loads 1").ok();
    load("views").ok();
    load("jobs").ok();
    load("rejects").ok();
    let bad = out.path().join("bad.csv");
    shared
        .elt("me_load", "rejects appointments")
        .path("--out", &bad)
        .run()
        .ok();
    let replay = shared.elt("me_load", "load appointments --max-rejects 100%");
    replay.path("--replay", &bad).run().ok();
    data.write("lab1_appointments.csv", "no header\n");
    shared
        .elt("me_load", "load appointments")
        .path("--data", data.path())
        .run()
        .exits_with(1);
    load("gc").ok();
    shared
        .elt("me_load", "export")
        .path("--out", out.path())
        .run()
        .ok();
    load("migrate --check").ok();
    load("migrate").ok();
    load("user list").exits_with(1).says(&["permission denied"]);
    load("jobs enqueue pipeline")
        .exits_with(1)
        .says(&["permission denied"]);
    load("purge load 1 --yes")
        .exits_with(1)
        .says(&["permission denied"]);

    // Reading.
    let read = |line: &str| run("me_read", line);
    let exports = "export valid_appts epion_appts epion_utilization";
    shared
        .elt("me_read", exports)
        .path("--out", out.path())
        .run()
        .ok();
    read("status").ok();
    read("check --freshness").ok();
    read("loads").ok();
    read("loads 1").ok();
    read("views").ok();
    shared
        .elt("me_read", "db psql -- -c")
        .args(["table elt.help"])
        .run()
        .ok();
    for line in [
        "load",
        "check rows_rejected",
        "rejects",
        "rollback appointments",
        "gc",
        "worker --once",
        "jobs",
        "user list",
    ] {
        read(line).exits_with(1).says(&["permission denied"]);
    }
    // Loads that are not live may have been refused or held back.
    for line in ["diff appointments", "diff --export valid_appts"] {
        read(line)
            .exits_with(1)
            .says(&["may not compare loads", "member of role elt_load"]);
    }

    // Administration by the owner.
    let own = |line: &str| run("me_migrate", line);
    let mut add = shared
        .elt("me_migrate", "user add ann --role admin --password-stdin")
        .command();
    let password = out.write("password", "correct horse battery staple\n");
    add.stdin(std::fs::File::open(password).unwrap());
    assert!(add.output().unwrap().status.success());
    own("user list").ok();
    let token = own("token new ann --name test --change --json").ok().json();
    let token = token["token"].as_str().unwrap();
    own("token list").ok();
    own("grants --yes").ok();
    own("views").ok();
    own("purge load 2 --yes").ok();
    own("purge key emr_practice_id=1 emr_appointment_id=5002 --yes").ok();

    // The web application without a worker.
    let site = Site::spawn(shared.elt("me_web", "serve --no-worker"));
    assert!(ask(&site, token, "/api/tasks/").starts_with("HTTP/1.0 200"));
    assert!(ask(&site, token, "/api/valid_appointments/").starts_with("HTTP/1.0 200"));
    drop(site);
    assert!(shared.may(
        "me_web",
        "insert into public.tasks (name, start_time) values ('lab5', now())"
    ));
    run("me_web", "user list")
        .exits_with(1)
        .says(&["permission denied"]);
    run("me_web", "load")
        .exits_with(1)
        .says(&["permission denied"]);

    // The job that the task started, other jobs, and the one that deletes old sessions of accounts.
    let work = |line: &str| run("me_worker", line);
    work("jobs enqueue prune").ok();
    shared
        .elt("me_worker", "worker --until-empty")
        .path("--out", out.path())
        .run()
        .ok();
    assert_eq!(
        database.text("select string_agg(distinct state, ', ') from elt.job"),
        "succeeded"
    );
    work("jobs enqueue pipeline").ok();
    work("jobs cancel 3").ok();
    work("jobs retry 3").ok();
    work("jobs list").ok();
    work("jobs show 3").ok();
    work("jobs kinds").ok();
    work("jobs schedules").ok();
    shared.elt("me_worker", "load --force").run().ok();
    work("user list").exits_with(1).says(&["permission denied"]);
    work("purge load 2 --yes")
        .exits_with(1)
        .says(&["permission denied"]);
    // No worker is running.
    run("me_read", "doctor").exits_with(1);
    work("jobs cancel 3").ok();
    own("token revoke 1").ok();
    own("user disable ann").ok();
    for role in [
        "me_migrate",
        "me_load",
        "me_read",
        "me_web",
        "me_worker",
        "dba",
    ] {
        run(role, "doctor").ok();
    }
    load("grants").ok();
    assert_eq!(database.text(OTHERS), others);
    drop(shared.home);
}

/// The header of the response to a program.
fn ask(site: &Site, token: &str, path: &str) -> String {
    let host = site.origin().replace("http://", "");
    let mut stream = TcpStream::connect(&host).unwrap();
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Token {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn readers_see_marts_and_no_earlier_layer() {
    let shared = Shared::prepared();
    shared.run("me_load", "load").ok();
    for relation in [
        "public.valid_appointments",
        "public.epion_practices",
        "public.tasks",
        "elt.source_status",
        "elt.load_status",
    ] {
        assert!(
            shared.may("me_read", &format!("table {relation}")),
            "{relation}"
        );
    }
    let everything =
        "select string_agg(distinct schema_name, ', ' order by schema_name) from elt.relation";
    let seen: String = shared
        .database
        .connect_as("me_read")
        .query_one(everything, &[])
        .unwrap()
        .get(0);
    assert_eq!(seen, "elt, public");
    for relation in [
        "staging.appointments",
        "core.appointments",
        "core.incoming_appointments",
        "quality.rows_rejected",
        "elt.reject",
        "elt.earlier_row",
        "elt.rule_result",
        "elt.change",
        "elt.job",
        "elt.account",
        "public.other_customer",
        "shop.other_order",
    ] {
        assert!(
            !shared.may("me_read", &format!("table {relation}")),
            "{relation}"
        );
    }
    for statement in [
        "create table public.mine (a int)",
        "create schema mine",
        "delete from public.tasks",
        "select elt.enqueue('pipeline')",
        "select elt.sweep()",
        "select elt.drop_staging(1)",
        "select elt.load_rows(1, 'core.offices', 'kept')",
        "select elt.core_at(1, 'core.offices', 'kept')",
        "table elt.comparable_load",
    ] {
        assert!(!shared.may("me_read", statement), "{statement}");
    }
}

#[test]
fn loaders_change_core_only_by_loads() {
    let shared = Shared::prepared();
    shared.run("me_load", "load").ok();
    for statement in [
        "delete from core.appointments",
        "insert into elt.live_pointer values ('appointments', 1, 1)",
        "delete from elt.load",
        "update elt.load set loaded_by = 'another_user'",
        "drop table staging.appointments",
        "insert into staging.appointments (_load_id, _row) values (1, 1)",
        "table elt.earlier_row",
        "table elt.account",
        "delete from elt.reject",
        "select elt.drop_staging(1)",
        "select elt.purge_load(1, '')",
        "select elt.override_live('{1}')",
        "create or replace view public.valid_appointments as select 1",
        "table public.other_customer",
    ] {
        assert!(!shared.may("me_load", statement), "{statement}");
    }
}

#[test]
fn a_loaders_own_type_does_not_replace_postgresqls() {
    let shared = Shared::prepared();
    shared
        .database
        .run("grant temporary on database epiondw to me_load");
    let mut loader = shared.database.connect_as("me_load");
    loader
        .batch_execute(
            "create function pg_temp.mislead(value pg_catalog.text) returns boolean language plpgsql as
             $$ begin raise exception 'misled as %', current_user; end $$;
             create domain pg_temp.text as pg_catalog.text check (pg_temp.mislead(value))",
        )
        .unwrap();
    let mut misled = |sql: &str| match loader.batch_execute(sql) {
        Ok(()) => String::new(),
        Err(error) => error.as_db_error().unwrap().message().to_string(),
    };
    assert_eq!(misled("select 'x'::text"), "misled as me_load");
    let publish = "select elt.publish_loads('{}', 'load', 'test')";
    assert_eq!(misled(publish), "");
    // With an empty path it would be.
    shared
        .database
        .run("alter function elt.publish_loads set search_path = ''");
    assert_eq!(misled(publish), "misled as elt_migrate");
}

#[test]
fn objects_of_later_migrations_are_granted_too() {
    let shared = Shared::prepared();
    let project = ProjectCopy::new();
    project.write(
        "sql/mart/later.sql",
        "-- grain:    one row\n-- reads:    core.offices\ncreate or replace view public.later as\n\
         select count(*) as office_count from core.offices;\n\ncomment on view public.later is 'Later.';\n\
         comment on column public.later.office_count is 'Offices.';\n",
    );
    project.add_migration(
        0,
        "create_note",
        "create table public.note (note_id bigint primary key);\ncomment on table public.note is 'Notes.';\n\
         comment on column public.note.note_id is 'Number.';\n\
         insert into elt.admin_table (table_name, may_add) values ('public.note', true);\n",
    );
    let migrate = |role: &str| {
        shared
            .elt(role, "migrate")
            .path("--project", project.path())
            .run()
    };
    migrate("me_load")
        .exits_with(1)
        .says(&["permission denied"]);
    migrate("me_migrate").ok();
    let database = &shared.database;
    assert!(shared.may("me_read", "table public.later; table public.note"));
    assert!(shared.may("me_web", "insert into public.note values (1)"));
    assert!(!shared.may("me_web", "delete from public.note"));
    // Rights on unregistered tables are revoked; the others stay.
    database.run("update elt.admin_table set may_add = false where table_name = 'public.note'; select elt.grant_roles()");
    assert!(!shared.may("me_web", "insert into public.note values (2)"));
    assert!(shared.may(
        "me_web",
        "insert into public.tasks (name, start_time) values ('x', now())"
    ));
    assert_eq!(
        database
            .text("select pg_get_userbyid(relowner)::text from pg_class where relname = 'later'"),
        "elt_migrate"
    );

    // The script does the same in psql; this project has a database for the rehearsal.
    database.run("alter role me_migrate createdb");
    project.write(
        "sql/mart/by_hand.sql",
        "-- grain:    one row\n-- reads:    core.offices\ncreate or replace view public.by_hand as\n\
         select count(*) as office_count from core.offices;\n",
    );
    project.add_migration(1, "by_hand", "create table core.by_hand (id bigint);\n");
    let script = shared.elt("me_migrate", "migrate --sql");
    let script = script.path("--project", project.path()).run().ok().stdout;
    assert!(!script.contains("careful"), "{script}");
    let file = Folder::new();
    let psql = shared.elt("me_migrate", "db psql -- -X -q -f");
    let outcome = psql.args([file.write("script.sql", script)]).run().ok();
    assert_eq!(outcome.stderr, "");
    let owners =
        "select string_agg(relowner::regrole::text, ' ') from pg_class where relname = 'by_hand'";
    assert_eq!(database.text(owners), "elt_migrate elt_migrate");
    assert_eq!(
        migrate("me_migrate").ok().stdout,
        "nothing to do: the database's schema is up to date\n"
    );
    // A role that cannot drop a view is not told which views depend on it.
    database.run("alter view public.by_hand owner to postgres");
    project.remove("sql/mart/by_hand.sql");
    let outcome = migrate("me_migrate")
        .exits_with(1)
        .says(&["must be owner of view by_hand"]);
    assert!(
        !outcome.stderr.contains("depends on it"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_database_migrated_by_another_role_is_handed_over() {
    let home = Home::started();
    home.elt().args(["load"]).run().ok();
    let database = Database::in_home(&home);
    database.run("create table public.other_mine (a int)");
    let grants = home.elt().args(["grants", "--yes"]).run().ok();
    assert!(
        grants
            .stdout
            .contains("alter table core.appointments owner to elt_migrate;"),
        "{}",
        grants.stdout
    );
    let owners = "select string_agg(distinct pg_get_userbyid(relowner)::text, ', ') from pg_class \
                  where relnamespace::regnamespace::text in ('elt', 'staging', 'core', 'quality') \
                  or relname in ('valid_appointments', 'tasks')";
    assert_eq!(database.text(owners), "elt_migrate");
    assert_eq!(
        database.text("select relowner::regrole::text from pg_class where relname = 'other_mine'"),
        "postgres",
        "objects that are not elt's keep their owner"
    );
    database.run(
        "create role me_load login in role elt_load; create role me_read login in role elt_read",
    );
    Elt::on(&database.url_as("me_load"))
        .args(["load", "--force"])
        .run()
        .ok();
    home.elt().args(["load", "--force"]).run().ok();
    Elt::on(&database.url_as("me_read"))
        .args(["status"])
        .run()
        .ok();
    let project = ProjectCopy::new();
    // Missing privileges of the role are reported in advance.
    let file = project.add_migration(0, "read_file", "select pg_read_file('PG_VERSION');\n");
    let plan = home.elt().args(["migrate", "--dry-run"]);
    let plan = plan.path("--project", project.path()).run().ok().stdout;
    assert!(plan.contains("-- fails: permission denied"), "{plan}");
    project.remove(&format!("migrations/{file}"));
    project.write(
        "sql/mart/later.sql",
        "-- grain:    one row\n-- reads:    core.offices\ncreate or replace view public.later as\n\
         select count(*) as office_count from core.offices;\n",
    );
    let migrate = home.elt().args(["migrate"]);
    migrate.path("--project", project.path()).run().ok();
    let owner = "select relowner::regrole::text from pg_class where relname = 'later'";
    assert_eq!(database.text(owner), "elt_migrate");
    let again = home.elt().args(["grants", "--yes"]).run().ok().stdout;
    assert!(again.contains("statements run: 0"), "{again}");
}

#[test]
fn no_reader_sees_a_load_before_it_is_published() {
    let shared = Shared::prepared();
    for role in ["me_read", "me_web"] {
        for statement in [
            "insert into elt.live_override values ('appointments', 1)",
            "select elt.override_live('{1}')",
            "select elt.prepare_part('{1}', 0, 1)",
            "select elt.drop_prepared(null)",
        ] {
            assert!(!shared.may(role, statement), "{role}: {statement}");
        }
    }
    assert!(!shared.may("me_load", "select elt.override_live('{1}')"));
    let name = shared.database.name();
    let setting = format!("alter database {name} set elt.rows_to_prepare = 1");
    shared.database.run(&setting);
    let loaded = shared.run("me_load", "load --json").ok().json();
    let published = &loaded["load"]["published"];
    assert!(published["prepare_seconds"].is_number(), "{loaded}");
    assert_eq!(
        shared
            .database
            .number("select count(*) from elt.live_override"),
        0
    );
}
