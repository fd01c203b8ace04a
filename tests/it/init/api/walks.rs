//! Each kind of pagination: inferred, tested on the first pages, and loaded.

use super::{address, choices, exported, init_api, paged, records, run, run_on, types};
use crate::rest::given::{Answer, Given};
use crate::support::Folder;
use serde_json::{Value, json};
use std::fs;

/// Creates a project for the server's records and loads it. Returns the document of init.
fn holds(server: &Given, path: &str) -> Value {
    let folder = Folder::new();
    let project = folder.path().join("shop");
    let document = init_api(&project, &server.at(path), &[]);
    assert_eq!(document["project"]["source"], "customers");
    assert_eq!(document["project"]["api"]["pages_read"], 3);
    assert_eq!(document["project"]["api"]["is_complete"], true);
    assert_eq!(document["project"]["rows"], 25);
    assert_eq!(types(&document), "id bigint, name text, paid_on date");
    assert_eq!(document["project"]["key"], "id");
    assert!(!project.join("data").exists(), "no file is copied");
    assert_eq!(run(&project).1, exported(0..25));
    document
}

#[test]
fn the_address_of_the_next_page_is_followed() {
    let server = paged(
        |request| request.number("from").unwrap_or(0),
        |records, next, request| {
            let path = address(request, &format!("/v1/customers?from={next}"));
            let next = (next < 25).then_some(path);
            Answer::json(
                json!({"total": 25, "links": {"next": next, "prev": null}, "data": records}),
            )
        },
    );
    let document = holds(&server, "/v1/customers");
    assert_eq!(
        choices(&document),
        "records_at=data count_at=total pagination=next next_at=links.next"
    );
    assert_eq!(document["project"]["warnings"], json!([]));
}

#[test]
fn numbered_pages_are_requested_by_number() {
    let server = paged(
        |request| 10 * request.number("page").unwrap_or(0),
        |records, next, request| {
            let page = request.number("page").unwrap_or(0);
            let rows = records.len();
            Answer::json(json!({
                "content": records, "page": page, "totalPages": 3, "totalElements": 25,
                "numberOfElements": rows, "last": next == 25,
            }))
        },
    );
    assert_eq!(
        choices(&holds(&server, "/customers")),
        "records_at=content count_at=totalElements pagination=page page_parameter=page first_page=0 pages_at=totalPages"
    );
}

#[test]
fn a_parameter_of_the_address_shows_that_pages_are_numbered() {
    let server = paged(
        |request| 10 * (request.number("p").unwrap_or(1) - 1),
        |records, _, _| Answer::json(json!(records)),
    );
    assert_eq!(
        choices(&holds(&server, "/customers?status=open&p=1")),
        "records_at=\"\" count_at=null pagination=page page_parameter=p first_page=1"
    );
    let requests = server.received();
    assert!(
        requests
            .iter()
            .all(|request| request.query["status"] == "open")
    );
}

#[test]
fn an_offset_is_a_number_of_records() {
    let server = paged(
        |request| request.number("skip").unwrap_or(0),
        |records, _, request| {
            let skip = request.number("skip").unwrap_or(0);
            Answer::json(json!({"customers": records, "total": 25, "skip": skip, "limit": 10}))
        },
    );
    assert_eq!(
        choices(&holds(&server, "/customers")),
        "records_at=customers count_at=total pagination=offset page_parameter=skip first_page=0"
    );
}

#[test]
fn the_header_link_is_followed() {
    let server = paged(
        |request| request.number("after").unwrap_or(0),
        |records, next, request| {
            let answer = Answer::json(json!(records));
            let link = address(request, &format!("/customers?after={next}"));
            let first = address(request, "/customers");
            match next {
                25 => answer.with("link", format!("<{first}>; rel=\"first\"")),
                _ => answer.with(
                    "link",
                    format!("<{first}>; rel=\"first\", <{link}>; rel=\"next\""),
                ),
            }
        },
    );
    assert_eq!(
        choices(&holds(&server, "/customers")),
        "records_at=\"\" count_at=null pagination=link"
    );
}

#[test]
fn a_cursor_is_sent_with_the_next_request() {
    let server = paged(
        |request| {
            let token = request.query.get("pageToken").map(String::as_str);
            let number = token.and_then(|token| token.strip_prefix("/c=")?.parse().ok());
            number.unwrap_or(0)
        },
        |records, next, _| {
            let token = (next < 25).then(|| format!("/c={next}"));
            Answer::json(json!({"items": records, "nextPageToken": token}))
        },
    );
    assert_eq!(
        choices(&holds(&server, "/customers")),
        "records_at=items count_at=null pagination=cursor cursor_at=nextPageToken cursor_parameter=pageToken"
    );
}

#[test]
fn the_id_of_the_last_record_may_lead_to_the_next_page() {
    let server = paged(
        |request| match request.query.get("starting_after") {
            Some(id) => id.parse::<usize>().unwrap() + 1,
            None => 0,
        },
        |records, next, _| Answer::json(json!({"has_more": next < 25, "data": records})),
    );
    assert_eq!(
        choices(&holds(&server, "/customers")),
        "records_at=data count_at=null pagination=cursor cursor_at=data[-1].id cursor_parameter=starting_after \
         more_at=has_more"
    );
}

