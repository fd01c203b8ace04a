//! The rights of callers of the API, and what it refuses.

use super::resources::{ask, robots_site, token};
use super::{PASSWORD, Site, give_stdin};
use crate::support::Database;
use serde_json::{Value, json};

#[test]
fn callers_have_the_rights_of_their_token_or_session() {
    let database = Database::new();
    let reading = token(&database, "reader", "operator", false);
    let viewing = token(&database, "viewer", "viewer", true);
    let changing = token(&database, "writer", "operator", true);
    let site = Site::start(&database);
    let task = json!({ "name": "x", "start_time": "2026-11-22T10:00:00Z" });
    site.ask("GET", "/api/tasks/", "", "")
        .is(401)
        .says("Authentication credentials were not provided.");
    let refused = site
        .ask(
            "GET",
            "/api/tasks/",
            "Authorization: Token elt_wrong\r\n",
            "",
        )
        .is(401);
    assert!(
        refused.head.contains("www-authenticate: token"),
        "{}",
        refused.head
    );
    ask(&site, &reading, "GET", "/api/tasks/", &Value::Null).is(200);
    ask(&site, &reading, "POST", "/api/tasks/", &task)
        .is(403)
        .says("The token is read-only.");
    ask(&site, &viewing, "POST", "/api/tasks/", &task)
        .is(403)
        .says("The account is read-only.");
    ask(&site, &changing, "POST", "/api/tasks/", &task).is(201);
    ask(&site, &viewing, "DELETE", "/api/tasks/1/", &Value::Null).is(403);
    // A session has the rights of its account. Forms of other sites are refused.
    let cookie = site.sign_in("writer", PASSWORD).cookie();
    let ours = format!(
        "Cookie: {cookie}\r\nOrigin: {}\r\nContent-Type: application/json\r\n",
        site.origin()
    );
    site.ask("POST", "/api/tasks/", &ours, &task.to_string())
        .is(201);
    let forged = format!(
        "Cookie: {cookie}\r\nOrigin: http://elsewhere.example\r\nContent-Type: application/json\r\n"
    );
    site.ask("POST", "/api/tasks/", &forged, &task.to_string())
        .is(403);
    give_stdin(&database, &["user", "disable", "writer"], "", 0);
    ask(&site, &changing, "GET", "/api/tasks/", &Value::Null).is(401);
    assert_eq!(database.number("select count(*) from public.tasks"), 2);
}

#[test]
fn methods_and_forms_that_are_not_there_are_refused() {
    let (_database, token, site) = robots_site("operator", true);
    let with = |headers: &str| format!("Authorization: Token {token}\r\n{headers}");
    site.ask("PATCH", "/api/tasks/", &with(""), "").is(405);
    let refused = site
        .ask(
            "PUT",
            "/api/jobs/1/",
            &with("Content-Type: application/json\r\n"),
            "{}",
        )
        .is(405);
    assert!(
        refused.head.contains("allow: get, head, options\r\n"),
        "{}",
        refused.head
    );
    site.ask(
        "GET",
        "/api/tasks/",
        &with("Accept: application/xml\r\n"),
        "",
    )
    .is(406);
    site.ask(
        "POST",
        "/api/tasks/",
        &with("Content-Type: text/plain\r\n"),
        "{}",
    )
    .is(415);
    site.ask("POST", "/api/tasks/", &with(""), "{}").is(415);
    let huge = format!("{{\"name\": \"{}\"}}", "x".repeat(300 * 1024));
    site.ask(
        "POST",
        "/api/tasks/",
        &with("Content-Type: application/json\r\n"),
        &huge,
    )
    .is(413);
}

#[test]
fn rejected_records_are_for_operators() {
    let database = Database::new();
    let viewer = token(&database, "vic", "viewer", false);
    let operator = token(&database, "ann", "operator", false);
    let site = Site::start(&database);
    ask(&site, &viewer, "GET", "/api/elt.reject/", &Value::Null).is(403);
    ask(&site, &operator, "GET", "/api/elt.reject/", &Value::Null).is(200);
    let cookie = site.sign_in("vic", PASSWORD).cookie();
    for path in [
        "/explore/elt.reject",
        "/explore/elt.reject/rows.csv",
        "/explore/elt.reject/rows.json",
    ] {
        site.get(path, &cookie).is(403);
    }
    // The error page has the menu.
    site.get("/explore/elt.reject", &cookie).says("Sign out");
}
