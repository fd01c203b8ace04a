//! All pages are loaded in order, with every kind of pagination.

use super::{csv, database, load_both, options, staged};
use crate::support::{Database, Folder};
use axum::http::Method;
use std::time::Duration;

use super::server::{Options, Server};

/// The staged rows of the live load.
fn content(database: &Database) -> String {
    database.text(
        "select string_agg(concat_ws(' ', _row, _page, payload), chr(10) order by _row) \
         from staging.rest_appointments where _load_id = (select load_id from elt.live_load \
         where source = 'rest_appointments')",
    )
}

#[test]
fn exports_the_rows_of_the_file_in_the_order_of_the_api() {
    let (database, out) = (database(), Folder::new());
    let server = Server::start(options(95)).unwrap();
    assert!(load_both(&database, &server, 95));
    let export = database.elt().args(["export", "rest_appointments"]);
    export.path("--out", out.path()).run().ok();
    let rows = |text: &str| -> Vec<csv::StringRecord> {
        csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .map(Result::unwrap)
            .collect()
    };
    let exported = out.read("rest_appointments.csv");
    assert_eq!(rows(&exported), rows(&csv(95)));
    assert_eq!(exported.lines().next(), csv(95).lines().next());
    let last = database.text(
        "select concat_ws(' ', _row, _page) from staging.rest_appointments order by _row desc limit 1",
    );
    assert_eq!(last, "95 10");
    let requests = server.requests();
    assert_eq!(requests[0].method, Method::POST);
    assert_eq!(requests.len(), 11, "one for the token, one a page");
    for request in requests {
        assert_eq!(request.headers["content-type"], "application/json");
        assert!(
            request.headers["accept-encoding"]
                .to_str()
                .unwrap()
                .contains("gzip")
        );
        let is_page = request.method == Method::GET;
        assert_eq!(is_page, request.headers.contains_key("authorization"));
    }
}

#[test]
fn parallel_requests_give_the_same_rows_in_the_same_order() {
    let database = database();
    let latency = Duration::from_millis(5);
    let load = |jobs: &str| {
        let server = Server::start(Options {
            latency,
            ..options(400)
        })
        .unwrap();
        let load = database
            .elt()
            .api(&server.url())
            .args(["load", "rest_appointments"]);
        load.args(["--requests", jobs]).run().ok();
        (content(&database), server.most_at_once())
    };
    let (one_by_one, at_once) = load("1");
    assert_eq!(at_once, 1);
    assert_eq!(one_by_one.matches('\n').count(), 399);
    let (together, at_once) = load("8");
    assert!((2..=8).contains(&at_once), "{at_once}");
    assert!(together == one_by_one);
    assert_eq!(
        database.number("select count(distinct sha256) from elt.load"),
        1,
        "the fingerprint is of the records"
    );
}

#[test]
fn loads_a_hundred_thousand_records() {
    let database = database();
    database.run("update elt.rest_source set page_size = 1000");
    let server = Server::start(options(100_000)).unwrap();
    let load = database
        .elt()
        .api(&server.url())
        .args(["load", "rest_appointments"]);
    load.run().ok();
    assert_eq!(staged(&database), 100_000);
    let in_order = "select count(*) from staging.rest_appointments \
                    where (payload ->> 'emr_appointment_id')::bigint not in (_row - 1, _row - 2)";
    assert_eq!(database.number(in_order), 0);
    assert_eq!(server.pages().len(), 100);
}

#[test]
fn the_key_of_the_previous_page_may_be_previous() {
    let database = database();
    let server = Server::start(Options {
        is_previous: true,
        ..options(30)
    })
    .unwrap();
    assert!(load_both(&database, &server, 30));
}

#[test]
fn loads_numbered_pages_without_count_and_links() {
    let database = database();
    database.run("update elt.rest_source set pagination = 'page', count_at = null");
    let server = Server::start(Options {
        is_bare: true,
        ..options(30)
    })
    .unwrap();
    assert!(load_both(&database, &server, 30));
    assert_eq!(server.pages().len(), 4, "an empty one is the end");
}

#[test]
fn numbered_pages_end_when_the_count_is_reached() {
    let database = database();
    database.run("update elt.rest_source set pagination = 'page', page_size = 7");
    let server = Server::start(options(30)).unwrap();
    assert!(load_both(&database, &server, 30));
    assert_eq!(server.pages().len(), 5);
}

#[test]
fn an_api_may_have_one_page_or_no_record() {
    let database = database();
    database.run("update elt.rest_source set pagination = 'none'");
    let server = Server::start(options(7)).unwrap();
    assert!(load_both(&database, &server, 7));
    let server = Server::start(options(0)).unwrap();
    let load = database
        .elt()
        .api(&server.url())
        .args(["load", "rest_appointments"]);
    load.run()
        .ok()
        .says(&["source \"rest_appointments\" now has no row; before, it had 7"]);
}

