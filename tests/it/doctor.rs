//! `elt doctor`: each finding is provoked, reported, and gone after the proposed fix.

use crate::support::{Database, Elt, Folder, HEADER, Home, ProjectCopy, SmallDisk, wait_until};
use postgres::{Client, NoTls};
use serde_json::Value;

/// The findings of doctor: area, level, what, statement.
fn findings(elt: Elt) -> Vec<[String; 4]> {
    let outcome = elt.args(["doctor", "--json"]).run();
    let document = outcome.json();
    let all = document["findings"].as_array().unwrap();
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_string();
    let bad: Vec<_> = all
        .iter()
        .filter(|finding| finding["level"] != "ok")
        .map(|finding| ["area", "level", "what", "statement"].map(|name| text(finding, name)))
        .collect();
    let problems = bad.iter().filter(|finding| finding[1] == "problem").count();
    assert_eq!(document["problem_count"], problems);
    outcome.exits_with(i32::from(problems > 0));
    bad
}

/// The statement of the one finding whose `what` has this text.
#[track_caller]
fn proposed(elt: Elt, level: &str, what: &str) -> String {
    let all = findings(elt);
    let found: Vec<_> = all
        .iter()
        .filter(|finding| finding[2].contains(what))
        .collect();
    assert_eq!(found.len(), 1, "{what}: {all:#?}");
    assert_eq!(found[0][1], level, "{what}");
    found[0][3].clone()
}

#[track_caller]
fn is_well(elt: Elt, what: &str) {
    let all = findings(elt);
    assert!(
        !all.iter().any(|finding| finding[2].contains(what)),
        "{what}: {all:#?}"
    );
}

/// Runs statements one by one, as psql does.
fn run_each(client: &mut Client, statements: &str) {
    let each = statements.split("; ").flat_map(|each| each.split(";\n"));
    for statement in each {
        client.batch_execute(statement).unwrap();
    }
}

/// Runs the proposal: a command, or statements.
fn correct(database: &Database, proposal: &str) {
    match proposal.strip_prefix("elt ") {
        Some(command) => _ = database.elt().args(command.split(' ')).run().ok(),
        None => run_each(&mut database.connect(), proposal),
    }
}

/// Provokes a finding by SQL, and fixes it with the proposed command.
#[track_caller]
fn provoke(database: &Database, sql: &str, level: &str, what: &str) {
    is_well(database.elt(), what);
    run_each(&mut database.connect(), sql);
    let proposal = proposed(database.elt(), level, what);
    correct(database, &proposal);
    is_well(database.elt(), what);
}

/// A migrated server without any finding.
fn healthy() -> (Home, Database) {
    let home = Home::started();
    let database = Database::in_home(&home);
    assert_eq!(findings(home.elt()), [[""; 4]; 0]);
    (home, database)
}

#[test]
fn harmful_server_settings_are_reported() {
    let (home, database) = healthy();
    let settings = [
        ("fsync", "off", "problem"),
        ("full_page_writes", "off", "problem"),
        ("synchronous_commit", "off", "advice"),
        ("autovacuum", "off", "problem"),
        ("track_counts", "off", "problem"),
        ("work_mem", "4MB", "advice"),
        ("max_wal_size", "1GB", "advice"),
        ("max_parallel_workers", "0", "advice"),
        ("max_parallel_workers_per_gather", "0", "advice"),
        ("jit", "on", "advice"),
        ("statement_timeout", "1min", "problem"),
        ("idle_in_transaction_session_timeout", "1min", "problem"),
        ("lock_timeout", "5s", "advice"),
        ("default_transaction_read_only", "on", "problem"),
        // These two wait for a restart.
        ("shared_buffers", "128MB", "advice"),
        ("max_prepared_transactions", "2", ""),
    ];
    let needs_server = [
        "fsync",
        "full_page_writes",
        "autovacuum",
        "max_wal_size",
        "shared_buffers",
    ];
    // New in PostgreSQL 17.
    let is_known = "select count(*) from pg_settings where name = 'transaction_timeout'";
    let newer = [("transaction_timeout", "1min", "problem")];
    let newer = newer.into_iter().filter(|_| database.number(is_known) == 1);
    let settings: Vec<_> = settings.into_iter().chain(newer).collect();
    for (name, value, _) in &settings {
        database.run(&format!("alter system set {name} = '{value}'"));
    }
    let restart = || {
        home.elt().args(["db", "stop"]).run().ok();
        home.elt().args(["db", "start"]).run().ok();
    };
    restart();
    let found = findings(home.elt());
    assert_eq!(found.len(), settings.len() - 1, "{found:#?}");
    for (name, value, level) in settings.iter().filter(|(_, _, level)| !level.is_empty()) {
        let what = format!("{name} = {value}");
        assert!(
            found
                .iter()
                .any(|[area, its, said, _]| area == "setting" && its == level && *said == what),
            "{what}: {found:#?}"
        );
    }
    for [_, _, what, statement] in &found {
        // Settings of a database need no superuser.
        let is_server = statement.contains("alter system");
        assert_eq!(
            is_server,
            needs_server.iter().any(|name| what.starts_with(name)),
            "{statement}"
        );
        run_each(&mut database.connect(), statement);
    }
    restart();
    assert_eq!(findings(home.elt()), [[""; 4]; 0]);

    database.run("alter database epiondw set elt.long_transaction = '0'");
    let prepare = "begin; insert into public.tasks (name, start_time) values ('x', now()); prepare transaction 'left'";
    provoke(&database, prepare, "advice", "prepared transaction left");
}

