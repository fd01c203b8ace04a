//! Failures of a server of files: the message, the hint, and that nothing changes.

use super::file_server::{FileServer, Reply};
use super::{configure, csv, database, load, loads, staged};
use crate::support::Database;

#[test]
fn an_answer_that_is_no_file_is_explained() {
    let cases: [(Reply, &[&str]); 6] = [
        (
            Reply::new(404, ""),
            &[
                "/orders.csv): the server answered 404",
                "Check elt.source.file.",
            ],
        ),
        (
            Reply::new(401, ""),
            &[
                "the server answered 401",
                "requires credentials",
                "ELT_APPOINTMENTS_TOKEN",
                "_PASSWORD",
            ],
        ),
        (
            Reply::new(403, ""),
            &["the server answered 403", "ELT_APPOINTMENTS_TOKEN"],
        ),
        (
            Reply::new(200, "<!doctype html><title>Sign in</title>"),
            &["could not load file", "a web page (HTML)", "It begins with"],
        ),
        (
            Reply::new(200, "x").with("content-encoding", "br"),
            &["packs the file as br, which elt cannot unpack"],
        ),
        (Reply::new(304, ""), &["unchanged, which was not asked"]),
    ];
    for (reply, says) in cases {
        let server = FileServer::start(move |_| reply.clone());
        let database = database(&server.at("/orders.csv?day=marker"));
        let outcome = load(&database).run().exits_with(1).says(says);
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
        assert_eq!(server.asked().len(), 1, "it is not repeated");
        let error = database.text("select error from elt.load where state = 'failed'");
        assert!(
            error.contains(says[0].rsplit("): ").next().unwrap())
                || error.contains("could not load")
        );
        assert_eq!(staged(&database), 0);
    }
}

#[test]
fn a_server_that_is_not_there_is_reported() {
    let database = database("http://127.0.0.1:9/orders.csv");
    let outcome = load(&database).run().exits_with(1);
    outcome.says(&[
        "no connection",
        "retrying in",
        "(2 of 3)",
        ", 3 times",
        "Check elt.source.file, and that the server is running.",
    ]);
    let database = super::database("http://no-such-host.invalid/orders.csv");
    let outcome = load(&database).run().exits_with(1);
    outcome.says(&[
        "http://no-such-host.invalid/orders.csv): no connection",
        "elt.source.file",
    ]);
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let server = FileServer::start(|_| Reply::new(200, csv(30)).stall(0));
    let database = database(&server.at("/orders.csv"));
    let columns = "max_attempts, retry_delay, response_timeout";
    configure(&database, columns, "2, '1 millisecond', '100 milliseconds'");
    let outcome = load(&database).run().exits_with(1);
    outcome.says(&["no bytes for 0.1 s, 2 times", "response_timeout"]);
}

#[test]
fn transient_errors_are_retried_as_for_an_api() {
    let server = FileServer::start(|asked| match asked.before {
        0 => Reply::new(503, ""),
        1 => Reply::new(429, "").with("retry-after", "0"),
        _ => Reply::file(asked, &csv(30), "v1"),
    });
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30).says(&["503", "(2 of 5)", "429", "(3 of 5)"]);
    let server = FileServer::start(|_| Reply::new(500, ""));
    let database = super::database(&server.at("/orders.csv"));
    let outcome = load(&database).run().exits_with(1);
    outcome.says(&["the server answered 500", ", 5 times", "Try again later."]);
    let server = FileServer::start(|_| Reply::new(429, "").with("retry-after", "9999"));
    let database = super::database(&server.at("/orders.csv"));
    load(&database)
        .run()
        .exits_with(1)
        .says(&["max_retry_delay"]);
}

#[test]
fn a_failed_file_leaves_the_other_sources_unchanged() {
    let server = FileServer::start(|_| Reply::new(404, ""));
    let database = database(&server.at("/orders.csv"));
    let outcome = database.elt().args(["load"]).run().exits_with(1);
    outcome.says(&["404"]);
    assert_eq!(database.number("select count(*) from elt.live_load"), 0);
}

/// Only the owner of the schema decides which addresses are read.
#[test]
fn a_role_that_loads_cannot_change_addresses() {
    let shared = crate::grants::Shared::prepared();
    shared.run("me_migrate", "migrate").ok();
    for role in ["me_load", "me_worker"] {
        let mut client = shared.database.connect_as(role);
        for sql in [
            "update elt.source set file = 'http://127.0.0.1/'",
            "insert into elt.source (source, format, file, description) values ('a', 'csv', 'http://h/', '')",
            "update elt.rest_source set base_url = 'http://127.0.0.1/'",
            "insert into elt.rest_source (source, path) values ('appointments', '/')",
        ] {
            let error = client.batch_execute(sql).unwrap_err();
            assert_eq!(error.code().unwrap().code(), "42501", "{role}: {sql}");
        }
    }
    let server = super::server(&csv(30), "v1");
    let address = server.at("/orders.csv");
    let sql = format!("update elt.source set file = '{address}' where source = 'appointments'");
    shared
        .database
        .connect_as("me_migrate")
        .batch_execute(&sql)
        .unwrap();
    shared.run("me_load", "load appointments").ok();
    shared.run("me_load", "load appointments").ok();
    assert_eq!(server.asked()[1].header("if-none-match"), "\"v1\"");
}

#[test]
fn a_worker_reads_addresses_and_no_recorded_location() {
    let server = super::server(&csv(30), "v1");
    let other = super::server(&csv(7), "v1");
    let database = database(&server.at("/orders.csv"));
    database.elt().args(["load"]).run().ok();
    let forged = other.at("/orders.csv");
    database.run(&format!(
        "update elt.load set location = '{forged}', entity_tag = null"
    ));
    let state = |database: &Database| {
        database
            .elt()
            .args(["jobs", "enqueue", "pipeline"])
            .run()
            .ok();
        let data = crate::support::Folder::with_data();
        let out = crate::support::Folder::new();
        let worker = database.elt().args(["worker", "--once"]);
        worker
            .path("--out", out.path())
            .path("--data", data.path())
            .run();
        let sql =
            "select state || ' ' || coalesce(error, '') from elt.job order by job_id desc limit 1";
        database.text(sql)
    };
    assert_eq!(state(&database), "succeeded ");
    assert_eq!((server.asked().len(), other.asked().len()), (2, 0));
}
