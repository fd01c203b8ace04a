//! The API in a browser: pages at the addresses of lists and records.

use super::resources::{ask, token};
use super::{Answer, PASSWORD, Site};
use crate::support::{Database, Folder};
use serde_json::{Value, json};
use std::process::Command;

const BROWSER: &str = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";

/// A site and the cookie of an account.
fn signed_in(role: &str) -> (Database, Site, String) {
    let database = Database::new();
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", role);
    (database, site, cookie)
}

fn open(site: &Site, cookie: &str, path: &str) -> Answer {
    site.ask("GET", path, &format!("Cookie: {cookie}\r\n{BROWSER}"), "")
}

/// Sends a form of a page.
fn send(site: &Site, cookie: &str, path: &str, form: &str) -> Answer {
    let headers = format!(
        "Cookie: {cookie}\r\nOrigin: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n{BROWSER}",
        site.origin()
    );
    site.ask("POST", path, &headers, form)
}

/// The value of the n-th hidden field with a name.
fn hidden(page: &Answer, name: &str, index: usize) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.body.split(&start).nth(index + 1).unwrap();
    rest.split('"').next().unwrap().replace("&#34;", "%22")
}

/// The command that the page shows.
fn command(page: &Answer) -> String {
    let rest = page.body.split("<code>curl ").nth(1).unwrap();
    let text = rest.split("</code>").next().unwrap();
    let text = text.replace("&#34;", "\"").replace("&#39;", "'");
    format!(
        "curl {}",
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    )
}

#[test]
fn browsers_get_a_page_and_programs_json() {
    let (database, data) = (Database::new(), Folder::with_data());
    database
        .elt()
        .args(["load"])
        .path("--data", data.path())
        .run()
        .ok();
    let token = token(&database, "robot", "viewer", false);
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    database.run("insert into public.tasks (name, start_time) select 'a <b>' || n, '2026-01-01' from generate_series(1, 130) as n");
    let page = open(&site, &cookie, "/api/tasks/?ordering=-task_id&name__has=a").is(200);
    assert!(
        page.head.contains("content-type: text/html"),
        "{}",
        page.head
    );
    for text in [
        "<h1>tasks</h1>",
        "100 of 130 records.",
        "<td>a &#60;b&#62;130</td>",
        "<a href=\"/api/tasks/130/\">130</a>",
        "aria-sort=\"descending\"",
        "<a href=\"/api/tasks/?name__has=a&#38;ordering=task_id\">task_id</a>",
        "<a rel=\"next\" href=\"/api/tasks/?ordering=-task_id&#38;name__has=a&#38;page=2\">",
        "title=\"Remove this filter\">name__has = a",
        "POST a record",
        "GET /api/tasks/?ordering=-task_id&#38;name__has=a\n\nHTTP 200 OK\n",
    ] {
        page_has(&page, text);
    }
    open(&site, &cookie, "/api/tasks/7/")
        .is(200)
        .says("<dd>a &#60;b&#62;7</dd>")
        .says("PUT or PATCH the record");
    open(&site, &cookie, "/appointments/?page_size=2")
        .is(200)
        .says("2 of ")
        .says("<h1>appointments</h1>");
    open(&site, &cookie, "/api/epion_utilization/").is(200);
    open(&site, &cookie, "/api/tasks/?nothing=1")
        .is(400)
        .says("nothing: There is no such parameter or filter.");
    open(&site, &cookie, "/api/tasks/999/")
        .is(404)
        .says("role=\"alert\"")
        .says("Not found.");
    open(&site, &cookie, "/api/nothing/")
        .is(404)
        .says("Sign out");
    // The form that filters becomes parameters of the API.
    open(
        &site,
        &cookie,
        "/api/tasks/?search=&_column=task_id&_op=lte&_value=3",
    )
    .is(303)
    .leads_to("/api/tasks/?task_id__lte=3");
    open(
        &site,
        &cookie,
        "/api/tasks/?_fields=yes&_field=name&_field=task_id",
    )
    .is(303)
    .leads_to("/api/tasks/?fields=name%2ctask_id");
    // Programs get JSON, and so does a browser that asks for it.
    let json = |answer: Answer| {
        assert!(
            answer
                .is(200)
                .head
                .contains("content-type: application/json")
        )
    };
    json(open(&site, &cookie, "/api/tasks/?format=json"));
    json(site.get("/api/tasks/", &cookie));
    let headers = format!("Authorization: Token {token}\r\n{BROWSER}");
    json(site.ask("GET", "/api/tasks/", &headers, ""));
    site.ask("GET", "/api/tasks/?format=html", &headers, "")
        .is(400);
    site.get("/api/tasks/?format=html", &cookie)
        .is(200)
        .says("<h1>tasks</h1>");
    // Without a session a browser is asked to sign in.
    open(&site, "", "/api/tasks/?page=2")
        .is(303)
        .leads_to("/sign-in?next=/api/tasks/%3fpage%3d2");
}

