//! Lists under /api/: their pages, filters and order, and the views that are there.

use super::resources::{ask, get, robots_site};
use serde_json::{Value, json};

#[test]
fn lists_are_paged_filtered_searched_and_ordered() {
    let (database, token, site) = robots_site("viewer", false);
    database.run("insert into public.tasks (name, start_time) select 'task ' || n, '2026-01-01'::timestamptz + n * interval '1 day' from generate_series(1, 250) as n");
    let names = |query: &str| -> Vec<String> {
        let page = get(&site, &token, &format!("/api/tasks/?{query}"));
        let records = page["results"].as_array().unwrap().iter();
        records
            .map(|record| record["name"].as_str().unwrap().into())
            .collect()
    };
    assert_eq!(
        names("ordering=start_time&page_size=2"),
        ["task 1", "task 2"]
    );
    assert_eq!(
        names("ordering=-start_time&page_size=2&page=2"),
        ["task 248", "task 247"]
    );
    // All ends are null, so the second column decides.
    for ordering in [
        "ordering=end_time,-start_time",
        "ordering=end_time&ordering=-start_time",
    ] {
        let found = names(&format!("{ordering}&page_size=2"));
        assert_eq!(found, ["task 250", "task 249"], "{ordering}");
    }
    assert_eq!(names("name=task%207"), ["task 7"]);
    assert_eq!(
        names("search=25%20task&ordering=task_id"),
        ["task 25", "task 125", "task 225", "task 250"]
    );
    assert_eq!(
        names("start_time__lt=2026-01-04&name__not=task%201&ordering=task_id"),
        ["task 2"]
    );
    assert_eq!(names("end_time__filled="), Vec::<String>::new());
    assert_eq!(names("page_size=100000").len(), 250);
    // Each page links to the next with the same parameters.
    let mut next = "/api/tasks/?search=task&page_size=90".to_string();
    let mut seen = 0;
    loop {
        let page = get(&site, &token, &next);
        assert_eq!(page["count"], 250);
        seen += page["results"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(link) => next = link.into(),
            None => break,
        }
    }
    assert_eq!(seen, 250);
    for (query, status) in [
        ("nothing=1", 400),
        ("name__like=1", 400),
        ("ordering=nothing", 400),
        ("page_size=0", 400),
        ("task_id=abc", 400),
        ("page=4", 404),
        ("page=0", 404),
        ("page=x", 404),
    ] {
        ask(
            &site,
            &token,
            "GET",
            &format!("/api/tasks/?{query}"),
            &Value::Null,
        )
        .is(status);
    }
    let headers = format!("Authorization: Bearer {token}\r\nAccept: text/csv\r\n");
    let csv = site
        .ask("GET", "/api/tasks/?name=task%203", &headers, "")
        .is(200);
    assert!(
        csv.body.starts_with("task_id,name,start_time,"),
        "{}",
        csv.body
    );
    assert_eq!(csv.body.lines().count(), 2);
}

#[test]
fn every_published_view_can_be_read_and_none_written() {
    let (database, token, site) = robots_site("admin", true);
    let resources = get(&site, &token, "/api/");
    let resources = resources.as_object().unwrap();
    let views = "select count(*) from elt.relation where schema_name in ('public', 'quality')";
    assert!(
        resources.len() as i64 > database.number(views),
        "{resources:?}"
    );
    for (name, link) in resources {
        let path = link.as_str().unwrap();
        let page = get(&site, &token, path);
        assert!(page["count"].is_number(), "{name}: {page}");
        if !["tasks", "elt.saved_query", "elt.saved_view", "elt.chart"].contains(&name.as_str()) {
            ask(&site, &token, "POST", path, &json!({})).is(405);
        }
    }
    for path in [
        "/api/elt.account/",
        "/api/elt.session/",
        "/api/pg_catalog.pg_authid/",
        "/api/nothing/",
        "/api/tasks/1/2/3",
    ] {
        ask(&site, &token, "GET", path, &Value::Null)
            .is(404)
            .says("{\"detail\":\"Not found.\"}");
    }
}
