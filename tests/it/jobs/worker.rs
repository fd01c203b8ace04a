//! Workers, and their jobs when a worker is stopped, killed or disconnected.

use super::database;
use crate::support::{Database, Elt, Folder, repository, wait_until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::process::Command;

fn worker(database: &Database) -> Elt {
    database.elt().args(["worker", "--grace", "0"])
}

fn signal(id: u32, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(id).unwrap()), signal).unwrap();
}

fn count(database: &Database, condition: &str) -> i64 {
    database.number(&format!("select count(*) from elt.job where {condition}"))
}

#[test]
fn two_workers_run_ten_thousand_jobs_once_each() {
    let database = database();
    database.run(
        "select count(elt.enqueue('note', jsonb_build_object('n', n))) from generate_series(1, 10000) as n",
    );
    let workers = [0, 1].map(|_| worker(&database).args(["--until-empty"]).start());
    for worker in workers {
        worker.finish().ok().says(&["jobs succeeded: "]);
    }
    assert_eq!(
        count(&database, "state = 'succeeded' and attempt_count = 1"),
        10_000
    );
    let once = "select count(*) from public.done where n between 1 and 10000";
    assert_eq!(database.number(once), 10_000);
    assert_eq!(
        database.number("select count(distinct n) from public.done"),
        10_000
    );
    let per_worker = "select count(distinct worker_id) from elt.job_attempt";
    assert_eq!(database.number(per_worker), 2);
    assert_eq!(
        database.number("select count(*) from elt.worker where stopped_at is null"),
        0
    );
}

#[test]
fn a_task_starts_a_pipeline_that_writes_the_files() {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    let load = database.elt().args(["load"]).path("--data", data.path());
    load.run().ok();
    // One file is now empty, and one is gone.
    std::fs::write(data.path().join("practices.json"), "[]").unwrap();
    std::fs::remove_file(data.path().join("offices.json")).unwrap();
    database.run("insert into public.tasks (name, start_time) values ('lab5', now())");
    worker(&database)
        .args(["--until-empty"])
        .path("--data", data.path())
        .path("--out", out.path())
        .run()
        .ok();
    let result =
        |path: &str| database.text(&format!("select (result #> '{path}')::text from elt.job"));
    assert_eq!(
        count(&database, "state = 'succeeded' and progress is not null"),
        1
    );
    assert!(result("{load,files_gone,0}").contains("offices.json"));
    assert_eq!(result("{load,sources,0,outcome}"), "\"unchanged\"");
    assert_eq!(
        database.number("select count(*) from public.epion_practices"),
        0
    );
    assert!(
        database.number("select count(*) from public.epion_offices") > 0,
        "its live load stays"
    );
    assert_eq!(result("{export,files,2,name}"), "\"valid_appts\"");
    assert!(out.path().join("valid_appts.csv").exists());
}

#[test]
fn another_worker_takes_over_from_a_killed_one_at_once() {
    let database = database();
    database.run("select elt.enqueue('note_slowly', '{\"n\": 1, \"seconds\": 600}')");
    let first = worker(&database).start();
    wait_until("the job to run", || {
        count(&database, "state = 'running'") == 1
    });
    first.kill();
    database.run("create or replace function public.note_slowly(args jsonb) returns jsonb language sql as $$ \
                  insert into public.done (n) values ((args ->> 'n')::bigint) returning 'true'::jsonb $$");
    let second = worker(&database).start();
    wait_until("the job to be done", || {
        count(&database, "state = 'succeeded'") == 1
    });
    signal(second.id(), Signal::SIGTERM);
    second.finish().ok();
    assert_eq!(
        database.number("select count(*) from public.done"),
        1,
        "the first one's row is undone"
    );
    let outcomes = "select string_agg(outcome, ' ' order by claim_number) from elt.job_attempt";
    assert_eq!(database.text(outcomes), "lost succeeded");
}

