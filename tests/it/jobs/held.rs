//! Jobs that publish or discard held loads, and pipelines whose loads are held.

use crate::support::{Database, Folder, load_rows, with_held_load};

fn work(database: &Database) {
    let out = Folder::new();
    let worker = database.elt().args(["worker", "--until-empty"]);
    worker.path("--out", out.path()).run().ok();
}

/// State and error of a job.
fn job(database: &Database, id: i64) -> String {
    database.text(&format!(
        "select concat_ws(': ', state, error) from elt.job where job_id = {id}"
    ))
}

fn state(database: &Database, load: i64) -> String {
    database.text(&format!(
        "select state_in_words from elt.load_state where load_id = {load}"
    ))
}

#[test]
fn of_two_jobs_for_a_load_one_publishes_it_and_the_other_is_not_retried() {
    let (database, _data) = with_held_load();
    database.run("select elt.enqueue('publish', '{\"load_ids\": [2]}') from generate_series(1, 2)");
    let workers = [0, 1].map(|_| {
        let worker = database.elt().args(["worker", "--until-empty"]);
        worker.start()
    });
    for worker in workers {
        worker.finish().ok();
    }
    assert_eq!(state(&database, 2), "live");
    let dead = database.text("select error from elt.job where state = 'dead'");
    let begin = "load 2 of source \"appointments\" is not held: it is live";
    assert!(dead.starts_with(begin), "{dead}");
    let result =
        "select result #>> '{published,publish_id}' from elt.job where state = 'succeeded'";
    // The comparison used a number of its own.
    assert_eq!(database.text(result), "3");
    let changes = "select result #>> '{published,changes,0,rows_inserted}' from elt.job where state = 'succeeded'";
    assert_eq!(database.text(changes), "1");
    let attempts = "select count(*) from elt.job_attempt";
    assert_eq!(database.number(attempts), 2);
}

/// A worker that claims all jobs and then dies.
const DIES: &str = "select elt.claim_jobs(elt.start_worker('dead', 1, '0', '{default}', 1, false), '{default}', 9)";
/// The server notices that its leases ended, and the next attempt is due.
const RESCUED: &str = "update elt.job set lease_until = now() - interval '1 hour' where state = 'running';      select elt.rescue_jobs();      update elt.job set run_at = now() where state = 'queued'";

#[test]
fn a_job_succeeds_whose_worker_died_after_its_commit() {
    for (kind, after) in [("publish", "live"), ("discard", "discarded")] {
        let (database, _data) = with_held_load();
        database.run(&format!(
            "select elt.enqueue('{kind}', '{{\"load_ids\": [2]}}')"
        ));
        database.run(DIES);
        // What the worker had committed.
        database.elt().args([kind, "2"]).run().ok();
        database.run(RESCUED);
        work(&database);
        let ended = job(&database, 1);
        assert!(ended.starts_with("succeeded"), "{kind}: {ended}");
        assert_eq!(state(&database, 2), after);
        // A new job did not do it.
        database.run(&format!(
            "select elt.enqueue('{kind}', '{{\"load_ids\": [2]}}')"
        ));
        work(&database);
        let dead = job(&database, 2);
        assert!(dead.starts_with("dead: load 2"), "{dead}");
    }
}

#[test]
fn a_job_whose_worker_died_before_its_commit_is_done_once() {
    let (database, _data) = with_held_load();
    database.run("select elt.enqueue('publish', '{\"load_ids\": [2]}')");
    database.run(DIES);
    database.run(RESCUED);
    work(&database);
    let ended = job(&database, 1);
    assert!(ended.starts_with("succeeded"), "{ended}");
    assert_eq!(state(&database, 2), "live");
    assert_eq!(database.number("select count(*) from elt.publish"), 2);
}

#[test]
fn an_older_load_needs_force_and_arguments_are_checked() {
    let (database, data) = with_held_load();
    load_rows(
        &database,
        &data,
        "1,9,,4,4,,,2023-02-01\n1,8,,4,4,,,2023-02-01\n",
        &[],
    );
    database.run(
        "select elt.enqueue('publish', '{\"load_ids\": [2]}');          select elt.enqueue('publish', '{\"load_ids\": []}');          select elt.enqueue('publish', '{\"loads\": [2]}');          select elt.enqueue('publish', '{\"load_ids\": [77]}')",
    );
    work(&database);
    for (id, error) in [
        (
            1,
            "dead: load 2 of source \"appointments\" is older than load 3",
        ),
        (2, "dead: no load is named"),
        (
            3,
            "dead: the arguments are not valid for a job of kind \"publish\"",
        ),
        (4, "dead: there is no load 77"),
    ] {
        let is = job(&database, id);
        assert!(is.starts_with(error), "{is}");
    }
    assert_eq!(state(&database, 2), "held");
    let enqueue = |args: &str| {
        database
            .elt()
            .args(["jobs", "enqueue", "publish", "--args", args])
    };
    enqueue("{\"load_ids\": [77]}").run().exits_with(2);
    enqueue("{\"load_ids\": [2, 2], \"force\": true}")
        .run()
        .ok();
    work(&database);
    assert_eq!(job(&database, 5), "succeeded");
    assert_eq!(state(&database, 2), "live");
}

#[test]
fn a_pipeline_whose_loads_are_held_succeeds() {
    let (database, data, out) = (Database::new(), Folder::with_data(), Folder::new());
    database
        .elt()
        .args(["load"])
        .path("--data", data.path())
        .run()
        .ok();
    database.run("update elt.source set hold = true where source = 'practices'");
    let text = data.read("practices.json");
    data.write("practices.json", format!("{text}\n"));
    database.run("select elt.enqueue('pipeline')");
    let worker = database.elt().args(["worker", "--until-empty"]);
    let worker = worker.path("--data", data.path());
    worker.path("--out", out.path()).run().ok();
    assert_eq!(job(&database, 1), "succeeded");
    let held = "select count(*) from elt.held_load, elt.job where to_jsonb(load_id) = result #> '{load,preview,load_ids,0}'";
    assert_eq!(database.number(held), 1);
    assert!(
        out.path().join("valid_appts.csv").exists(),
        "the live data is exported"
    );
}
