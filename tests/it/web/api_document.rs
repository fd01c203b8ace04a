//! The OpenAPI document: what it says about parameters, statuses and records is true.

use super::resources::{ask, robots_site, token};
use super::{Answer, Site};
use crate::support::{Database, Folder};
use serde_json::{Value, json};

fn document(site: &Site, token: &str) -> Value {
    let answer = ask(site, token, "GET", "/api/openapi.json", &Value::Null).is(200);
    serde_json::from_str(&answer.body).unwrap()
}

/// The schema of a response, after references.
fn response<'d>(document: &'d Value, path: &str, method: &str, status: u16) -> &'d Value {
    let operation = &document["paths"][path][method];
    let found = &operation["responses"][status.to_string()];
    assert!(
        found.is_object(),
        "{method} {path} has no {status}: {operation:#}"
    );
    match found["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap(),
        None => found,
    }
}

/// Checks a response against the document.
#[track_caller]
fn suits(document: &Value, path: &str, method: &str, answer: &Answer) {
    let described = response(document, path, method, answer.status);
    let mut schema = described["content"]["application/json"]["schema"].clone();
    if schema.is_null() {
        assert_eq!(answer.body, "");
        return;
    }
    assert!(
        answer.head.contains("content-type: application/json"),
        "{}",
        answer.head
    );
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(&body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        problems.is_empty(),
        "{method} {path}: {problems:?}\n{body:#}"
    );
}

#[test]
fn records_suit_their_schemas() {
    let (database, data) = (Database::new(), Folder::with_data());
    database
        .elt()
        .args(["load"])
        .path("--data", data.path())
        .run()
        .ok();
    database.run(
        "insert into public.tasks (name, start_time) values ('x', '2026-01-01'); \
         select elt.enqueue('pipeline'); \
         create view public.odd as select 'infinity'::timestamptz as instant, '0044-03-15 BC'::date as day, \
         'NaN'::numeric as amount, '-infinity'::double precision as ratio, '1 day'::interval as span, \
         '{1,null}'::bigint[] as numbers, '{a,null}'::text[] as words, null::jsonb as document, 1.5::money as price, \
         '\\x00'::bytea as bytes, int4range(1, 5) as part; \
         grant select on public.odd to elt_web",
    );
    let token = token(&database, "robot", "operator", false);
    let site = Site::start(&database);
    let document = document(&site, &token);
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in ["get", "options"] {
            if operations[method].is_object() && !path.contains('{') {
                let answer = ask(&site, &token, &method.to_uppercase(), path, &Value::Null).is(200);
                suits(&document, path, method, &answer);
            }
        }
    }
    let cursor = ask(&site, &token, "GET", "/api/tasks/?cursor=", &Value::Null).is(200);
    suits(&document, "/api/tasks/", "get", &cursor);
}

