//! Bodies of the API: several records at once, forms, and what OPTIONS says about the fields.

use super::resources::{ask, get, robots_site, token};
use super::{Answer, Site};
use crate::support::Database;
use serde_json::{Value, json};

fn task(name: &str) -> Value {
    json!({ "name": name, "start_time": "2026-11-22T10:00:00Z" })
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[test]
fn a_list_creates_all_records_or_none() {
    let (database, token, site) = robots_site("operator", true);
    let post = |body: &Value| ask(&site, &token, "POST", "/api/tasks/", body);
    let made = json_of(&post(&json!([task("a"), { "name": "b", "start_time": "2026-01-01", "end_time": "2026-01-02" }])).is(201));
    assert_eq!(
        (&made[0]["name"], &made[1]["task_id"]),
        (&json!("a"), &json!(2))
    );
    assert_eq!(made[1]["end_time"], "2026-01-02T00:00:00+00:00");
    let noted = "select count(*) from elt.change where account_name = 'robot' and lower(operation) = 'insert'";
    assert_eq!(database.number(noted), 2);

    let refused = post(&json!([task("c"), task(" "), { "name": "d" }, task("e")])).is(400);
    assert_eq!(
        json_of(&refused),
        json!([{}, { "name": ["A name is not blank."] }, { "start_time": ["This field is required."] }, {}])
    );
    let empty = post(&json!([task("c"), {}])).is(400);
    assert_eq!(
        json_of(&empty)[1]["name"],
        json!(["This field is required."])
    );
    let unknown = post(&json!([task("c"), { "nothing": 1 }])).is(400);
    assert_eq!(
        json_of(&unknown),
        json!([{}, { "nothing": ["There is no such field."] }])
    );
    for body in [
        json!([]),
        json!([1]),
        json!([[]]),
        Value::Array(vec![task("x"); 501]),
    ] {
        post(&body).is(400);
    }
    // A record can only be changed alone.
    ask(&site, &token, "PATCH", "/api/tasks/1/", &json!([task("x")])).is(400);
    assert_eq!(database.number("select count(*) from public.tasks"), 2);
    assert_eq!(
        json_of(&post(&Value::Array(vec![task("x"); 500])).is(201))
            .as_array()
            .unwrap()
            .len(),
        500
    );
}

#[test]
fn a_list_that_contradicts_itself_creates_nothing() {
    let database = Database::new();
    database.run(
        "create table public.codes (code text primary key, n integer); \
         insert into elt.admin_table (table_name, may_add, may_change, may_delete) values ('public.codes', true, true, true); \
         select elt.grant_roles(); grant select on public.codes to elt_web",
    );
    let token = token(&database, "robot", "operator", true);
    let site = Site::start(&database);
    let post = |body: &Value| ask(&site, &token, "POST", "/api/codes/", body);
    let twice = post(&json!([{ "code": "a" }, { "code": "b" }, { "code": "a" }])).is(400);
    assert_eq!(
        json_of(&twice),
        json!([{}, {}, { "code": ["A row with this value already exists."] }])
    );
    assert_eq!(database.number("select count(*) from public.codes"), 0);
    let large = json!([{ "code": "x".repeat(300 * 1024) }]);
    post(&large).is(413).says("larger than 256 KiB");
}

#[test]
fn forms_of_programs_are_bodies_too() {
    let database = Database::new();
    database.run(
        "create table public.lists (id integer primary key, words text[], doc jsonb, note text not null default ''); \
         insert into elt.admin_table (table_name, may_add, may_change, may_delete) values ('public.lists', true, true, true); \
         select elt.grant_roles(); grant select on public.lists to elt_web",
    );
    let token = token(&database, "robot", "operator", true);
    let site = Site::start(&database);
    let send = |method: &str, path: &str, form: &str| {
        let headers = format!(
            "Authorization: Token {token}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        );
        site.ask(method, path, &headers, form)
    };
    let made = send(
        "POST",
        "/api/tasks/",
        "name=a+%C3%BC&start_time=2026-11-22T10%3A00%3A00Z&end_time=",
    )
    .is(201);
    let made = json_of(&made);
    assert_eq!(
        (&made["name"], &made["end_time"]),
        (&json!("a ü"), &Value::Null)
    );
    send("PATCH", "/api/tasks/1/", "name=b")
        .is(200)
        .says("\"name\":\"b\"");
    send("PUT", "/api/tasks/1/", "name=c")
        .is(400)
        .says("{\"start_time\":[\"This field is required.\"]}");
    let refused = send("POST", "/api/tasks/", "name=x&name=y&nothing=1").is(400);
    assert_eq!(
        json_of(&refused),
        json!({ "name": ["Send this field once."], "nothing": ["There is no such field."] })
    );
    send(
        "POST",
        "/api/lists/",
        "id=1&words=a%2Cb&words=c%22&doc=%7B%22a%22%3A1%7D&note=",
    )
    .is(201);
    let record = get(&site, &token, "/api/lists/1/");
    assert_eq!(
        record,
        json!({ "id": 1, "words": ["a,b", "c\""], "doc": { "a": 1 }, "note": "" })
    );
    assert_eq!(database.number("select count(*) from public.tasks"), 1);
}

#[test]
fn options_describes_formats_and_the_fields_that_the_caller_may_send() {
    let (database, changing, site) = robots_site("operator", true);
    database.run("insert into public.tasks (name, start_time) values ('x', '2026-01-01')");
    let reading = token(&database, "reader", "operator", false);
    let about = |token: &str, path: &str| ask(&site, token, "OPTIONS", path, &Value::Null).is(200);
    let list = about(&changing, "/api/tasks/");
    assert!(
        list.head.contains("allow: get, head, options, post\r\n"),
        "{}",
        list.head
    );
    let list = json_of(&list);
    assert_eq!(list["name"], "tasks");
    assert_eq!(
        list["renders"],
        json!(["application/json", "text/csv", "text/html"])
    );
    assert_eq!(
        list["parses"],
        json!(["application/json", "application/x-www-form-urlencoded"])
    );
    let fields = &list["actions"]["POST"];
    let name = &fields["name"];
    assert_eq!(
        (
            &name["type"],
            &name["required"],
            &name["read_only"],
            &name["max_length"],
            &name["label"]
        ),
        (
            &json!("string"),
            &json!(true),
            &json!(false),
            &json!(200),
            &json!("Name")
        )
    );
    assert!(!name["help_text"].as_str().unwrap().is_empty());
    assert_eq!(fields["start_time"]["type"], "datetime");
    assert_eq!(fields["created_at"]["read_only"], true);
    let record = about(&changing, "/api/tasks/1/");
    assert!(
        record
            .head
            .contains("allow: get, head, options, put, patch, delete\r\n"),
        "{}",
        record.head
    );
    let actions = &json_of(&record)["actions"];
    assert_eq!(actions["PUT"]["task_id"]["read_only"], true);
    assert!(actions["PATCH"].is_object());
    // Without the right to change, only the formats.
    assert_eq!(
        json_of(&about(&reading, "/api/tasks/"))["actions"],
        Value::Null
    );
    for path in [
        "/api/",
        "/api/openapi.json",
        "/api/jobs/",
        "/api/jobs/1/cancel/",
        "/api-token-auth",
        "/appointments/",
    ] {
        about(&reading, path);
    }
    ask(&site, &changing, "OPTIONS", "/api/tasks/9/", &Value::Null).is(404);
    site.ask("OPTIONS", "/api/tasks/", "", "").is(401);
    // Choices come from the checks of the table.
    let admin = token(&database, "boss", "admin", true);
    let schedule = json_of(&about(&admin, "/api/elt.saved_query/"));
    let has_choices = schedule["actions"]["POST"]
        .as_object()
        .unwrap()
        .values()
        .any(|field| field["choices"].is_array());
    assert!(has_choices, "{schedule}");
}
