//! The API in a browser, with and without scripts.

use super::Browser;
use super::look::LOOKS;
use crate::support::Database;
use crate::web::{PASSWORD, Site, add_user};

/// A site with 130 tasks, and an operator.
fn place() -> (Database, Site) {
    let database = Database::new();
    add_user(&database, "ann", "operator");
    database.run(
        "insert into public.tasks (name, start_time) \
         select 'task ' || n, '2026-01-05 09:00+00'::timestamptz + n * interval '31 hours' from generate_series(1, 130) as n",
    );
    let site = Site::start(&database);
    (database, site)
}

#[test]
fn with_scripts() {
    let (database, site) = place();
    let browser = Browser::open(&site.origin());
    uses_the_api(&database, &browser);
}

#[test]
fn without_scripts() {
    let (database, site) = place();
    let browser = Browser::without_scripts(&site.origin());
    uses_the_api(&database, &browser);
}

/// Lists, filters, and creates, changes and deletes a record.
fn uses_the_api(database: &Database, browser: &Browser) {
    // The page that was asked for first follows the sign-in.
    browser.goto("/api/tasks/?page_size=50");
    browser.type_into("#name", "ann");
    browser.type_into("#password", PASSWORD);
    browser.follow("form.stacked button");
    browser.says("main [role=status]", "50 of 130 records.");
    browser.follow("[rel=next]");
    assert_eq!(browser.path(), "/api/tasks/?page_size=50&page=2");
    browser.follow("thead th:first-child a");
    browser.follow("thead th:first-child a");
    browser.says("tbody tr:first-child", "task 130");
    browser.says("pre.command", "page_size=50&ordering=-task_id'");
    browser.wait(browser.find("#column").select_by_value("name"));
    browser.wait(browser.find("[name=_op]").select_by_value("has"));
    browser.type_into("[name=_value]", "13");
    browser.follow("form:has(#column) button");
    browser.says("main [role=status]", "3 records.");
    browser.follow(".chips a");
    browser.says("main [role=status]", "50 of 130 records.");
    browser.click("details:has(.ticks) summary");
    browser.click("[name=_field][value=created_at]");
    browser.follow("details:has(.ticks) button");
    assert!(
        browser
            .path()
            .ends_with("fields=task_id%2Cname%2Cstart_time%2Cend_time%2Cupdated_at"),
        "{}",
        browser.path()
    );

    browser.click("details:has([name='c.name']) summary");
    browser.wait(browser.find("#c-start_time").send_keys("11222026101500AM"));
    browser.wait(browser.find("#c-end_time").send_keys("11212026101500AM"));
    browser.follow("[name=_method][value=POST]");
    browser.says("[role=alert]", "HTTP 400 Bad Request");
    browser.says("[role=alert]", "end_time: The end is not before the start.");
    assert_eq!(browser.value("#c-start_time"), "2026-11-22T10:15");
    browser.type_into("#c-name", "a <b>task</b>");
    browser.wait(browser.find("#c-end_time").send_keys("11232026101500AM"));
    browser.follow("[name=_method][value=POST]");
    browser.says("[role=status]", "HTTP 201 Created");
    browser.follow("[role=status] a");
    browser.type_into("#c-name", "renamed");
    browser.follow("[name=_method][value=PATCH]");
    browser.says("dl", "renamed");
    browser.says("pre.command", "curl -X PATCH");
    browser.says("pre.command", "{\"name\":\"renamed\"}");
    browser.click("details:has(#content) summary");
    browser.type_into("#content", "{\"name\": \"by JSON\"}");
    browser.follow("details:has(#content) [value=PATCH]");
    browser.says("dl", "by JSON");
    assert_eq!(
        database.number("select count(*) from public.tasks where name = 'by JSON'"),
        1
    );
    browser.click("details:has([value=DELETE]) summary");
    browser.follow("[name=_method][value=DELETE]");
    browser.says("[role=status]", "The record was deleted.");
    assert_eq!(browser.path(), "/api/tasks/");
    assert_eq!(database.number("select count(*) from public.tasks"), 130);
    browser.follow("[name=_method][value=OPTIONS]");
    browser.says("details pre", "\"max_length\": 200");
}

#[test]
fn pages_of_the_api_are_accessible() {
    let (database, site) = place();
    database
        .run("update public.tasks set name = 'lab4 ' || repeat('long ', 30) where task_id = 130");
    let browser = Browser::open(&site.origin());
    browser.sign_in("ann", PASSWORD);
    let mut wrong = Vec::new();
    for (name, path) in [
        (
            "api-list",
            "/api/tasks/?ordering=-task_id&name__has=1&page_size=10",
        ),
        ("api-wide", "/api/jobs/"),
        ("api-endpoint", "/appointments/"),
        ("api-record", "/api/tasks/130/"),
        ("api-refused", "/api/tasks/?nothing=1"),
        ("api-missing", "/api/tasks/999/"),
    ] {
        browser.goto(path);
        wrong.extend(browser.problems(name, &LOOKS));
    }
    browser.goto("/api/tasks/");
    browser.click("details:has([name='c.name']) summary");
    browser.click("details:has(#content) summary");
    wrong.extend(browser.problems("api-forms", &LOOKS));
    browser.wait(browser.find("#c-start_time").send_keys("11222026101500AM"));
    browser.follow("details:has([name='c.name']) [value=POST]");
    wrong.extend(browser.problems("api-errors", &LOOKS));
    browser.follow("[name=_method][value=OPTIONS]");
    wrong.extend(browser.problems("api-options", &LOOKS));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
