//! Keys of JSON records and of APIs that are compared with `elt.source.expected_keys`.

use super::Orders;
use crate::rest::given::{Answer, Given};
use crate::support::Outcome;

/// The source as a JSON file whose records have the keys a and b.
fn documents() -> Orders {
    let orders = Orders::new();
    orders.database.run(
        "drop table staging.orders; \
         create table staging.orders (_load_id bigint not null, _row bigint not null, payload jsonb) \
         partition by list (_load_id)",
    );
    orders.set("format = 'json', file = 'orders.json', expected_keys = '{a,b}'");
    orders
}

fn load(orders: &Orders, text: &str) -> Outcome {
    orders.data.write("orders.json", text);
    orders.elt("load orders").run()
}

fn payloads(orders: &Orders) -> String {
    orders.database.text(
        "select coalesce(string_agg(payload::text, ' ' order by _row), '') from staging.orders \
         inner join elt.live_load on load_id = _load_id",
    )
}

/// Each way to write two records.
const FORMS: [&str; 3] = [
    "[{\"a\": 1, \"b\": 2}, {\"a\": 3, \"c\": {\"d\": 4}}]",
    "{\"a\": 1, \"b\": 2}\n{\"a\": 3, \"c\": {\"d\": 4}}\n",
    "{\"a\": 1,\n\"b\": 2}\n{\"a\": 3,\n\"c\": {\"d\": 4}}\n",
];

#[test]
fn keys_that_are_not_expected_are_kept_reported_or_refused() {
    for form in FORMS {
        let orders = documents();
        let outcome = load(&orders, form).ok();
        outcome.says_not("\"c\"");
        assert_eq!(orders.latest(), "1 published {c} -");
        let before = payloads(&orders);
        assert_eq!(before, "{\"a\": 1, \"b\": 2} {\"a\": 3, \"c\": {\"d\": 4}}");
        orders.set("on_new_column = 'warn'");
        let outcome = orders.elt("load orders --force").run().ok();
        outcome.says_once("key \"c\" is not expected in", "kept in the records");
        orders.set("on_new_column = 'refuse'");
        let outcome = orders.elt("load orders --force").run().exits_with(1);
        outcome.says(&[
            "record 2 has a key that the source does not expect: \"c\"",
            "elt.source.expected_keys",
        ]);
        assert_eq!(payloads(&orders), before);
    }
}

#[test]
fn keys_that_no_record_has_are_refused_or_null() {
    let orders = documents();
    load(&orders, "[{\"a\": 1}, {\"b\": 2}]").ok();
    let outcome = load(&orders, "[{\"a\": 1}, {\"a\": 2}]").exits_with(1);
    outcome.says(&[
        "orders.json",
        "no record has the key \"b\"",
        "on_missing_column",
    ]);
    assert_eq!(payloads(&orders), "{\"a\": 1} {\"b\": 2}");
    orders.set("on_missing_column = 'null'");
    let outcome = load(&orders, "[{\"a\": 1}, {\"a\": 2}]").ok();
    outcome.says_once("key \"b\" is missing in", "null in all its rows");
    assert_eq!(orders.latest(), "3 published - {b}");
    // Records without any of the keys are other records.
    let outcome = load(&orders, "[{\"x\": 1}]").exits_with(1);
    outcome.says(&["no record has the keys \"a\", \"b\"", "None of the keys"]);
    // No record lacks a key.
    load(&orders, "[]").ok().says_not("missing");
}

#[test]
fn arrays_have_the_keys_of_their_header() {
    let orders = documents();
    orders.set("on_new_column = 'refuse', on_missing_column = 'null'");
    let outcome = load(&orders, "[[\"a\", \"c\"], [1, 2]]").exits_with(1);
    outcome.says_once("does not expect: \"c\"", "");
    let outcome = load(&orders, "[[\"a\"], [1], [2]]").ok();
    outcome.says_once("key \"b\" is missing in", "null in all its rows");
    assert_eq!(payloads(&orders), "{\"a\": 1} {\"a\": 2}");
}

#[test]
fn corrected_records_need_not_have_all_keys() {
    let orders = documents();
    orders.set("on_missing_column = 'null'");
    load(&orders, "{\"a\": 1, \"c\": 1}\nbroken\n{\"a\": 2}\n").ok();
    orders.set("on_missing_column = 'refuse', on_new_column = 'refuse'");
    let corrected = orders.data.write("rejects.json", "{\"c\": 3}\n");
    let replay = || {
        orders
            .database
            .elt()
            .args(["load", "orders"])
            .path("--replay", &corrected)
            .run()
    };
    replay().ok();
    assert_eq!(
        payloads(&orders),
        "{\"a\": 1, \"c\": 1} {\"a\": 2} {\"c\": 3}"
    );
    assert_eq!(orders.latest(), "2 published {c} {b}");
}

#[test]
fn so_are_the_keys_of_an_api() {
    let orders = documents();
    orders.database.run(
        "alter table staging.orders add column _page bigint; \
         update elt.source set format = 'rest', file = null where source = 'orders'; \
         insert into elt.rest_source (source, path, max_attempts) values ('orders', '/orders', 1)",
    );
    let server = Given::start(|_, _| {
        Answer::json(
            serde_json::json!({"count": 2, "next": null, "results": [{"a": 1, "c": 1}, {"a": 2}]}),
        )
    });
    let load = || {
        orders
            .database
            .elt()
            .args(["load", "orders"])
            .env("ELT_ORDERS_URL", &server.url)
            .run()
    };
    load()
        .exits_with(1)
        .says(&["no record has the key \"b\"", "on_missing_column"]);
    orders.set("on_missing_column = 'null', on_new_column = 'warn'");
    let outcome = load().ok();
    outcome.says_once("key \"b\" is missing in", "null in all its rows");
    outcome.says_once("key \"c\" is not expected in", "kept in the records");
    assert_eq!(payloads(&orders), "{\"a\": 1, \"c\": 1} {\"a\": 2}");
    assert!(
        orders.latest().ends_with("published {c} {b}"),
        "{}",
        orders.latest()
    );
    orders.set("on_new_column = 'refuse'");
    load().exits_with(1).says(&[
        "record 1 has a key that the source does not expect: \"c\"",
        "expected_keys",
    ]);
}
