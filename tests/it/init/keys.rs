//! Keys: how they are detected, what happens if a file violates them, and how they are changed.

use super::{init, run, run_on};
use crate::support::{Database, Folder};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const LINES: &str = "order_no,line,item,amount\n1,1,a,5\n1,2,b,6\n2,1,a,7\n";

/// Creates a project for a file with this name and text.
fn new_project(folder: &Folder, name: &str, text: &str) -> PathBuf {
    let file = folder.write(name, text);
    let project = folder.path().join("p");
    init(&project, &[]).path("--from", &file).run().ok();
    project
}

/// The key that init detects, or `none`.
fn detected_key(text: &str) -> String {
    let folder = Folder::new();
    let file = folder.write("things.csv", text);
    let project = folder.path().join("p");
    let document = init(&project, &["--json"])
        .path("--from", &file)
        .run()
        .ok()
        .json();
    document["project"]["key"]
        .as_str()
        .unwrap_or("none")
        .to_string()
}

#[test]
fn a_key_is_named_or_placed_like_one_and_unique() {
    for (text, key) in [
        (LINES, "order_no, line"),
        ("name,since\nAnn,2025-01-01\nBen,2025-02-01\n", "none"),
        ("price,thing_id\n1.5,1\n2.5,2\n", "thing_id"),
        ("price,stock\n1.5,1\n2.5,2\n", "none"),
        ("year,mean\n2001,1\n2002,2\n", "none"),
        ("day,value\n2026-01-01,1\n2026-01-02,2\n", "none"),
        ("a_id,b_id\n1,\n2,7\n", "a_id"),
        ("a_id,b_id\n,1\n2,7\n", "b_id"),
        ("code,x\nNA,1\nDE,2\n", "code"),
        (
            "site,day,value\na,2026-01-01,1\nb,2026-01-01,1\na,2026-01-02,1\n",
            "site, day",
        ),
        ("site,value\na,1\na,2\n", "none"),
        ("comment_id,comment\n1,x\n1,y\n", "none"),
        ("only\nx\n", "none"),
    ] {
        assert_eq!(detected_key(text), key, "{text}");
    }
}

#[test]
fn a_key_is_checked_in_the_whole_of_a_long_file() {
    let mut text = "id,value\n".to_string();
    for id in 0..20_001 {
        writeln!(text, "{id},1").unwrap();
    }
    assert_eq!(detected_key(&text), "id");
    text.push_str("20000,2\n");
    assert_eq!(detected_key(&text), "none");
}

/// Loads a file whose rows have the same key and different values, and expects a refusal.
fn expect_conflict(database: &Database, project: &Path) {
    fs::write(
        project.join("data/lines.csv"),
        "order_no,line,item,amount\n1,1,a,5\n1,1,b,6\n2,1,a,7\n",
    )
    .unwrap();
    let out = Folder::new();
    let elt = database.elt_with(project, &["run", "--migrate"]);
    elt.path("--out", out.path()).run().exits_with(3).says(&[
        "lines_conflicting",
        "lines.csv, line 2",
        "lines.csv, line 3",
        "--rekey lines --key COLUMN,COLUMN",
        "--rekey lines --no-key",
    ]);
}

#[test]
fn a_wrong_key_refuses_the_load_and_can_be_changed() {
    let folder = Folder::new();
    let project = new_project(&folder, "lines.csv", LINES);
    let (database, before) = run(&project);
    expect_conflict(&database, &project);
    let rows = "select count(*) from public.lines";
    assert_eq!((database.number(rows), before.lines().count()), (3, 4));
    // A key of more columns.
    let outcome = init(
        &project,
        &["--rekey", "lines", "--key", "order_no,line,item"],
    )
    .run()
    .ok();
    assert!(
        outcome.stdout.contains("key order_no, line, item"),
        "{}",
        outcome.stdout
    );
    let exported = run_on(&database, &project, &[]);
    assert_eq!(
        exported,
        "order_no,line,item,amount\n1,1,a,5\n1,1,b,6\n2,1,a,7\n"
    );
    // No key, then a key again.
    init(&project, &["--rekey", "lines", "--no-key"]).run().ok();
    fs::write(
        project.join("data/lines.csv"),
        "order_no,line,item,amount\n1,1,a,5\n,,,\n1,1,a,5\n1,1,a,6\n",
    )
    .unwrap();
    let exported = run_on(&database, &project, &[]);
    assert_eq!(
        exported,
        "order_no,line,item,amount\n1,1,a,5\n,,,\n1,1,a,5\n1,1,a,6\n"
    );
    init(&project, &["--rekey", "lines", "--key", "amount"])
        .run()
        .ok();
    fs::write(project.join("data/lines.csv"), LINES).unwrap();
    let exported = run_on(&database, &project, &["--force"]);
    assert_eq!(exported, LINES);
}

#[test]
fn the_first_load_must_satisfy_the_key_too() {
    let folder = Folder::new();
    let project = new_project(&folder, "lines.csv", LINES);
    let database = Database::with_engine();
    expect_conflict(&database, &project);
    init(&project, &["--rekey", "lines", "--no-key"]).run().ok();
    let exported = run_on(&database, &project, &[]);
    assert_eq!(
        exported,
        "order_no,line,item,amount\n1,1,a,5\n1,1,b,6\n2,1,a,7\n"
    );
}

