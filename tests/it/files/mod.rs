//! Sources whose file is a pattern: a file per day, a folder that fills up.

mod checked;
mod model;
mod odd;
mod replaced;
mod roles;
mod stopped;
mod together;
mod watched;
mod worker;

use crate::support::{Database, Elt, Folder, repository};
use serde_json::Value;
use std::path::PathBuf;

fn project() -> PathBuf {
    repository().join("tests/projects/bikes")
}

/// A database of the project, in which the file of each source is a pattern, and a data folder.
pub(crate) struct Days {
    pub(crate) database: Database,
    data: Folder,
}

impl Days {
    pub(crate) fn new() -> Days {
        let database = Database::with_engine();
        database.elt_with(&project(), &["migrate"]).run().ok();
        database.run("update elt.source set file = source || '-*.csv'");
        Days {
            database,
            data: Folder::new(),
        }
    }

    /// Writes a file of a source: `pings-1.csv`, for example.
    fn write(&self, name: &str, rows: &[&str]) -> PathBuf {
        let header = match name.split('-').next().unwrap() {
            "stations" => "station_id,name",
            "bikes" => "bike_id,station",
            "trips" => "trip_id,bike",
            _ => "bike_id,place",
        };
        let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
        self.data.write(name, format!("{header}\n{rows}"))
    }

    pub(crate) fn elt(&self, line: &str) -> Elt {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.database.elt_with(&project(), &args)
    }

    /// The command that loads files of the folder.
    fn loading(&self, rest: &str) -> Elt {
        self.elt(&format!("load {rest}"))
            .path("--data", self.data.path())
    }

    /// Name, outcome and number of rows of each file.
    fn load(&self, source: &str) -> Vec<String> {
        let outcome = self.loading(&format!("{source} --json")).run().ok();
        files(&outcome.json())
    }

    /// Keys, values and files of a core table.
    fn core(&self, table: &str) -> String {
        self.database.text(&format!(
            "select coalesce(string_agg(concat_ws(' ', kept.a, kept.b, regexp_replace(load.location, '^.*/', '')), ', ' \
             order by kept.a, load.load_id, kept.b), '') \
             from (select * from core.{table}) as kept (a, b, c, d) inner join elt.load on load.load_id = kept.c"
        ))
    }
}

pub(crate) fn files(document: &Value) -> Vec<String> {
    let sources = document["load"]["sources"].as_array().unwrap();
    let file = |report: &Value| {
        let location = report["location"].as_str().unwrap();
        let name = location.rsplit('/').next().unwrap();
        format!(
            "{name} {} {}",
            report["outcome"].as_str().unwrap(),
            report["rows"]
        )
    };
    sources.iter().map(file).collect()
}

#[test]
fn each_file_is_a_load_and_is_loaded_once() {
    let days = Days::new();
    days.write("pings-2.csv", &["1,Mill"]);
    days.write("pings-1.csv", &["1,Quay", "1,Quay"]);
    days.write("pings-3.csv", &[]);
    days.data.write("notes.txt", "");
    let first = days.loading("pings --json").run().ok();
    first.says_once("1 file in", "notes.txt");
    assert_eq!(
        files(&first.json()),
        [
            "pings-1.csv published 2",
            "pings-2.csv published 1",
            "pings-3.csv published 0"
        ]
    );
    assert_eq!(
        days.core("pings"),
        "1 Quay pings-1.csv, 1 Quay pings-1.csv, 1 Mill pings-2.csv"
    );
    // A later file with the bytes of an earlier one is another file.
    days.write("pings-4.csv", &["1,Mill"]);
    assert_eq!(
        days.load("pings"),
        [
            "pings-1.csv unchanged 2",
            "pings-2.csv unchanged 1",
            "pings-3.csv unchanged 0",
            "pings-4.csv published 1"
        ]
    );
    assert!(
        days.core("pings")
            .ends_with("1 Mill pings-2.csv, 1 Mill pings-4.csv")
    );
    let origins = "select string_agg(regexp_replace(elt.origin(_load_id, _row), '^.*/', ''), '; ' order by _load_id, _row) \
                   from core.pings";
    assert_eq!(
        days.database.text(origins),
        "pings-1.csv, line 2; pings-1.csv, line 3; pings-2.csv, line 2; pings-4.csv, line 2"
    );
    let table = days.loading("pings").run().ok().stdout;
    assert!(table.contains("4 files unchanged"), "{table}");
}