#[test]
fn settings_of_a_role_or_a_database_are_reset_there() {
    let (_home, database) = healthy();
    for (set, what) in [
        (
            "alter database epiondw set work_mem = '1MB'",
            "work_mem = 1MB",
        ),
        ("alter role postgres set jit = on", "jit = on"),
        ("alter role all set jit = on", "jit = on"),
        (
            "alter role postgres in database epiondw set lock_timeout = '1s'",
            "lock_timeout = 1s",
        ),
    ] {
        provoke(&database, set, "advice", what);
    }
    let by_options = Elt::on(&format!("{}&options=-cjit%3Don", database.url()));
    assert_eq!(proposed(by_options, "advice", "jit = on"), "");
    let set = "alter database epiondw set default_transaction_read_only = on";
    provoke(
        &database,
        set,
        "problem",
        "default_transaction_read_only = on",
    );
}

#[test]
fn encoding_collation_and_transaction_age_are_checked() {
    let (home, database) = healthy();
    let server = home.url();
    let url = |name: &str| server.replace("/epiondw", &format!("/{name}"));
    database.run("create database latin template template0 encoding 'LATIN1' locale 'C'");
    let statement = proposed(Elt::on(&url("latin")), "problem", "encoding LATIN1");
    let schema = proposed(
        Elt::on(&url("latin")),
        "problem",
        "this database has no elt schema",
    );
    assert_eq!(schema, "", "elt migrate would refuse it");
    database.run(&statement);
    is_well(Elt::on(&url("latin_utf8")), "encoding");

    database.run(
        "create database icu template template0 encoding 'UTF8' locale 'C' locale_provider icu icu_locale 'en-US'",
    );
    let icu = || Elt::on(&url("icu"));
    is_well(icu(), "collation");
    database.run("update pg_database set datcollversion = '1' where datname = 'icu'");
    let statement = proposed(icu(), "problem", "collation");
    run_each(
        &mut Client::connect(&url("icu"), NoTls).unwrap(),
        &statement,
    );
    is_well(icu(), "collation");

    // So that autovacuum does not freeze it before the check.
    database.run("alter system set autovacuum = off");
    database.run("select pg_reload_conf()");
    let age = "update pg_database set datfrozenxid = ((pg_current_xact_id()::text::bigint - 1100000000 + 4294967296) \
               % 4294967296)::text::xid where datname = 'epiondw'";
    provoke(&database, age, "problem", "oldest row not frozen");
}

