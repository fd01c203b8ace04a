//! Each kind of pagination, with a server that answers like APIs of that kind.

use super::given::{Answer, Given, Received};
use super::{database, staged};
use crate::support::{Database, Outcome};
use serde_json::{Value, json};

/// The number of records that each server has.
const RECORDS: usize = 25;

fn records(range: std::ops::Range<usize>) -> Vec<Value> {
    range.map(|id| json!({ "id": id })).collect()
}

/// The records of a page, by the number of records before it.
fn page_of(from: usize, size: usize) -> Vec<Value> {
    records(from.min(RECORDS)..(from + size).min(RECORDS))
}

/// Loads the API with these settings of its row.
pub(super) fn load(database: &Database, server: &Given, settings: &str) -> Outcome {
    database
        .run("update elt.rest_source set path = '/things', sign_in_path = null, count_at = null");
    database.run(&format!("update elt.rest_source set {settings}"));
    let load = database.elt().api(&server.url);
    load.args(["load", "rest_appointments"]).run()
}

/// Loads all records and checks that each is staged once and in order.
fn loads_all(settings: &str, answer: impl Fn(&Received, &str) -> Answer + Send + Sync + 'static) {
    let (database, server) = (database(), Given::start(answer));
    load(&database, &server, settings).ok();
    let ids =
        "select string_agg(payload ->> 'id', ' ' order by _row) from staging.rest_appointments";
    let expected: Vec<String> = (0..RECORDS).map(|id| id.to_string()).collect();
    assert_eq!(database.text(ids), expected.join(" "));
}

/// The loads fail with this message, and nothing is staged.
fn fails(
    settings: &str,
    says: &[&str],
    answer: impl Fn(&Received, &str) -> Answer + Send + Sync + 'static,
) -> Vec<Received> {
    let (database, server) = (database(), Given::start(answer));
    load(&database, &server, settings).exits_with(1).says(says);
    assert_eq!(staged(&database), 0);
    server.received()
}

/// A page whose next cursor is the number of records up to its end.
fn cursor_page(request: &Received, end: &Value) -> Value {
    let from = request.parameter("after");
    let from = from
        .strip_prefix("/c=")
        .unwrap_or(from)
        .parse()
        .unwrap_or(0);
    let next = if from + 10 < RECORDS {
        json!(format!("/c={}", from + 10))
    } else {
        end.clone()
    };
    json!({ "data": page_of(from, 10), "meta": { "next_cursor": next } })
}

const CURSOR: &str = "records_at = 'data', pagination = 'cursor', cursor_at = 'meta.next_cursor', cursor_parameter = 'after'";

#[test]
fn a_cursor_is_sent_as_a_parameter_until_it_is_null_or_empty() {
    for end in [json!(null), json!("")] {
        loads_all(CURSOR, move |request, _| {
            Answer::json(cursor_page(request, &end))
        });
    }
}

#[test]
fn a_cursor_is_never_requested_as_an_address() {
    let (database, elsewhere) = (database(), Given::start(|_, _| Answer::status(500, "")));
    let address = elsewhere.url.clone();
    let server = Given::start(move |request, _| {
        let cursor = if request.parameter("after").is_empty() {
            json!(format!("{address}/things?after=1"))
        } else {
            Value::Null
        };
        let id = request.parameter("after").len();
        Answer::json(json!({ "data": [{ "id": id }], "meta": { "next_cursor": cursor } }))
    });
    load(&database, &server, CURSOR).ok();
    assert_eq!(staged(&database), 2);
    assert_eq!(elsewhere.received().len(), 0);
    assert_eq!(
        server.received()[1].parameter("after"),
        format!("{}/things?after=1", elsewhere.url)
    );
}

#[test]
fn the_last_page_may_be_known_by_a_flag_although_it_has_a_cursor() {
    // The cursor is the id of the last record.
    let settings = "records_at = 'data', pagination = 'cursor', cursor_at = 'data[-1].id', \
        cursor_parameter = 'starting_after', more_at = 'has_more', page_size = 10, page_size_parameter = 'limit'";
    loads_all(settings, |request, _| {
        assert_eq!(request.number("limit"), Some(10));
        let from = request.number("starting_after").map_or(0, |last| last + 1);
        Answer::json(json!({ "data": page_of(from, 10), "has_more": from + 10 < RECORDS }))
    });
}