#[test]
fn a_file_with_the_same_bytes_is_not_read_again_unless_it_was_touched() {
    let days = Days::new();
    let path = days.write("bikes-1.csv", &["1,Quay"]);
    days.load("bikes");
    let stamp = || {
        days.database
            .text("select file_stamp from elt.load where load_id = 1")
    };
    let before = stamp();
    // The same bytes in a new file: they are compared, and the stamp is renewed.
    std::fs::remove_file(&path).unwrap();
    days.write("bikes-1.csv", &["1,Quay"]);
    assert_eq!(days.load("bikes"), ["bikes-1.csv unchanged 1"]);
    assert_ne!(stamp(), before);
    // A state that comes back is a change.
    days.write("bikes-1.csv", &["1,Mill"]);
    assert_eq!(days.load("bikes"), ["bikes-1.csv published 1"]);
    days.write("bikes-1.csv", &["1,Quay"]);
    assert_eq!(days.load("bikes"), ["bikes-1.csv published 1"]);
    assert_eq!(days.core("bikes"), "1 Quay bikes-1.csv");
}

#[test]
fn files_are_in_folders_and_in_the_order_of_their_names_or_changes() {
    let days = Days::new();
    days.database
        .run("update elt.source set file = '2026/*/day.csv' where source = 'bikes'");
    for (day, place) in [("03", "Port"), ("01", "Quay"), ("02", "Mill")] {
        let folder = days.data.path().join("2026").join(day);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join("day.csv"),
            format!("bike_id,station\n1,{place}\n"),
        )
        .unwrap();
    }
    days.load("bikes");
    let names = "select string_agg(file_name, ' ' order by load_id) from elt.load";
    assert_eq!(
        days.database.text(names),
        "2026/01/day.csv 2026/02/day.csv 2026/03/day.csv"
    );
    assert_eq!(days.core("bikes"), "1 Port day.csv");
    days.database
        .run("update elt.source set order_by = 'modified' where source = 'bikes'");
    let hour = |day: &str, hour: u64| {
        let file = std::fs::File::options()
            .append(true)
            .open(days.data.path().join("2026").join(day).join("day.csv"))
            .unwrap();
        let time =
            std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_790_000_000 + 3600 * hour);
        file.set_modified(time).unwrap();
    };
    hour("01", 3);
    hour("02", 1);
    hour("03", 2);
    days.loading("bikes --force").run().ok();
    assert!(
        days.database
            .text(names)
            .ends_with("2026/02/day.csv 2026/03/day.csv 2026/01/day.csv")
    );
    assert_eq!(days.core("bikes"), "1 Quay day.csv");
    // Another data folder with the same names has the same files.
    let moved = Folder::new();
    crate::support::copy_folder(days.data.path(), moved.path());
    let again = days.elt("load bikes --json").path("--data", moved.path());
    let again = files(&again.run().ok().json());
    assert!(
        again.iter().all(|file| file.contains("unchanged")),
        "{again:?}"
    );
}

#[test]
fn no_file_is_an_error() {
    let days = Days::new();
    let refused = days.loading("pings").run().exits_with(1);
    refused.says(&["pings-*.csv\" of source \"pings\" matches no file"]);
}

#[test]
fn a_file_that_fails_stops_those_after_it() {
    let days = Days::new();
    for (name, place) in [("1", "Quay"), ("2", "Mill"), ("4", "Port"), ("5", "Hill")] {
        days.write(&format!("pings-{name}.csv"), &[&format!("1,{place}")]);
    }
    days.data
        .write("pings-3.csv", "<html><body>Sign in</body></html>");
    days.write("bikes-1.csv", &["1,Quay"]);
    let stopped = days.loading("pings bikes").run().exits_with(1);
    stopped.says(&[
        "pings-3.csv\" was not loaded",
        "2 files after it were not loaded either",
        "--keep-going",
    ]);
    // The files before it and the other source are live.
    assert_eq!(days.core("pings"), "1 Quay pings-1.csv, 1 Mill pings-2.csv");
    assert_eq!(days.core("bikes"), "1 Quay bikes-1.csv");
    let states = "select string_agg(concat_ws(' ', regexp_replace(location, '^.*/', ''), state_in_words), ', ' order by load_id) \
                  from elt.load_state where source = 'pings'";
    assert_eq!(
        days.database.text(states),
        "pings-1.csv live, pings-2.csv live, pings-3.csv failed"
    );
    let going = days
        .loading("pings --keep-going --json")
        .run()
        .exits_with(1);
    going.says_not("were not loaded either");
    assert_eq!(
        days.core("pings"),
        "1 Quay pings-1.csv, 1 Mill pings-2.csv, 1 Port pings-4.csv, 1 Hill pings-5.csv"
    );
    let failed = &going.json()["load"]["failed_files"];
    assert_eq!(failed.as_array().unwrap().len(), 1, "{failed}");
}

