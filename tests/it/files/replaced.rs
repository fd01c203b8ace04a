//! Files that come again with new bytes, and sources of mode replace, whose files form one load.

use super::Days;

#[test]
fn a_file_of_an_append_source_that_comes_again_replaces_its_rows() {
    let days = Days::new();
    for source in ["pings", "trips"] {
        days.write(&format!("{source}-1.csv"), &["1,10", "2,20"]);
        days.write(&format!("{source}-2.csv"), &["2,21", "3,30"]);
    }
    days.loading("")
        .run()
        .exits_with(1)
        .says(&["matches no file"]);
    days.load("pings trips");
    // Without a key, the rows of each file stand side by side; with one, the later file wins.
    assert_eq!(
        days.core("pings"),
        "1 10 pings-1.csv, 2 20 pings-1.csv, 2 21 pings-2.csv, 3 30 pings-2.csv"
    );
    assert_eq!(
        days.core("trips"),
        "1 10 trips-1.csv, 2 21 trips-2.csv, 3 30 trips-2.csv"
    );
    for source in ["pings", "trips"] {
        days.write(&format!("{source}-1.csv"), &["1,11", "4,40"]);
        assert_eq!(
            days.load(source),
            [
                format!("{source}-2.csv unchanged 2"),
                format!("{source}-1.csv published 2")
            ]
        );
    }
    assert_eq!(
        days.core("pings"),
        "1 11 pings-1.csv, 2 21 pings-2.csv, 3 30 pings-2.csv, 4 40 pings-1.csv"
    );
    assert_eq!(
        days.core("trips"),
        "1 11 trips-1.csv, 2 21 trips-2.csv, 3 30 trips-2.csv, 4 40 trips-1.csv"
    );
    // A rollback brings the older bytes back.
    for source in ["pings", "trips"] {
        days.elt(&format!("rollback {source}")).run().ok();
    }
    assert_eq!(
        days.core("pings"),
        "1 10 pings-1.csv, 2 20 pings-1.csv, 2 21 pings-2.csv, 3 30 pings-2.csv"
    );
    assert_eq!(
        days.core("trips"),
        "1 10 trips-1.csv, 2 21 trips-2.csv, 3 30 trips-2.csv"
    );
}

#[test]
fn a_rollback_after_a_file_came_again_keeps_the_order_of_the_files() {
    let days = Days::new();
    days.database.run("update elt.source set keep_loads = 10");
    days.write("trips-1.csv", &["1,10"]);
    days.write("trips-2.csv", &["1,20"]);
    days.write("trips-3.csv", &["3,30"]);
    days.load("trips");
    days.write("trips-1.csv", &["1,11"]);
    days.load("trips");
    assert_eq!(days.core("trips"), "1 11 trips-1.csv, 3 30 trips-3.csv");
    for core in [
        "1 20 trips-2.csv, 3 30 trips-3.csv",
        "1 20 trips-2.csv",
        "1 10 trips-1.csv",
    ] {
        days.elt("rollback trips").run().ok();
        assert_eq!(days.core("trips"), core);
    }
    days.elt("rollback trips").run().exits_with(1);
}

#[test]
fn a_rollback_brings_back_the_bytes_of_the_only_file() {
    let days = Days::new();
    for source in ["pings", "trips"] {
        for value in [10, 11] {
            days.write(&format!("{source}-1.csv"), &[&format!("1,{value}")]);
            days.load(source);
        }
        let status = days.elt("status").run().ok().stdout;
        assert!(!status.contains("--to"), "{status}");
        days.elt(&format!("rollback {source}")).run().ok();
        assert_eq!(days.core(source), format!("1 10 {source}-1.csv"));
        days.elt(&format!("rollback {source}")).run().exits_with(1);
    }
}

#[test]
fn a_rollback_to_a_load_brings_back_the_bytes_of_that_time() {
    let days = Days::new();
    days.database.run("update elt.source set keep_loads = 10");
    for source in ["pings", "trips"] {
        days.write(&format!("{source}-1.csv"), &["1,10"]);
        days.write(&format!("{source}-2.csv"), &["2,20"]);
        days.load(source);
        let second = days.database.number(&format!(
            "select max(load_id) from elt.load where source = '{source}'"
        ));
        for value in [11, 12] {
            days.write(&format!("{source}-1.csv"), &[&format!("1,{value}")]);
            days.load(source);
        }
        // The second load shares its partition with the first.
        days.elt(&format!("rollback {source} --to {second}"))
            .run()
            .ok();
        assert_eq!(
            days.core(source),
            format!("1 10 {source}-1.csv, 2 20 {source}-2.csv")
        );
        let live = format!("select load_id from elt.live_load where source = '{source}'");
        assert_eq!(days.database.number(&live), second);
    }
}