#[track_caller]
fn page_has(page: &Answer, text: &str) {
    assert!(page.body.contains(text), "lacks {text}:\n{}", page.body);
}

#[test]
fn forms_create_change_and_delete_a_record() {
    let (database, site, cookie) = signed_in("operator");
    let count = || database.number("select count(*) from public.tasks");
    let page = open(&site, &cookie, "/api/tasks/");
    let form = |page: &Answer, fields: &str| format!("_form={}&{fields}", hidden(page, "_form", 1));
    let refused = send(
        &site,
        &cookie,
        "/api/tasks/",
        &form(
            &page,
            "_method=POST&c.name=&c.start_time=2026-11-22T10:00&c.end_time=2026-11-21T10:00",
        ),
    )
    .is(400);
    page_has(
        &refused,
        "<a href=\"#c-end_time\">end_time</a>: The end is not before the start.",
    );
    page_has(&refused, "value=\"2026-11-22T10:00:00\"");
    let form = form(
        &page,
        "_method=POST&c.name=lab4&c.start_time=2026-11-22T10:00&c.end_time=",
    );
    let made = send(&site, &cookie, "/api/tasks/", &form).is(201);
    page_has(&made, "HTTP 201 Created: <a href=\"/api/tasks/2/\">");
    // The same form is executed once.
    send(&site, &cookie, "/api/tasks/", &form)
        .is(201)
        .says("<a href=\"/api/tasks/2/\">");
    assert_eq!(count(), 1);
    send(
        &site,
        &cookie,
        "/api/tasks/",
        &form.replace("lab4", "other"),
    )
    .is(409);
    let page = open(&site, &cookie, "/api/tasks/2/");
    let change = |method: &str, fields: &str| {
        let id = format!(
            "{:032x}",
            u128::from(page.body.len() as u64) + method.len() as u128
        );
        let version = hidden(&page, "_version", 0);
        format!("_form={id}&_version={version}&_method={method}&{fields}")
    };
    let patch = change(
        "PATCH",
        "c.name=renamed&c.start_time=2026-11-22T10:00:00&c.end_time=",
    );
    send(&site, &cookie, "/api/tasks/2/", &patch)
        .is(200)
        .says("<dd>renamed</dd>")
        .says("{&#34;name&#34;:&#34;renamed&#34;}");
    // The record has changed since the form was opened. The input is kept.
    let put = change(
        "PUT",
        "c.name=again&c.start_time=2026-11-22T10:00:00&c.end_time=",
    );
    let stale = send(&site, &cookie, "/api/tasks/2/", &put).is(412);
    page_has(&stale, "does not match the If-Match header");
    page_has(&stale, "value=\"again\"");
    send(&site, &cookie, "/api/tasks/2/", &change("DELETE", "")).is(412);
    let page = open(&site, &cookie, "/api/tasks/2/");
    let delete = format!(
        "_form={}&_version={}&_method=DELETE",
        hidden(&page, "_form", 3),
        hidden(&page, "_version", 2)
    );
    send(&site, &cookie, "/api/tasks/2/", &delete)
        .is(303)
        .leads_to("/api/tasks/");
    assert_eq!(count(), 0);
    let options = format!("_form={}&_method=OPTIONS", hidden(&page, "_form", 0));
    send(&site, &cookie, "/api/tasks/", &options)
        .is(200)
        .says("&#34;parses&#34;");
    // Only forms of pages choose a method.
    send(&site, &cookie, "/api/tasks/", "_method=OPTIONS").is(400);
}

