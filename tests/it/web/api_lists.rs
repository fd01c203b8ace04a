//! Parameters of the API's lists: orderings, fields, and three kinds of pages.

use super::Site;
use super::resources::{ask, get, robots_site};
use crate::support::Database;
use serde_json::{Value, json};

/// Names of the records of a page.
fn names(page: &Value) -> Vec<&str> {
    let records = page["results"].as_array().unwrap().iter();
    records
        .map(|record| record["name"].as_str().unwrap())
        .collect()
}

/// All records of a list, page by page, and the number of pages.
fn all(site: &Site, token: &str, path: &str) -> (Vec<String>, usize) {
    let (mut next, mut found, mut pages) = (path.to_string(), Vec::new(), 0);
    loop {
        let page = get(site, token, &next);
        found.extend(names(&page).into_iter().map(String::from));
        pages += 1;
        match page["next"].as_str() {
            Some(link) => next = link.into(),
            None => return (found, pages),
        }
    }
}

fn refused(site: &Site, token: &str, path: &str) -> Value {
    let answer = ask(site, token, "GET", path, &Value::Null).is(400);
    serde_json::from_str(&answer.body).unwrap()
}

pub(super) fn add_tasks(database: &Database, count: usize) {
    database.run(&format!(
        "insert into public.tasks (name, start_time, end_time) select 'task ' || n, '2026-01-01', \
         case when n % 3 = 0 then '2026-02-01'::timestamptz + n % 2 * interval '1 day' end \
         from generate_series(1, {count}) as n"
    ));
}

#[test]
fn cursor_pages_stay_right_while_rows_are_inserted() {
    let (database, token, site) = robots_site("viewer", false);
    add_tasks(&database, 10);
    let first = get(
        &site,
        &token,
        "/api/tasks/?cursor=&page_size=4&ordering=-task_id",
    );
    assert_eq!(names(&first), ["task 10", "task 9", "task 8", "task 7"]);
    assert_eq!(
        (&first["previous"], &first["count"]),
        (&Value::Null, &Value::Null)
    );
    // A page by number would now show task 7 a second time.
    database.run("insert into public.tasks (name, start_time) values ('new', '2026-01-01')");
    let second = get(&site, &token, first["next"].as_str().unwrap());
    assert_eq!(names(&second), ["task 6", "task 5", "task 4", "task 3"]);
    let third = get(&site, &token, second["next"].as_str().unwrap());
    assert_eq!(names(&third), ["task 2", "task 1"]);
    assert_eq!(third["next"], Value::Null);
    let back = get(&site, &token, third["previous"].as_str().unwrap());
    assert_eq!(names(&back), names(&second));
    let start = get(&site, &token, back["previous"].as_str().unwrap());
    assert_eq!(names(&start), names(&first));
    let new = get(&site, &token, start["previous"].as_str().unwrap());
    assert_eq!((names(&new), &new["previous"]), (vec!["new"], &Value::Null));
    // Links keep the other parameters.
    assert!(
        new["next"]
            .as_str()
            .unwrap()
            .starts_with("/api/tasks/?page_size=4&ordering=-task_id&cursor=")
    );
}

#[test]
fn cursor_pages_reach_every_row_once_with_nulls_in_both_directions() {
    let (database, token, site) = robots_site("viewer", false);
    add_tasks(&database, 20);
    for ordering in ["end_time", "-end_time", "name", "-start_time", ""] {
        let query = format!("ordering={ordering}&fields=name");
        let whole = get(&site, &token, &format!("/api/tasks/?{query}"));
        let path = format!("/api/tasks/?{query}&cursor=&page_size=3");
        let (found, pages) = all(&site, &token, &path);
        assert_eq!(
            (&found[..], pages),
            (
                &names(&whole)
                    .iter()
                    .map(|name| name.to_string())
                    .collect::<Vec<_>>()[..],
                7
            ),
            "{ordering}"
        );
    }
}

