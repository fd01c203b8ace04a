//! Tables and views under /api/.

use super::{Answer, Site, add_user};
use crate::support::Database;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Adds an account and returns a token for it.
pub(super) fn token(database: &Database, name: &str, role: &str, may_change: bool) -> String {
    add_user(database, name, role);
    let new = ["token", "new", name, "--name", "tests"];
    let flag: &[&str] = if may_change { &["--change"] } else { &[] };
    let made = database.elt().args(new).args(flag).run().ok();
    made.stdout.trim().into()
}

/// A site on a new database, and a token for it.
pub(super) fn robots_site(role: &str, may_change: bool) -> (Database, String, Site) {
    let database = Database::new();
    let token = token(&database, "robot", role, may_change);
    let site = Site::start(&database);
    (database, token, site)
}

pub(super) fn ask(site: &Site, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    let headers = format!("Authorization: Token {token}\r\nContent-Type: application/json\r\n");
    site.ask(method, path, &headers, &body)
}

pub(super) fn get(site: &Site, token: &str, path: &str) -> Value {
    let answer = ask(site, token, "GET", path, &Value::Null).is(200);
    serde_json::from_str(&answer.body).unwrap()
}

#[test]
fn a_task_is_created_read_changed_and_deleted() {
    let (database, token, site) = robots_site("operator", true);
    let task = json!({ "name": "lab4", "start_time": "2026-11-22T10:00:00+01:00" });
    let made = ask(&site, &token, "POST", "/api/tasks/", &task).is(201);
    assert!(made.head.contains("/api/tasks/1/\r\n"), "{}", made.head);
    let made: Value = serde_json::from_str(&made.body).unwrap();
    assert_eq!(made["task_id"], 1);
    assert_eq!(made["start_time"], "2026-11-22T09:00:00+00:00");
    assert_eq!(made["end_time"], Value::Null);
    assert_eq!(get(&site, &token, "/api/tasks/1/"), made);

    let part = json!({ "end_time": "2026-11-22T12:00:00Z" });
    ask(&site, &token, "PATCH", "/api/tasks/1/", &part)
        .is(200)
        .says("2026-11-22T12:00:00+00:00");
    // A client can send a record back, including its read-only fields.
    let mut whole = get(&site, &token, "/api/tasks/1/");
    whole["name"] = json!("renamed");
    whole["created_at"] = json!("2000-01-01T00:00:00Z");
    whole["task_id"] = json!(9);
    let put = ask(&site, &token, "PUT", "/api/tasks/1/", &whole).is(200);
    let put: Value = serde_json::from_str(&put.body).unwrap();
    assert_eq!(
        (&put["name"], &put["created_at"], &put["task_id"]),
        (&json!("renamed"), &made["created_at"], &json!(1))
    );
    let lacking = ask(
        &site,
        &token,
        "PUT",
        "/api/tasks/1/",
        &json!({ "name": "x" }),
    )
    .is(400);
    assert_eq!(
        lacking.body,
        "{\"start_time\":[\"This field is required.\"]}"
    );

    ask(&site, &token, "DELETE", "/api/tasks/1/", &Value::Null).is(204);
    ask(&site, &token, "GET", "/api/tasks/1/", &Value::Null).is(404);
    let noted = "select count(*) from elt.change where account_name = 'robot'";
    assert_eq!(database.number(noted), 4);
}