#[test]
fn json_is_sent_from_a_page_too() {
    let (database, site, cookie) = signed_in("operator");
    let page = open(&site, &cookie, "/api/tasks/");
    let id = hidden(&page, "_form", 2);
    let content = |text: &str| {
        let text = text.replace('"', "%22").replace(' ', "+");
        format!("_form={id}&_method=POST&_content={text}")
    };
    let wrong = send(
        &site,
        &cookie,
        "/api/tasks/",
        &content("[{\"name\": \"a\", \"start_time\": \"2026-01-01\"}, {\"name\": \"b\"}]"),
    )
    .is(400);
    page_has(&wrong, "Record 1, start_time: This field is required.");
    page_has(&wrong, "aria-invalid=\"true\"");
    page_has(&wrong, "{&#34;name&#34;: &#34;b&#34;}]</textarea>");
    send(&site, &cookie, "/api/tasks/", &content("{"))
        .is(400)
        .says("JSON parse error");
    let right = content(
        "[{\"name\": \"a\", \"start_time\": \"2026-01-01\"}, {\"name\": \"b\", \"start_time\": \"2026-01-01\"}]",
    );
    send(&site, &cookie, "/api/tasks/", &right).is(201);
    send(&site, &cookie, "/api/tasks/", &right).is(201);
    assert_eq!(database.number("select count(*) from public.tasks"), 2);
}

#[test]
fn a_form_survives_the_end_of_the_session_and_is_refused_from_other_sites() {
    let (database, site, cookie) = signed_in("operator");
    let page = open(&site, &cookie, "/api/tasks/");
    let form = format!(
        "_form={}&_method=POST&c.name=kept&c.start_time=2026-11-22T10:00",
        hidden(&page, "_form", 1)
    );
    let asked = send(&site, "", "/api/tasks/", &form).is(403);
    page_has(&asked, "name=\"kept.c.name\" value=\"kept\"");
    let sign_in = format!(
        "name=ann&password={}&next=/api/tasks/&{}",
        PASSWORD.replace(' ', "+"),
        form.replace("&c.", "&kept.c.")
            .replace("_form", "kept._form")
            .replace("&_method", "&kept._method")
    );
    let shown = send(&site, "", "/sign-in", &sign_in).is(200);
    page_has(&shown, "It is not saved yet.");
    page_has(&shown, "value=\"kept\"");
    let forged = format!(
        "Cookie: {cookie}\r\nOrigin: http://elsewhere.example\r\nContent-Type: application/x-www-form-urlencoded\r\n{BROWSER}"
    );
    site.ask("POST", "/api/tasks/", &forged, &form).is(403);
    let without =
        format!("Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n{BROWSER}");
    site.ask("POST", "/api/tasks/", &without, &form).is(403);
    assert_eq!(database.number("select count(*) from public.tasks"), 0);
    // Viewers have no forms, and cannot send one.
    let viewer = site.signed_in(&database, "vic", "viewer");
    let page = open(&site, &viewer, "/api/tasks/").is(200);
    assert!(!page.body.contains("POST a record"), "{}", page.body);
    send(&site, &viewer, "/api/tasks/", &form)
        .is(403)
        .says("The account is read-only.");
    open(&site, &viewer, "/api/elt.reject/").is(403);
}

#[test]
fn commands_of_the_page_do_what_the_page_does() {
    let database = Database::new();
    let token = token(&database, "robot", "operator", true);
    let site = Site::start(&database);
    let cookie = site.signed_in(&database, "ann", "operator");
    let run = |command: &str| -> Value {
        let output = Command::new("sh")
            .args(["-c", &format!("{command} --silent --show-error")])
            .env("ELT_TOKEN", &token)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {errors}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let page = open(&site, &cookie, "/api/tasks/");
    let odd = "it's $(id) `id` \"x\" \\";
    let encoded = odd
        .replace('$', "%24")
        .replace('"', "%22")
        .replace('`', "%60")
        .replace('\\', "%5C")
        .replace(' ', "+");
    let form = format!(
        "_form={}&_method=POST&c.name={encoded}&c.start_time=2026-11-22T10:00&c.end_time=",
        hidden(&page, "_form", 1)
    );
    let made = send(&site, &cookie, "/api/tasks/", &form).is(201);
    let again = run(&command(&made));
    assert_eq!(
        (&again["name"], &again["task_id"]),
        (&json!(odd), &json!(2))
    );
    assert_eq!(
        database.number("select count(distinct name) from public.tasks"),
        1
    );
    let list = open(
        &site,
        &cookie,
        &format!(
            "/api/tasks/?name={}&page_size=1",
            encoded.replace('\'', "%27")
        ),
    );
    assert_eq!(run(&command(&list.is(200)))["count"], 2);
    assert!(!made.body.contains(&token) && made.body.contains("Token $ELT_TOKEN"));
    ask(&site, &token, "GET", "/api/tasks/2/", &Value::Null).is(200);
}