#[test]
fn loads_without_staging_and_staging_without_loads_are_reported() {
    let database = Database::new();
    let load = || database.elt().args(["load", "--force"]).run().ok();
    load();
    let mut loading = database
        .elt()
        .args(["load", "appointments", "--data", "-"])
        .start_fed();
    loading.feed(HEADER.as_bytes());
    database.wait_for(
        "a load under way",
        "select exists (select from elt.load where state = 'copying')",
    );
    is_well(database.elt(), "is dead");
    loading.kill();
    let is_over = "select not exists (select from pg_stat_activity where datname = current_database() \
                   and application_name like 'elt load%')";
    database.wait_for("the server to notice", is_over);
    let statement = proposed(database.elt(), "advice", "of appointments is dead");
    database.run(&statement);
    is_well(database.elt(), "is dead");

    load();
    let sql = "update elt.source set keep_loads = 1 where source = 'practices'";
    provoke(&database, sql, "advice", "is no longer needed");
    database.run("create table staging.others_load_7 (a int)");
    is_well(database.elt(), "others_load_7");
    let sql = "create table staging.appointments_load_999 partition of staging.appointments for values in (999)";
    provoke(
        &database,
        sql,
        "advice",
        "table staging.appointments_load_999 belongs to no load",
    );
    let live = database.number("select load_id from elt.live_load where source = 'practices'");
    let sql = format!("drop table staging.practices_load_{live}");
    provoke(
        &database,
        &sql,
        "problem",
        &format!("load {live} of practices has no rows"),
    );
    load();
}

#[test]
fn jobs_of_dead_workers_and_queues_without_workers_are_reported() {
    let database = Database::new();
    database.run(
        "create function public.slow(args jsonb) returns jsonb language plpgsql as \
         'begin perform pg_advisory_xact_lock(7, 7); return args; end'; \
         insert into elt.job_kind (kind, function_name, description) values ('slow', 'public.slow', 'waits');",
    );
    let held = database.hold_by("select pg_advisory_xact_lock(7, 7)");
    let worker = database.elt().args(["worker"]).start();
    let is_alive = "select exists (select from elt.worker_status where is_alive)";
    database.wait_for("the worker", is_alive);
    database.run("select elt.enqueue('slow')");
    database.wait_for(
        "the job to run",
        "select exists (select from elt.job where state = 'running')",
    );
    is_well(database.elt(), "jobs");
    worker.kill();
    database.wait_for(
        "the server to notice",
        "select not exists (select from elt.worker_status where is_alive)",
    );
    let statement = proposed(database.elt(), "problem", "is dead, and has jobs: 1");
    database.run(&statement);
    is_well(database.elt(), "is dead");
    held.release();
    let command = proposed(database.elt(), "problem", "queue default: queued jobs: 1");
    let command = command.strip_prefix("elt ").unwrap();
    let worker = database.elt().args(command.split(' '));
    worker.args(["--until-empty"]).run().ok();
    is_well(database.elt(), "queued jobs");
}

#[test]
fn dead_rows_and_the_transactions_that_keep_them_are_reported() {
    let database = Database::new();
    let name = database.name();
    is_well(database.elt(), "dead rows");
    database.run(
        "alter table public.tasks set (autovacuum_enabled = off); alter table public.tasks disable trigger user; \
         insert into public.tasks (name, start_time) select 'x', now() from generate_series(1, 20000)",
    );
    database.run("delete from public.tasks");
    let counted = "select n_dead_tup >= 20000 from pg_stat_user_tables where relname = 'tasks'";
    database.wait_for("the statistics", counted);
    let statement = proposed(database.elt(), "advice", "public.tasks: dead rows");
    run_each(&mut database.connect(), &statement);
    is_well(database.elt(), "dead rows");

    database.run(&format!(
        "alter database {name} set elt.long_transaction = '0'"
    ));
    is_well(database.elt(), "transaction of");
    let held = database.hold_by("select 1");
    let statement = proposed(database.elt(), "advice", "transaction of postgres");
    run_each(&mut database.connect(), &statement);
    wait_until("the session to end", || {
        findings(database.elt())
            .iter()
            .all(|found| !found[2].contains("transaction of"))
    });
    drop(held);
}

