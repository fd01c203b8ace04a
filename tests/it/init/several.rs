//! `elt init` with a pattern of files.

use super::init;
use crate::support::{Database, Folder};

fn days(folder: &Folder) -> String {
    for day in 1..4 {
        let rows: String = (0..day)
            .map(|row| format!("{row},2026-01-0{day},1.50\n"))
            .collect();
        folder.write(
            &format!("orders-{day}.csv"),
            format!("order_id,day,amount\n{rows}"),
        );
    }
    folder
        .path()
        .join("orders-*.csv")
        .to_string_lossy()
        .into_owned()
}

#[test]
fn a_project_for_the_files_of_a_pattern_loads_all_of_them() {
    let folder = Folder::new();
    let pattern = days(&folder);
    let project = folder.path().join("shop");
    let made = init(&project, &["--mode", "append", "--no-key", "--json"])
        .args([
            "--set",
            "order_by=modified",
            "--set",
            "keep_loads=7",
            "--from",
            &pattern,
        ])
        .run()
        .ok();
    assert_eq!(made.json()["project"]["source"], "orders");
    made.says(&["the largest of 3 files, orders-3.csv"]);
    let database = Database::with_engine();
    let run = |args: &[&str]| database.elt_with(&project, args).run().ok();
    run(&["load", "--migrate"]);
    assert_eq!(
        database.text("select concat_ws(' ', file, mode, order_by, keep_loads) from elt.source"),
        "orders/orders-*.csv append modified 7"
    );
    assert_eq!(database.number("select count(*) from core.orders"), 6);
    // Files in the data folder are left where they are.
    let inside = project.join("data").join("orders").join("orders-[12].csv");
    let second = init(&project, &["--json", "--name", "firsts", "--from"])
        .args([inside.with_file_name("orders-?.csv")])
        .run()
        .ok();
    let files = second.json()["project"]["files"].to_string();
    assert!(!files.contains("data/"), "{files}");
}

#[test]
fn patterns_that_match_nothing_and_folders_are_explained() {
    let folder = Folder::new();
    days(&folder);
    let project = folder.path().join("shop");
    let from = |from: &str, code| {
        let from = folder.path().join(from);
        init(&project, &[])
            .path("--from", &from)
            .run()
            .exits_with(code)
    };
    from("x-*.csv", 1).says(&["matches no file"]);
    from("", 1).says(&["is a folder", "--from '"]);
    let unknown = init(&project, &["--set", "colour=red"])
        .path("--from", &folder.path().join("orders-1.csv"));
    unknown.run().exits_with(2).says(&[
        "--set cannot set \"colour\" of a file",
        "order_by, settle_seconds, keep_loads",
    ]);
}