#[test]
fn a_stopping_worker_releases_its_job() {
    let database = database();
    database.run("select elt.enqueue('note_slowly', '{\"n\": 1, \"seconds\": 600}')");
    let worker = worker(&database).start();
    wait_until("the job to run", || {
        count(&database, "state = 'running'") == 1
    });
    signal(worker.id(), Signal::SIGTERM);
    worker.finish().ok().says(&[
        "stopping: running jobs: 1",
        "job 1 (note_slowly) returned to the queue",
        "jobs succeeded: 0, failed: 0, returned to the queue: 1",
    ]);
    assert_eq!(
        count(
            &database,
            "state = 'queued' and attempt_count = 0 and worker_id is null"
        ),
        1
    );
    assert_eq!(database.number("select count(*) from public.done"), 0);
}

#[test]
fn running_jobs_finish_within_the_grace_time() {
    let database = database();
    database.run("select elt.enqueue('note_slowly', '{\"n\": 1, \"seconds\": 1}'); select elt.enqueue('note', '{\"n\": 2}', priority => -1)");
    let worker = database
        .elt()
        .args(["worker", "--grace", "60", "--concurrency", "1"])
        .start();
    wait_until("the job to run", || {
        count(&database, "state = 'running'") == 1
    });
    signal(worker.id(), Signal::SIGTERM);
    worker.finish().ok();
    assert_eq!(count(&database, "state = 'succeeded'"), 1);
    assert_eq!(
        count(&database, "state = 'queued'"),
        1,
        "no other one was begun"
    );
}

#[test]
fn a_second_signal_stops_the_worker_at_once_and_others_take_over() {
    let database = database();
    database.run("select elt.enqueue('note_slowly', '{\"n\": 1, \"seconds\": 600}')");
    let worker = database.elt().args(["worker", "--grace", "600"]).start();
    wait_until("the job to run", || {
        count(&database, "state = 'running'") == 1
    });
    signal(worker.id(), Signal::SIGTERM);
    // Two signals at once may arrive as one.
    wait_until("it to end", || {
        let _ = kill(
            Pid::from_raw(i32::try_from(worker.id()).unwrap()),
            Signal::SIGTERM,
        );
        database.number(
            "select count(*) from pg_stat_activity where application_name like 'elt worker%' \
                         and datname = current_database()",
        ) == 0
    });
    worker.finish().exits_with(130);
    wait_until("the job to be free", || {
        database.number("select elt.rescue_jobs()") == 1
    });
}

#[test]
fn running_jobs_can_be_cancelled_and_time_out() {
    let database = database();
    let enqueue = "select elt.enqueue('note_slowly', '{\"n\": 1, \"seconds\": 600}')";
    let cancelled = database.number(enqueue);
    let worker = worker(&database).start();
    wait_until("the job to run", || {
        count(&database, "state = 'running'") == 1
    });
    let cancel = database
        .elt()
        .args(["jobs", "cancel", &cancelled.to_string()])
        .run()
        .ok();
    assert!(
        cancel.stdout.contains("its worker was asked"),
        "{}",
        cancel.stdout
    );
    wait_until("it to be cancelled", || {
        count(&database, "state = 'cancelled'") == 1
    });
    database.run(
        "select elt.enqueue('note_slowly', '{\"n\": 1, \"seconds\": 600}', time_limit => '1 second', max_attempts => 1)",
    );
    wait_until("its time to be over", || {
        count(&database, "state = 'dead'") == 1
    });
    let error = "select error from elt.job where state = 'dead'";
    assert_eq!(
        database.text(error),
        "it took longer than its time limit, 1s"
    );
    signal(worker.id(), Signal::SIGTERM);
    worker.finish().ok();
    assert_eq!(database.number("select count(*) from public.done"), 0);
}

