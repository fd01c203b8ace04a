//! Choices from one response.

use super::{choices_for, init_api, records};
use crate::rest::given::{Answer, Given};
use crate::support::Folder;
use serde_json::{Value, json};

fn of(body: &Value) -> String {
    choices_for(&Answer::json(body), "/v1/customers", &[])
}

#[test]
fn a_null_address_shows_that_pages_are_linked() {
    let some = records(0..2);
    assert_eq!(
        of(&json!({"count": 2, "next": null, "previous": null, "results": some})),
        "records_at=results count_at=count pagination=next next_at=next"
    );
    assert_eq!(
        of(&json!({"@odata.count": 2, "@odata.nextLink": null, "value": some})),
        "records_at=value count_at=@odata.count pagination=next next_at=@odata.nextLink"
    );
    assert_eq!(
        of(&json!({"meta": {"total": 2, "next_page_url": null}, "data": some})),
        "records_at=data count_at=meta.total pagination=next next_at=meta.next_page_url"
    );
    assert_eq!(
        of(&json!({"_links": {"next": {"href": null}}, "_embedded": {"customers": some}})),
        "records_at=_embedded.customers count_at=null pagination=next next_at=_links.next.href"
    );
}

#[test]
fn an_address_comes_before_a_cursor_and_a_cursor_before_numbers() {
    let some = records(0..2);
    let parts = |next: &Value| json!({"next": next, "prev": null, "next_cursor": null, "page": 1, "pages": 1, "total": 2, "items": some});
    assert_eq!(
        of(&parts(&Value::Null)),
        "records_at=items count_at=total pagination=next next_at=next"
    );
    let without = |keys: &[&str]| {
        let mut body = parts(&Value::Null);
        for key in keys {
            body.as_object_mut().unwrap().remove(*key);
        }
        of(&body)
    };
    assert_eq!(
        without(&["next"]),
        "records_at=items count_at=total pagination=cursor cursor_at=next_cursor cursor_parameter=cursor"
    );
    assert_eq!(
        without(&["next", "next_cursor"]),
        "records_at=items count_at=total pagination=page page_parameter=page first_page=1 pages_at=pages"
    );
}

#[test]
fn a_link_to_other_pages_is_enough() {
    let answer = Answer::json(json!(records(0..2)));
    let answer = answer.with("link", "<http://127.0.0.1/?page=1>; rel=\"last\"");
    assert_eq!(
        choices_for(&answer, "/customers", &[]),
        "records_at=\"\" count_at=null pagination=link"
    );
}

#[test]
fn cursors_have_the_parameter_that_is_usual_for_their_key() {
    for (key, parameter) in [
        ("next_cursor", "cursor"),
        ("nextCursor", "cursor"),
        ("nextPageToken", "pageToken"),
        ("next_page_token", "page_token"),
        ("NextMarker", "Marker"),
        ("nextToken", "nextToken"),
        ("endCursor", "after"),
        ("continuationToken", "continuationToken"),
        ("_scroll_id", "scroll_id"),
        ("next_offset", "offset"),
    ] {
        let expected = format!(
            "records_at=data count_at=null pagination=cursor cursor_at=meta.{key} cursor_parameter={parameter}"
        );
        assert_eq!(
            of(&json!({"data": records(0..2), "meta": {key: ""}})),
            expected
        );
    }
}

#[test]
fn a_number_of_the_page_is_no_count() {
    let folder = Folder::new();
    // The count is that of the page: there are more.
    let server = Given::start(|request, _| {
        let page = request.number("page").unwrap_or(1);
        let records = records(2 * (page - 1)..(2 * page).min(5));
        let body =
            json!({"count": records.len(), "page": page, "hasMore": page < 3, "rows": records});
        Answer::json(&body)
    });
    let project = folder.path().join("project");
    let document = init_api(&project, &server.at("/customers"), &[]);
    assert_eq!(document["project"]["rows"], 5);
    assert_eq!(
        super::choices(&document),
        "records_at=rows count_at=null pagination=page page_parameter=page first_page=1 more_at=hasMore"
    );
}

#[test]
fn an_only_page_is_reported_if_its_size_is_usual() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!(records(0..20))));
    let project = folder.path().join("project");
    let document = init_api(&project, &server.at("/customers"), &[]);
    let warnings = document["project"]["warnings"].to_string();
    assert!(
        warnings.contains("20 records") && warnings.contains("--set page_parameter=page"),
        "{warnings}"
    );
}

#[test]
fn a_source_that_merges_is_told_of_the_time_of_change() {
    let folder = Folder::new();
    let body = json!([{"id": 1, "updatedAt": "2026-01-05T08:00:00Z"}]);
    let server = Given::start(move |_, _| Answer::json(&body));
    let warnings = |project: &str, mode: &str| {
        let project = folder.path().join(project);
        let document = init_api(&project, &server.at("/customers"), &["--mode", mode]);
        document["project"]["warnings"].to_string()
    };
    let merge = warnings("merge", "merge");
    assert!(merge.contains("set since_column to updatedAt"), "{merge}");
    assert_eq!(warnings("replace", "replace"), "[]");
}

#[test]
fn a_request_is_sent_as_the_settings_say() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!(records(0..2))));
    let args = [
        "--set",
        "headers={\"x-tenant\": \"7\"}",
        "--set",
        "page_size=50",
        "--set",
        "page_size_parameter=limit",
    ];
    let project = folder.path().join("project");
    init_api(&project, &server.at("/customers?a=b"), &args);
    let requests = server.received();
    assert_eq!(requests.len(), 2, "the first page is read twice");
    for request in requests {
        assert_eq!(request.path, "/customers");
        assert_eq!(request.headers["x-tenant"], "7");
        assert_eq!(request.query["limit"], "50");
        assert_eq!(request.query["a"], "b");
    }
}

#[test]
fn an_address_that_begins_after_the_first_records_is_warned_of() {
    let folder = Folder::new();
    let server = Given::start(|request, _| {
        let page = request.number("page").unwrap_or(1);
        let offset = request.number("offset").unwrap_or(10 * (page - 1));
        let last = (offset + 10).min(25);
        Answer::json(json!({"items": records(offset.min(25)..last)}))
    });
    let warnings = |name: &str, path: &str| {
        let project = folder.path().join(name);
        let document = init_api(&project, &server.at(path), &[]);
        document["project"]["warnings"].to_string()
    };
    let late = "so that loads do not read the records before it";
    for (name, path, warns) in [
        ("a", "/customers?page=2", true),
        ("b", "/customers?page=1", false),
        ("c", "/customers?offset=10", true),
        ("d", "/customers?offset=0", false),
    ] {
        assert_eq!(warnings(name, path).contains(late), warns, "{path}");
    }
}