#[test]
fn a_page_token_may_be_missing_on_the_last_page() {
    let settings = "records_at = 'items', pagination = 'cursor', cursor_at = 'nextPageToken', cursor_parameter = 'pageToken'";
    let answer = |request: &Received, _: &str| {
        let from = request.number("pageToken").unwrap_or(0);
        let mut page = json!({ "items": page_of(from, 10) });
        if from + 10 < RECORDS {
            page["nextPageToken"] = json!((from + 10).to_string());
        }
        Answer::json(page)
    };
    loads_all(settings, answer);
    // If the key is wrong, the first page looks like the only one.
    let (database, server) = (database(), Given::start(answer));
    load(
        &database,
        &server,
        &settings.replace("nextPageToken", "nextToken"),
    )
    .ok()
    .says(&["page 1", "has no \"nextToken\"", "taken for the only page"]);
}

#[test]
fn more_pages_without_a_cursor_are_an_error() {
    let settings = format!("{CURSOR}, more_at = 'more'");
    fails(
        &settings,
        &["says that there are more pages", "meta.next_cursor"],
        |_, _| Answer::json(json!({ "data": records(0..3), "more": true })),
    );
}

#[test]
fn the_header_link_is_followed() {
    let settings = "records_at = '', pagination = 'link'";
    let answer = |request: &Received, host: &str| {
        let page = request.number("page").unwrap_or(1);
        let answer = Answer::json(json!(page_of(10 * (page - 1), 10)));
        let first = format!("<{host}/things?page=1>; rel=\"first\"");
        match page {
            1 | 2 => answer.with("link", &first).with(
                "link",
                format!("<{host}/things?page={}>; rel=\"next\"", page + 1),
            ),
            _ => answer.with("link", first),
        }
    };
    loads_all(settings, answer);
    let elsewhere = |_: &Received, _: &str| {
        Answer::json(json!(records(0..3)))
            .with("link", "<http://other.invalid/?key=secret>; rel=next")
    };
    fails(
        settings,
        &["names a next page on another host: http://other.invalid"],
        elsewhere,
    );
}

#[test]
fn a_header_link_that_is_not_followed_is_mentioned() {
    let (database, server) = (
        database(),
        Given::start(|_, host| {
            let link = format!("<{host}/things?page=2>; rel=\"next\"");
            Answer::json(json!(records(0..3))).with("link", link)
        }),
    );
    let outcome = load(&database, &server, "records_at = '', pagination = 'none'").ok();
    outcome.says(&["next page in its header Link", "pagination to 'link'"]);
}

#[test]
fn numbered_pages_without_a_count_end_with_status_404() {
    loads_all("records_at = 'items', pagination = 'page'", |request, _| {
        let page = request.number("page").unwrap();
        let records = page_of(10 * (page - 1), 10);
        if records.is_empty() {
            return Answer::status(404, json!({ "detail": "Invalid page." }));
        }
        Answer::json(json!({ "items": records }))
    });
}

#[test]
fn status_404_before_the_count_is_reached_is_an_error() {
    let settings =
        "records_at = 'items', count_at = 'count', pagination = 'page', max_restarts = 0";
    fails(
        settings,
        &["but the server counts 25"],
        |request, _| match request.number("page").unwrap() {
            1 => Answer::json(json!({ "items": page_of(0, 10), "count": RECORDS })),
            _ => Answer::status(404, "{}"),
        },
    );
}

#[test]
fn status_404_of_the_first_page_is_an_error() {
    let says = ["the server answered 404", "path in elt.rest_source"];
    fails("pagination = 'page'", &says, |_, _| {
        Answer::status(404, "{}")
    });
}

#[test]
fn numbered_pages_end_at_the_number_of_pages_or_by_a_flag() {
    let pages = "records_at = 'items', pagination = 'page', pages_at = 'meta.pages', \
        page_parameter = 'p', first_page = 0";
    let answer = |request: &Received, _: &str| {
        let page = request.number("p").unwrap();
        // The server repeats its last page.
        let records = page_of(10 * page.min(2), 10);
        Answer::json(json!({ "items": records, "meta": { "pages": 3, "more": page < 2 } }))
    };
    loads_all(pages, answer);
    loads_all(
        &pages.replace("pages_at = 'meta.pages'", "more_at = 'meta.more'"),
        answer,
    );
}

