//! `elt diff`: two loads of a source, by the keys of the core tables; and exports between two publishes.

mod exports;
mod lines;
mod sequences;

use crate::support::Bikes;
use serde_json::{Value, json};

impl Bikes {
    fn diff(&self, line: &str) -> Value {
        self.elt(&format!("diff {line} --json")).run().ok().json()
    }

    /// The difference of the source's only table.
    fn rows(&self, line: &str) -> Value {
        self.diff(line)["tables"][0]["rows"].clone()
    }

    fn origin(&self, source: &str, line: u32) -> String {
        format!("{}/{source}.csv, line {line}", self.data.path().display())
    }
}

fn counts(rows: &Value) -> [Option<i64>; 3] {
    ["rows_added", "rows_removed", "rows_changed"].map(|kind| rows[kind].as_i64())
}

#[test]
fn rows_of_a_key_are_added_removed_and_changed() {
    let bikes = Bikes::new();
    let one = bikes.load("stations", &["1,north", "2,south", "3,east"]);
    let two = bikes.load("stations", &["2,south", "3,EAST", "4,west"]);
    let found = bikes.diff("stations");
    assert_eq!(found["from"]["load_id"], one);
    assert_eq!(found["to"]["load_id"], two);
    assert_eq!(found["to"]["state"], "live");
    assert_eq!(found["tables"].as_array().unwrap().len(), 1);
    assert_eq!(found["tables"][0]["table"], "core.stations");
    let earlier = |line| format!("{} (load {one})", bikes.origin("stations", line));
    let rows = &found["tables"][0]["rows"];
    assert_eq!(rows["compared_by"], json!(["station_id"]));
    assert_eq!(counts(rows), [Some(1), Some(1), Some(1)]);
    assert_eq!(
        rows["changed"],
        json!([{
            "key": { "station_id": 3 },
            "columns": { "name": { "before": "east", "after": "EAST" } },
            "origin": { "before": earlier(4), "after": bikes.origin("stations", 3) },
        }])
    );
    assert_eq!(rows["added"][0]["name"], "west");
    assert_eq!(rows["added"][0]["origin"], bikes.origin("stations", 4));
    assert_eq!(rows["removed"][0]["origin"], earlier(2));
    // In the other direction, and against the live load.
    assert_eq!(
        bikes.rows(&format!("stations {two} {one}"))["added"][0]["name"],
        "north"
    );
    assert_eq!(
        bikes.rows(&format!("stations {one}"))["added"],
        rows["added"]
    );
    let limited = bikes.rows(&format!("stations {one} {two} --rows 0"));
    assert_eq!(
        (&limited["added"], &limited["rows_added"]),
        (&json!([]), &json!(1))
    );
    let text = bikes.elt("diff stations").run().ok().stdout;
    for part in [
        format!("before   load {one} (published), 20"),
        "core.stations: 3 rows before, 3 rows after\nadded    1\n".into(),
        format!(
            "station_id  column  before  after  origin before{}origin after\n",
            " ".repeat(earlier(4).len() - "origin before".len() + 2)
        ),
        "3           name    east    EAST   ".into(),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
}

#[test]
fn without_a_key_rows_are_added_and_removed_as_often_as_they_differ() {
    let bikes = Bikes::new();
    bikes.load("pings", &["1,a", "1,a", "2,b"]);
    bikes.load("pings", &["2,b", "1,a", "2,b", "2,b", "3,c"]);
    let rows = bikes.rows("pings");
    assert_eq!(rows["compared_by"], Value::Null);
    assert_eq!(counts(&rows), [Some(3), Some(1), None]);
    assert_eq!(rows["removed"][0]["bike_id"], 1);
    let added = rows["added"].as_array().unwrap();
    assert_eq!(added.len(), 3);
    assert_eq!(added[2]["origin"], bikes.origin("pings", 6));
}

/// Of a source of mode merge or append, core has the rows of all loads. The loads themselves are compared.
#[test]
fn two_loads_are_compared_and_not_what_core_has() {
    let bikes = Bikes::new();
    let one = bikes.load("bikes", &["1,north", "2,north"]);
    let two = bikes.load("bikes", &["2,south"]);
    let three = bikes.load("bikes", &["2,south", "3,east"]);
    assert_eq!(counts(&bikes.rows("bikes")), [Some(1), Some(0), Some(0)]);
    let rows = bikes.rows(&format!("bikes {one} {two}"));
    assert_eq!(counts(&rows), [Some(0), Some(1), Some(1)]);
    assert_eq!(rows["changed"][0]["columns"]["station"]["after"], "south");
    assert_eq!(
        counts(&bikes.rows(&format!("bikes {three} {one}"))),
        [Some(1), Some(1), Some(1)]
    );
    bikes.load("trips", &["1,a"]);
    bikes.load("trips", &["1,b", "2,a"]);
    assert_eq!(counts(&bikes.rows("trips")), [Some(1), Some(0), Some(1)]);
    // Nothing is left, and readers see what they saw.
    for left in [
        "select count(*) from elt.live_override",
        "select count(*) from pg_class where relname in ('elt_before', 'elt_after', 'elt_difference')",
    ] {
        assert_eq!(bikes.database.number(left), 0, "{left}");
    }
    let core = "select string_agg(station, ' ' order by bike_id) from core.bikes";
    assert_eq!(bikes.database.text(core), "north south east");
}

#[test]
fn loads_with_the_same_rows_do_not_differ() {
    let bikes = Bikes::new();
    let rows = ["1,north", "2,\"so,\"\"uth\""];
    for source in ["stations", "pings"] {
        let one = bikes.load(source, &rows);
        bikes.load(source, &rows);
        let found = bikes.rows(source);
        assert_eq!(
            (found["rows_added"].as_i64(), found["rows_removed"].as_i64()),
            (Some(0), Some(0))
        );
        let text = bikes.elt(&format!("diff {source} {one}")).run().ok().stdout;
        assert!(text.contains("added    0\nremoved  0\n"), "{text}");
        assert!(!text.contains("first rows"), "{text}");
    }
}

/// Both loads are read with the core query of today, whatever it was when they were published.
#[test]
fn a_changed_type_is_that_of_both_loads() {
    let bikes = Bikes::new();
    bikes.load("pings", &["1,7", "2,8"]);
    bikes.load("pings", &["1,07", "2,9"]);
    assert_eq!(counts(&bikes.rows("pings"))[0], Some(2));
    bikes.project.replace(
        "sql/core/incoming_pings.sql",
        "elt.text_value(staged.place) as place",
        "elt.bigint_value(staged.place) as place",
    );
    bikes.project.write(
        "migrations/V0002__retype_place.sql",
        "-- what:   places are numbers\n-- why:    a test\n-- locks:  all\n-- time:   instant\n-- undo:   none\n\
         set local lock_timeout = '2s';\nset local statement_timeout = '30s';\n\
         drop view quality.rows_nowhere;\ndrop view quality.pings_from_nowhere;\ndrop view core.incoming_pings;\n\
         alter table core.pings alter column place type bigint using place::bigint;\n",
    );
    bikes.project.replace(
        "sql/quality/rows_nowhere.sql",
        "        place\n    from core.incoming_pings",
        "        place::text\n    from core.incoming_pings",
    );
    bikes.elt("migrate").run().ok();
    let rows = bikes.rows("pings");
    assert_eq!(counts(&rows)[..2], [Some(1), Some(1)]);
    assert_eq!(rows["added"][0]["place"], 9);
}

#[test]
fn a_refused_load_can_be_compared_and_others_are_refused_with_a_list() {
    let bikes = Bikes::new();
    let alone = bikes.elt("diff stations").run().exits_with(1);
    alone.says(&["has no live load in staging", "elt --project"]);
    let first = bikes.load("stations", &["1,north"]);
    let alone = bikes.elt("diff stations").run().exits_with(1);
    alone.says(&[
        &format!("has no load before load {first} whose rows are in staging"),
        &format!("Loads that can be compared: {first} (live)."),
    ]);
    let live = bikes.load("stations", &["1,north", "2,south"]);
    // A rule of level error refuses it.
    bikes
        .file("stations", &["1,nowhere", "3,x"])
        .run()
        .exits_with(3);
    let latest = "select max(load_id) from elt.load";
    let refused = bikes.database.number(latest);
    let rows = bikes.rows(&format!("stations {live} {refused}"));
    assert_eq!(counts(&rows), [Some(1), Some(1), Some(1)]);
    bikes.data.write("stations.csv", "no header\n");
    let failing = bikes.elt("load stations").path("--data", bikes.data.path());
    failing.run().exits_with(1);
    let failed = bikes.database.number(latest);
    let other = bikes.load("pings", &["1,a"]);
    let list = format!(
        "Loads that can be compared: {refused} (refused), {live} (live), {first} (published)."
    );
    for (line, code, problem) in [
        (
            format!("stations {failed}"),
            1,
            format!("cannot compare load {failed}: it was not completed: its state is failed"),
        ),
        (
            format!("stations {first} {other}"),
            2,
            format!("cannot compare load {other}: it belongs to source \"pings\""),
        ),
        (
            format!("stations {first} 999"),
            2,
            "there is no load 999".into(),
        ),
        (
            format!("stations {live}"),
            2,
            format!("load {live} is the live load"),
        ),
    ] {
        let outcome = bikes.elt(&format!("diff {line}")).run().exits_with(code);
        outcome.says(&[&problem, &list]);
    }
    for (line, problem) in [
        ("station 1", "there is no source \"station\""),
        ("stations one", "\"one\" is not the number of a load"),
        ("--export x one", "\"one\" is not the number of a publish"),
        ("--export x", "there is no export \"x\""),
        ("--export x 1 2 3", "\"3\" is a third"),
        ("stations 1 2 --out - --json", "cannot be used with --json"),
    ] {
        bikes
            .elt(&format!("diff {line}"))
            .run()
            .exits_with(2)
            .says(&[problem]);
    }
    // Its rows leave staging.
    bikes.database.run("update elt.source set keep_loads = 1");
    bikes.elt("gc").run().ok();
    let outcome = bikes
        .elt(&format!("diff stations {first}"))
        .run()
        .exits_with(1);
    outcome.says(&[&format!(
        "cannot compare load {first}: it is no longer in staging"
    )]);
}
