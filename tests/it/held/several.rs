//! Several held loads, results that cannot be computed, and unusual names. `tests/projects/bikes` has a source of each
//! mode.

use super::{relation, shows};
use crate::support::{Bikes, Database, Home, Outcome};
use serde_json::json;

impl Bikes {
    /// Runs a load from the folder of the files.
    fn loads(&self, line: &str) -> Outcome {
        self.loading(line).run()
    }

    fn values(&self, table: &str) -> String {
        self.database.text(&format!(
            "select coalesce(string_agg(concat_ws(' ', kept.a, kept.b), ', ' order by kept.a, kept.b), '') \
             from (select * from core.{table}) as kept (a, b, c, d)"
        ))
    }
}

#[test]
fn two_versions_of_a_file_are_not_published_together() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set file = source || '*.csv' where source in ('pings', 'trips')");
    bikes.data.write("pings1.csv", "bike_id,place\n1,Quay\n");
    bikes.loads("pings --hold").ok();
    bikes
        .data
        .write("pings1.csv", "bike_id,place\n1,Quay\n2,Mill\n");
    bikes.loads("pings --hold").ok();
    bikes.elt("publish 1 2").run().exits_with(2).says(&[
        "loads 1 and 2 hold versions of the same data",
        "elt",
        "discard 1",
    ]);
    bikes.elt("publish 1").run().ok();
    bikes.elt("publish 2").run().ok();
    assert_eq!(bikes.values("pings"), "1 Quay, 2 Mill");
    for rows in ["1,Quay", "1,Mill"] {
        bikes
            .data
            .write("stations.csv", format!("station_id,name\n{rows}\n"));
        bikes.loads("stations --hold").ok();
    }
    bikes
        .elt("publish 3 4")
        .run()
        .exits_with(2)
        .says(&["loads 3 and 4 hold versions of the same data"]);
    assert_eq!(bikes.values("stations"), "");
}

#[test]
fn a_held_correction_of_an_older_file_can_be_published() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set file = 'trips*.csv' where source = 'trips'");
    bikes.data.write("trips1.csv", "trip_id,bike\n1,1\n");
    bikes.loads("trips").ok();
    bikes.data.write("trips1.csv", "trip_id,bike\n1,5\n");
    bikes.loads("trips --hold").ok();
    std::fs::remove_file(bikes.data.path().join("trips1.csv")).unwrap();
    bikes.data.write("trips2.csv", "trip_id,bike\n2,2\n");
    bikes.loads("trips").ok();
    bikes.elt("publish 2").run().ok();
    assert_eq!(bikes.values("trips"), "1 5, 2 2");
}

#[test]
fn rejects_are_corrected_by_one_load() {
    let bikes = Bikes::new();
    bikes.data.write(
        "pings.csv",
        "bike_id,place\n1,Quay\n2,Quay\n3\n4,Quay\n5,Quay\n6,Quay\n",
    );
    bikes.loads("pings --max-rejects 1").ok();
    let corrected = bikes.data.write("corrected.csv", "bike_id,place\n3,Mill\n");
    let replay = |line: &str| bikes.elt(line).path("--replay", &corrected).run();
    replay("load 1 --hold").ok();
    for line in ["load 1 --hold", "load 1"] {
        replay(line).exits_with(2).says(&[
            "load 2 of source \"pings\" corrects these rejects, and is held",
            "publish 2",
        ]);
    }
    bikes.elt("publish 2").run().ok();
    assert!(bikes.values("pings").contains("3 Mill"));
    assert_eq!(
        bikes
            .database
            .number("select count(*) from core.pings where bike_id = 3"),
        1
    );
}

#[test]
fn nothing_is_live_if_a_held_load_beside_it_is_refused() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set hold = true where source = 'stations'");
    bikes.write("stations", &["1,nowhere"]);
    bikes.data.write("bikes.csv", "bike_id,station\n1,Quay\n");
    bikes
        .loads("stations bikes")
        .exits_with(3)
        .says(&["refused by \"rows_nowhere\"", "Nothing was changed."]);
    assert_eq!(bikes.values("bikes"), "");
    assert_eq!(
        bikes
            .database
            .text("select string_agg(state, ', ' order by load_id) from elt.load"),
        "failed, refused"
    );
}

#[test]
fn a_preview_stays_until_the_last_of_its_loads_is_decided() {
    let bikes = Bikes::new();
    bikes.write("stations", &["1,Quay"]);
    bikes.data.write("bikes.csv", "bike_id,station\n1,Quay\n");
    bikes.loads("stations bikes --hold").ok();
    let previews = "select count(*) from elt.preview";
    bikes.elt("publish 1").run().ok();
    assert_eq!(bikes.database.number(previews), 1);
    bikes.elt("discard 2").run().ok();
    assert_eq!(bikes.database.number(previews), 0);
}

#[test]
fn a_result_that_cannot_be_computed_is_reported() {
    let bikes = Bikes::new();
    bikes.database.run(
        "create or replace view public.bikes_by_station as select stations.name as station, \
         (1 / (stations.station_id - 2))::bigint as bike_count from core.stations",
    );
    bikes.write("stations", &["1,Quay"]);
    bikes.loads("stations").ok();
    bikes.write("stations", &["1,Quay", "2,Mill"]);
    let report = bikes.loads("stations --dry-run --json").ok().json();
    let mart = relation(&report, "public.bikes_by_station");
    assert_eq!(mart["problem"], "division by zero");
    assert_eq!(relation(&report, "core.stations")["rows_added"], 1);
    let outcome = bikes.loads("stations --dry-run --quiet").ok();
    let text =
        "not compared, because it cannot be computed: public.bikes_by_station: division by zero";
    shows(&outcome, &[text, "dry run: nothing was changed"]);
}

