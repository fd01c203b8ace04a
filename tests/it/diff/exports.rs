//! `elt diff --export`: an export with the rows of two publishes.

use super::{Bikes, counts};
use serde_json::{Value, json};

/// An export of a view that has the name of a core table, and one of bikes by station.
fn with_exports() -> Bikes {
    let bikes = Bikes::new();
    for (file, text) in [
        (
            "sql/mart/stations.sql",
            "-- grain:    one row per station\n-- reads:    core.stations\n\
             create or replace view public.stations as\nselect stations.name, stations.station_id from core.stations;\n",
        ),
        (
            "sql/export/stations.sql",
            "-- grain:    one row per (station_id)\n-- reads:    public.stations\n\
             select stations.station_id, stations.name from public.stations order by station_id;\n",
        ),
        (
            "sql/export/counts.sql",
            "-- grain:    one row per (station)\n-- reads:    public.bikes_by_station, public.stations\n\
             select bikes_by_station.station, bikes_by_station.bike_count from public.bikes_by_station\n\
             inner join public.stations on bikes_by_station.station = stations.name order by 1;\n",
        ),
        (
            "sql/export/pings.sql",
            "-- grain:    one row per ping\n-- reads:    core.pings\nselect pings.* from core.pings;\n",
        ),
    ] {
        bikes.project.write(file, text);
    }
    bikes.elt("migrate").run().ok();
    bikes
}

fn publish(bikes: &Bikes) -> i64 {
    bikes
        .database
        .number("select max(publish_id) from elt.publish where state = 'published'")
}

#[test]
fn an_export_is_compared_with_what_it_was() {
    let bikes = with_exports();
    bikes.load("stations", &["1,north", "2,south"]);
    let early = publish(&bikes);
    bikes.load("bikes", &["1,north", "2,north"]);
    bikes.load("bikes", &["2,south", "3,south"]);
    let before = publish(&bikes);
    // It does not change the export.
    bikes.load("pings", &["1,a"]);
    let found = bikes.diff("--export counts");
    assert_eq!(found["from"]["publish_id"], before - 1);
    assert_eq!(found["to"]["publish_id"], publish(&bikes));
    let rows = &found["rows"];
    assert_eq!(rows["compared_by"], json!(["station"]));
    assert_eq!(counts(rows), [Some(0), Some(0), Some(2)]);
    assert_eq!(
        rows["changed"][1],
        json!({ "key": { "station": "south" }, "columns": { "bike_count": { "before": "0", "after": "2" } } })
    );
    let earlier = bikes.diff(&format!("--export counts {early}"));
    assert_eq!(
        earlier["rows"]["changed"][0]["columns"]["bike_count"]["before"],
        "0"
    );
    bikes.load("stations", &["1,north", "3,SOUTH"]);
    let rows = bikes.diff(&format!("--export counts {early} {before}"))["rows"].clone();
    assert_eq!(counts(&rows), [Some(0), Some(0), Some(2)]);
    let rows = bikes.diff(&format!("--export counts {before}"))["rows"].clone();
    assert_eq!(counts(&rows), [Some(1), Some(1), Some(0)]);
    let rows = bikes.diff("--export stations")["rows"].clone();
    assert_eq!(counts(&rows), [Some(1), Some(1), Some(0)]);
    // A rollback is a publish, and what it undid can be compared.
    let undone = publish(&bikes);
    bikes.elt("rollback bikes").run().ok();
    let rows = bikes.diff("--export counts")["rows"].clone();
    assert_eq!(counts(&rows), [Some(0), Some(0), Some(1)]);
    let rows = bikes.diff(&format!("--export counts {undone} {}", publish(&bikes)))["rows"].clone();
    assert_eq!(
        rows["changed"][0]["columns"]["bike_count"],
        json!({ "before": "1", "after": "2" })
    );
    let text = bikes.elt("diff --export stations").run().ok().stdout;
    for part in [
        "before   publish ",
        "(load), 20",
        "(rollback, live), 20",
        "\nstations: 2 rows before, 2 rows after\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    // Without a key in its grain, and with origins.
    bikes.load("pings", &["1,a", "2,b"]);
    let rows = bikes.diff("--export pings")["rows"].clone();
    assert_eq!(counts(&rows), [Some(2), Some(0), None]);
    assert_eq!(rows["added"][1]["origin"], bikes.origin("pings", 3));
    let lines = bikes
        .elt("diff --export stations --out -")
        .run()
        .ok()
        .stdout;
    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(
        lines.contains("export.stations,added,1,3,name,,SOUTH,,\n"),
        "{lines}"
    );
    for left in [
        "elt.live_override",
        "pg_class where relname like 'elt\\_before%'",
    ] {
        assert_eq!(
            bikes
                .database
                .number(&format!("select count(*) from {left}")),
            0,
            "{left}"
        );
    }
}

#[test]
fn a_publish_beyond_staging_is_refused_with_the_first_that_can_be_compared() {
    let bikes = with_exports();
    let nothing = bikes.elt("diff --export counts").run().exits_with(1);
    nothing.says(&["nothing was published yet"]);
    bikes.load("stations", &["1,north"]);
    let first = publish(&bikes);
    let alone = bikes.elt("diff --export counts").run().exits_with(1);
    alone.says(&["export \"counts\" has not changed since the first publish that can be compared"]);
    bikes.file("stations", &["1,nowhere"]).run().exits_with(3);
    let refused = bikes
        .database
        .number("select max(publish_id) from elt.publish");
    bikes.load("stations", &["1,north", "2,south"]);
    bikes.load("stations", &["2,south"]);
    let third = publish(&bikes);
    bikes.database.run("update elt.source set keep_loads = 2");
    bikes.elt("gc").run().ok();
    let reach = format!("Comparing is possible from publish {} on.", third - 1);
    for (line, code, problem) in [
        (
            format!("{first}"),
            1,
            format!("cannot compute core.stations as of publish {first}: load "),
        ),
        (
            format!("{refused}"),
            2,
            format!("publish {refused} was refused: no reader saw its rows"),
        ),
        ("99".into(), 2, "there is no publish 99".into()),
    ] {
        let outcome = bikes.elt(&format!("diff --export stations {line}")).run();
        outcome.exits_with(code).says(&[&problem, &reach]);
    }
    assert_eq!(
        counts(&bikes.diff("--export stations")["rows"]),
        [Some(0), Some(1), Some(0)]
    );
    // Which loads were live is recorded since the migration that created the table.
    bikes.database.run(&format!(
        "delete from elt.publish_load where publish_id < {third}"
    ));
    let outcome = bikes
        .elt(&format!("diff --export stations {}", third - 1))
        .run();
    outcome.exits_with(1).says(&["was not recorded"]);
}

#[test]
fn an_export_of_nothing_that_changed_has_no_difference() {
    let bikes = with_exports();
    bikes.load("stations", &["1,north"]);
    let one = publish(&bikes);
    bikes.load("pings", &["1,a"]);
    let rows = bikes.diff(&format!("--export stations {one} {}", publish(&bikes)))["rows"].clone();
    assert_eq!(counts(&rows), [Some(0), Some(0), Some(0)]);
    assert_eq!(rows["key_problem"], Value::Null);
}
