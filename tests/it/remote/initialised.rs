//! `elt init` with the address of a file: the project that it creates loads the file from there.

use super::file_server::{FileServer, Reply};
use super::gzip;
use crate::init::{init, run, run_on};
use crate::support::{Database, Folder};
use serde_json::Value;
use std::path::Path;

const CSV: &str = "id;name;paid_on\n1;Ann;2026-01-05\n2;Ben;2026-01-06\n";
const EXPORTED: &str = "id,name,paid_on\n1,Ann,2026-01-05\n2,Ben,2026-01-06\n";

fn typed(content_type: &'static str, body: impl Into<Vec<u8>>) -> FileServer {
    let body = body.into();
    FileServer::start(move |asked| {
        Reply::file(asked, &body, "v1").with("content-type", content_type)
    })
}

fn created(project: &Path, address: &str, args: &[&str]) -> Value {
    let init = init(project, &["--json", "--from", address]).args(args);
    init.run().ok().json()["project"].clone()
}

fn read_as(document: &Value) -> String {
    let choice = &document["read_as"];
    let text = |key: &str| choice[key].as_str().unwrap().to_string();
    format!("{}, {}, {}", text("kind"), text("reason"), text("option"))
}

#[test]
fn a_project_loads_its_file_from_the_address() {
    let (folder, server) = (
        Folder::new(),
        typed("application/octet-stream", gzip(CSV.as_bytes())),
    );
    let project = folder.path().join("shop");
    let address = server.at("/a/day%20orders.csv.gz?day=marker");
    let outcome = init(&project, &["--from", &address]).run().ok();
    let says = "read as a file (the path ends in .gz); to change it: --as api";
    assert!(outcome.stdout.contains(says), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("marker"), "{}", outcome.stdout);
    assert!(!project.join("data").exists());
    let migration = "migrations/V0001__create_day_orders.sql";
    let migration = std::fs::read_to_string(project.join(migration)).unwrap();
    assert_eq!(migration.matches("marker").count(), 1, "{migration}");
    assert!(
        migration.contains(&format!("'{address}',\n    ';',")),
        "{migration}"
    );
    let (database, exported) = run(&project);
    assert_eq!(exported, EXPORTED);
    assert_eq!(run_on(&database, &project, &[]), EXPORTED);
    assert_eq!(server.asked().len(), 3);
    assert_eq!(server.asked()[2].header("if-none-match"), "\"v1\"");
    let rekey = init(&project, &["--rekey", "day_orders", "--no-key"]);
    rekey.run().ok();
    assert_eq!(run_on(&database, &project, &[]), EXPORTED);
}

#[test]
fn the_path_and_the_response_say_what_the_address_is_that_of() {
    let documents = "[{\"id\": 1}, {\"id\": 2}]";
    let by_path = |ending: &str| format!("file, the path ends in .{ending}, --as api");
    let file = "file, the first response is not JSON, --as api".to_string();
    let api = "api, the first response is JSON, --as file".to_string();
    let chosen = |kind: &str, other: &str| format!("{kind}, chosen with --as, --as {other}");
    for (path, content_type, body, args, expected) in [
        ("/orders.csv", "text/csv", CSV, &[][..], by_path("csv")),
        ("/orders.TSV", "text/plain", CSV, &[], by_path("tsv")),
        (
            "/orders.json",
            "application/json",
            documents,
            &[],
            by_path("json"),
        ),
        (
            "/orders.ndjson",
            "text/plain",
            "{\"id\": 1}\n{\"id\": 2}\n",
            &[],
            by_path("ndjson"),
        ),
        (
            "/orders.json",
            "application/json",
            documents,
            &["--as", "api"],
            chosen("api", "file"),
        ),
        ("/orders", "text/csv", CSV, &[], file.clone()),
        ("/orders?format=csv", "", CSV, &[], file),
        ("/orders", "application/json", documents, &[], api.clone()),
        ("/orders", "text/plain", documents, &[], api),
        (
            "/orders",
            "application/json",
            documents,
            &["--as", "file"],
            chosen("file", "api"),
        ),
        (
            "/orders",
            "text/csv",
            CSV,
            &["--delimiter", ";"],
            "file, options say how the file is written, --as api".into(),
        ),
        (
            "/orders",
            "application/json",
            documents,
            &["--set", "page_size=7"],
            "api, --set names columns of elt.rest_source, --as file".into(),
        ),
    ] {
        let (folder, server) = (Folder::new(), typed(content_type, body));
        let project = folder.path().join("shop");
        let document = created(&project, &server.at(path), args);
        assert_eq!(read_as(&document), expected, "{path} {content_type}");
        assert_eq!(document["rows"], 2);
        assert_eq!(document["source"], "orders");
    }
}

