//! Shapes of responses: one record, objects by key, nested records, records with objects.

use super::{choices, init_api, run, types, with_type};
use crate::rest::given::{Answer, Given};
use crate::support::Folder;
use serde_json::json;

#[test]
fn nested_records_have_a_column_for_the_id_around_them() {
    let folder = Folder::new();
    let body = json!({"orders": [
        {"id": 7, "lines": [{"sku": "a"}, {"sku": "b"}]}, {"id": 8, "lines": []}, {"id": 9, "lines": [{"sku": "a"}]}
    ]});
    let server = Given::start(move |_, _| Answer::json(&body));
    let project = folder.path().join("shop");
    let args = ["--records-at", "orders[].lines", "--name", "lines"];
    let document = init_api(&project, &server.at("/orders"), &args);
    assert_eq!(types(&document), "parent_id bigint, sku text");
    assert_eq!(run(&project).1, "parent_id,sku\n7,a\n7,b\n9,a\n");
}

#[test]
fn one_page_may_be_all() {
    let folder = Folder::new();
    let body = "[\n {\"id\": 1,\n  \"price\": 1.50}, {\"id\": 2, \"price\": 2.00,\n \"tags\": [\"a\\n\"]}]\n";
    let server = Given::start(move |_, _| with_type("application/json", body));
    let project = folder.path().join("shop");
    let args = ["--as", "api"];
    let document = init_api(&project, &server.at("/v2/articles.json"), &args);
    assert_eq!(
        choices(&document),
        "records_at=\"\" count_at=null pagination=none"
    );
    assert_eq!(types(&document), "id bigint, price numeric, tags jsonb");
    assert_eq!(document["project"]["source"], "articles");
    assert_eq!(
        run(&project).1,
        "id,price,tags\n1,1.50,\n2,2.00,\"[\"\"a\\n\"\"]\"\n"
    );
}

#[test]
fn one_object_is_one_record() {
    let folder = Folder::new();
    let server = Given::start(|_, _| Answer::json(json!({"id": 7, "lines": [{"a": 1}, {"a": 2}]})));
    let project = folder.path().join("shop");
    let document = init_api(&project, &server.at("/order/7"), &[]);
    assert_eq!(
        choices(&document),
        "records_at=\"\" is_single_record=true count_at=null pagination=none"
    );
    assert_eq!(document["project"]["source"], "order_rows");
    assert_eq!(
        run(&project).1,
        "id,lines\n7,\"[{\"\"a\"\": 1}, {\"\"a\"\": 2}]\"\n"
    );
}

#[test]
fn members_of_an_object_have_a_column_for_their_key() {
    let folder = Folder::new();
    let body = json!({"users": {"u1": {"name": "Ann"}, "u2": {"name": "Ben", "age": 7}, "u3": {"name": "Cem"}}});
    let server = Given::start(move |_, _| Answer::json(&body));
    let project = folder.path().join("shop");
    let document = init_api(&project, &server.at("/users"), &[]);
    assert_eq!(
        choices(&document),
        "records_at=users.* count_at=null pagination=none"
    );
    assert_eq!(types(&document), "key text, name text, age bigint");
    assert_eq!(
        run(&project).1,
        "key,name,age\nu1,Ann,\nu2,Ben,7\nu3,Cem,\n"
    );
}

#[test]
fn flattened_columns_and_types_are_chosen_as_for_a_file() {
    let folder = Folder::new();
    let body = json!({"results": [
        {"id": 1, "owner": {"name": "Ann", "zip": "01234"}, "changed": "2026-01-05T08:00:00Z"},
        {"id": 2, "owner": null, "changed": null},
    ]});
    let server = Given::start(move |_, _| Answer::json(&body));
    let project = folder.path().join("shop");
    let args = ["--flatten", "--type", "id=text", "--no-key"];
    let document = init_api(&project, &server.at("/pets"), &args);
    assert_eq!(
        types(&document),
        "id text, owner_name text, owner_zip text, changed timestamptz"
    );
    let (database, exported) = run(&project);
    assert_eq!(
        exported,
        "id,owner_name,owner_zip,changed\n1,Ann,01234,2026-01-05 08:00:00+00\n2,,,\n"
    );
    assert_eq!(
        database.text("select string_agg(_row::text, ' ' order by _row) from public.pets"),
        "1 2"
    );
}