#[test]
fn missing_and_excessive_rights_are_reported() {
    let (home, database) = healthy();
    home.elt().args(["grants", "--yes"]).run().ok();
    let both = "grant select on staging.appointments to elt_read";
    provoke(
        &database,
        both,
        "problem",
        "role elt_read may read staging.appointments",
    );
    let missing = "revoke select on public.valid_appointments from elt_read";
    provoke(&database, missing, "problem", "role elt_read lacks rights");
    let missing = "revoke execute on all functions in schema elt from public, elt_read";
    provoke(&database, missing, "problem", "role elt_read lacks rights");
    database.run(
        "revoke connect on database epiondw from elt_load, public; revoke usage on schema public from elt_load, public; \
         revoke elt_load from elt_worker; alter view public.valid_appointments owner to postgres",
    );
    let doctor = database.elt().args(["doctor"]).run().exits_with(1).stdout;
    for (role, count) in [("elt_load", 2), ("elt_worker", 1), ("elt_migrate", 1)] {
        let said = format!(
            "role {role} lacks rights\n{:19} It cannot do its work. Missing statements: {count}.\n\
             {:19} elt grants --yes\n",
            "", ""
        );
        assert!(doctor.contains(&said), "{said}{doctor}");
    }
    assert!(doctor.contains("may not migrate, user"), "{doctor}");
    correct(&database, "elt grants --yes");
    database.run(
        "grant select (raw) on elt.reject to elt_read; grant select on elt.job to public; grant elt_load to elt_read; \
         grant select on core.appointments to elt_read; grant update on elt.publish to elt_web",
    );
    let found = findings(database.elt());
    let said: Vec<_> = found.iter().map(|[_, _, what, _]| what.as_str()).collect();
    assert_eq!(
        said,
        [
            "role elt_read is a member of elt_load",
            "role elt_read may read core.appointments",
            "role elt_read may read elt.job",
            "role elt_read may read elt.reject",
            "role elt_web may write more than pages do",
        ]
    );
    found
        .iter()
        .for_each(|[_, _, _, statement]| correct(&database, statement));
    assert_eq!(findings(database.elt()), [[""; 4]; 0]);
    let grant_to_public = "grant create on schema public to public";
    provoke(
        &database,
        grant_to_public,
        "advice",
        "all roles may create objects in schema public",
    );
    database.run("create role me_read login in role elt_read");
    let reader = Elt::on(&database.url_as("me_read"))
        .args(["doctor"])
        .run()
        .ok();
    assert!(
        reader
            .stdout
            .contains("may status, loads, views, export; may not migrate"),
        "{}",
        reader.stdout
    );
    database.run("create role outsider login; grant connect on database epiondw to outsider");
    let outsider = Elt::on(&database.url_as("outsider"))
        .args(["doctor"])
        .run()
        .exits_with(1);
    assert!(
        outsider.stdout.contains("permission denied for schema elt"),
        "{}",
        outsider.stdout
    );
    assert!(
        outsider.stdout.contains("setting    fsync = on"),
        "it says what it can: {}",
        outsider.stdout
    );
}

#[test]
fn a_missing_or_outdated_schema_is_reported() {
    let database = Database::empty();
    let command = proposed(
        database.elt(),
        "problem",
        "this database has no elt schema yet",
    );
    let without: Vec<_> = findings(database.elt())
        .into_iter()
        .map(|found| found[2].clone())
        .collect();
    assert!(
        without.contains(&"fsync = off".to_string()),
        "it says what it can: {without:?}"
    );
    assert_eq!(command, "elt migrate");
    database.elt().args(["migrate"]).run().ok();
    is_well(database.elt(), "schema");
    let project = ProjectCopy::new();
    project.write(
        "sql/mart/later.sql",
        "-- grain:    one row\n-- reads:    core.offices\ncreate or replace view public.later as\n\
         select count(*) as office_count from core.offices;\n",
    );
    let elt = || database.elt().path("--project", project.path());
    let here = format!("elt --project {}", project.path().display());
    assert_eq!(
        proposed(elt(), "problem", "the schema is not up to date"),
        format!("{here} migrate")
    );
    elt().args(["migrate"]).run().ok();
    is_well(elt(), "schema");
    let worker = format!("{here} worker");
    let enqueued = elt().args(["jobs", "enqueue", "prune"]).run().ok();
    enqueued.says(&[&format!("{worker} --queue default")]);
    let jobs = elt().args(["jobs"]).run().ok().stdout;
    assert!(
        jobs.contains("no worker takes jobs from this queue"),
        "{jobs}"
    );
    let queue = proposed(elt(), "problem", "queue default: queued jobs");
    assert_eq!(queue, format!("{worker} --queue default"));
    assert!(
        findings(database.elt())
            .iter()
            .any(|found| found[0] == "schema"),
        "the built-in project has no such view"
    );
}