#[test]
fn failures_are_explained_and_retried_unless_permanent() {
    let database = database();
    database.run(
        "select elt.enqueue('divide', '{\"by\": 0}'); select elt.enqueue('lose_patience'); \
         select elt.enqueue('divide', '{\"by\": 1}')",
    );
    worker(&database).args(["--until-empty"]).run().ok();
    assert_eq!(
        count(
            &database,
            "kind = 'divide' and state = 'dead' and error like 'division by zero (SQLSTATE 22012)%'"
        ),
        1
    );
    assert_eq!(
        count(
            &database,
            "kind = 'lose_patience' and state = 'queued' and run_at > now()"
        ),
        1
    );
    assert_eq!(count(&database, "state = 'succeeded' and result = '1'"), 1);
    let shown = database.elt().args(["jobs"]).run().ok();
    assert!(
        shown.stdout.contains("division by zero"),
        "{}",
        shown.stdout
    );
    let show = database.elt().args(["jobs", "show", "1"]).run().ok();
    assert!(
        show.stdout.contains("attempts") && show.stdout.contains("22012"),
        "{}",
        show.stdout
    );
    database.elt().args(["jobs", "retry", "1"]).run().ok();
    database
        .elt()
        .args(["jobs", "retry", "1"])
        .run()
        .exits_with(2)
        .says(&["job 1 is queued"]);
    database
        .elt()
        .args(["jobs", "show", "77"])
        .run()
        .exits_with(2)
        .says(&["there is no job 77"]);
    database
        .elt()
        .args(["jobs", "enqueue", "nothing"])
        .run()
        .exits_with(2)
        .says(&["The kinds are: "]);
    let cancel = ["jobs", "cancel", "1", "--json"];
    let states = database.elt().args(cancel).run().ok().json();
    assert_eq!(states["jobs"][0]["state"], "cancelled");
    // All or none.
    let retry = ["jobs", "retry", "1", "77"];
    let outcome = database.elt().args(retry).run();
    outcome
        .exits_with(2)
        .says(&["nothing was changed", "there is no job 77"]);
    assert_eq!(count(&database, "state = 'cancelled'"), 1);
    let retry = ["jobs", "retry", "1", "--json"];
    let states = database.elt().args(retry).run().ok().json();
    assert_eq!(states["jobs"][0]["state"], "queued");
    let status = database.elt().args(["status"]).run().ok();
    assert!(
        status.stdout.contains("jobs: 1 queued"),
        "{}",
        status.stdout
    );
}

#[test]
fn ended_sessions_lose_no_job() {
    let database = database();
    database.run(
        "select count(elt.enqueue('note', jsonb_build_object('n', n))) from generate_series(1, 2000) as n",
    );
    let worker = worker(&database).start();
    for done in [200, 600, 1_000] {
        wait_until("some to be done", || {
            count(&database, "state = 'succeeded'") >= done
        });
        let ended = database.number(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity \
             where application_name like 'elt worker%' and datname = current_database()",
        );
        assert!(ended > 0);
    }
    wait_until("all to be done", || {
        count(&database, "state = 'succeeded'") == 2_000
    });
    signal(worker.id(), Signal::SIGTERM);
    worker.finish().ok();
    assert_eq!(
        database.number("select count(distinct n) from public.done"),
        2_000
    );
    assert_eq!(
        database.number("select count(*) from public.done"),
        2_000,
        "each once"
    );
}

#[test]
fn jobs_are_found_without_notifications() {
    let (database, folder) = (database(), Folder::new());
    let health = folder.path().join("health");
    let worker = worker(&database)
        .args(["--no-listen"])
        .path("--health-file", &health)
        .start();
    wait_until("the worker to live", || health.exists());
    database.run("select elt.enqueue('note', '{\"n\": 1}')");
    wait_until("the job to be done", || {
        count(&database, "state = 'succeeded'") == 1
    });
    assert_eq!(database.number("select elt.rescue_jobs()"), 0);
    assert_eq!(
        database.number("select count(*) from elt.worker_status where is_alive"),
        1
    );
    signal(worker.id(), Signal::SIGTERM);
    worker.finish().ok();
    assert!(folder.read("health").contains("\"worker_id\""));
}