#[test]
fn cursors_are_checked() {
    let (database, token, site) = robots_site("viewer", false);
    add_tasks(&database, 5);
    let page = get(
        &site,
        &token,
        "/api/tasks/?cursor=&page_size=2&ordering=name",
    );
    let next = page["next"].as_str().unwrap();
    let cursor = next.split("cursor=").nth(1).unwrap();
    for (query, message) in [
        (
            format!("cursor={cursor}&ordering=-name"),
            "The cursor belongs to another ordering.",
        ),
        (
            "cursor=nonsense".into(),
            "Invalid cursor: use one from next or previous.",
        ),
        (
            "cursor=&page=2".into(),
            "This does not go together with cursor.",
        ),
    ] {
        let refused = refused(&site, &token, &format!("/api/tasks/?{query}"));
        let (_, messages) = refused.as_object().unwrap().iter().next().unwrap();
        assert_eq!(messages, &json!([message]), "{query}");
    }
    // A place with a value of another type.
    use base64::Engine;
    let forged = json!([false, "task_id", ["1 or true"]]).to_string();
    let forged = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(forged);
    refused(&site, &token, &format!("/api/tasks/?cursor={forged}"));
    // A view has no key.
    refused(&site, &token, "/api/epion_utilization/?cursor=");
}

#[test]
fn any_part_of_a_list_is_read_with_limit_and_offset() {
    let (database, token, site) = robots_site("viewer", false);
    add_tasks(&database, 10);
    let part = get(
        &site,
        &token,
        "/api/tasks/?ordering=task_id&limit=3&offset=2",
    );
    assert_eq!(names(&part), ["task 3", "task 4", "task 5"]);
    assert_eq!(part["count"], 10);
    assert_eq!(
        part["next"],
        "/api/tasks/?ordering=task_id&limit=3&offset=5"
    );
    assert_eq!(
        part["previous"],
        "/api/tasks/?ordering=task_id&limit=3&offset=0"
    );
    assert_eq!(all(&site, &token, "/api/tasks/?limit=4").0.len(), 10);
    let beyond = get(&site, &token, "/api/tasks/?offset=50");
    assert_eq!((names(&beyond).len(), &beyond["next"]), (0, &Value::Null));
    for query in [
        "limit=0",
        "limit=x",
        "offset=-1",
        "limit=2&page=2",
        "offset=1&page_size=2",
        "page_size=2&page_size=3",
    ] {
        refused(&site, &token, &format!("/api/tasks/?{query}"));
    }
    // A page that is made smaller says so in its links.
    database.run("insert into public.tasks (name, start_time) select 'many', '2026-01-01' from generate_series(1, 1200)");
    let page = get(&site, &token, "/api/tasks/?page_size=5000");
    assert_eq!(page["next"], "/api/tasks/?page_size=1000&page=2");
}

#[test]
fn only_the_requested_fields_are_returned() {
    let (database, token, site) = robots_site("operator", true);
    add_tasks(&database, 2);
    let page = get(
        &site,
        &token,
        "/api/tasks/?fields=name,task_id&ordering=task_id",
    );
    assert_eq!(
        page["results"][0].to_string(),
        "{\"name\":\"task 1\",\"task_id\":1}"
    );
    assert_eq!(
        get(&site, &token, "/api/tasks/2/?fields=name").to_string(),
        "{\"name\":\"task 2\"}"
    );
    let task = json!({ "name": "x", "start_time": "2026-11-22T10:00:00Z" });
    ask(&site, &token, "POST", "/api/tasks/?fields=name", &task)
        .is(201)
        .says("{\"name\":\"x\"}");
    let unknown = refused(&site, &token, "/api/tasks/?fields=name,nothing");
    let message = unknown["fields"][0].as_str().unwrap();
    assert!(
        message.starts_with("There is no field nothing. Known: task_id, name,"),
        "{message}"
    );
    let headers = format!("Authorization: Token {token}\r\nAccept: text/csv\r\n");
    let csv = site
        .ask("GET", "/api/tasks/?fields=name&name=x", &headers, "")
        .is(200);
    assert_eq!(csv.body, "name\nx\n");
    let headers = format!("Authorization: Token {token}\r\n");
    let csv = site
        .ask(
            "GET",
            "/api/tasks/?fields=name&name=x&format=csv",
            &headers,
            "",
        )
        .is(200);
    assert_eq!(csv.body, "name\nx\n");
}
