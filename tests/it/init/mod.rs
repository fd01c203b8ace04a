//! `elt init`: the project that it creates runs.

mod api;
mod dialects;
mod encodings;
mod field;
mod hostile;
mod json;
mod keys;
mod layout;
mod notations;
mod random;
mod several;

use crate::support::{Database, Elt, Folder, Home};
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn init(folder: &Path, args: &[&str]) -> Elt {
    Elt::bare().args(["init"]).args([folder]).args(args)
}

/// Runs the project on a new database, and returns the database and the exported files.
pub(super) fn run(project: &Path) -> (Database, String) {
    let database = Database::with_engine();
    let exported = run_on(&database, project, &[]);
    (database, exported)
}

/// Runs the project on an existing database, and returns the exported files.
pub(super) fn run_on(database: &Database, project: &Path, args: &[&str]) -> String {
    let out = Folder::new();
    let elt = database.elt_with(project, &["run", "--migrate"]).args(args);
    elt.path("--out", out.path()).run().ok();
    let mut names: Vec<PathBuf> = fs::read_dir(out.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    let csv = names
        .iter()
        .filter(|name| name.extension().is_some_and(|ending| ending == "csv"));
    csv.map(|name| fs::read_to_string(name).unwrap())
        .collect::<Vec<_>>()
        .join("--\n")
}

/// `name type` of each column that init reports.
pub(super) fn types(document: &serde_json::Value) -> String {
    let columns = document["project"]["columns"].as_array().unwrap().iter();
    let types = columns.map(|column| {
        let text = |key: &str| column[key].as_str().unwrap().to_string();
        format!("{} {}", text("name"), text("sql_type"))
    });
    types.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_example_project_runs_unchanged() {
    let folder = Folder::new();
    let project = folder.path().join("My Shop");
    let outcome = init(&project, &[]).run().ok();
    assert!(
        outcome.stdout.contains("My Shop' run"),
        "{}",
        outcome.stdout
    );
    let (database, exported) = run(&project);
    assert_eq!(
        exported,
        "order_id,customer,amount,ordered_on\n1,Ann,19.90,2026-01-05\n2,Ben,5.00,2026-01-06\n\
         3,Ann,7.45,2026-02-01\n4,\"Zoe, of course\",,2026-02-02\n"
    );
    let rules =
        "select coalesce(string_agg(rule, ' '), '') from elt.run_rules() where violation_count > 0";
    assert_eq!(database.text(rules), "");
    assert_eq!(
        database.text("select amount_sum::text from public.orders_summary"),
        "32.35"
    );
    let found = database.elt_with(
        &project,
        &["views", "diff", "public.orders", "--rows", "--json"],
    );
    assert_eq!(
        found.run().ok().json()["rows"]["compared_by"][0],
        "order_id"
    );
    let database_sql = fs::read_to_string(project.join("sql/database.sql")).unwrap();
    assert_eq!(database_sql, "create database my_shop;\n");
}

#[test]
fn tables_and_queries_fit_the_file() {
    let folder = Folder::new();
    // Not UTF-8; semicolons; a key word, a repeated name and an empty name in the header.
    let text = b"Order ID;Kunde;order;Zip;Datum;Zeit;ok;kunde;_x;;Menge\r\n\
        1;M\xfcller;a;01234;2026-01-05;2026-01-05 10:00:00;yes;x;y;z;1,5\r\n\
        2;\"O\"\"Neil\";b;99999;2026-01-06;2026-01-05T10:00:00+01:00;no;;;;\r\n\
        3;;c;;;;;;;;\r\n\
        4;short\r\n";
    let file = folder.write("in/Orders of 2026.csv", text);
    let project = folder.path().join("shop");
    let document = init(&project, &["--json"])
        .path("--from", &file)
        .run()
        .ok()
        .json();
    let project_report = &document["project"];
    assert_eq!(
        (&project_report["rows"], &project_report["rejected"]),
        (&3.into(), &1.into())
    );
    assert_eq!(project_report["key"], "order_id");
    assert_eq!(
        types(&document),
        "order_id bigint, kunde text, order text, zip text, datum date, zeit text, ok boolean, kunde_2 text, x text, \
         column_10 text, menge numeric"
    );
    let (database, exported) = run(&project);
    assert_eq!(
        exported,
        "order_id,kunde,order,zip,datum,zeit,ok,kunde_2,x,column_10,menge\n\
         1,Müller,a,01234,2026-01-05,2026-01-05 10:00:00,t,x,y,z,1.5\n\
         2,\"O\"\"Neil\",b,99999,2026-01-06,2026-01-05T10:00:00+01:00,f,,,,\n3,,c,,,,,,,,\n"
    );
    assert_eq!(
        database.text("select encoding || delimiter from elt.source"),
        "windows-1252;"
    );
    assert_eq!(database.number("select count(*) from elt.reject"), 1);
}

#[test]
fn documents_become_columns_and_rows_without_a_key_keep_their_position() {
    let folder = Folder::new();
    let lines = "{\"orderId\": 1, \"paid\": true, \"tags\": [\"a\", \"b\"], \"price\": 1.50}\n\
                 {\"orderId\": 1, \"price\": 2, \"tags\": null, \"note\": \"it's\"}\n";
    let file = folder.path().join("events.ndjson.zst");
    fs::write(&file, zstd::encode_all(lines.as_bytes(), 3).unwrap()).unwrap();
    let project = folder.path().join("shop");
    init(&project, &[]).path("--from", &file).run().ok();
    // The file stays compressed.
    assert!(project.join("data/events.ndjson.zst").exists());
    let (database, exported) = run(&project);
    assert_eq!(
        exported,
        "order_id,paid,tags,price,note\n1,t,\"[\"\"a\"\", \"\"b\"\"]\",1.50,\n1,,,2,it's\n",
        "orderId is called a key, but repeats"
    );
    assert_eq!(
        database.text("select string_agg(_row::text, ' ' order by _row) from public.events"),
        "1 2"
    );
    let file = folder.write("points.csv", "x,y\n1,1\n1,1\n2,1\n");
    let project = folder.path().join("plot");
    init(&project, &[]).path("--from", &file).run().ok();
    let (_, exported) = run(&project);
    assert_eq!(exported, "x,y\n1,1\n1,1\n2,1\n");
}

#[test]
fn a_source_is_added_to_a_project_and_no_file_is_overwritten() {
    let folder = Folder::new();
    let project = folder.path().join("shop");
    init(&project, &[]).run().ok();
    init(&project, &[])
        .run()
        .exits_with(2)
        .says(&["already has a project", "--from FILE"]);
    let file = folder.write(
        "customers.csv",
        "name,since\nAnn,2025-01-01\nBen,2025-02-01\n",
    );
    init(&project, &[]).path("--from", &file).run().ok();
    let before = fs::read_to_string(project.join("sql/mart/customers.sql")).unwrap();
    let again = init(&project, &[])
        .path("--from", &file)
        .run()
        .exits_with(2);
    again.says(&[
        "sql/mart/customers.sql\"",
        "already exists",
        "Nothing was written",
        "--name",
    ]);
    assert_eq!(
        fs::read_to_string(project.join("sql/mart/customers.sql")).unwrap(),
        before
    );
    init(&project, &["--name", "clients"])
        .path("--from", &file)
        .run()
        .ok();
    let (_, exported) = run(&project);
    assert_eq!(exported.matches("Ann,2025-01-01").count(), 2, "{exported}");
    assert_eq!(exported.matches("--\n").count(), 2);
}

#[test]
fn files_and_names_that_cannot_be_used_are_reported() {
    let folder = Folder::new();
    let project = folder.path().join("shop");
    let file = folder.write("x.csv", "a,b\n1,2\n");
    let init_from = |args: &[&str], file: &Path| init(&project, args).path("--from", file).run();
    init_from(&[], &folder.path().join("gone.csv"))
        .exits_with(1)
        .says(&["gone.csv\" does not exist"]);
    init_from(&[], folder.path())
        .exits_with(1)
        .says(&["is a folder"]);
    init_from(&["--name", "Select"], &file)
        .exits_with(2)
        .says(&["cannot be the name of a source", "--name"]);
    init_from(&[], &folder.write("empty.csv", ""))
        .exits_with(1)
        .says(&["empty.csv", "the file is empty"]);
    init_from(&[], &folder.write("mac.csv", "name,age\rAnn,3\rBob,4\r"))
        .exits_with(1)
        .says(&["mac.csv", "carriage returns alone"]);
    init_from(&[], &folder.write("one.json", "7")).exits_with(1);
    assert!(!project.exists());
}

#[test]
fn the_commands_of_the_readmes_work() {
    let code_of = |file: &str, from: &str, to: &str| -> Vec<String> {
        let text = fs::read_to_string(file).unwrap();
        let section = text.split(from).nth(1).unwrap();
        let section = section.split(to).next().unwrap();
        let code = |line: &str| match line {
            "" => Some(String::new()),
            line => line.strip_prefix("    ").map(str::to_string),
        };
        section.lines().filter_map(code).collect()
    };
    // The file, then the commands without what they print.
    let section = code_of("README.md", "## Your own file", "\n`elt init` prints");
    let is_file = |line: &&String| !line.starts_with("$ ");
    let file = section.iter().take_while(is_file).cloned();
    let commands = section.iter().filter_map(|line| line.strip_prefix("$ "));
    let mut lines: Vec<String> = file.chain(commands.map(String::from)).collect();
    lines.extend(code_of("sql/README.md", "### A view", "\nIt prints"));
    let (home, folder) = (Home::new(), Folder::new());
    let mut shell = home.elt().shell(&lines.join("\n"));
    let output = shell.current_dir(folder.path()).output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    for text in [" 2026-01 | 1259.30", " 2026-02 |   19.45", "rows_rejected"] {
        assert!(printed.contains(text), "{text}: {printed}");
    }
    assert_eq!(
        folder.read("out/orders.csv"),
        "ordered_on,customer,amount\n2026-01-31,Ann,1234.50\n2026-01-31,Zoe,12.40\n\
         2026-01-31,Zoe,12.40\n2026-02-28,Cem,12.00\n2026-02-28,Ben,7.45\n"
    );
}
