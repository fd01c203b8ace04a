//! Addresses and responses that init refuses, and secrets.

use super::{init, init_api, records, run_on, with_type};
use crate::rest::given::{Answer, Given};
use crate::support::{Database, Folder};
use serde_json::json;
use std::process::Command;

/// What init says about a server that gives this answer to every request.
#[track_caller]
fn refuses(answer: Answer, path: &str, args: &[&str], says: &[&str]) {
    let folder = Folder::new();
    let server = Given::start(move |_, _| answer.clone());
    let project = folder.path().join("shop");
    let init = init(&project, &["--from", &server.at(path)]).args(args);
    let outcome = init.run().exits_with(1).says(says);
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    assert!(!project.exists());
}

#[test]
fn a_response_that_is_not_json_is_refused() {
    let csv = with_type("text/csv; charset=utf-8", "a,b\n1,2\n");
    refuses(
        csv,
        "/rows.csv",
        &["--as", "api"],
        &["does not return JSON but text/csv", "--as file"],
    );
    let html = with_type("text/html", "<html>marker</html>");
    refuses(html, "/", &[], &["does not return JSON but text/html"]);
    let broken = with_type("application/json", "{\"results\": [{\"id\": 1},");
    refuses(
        broken,
        "/a",
        &[],
        &[
            "the first response is not valid JSON",
            "EOF",
            "use --as file",
        ],
    );
}

#[test]
fn an_error_of_the_server_is_shown() {
    let error = |status: u16| Answer::status(status, json!({"message": "No such tenant."}));
    refuses(
        error(401),
        "/customers?a=marker",
        &[],
        &[
            "401 Unauthorized: No such tenant.",
            "set ELT_CUSTOMERS_TOKEN, or sign_in_path with --set COLUMN=VALUE.",
        ],
    );
    refuses(
        error(404),
        "/v1/customers",
        &[],
        &[
            "404 Not Found: No such tenant.",
            "hint: Check --from http://127.0.0.1:",
        ],
    );
    let once = ["--set", "max_attempts=1", "--name", "people"];
    refuses(
        error(503),
        "/v1/customers",
        &once,
        &["503 Service Unavailable", "Try again later."],
    );
    refuses(
        error(200),
        "/customers",
        &[],
        &[
            "answered an error message: No such tenant.",
            "an object with message",
            "--set is_single_record=true",
        ],
    );
}

#[test]
fn a_server_that_is_not_there_is_named_as_the_user_did() {
    let folder = Folder::new();
    let address = "http://127.0.0.1:9/v1/customers?a=marker";
    let args = ["--from", address, "--set", "max_attempts=1"];
    let outcome = init(&folder.path().join("shop"), &args).run().exits_with(1);
    let outcome = outcome.says(&[
        "the first page (http://127.0.0.1:9/v1/customers?...): no connection",
        "hint: Check --from http://127.0.0.1:9/v1/customers, and that the server is running.",
    ]);
    assert!(!outcome.stderr.contains("_URL"), "{}", outcome.stderr);
}

#[test]
fn keys_of_the_server_are_short_escaped_and_without_secrets() {
    let folder = Folder::new();
    let long = "k".repeat(10 * 1024 * 1024);
    let body = json!({
        "rows": [[1], [2]],
        "red\u{1b}[31m": 1,
        format!("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa marker-token {long}"): 2,
        format!("z{long}"): 3,
    });
    let server = Given::start(move |_, _| Answer::json(&body));
    let init = init(
        &folder.path().join("shop"),
        &["--from", &server.at("/rows")],
    );
    let outcome = init
        .env("ELT_ROWS_TOKEN", "marker-token")
        .run()
        .exits_with(1);
    let outcome = outcome.says(&[&format!(
        "The response is an object with red\\u{{1b}}[31m, rows, z{}.",
        "k".repeat(39)
    )]);
    assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    let found = json!({format!("z{long}"): {format!("\u{1b}{long}"): [{"a": 1}]}});
    refuses(
        Answer::json(&found),
        "/rows",
        &["--set", "records_at=rows"],
        &["\"rows\" is not an array", "an object with zk"],
    );
}

#[test]
fn a_response_without_records_is_refused() {
    let of =
        |body: &serde_json::Value, says: &[&str]| refuses(Answer::json(body), "/rows", &[], says);
    of(
        &json!({"count": 0, "results": []}),
        &["the first page has no records"],
    );
    of(
        &json!([[1, 2], [3, 4]]),
        &["no array of JSON objects", "an array of 2"],
    );
    of(
        &json!({"rows": [[1], [2]]}),
        &["no array of JSON objects", "an object with rows"],
    );
    refuses(
        Answer::json(json!({"data": {"a": 1}})),
        "/rows",
        &["--records-at", "data.rows"],
        &["\"data.rows\" is not an array", "an object with data"],
    );
    of(
        &json!({"total": 500, "items": records(0..100)}),
        &[
            "\"total\" is 500, but the response has 100 records",
            "--set count_at=null",
        ],
    );
}

