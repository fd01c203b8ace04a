//! Whether sources have new data as often, and as many rows, as expected: in `elt check --freshness`, `elt status` and
//! `elt doctor`. Time passes by moving the times of loads back. (`/metrics` and the first page: web/freshness.rs)

mod arrivals;

use crate::support::{Database, Elt, Folder};
use serde_json::Value;

const SOURCE: &str = "appointments";

struct Ground {
    database: Database,
    data: Folder,
}

impl Ground {
    fn new() -> Ground {
        Ground {
            database: Database::new(),
            data: Folder::with_other_data(),
        }
    }

    /// `expected_every = '1 day'`, for example.
    fn expect(&self, setting: &str) {
        self.database.run(&format!(
            "update elt.source set {setting} where source = '{SOURCE}'"
        ));
    }

    fn elt(&self, line: &str) -> Elt {
        self.database.elt().args(line.split_whitespace())
    }

    fn load(&self, line: &str) {
        self.elt(line).path("--data", self.data.path()).run().ok();
    }

    fn pass(&self, time: &str) {
        pass(&self.database, time);
    }

    /// Late, outside, and the state in words.
    fn state(&self) -> (bool, bool, String) {
        let sql = format!(
            "select is_late, is_outside, state_in_words from elt.source_freshness where source = '{SOURCE}'"
        );
        let row = self.database.connect().query_one(&sql, &[]).unwrap();
        (row.get(0), row.get(1), row.get(2))
    }

    fn is_late(&self) -> bool {
        self.state().0
    }
}

/// Lets time pass for all loads, also for the times at which files arrived again.
fn pass(database: &Database, time: &str) {
    database.run(&format!(
        "update elt.load set started_at = started_at - interval '{time}', \
         staged_at = staged_at - interval '{time}', finished_at = finished_at - interval '{time}', \
         confirmed_at = confirmed_at - interval '{time}'"
    ));
}

/// The source in a document of `elt check --freshness` or `elt status`.
fn source(document: &Value) -> &Value {
    let sources = document["sources"].as_array().unwrap();
    sources
        .iter()
        .find(|each| each["source"] == SOURCE)
        .unwrap()
}

#[test]
fn a_source_whose_data_is_older_than_expected_is_late() {
    let ground = Ground::new();
    ground.load("load");
    let outcome = ground.elt("check --freshness").run().ok();
    assert!(
        outcome.stdout.contains("No source has an expectation"),
        "{}",
        outcome.stdout
    );
    assert_eq!(ground.state(), (false, false, "nothing is expected".into()));
    ground.expect("expected_every = '1 day'");
    assert_eq!(ground.state(), (false, false, "as expected".into()));
    ground.elt("check --freshness").run().ok();
    ground.pass("23 hours 59 minutes");
    assert!(!ground.is_late());
    ground.pass("3 hours 2 minutes 20 seconds");
    assert_eq!(ground.state(), (true, false, "late by 3 h 1 min".into()));
    let outcome = ground.elt("check --freshness").run().exits_with(3).says(&[
        "1 source is late",
        "\"appointments\": late by 3 h 1 min",
        "elt load appointments",
    ]);
    let line = outcome
        .stdout
        .lines()
        .find(|line| line.contains(SOURCE))
        .unwrap();
    for text in ["1 d ago", "every 1 d", "late by 3 h 1 min"] {
        assert!(line.contains(text), "{line}");
    }
    let document = ground
        .elt("check --freshness --json")
        .run()
        .exits_with(3)
        .json();
    assert_eq!(document["exit_code"], 3);
    let found = source(&document);
    assert_eq!(
        (&found["is_late"], &found["is_outside"]),
        (&true.into(), &false.into())
    );
    assert_eq!(found["expected_every_seconds"], 86_400.0);
    let late_by = found["late_by_seconds"].as_f64().unwrap();
    assert!((10_880.0..11_400.0).contains(&late_by), "{late_by}");
    // Rules are not run.
    assert!(document.get("rules").is_none());
    let status = ground.elt("status").run().ok().stdout;
    assert!(
        status.contains("freshness") && status.contains("late by 3 h"),
        "{status}"
    );
    let status = ground.elt("status --json").run().ok().json();
    assert_eq!(source(&status)["freshness"]["state"], found["state"]);
    ground.load("load appointments --force");
    assert_eq!(ground.state(), (false, false, "as expected".into()));
}

