//! How columns are read, and how the user changes that.

use super::{init, run, types};
use crate::support::Folder;
use std::path::PathBuf;

struct Project {
    /// Removes the project on drop.
    _folder: Folder,
    path: PathBuf,
    /// The report of init.
    document: serde_json::Value,
}

/// Creates a project for a CSV file.
fn init_for(text: &str, args: &[&str]) -> Project {
    let folder = Folder::new();
    let file = folder.write("things.csv", text);
    let project = folder.path().join("p");
    let outcome = init(&project, &["--json"]).args(args).path("--from", &file);
    let document = outcome.run().ok().json();
    Project {
        _folder: folder,
        path: project,
        document,
    }
}

impl Project {
    /// The notes on a column.
    fn notes(&self, column: usize) -> String {
        let notes = self.document["project"]["columns"][column]["notes"]
            .as_array()
            .unwrap();
        notes
            .iter()
            .map(|note| note.as_str().unwrap())
            .collect::<Vec<_>>()
            .join("; ")
    }
}

#[test]
fn only_missing_markers_are_ignored_in_numbers_and_dates() {
    let text = "n,d,w,t\n1,2026-01-01,1,NA\nNA,-,2,DE\n?,n/a,soon,FR\n\\N,2026-01-04,4,-\n";
    let project = init_for(text, &[]);
    assert_eq!(
        types(&project.document),
        "n numeric, d date, w text, t text"
    );
    assert!(
        project
            .notes(0)
            .contains("3 missing values, such as \"NA\""),
        "{}",
        project.notes(0)
    );
    assert!(
        project.notes(2).contains("\"soon\" (row 4)"),
        "{}",
        project.notes(2)
    );
    let (database, exported) = run(&project.path);
    assert_eq!(
        exported,
        "n,d,w,t\n1,2026-01-01,1,NA\n,,2,DE\n,,soon,FR\n,2026-01-04,4,-\n"
    );
    assert_eq!(
        database.number("select count(*) from quality.things_with_unreadable_values"),
        0
    );
}

#[test]
fn long_ids_and_codes_are_text() {
    let text = "account_id,big_id,ref,isbn\n1234567890123456789012345,9223372036854775807,007,9780306406157\n\
                1234567890123456789012346,-9223372036854775808,12,9780306406164\n";
    let project = init_for(text, &[]);
    assert_eq!(
        types(&project.document),
        "account_id text, big_id bigint, ref text, isbn text"
    );
    assert_eq!(run(&project.path).1, text);
}

#[test]
fn every_notation_gets_its_type() {
    let text = "day_first,month_name,us_date,ordered_on,epoch_ts,created_ms,at_time,yes_no,spaced,zoned\n\
                31/12/2024,5-Jan-24,12/31/24 9:05 PM,20240105,1704441600,1704441600123,2024/1/5 10:00,Y,12 345,2024-01-05T10:00:00+02:00\n\
                01/02/2024,6-Feb-25,1/2/24 12:00 AM,20240106,1704441601,1704441600124,2024/1/6 10:00,N,1 000,2024-01-05 10:00:00Z\n";
    let project = init_for(text, &["--no-key"]);
    assert_eq!(
        types(&project.document),
        "day_first text, month_name date, us_date timestamp, ordered_on date, epoch_ts timestamptz, created_ms timestamptz, \
         at_time timestamp, yes_no boolean, spaced numeric, zoned timestamptz"
            .replace("day_first text", "day_first date")
    );
    let (_, exported) = run(&project.path);
    assert_eq!(
        exported.lines().nth(1).unwrap(),
        "2024-12-31,2024-01-05,2024-12-31 21:05:00,2024-01-05,2024-01-05 08:00:00+00,2024-01-05 08:00:00.123+00,\
         2024-01-05 10:00:00,t,12345,2024-01-05 08:00:00+00"
    );
    assert_eq!(
        exported.lines().nth(2).unwrap(),
        "2024-02-01,2025-02-06,2024-01-02 00:00:00,2024-01-06,2024-01-05 08:00:01+00,2024-01-05 08:00:00.124+00,\
         2024-01-06 10:00:00,f,1000,2024-01-05 10:00:00+00"
    );
}

#[test]
fn numbers_are_dates_only_if_named_like_one() {
    let project = init_for("sku,total\n20240105,1704441600\n20240106,1704441601\n", &[]);
    assert_eq!(types(&project.document), "sku bigint, total numeric");
}

#[test]
fn ambiguous_values_stay_text_until_the_user_decides() {
    let text = "id;amount;day\n1;12.345;1/2/2024\n2;1.000;3/4/2024\n";
    let project = init_for(text, &[]);
    assert_eq!(types(&project.document), "id bigint, amount text, day text");
    assert!(
        project
            .notes(1)
            .contains("--decimal point or --decimal comma"),
        "{}",
        project.notes(1)
    );
    assert!(
        project.notes(2).contains("--dates day-first"),
        "{}",
        project.notes(2)
    );
    assert_eq!(
        run(&project.path).1,
        "id,amount,day\n1,12.345,1/2/2024\n2,1.000,3/4/2024\n"
    );
    let german = init_for(text, &["--decimal", "comma", "--dates", "day-first"]);
    assert_eq!(
        run(&german.path).1,
        "id,amount,day\n1,12345,2024-02-01\n2,1000,2024-04-03\n"
    );
    let english = init_for(text, &["--decimal", "point", "--dates", "month-first"]);
    assert_eq!(
        run(&english.path).1,
        "id,amount,day\n1,12.345,2024-01-02\n2,1.000,2024-03-04\n"
    );
}

#[test]
fn another_column_decides_the_decimal_sign_unless_columns_contradict() {
    let text = "id;a;b\n1;12.345;1,5\n2;1.000;2,25\n";
    assert_eq!(
        run(&init_for(text, &[]).path).1,
        "id,a,b\n1,12345,1.5\n2,1000,2.25\n"
    );
    let text = "id;a;b;c\n1;12.345;1,5;1.5\n2;1.000;2,25;2.25\n";
    assert_eq!(
        types(&init_for(text, &[]).document),
        "id bigint, a text, b numeric, c numeric"
    );
}

#[test]
fn the_user_can_choose_types_and_zones() {
    let text = "id,zip,when,n\n1,12345,2024-07-01 10:00,5\n2,12346,2024-01-01 10:00,6\n";
    let project = init_for(
        text,
        &[
            "--type",
            "zip=bigint",
            "--type",
            "n=text",
            "--time-zone",
            "Europe/Berlin",
        ],
    );
    assert_eq!(
        types(&project.document),
        "id bigint, zip bigint, when timestamptz, n text"
    );
    assert_eq!(
        run(&project.path).1,
        "id,zip,when,n\n1,12345,2024-07-01 08:00:00+00,5\n2,12346,2024-01-01 09:00:00+00,6\n"
    );
    let folder = Folder::new();
    let file = folder.write("x.csv", text);
    let init_with = |args: &[&str]| {
        init(&folder.path().join("q"), args)
            .path("--from", &file)
            .run()
    };
    init_with(&["--type", "zip=colour"])
        .exits_with(2)
        .says(&["one of the types"]);
    init_with(&["--type", "gone=text"])
        .exits_with(2)
        .says(&["no column \"gone\""]);
    init_with(&["--time-zone", "a'b"])
        .exits_with(2)
        .says(&["Europe/Berlin"]);
}