#[test]
fn problems_are_reported_by_field() {
    let (database, token, site) = robots_site("operator", true);
    for (body, said) in [
        (
            "{\"name\": \"x\"}",
            json!({ "start_time": ["This field is required."] }),
        ),
        (
            "{\"name\": \" \", \"start_time\": \"2026-11-22\", \"end_time\": \"2026-11-21\"}",
            json!({ "name": ["A name is not blank."], "end_time": ["The end is not before the start."] }),
        ),
        (
            "{\"name\": null, \"start_time\": \"5\"}",
            json!({ "name": ["This field is required."],
                    "start_time": ["This is not a date with a time such as 2026-11-22 17:30."] }),
        ),
        (
            "{\"name\": {}, \"start_time\": [[1]], \"names\": 1}",
            json!({ "name": ["Send a value, not an object."], "start_time": ["Send a value, not a list."],
                    "names": ["There is no such field."] }),
        ),
        (
            "[1]",
            json!({ "detail": "Send a list of objects: [{\"column\": value}]." }),
        ),
        (
            "",
            json!({ "detail": "JSON parse error - EOF while parsing a value at line 1 column 0" }),
        ),
    ] {
        let headers = format!("Authorization: Token {token}\r\nContent-Type: application/json\r\n");
        let answer = site.ask("POST", "/api/tasks/", &headers, body).is(400);
        assert_eq!(
            serde_json::from_str::<Value>(&answer.body).unwrap(),
            said,
            "{body}"
        );
    }
    assert_eq!(database.number("select count(*) from public.tasks"), 0);
}

#[test]
fn if_match_refuses_changes_of_other_versions() {
    let (database, token, site) = robots_site("operator", true);
    let task = json!({ "name": "x", "start_time": "2026-11-22T10:00:00Z" });
    let made = ask(&site, &token, "POST", "/api/tasks/", &task).is(201);
    let tag = made
        .head
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .unwrap()
        .to_string();
    let headers = format!(
        "Authorization: Token {token}\r\nContent-Type: application/json\r\nIf-Match: {tag}\r\n"
    );
    site.ask("PATCH", "/api/tasks/1/", &headers, "{\"name\": \"y\"}")
        .is(200);
    site.ask("PATCH", "/api/tasks/1/", &headers, "{\"name\": \"z\"}")
        .is(412);
    site.ask("DELETE", "/api/tasks/1/", &headers, "").is(412);
    assert_eq!(database.text("select name from public.tasks"), "y");
}

#[test]
fn jobs_are_read_cancelled_and_tried_again() {
    let (database, token, site) = robots_site("operator", true);
    let job = database.number("select elt.enqueue('pipeline')");
    assert_eq!(
        get(&site, &token, "/api/jobs/?state=queued")["results"][0]["job_id"],
        job
    );
    let path = format!("/api/jobs/{job}/");
    ask(
        &site,
        &token,
        "POST",
        &format!("{path}cancel/"),
        &Value::Null,
    )
    .is(202);
    assert_eq!(get(&site, &token, &path)["state"], "cancelled");
    ask(
        &site,
        &token,
        "POST",
        &format!("{path}cancel/"),
        &Value::Null,
    )
    .is(409);
    ask(
        &site,
        &token,
        "POST",
        &format!("{path}retry/"),
        &Value::Null,
    )
    .is(202);
    assert_eq!(get(&site, &token, &path)["state"], "queued");
    ask(&site, &token, "POST", "/api/jobs/999/retry/", &Value::Null).is(404);
}

#[test]
fn the_openapi_document_names_everything_that_is_there() {
    let (database, token, site) = robots_site("viewer", false);
    let document = get(&site, &token, "/api/openapi.json");
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let task = &document["components"]["schemas"]["tasks.new"];
    assert_eq!(task["required"], json!(["name", "start_time"]));
    assert_eq!(task["properties"]["name"]["maxLength"], 200);
    assert_eq!(
        task["properties"]["end_time"]["type"],
        json!(["string", "null"])
    );
    assert_eq!(task["properties"]["created_at"]["readOnly"], true);
    let methods = |path: &str| -> BTreeSet<&str> {
        paths[path]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect()
    };
    assert_eq!(
        methods("/api/tasks/"),
        BTreeSet::from(["get", "options", "post"])
    );
    assert_eq!(
        methods("/api/tasks/{task_id}/"),
        BTreeSet::from(["delete", "get", "options", "patch", "put"])
    );
    assert_eq!(
        methods("/api/epion_utilization/"),
        BTreeSet::from(["get", "options"])
    );
    assert!(paths.contains_key("/appointments/") && paths.contains_key("/api-token-auth"));
    // Each reference exists, and each path without a parameter responds.
    let text = document.to_string();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"].get(name).is_some(),
            "{name}"
        );
    }
    for (path, operations) in paths {
        if !path.contains('{') && operations.get("get").is_some() {
            get(&site, &token, path);
        }
    }
    let cookie = site.signed_in(&database, "ann", "viewer");
    let headers = format!("Cookie: {cookie}\r\nAccept: text/html\r\n");
    site.ask("GET", "/api/", &headers, "")
        .is(200)
        .says("<h2 id=\"tasks\">")
        .says("<b>POST</b> /api/tasks/");
}

