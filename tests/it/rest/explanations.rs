//! Explanations in the errors of a server, which may repeat secrets.

use super::auth::{
    KEY, PASSWORD, database_with, fails, form_text, has_marker, has_no_secret, load, load_as_user,
    refusal, token,
};
use super::given::{Answer, Given, Received};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

#[test]
fn secrets_that_the_server_repeats_are_not_shown() {
    /// The received credentials, in the header, the query and the body.
    fn received(seen: &Received) -> String {
        let query = &seen.raw_query;
        format!(
            "{} {query} {}",
            seen.header("authorization"),
            String::from_utf8_lossy(&seen.body)
        )
    }
    let answers: [fn(&str) -> Answer; 7] = [
        |text| Answer::status(400, json!({"detail": format!("got {text}")})),
        |text| Answer::status(403, json!({"errors": [{"message": format!("got {text}")}]})),
        |text| Answer::status(500, json!({"error": {"message": format!("got {text}")}})),
        |text| Answer::status(422, json!({"message": json!({"got": text}).to_string()})),
        |text| Answer::status(400, json!({"title": form_text(text)})),
        |text| Answer::status(400, json!({"title": BASE64_STANDARD.encode(text)})),
        |text| Answer::redirect(&format!("http://elsewhere.invalid/{}", form_text(text))),
    ];
    let kinds = [
        "sign_in = 'json', sign_in_path = '/token'",
        "sign_in = 'form', sign_in_path = '/token'",
        "sign_in = 'client_credentials', sign_in_path = '/token'",
        "sign_in = 'client_credentials_in_body', sign_in_path = '/token'",
        "sign_in = 'basic', sign_in_path = null",
        "sign_in = 'json', sign_in_path = null, token_parameter = 'key'",
    ];
    let database = database_with("max_attempts = 1");
    for (number, kind) in kinds.into_iter().enumerate() {
        database.run(&format!("update elt.rest_source set {kind}"));
        let is_key = kind.contains("token_parameter");
        for (place, answer) in ["/token", "/appointments/"]
            .into_iter()
            .flat_map(|place| answers.map(|answer| (place, answer)))
        {
            if place == "/token" && !kind.contains("'/token'") {
                continue;
            }
            let server = Given::start(move |seen, _| {
                if seen.path == place {
                    answer(&received(seen))
                } else if seen.is_page() {
                    Answer::page(seen, "")
                } else {
                    token("token", number, 3_600.0)
                }
            });
            let load = if is_key {
                load(&database, &server).env("ELT_REST_APPOINTMENTS_TOKEN", PASSWORD)
            } else {
                load_as_user(&database, &server)
            };
            // Only the password is secret then.
            let load = load.env("ELT_REST_APPOINTMENTS_USERNAME", "zoe");
            let outcome = load.args(["--json"]).run().exits_with(1);
            let said = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!has_marker(&said), "{kind}, {place}: {said}");
        }
    }
    let outcome = load_as_user(&database, &Given::start(|_, _| refusal())).run();
    has_no_secret(&database, &outcome);
}

#[test]
fn secrets_in_addresses_of_the_server_are_not_shown() {
    type Give = fn() -> Answer;
    let database = database_with(
        "sign_in_path = null, token_prefix = 'Token', max_attempts = 2, max_restarts = 0, pagination = 'next'",
    );
    // The next page, and what the server answers to its request.
    let pages: [(&str, Give, &str); 5] = [
        (
            "/marker-key/2?page=2",
            || Answer::status(500, ""),
            "/...?page=2): the server answered 500",
        ),
        (
            "/x/bWFya2VyLWtleQ==?a=b",
            || Answer::json("[]"),
            "/...?...): ",
        ),
        (
            "/appointments/?key=marker-key",
            || Answer::json(json!({"count": 9, "next": null, "results": []})),
            "counts 9 records",
        ),
        (
            "/%6darker-key?page=2",
            || Answer::json(json!({"count": 3, "next": null, "results": []})),
            "/...?page=2), but the server counts 3",
        ),
        (
            "http://marker-key.example.org/",
            || Answer::json("[]"),
            "names a next page on another host\n",
        ),
    ];
    for (next, answer, says) in pages {
        let server = Given::start(move |seen, _| match seen.path.as_str() {
            "/appointments/" if seen.raw_query.is_empty() => {
                Answer::json(json!({"count": 3, "next": next, "results": [{"a": 1}]}))
            }
            _ => answer(),
        });
        let load = load(&database, &server).env("ELT_REST_APPOINTMENTS_TOKEN", KEY);
        fails(&database, load, 1, &[says]);
    }
}

#[test]
fn shows_the_explanation_of_the_server() {
    let database = database_with("sign_in_path = null, max_attempts = 1");
    for (status, body, text) in [
        (
            400,
            json!({"non_field_errors": ["First.", "Second."]}),
            "400 Bad Request: First.; Second.",
        ),
        (
            500,
            json!({"error": {"message": "Out of order."}}),
            "Internal Server Error: Out of order.",
        ),
        (
            403,
            json!([{"message": "Not\u{1b}[2J here."}]),
            "403 Forbidden: Not\\u{1b}[2J here.",
        ),
        (502, json!({"code": 7}), "502 Bad Gateway\n"),
    ] {
        let server = Given::start(move |_, _| Answer::status(status, &body));
        fails(&database, load(&database, &server), 1, &[text]);
    }
}

#[test]
fn a_response_without_a_token_names_its_keys() {
    let database = database_with("sign_in = 'form', sign_in_path = '/token', token_at = 'jwt'");
    let server = Given::start(|_, _| Answer::status(200, json!({"auth": "marker", "ttl": 1})));
    let says = [
        "the answer has no token: it has no \"jwt\"; it has: auth, ttl",
        "hint: Check sign_in_path and token_at in elt.rest_source.",
    ];
    fails(&database, load_as_user(&database, &server), 1, &says);
}

#[test]
fn a_hint_names_the_setting_that_has_the_address() {
    let database =
        database_with("base_url = 'http://127.0.0.1:9', sign_in_path = null, max_attempts = 1");
    let load = || {
        database
            .elt()
            .args(["load", "rest_appointments", "--requests", "1"])
    };
    let hint = "and that the server is running.";
    fails(
        &database,
        load(),
        1,
        &[&format!("hint: Check base_url in elt.rest_source, {hint}")],
    );
    let with_variable = load().env("ELT_REST_APPOINTMENTS_URL", "http://127.0.0.1:9/api");
    fails(
        &database,
        with_variable,
        1,
        &[&format!("hint: Check ELT_REST_APPOINTMENTS_URL, {hint}")],
    );
}
