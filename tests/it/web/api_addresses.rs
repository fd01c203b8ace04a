//! Addresses of the API: parameters that none ignores, and the slash at the end.

use super::api_lists::add_tasks;
use super::resources::{ask, get, robots_site};
use super::{PASSWORD, Site};
use crate::support::{Database, Folder};
use serde_json::{Value, json};

#[test]
fn no_address_ignores_a_parameter() {
    let (database, data) = (Database::new(), Folder::with_data());
    database
        .elt()
        .args(["load"])
        .path("--data", data.path())
        .run()
        .ok();
    let token = super::resources::token(&database, "robot", "operator", true);
    let site = Site::start(&database);
    database.run("insert into public.tasks (name, start_time) values ('x', '2026-01-01')");
    for path in [
        "/api/",
        "/api/tasks/",
        "/api/tasks/1/",
        "/api/openapi.json",
        "/api/jobs/",
        "/appointments/",
        "/api/epion_utilization/",
    ] {
        for query in ["nothing=1", "nothing", "_method=PUT"] {
            ask(
                &site,
                &token,
                "GET",
                &format!("{path}?{query}"),
                &Value::Null,
            )
            .is(400);
        }
        ask(
            &site,
            &token,
            "GET",
            &format!("{path}?format=json"),
            &Value::Null,
        )
        .is(200);
        ask(
            &site,
            &token,
            "GET",
            &format!("{path}?format=xml"),
            &Value::Null,
        )
        .is(400);
    }
    for (method, path) in [
        ("POST", "/api/tasks/"),
        ("PATCH", "/api/tasks/1/"),
        ("DELETE", "/api/tasks/1/"),
        ("POST", "/api/jobs/1/cancel/"),
        ("POST", "/api-token-auth"),
        ("OPTIONS", "/api/tasks/"),
    ] {
        ask(
            &site,
            &token,
            method,
            &format!("{path}?nothing=1"),
            &json!({}),
        )
        .is(400);
    }
    // Endpoints take the parameters of other lists.
    let page = |query: &str| get(&site, &token, &format!("/appointments/?{query}"));
    let (first, name) = (page("page_size=1"), "emr_appointment_id");
    let (count, value) = (first["count"].as_i64().unwrap(), &first["results"][0][name]);
    let same = page(&format!("{name}={}", value.as_str().unwrap()));
    assert_eq!(
        (
            &same["results"][0][name],
            same["count"].as_i64() < Some(count)
        ),
        (value, true)
    );
    let part = page(&format!("fields={name}&limit=1"));
    assert_eq!(part["results"][0], json!({ name: value }));
    let last = page(&format!("ordering=-{name}&limit=1"));
    let highest = database.text("select max(emr_appointment_id) from core.appointment_records");
    assert_eq!(last["results"][0][name], highest);
    let mut next = "/appointments/?cursor=&page_size=1000".to_string();
    let mut seen = 0;
    while let Some(link) = Some(&next).filter(|next| !next.is_empty()) {
        let page = get(&site, &token, link);
        seen += page["results"].as_array().unwrap().len() as i64;
        next = page["next"].as_str().unwrap_or_default().into();
    }
    assert_eq!(seen, count);
    for query in [
        "page_size=abc",
        "page_size=0",
        "ordering=nothing",
        "ordering=,",
        "ordering=emr_practice_id,",
        "fields=,emr_practice_id",
        "fields=nothing",
        "search=a&nothing=1",
        // A column of the view that the endpoint does not show.
        "_row=1",
        "fields=_row",
    ] {
        ask(
            &site,
            &token,
            "GET",
            &format!("/appointments/?{query}"),
            &Value::Null,
        )
        .is(400);
    }
}

#[test]
fn reads_without_the_slash_are_redirected_and_writes_accepted() {
    let (database, token, site) = robots_site("operator", true);
    add_tasks(&database, 1);
    let read = |path: &str| ask(&site, &token, "GET", path, &Value::Null);
    read("/api").is(308).leads_to("/api/");
    read("/api/tasks").is(308).leads_to("/api/tasks/");
    read("/api/tasks?name=x%20y")
        .is(308)
        .leads_to("/api/tasks/?name=x%20y");
    read("/api/tasks/1").is(308).leads_to("/api/tasks/1/");
    read("/appointments?page=2")
        .is(308)
        .leads_to("/appointments/?page=2");
    read("/nothing").is(404);
    site.ask("GET", "/appointments", "", "").is(404);
    read("/jobs/").is(308).leads_to("/jobs");
    let task = json!({ "name": "x", "start_time": "2026-11-22T10:00:00Z" });
    ask(&site, &token, "POST", "/api/tasks", &task).is(201);
    ask(
        &site,
        &token,
        "PATCH",
        "/api/tasks/1",
        &json!({ "name": "y" }),
    )
    .is(200);
    ask(&site, &token, "DELETE", "/api/tasks/1", &Value::Null).is(204);
    let form = format!("username=robot&password={}", PASSWORD.replace(' ', "+"));
    let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
    for path in ["/api-token-auth", "/api-token-auth/"] {
        site.ask("POST", path, kind, &form)
            .is(200)
            .says("{\"token\":\"elt_");
    }
}