#[test]
fn a_source_that_was_never_loaded_is_late_if_something_is_expected() {
    let ground = Ground::new();
    assert_eq!(ground.state(), (false, false, "never loaded".into()));
    ground.expect("expected_rows = '[1,)'");
    assert_eq!(ground.state(), (false, false, "never loaded".into()));
    ground.expect("expected_every = '1 year'");
    assert_eq!(ground.state(), (true, false, "never loaded".into()));
    ground
        .elt("check --freshness")
        .run()
        .exits_with(3)
        .says(&["\"appointments\": never loaded"]);
    let document = ground
        .elt("check --freshness --json")
        .run()
        .exits_with(3)
        .json();
    assert_eq!(source(&document)["late_by_seconds"], Value::Null);
}

#[test]
fn a_load_with_an_unexpected_number_of_rows_is_published_and_reported() {
    let ground = Ground::new();
    ground.expect("expected_rows = '[2,5]'");
    let outcome = ground
        .elt("load appointments")
        .path("--data", ground.data.path())
        .run()
        .ok();
    let shown = outcome.stdout.clone() + &outcome.stderr;
    assert!(shown.contains("loads_of_unexpected_size"), "{shown}");
    assert_eq!(ground.state(), (false, true, "1 row".into()));
    ground.elt("check --freshness").run().exits_with(3).says(&[
        "1 source has an unexpected number of rows",
        "\"appointments\": 1 row",
        "expected_rows in elt.source",
    ]);
    let checked = ground
        .elt("check loads_of_unexpected_size --json")
        .run()
        .ok()
        .json();
    assert_eq!(checked["rows"][0]["row_count"], 1);
    assert_eq!(checked["level"], "warning");
    ground.expect("expected_rows = '[1,5]'");
    ground.elt("check --freshness").run().ok();
    ground.expect("expected_rows = '[,0]', expected_every = '1 hour'");
    ground.pass("2 hours");
    assert_eq!(ground.state(), (true, true, "late by 1 h, 1 row".into()));
    ground
        .elt("check --freshness")
        .run()
        .exits_with(3)
        .says(&["1 source is late, 1 source has an unexpected number of rows"]);
}

#[test]
fn doctor_reports_late_sources() {
    let ground = Ground::new();
    let findings = || {
        let document = ground.elt("doctor --json").run().json();
        let all = document["findings"].as_array().unwrap().clone();
        let own = all.into_iter().filter(|each| each["area"] == "source");
        own.collect::<Vec<Value>>()
    };
    ground.load("load");
    assert!(findings().is_empty());
    ground.expect("expected_rows = '[2,5]'");
    let found = findings();
    assert_eq!(found[0]["level"], "advice");
    assert_eq!(found[0]["what"], "source appointments: 1 row");
    ground.expect("expected_every = '1 day'");
    ground.pass("3 days");
    let found = findings();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["level"], "problem");
    assert_eq!(found[0]["what"], "source appointments: late by 2 d, 1 row");
    assert_eq!(found[0]["statement"], "elt load appointments");
    let why = found[0]["why"].as_str().unwrap();
    assert!(why.contains("every 1 d, 2 to 5 rows"), "{why}");
}

#[test]
fn rules_are_not_checked_with_it() {
    let ground = Ground::new();
    let elt = ground.elt("check --freshness rows_rejected");
    elt.run().exits_with(2);
}

#[test]
fn times_are_written_in_words() {
    let database = Database::new();
    for (time, words) in [
        ("0", "0 s"),
        ("45.9 seconds", "45 s"),
        ("60 seconds", "1 min"),
        ("61 minutes", "1 h 1 min"),
        ("1 day 59 minutes", "1 d"),
        ("36 hours", "1 d 12 h"),
        ("-36 hours", "1 d 12 h"),
        ("1 month", "30 d"),
    ] {
        let found = database.text(&format!("select elt.interval_words('{time}')"));
        assert_eq!(found, words, "{time}");
    }
    assert_eq!(
        database.text("select coalesce(elt.interval_words(null), 'null')"),
        "null"
    );
}
