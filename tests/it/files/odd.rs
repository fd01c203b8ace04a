//! Files and folders with unusual names, links, and files without rows.

use super::Days;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

#[test]
fn links_to_folders_above_are_left_out() {
    let days = Days::new();
    days.write("pings-1.csv", &["1,Quay"]);
    symlink(".", days.data.path().join("current")).unwrap();
    symlink("nowhere", days.data.path().join("pings-2.csv")).unwrap();
    std::fs::create_dir(days.data.path().join("pings-3.csv")).unwrap();
    assert_eq!(days.load("pings"), ["pings-1.csv published 1"]);
    days.database
        .run("update elt.source set file = '**/pings-*.csv' where source = 'pings'");
    assert_eq!(days.load("pings"), ["pings-1.csv unchanged 1"]);
}

#[test]
fn only_files_of_the_pattern_need_a_name_in_utf8() {
    let days = Days::new();
    days.write("pings-1.csv", &["1,Quay"]);
    let write = |name: &[u8]| {
        let path = days.data.path().join(OsStr::from_bytes(name));
        std::fs::write(path, "bike_id,place\n2,Mill\n").unwrap();
    };
    write(b"caf\xe9.txt");
    let loaded = days.loading("pings").run().ok();
    loaded.says_once("1 file in", "caf");
    write(b"pings-caf\xe9.csv");
    let refused = days.loading("pings").run().exits_with(1);
    refused.says(&["is not UTF-8", "Nothing was loaded", "Rename the file"]);
}

#[test]
fn names_may_have_quotes_and_line_ends() {
    let days = Days::new();
    let name = "pings-\"1'\n\\.csv";
    days.write(name, &["1,Quay", "2"]);
    days.write("pings-2.csv", &["2,Mill"]);
    days.loading("pings --max-rejects 1").run().ok();
    assert_eq!(
        days.database
            .text("select file_name from elt.load where load_id = 1"),
        name
    );
    assert_eq!(
        days.load("pings").len(),
        2,
        "both files are known by their names"
    );
    assert_eq!(days.database.number("select count(*) from core.pings"), 2);
}

#[test]
fn an_empty_file_is_an_error_whose_reason_is_one_sentence() {
    let days = Days::new();
    days.data.write("pings-1.csv", "");
    let failed = days.loading("pings").run().exits_with(1);
    let failed = failed.says(&["the file is empty"]);
    failed.says_not("..");
}