#[test]
fn pages_that_do_not_follow_as_inferred_are_refused() {
    // The server ignores the parameter.
    let body = json!({"items": records(0..2), "page": 1, "total": 9});
    refuses(
        Answer::json(&body),
        "/rows",
        &[],
        &[
            "could not read the pages of the API as elt init inferred them",
            "has the same records as page 1",
            "pagination = page, page_parameter = page",
            "--set COLUMN=VALUE",
        ],
    );
}

#[test]
fn secrets_are_not_written_into_a_project() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!(records(0..2))));
    let project = folder.path().join("shop");
    let refuses = |address: &str, args: &[&str], says: &[&str]| {
        let init = init(&project, &["--from", address]).args(args);
        let outcome = init.run().exits_with(2).says(says);
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
    };
    let hint = [
        "parameter \"api_key\" of the address seems to be a secret",
        "set ELT_CUSTOMERS_TOKEN",
        "--set token_parameter=api_key",
    ];
    refuses(&server.at("/customers?page=1&api_key=marker"), &[], &hint);
    refuses(
        "https://ann:marker@api.example.org/customers",
        &[],
        &["has a user name or a password", "_PASSWORD"],
    );
    let address = server.at("/customers");
    for (set, key) in [
        (
            "headers={\"Authorization\": \"Bearer marker\"}",
            "Authorization",
        ),
        ("headers={\"x-api-key\": \"marker\"}", "x-api-key"),
        ("body={\"filter\": {\"password\": \"marker\"}}", "password"),
        (
            "sign_in_parameters={\"client_secret\": \"marker\"}",
            "client_secret",
        ),
        ("path=/a?access_token=marker", "access_token"),
    ] {
        let says = format!("\"{key}\" in column ");
        refuses(&address, &["--set", set], &[&says, "seems to be a secret"]);
    }
    assert!(server.received().is_empty());
    assert!(!project.exists());
}

#[test]
fn the_token_of_the_environment_is_sent_and_not_kept() {
    let folder = Folder::new();
    let server = Given::start(|request, _| {
        let header = request.headers.get("authorization");
        if header.is_none_or(|header| header != "Bearer marker-token") {
            let body = json!({"detail": "Sign in."});
            return Answer::status(401, &body);
        }
        let page = request.number("page").unwrap_or(1);
        let records = records(2 * (page - 1)..2 * page);
        Answer::json(json!({"items": records, "page": page, "total": 4}))
    });
    let project = folder.path().join("shop");
    let address = server.at("/customers");
    let args = ["--from", &address, "--set", "token_prefix=Bearer"];
    let with_token = |elt: crate::support::Elt| elt.env("ELT_CUSTOMERS_TOKEN", "marker-token");
    with_token(init(&project, &args)).run().ok();
    let found = Command::new("grep")
        .args(["-r", "marker"])
        .arg(&project)
        .output();
    assert!(found.unwrap().stdout.is_empty());
    let database = Database::with_engine();
    let run = with_token(database.elt_with(&project, &["run", "--migrate"]));
    run.path("--out", &folder.path().join("out")).run().ok();
    assert!(folder.read("out/customers.csv").contains("\n3,n3,"));
    let anonymous = database.elt_with(&project, &["load", "customers"]);
    anonymous
        .run()
        .exits_with(1)
        .says(&["401", "ELT_CUSTOMERS_TOKEN"]);
}

#[test]
fn a_key_in_a_parameter_of_the_address_comes_from_the_environment() {
    let folder = Folder::new();
    let server = Given::start(|request, _| match request.parameter("api_key") {
        "marker-key" => Answer::json(json!({"items": records(0..2), "next": null, "prev": null})),
        _ => Answer::status(403, json!({"message": "No key."})),
    });
    let project = folder.path().join("shop");
    let args = ["--set", "token_parameter=api_key", "--set", "token_prefix="];
    let init = init(&project, &["--from", &server.at("/customers")]).args(args);
    init.env("ELT_CUSTOMERS_TOKEN", "marker-key").run().ok();
    assert_eq!(server.received().len(), 2);
    let mut search = Command::new("grep");
    let found = search.args(["-r", "marker"]).arg(&project);
    assert!(found.output().unwrap().stdout.is_empty());
}

#[test]
fn an_address_in_the_environment_must_not_differ() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!(records(0..2))));
    let project = folder.path().join("shop");
    let init = init(&project, &["--from", &server.at("/customers")]);
    init.env("ELT_CUSTOMERS_URL", "http://127.0.0.1:9")
        .run()
        .exits_with(2)
        .says(&["both --from and ELT_CUSTOMERS_URL name an address"]);
    assert!(server.received().is_empty());
    init_api(&project, &server.at("/customers"), &[]);
    let database = Database::with_engine();
    run_on(&database, &project, &[]);
}
