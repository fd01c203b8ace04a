//! Faults of an API: transient errors are retried, permanent errors end the load and change nothing.

use super::server::{Options, Server};
use super::{database, faults, load_both, options, staged};
use crate::support::{Database, wait_until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::time::{Duration, Instant};

/// A server with a fault, and thirty records in pages of ten.
fn server(fault: &str) -> Server {
    Server::start(Options {
        faults: faults(&[fault]),
        ..options(30)
    })
    .unwrap()
}

fn load(database: &Database, server: &Server) -> crate::support::Elt {
    database
        .elt()
        .api(&server.url())
        .args(["load", "rest_appointments"])
}

#[test]
fn retries_transient_errors() {
    let database = database();
    database.run("update elt.rest_source set response_timeout = '300 milliseconds'");
    for fault in [
        "error@2*4",
        "error@1*1",
        "reset@3*2",
        "truncate@2*2",
        "slow@2*1",
        "throttle@2*2",
        "unavailable@3*1",
        "expire@2*1",
        "expire@1*1",
        "moved@2*1",
        "drip@3*1",
        "cursor@1*1",
        "cursor@2",
    ] {
        let server = server(fault);
        assert!(load_both(&database, &server, 30), "{fault}");
    }
}

#[test]
fn renews_an_expired_token_once_for_all_requests() {
    let database = database();
    let server = server("expire@2*1");
    load(&database, &server)
        .args(["--requests", "1"])
        .run()
        .ok();
    let sign_ins = server.requests().len() - server.pages().len();
    assert_eq!((sign_ins, server.pages().len()), (2, 4));
    // A token that is refused again is not renewed again.
    let server = self::server("expire@2");
    let load = load(&database, &server).args(["--requests", "1"]);
    let outcome = load.run().exits_with(1);
    outcome.says(&[
        "page 2 (",
        "401 Unauthorized: Token expired.",
        "hint: Check the credentials",
    ]);
    let sign_ins = server.requests().len() - server.pages().len();
    assert_eq!(sign_ins, 2);
}

#[test]
fn a_permanent_error_ends_the_load_and_changes_nothing() {
    let database = database();
    database.run("update elt.rest_source set max_attempts = 3, max_response_bytes = 1000000");
    let sound = Server::start(options(30)).unwrap();
    assert!(load_both(&database, &sound, 30));
    let live = database.number("select max(load_id) from elt.live_load");
    let cases: [(&str, usize, &[&str]); 19] = [
        (
            "error@2",
            3,
            &[
                "page 2 (http://127.0.0.1:",
                "?page=2)",
                "500 Internal Server Error, 3 times",
            ],
        ),
        (
            "throttle@2",
            3,
            &["429 Too Many Requests", "3 times", "--requests 1"],
        ),
        ("unavailable@2", 3, &["503 Service Unavailable", "3 times"]),
        ("reset@2", 3, &["page 2", "the connection broke", "3 times"]),
        (
            "truncate@2",
            3,
            &["page 2", "ends too early, at byte ", "3 times"],
        ),
        (
            "slow@2",
            3,
            &["page 2", "no complete answer within 0.3 s", "3 times"],
        ),
        (
            "drip@2",
            3,
            &["page 2", "no complete answer within 0.3 s", "3 times"],
        ),
        (
            "see-other@2",
            1,
            &["page 2", "the server answered 303 See Other"],
        ),
        (
            "forbid@2",
            1,
            &["page 2", "403 Forbidden: Not for you.\\u{1b}[2J"],
        ),
        ("html@2", 1, &["page 2", "not JSON from byte 0 on"]),
        (
            "huge@2",
            1,
            &["page 2", "longer than 1000000 bytes", "page_size"],
        ),
        (
            "missing@2",
            1,
            &["page 2", "no \"results\"; it has: count, items, next, prev"],
        ),
        (
            "redirect@2",
            1,
            &[
                "page 2",
                "another host: http://elsewhere.invalid/appointments/",
            ],
        ),
        (
            "recount@2",
            3,
            &["page 2", "counts 31 records, and page 1 counted 30"],
        ),
        (
            "short@2",
            3,
            &[
                "page 3",
                "29 records up to page 3",
                "but the server counts 30",
            ],
        ),
        ("repeat@3", 1, &["page 3", "has the same records as page 2"]),
        (
            "circle@3",
            1,
            &[
                "page 3",
                "names page 2 as the next one",
                "The pages form a loop",
            ],
        ),
        (
            "elsewhere@2",
            1,
            &[
                "page 2",
                "names a next page on another host: http://elsewhere.invalid",
            ],
        ),
        ("echo@2", 1, &["page 2", "400 Bad Request"]),
    ];
    for (fault, attempts, says) in cases {
        let is_slow = fault.starts_with("slow") || fault.starts_with("drip");
        let timeout = if is_slow {
            "300 milliseconds"
        } else {
            "60 seconds"
        };
        database.run(&format!(
            "update elt.rest_source set response_timeout = '{timeout}'"
        ));
        let server = server(fault);
        let outcome = load(&database, &server).run().exits_with(1);
        assert!(
            !outcome.stderr.contains("marker"),
            "{fault}: {}",
            outcome.stderr
        );
        assert!(
            !outcome.stderr.contains('\u{1b}'),
            "{fault}: {}",
            outcome.stderr
        );
        outcome.says(says);
        let pages = server.pages();
        let second = pages
            .iter()
            .filter(|page| page.uri.query() == Some("page=2"))
            .count();
        assert_eq!(second, attempts, "{fault}");
        assert_eq!(
            database.number("select max(load_id) from elt.live_load"),
            live,
            "{fault}"
        );
        assert_eq!(staged(&database), 30, "{fault}");
    }
    let recorded = database.number(
        "select count(*) from elt.load where state = 'failed' and error like '%page%' \
         and staging_dropped_at is not null",
    );
    // If the data seems to have changed, it is read three times.
    assert_eq!(recorded, 19 + 2 * 2);
}

#[test]
fn the_token_is_never_sent_to_another_host() {
    let database = database();
    let other = Server::start(options(30)).unwrap();
    for fault in ["redirect@2", "elsewhere@1"] {
        let server = Server::start(Options {
            faults: faults(&[fault]),
            elsewhere: other.url(),
            ..options(30)
        })
        .unwrap();
        load(&database, &server)
            .run()
            .exits_with(1)
            .says(&["another host"]);
    }
    assert!(other.requests().is_empty());
}

#[test]
fn follows_a_redirect_of_the_sign_in() {
    let database = database();
    database.run("update elt.rest_source set sign_in_path = '/sign-in'");
    let server = Server::start(options(30)).unwrap();
    load(&database, &server).run().ok();
}

#[test]
fn all_requests_wait_for_retry_after() {
    let database = database();
    let server = Server::start(Options {
        faults: faults(&["throttle@3*1"]),
        retry_after: 1,
        latency: Duration::from_millis(10),
        ..options(1_000)
    })
    .unwrap();
    let outcome = load(&database, &server).run().ok();
    outcome.says(&["warning: page 3", "429", "retrying in 1.0 s (2 of 5)"]);
    let pages = server.pages();
    let third = pages.iter().find(|page| page.uri.query() == Some("page=3"));
    let told = third.unwrap().at;
    let pause = told + Duration::from_millis(200)..told + Duration::from_millis(900);
    assert!(!pages.iter().any(|page| pause.contains(&page.at)));
    assert!(pages.iter().filter(|page| page.at > pause.end).count() > 80);
    // A longer wait than the limit ends the load.
    database.run("update elt.rest_source set max_retry_delay = '10 milliseconds'");
    let server = Server::start(Options {
        faults: faults(&["unavailable@1"]),
        retry_after: 3_600,
        ..options(100)
    })
    .unwrap();
    let outcome = load(&database, &server).run().exits_with(1);
    outcome.says(&["503 Service Unavailable, to come back in 3600 s"]);
    assert_eq!(server.pages().len(), 1);
}

#[test]
fn reports_a_failed_sign_in() {
    let database = database();
    let server = Server::start(options(30)).unwrap();
    let wrong = load(&database, &server).env("ELT_REST_APPOINTMENTS_PASSWORD", "wrong-marker");
    let outcome = wrong.run().exits_with(1);
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    outcome.says(&[
        "signing in at http://127.0.0.1:",
        "400 Bad Request",
        "hint: Check ELT_REST_APPOINTMENTS_",
    ]);
    assert_eq!(server.requests().len(), 1);
    let anonymous = database
        .elt()
        .env("ELT_REST_APPOINTMENTS_URL", server.url());
    let outcome = anonymous
        .args(["load", "rest_appointments"])
        .run()
        .exits_with(2);
    outcome.says(&[
        "needs a user name and a password",
        "ELT_REST_APPOINTMENTS_PASSWORD_FILE",
    ]);
    assert_eq!(database.number("select count(*) from elt.load"), 1);
}

#[test]
fn refuses_an_invalid_address_without_showing_it() {
    let database = database();
    for url in [
        "marker",
        "ftp://marker",
        "http://user:marker@host",
        "http://host/?key=marker",
        "http://[marker",
    ] {
        let outcome = database
            .elt()
            .api(url)
            .args(["load", "rest_appointments"])
            .run()
            .exits_with(2);
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
        outcome.says(&["ELT_REST_APPOINTMENTS_URL", "hint:"]);
    }
    let unknown = database
        .elt()
        .args(["load", "rest_appointments"])
        .run()
        .exits_with(2);
    unknown.says(&["is not known", "Set ELT_REST_APPOINTMENTS_URL"]);
    let anonymous = database
        .elt()
        .api("http://127.0.0.1:9")
        .args(["load", "rest_appointments"]);
    anonymous
        .run()
        .exits_with(1)
        .says(&["no connection: Connection refused"]);
}

#[test]
fn an_interrupt_does_not_wait_for_the_api() {
    let database = database();
    for fault in ["slow@2", "unavailable@2"] {
        let server = Server::start(Options {
            faults: faults(&[fault]),
            retry_after: 60,
            ..options(30)
        })
        .unwrap();
        let running = load(&database, &server).start();
        wait_until("page 2 to be asked for", || server.pages().len() >= 2);
        kill(
            Pid::from_raw(i32::try_from(running.id()).unwrap()),
            Signal::SIGINT,
        )
        .unwrap();
        let begun = Instant::now();
        running.finish().exits_with(130).says(&["interrupted"]);
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
    assert_eq!(staged(&database), 0);
}
