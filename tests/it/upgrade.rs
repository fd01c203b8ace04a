//! Upgrades from older schemas. There are no releases yet, so each test starts from a state of both migration folders,
//! with the data that a program of that time would have left. Views are omitted, because they come from `sql/`.

use crate::support::{Database, Folder, difference, repository, schema_of};
use refinery::{Migration, Runner, Target};
use std::path::Path;

/// The number of migrations of `elt` and of `epion` at that time.
const STATES: [(i32, i32); 10] = [
    (6, 4),   // files are loaded
    (10, 6),  // APIs too
    (14, 8),  // the queue, tasks
    (17, 9),  // pages
    (18, 10), // an API of our own
    (19, 11), // the history of changes
    (22, 12), // the admin
    (26, 12), // files that are written otherwise
    (33, 12), // append and merge
    (36, 12), // roles
];

/// Applies a folder's migrations up to a version, each with its row of the ledger.
fn apply(database: &Database, folder: &str, ledger: &str, version: i32) {
    let path = repository().join("migrations").join(folder);
    let mut migrations: Vec<Migration> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| migration(&entry.unwrap().path()))
        .collect();
    migrations.sort_by_key(Migration::version);
    let mut client = database.connect();
    client
        .batch_execute("create schema if not exists elt")
        .unwrap();
    for number in 1..=version {
        Runner::new(&migrations)
            .set_grouped(true)
            .set_target(Target::Version(number))
            .set_migration_table_name(ledger)
            .run(&mut client)
            .unwrap();
    }
}

fn migration(path: &Path) -> Migration {
    let stem = path.file_stem().unwrap().to_string_lossy();
    Migration::unapplied(&stem, &std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A source that was loaded twice, the second time with a reject, and what came later.
fn leave_data(database: &Database, engine: i32) {
    database.run(
        "insert into elt.publish (state, cause, core_sha256, elt_version, finished_at)
         select 'published', 'load', 'x', '0.0.1', now() from generate_series(1, 2);
         create table staging.practices_load_1 partition of staging.practices for values in (1);
         create table staging.practices_load_2 partition of staging.practices for values in (2);
         insert into elt.load (source, state, location, size_bytes, sha256, rows_read, rows_staged,
             rows_rejected, publish_id, elt_version, staged_at, finished_at)
         select 'practices', 'published', '/data/practices.json', 9, repeat(n::text, 64), n, 1, n - 1, n,
             '0.0.1', now(), now()
         from generate_series(1, 2) as n;
         insert into staging.practices (_load_id, _row, payload)
         select n, 1, jsonb_build_object(
             'practice_name', 'P' || n, 'emr_practice_id', n, 'epion_practice_id', 10 * n)
         from generate_series(1, 2) as n;
         insert into elt.reject (load_id, reject_number, row_number, line_number, byte_offset, reason, raw)
         values (2, 1, 2, 2, 9, 'no JSON', '\\x7b');
         insert into elt.live_load values ('practices', 2, 2);
         insert into elt.rule_result values (2, 'rows_rejected', 'warning', 1, '[]');
         insert into public.epion_practices values ('P2', 2, 20)",
    );
    if engine >= 14 {
        database.run(
            "insert into elt.job (kind, max_attempts, time_limit) values ('prune', 3, '1 minute');
             -- The function that its trigger calls is of sql/, and comes later.
             set session_replication_role = replica;
             insert into public.tasks (name, start_time) values ('before', now())",
        );
    }
    if engine >= 17 {
        database.run("insert into elt.account (name, role) values ('ann', 'admin')");
    }
}

/// A view of another application reads the view elt.live_load, and no view the table below it.
fn views_read_what_a_session_sees_as_live(database: &Database) {
    let readers = "select string_agg(distinct pg_rewrite.ev_class::regclass::text, ' ') from pg_depend \
                   inner join pg_rewrite on pg_depend.objid = pg_rewrite.oid \
                   where pg_depend.refobjid = 'elt.live_pointer'::regclass";
    assert_eq!(database.text(readers), "elt.live_load");
    let options = "select reloptions::text from pg_class where oid = 'theirs.live'::regclass";
    assert_eq!(database.text(options), "{security_barrier=true}");
    assert_eq!(database.number("select load_id from theirs.live"), 2);
    database.run("drop schema theirs cascade");
}

#[test]
fn from_each_earlier_state_it_comes_to_the_same_schema_with_all_its_data() {
    let expected = schema_of(&Database::new());
    let out = Folder::new();
    for (engine, project) in STATES {
        let database = Database::empty();
        apply(&database, "elt", "elt.engine_migration", engine);
        apply(&database, "epion", "elt.project_migration", project);
        leave_data(&database, engine);
        database.run(
            "create schema theirs; create view theirs.live with (security_barrier = true) as \
             select live_load.source, live_load.load_id from elt.live_load",
        );
        database.elt().args(["migrate"]).run().ok();
        views_read_what_a_session_sees_as_live(&database);
        database.elt().args(["migrate", "--check"]).run().ok();
        let made = schema_of(&database);
        assert_eq!(difference(&made, &expected), None, "from {engine}");
        let lacking = "select (select count(*) from elt.engine_migration where applied_text is null) \
                       + (select count(*) from elt.project_migration where applied_text is null)";
        assert_eq!(database.number(lacking), 0, "from {engine}");
        let kept = "select string_agg(load_id || ' ' || rows_staged || ' ' || rows_rejected, ', ' order by load_id) \
                    from elt.load";
        assert_eq!(database.text(kept), "1 1 0, 2 1 1", "from {engine}");
        assert_eq!(database.number("select count(*) from elt.reject"), 1);
        let practices = "select string_agg(epion_practices::text, ' ') from public.epion_practices";
        assert_eq!(database.text(practices), "(P2,2,20)", "from {engine}");
        // Back to the load before, which an older program made.
        database.elt().args(["rollback", "practices"]).run().ok();
        assert_eq!(database.text(practices), "(P1,1,10)", "from {engine}");
        if engine >= 14 {
            let left = "select count(*) from elt.job inner join public.tasks on tasks.name = 'before' \
                        where job.kind = 'prune' and job.state = 'queued'";
            assert_eq!(database.number(left), 1, "from {engine}");
        }
        if engine >= 17 {
            let accounts = "select count(*) from elt.account where name = 'ann'";
            assert_eq!(database.number(accounts), 1, "from {engine}");
        }
        let run = database.elt().args(["run"]).path("--out", out.path());
        run.run().ok();
        let golden = repository().join("tests/expected/valid_appts.csv");
        assert_eq!(
            out.read("valid_appts.csv"),
            std::fs::read_to_string(golden).unwrap()
        );
    }
}
