//! Limits that an API reports in headers: elt waits until they are reset, or reports when that is.

use super::given::{Answer, Given, Received};
use super::pages_given::PAGES;
use super::{database, staged};
use crate::support::{Database, Elt, Outcome};
use serde_json::json;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A database with an API that needs no credentials.
fn database_with(settings: &str) -> Database {
    let database = database();
    database.run(&format!(
        "update elt.rest_source set sign_in_path = null, {settings}"
    ));
    database
}

fn load(database: &Database, server: &Given, requests: &str) -> Elt {
    let load = database.elt().env("ELT_REST_APPOINTMENTS_URL", &server.url);
    load.args(["load", "rest_appointments", "--requests", requests])
}

/// A refusal with the headers of a limit.
fn refusal(status: u16, headers: &[(&str, String)]) -> Answer {
    let answer = Answer::status(status, json!({"message": "Limit reached."}));
    let add = |answer: Answer, (name, value): &(&str, String)| answer.with(name, value);
    headers.iter().fold(answer, add)
}

/// A server that answers the first request for page 2 like this.
fn server(status: u16, headers: Vec<(&'static str, String)>) -> Given {
    Given::start(move |seen, _| {
        if seen.page() == 2 && seen.times == 0 {
            refusal(status, &headers)
        } else {
            Answer::page(seen, "")
        }
    })
}

fn requested(server: &Given) -> Vec<usize> {
    server.pages().iter().map(Received::page).collect()
}

#[test]
fn a_refusal_with_a_reached_limit_is_retried_after_its_reset() {
    let database = database_with("max_attempts = 2");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let (seconds, milliseconds) = (now.as_secs(), now.as_millis());
    let none = || "0".to_string();
    for headers in [
        vec![
            ("x-ratelimit-remaining", none()),
            ("x-ratelimit-reset", seconds.to_string()),
        ],
        vec![
            ("x-ratelimit-remaining", none()),
            ("x-ratelimit-reset", milliseconds.to_string()),
        ],
        vec![
            ("x-ratelimit-remaining", none()),
            ("x-ratelimit-reset", none()),
        ],
        vec![
            ("x-rate-limit-remaining", none()),
            ("x-rate-limit-reset", none()),
        ],
        vec![("ratelimit-remaining", none()), ("ratelimit-reset", none())],
        vec![("ratelimit", "limit=10, remaining=0, reset=0".to_string())],
        vec![("ratelimit", "\"default\";r=0;t=0".to_string())],
        vec![("retry-after", none())],
    ] {
        for status in [403, 429] {
            let server = server(status, headers.clone());
            let outcome = load(&database, &server, "1").run().ok();
            outcome.says(&[
                "warning: page 2",
                "Limit reached.",
                "to come back in 0 s; retrying",
            ]);
            assert_eq!(requested(&server), [1, 2, 2, 3], "{status} {headers:?}");
        }
    }
    assert_eq!(staged(&database) % PAGES as i64, 0);
}

#[test]
fn a_refusal_without_a_reached_limit_is_final() {
    let database = database_with("max_attempts = 2");
    for headers in [
        Vec::new(),
        vec![("x-ratelimit-reset", "0".to_string())],
        vec![
            ("x-ratelimit-remaining", "1".to_string()),
            ("x-ratelimit-reset", "0".to_string()),
        ],
        vec![("x-ratelimit-remaining", "0".to_string())],
    ] {
        let server = server(403, headers);
        let outcome = load(&database, &server, "1").run().exits_with(1);
        outcome.says(&[
            "page 2",
            "403 Forbidden: Limit reached.\n",
            "The API requires a sign-in",
        ]);
        assert_eq!(requested(&server), [1, 2]);
    }
}

#[test]
fn a_reset_after_the_longest_delay_ends_the_load() {
    let database = database_with("max_retry_delay = '1 second'");
    for status in [403, 429] {
        let headers = vec![
            ("x-ratelimit-remaining", "0".to_string()),
            ("x-ratelimit-reset", "3600".to_string()),
        ];
        let server = server(status, headers);
        let outcome = load(&database, &server, "1").run().exits_with(1);
        outcome.says(&[
            "Limit reached., to come back in 3600 s",
            "hint: That is longer than max_retry_delay in elt.rest_source, 1 s.",
        ]);
        assert_eq!(requested(&server), [1, 2]);
    }
}

/// A server that allows two requests, and then none for 300 ms, which it says in the second response.
fn strict_server() -> Given {
    let window = Mutex::new((0, Instant::now()));
    Given::start(move |seen, _| {
        let mut window = window.lock().unwrap();
        if window.0 == 2 {
            if window.1.elapsed() < Duration::from_millis(300) {
                return refusal(429, &[]);
            }
            window.0 = 0;
        }
        *window = (window.0 + 1, Instant::now());
        let left = 2 - window.0;
        Answer::page(seen, "")
            .with("x-ratelimit-remaining", left.to_string())
            .with("x-ratelimit-reset", "0.3")
    })
}

#[test]
fn the_last_request_of_a_limit_delays_the_next_one() {
    let database = database_with("max_attempts = 1");
    let server = strict_server();
    let outcome: Outcome = load(&database, &server, "1").run().ok();
    outcome.says(&["the server allows no more requests for 0.3 s; elt waits"]);
    assert_eq!(requested(&server), [1, 2, 3]);
    // A delay that is too long is not waited for.
    database.run("update elt.rest_source set max_retry_delay = '0.6 seconds'");
    let server =
        Given::start(|seen, _| Answer::page(seen, "").with("ratelimit", "\"day\";r=0;t=3600"));
    load(&database, &server, "4").run().ok();
}

#[test]
fn requests_of_several_threads_retries_and_sign_ins_keep_the_rate() {
    let database = database();
    database.run("update elt.rest_source set requests_per_second = 50, sign_in_path = '/token'");
    let server = Given::start(|seen, _| match (seen.is_page(), seen.times) {
        (false, times) => Answer::status(200, json!({"token": format!("t{times}")})),
        // The token expires once, and each page fails once.
        (true, 0) if seen.page() == 2 => Answer::status(401, json!({})),
        (true, 0) => Answer::status(503, json!({})),
        _ => Answer::page(seen, ""),
    });
    let load = load(&database, &server, "4")
        .env("ELT_REST_APPOINTMENTS_USERNAME", "user")
        .env("ELT_REST_APPOINTMENTS_PASSWORD", "password");
    load.run().ok();
    let seen = server.received();
    assert_eq!((server.sign_ins(), seen.len()), (2, 2 + 2 * PAGES));
    // One interval is a tolerance for the network.
    let took = seen[seen.len() - 1].at - seen[0].at;
    let intervals = u32::try_from(seen.len()).unwrap() - 2;
    assert!(took >= Duration::from_millis(20) * intervals, "{took:?}");
}