#[test]
fn a_worker_reports_wrong_settings_before_it_begins() {
    let database = database();
    let folder = Folder::new();
    let health = folder.path().join("none/health");
    let outcome = worker(&database).path("--health-file", &health).run();
    outcome
        .exits_with(1)
        .says(&["could not write file", "none/health"]);
    assert_eq!(database.number("select count(*) from elt.worker"), 0);
    let outcome = worker(&database).args(["--queue", "Not a name"]).run();
    outcome
        .exits_with(2)
        .says(&["\"Not a name\" is not a valid queue name"]);
}

#[test]
fn the_systemd_unit_is_valid_and_starts_a_worker() {
    let unit = std::fs::read_to_string(repository().join(".systemd/elt-worker.service")).unwrap();
    let (_, start) = unit.split_once("ExecStart=/usr/local/bin/elt ").unwrap();
    let flags = start.lines().next().unwrap().split_whitespace();
    let database = database();
    database.run("select elt.enqueue('note', '{\"n\": 1}')");
    let elt = database.elt().args(flags).args(["--until-empty"]);
    elt.run().ok().says(&["jobs succeeded: 1"]);
    // If systemd is installed, it checks the unit.
    let folder = Folder::new();
    let here = unit.replace("/usr/local/bin/elt", env!("CARGO_BIN_EXE_elt"));
    let file = folder.write("elt-worker.service", here);
    let verify = Command::new("systemd-analyze")
        .arg("verify")
        .arg(&file)
        .output();
    if let Ok(verify) = verify {
        let said = String::from_utf8_lossy(&verify.stderr);
        assert!(verify.status.success() && said.is_empty(), "{said}");
    }
}

#[test]
fn values_that_rust_cannot_represent_do_not_stop_a_worker() {
    let database = database();
    database.run(
        "select elt.enqueue('note', '{\"n\": 1e400}'), elt.enqueue('pipeline', '{\"out\": 1e400}'), \
         elt.enqueue('pipeline', '{\"sorces\": []}'), elt.enqueue('note', '{\"n\": 4, \"big\": 1e400}')",
    );
    worker(&database).args(["--until-empty"]).run().ok();
    assert_eq!(count(&database, "state = 'dead' and attempt_count = 1"), 3);
    let said = "state = 'dead' and error like '%sorces%'";
    assert_eq!(count(&database, said), 1);
    assert_eq!(count(&database, "job_id = 4 and state = 'succeeded'"), 1);
    let listed = database.elt().args(["jobs"]).run().ok();
    assert!(listed.stdout.contains("pipeline"), "{}", listed.stdout);
    let shown = database.elt().args(["jobs", "show", "4"]).run().ok();
    assert!(shown.stdout.contains("succeeded"), "{}", shown.stdout);
    let all = database.elt().args(["jobs", "list", "--json"]).run().ok();
    assert!(all.stdout.contains("\"job_id\": 4"), "{}", all.stdout);
}

#[test]
fn session_state_of_a_job_does_not_reach_the_next_job() {
    let database = database();
    database.run(
        "create function public.leave(args jsonb) returns jsonb language plpgsql as $$
             begin
                 perform set_config('statement_timeout', '1', false), pg_advisory_lock(42);
                 create temp table left_behind ();
                 if args ? 'fail' then raise exception 'no'; end if;
                 return null;
             end $$;
         insert into elt.job_kind (kind, function_name, max_attempts, description)
             values ('leave', 'public.leave', 1, 'x');
         select elt.enqueue('leave', priority => 3), elt.enqueue('leave', '{\"fail\": 1}', priority => 2), \
                elt.enqueue('leave', priority => 1), elt.enqueue('note_slowly', '{\"n\": 1, \"seconds\": 0.1}')",
    );
    worker(&database)
        .args(["--until-empty", "--concurrency", "1"])
        .run()
        .ok();
    assert_eq!(count(&database, "state = 'succeeded'"), 3);
    assert_eq!(count(&database, "state = 'dead' and error like 'no %'"), 1);
}

