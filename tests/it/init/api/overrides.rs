//! `--set`: columns of `elt.rest_source` that the user chooses.

use super::{choices, choices_for, exported, init, init_api, paged, records, run};
use crate::rest::given::{Answer, Given};
use crate::support::{Database, Folder, repository};
use serde_json::{Value, json};
use std::fs;

#[test]
fn a_column_that_is_set_is_not_inferred() {
    let body =
        json!({"rows": [], "data": records(0..2), "lines": records(0..3), "n": 3, "total": 2});
    let of = |args: &[&str]| choices_for(&Answer::json(&body), "/customers", args);
    assert_eq!(of(&[]), "records_at=data count_at=total pagination=none");
    assert_eq!(
        of(&["--set", "records_at=lines", "--set", "count_at=n"]),
        "pagination=none"
    );
    assert_eq!(
        of(&["--records-at", "lines", "--set", "count_at=null"]),
        "pagination=none"
    );
}

#[test]
fn a_parameter_that_is_set_implies_the_pagination() {
    let folder = Folder::new();
    let server = paged(
        |request| 10 * (request.number("seite").unwrap_or(1) - 1),
        |records, _, _| Answer::json(json!({"data": records})),
    );
    let project = folder.path().join("shop");
    let args = [
        "--set",
        "page_parameter=seite",
        "--set",
        "retry_delay=20 ms",
    ];
    let document = init_api(&project, &server.at("/v1/customers"), &args);
    assert_eq!(
        choices(&document),
        "records_at=data count_at=null pagination=page"
    );
    let (database, rows) = run(&project);
    assert_eq!(rows, exported(0..25));
    assert_eq!(
        database.text("select concat_ws(' ', path, page_parameter, retry_delay, base_url = $$$$) from elt.rest_source"),
        "/v1/customers seite 00:00:00.02 f"
    );
    let migration = fs::read_to_string(project.join("migrations/V0001__create_customers.sql"));
    let migration = migration.unwrap();
    assert!(
        migration.contains("source, base_url, path, records_at, count_at, pagination, page_parameter, retry_delay\n"),
        "{migration}"
    );
}

#[test]
fn a_path_may_be_below_the_base() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!(records(0..2))));
    let project = folder.path().join("shop");
    let base = format!("base_url={}", server.at("/v1"));
    init_api(&project, &server.at("/v1/customers"), &["--set", &base]);
    let (database, _) = run(&project);
    assert_eq!(
        database.text("select path || ' ' || (base_url ~ '/v1$') from elt.rest_source"),
        "/customers true"
    );
}

#[test]
fn columns_that_cannot_be_set_are_refused() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!(records(0..2))));
    let project = folder.path().join("shop");
    let address = server.at("/customers");
    for (set, says) in [
        (
            "record_at=x",
            &["no column \"record_at\"", "Did you mean \"records_at\"?"][..],
        ),
        (
            "pagination=pages",
            &[
                "value of column \"pagination\" does not fit",
                "unknown variant",
            ],
        ),
        (
            "first_page=one",
            &["\"first_page\" is not a number, 0 or more"],
        ),
        (
            "retry_delay=soon",
            &["\"retry_delay\" is not an interval such as 30 seconds"],
        ),
        (
            "records_at=null",
            &["column \"records_at\" of elt.rest_source cannot be null"],
        ),
        ("source=x", &["column \"source\" cannot be set", "--name"]),
        ("base_url=http://other.invalid", &["not below the base_url"]),
        (
            "pagination=cursor",
            &["needs the key of the cursor", "--set cursor_at=PATH"],
        ),
        ("records_at", &["expected a column and its value"]),
    ] {
        init(&project, &["--from", &address, "--set", set])
            .run()
            .exits_with(2)
            .says(says);
    }
    init(&project, &["--set", "page_size=7"])
        .run()
        .exits_with(2)
        .says(&["cannot set \"page_size\" of a file", "needs an address"]);
    let args = ["--from", &address, "--as", "api", "--delimiter", ";"];
    init(&project, &args)
        .run()
        .exits_with(2)
        .says(&["cannot be used with an API", "--set"]);
    assert!(!project.exists());
}

#[test]
fn the_defaults_of_the_program_are_those_of_the_table() {
    let database = Database::new();
    database.run(
        "insert into elt.source (source, format, description) values ('things', 'rest', ''); \
         insert into elt.rest_source (source, path) values ('things', '/')",
    );
    let columns = database.text(
        "select jsonb_object_agg(attname, jsonb_build_object('type', format_type(atttypid, null), 'is_nullable', \
         not attnotnull, 'default', coalesce(case when attname not in ('source', 'path') then \
         case when atttypid = 'interval'::regtype then to_jsonb(extract(epoch from (row ->> attname)::interval)) \
         else row -> attname end end, 'null')))::text \
         from pg_attribute, (select to_jsonb(rest_source) as row from elt.rest_source where source = 'things') as one \
         where attrelid = 'elt.rest_source'::regclass and attnum > 0 and not attisdropped",
    );
    let in_table: Value = serde_json::from_str(&columns).unwrap();
    let file = repository().join("src/extract/rest/columns.json");
    let in_program: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let names = |columns: &Value| {
        columns
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(names(&in_table), names(&in_program));
    for (name, column) in in_program.as_object().unwrap() {
        let same = |key: &str| {
            let (program, table) = (&column[key], &in_table[name][key]);
            assert!(
                program == table || (program.is_number() && program.as_f64() == table.as_f64()),
                "{name}.{key}: {program} in the program, {table} in the table"
            );
        };
        ["type", "is_nullable", "default"]
            .into_iter()
            .for_each(same);
    }
}

#[test]
fn values_that_the_table_refuses_are_refused_before_a_request() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!(records(0..2))));
    let project = folder.path().join("shop");
    let address = server.at("/customers");
    let database = Database::new();
    let mut client = database.connect();
    let mut refuses = |column: &str, value: &str, says: &str| {
        let set = format!("{column}={value}");
        init(&project, &["--from", &address, "--set", &set])
            .run()
            .exits_with(2)
            .says(&[&format!("value of column \"{column}\" is not {says}")]);
        let update = format!("update elt.rest_source set {column} = '{value}'");
        assert!(client.execute(&update, &[]).is_err(), "{update}");
    };
    refuses("connect_timeout", "2 hours", "from 0.001 to 3600 seconds");
    refuses("max_attempts", "0", "from 1 to 100");
    refuses("max_attempts", "101", "from 1 to 100");
    refuses("max_response_bytes", "0", "from 1 to 1073741824");
    refuses("max_response_bytes", "1073741825", "from 1 to 1073741824");
    refuses("max_restarts", "101", "from 0 to 100");
    refuses("max_retry_delay", "25 hours", "from 0 to 86400 seconds");
    refuses("page_size", "0", "1 or more");
    refuses("requests_per_second", "0", "from 0.001 to 1000000");
    refuses("requests_per_second", "1e-300", "from 0.001 to 1000000");
    refuses("requests_per_second", "1000001", "from 0.001 to 1000000");
    refuses(
        "response_timeout",
        "0 seconds",
        "from 0.001 to 86400 seconds",
    );
    refuses("retry_delay", "61 minutes", "from 0 to 3600 seconds");
    refuses("path", "customers", "a path that begins with a slash");
    refuses("sign_in_path", "login", "a path that begins with a slash");
    assert!(server.received().is_empty());
    assert!(!project.exists());
}