#[test]
fn credentials_are_sent_and_not_written() {
    let folder = Folder::new();
    let server = FileServer::start(|asked| match asked.header("authorization") {
        "Bearer marker" => Reply::file(asked, CSV.as_bytes(), "v1"),
        _ => Reply::new(401, ""),
    });
    let project = folder.path().join("shop");
    let address = server.at("/orders.csv");
    let init = || init(&project, &["--from", &address]);
    init()
        .run()
        .exits_with(1)
        .says(&["401", "set ELT_ORDERS_TOKEN"]);
    assert!(!project.exists());
    init().env("ELT_ORDERS_TOKEN", "marker").run().ok();
    let database = Database::with_engine();
    let elt = database.elt_with(&project, &["run", "--migrate"]);
    let elt = elt.path("--out", &folder.path().join("out"));
    elt.env("ELT_ORDERS_TOKEN", "marker").run().ok();
    assert_eq!(folder.read("out/orders.csv"), EXPORTED);
    let found = std::process::Command::new("grep")
        .args(["-r", "marker"])
        .arg(&project)
        .output();
    assert!(found.unwrap().stdout.is_empty());
}

#[test]
fn addresses_that_are_no_file_are_refused() {
    let folder = Folder::new();
    let project = folder.path().join("shop");
    let refused = |reply: Reply, path: &str, code: i32, says: &[&str]| {
        let server = FileServer::start(move |_| reply.clone());
        let init = init(&project, &["--from", &server.at(path)]);
        let outcome = init.run().exits_with(code).says(says);
        assert!(!outcome.stderr.contains("marker"), "{}", outcome.stderr);
        assert!(!project.exists());
    };
    let page = Reply::new(200, "<!doctype html><p>").with("content-type", "text/html");
    refused(
        page.clone(),
        "/orders.csv?a=marker",
        1,
        &["could not read the file at http", "a web page (HTML)"],
    );
    refused(
        page,
        "/orders",
        1,
        &["does not return JSON but text/html", "--as file"],
    );
    refused(
        Reply::new(404, ""),
        "/orders.csv",
        1,
        &["the server answered 404", "Check --from http://127.0.0.1:"],
    );
    refused(
        Reply::new(200, CSV),
        "/orders.csv?api_key=marker",
        2,
        &[
            "\"api_key\" of the address seems to be a secret",
            "token_parameter 'api_key'",
        ],
    );
    // The database refuses this name, too.
    refused(
        Reply::new(200, CSV),
        "/orders.csv?page_token=marker",
        2,
        &[
            "\"page_token\" of the address",
            "token_parameter 'page_token'",
        ],
    );
    // The file was copied into a temporary folder, which messages do not name.
    refused(
        Reply::new(200, ""),
        "/orders.csv",
        1,
        &[
            "could not read the file at http",
            "because: could not read file \"http://127.0.0.1:",
        ],
    );
    for (from, code, says) in [
        (
            "ftp://127.0.0.1/orders.csv",
            2,
            "does not read addresses of ftp",
        ),
        (
            "127.0.0.1:9/orders",
            1,
            "file \"127.0.0.1:9/orders\" does not exist",
        ),
        ("www.example.org/orders", 1, "does not exist"),
    ] {
        let outcome = init(&project, &["--from", from]).run().exits_with(code);
        outcome.says(&[says, "An address begins with https://, http:// or s3://."]);
    }
    let outcome = init(&project, &["--from", "orders.csv", "--as", "file"]).run();
    outcome.exits_with(2).says(&["--as needs an address"]);
}
