//! JSON files: init finds the records and reports where they are.

use super::field::{init_for, replace_file, row_count};
use super::{init, run, run_on, types};
use crate::support::Folder;
use serde_json::Value;
use std::path::Path;

/// `setting=value` of each choice about the layout.
fn choices(document: &Value) -> String {
    let choices = document["project"]["layout"].as_array().unwrap().iter();
    let text = |choice: &Value, key: &str| choice[key].as_str().unwrap().to_string();
    let choices = choices.map(|choice| text(choice, "setting") + "=" + &text(choice, "value"));
    choices.collect::<Vec<_>>().join(" ")
}

/// Writes the text to a file and creates a project for it.
fn init_text(project: &Path, args: &[&str], text: &str) -> Value {
    let folder = Folder::new();
    let file = folder.write("rows.json", text);
    let init = init(project, &["--json"]).args(args);
    init.path("--from", &file).run().ok().json()
}

#[test]
fn nested_objects_become_jsonb_or_columns() {
    let folder = Folder::new();
    let project = folder.path().join("shop");
    let document = init_for(&project, "nested/orders.json");
    assert_eq!(
        types(&document),
        "order_id bigint, customer jsonb, items jsonb, total numeric, paid boolean, created_at timestamptz, type text, \
         customer_id bigint, order_id_2 bigint"
    );
    assert_eq!(row_count(&run(&project).1), 3);

    let project = folder.path().join("flat");
    let file = super::field::file("nested/orders.json");
    let init = init(&project, &["--json", "--flatten", "--key", "customer_id"]);
    init.path("--from", &file).run().exits_with(0);
    let project = folder.path().join("flat_2");
    let init = super::init(&project, &["--json", "--flatten"]);
    let document = init.path("--from", &file).run().ok().json();
    assert_eq!(
        types(&document),
        "order_id bigint, customer_id bigint, customer_name text, customer_address_city text, customer_address_zip text, \
         items jsonb, total numeric, paid boolean, created_at timestamptz, type text, customer_id_2 bigint, order_id_2 bigint"
    );
    let (_, exported) = run(&project);
    assert!(exported.contains("\n1,7,Ann,X,01234,\"[{"), "{exported}");
    assert!(
        exported.contains("\n2,8,Ben,,,[],0.1,f,,,,\n"),
        "{exported}"
    );
    assert!(exported.contains("\n3,,,,,,100,,,,,33\n"), "{exported}");
}

#[test]
fn a_flat_column_keeps_values_that_are_no_objects() {
    let folder = Folder::new();
    let project = folder.path().join("mixed");
    let text =
        "{\"id\":1,\"a\":{\"b\":2}}\n{\"id\":2,\"a\":\"x\"}\n{\"id\":3,\"a\":null,\"c\":{}}\n";
    let document = init_text(&project, &["--flatten"], text);
    assert_eq!(types(&document), "id bigint, a_b numeric, a jsonb");
    assert_eq!(
        run(&project).1,
        "id,a_b,a\n1,2,\"{\"\"b\"\": 2}\"\n2,,\"\"\"x\"\"\"\n3,,\n"
    );
}

#[test]
fn finds_the_records_below_a_key() {
    let folder = Folder::new();
    for (name, path, place) in [
        (
            "wrapped/list.json",
            "List",
            "an array of 3 objects at List; not loaded: Version",
        ),
        (
            "wrapped1/api.json",
            "data",
            "an array of 3 objects at data; not loaded: meta",
        ),
    ] {
        let project = folder.path().join(path);
        let document = init_for(&project, name);
        assert_eq!(choices(&document), format!("records_at={path}"));
        let reason = document["project"]["layout"][0]["reason"].as_str().unwrap();
        assert!(reason.contains(place), "{reason}");
        assert_eq!(
            types(&document),
            "description text, id bigint, external_id text"
        );
        assert_eq!(
            run(&project).1,
            "description,id,external_id\nNonpartisan,1,\nUndeclared,2,\nGreen,3,G\n"
        );
    }
}

#[test]
fn features_have_columns_of_properties_and_their_geometry() {
    let folder = Folder::new();
    for name in ["geojson/quakes.geojson", "geojson1/quakes.geojson"] {
        let project = folder.path().join(name.split('/').next().unwrap());
        let document = init_for(&project, name);
        assert_eq!(choices(&document), "records_at=features flatten=properties");
        assert_eq!(
            types(&document),
            "id text, mag numeric, place text, time timestamptz, tsunami numeric, geometry jsonb"
        );
        let (_, exported) = run(&project);
        assert_eq!(row_count(&exported), 3);
        assert!(
            exported.contains("us1,4.5,10 km N of X,2024-01-05 08:00:00+00,0,\"{")
                && exported.contains("us3,,Z,2024-01-05 08:03:20+00,0,\n"),
            "{exported}"
        );
    }
}

