//! `elt diff --out`: all differing rows in a file.

use super::Bikes;
use std::io::Read;
use std::process::Stdio;

fn read(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = vec![
        reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_string)
            .collect(),
    ];
    rows.extend(
        reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_string).collect::<Vec<_>>()),
    );
    rows
}

#[test]
fn each_value_that_differs_has_a_line() {
    let bikes = Bikes::new();
    bikes.load("stations", &["1,north", "2,south", "3,east"]);
    bikes.load("stations", &["2,south", "3,\"EA,ST\"", "4,west"]);
    let file = bikes.data.path().join("changes.csv");
    let outcome = bikes.elt("diff stations").path("--out", &file).run().ok();
    let written = format!("\nwrote 3 rows to {}\n", file.display());
    assert!(outcome.stdout.ends_with(&written), "{}", outcome.stdout);
    let text = bikes.data.read("changes.csv");
    let [two, three, four] = [2, 3, 4].map(|line| bikes.origin("stations", line));
    assert_eq!(
        read(&text),
        [
            [
                "relation",
                "kind",
                "number",
                "station_id",
                "column",
                "before",
                "after",
                "origin_before",
                "origin_after"
            ],
            [
                "core.stations",
                "added",
                "1",
                "4",
                "name",
                "",
                "west",
                "",
                &four
            ],
            [
                "core.stations",
                "changed",
                "1",
                "3",
                "name",
                "east",
                "EA,ST",
                &four,
                &three
            ],
            [
                "core.stations",
                "removed",
                "1",
                "1",
                "name",
                "north",
                "",
                &two,
                ""
            ],
        ]
    );
    // The same on stdout, and nothing else.
    let stdout = bikes.elt("diff stations --out -").run().ok().stdout;
    assert_eq!(stdout, text);
    let json = bikes
        .elt("diff stations --json")
        .path("--out", &file)
        .run()
        .ok();
    assert_eq!(json.json()["rows_written"], 3);
    assert_eq!(json.json()["file"], file.display().to_string());
}

#[test]
fn rows_without_a_key_are_told_apart_by_numbers() {
    let bikes = Bikes::new();
    bikes.load("pings", &["1,a"]);
    bikes.load("pings", &["1,a", "2,", "2,"]);
    let lines = read(&bikes.elt("diff pings --out -").run().ok().stdout);
    assert_eq!(lines[0].len(), 8);
    let numbers: Vec<[&str; 3]> = lines[1..]
        .iter()
        .map(|line| [line[2].as_str(), &line[3], &line[5]])
        .collect();
    assert_eq!(
        numbers,
        [
            ["1", "bike_id", "2"],
            ["1", "place", ""],
            ["2", "bike_id", "2"],
            ["2", "place", ""]
        ]
    );
}

#[test]
fn a_file_appears_when_it_is_complete_or_not_at_all() {
    let bikes = Bikes::new();
    bikes.load("stations", &["1,north"]);
    bikes.load("stations", &["2,south"]);
    let nowhere = bikes.data.path().join("missing/changes.csv");
    let outcome = bikes.elt("diff stations").path("--out", &nowhere).run();
    outcome.exits_with(1).says(&["could not write"]);
    let folder = bikes
        .elt("diff stations")
        .path("--out", bikes.data.path())
        .run();
    folder.exits_with(1).says(&["could not write"]);
    // Without a row that differs, it has its header.
    let file = bikes.data.path().join("none.csv");
    let live = bikes
        .database
        .text("select load_id::text from elt.live_load");
    let outcome = bikes
        .elt(&format!("diff stations {live} {live}"))
        .path("--out", &file)
        .run()
        .ok();
    assert!(
        outcome.stdout.contains("wrote 0 rows"),
        "{}",
        outcome.stdout
    );
    assert_eq!(read(&bikes.data.read("none.csv")).len(), 1);
}

#[test]
fn a_closed_output_ends_the_command() {
    let bikes = Bikes::new();
    let rows: Vec<String> = (1..=20_000).map(|id| format!("{id},a")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    bikes.load("stations", &["1,north"]);
    bikes.load("stations", &rows);
    let mut command = bikes.elt("diff stations --out -").command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 20]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