#[test]
fn a_schema_newer_than_the_program_is_reported() {
    let database = Database::new();
    database.run(
        "insert into elt.engine_migration (version, name, applied_on, checksum) \
         select max(version) + 1, 'later', now()::text, '1' from elt.engine_migration",
    );
    proposed(
        database.elt(),
        "problem",
        "the database's schema is newer than this elt",
    );
}

#[test]
fn core_of_older_queries_is_reported() {
    let (database, data) = (Database::empty(), Folder::new());
    let project = ProjectCopy::of("tests/projects/bikes");
    let elt = |args: &[&str]| database.elt_with(project.path(), args);
    let load = |rows: &str| {
        data.write("bikes.csv", format!("bike_id,station\n{rows}\n"));
        let load = elt(&["load", "bikes", "--force"]);
        load.path("--data", data.path()).run().ok();
    };
    elt(&["migrate"]).run().ok();
    database.run("update elt.source set keep_loads = 1 where source = 'bikes'");
    load("1,Quay");
    load("2,Mill");
    is_well(elt(&[]), "core does not");
    project.replace(
        "sql/core/incoming_bikes.sql",
        "elt.text_value(staged.station)",
        "upper(elt.text_value(staged.station))",
    );
    elt(&["migrate"]).run().ok();
    proposed(
        elt(&[]),
        "problem",
        "core does not match the current core queries",
    );
    load("1,Quay");
    is_well(elt(&[]), "core does not");
}

#[test]
fn a_clock_difference_is_reported() {
    let database = Database::new();
    is_well(database.elt(), "clocks");
    // The test cannot set the machine's clock, so the session gets another one.
    database.run(&format!(
        "create schema ahead; create function ahead.clock_timestamp() returns timestamptz language sql as \
         'select pg_catalog.clock_timestamp() + interval ''1 hour'''; \
         alter database {} set search_path = ahead, pg_catalog",
        database.name()
    ));
    proposed(
        database.elt(),
        "problem",
        "clocks of server and client differ by 3600.",
    );
    database.run(&format!(
        "alter database {} reset search_path",
        database.name()
    ));
    is_well(database.elt(), "clocks");
}

#[test]
fn a_server_that_is_too_old_is_reported() {
    let database = Database::empty();
    is_well(database.elt(), "PostgreSQL");
    // The session gets another version, because no such server is installed.
    database.run(&format!(
        "create schema old; create function old.current_setting(name text) returns text language sql as \
         'select case name when ''server_version_num'' then ''140012'' else pg_catalog.current_setting(name) end'; \
         alter database {} set search_path = old, pg_catalog",
        database.name()
    ));
    assert_eq!(proposed(database.elt(), "problem", "PostgreSQL "), "");
    let refused = database.elt().args(["status"]).run().exits_with(5);
    refused.says(&["the server is PostgreSQL 14, but elt needs 15 or newer"]);
}

#[test]
fn low_disk_space_is_reported() {
    let home = Home::new();
    let Some(disk) = SmallDisk::at(&home.path().join("disk"), "300m") else {
        return;
    };
    let on_disk = Home::initialised_at(disk.path().join("elt"));
    on_disk.elt().args(["db", "start"]).run().ok();
    assert_eq!(proposed(on_disk.elt(), "problem", "free: "), "elt gc");
    disk.grow("4g");
    is_well(on_disk.elt(), "free: ");
    on_disk.elt().args(["db", "stop"]).run().ok();
}

#[test]
fn a_failed_connection_is_explained() {
    let folder = Folder::new();
    let url = format!("postgresql://me@/nowhere?host={}", folder.path().display());
    let found = findings(Elt::on(&url));
    assert_eq!(
        (found.len(), &*found[0][0], &*found[0][1]),
        (1, "connection", "problem")
    );
    let said = Elt::on(&url).args(["doctor"]).run().exits_with(1);
    for text in [
        "could not connect to",
        "error connecting to server: No such file or directory (os error 2). Check that the server is running",
    ] {
        assert!(said.stdout.contains(text), "{}", said.stdout);
    }
}