#[test]
fn one_object_is_one_record() {
    let folder = Folder::new();
    let project = folder.path().join("config");
    let document = init_for(&project, "single/config.json");
    assert_eq!(choices(&document), "");
    assert_eq!(
        run(&project).1,
        "id,name,tags,when\n7,one object,\"[\"\"a\"\", \"\"b\"\"]\",2024-01-01 00:00:00+00\n"
    );
    // The same, by choice.
    let project = folder.path().join("whole");
    let text = "{\"n\": 1, \"data\": [{\"a\": 1}, {\"a\": 2}]}";
    let document = init_text(&project, &["--records-at", "."], text);
    assert_eq!(
        (choices(&document).as_str(), types(&document).as_str()),
        ("", "n numeric, data jsonb")
    );
    assert_eq!(row_count(&run(&project).1), 1);
    // Two arrays, of which neither is chosen.
    let project = folder.path().join("two");
    let text = "{\"n\": 1, \"lines\": [{\"a\": 1}, {\"a\": 2}], \"fees\": [{\"b\": 2}]}";
    let document = init_text(&project, &[], text);
    assert_eq!(choices(&document), "records_at=none");
    let reason = &document["project"]["layout"][0]["reason"];
    assert_eq!(
        *reason,
        "the file is one record that contains an array of 2 objects at lines and an array of 1 object at fees"
    );
    let project = folder.path().join("fees");
    let document = init_text(&project, &["--records-at", "fees"], text);
    assert_eq!(
        (choices(&document).as_str(), types(&document).as_str()),
        ("", "b numeric")
    );
    assert_eq!(run(&project).1, "b\n2\n");
}

#[test]
fn objects_by_key_have_a_column_for_it() {
    let folder = Folder::new();
    let project = folder.path().join("users");
    let text = "{\"users\": {\"u1\": {\"name\": \"Ann\"},\n\"u2\": {\"name\": \"Ben\", \"age\": 7},\n\
                \"u3\": {\"name\": \"Cem\"}}, \"n\": 3}";
    let document = init_text(&project, &[], text);
    assert_eq!(choices(&document), "records_at=users.* flatten=value");
    assert_eq!(types(&document), "key text, name text, age bigint");
    assert_eq!(
        run(&project).1,
        "key,name,age\nu1,Ann,\nu2,Ben,7\nu3,Cem,\n"
    );
}

#[test]
fn arrays_of_arrays_have_names_or_numbers() {
    let folder = Folder::new();
    let project = folder.path().join("census");
    let text = "[[\"NAME\",\"POP\",\"state\"],\n[\"X\",\"501\",\"01\"],\n[\"Y\",\"73\",\"02\"]]";
    let document = init_text(&project, &[], text);
    assert_eq!(choices(&document), "has_header=true");
    assert_eq!(types(&document), "name text, pop numeric, state text");
    let (database, exported) = run(&project);
    assert_eq!(exported, "name,pop,state\nX,501,01\nY,73,02\n");
    // The order of the columns may change.
    replace_file(
        &project,
        "rows.json",
        "[[\"state\",\"NAME\",\"POP\"],[\"03\",\"Z\",\"9\"]]",
    );
    let exported = run_on(&database, &project, &["--allow-shrink"]);
    assert_eq!(exported, "name,pop,state\nZ,9,03\n");

    let project = folder.path().join("plain");
    let text = "{\"columns\": [\"a\"], \"data\": [[\"X\", 1.5], [\"Y\", 2]]}";
    let document = init_text(&project, &[], text);
    assert_eq!(choices(&document), "records_at=data has_header=false");
    assert_eq!(types(&document), "column_1 text, column_2 numeric");
    assert_eq!(run(&project).1, "column_1,column_2\nX,1.5\nY,2\n");
    let warnings = document["project"]["warnings"].to_string();
    assert!(warnings.contains("use --header."), "{warnings}");
}

#[test]
fn options_override_the_names_of_arrays() {
    let folder = Folder::new();
    // A name is a value, too.
    let text = "[[\"X\",\"n\"],\n[\"X\",\"501\"]]";
    let project = folder.path().join("named");
    let document = init_text(&project, &["--header"], text);
    assert_eq!(choices(&document), "");
    assert_eq!(run(&project).1, "x,n\nX,501\n");
    let project = folder.path().join("numbered");
    let text = "[[\"a\",\"b\"],\n[\"X\",\"501\"]]";
    let document = init_text(&project, &["--no-header"], text);
    assert_eq!(choices(&document), "");
    assert_eq!(run(&project).1, "column_1,column_2\nX,501\na,b\n");
}

#[test]
fn documents_may_follow_each_other_without_line_ends() {
    let folder = Folder::new();
    let project = folder.path().join("events");
    let document = init_text(
        &project,
        &[],
        "{\"id\":1,\"n\":1e999}{\"id\":2,\"n\":[{}]}\n{\n\"id\":3\n}",
    );
    assert_eq!(
        document["project"]["rows"], 2,
        "the last one spans lines, the first two do not"
    );
    assert_eq!(document["project"]["rejected"], 3);
    let project = folder.path().join("long");
    let document = init_text(&project, &[], "{\n\"id\":1\n}{\n\"id\":2}\n{\"id\":3}");
    assert_eq!(document["project"]["rows"], 3);
    assert_eq!(run(&project).1, "id\n1\n2\n3\n");
}

#[test]
fn options_about_json_need_a_json_file() {
    let folder = Folder::new();
    let file = folder.write("rows.csv", "a,b\n1,2\n");
    for option in [&["--flatten"][..], &["--records-at", "data"]] {
        let init = init(&folder.path().join("project"), option);
        init.path("--from", &file)
            .run()
            .exits_with(2)
            .says(&["rows.csv\" is not JSON"]);
    }
    let file = folder.write("rows.json", "{\"items\": [{}]}");
    let init = init(&folder.path().join("project"), &["--records-at", "data"]);
    init.path("--from", &file)
        .run()
        .exits_with(1)
        .says(&["no \"data\"", "items", "--records-at"]);
}
