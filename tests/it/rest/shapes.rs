//! Records that are not in an array at one key.

use super::database;
use super::given::{Answer, Given};
use super::kinds::load;
use crate::support::Database;
use serde_json::json;

fn rows(database: &Database, column: &str) -> String {
    database.text(&format!(
        "select string_agg(concat_ws(' ', {column}, payload), '; ' order by _row) from staging.rest_appointments"
    ))
}

#[test]
fn a_response_may_be_one_record() {
    let (database, server) = (
        database(),
        Given::start(|_, _| Answer::json(json!({ "id": 1, "data": [] }))),
    );
    let settings = "records_at = '', is_single_record = true, pagination = 'none'";
    load(&database, &server, settings).ok();
    assert_eq!(rows(&database, "_row"), "1 {\"id\": 1, \"data\": []}");
}

#[test]
fn the_members_of_an_object_keep_their_keys() {
    let database = database();
    let server = Given::start(|_, _| {
        let members = json!({ "b\t1": { "n": 1 }, "ü": { "n": 2 }, "c": 3 });
        Answer::json(json!({ "users": members }))
    });
    let settings = "records_at = 'users.*', pagination = 'none'";
    let refused = load(&database, &server, settings).exits_with(6);
    refused.says(&["alter table staging.rest_appointments add column _key text"]);
    assert_eq!(server.received().len(), 0);
    database.run("alter table staging.rest_appointments add column _key text");
    let outcome = load(&database, &server, settings).ok();
    let reason = "record 3: not an object";
    assert!(outcome.stdout.contains(reason), "{}", outcome.stdout);
    assert_eq!(rows(&database, "_key"), "b\t1 {\"n\": 1}; ü {\"n\": 2}");
}

#[test]
fn nested_records_keep_the_id_of_their_parent() {
    let database = database();
    database.run("alter table staging.rest_appointments add column _parent text");
    let server = Given::start(|request, _| {
        let page = request.number("page").unwrap();
        let orders = match page {
            1 => json!([
                { "id": 1, "lines": [{ "n": 1 }, { "n": 2 }] },
                { "id": 2 },
                { "lines": [{ "n": 9 }] },
            ]),
            _ => json!([{ "id": 3, "lines": [{ "n": 3 }] }]),
        };
        Answer::json(json!({ "orders": orders, "count": 4 }))
    });
    // The server counts orders.
    let settings = "records_at = 'orders[].lines', pagination = 'page', count_at = 'count'";
    let outcome = load(&database, &server, settings).ok();
    let reason = "the element around it has no \"id\"";
    assert!(outcome.stdout.contains(reason), "{}", outcome.stdout);
    assert_eq!(
        rows(&database, "_parent"),
        "1 {\"n\": 1}; 1 {\"n\": 2}; 3 {\"n\": 3}"
    );
    let raw = database.text("select page_number || ' ' || encode(raw, 'escape') from elt.reject");
    assert_eq!(raw, "1 {\"n\":9}");
}

#[test]
fn a_wrong_key_of_nested_records_is_an_error() {
    let database = database();
    let server = Given::start(|_, _| Answer::json(json!([{ "id": 1, "lines": [] }])));
    let settings = "records_at = '[].line', parent_id_at = null, pagination = 'none'";
    load(&database, &server, settings)
        .exits_with(1)
        .says(&["no element has the records that elt.rest_source.records_at names"]);
}
