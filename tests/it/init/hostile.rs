//! Files and names that try to break the generated SQL, and files with too many columns.

use super::{init, run, run_on};
use crate::support::Folder;
use std::fmt::Write;
use std::fs;

#[test]
fn hostile_names_are_escaped_everywhere() {
    let folder = Folder::new();
    let name = "it's\n; drop table elt.load; --\n'$$.csv";
    let text = "\"a'b\",\"; drop schema core cascade; --\",\"x\ny\",\"\"\"q\"\"\",\"$$\",id\n1,2,3,4,5,6\n";
    let file = folder.write(name, text);
    let project = folder.path().join("a 'b\nc");
    init(&project, &["--name", "odd"])
        .path("--from", &file)
        .run()
        .ok();
    let (database, exported) = run(&project);
    assert_eq!(
        exported,
        "a_b,drop_schema_core_cascade,x_y,q,column_5,id\n1,2,3,4,5,6\n"
    );
    assert_eq!(database.number("select count(*) from elt.load"), 1);
    init(&project, &["--rekey", "odd", "--no-key"]).run().ok();
    assert_eq!(run_on(&database, &project, &["--force"]), exported);
}

#[test]
fn files_with_the_same_name_are_both_kept() {
    let folder = Folder::new();
    let first = folder.write("a/data.csv", "id,v\n1,first\n");
    let second = folder.write("b/data.csv", "id,v\n2,second\n");
    let project = folder.path().join("p");
    init(&project, &["--name", "one"])
        .path("--from", &first)
        .run()
        .ok();
    init(&project, &["--name", "two"])
        .path("--from", &second)
        .run()
        .ok();
    assert_eq!(run(&project).1, "id,v\n1,first\n--\nid,v\n2,second\n");
    assert!(project.join("data/two.csv").exists());
}

#[test]
fn names_of_existing_objects_are_avoided() {
    let folder = Folder::new();
    let project = folder.path().join("p");
    let text = "id,v\n1,x\n";
    for name in ["orders.csv", "orders_summary.csv", "orders_rows.csv"] {
        let file = folder.write(name, text);
        init(&project, &[]).path("--from", &file).run().ok();
    }
    assert!(project.join("sql/mart/orders_summary_2.sql").exists());
    assert!(project.join("sql/mart/orders_rows_2.sql").exists());
    assert_eq!(run(&project).1.matches("1,x\n").count(), 3);
    let file = folder.write("other.csv", text);
    let outcome = init(&project, &["--name", "orders_values"])
        .path("--from", &file)
        .run();
    outcome.exits_with(2).says(&["orders_values", "--name"]);
}

#[test]
fn columns_beyond_the_limit_are_kept_in_one_column() {
    let folder = Folder::new();
    let row = |value: &dyn Fn(usize) -> String| {
        let cells: Vec<String> = (0..1_702).map(value).collect();
        cells.join(",")
    };
    let mut text = row(&|column| format!("c{column}"));
    for line in 0..3 {
        // A view has two columns for a number: the value and its text.
        let cell = |column| match column % 2 {
            0 => format!("{line}x{column}"),
            _ => format!("{line}{column}"),
        };
        write!(text, "\n{}", row(&cell)).unwrap();
    }
    let file = folder.write("wide.csv", text + "\n");
    let project = folder.path().join("p");
    let outcome = init(&project, &[]).path("--from", &file).run().ok();
    outcome.says(&["the file has 1702 columns", "other_columns"]);
    let (database, exported) = run(&project);
    assert!(
        exported.contains("2x0,21,2x2,") && exported.contains("21701"),
        "{}",
        exported.len()
    );
    let kept = "select other_columns ->> 'c1701' from public.wide order by _row limit 1";
    let kept = kept.replace("order by _row", "where c0 = '1x0'");
    assert_eq!(database.text(&kept), "11701");
}

#[test]
fn the_example_file_is_removed_from_the_temporary_folder() {
    let folder = Folder::new();
    let temporary = folder.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let project = folder.path().join("p");
    init(&project, &[]).env("TMPDIR", &temporary).run().ok();
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
}