#[test]
fn equal_rows_count_once_and_a_missing_key_is_refused() {
    let folder = Folder::new();
    let project = new_project(&folder, "lines.csv", LINES);
    let (database, _) = run(&project);
    fs::write(project.join("data/lines.csv"), format!("{LINES}2,1,a,7\n")).unwrap();
    assert_eq!(run_on(&database, &project, &[]), LINES);
    assert_eq!(
        database.text("select string_agg(_row::text, ' ') from quality.lines_repeated"),
        "4"
    );
    fs::write(project.join("data/lines.csv"), format!("{LINES}2,,a,8\n")).unwrap();
    let elt = database.elt_with(&project, &["load"]);
    elt.run()
        .exits_with(3)
        .says(&["lines_without_key", "lines.csv, line 5", "--no-key"]);
}

#[test]
fn the_user_can_choose_the_key() {
    let folder = Folder::new();
    let file = folder.write("things.csv", "Thing ID,value\n1,a\n2,b\n2,c\n3,a\n,d\n");
    let init_with = |name: &str, args: &[&str]| {
        init(&folder.path().join(name), args)
            .path("--from", &file)
            .run()
    };
    let forced = init_with("forced", &["--key", "Thing ID"]).ok();
    forced.says(&[
        "1 rows have a key that an earlier row has",
        "1 rows lack a value of the key",
    ]);
    let both = init_with("both", &["--json", "--key", "value,thing_id"]).ok();
    assert_eq!(both.json()["project"]["key"], "thing_id, value");
    init_with("none", &["--key", "thing"])
        .exits_with(2)
        .says(&["no column \"thing\"", "thing_id"]);
    init_with("clash", &["--key", "value", "--no-key"]).exits_with(2);
    init_with("merged", &["--mode", "merge", "--no-key"])
        .exits_with(2)
        .says(&["needs a key"]);
}

#[test]
fn rekey_does_not_overwrite_edited_files() {
    let folder = Folder::new();
    let project = new_project(&folder, "lines.csv", LINES);
    let rekey = |args: &[&str]| init(&project, &["--rekey", "lines"]).args(args).run();
    rekey(&["--key", "order_no,line"])
        .exits_with(2)
        .says(&["already has this key"]);
    rekey(&[]).exits_with(2).says(&["--key", "--no-key"]);
    rekey(&["--key", "gone"])
        .exits_with(2)
        .says(&["no column \"gone\""]);
    init(&project, &["--rekey", "line", "--no-key"])
        .run()
        .exits_with(2)
        .says(&["lines"]);
    let query = project.join("sql/core/incoming_lines.sql");
    let text = fs::read_to_string(&query).unwrap() + "-- mine\n";
    fs::write(&query, &text).unwrap();
    rekey(&["--no-key"]).exits_with(2).says(&[
        "incoming_lines.sql\" was changed",
        "Nothing was written",
        "-select distinct on",
    ]);
    assert_eq!(fs::read_to_string(&query).unwrap(), text);
}

#[test]
fn files_per_day_are_appended_or_merged() {
    let folder = Folder::new();
    let first = folder.write("one/obs.csv", "station,value\na,1\na,1\n");
    let project = folder.path().join("append");
    init(&project, &["--mode", "append"])
        .path("--from", &first)
        .run()
        .ok();
    let (database, exported) = run(&project);
    assert_eq!(exported, "station,value\na,1\na,1\n");
    fs::write(project.join("data/obs.csv"), "station,value\nb,2\n").unwrap();
    let exported = run_on(&database, &project, &[]);
    assert_eq!(exported, "station,value\na,1\na,1\nb,2\n");
    let project = folder.path().join("merge");
    let first = folder.write("two/obs.csv", "station_id,value\na,1\nb,1\n");
    init(&project, &["--mode", "merge"])
        .path("--from", &first)
        .run()
        .ok();
    let (database, _) = run(&project);
    fs::write(project.join("data/obs.csv"), "station_id,value\nb,2\nc,3\n").unwrap();
    let exported = run_on(&database, &project, &[]);
    assert_eq!(exported, "station_id,value\na,1\nb,2\nc,3\n");
}

#[test]
fn a_source_without_a_key_cannot_change_to_append() {
    let folder = Folder::new();
    let project = new_project(&folder, "obs.csv", "station,value\na,1\na,1\n");
    let (database, _) = run(&project);
    database.run("update elt.source set mode = 'append'");
    let elt = database.elt_with(&project, &["load", "--force"]);
    elt.run().exits_with(6).says(&["(_row)", "_load_id"]);
}

#[test]
fn a_file_that_shrinks_is_refused() {
    let folder = Folder::new();
    let project = new_project(&folder, "things.csv", "thing_id,v\n1,a\n2,b\n3,c\n");
    let (database, _) = run(&project);
    fs::write(project.join("data/things.csv"), "thing_id,v\n1,a\n").unwrap();
    let load = |args: &[&str]| database.elt_with(&project, &["load"]).args(args).run();
    load(&[])
        .exits_with(3)
        .says(&["loads_that_shrink", "--allow-shrink"]);
    load(&["--force"]).exits_with(3);
    assert_eq!(database.number("select count(*) from public.things"), 3);
    load(&["--allow-shrink"]).ok();
    assert_eq!(database.number("select count(*) from public.things"), 1);
}