#[test]
fn rejects_only_the_record_that_cannot_be_staged() {
    let database = database();
    let faults = super::faults(&["unfit@2"]);
    let server = Server::start(Options {
        faults,
        ..options(30)
    })
    .unwrap();
    let load = database
        .elt()
        .api(&server.url())
        .args(["load", "rest_appointments"]);
    let outcome = load.run().ok();
    assert!(
        outcome.stdout.contains("page 2, record 11: not JSON"),
        "{}",
        outcome.stdout
    );
    assert_eq!(staged(&database), 29);
    let kept =
        "select page_number || ' ' || row_number || ' ' || encode(raw, 'escape') from elt.reject";
    assert_eq!(database.text(kept), "2 11 {\"a\":\"\\377\\\\u0000\"}");
    let rejects = database.elt().args(["rejects"]).run().ok();
    assert!(rejects.stdout.contains("2, 11"), "{}", rejects.stdout);
}

#[test]
fn without_names_an_api_is_loaded_if_its_address_is_known() {
    let (database, data) = (database(), Folder::with_data());
    database
        .elt()
        .args(["load"])
        .path("--data", data.path())
        .run()
        .ok();
    assert_eq!(staged(&database), 0);
    let server = Server::start(options(30)).unwrap();
    let load = database.elt().api(&server.url()).args(["load"]);
    load.path("--data", data.path()).run().ok();
    assert_eq!(staged(&database), 30);
    // A source that was loaded before and is skipped now is reported.
    let load = database.elt().args(["load"]);
    let outcome = load.path("--data", data.path()).run().ok();
    outcome.says(&[
        "\"rest_appointments\" was not loaded",
        "(ELT_REST_APPOINTMENTS_URL)",
    ]);
    let server = Server::start(options(10)).unwrap();
    let load = database.elt().api(&server.url());
    let outcome = load.args(["load", "rest_appointments"]).run().ok();
    outcome.says(&["\"rest_appointments\" now has 10 rows; before, it had 30"]);
}

#[test]
fn does_not_export_a_source_that_was_never_loaded() {
    let (database, out) = (database(), Folder::new());
    let export = |names: &[&str]| {
        let export = database.elt().args(["export"]).args(names);
        export.path("--out", out.path()).run()
    };
    export(&[])
        .exits_with(1)
        .says(&["nothing to export", "elt load appointments"]);
    database.elt().args(["load"]).run().ok();
    let outcome = export(&[]).ok();
    assert!(
        outcome
            .stdout
            .contains("not written: rest_appointments.csv")
    );
    assert!(!out.path().join("rest_appointments.csv").exists());
    export(&["rest_appointments"])
        .exits_with(1)
        .says(&["elt load rest_appointments"]);
}

#[test]
fn the_rule_names_what_differs() {
    let database = database();
    let mut other = options(30);
    // One record is changed, one duplicated, one missing and one new.
    other.records[3] = other.records[3].replace("CHECKEDOUT", "LEFT");
    other.records[5] = other.records[4].clone();
    other
        .records
        .push(other.records[0].replace("\"emr_appointment_id\":0", "\"emr_appointment_id\":99"));
    let server = Server::start(other).unwrap();
    assert!(!load_both(&database, &server, 30));
    let differences = "select string_agg(concat_ws(' | ', emr_appointment_id, difference, \
        elt.origin(file_load_id, file_row), rest_row), chr(10) order by emr_appointment_id::int) \
        from quality.appointments_unlike_rest";
    let text = database.text(differences);
    let lines: Vec<&str> = text.lines().collect();
    let file = |line: &str| lines.iter().filter(|each| each.starts_with(line)).count();
    assert_eq!(lines.len(), 4, "{text}");
    assert_eq!(
        file("3 | encounter_status: CHECKEDOUT in the file, LEFT from the API | "),
        1,
        "{text}"
    );
    assert_eq!(
        file("4 | 1 times in the file, 2 times from the API | "),
        1,
        "{text}"
    );
    assert_eq!(file("5 | only in the file | "), 1, "{text}");
    assert_eq!(lines[3], "99 | only from the API | 31", "{text}");
    assert!(
        lines[0].contains("lab1_appointments.csv, line 5 | 4"),
        "{text}"
    );
}

#[test]
fn requests_keep_the_rate_limit() {
    let database = database();
    database.run("update elt.rest_source set requests_per_second = 100");
    let server = Server::start(options(100)).unwrap();
    let load =
        database
            .elt()
            .api(&server.url())
            .args(["load", "rest_appointments", "--requests", "8"]);
    load.run().ok();
    let pages = server.pages();
    let took = pages[pages.len() - 1].at - pages[0].at;
    // Ten pages have nine intervals of 10 ms. One interval is a tolerance for the network.
    assert!(took >= Duration::from_millis(80), "{took:?}");
}

#[test]
fn uses_the_proxy_of_the_environment_except_for_loopback() {
    let database = database();
    let server = Server::start(options(30)).unwrap();
    let load = |url: &str, proxy: &str| {
        let load = database.elt().api(url).env("http_proxy", proxy);
        load.args(["load", "rest_appointments"]).run()
    };
    // A request to a proxy has the whole address.
    load("http://api.invalid", &server.url())
        .ok()
        .says(&["warning: source \"rest_appointments\"", "unencrypted"]);
    assert_eq!(server.pages()[0].uri.host(), Some("api.invalid"));
    load(&server.url(), "http://127.0.0.1:9").ok();
}