#[test]
fn a_query_of_graphql_is_posted() {
    let folder = Folder::new();
    let server = Given::start(|request, _| {
        assert_eq!(request.method, "POST");
        let after = &request.json()["variables"]["after"];
        let first = after
            .as_str()
            .map_or(0, |after| after[1..].parse().unwrap());
        let records = records(first..(first + 10).min(25));
        let (last, has_next) = (format!("c{}", first + 10), first + 10 < 25);
        let page_info = json!({"endCursor": last, "hasNextPage": has_next});
        Answer::json(json!({"data": {"customers": {"nodes": records, "pageInfo": page_info}}}))
    });
    let project = folder.path().join("shop");
    let query = "query ($after: String) { customers(after: $after) { nodes { id name paid_on } } }";
    let body = format!("body={}", json!({ "query": query }));
    let args = [
        "--set",
        "method=POST",
        "--set",
        &body,
        "--name",
        "customers",
    ];
    let document = init_api(&project, &server.at("/graphql"), &args);
    assert_eq!(
        choices(&document),
        "records_at=data.customers.nodes count_at=null pagination=cursor cursor_at=data.customers.pageInfo.endCursor \
         cursor_parameter=variables.after more_at=data.customers.pageInfo.hasNextPage parameters_in=body errors_at=errors"
    );
    assert_eq!(document["project"]["rows"], 25);
    assert_eq!(run(&project).1, exported(0..25));
}

#[test]
fn parameters_may_be_in_the_body() {
    let folder = Folder::new();
    let server = Given::start(|request, _| {
        let body = request.json();
        assert_eq!(body["filter"], "open");
        let skip = usize::try_from(body["page"]["skip"].as_u64().unwrap()).unwrap();
        Answer::json(json!({"data": records(skip.min(25)..(skip + 10).min(25)), "total": 25}))
    });
    let project = folder.path().join("shop");
    let body = "body={\"filter\": \"open\", \"page\": {\"size\": 10, \"skip\": 0}}";
    let args = ["--set", "method=POST", "--set", body];
    let document = init_api(&project, &server.at("/customers/search"), &args);
    assert_eq!(
        choices(&document),
        "records_at=data count_at=total pagination=offset page_parameter=page.skip first_page=0 parameters_in=body"
    );
    assert_eq!(run(&project).1, exported(0..25));
}

#[test]
fn the_types_of_a_long_api_come_from_its_first_pages() {
    let folder = Folder::new();
    let server = Given::start(|request, _| {
        let page = request.number("page").unwrap_or(1);
        let records = records(10 * (page - 1)..10 * page);
        Answer::json(json!({"data": records, "page": page, "total_pages": 30, "total": 300}))
    });
    let project = folder.path().join("shop");
    let outcome = super::init(&project, &["--from", &server.at("/customers")]).run();
    let outcome = outcome.exits_with(0);
    assert!(
        outcome
            .stdout
            .contains("source customers: 200 rows from the first 20 pages"),
        "{}",
        outcome.stdout
    );
    for text in [
        "pages_at",
        "\"page\" and \"total_pages\" are numbers of pages",
        "--set pagination=KIND",
    ] {
        assert!(outcome.stdout.contains(text), "{text}: {}", outcome.stdout);
    }
    outcome.says(&["come from the first 200 records", "--type COLUMN=TYPE"]);
    let asked = server.received().len();
    assert!((21..=23).contains(&asked), "{asked}");
    assert_eq!(run(&project).1, exported(0..300));
}

#[test]
fn an_api_is_added_to_a_project_and_its_key_can_change() {
    let folder = Folder::new();
    let project = folder.path().join("shop");
    super::init(&project, &[]).run().ok();
    let server = paged(
        |request| 10 * (request.number("page").unwrap_or(1) - 1),
        |records, _, _| Answer::json(json!({"results": records, "num_pages": 3})),
    );
    let address = server.at("/customers");
    let document = init_api(
        &project,
        &address,
        &["--name", "clients", "--mode", "merge"],
    );
    assert_eq!(document["project"]["database"], "");
    let migration = "migrations/V0002__create_clients.sql";
    assert_eq!(document["project"]["files"][0], migration);
    let (database, both) = run(&project);
    assert_eq!(both.split("--\n").next(), Some(exported(0..25).as_str()));
    assert_eq!(
        database.text("select format || ' ' || mode || ' ' || (file is null) from elt.source where source = 'clients'"),
        "rest merge true"
    );
    // A second load changes no row.
    run_on(&database, &project, &["--force"]);
    let again = super::init(&project, &["--from", &address, "--name", "clients"]);
    again.run().exits_with(2).says(&["already exists"]);

    let rekey = ["--rekey", "clients", "--key", "name", "--json"];
    let document = super::init(&project, &rekey).run().ok().json();
    assert_eq!(document["rekeyed"]["key_columns"], json!(["name"]));
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(String::from).collect();
        lines.sort();
        lines
    };
    let by_name = run_on(&database, &project, &["--force"]);
    assert_eq!(sorted(&by_name), sorted(&both));
    assert!(by_name.contains("\n1,n1,2026-01-05\n10,n10,"), "{by_name}");
    let mart = fs::read_to_string(project.join("sql/mart/clients.sql")).unwrap();
    assert!(mart.contains(&address), "{mart}");
}