#[test]
fn values_are_kept_whole_or_refused() {
    let database = Database::new();
    database.run(
        "create table public.odd (code varchar(5) primary key, n numeric, doc jsonb, record text, listed text); \
         create table public.counted (id serial primary key, name text not null); \
         create table public.parent (id bigint primary key, up bigint references public.parent (id)); \
         insert into public.parent values (1, null), (2, 1); \
         insert into elt.admin_table (table_name, may_add, may_change, may_delete) values ('public.odd', true, true, true), \
             ('public.counted', true, true, true), ('public.parent', true, true, true); \
         select elt.grant_roles(); grant select on public.odd, public.counted, public.parent to elt_web",
    );
    let token = token(&database, "robot", "operator", true);
    let site = Site::start(&database);
    let post = |path: &str, body: &str| {
        let headers = format!("Authorization: Token {token}\r\nContent-Type: application/json\r\n");
        site.ask("POST", path, &headers, body)
    };
    post("/api/odd/", "{\"code\": \"abcdefgh\"}")
        .is(400)
        .says("At most 5 characters.");
    let exact = "{\"code\": \"abcde\", \"n\": 0.12345678901234567890123, \"doc\": {\"a\": 123456789012345678901234}}";
    post("/api/odd/", exact)
        .is(201)
        .says("0.12345678901234567890123")
        .says("123456789012345678901234");
    // A key that is too long is not truncated.
    for method in ["GET", "PATCH", "DELETE"] {
        ask(&site, &token, method, "/api/odd/abcdeXYZ/", &json!({})).is(404);
    }
    assert_eq!(get(&site, &token, "/api/odd/?code=abcdeXYZ")["count"], 0);
    assert_eq!(
        get(&site, &token, "/api/odd/")["results"][0]["code"],
        "abcde"
    );
    post("/api/counted/", "{\"name\": \"a\"}").is(201);
    post("/api/tasks/", "{}")
        .is(400)
        .says("{\"name\":[\"This field is required.\"]");
    ask(&site, &token, "DELETE", "/api/parent/1/", &Value::Null)
        .is(409)
        .says("because rows of parent refer to it");
    // Errors of triggers are reported to the caller, whatever their code.
    database.run(
        "create function public.no() returns trigger language plpgsql as \
         'begin raise exception ''not on Sundays'' using errcode = ''45000''; end'; \
         create trigger no before delete on public.odd for each row execute function public.no()",
    );
    ask(&site, &token, "DELETE", "/api/odd/abcde/", &Value::Null)
        .is(409)
        .says("Not on Sundays.");
    // Another session has locked the row.
    let mut other = database.connect();
    other
        .batch_execute("begin; update public.counted set name = 'b'")
        .unwrap();
    ask(
        &site,
        &token,
        "PATCH",
        "/api/counted/1/",
        &json!({ "name": "c" }),
    )
    .is(503)
    .says("Another session is changing it");
    drop(other);
    // Changed columns of a view are visible at the second request at the latest.
    database
        .run("create view public.shape as select 1 as a; grant select on public.shape to elt_web");
    get(&site, &token, "/api/shape/?ordering=a");
    database.run("drop view public.shape; create view public.shape as select 2 as b; grant select on public.shape to elt_web");
    ask(&site, &token, "GET", "/api/shape/?ordering=a", &Value::Null).is(503);
    assert_eq!(
        get(&site, &token, "/api/shape/?ordering=b")["results"][0]["b"],
        2
    );
}