#[test]
fn a_job_of_an_unknown_kind_is_left_for_another_worker() {
    let database = database();
    database.run(
        "insert into elt.job_kind (kind, description) values ('newer', 'x'); select elt.enqueue('newer')",
    );
    worker(&database).args(["--until-empty"]).run().ok();
    let waits = "state = 'queued' and error like '%does not know jobs of kind \"newer\"%'";
    assert_eq!(count(&database, waits), 1);
}

#[test]
fn an_old_session_with_the_workers_lock_is_ended() {
    let database = database();
    let worker = worker(&database).start();
    wait_until("the worker to live", || {
        database.number("select count(*) from elt.worker_status where is_alive") == 1
    });
    // The session that waits for the lock gets it next, and looks like one whose loss the server has not noticed.
    let mut old = database.connect();
    let waiting = std::thread::spawn(move || {
        let lock = "set application_name to 'old'; \
                    select pg_advisory_lock(6646903, worker_id::integer) from elt.worker";
        old.batch_execute(lock).map(|()| old)
    });
    wait_until("it to wait", || {
        database.number(
            "select count(*) from pg_locks where not granted and locktype = 'advisory' \
             and database = (select oid from pg_database where datname = current_database())",
        ) == 1
    });
    let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity \
               where application_name like 'elt worker (%' and application_name !~ 'jobs' \
               and datname = current_database()";
    assert!(database.number(end) > 0);
    // It may be terminated before it knows that it has the lock.
    let _old = waiting.join().unwrap();
    database.run("select elt.enqueue('note', '{\"n\": 1}')");
    wait_until("the worker to come back", || {
        let old = "select count(*) from pg_stat_activity where application_name = 'old' \
                   and datname = current_database()";
        database.number(old) == 0
            && database.number("select count(*) from elt.worker_status where is_alive") == 1
    });
    signal(worker.id(), Signal::SIGTERM);
    worker.finish().ok();
    assert_eq!(count(&database, "state = 'succeeded'"), 1);
}

#[test]
fn enqueueing_reports_missing_workers_and_used_keys() {
    let database = database();
    let enqueue = |args: &[&str]| database.elt().args(["jobs", "enqueue"]).args(args).run();
    enqueue(&["note", "--dedup-key", "k", "--queue", "slow"])
        .ok()
        .says(&["no worker takes jobs from queue \"slow\""]);
    let same = enqueue(&["divide", "--dedup-key", "k"]).ok();
    assert!(
        same.stdout
            .contains("job 1 (note) already has the key \"k\""),
        "{}",
        same.stdout
    );
    let same = enqueue(&["divide", "--dedup-key", "k", "--json"])
        .ok()
        .json();
    assert_eq!(
        (&same["job_id"], &same["is_new"]),
        (&1.into(), &false.into())
    );
    assert_eq!(same["differs_in"], serde_json::json!(["kind", "queue"]));
    enqueue(&[
        "note",
        "--dedup-key",
        "k",
        "--priority",
        "3",
        "--args",
        "{\"n\": 77}",
    ])
    .ok()
    .says(&["job 1 is unchanged and differs from this one in args, queue, priority: see elt "]);
    let same = enqueue(&["note", "--dedup-key", "k", "--queue", "slow"]).ok();
    assert!(!same.stderr.contains("is unchanged"), "{}", same.stderr);
    let listed = database.elt().args(["jobs"]).run().ok();
    assert!(
        listed
            .stdout
            .contains("no worker takes jobs from this queue"),
        "{}",
        listed.stdout
    );
}