#[test]
fn every_status_is_described() {
    let (database, changing, site) = robots_site("operator", true);
    let reading = token(&database, "reader", "viewer", false);
    let document = document(&site, &changing);
    database.run("insert into public.tasks (name, start_time) values ('x', '2026-01-01')");
    let (list, record) = ("/api/tasks/", "/api/tasks/{task_id}/");
    let task = json!({ "name": "x", "start_time": "2026-11-22T10:00:00Z" }).to_string();
    let huge = format!("{{\"name\": \"{}\"}}", "x".repeat(300 * 1024));
    let json = "Content-Type: application/json\r\n";
    let stale = format!("{json}If-Match: \"1\"\r\n");
    for (token, method, path, template, headers, body, status) in [
        (&changing, "get", "/api/tasks/?page=x", list, "", "", 404),
        (
            &changing,
            "get",
            "/api/tasks/?page_size=x",
            list,
            "",
            "",
            400,
        ),
        (&String::new(), "get", list, list, "", "", 401),
        (
            &changing,
            "get",
            list,
            list,
            "Accept: application/xml\r\n",
            "",
            406,
        ),
        (&changing, "post", list, list, json, &task, 201),
        (
            &changing,
            "post",
            list,
            list,
            json,
            &format!("[{task}]"),
            201,
        ),
        (&changing, "post", list, list, json, "[{}]", 400),
        (
            &changing,
            "post",
            list,
            list,
            json,
            "{\"name\": \"\\ud800\"}",
            400,
        ),
        (
            &changing,
            "post",
            list,
            list,
            "Content-Type: text/xml\r\n",
            "",
            415,
        ),
        (&changing, "post", list, list, json, &huge, 413),
        (&reading, "post", list, list, json, &task, 403),
        (&changing, "get", "/api/tasks/1/", record, "", "", 200),
        (&changing, "get", "/api/tasks/999/", record, "", "", 404),
        (
            &changing,
            "get",
            "/api/tasks/99999999999999999999/",
            record,
            "",
            "",
            404,
        ),
        (&changing, "get", "/api/tasks/%00/", record, "", "", 404),
        (&changing, "get", "/api/tasks/%ff/", record, "", "", 404),
        (
            &changing,
            "patch",
            "/api/tasks/1/",
            record,
            &stale,
            "{\"name\": \"y\"}",
            412,
        ),
        (&changing, "put", "/api/tasks/1/", record, json, "{}", 400),
        (
            &changing,
            "delete",
            "/api/tasks/1/",
            record,
            &stale,
            "",
            412,
        ),
        (
            &changing,
            "delete",
            "/api/tasks/1/?format=x",
            record,
            "",
            "",
            400,
        ),
        (&changing, "delete", "/api/tasks/1/", record, "", "", 204),
        (
            &changing,
            "post",
            "/api/jobs/9/cancel/",
            "/api/jobs/{job_id}/cancel/",
            "",
            "",
            404,
        ),
        (
            &changing,
            "options",
            "/api/jobs/9223372036854775808/cancel/",
            "/api/jobs/{job_id}/cancel/",
            "",
            "",
            404,
        ),
        (
            &changing,
            "post",
            "/api-token-auth",
            "/api-token-auth",
            json,
            "{}",
            400,
        ),
        (
            &changing,
            "post",
            "/api-token-auth",
            "/api-token-auth",
            "Content-Type: text/xml\r\n",
            "",
            415,
        ),
        (
            &changing,
            "get",
            "/appointments/?nothing=1",
            "/appointments/",
            "",
            "",
            400,
        ),
    ] {
        let sent = match token.as_str() {
            "" => headers.to_string(),
            token => format!("Authorization: Token {token}\r\n{headers}"),
        };
        let answer = site
            .ask(&method.to_uppercase(), path, &sent, body)
            .is(status);
        suits(&document, template, method, &answer);
    }
    // A missing method has no operation of its own.
    let refused = ask(&site, &changing, "POST", "/api/tasks/2/", &Value::Null).is(405);
    assert!(refused.head.contains("allow: "), "{}", refused.head);
    for name in ["NotAllowed", "TooMany", "Busy", "MissingSlash"] {
        assert!(
            document["components"]["responses"][name].is_object(),
            "{name}"
        );
    }
}

#[test]
fn parameters_have_the_types_of_their_columns() {
    let (_database, token, site) = robots_site("viewer", false);
    let document = document(&site, &token);
    let parameter = |path: &str, name: &str| {
        let parameters = document["paths"][path]["get"]["parameters"]
            .as_array()
            .unwrap();
        let found = parameters
            .iter()
            .find(|parameter| parameter["name"] == name);
        found.cloned().unwrap_or_default()
    };
    let schema = |name: &str| parameter("/api/tasks/", name)["schema"].clone();
    assert_eq!(schema("task_id__gte")["format"], "int64");
    assert_eq!(
        schema("start_time__lt"),
        json!({ "type": "string", "format": "date-time" })
    );
    assert_eq!(
        schema("end_time__empty"),
        json!({ "enum": [true, false, ""] })
    );
    assert_eq!(
        schema("page"),
        json!({ "type": "integer", "minimum": 1, "maximum": i32::MAX })
    );
    let ordering = parameter("/api/tasks/", "ordering");
    assert_eq!(
        (&ordering["style"], &ordering["explode"]),
        (&json!("form"), &json!(false))
    );
    let orders = ordering["schema"]["items"]["enum"]
        .as_array()
        .unwrap()
        .clone();
    assert!(orders.contains(&json!("-start_time")), "{orders:?}");
    let fields = schema("fields")["items"]["enum"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(fields[..2], [json!("task_id"), json!("name")]);
    // A name is never empty, so there is no such filter; a view has no key and so no cursor.
    assert_eq!(schema("name__empty"), Value::Null);
    assert_eq!(parameter("/api/epion_utilization/", "cursor"), Value::Null);
    assert_eq!(parameter("/appointments/", "_row"), Value::Null);
    // Every parameter that the document names is accepted.
    for path in ["/api/tasks/", "/api/elt.schedule/", "/appointments/"] {
        for each in document["paths"][path]["get"]["parameters"]
            .as_array()
            .unwrap()
        {
            let (name, schema) = (each["name"].as_str().unwrap(), &each["schema"]);
            let value = match (schema["type"].as_str(), schema["format"].as_str()) {
                (Some("integer"), _) => "1",
                (Some("number"), _) => "1.5",
                (Some("boolean"), _) => "true",
                (_, Some("date" | "date-time")) => "2026-01-01",
                (Some("array"), _) => schema["items"]["enum"][0].as_str().unwrap(),
                _ if name == "format" => "json",
                _ if schema["contentMediaType"].is_string() => "1",
                _ => "",
            };
            ask(
                &site,
                &token,
                "GET",
                &format!("{path}?{name}={value}"),
                &Value::Null,
            )
            .is(200);
        }
    }
}