#[test]
fn any_name_and_any_number_is_compared() {
    let bikes = Bikes::new();
    bikes.database.run(
        "drop view public.bikes_by_station; \
         create view public.bikes_by_station as select stations.station_id as place, \
         stations.name as own, 'a' as theirs, true as is_there, 'b' as kind, 1 as copies, 'c' as content, \
         stations.station_id as \"Select \"\"it\"\"\", 12345678901234567890.10 + stations.station_id as exact \
         from core.stations; \
         update elt.view_version set header = header || '{\"grain\": \"one row per place: (place)\"}' \
         where name = 'public.bikes_by_station'",
    );
    bikes.write("stations", &["1,Quay", "3,Pier"]);
    bikes.loads("stations").ok();
    bikes.write("stations", &["1,Mill", "2,Lake"]);
    let report = bikes.loads("stations --dry-run --json").ok().json();
    let mart = relation(&report, "public.bikes_by_station");
    assert_eq!(mart["problem"], json!(null), "{mart:#}");
    assert_eq!(mart["compared_by"], json!(["place"]));
    let counts = ["rows_added", "rows_removed", "rows_changed"].map(|name| mart[name].as_i64());
    assert_eq!(counts, [Some(1), Some(1), Some(1)]);
    assert_eq!(mart["added"][0]["own"], "Lake");
    assert_eq!(mart["added"][0]["exact"], "12345678901234567892.10");
    assert_eq!(mart["removed"][0]["Select \"it\""], 3);
    assert_eq!(
        mart["changed"][0]["columns"]["own"],
        json!({"before": "Quay", "after": "Mill"})
    );
    assert_eq!(mart["columns_changed"], json!({"own": 1}));
}

#[test]
fn the_exit_code_of_files_that_fail_is_reported() {
    let bikes = Bikes::new();
    bikes
        .database
        .run("update elt.source set file = 'pings*.csv' where source = 'pings'");
    bikes.data.write("pings1.csv", "bike_id,place\n1,Quay\n");
    bikes.data.write("pings2.csv", "other\n");
    let outcome = bikes.loads("pings --keep-going --dry-run --json");
    let loaded = bikes.loads("pings --keep-going --json");
    assert_eq!(outcome.code, loaded.code);
    let code = &outcome.json()["load"]["preview"]["exit_code"];
    assert_eq!(code.as_i64(), loaded.code.map(i64::from));
    assert_ne!(loaded.code, Some(0));
}

#[test]
fn what_is_compared_is_chosen_only_with_a_comparison() {
    let bikes = Bikes::new();
    bikes.write("stations", &["1,Quay"]);
    for line in ["stations --rows 3", "stations --core-only"] {
        bikes
            .loads(line)
            .exits_with(2)
            .says(&["need --dry-run or --hold"]);
    }
    assert_eq!(bikes.values("stations"), "");
}

#[test]
fn maintenance_of_a_table_stops_no_other_publish() {
    let bikes = Bikes::new();
    bikes.write("stations", &["1,Quay"]);
    bikes.loads("stations").ok();
    bikes.write("stations", &["2,Mill"]);
    bikes.data.write("bikes.csv", "bike_id,station\n1,Quay\n");
    // As analyze does.
    let held = bikes
        .database
        .hold("core.stations in share update exclusive mode");
    let dry_run = bikes
        .elt("load stations --dry-run")
        .path("--data", bikes.data.path())
        .start();
    crate::support::wait_until("the dry run to wait", || {
        bikes.database.has_waiting_session()
    });
    bikes.loads("bikes").ok();
    held.release();
    dry_run.finish().ok();
    assert_eq!(bikes.values("stations"), "1 Quay");
}

#[test]
fn roles_that_load_cannot_call_the_parts_of_a_preview() {
    // Roles belong to the whole server.
    let home = Home::started();
    let database = Database::in_home(&home);
    database.elt().args(["migrate"]).run().ok();
    database.elt().args(["grants", "--yes"]).run().ok();
    let mut client = database.connect();
    client.batch_execute("set role elt_load").unwrap();
    for call in [
        "elt.begin_preview('{1}', true)",
        "elt.read_preview(1, 5)",
        "elt.count_preview(1, 'core.offices', null, true, 5)",
        "elt.keep_result('mart', 'a', 'core.offices', 'b')",
    ] {
        let error = client.batch_execute(&format!("select {call}")).unwrap_err();
        let error = error.as_db_error().unwrap().message().to_string();
        assert!(error.starts_with("permission denied"), "{call}: {error}");
    }
    // Tables that a preview makes are not taken from the caller.
    client
        .batch_execute("create temporary table elt_previewed (number bigint, layer text, name text, key text[], method text)")
        .unwrap();
    let error = client
        .batch_execute("select elt.preview_loads('{1}', true, 5, 'x')")
        .unwrap_err();
    assert_eq!(error.code().unwrap().code(), "42P07");
}