#[test]
fn too_many_rejects_are_those_of_one_file() {
    let days = Days::new();
    days.write("pings-1.csv", &["1,Quay", "2,Quay", "3,Quay"]);
    days.write("pings-2.csv", &["1,Mill,x", "2,Mill,y", "3"]);
    days.write(
        "pings-3.csv",
        &["1,Port", "2,Port", "3,Port", "4,Port,x", "5,Port"],
    );
    days.loading("pings --keep-going").run().exits_with(4);
    assert_eq!(
        days.database.text(
            "select string_agg(concat_ws(' ', load_id, state, rows_staged, rows_rejected), ', ' order by load_id) from elt.load"
        ),
        "1 published 3 0, 2 failed, 3 published 4 1"
    );
    // The rejects of each file are kept with the lines of that file.
    assert_eq!(
        days.database.text(
            "select string_agg(concat_ws(' ', load_id, row_number, line_number), ', ' order by load_id, line_number) from elt.reject"
        ),
        "2 2 2, 2 3 3, 2 4 4, 3 5 5"
    );
    let corrected = days.data.write("corrected", "bike_id,place\n4,Hill\n");
    days.elt("load 3").path("--replay", &corrected).run().ok();
    assert!(
        days.core("pings").contains("4 Hill pings-3.csv"),
        "{}",
        days.core("pings")
    );
    days.loading("pings").run().exits_with(4);
}

#[test]
fn a_file_that_grows_while_it_is_read_is_not_loaded() {
    let days = Days::new();
    // The rejects are written when they are a megabyte, while the file is being read.
    let long = "y".repeat(600_000);
    let bad = format!("1,Quay,{long}");
    let mut rows = vec![bad.as_str(); 20];
    rows.insert(0, "1,Quay");
    let path = days.write("pings-1.csv", &rows);
    let held = days.database.hold("elt.reject in share mode");
    let running = days.loading("pings --max-rejects 20").start();
    crate::support::wait_until("the load to write rejects", || {
        days.database.has_waiting_session()
    });
    let mut file = std::fs::File::options().append(true).open(path).unwrap();
    std::io::Write::write_all(&mut file, b"3,Port\n").unwrap();
    drop(held);
    let failed = running.finish().exits_with(1);
    failed.says(&["the file changed while it was read"]);
    assert_eq!(days.core("pings"), "");
    days.loading("pings --max-rejects 20").run().ok();
    assert_eq!(days.core("pings"), "1 Quay pings-1.csv, 3 Port pings-1.csv");
}

#[test]
fn two_loads_of_one_folder_load_each_file_once() {
    let days = Days::new();
    for day in 1..4 {
        days.write(&format!("pings-{day}.csv"), &["1,Quay"]);
    }
    let held = days.database.hold("core.pings in access exclusive mode");
    let first = days.loading("pings").start();
    crate::support::wait_until("the load to publish", || {
        days.database.has_waiting_session()
    });
    days.loading("pings")
        .run()
        .exits_with(1)
        .says(&["another session is loading it"]);
    let second = days.loading("pings --wait --json").start();
    crate::support::wait_until("the second load to wait", || {
        days.database.number(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'advisory'",
        ) > 0
    });
    drop(held);
    first.finish().ok();
    let second = files(&second.finish().ok().json());
    assert!(
        second.iter().all(|file| file.contains("unchanged")),
        "{second:?}"
    );
    assert_eq!(days.database.number("select count(*) from core.pings"), 3);
}
