//! Files that are live already: the server is asked, and their bytes are compared.

use super::file_server::{FileServer, Reply};
use super::{csv, database, load, loads, server};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn load_count(database: &crate::support::Database) -> i64 {
    database.number("select count(*) from elt.load")
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let server = server(&csv(30), "v1");
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30);
    let outcome = load(&database).args(["--json"]).run().ok();
    let report = &outcome.json()["load"]["sources"][0];
    assert_eq!(report["outcome"], "unchanged");
    assert_eq!(
        (&report["load_id"], &report["rows"]),
        (&1.into(), &30.into())
    );
    assert_eq!(server.asked()[1].header("if-none-match"), "\"v1\"");
    assert_eq!(load_count(&database), 1, "nothing was loaded");
    load(&database).args(["--force"]).run().ok();
    assert_eq!(server.asked()[2].header("if-none-match"), "");
    assert_eq!(load_count(&database), 2);
}

#[test]
fn a_date_serves_as_a_version() {
    let date = "Mon, 30 Nov 2026 08:00:00 GMT";
    let server = FileServer::start(move |asked| match asked.header("if-modified-since") {
        "" => Reply::new(200, csv(30))
            .with("last-modified", date)
            .with("date", "Mon, 30 Nov 2026 08:00:01 GMT"),
        since => {
            assert_eq!(since, date);
            Reply::new(304, "").without("content-length")
        }
    });
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30);
    loads(&database, 30);
    assert_eq!((server.asked().len(), load_count(&database)), (2, 1));
}

#[test]
fn a_file_that_changes_twice_in_a_second_is_read_again() {
    let date = "Mon, 30 Nov 2026 08:00:00 GMT";
    let server = FileServer::start(move |asked| {
        if asked.header("if-modified-since") == date {
            return Reply::new(304, "").without("content-length");
        }
        let rows = if asked.before == 0 { 30 } else { 40 };
        let reply = Reply::new(200, csv(rows)).with("last-modified", date);
        reply.with("date", date)
    });
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30);
    loads(&database, 40);
}

#[test]
fn a_version_is_that_of_one_address_and_one_layout() {
    let server = server(&csv(30), "v1");
    let database = database(&server.at("/orders.csv?day=1"));
    loads(&database, 30);
    let address = server.at("/orders.csv?day=2");
    database.run(&format!(
        "update elt.source set file = '{address}' where source = 'appointments'"
    ));
    loads(&database, 30);
    assert_eq!(server.asked()[1].header("if-none-match"), "");
    // The bytes were the same, so that the version is known now.
    loads(&database, 30);
    assert_eq!(server.asked()[2].header("if-none-match"), "\"v1\"");
    database.run("update elt.source set null_text = 'n/a' where source = 'appointments'");
    loads(&database, 30);
    assert_eq!(server.asked()[3].header("if-none-match"), "");
    assert_eq!(database.number("select load_id from elt.live_load"), 3);
}

#[test]
fn the_same_bytes_under_another_version_are_not_published_again() {
    let number = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&number);
    let server = FileServer::start(move |_| {
        let tag = format!("\"v{}\"", count.fetch_add(1, Ordering::SeqCst));
        Reply::new(200, csv(30)).with("etag", &tag)
    });
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30);
    let outcome = load(&database).run().ok();
    assert!(
        outcome.stdout.contains("nothing to do"),
        "{}",
        outcome.stdout
    );
    assert_eq!(database.number("select load_id from elt.live_load"), 1);
    let tag = "select entity_tag from elt.load where load_id = 1";
    assert_eq!(database.text(tag), "\"v1\"");
}

#[test]
fn a_changed_file_is_loaded() {
    let server = FileServer::start(|asked| match asked.before {
        0 => Reply::file(asked, &csv(30), "v1"),
        _ => Reply::file(asked, &csv(40), "v2"),
    });
    let database = database(&server.at("/orders.csv"));
    loads(&database, 30);
    loads(&database, 40);
    assert_eq!(server.asked()[1].header("if-none-match"), "\"v1\"");
}