#[test]
fn all_files_of_a_replace_source_are_one_load() {
    let days = Days::new();
    days.write("stations-1.csv", &["1,Quay", "2,Mill"]);
    days.data
        .write("stations-2.csv", "\u{feff}name,station_id\r\nPort,3\r\n");
    assert_eq!(days.load("stations"), ["stations-*.csv published 3"]);
    let origins = "select string_agg(concat_ws(' ', name, regexp_replace(elt.origin(_load_id, _row), '^.*/', '')), '; ' order by station_id) \
                   from core.stations";
    assert_eq!(
        days.database.text(origins),
        "Quay stations-1.csv, line 2; Mill stations-1.csv, line 3; Port stations-2.csv, line 2"
    );
    assert_eq!(days.load("stations"), ["stations-*.csv unchanged 3"]);
    // One file that is gone, and one that is new.
    std::fs::remove_file(days.data.path().join("stations-1.csv")).unwrap();
    days.write("stations-3.csv", &["4,Hill"]);
    assert_eq!(days.load("stations"), ["stations-*.csv published 2"]);
    assert_eq!(
        days.database.text(origins),
        "Port stations-2.csv, line 2 (load 1); Hill stations-3.csv, line 2"
    );
    days.elt("rollback stations").run().ok();
    assert_eq!(
        days.database.number("select count(*) from core.stations"),
        3
    );
}

#[test]
fn rejects_of_one_of_several_files_are_found_and_corrected() {
    let days = Days::new();
    days.write("stations-1.csv", &["1,Quay", "2,Mill"]);
    days.write("stations-2.csv", &["3,Port", "4,Hill,x", "5,Dock"]);
    let loaded = days.loading("stations").run().ok().stdout;
    assert!(loaded.contains("stations-2.csv, line 3:"), "{loaded}");
    let origin =
        "select regexp_replace(elt.origin(load_id, row_number), '^.*/', '') from elt.reject";
    assert_eq!(days.database.text(origin), "stations-2.csv, line 3");
    let shown = days.elt("rejects stations").run().ok().stdout;
    assert!(shown.contains("stations-2.csv"), "{shown}");
    let out = days.data.path().join("bad");
    days.elt("rejects stations").path("--out", &out).run().ok();
    assert_eq!(days.data.read("bad"), "station_id,name\n4,Hill,x\n");
    days.data.write("bad", "station_id,name\n4,Hill\n");
    days.elt("load stations").path("--replay", &out).run().ok();
    assert_eq!(
        days.database.number("select count(*) from core.stations"),
        5
    );
    // The files are those of the corrected load too.
    assert_eq!(days.load("stations"), ["stations-*.csv unchanged 5"]);
    let first = "select regexp_replace(elt.origin(_load_id, _row), '^.*/', '') from core.stations where station_id = 5";
    assert_eq!(days.database.text(first), "stations-2.csv, line 4 (load 1)");
}

#[test]
fn one_bad_file_of_a_replace_source_leaves_all_as_they_were() {
    let days = Days::new();
    days.write("stations-1.csv", &["1,Quay"]);
    days.load("stations");
    days.write("stations-2.csv", &["2,Mill"]);
    days.data.write("stations-3.csv", "station_id\n3\n");
    let failed = days.loading("stations --keep-going").run().exits_with(1);
    failed.says(&["stations-3.csv", "lacks column \"name\""]);
    assert_eq!(days.core("stations"), "1 Quay stations-*.csv");
}

#[test]
fn a_purged_key_leaves_the_headers_of_all_files() {
    let days = Days::new();
    days.write("stations-1.csv", &["77,Quay"]);
    days.data
        .write("stations-2.csv", "station_id,name,77\n3,Port,x\n");
    days.load("stations");
    days.elt("purge key station_id=77 --yes").run().ok();
    assert_eq!(
        days.database.text(
            "select string_agg(array_to_string(header_columns, ' '), ', ') from elt.load_file"
        ),
        "station_id name"
    );
}
