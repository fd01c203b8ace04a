//! Objects of a bucket that a pattern matches, in every mode.

use super::line::Line;
use super::moto::Moto;
use crate::files::{Days, files};
use crate::support::Elt;

/// A source whose files are the objects of a pattern, and the address of the server.
struct Objects<'a> {
    days: Days,
    moto: &'a Moto,
    bucket: String,
    source: &'a str,
}

impl<'a> Objects<'a> {
    fn new(source: &'a str) -> Objects<'a> {
        let moto = Moto::shared();
        let objects = Objects {
            days: Days::new(),
            bucket: moto.bucket(),
            moto,
            source,
        };
        objects.days.database.run(&format!(
            "update elt.source set file = 's3://{}/in/**/{source}-*.csv' where source = '{source}'",
            objects.bucket
        ));
        objects
    }

    fn put(&self, key: &str, rows: &str) {
        let header = match self.source {
            "stations" => "station_id,name",
            "bikes" => "bike_id,station",
            "trips" => "trip_id,bike",
            _ => "bike_id,place",
        };
        let key = format!("in/{key}.csv");
        self.moto
            .put(&self.bucket, &key, format!("{header}\n{rows}").as_bytes());
    }

    fn loading(&self, endpoint: &str) -> Elt {
        let elt = self.days.elt(&format!("load {} --json", self.source));
        super::with_keys_of(elt, &self.source.to_uppercase(), endpoint)
    }

    fn load(&self) -> Vec<String> {
        files(&self.loading(&self.moto.endpoint()).run().ok().json())
    }

    fn rows(&self) -> i64 {
        let sql = format!("select count(*) from core.{}", self.source);
        self.days.database.number(&sql)
    }
}

#[test]
fn each_object_of_an_append_or_merge_source_is_a_load() {
    for (source, rows) in [("pings", 4), ("trips", 3), ("bikes", 3)] {
        let objects = Objects::new(source);
        objects.put(&format!("2026/{source}-2"), "2,Mill\n3,Mill\n");
        objects.put(&format!("{source}-1"), "1,Quay\n2,Quay\n");
        objects.put(&format!("2026/other-{source}"), "9,Port\n");
        assert_eq!(
            objects.load(),
            [
                format!("{source}-2.csv published 2"),
                format!("{source}-1.csv published 2")
            ],
            "in the order of the keys"
        );
        assert_eq!(objects.rows(), rows);
        // Objects that are live are listed, and not read.
        objects.put(&format!("{source}-3"), "7,Dock\n");
        let line = Line::to(&objects.moto.address, |_| None);
        objects.loading(&line.endpoint()).run().ok();
        assert_eq!(objects.rows(), rows + 1);
        let read = line
            .heads()
            .iter()
            .filter(|head| head.contains("/in/"))
            .count();
        assert_eq!(read, 1, "{:?}", line.heads());
        let origin = format!(
            "select elt.origin(_load_id, _row) from core.{source} order by _load_id desc limit 1"
        );
        assert_eq!(
            objects.days.database.text(&origin),
            format!("s3://{}/in/{source}-3.csv, line 2", objects.bucket)
        );
        // An object that comes again with new bytes.
        objects.put(&format!("{source}-3"), "7,Quay\n8,Quay\n");
        objects.load();
        assert_eq!(objects.rows(), rows + 2);
    }
}

#[test]
fn all_objects_of_a_replace_source_are_one_load() {
    let objects = Objects::new("stations");
    objects.put("stations-1", "1,Quay\n");
    objects.put("stations-2", "2,Mill\n3,Mill\n");
    assert_eq!(objects.load(), ["stations-*.csv published 3"]);
    assert_eq!(objects.load(), ["stations-*.csv unchanged 3"]);
    let origins = "select string_agg(regexp_replace(elt.origin(_load_id, _row), '^.*/', ''), '; ' order by station_id) from core.stations";
    assert_eq!(
        objects.days.database.text(origins),
        "stations-1.csv, line 2; stations-2.csv, line 2; stations-2.csv, line 3"
    );
    objects.put("stations-1", "4,Port\n");
    assert_eq!(objects.load(), ["stations-*.csv published 3"]);
}

#[test]
fn a_pattern_without_objects_is_an_error() {
    let objects = Objects::new("pings");
    let refused = objects
        .loading(&objects.moto.endpoint())
        .run()
        .exits_with(1);
    refused.says(&["of source \"pings\" matches no object"]);
}

#[test]
fn a_project_for_the_objects_of_a_pattern_loads_all_of_them() {
    let objects = Objects::new("pings");
    objects.put("2026/pings-1", "1,Quay\n");
    objects.put("2026/pings-2", "1,Mill\n2,Mill\n");
    let folder = crate::support::Folder::new();
    let project = folder.path().join("shop");
    let keys = |elt: Elt| super::with_keys_of(elt, "PINGS", &objects.moto.endpoint());
    let from = |pattern: &str| {
        let init = Elt::bare()
            .args(["init"])
            .args([&project])
            .args(["--mode", "append", "--no-key"]);
        keys(init.args(["--from", &format!("s3://{}/{pattern}", objects.bucket)])).run()
    };
    from("out/pings-*.csv")
        .exits_with(1)
        .says(&["matches no object"]);
    from("in/*/pings-*.csv")
        .ok()
        .says(&["the largest of 2 files, in/2026/pings-2.csv"]);
    let database = crate::support::Database::with_engine();
    keys(database.elt_with(&project, &["load", "--migrate"]))
        .run()
        .ok();
    assert_eq!(database.number("select count(*) from core.pings"), 3);
}