#[test]
fn offset_and_limit_end_with_a_count_or_an_empty_page() {
    let settings = "records_at = 'items', pagination = 'offset', page_parameter = 'skip', first_page = 0, \
        page_size_parameter = 'limit', page_size = 7";
    let answer = |request: &Received, _: &str| {
        let (from, size) = (
            request.number("skip").unwrap(),
            request.number("limit").unwrap(),
        );
        Answer::json(json!({ "items": page_of(from, size), "total": RECORDS }))
    };
    loads_all(settings, answer);
    loads_all(&format!("{settings}, count_at = 'total'"), answer);
}

#[test]
fn the_next_address_may_be_relative_and_have_a_key_with_a_dot() {
    let settings = "records_at = 'value', next_at = '@odata.nextLink', count_at = '@odata.count', \
        page_size_parameter = '$top', page_size = 10";
    loads_all(settings, |request, _| {
        let from = request.number("$skiptoken").unwrap_or(0);
        let mut page = json!({ "@odata.count": RECORDS, "value": page_of(from, 10) });
        if from + 10 < RECORDS {
            page["@odata.nextLink"] = json!(format!("things?$skiptoken={}", from + 10));
        }
        Answer::json(page)
    });
}

#[test]
fn a_next_value_that_is_not_an_address_is_not_requested() {
    let says = ["the \"next\" of page 1", "is not an address", "'cursor'"];
    let received = fails("records_at = 'items'", &says, |_, _| {
        Answer::json(json!({ "items": records(0..3), "next": "eyJpZCI6MX0=" }))
    });
    assert_eq!(received.len(), 1);
}

#[test]
fn a_search_has_its_cursor_in_the_body() {
    let settings = "records_at = 'hits', method = 'POST', body = '{\"query\": {\"all\": true}}', \
        parameters_in = 'body', pagination = 'cursor', cursor_at = 'next', cursor_parameter = 'page.after', \
        page_size_parameter = 'page.size', page_size = 10";
    loads_all(settings, |request, _| {
        let body = request.json();
        assert_eq!(
            (request.method.as_str(), &body["query"]),
            ("POST", &json!({ "all": true }))
        );
        assert_eq!(
            (&body["page"]["size"], request.query.len()),
            (&json!(10), 0)
        );
        let from = body["page"]["after"].as_u64().unwrap_or(0) as usize;
        let next = (from + 10 < RECORDS).then_some(from + 10);
        Answer::json(json!({ "hits": page_of(from, 10), "next": next }))
    });
}

const GRAPHQL: &str = "records_at = 'data.things.nodes', method = 'POST', body = '{\"query\": \"query ($after: String) \
    { things(after: $after) { nodes { id } } }\"}', parameters_in = 'body', pagination = 'cursor', \
    cursor_at = 'data.things.pageInfo.endCursor', cursor_parameter = 'variables.after', \
    more_at = 'data.things.pageInfo.hasNextPage', errors_at = 'errors'";

#[test]
fn graphql_is_walked_by_its_page_info() {
    loads_all(GRAPHQL, |request, _| {
        let after = request.json()["variables"]["after"].clone();
        let from = after.as_str().map_or(0, |cursor| cursor.parse().unwrap());
        let info =
            json!({ "endCursor": (from + 10).to_string(), "hasNextPage": from + 10 < RECORDS });
        let things = json!({ "nodes": page_of(from, 10), "pageInfo": info });
        Answer::json(json!({ "data": { "things": things } }))
    });
}

#[test]
fn an_error_with_status_200_ends_the_load_with_its_text() {
    let says = ["reports an error in \"errors\"", "Field is not known."];
    fails(GRAPHQL, &says, |_, _| {
        let things = json!({ "nodes": [], "pageInfo": { "hasNextPage": false } });
        let errors = json!([{ "message": "Field is not known." }]);
        Answer::json(json!({ "data": { "things": things }, "errors": errors }))
    });
}

#[test]
fn numbered_pages_may_be_in_the_body() {
    let settings = "records_at = 'hits', method = 'POST', body = '{\"q\": \"x\"}', parameters_in = 'body', \
        pagination = 'offset', page_parameter = 'from', first_page = 0, count_at = 'total'";
    loads_all(settings, |request, _| {
        let from = request.json()["from"].as_u64().unwrap() as usize;
        Answer::json(json!({ "hits": page_of(from, 5), "total": RECORDS.to_string() }))
    });
}
