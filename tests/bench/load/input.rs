//! Files to load: one tile of made-up appointments, laid again and again with other ids and other days,
//! with exact repeats and missing values as real files have them, and nothing that a plain cast would
//! stumble over: the baselines have no answer to that.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

pub(crate) const COLUMNS: [&str; 8] = [
    "emr_practice_id",
    "emr_appointment_id",
    "emr_provider_id",
    "emr_department_id",
    "appointment_status",
    "encounter_state",
    "encounter_status",
    "appointment_date",
];

/// Rows of a tile; one in nine is a repeat.
const TILE: usize = 26_000;
const TILES_BEFORE_DAYS_COME_AGAIN: i64 = 24;
const DAYS_OF_A_TILE: i64 = 59;

/// Numbers that are the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A row without its tile: id and day count on from there.
struct Row {
    id: u64,
    day: i64,
    /// Provider and department.
    who: String,
    state: String,
}

/// No two rows have the same, and they do not come in order.
fn id_of(number: usize) -> u64 {
    33_000_000 + number as u64 * 1_234_567 % 9_000_011
}

fn tile() -> Vec<Row> {
    let mut numbers = Numbers(42);
    let mut rows: Vec<Row> = Vec::new();
    while rows.len() < TILE {
        let repeats = numbers.below(9) == 0;
        let (id, day, who, state) = match rows.last() {
            Some(last) if repeats => (last.id, last.day, last.who.clone(), last.state.clone()),
            _ => {
                let status = ["2", "3", "4", "4", "4", "x", "f", ""][numbers.below(8) as usize];
                let state = ["CLOSED", "CLOSED", "OPEN", "DELETED", ""][numbers.below(5) as usize];
                let encounter = ["CHECKEDOUT", "READY", ""][numbers.below(3) as usize];
                (
                    id_of(rows.len()),
                    numbers.below(DAYS_OF_A_TILE as u64) as i64,
                    format!("{},{}", numbers.below(600), numbers.below(120)),
                    format!("{status},{state},{encounter}"),
                )
            }
        };
        rows.push(Row {
            id,
            day,
            who,
            state,
        });
    }
    rows
}

/// Calls with the fields of each of `count` rows, joined by commas.
fn rows(count: usize, mut call: impl FnMut(usize, &str)) {
    let tile = tile();
    let first = chrono::NaiveDate::from_ymd_opt(2021, 1, 1).unwrap();
    let days: Vec<String> = (0..DAYS_OF_A_TILE * (TILES_BEFORE_DAYS_COME_AGAIN + 1))
        .map(|day| (first + chrono::Duration::days(day)).to_string())
        .collect();
    for number in 0..count {
        let turn = number / TILE;
        let row = &tile[number % TILE];
        let shift = DAYS_OF_A_TILE * (turn as i64 % TILES_BEFORE_DAYS_COME_AGAIN);
        let id = row.id + turn as u64 * 10_000_000;
        let day = &days[(row.day + shift) as usize];
        call(number, &format!("1,{id},{},{},{day}", row.who, row.state));
    }
}

fn writer(path: &Path) -> BufWriter<File> {
    BufWriter::with_capacity(1 << 20, File::create(path).unwrap())
}

pub(crate) fn write_csv(path: &Path, count: usize) {
    let mut file = writer(path);
    writeln!(file, "{}", COLUMNS.join(",")).unwrap();
    rows(count, |_, row| writeln!(file, "{row}").unwrap());
    file.into_inner().unwrap().sync_all().unwrap();
}

/// The same rows, each as an object: one a line, or as an array.
pub(crate) fn write_json(path: &Path, count: usize, is_array: bool) {
    let mut file = writer(path);
    rows(count, |number, row| {
        let pairs: Vec<String> = COLUMNS
            .iter()
            .zip(row.split(','))
            .map(|(name, value)| match value {
                "" => format!("\"{name}\": null"),
                value => format!("\"{name}\": \"{value}\""),
            })
            .collect();
        let object = format!("{{{}}}", pairs.join(", "));
        match (is_array, number) {
            (false, _) => writeln!(file, "{object}").unwrap(),
            (true, 0) => write!(file, "[{object}").unwrap(),
            (true, _) => write!(file, ",\n{object}").unwrap(),
        }
    });
    if is_array {
        writeln!(file, "]").unwrap();
    }
    file.into_inner().unwrap().sync_all().unwrap();
}

/// All rows of a file, and every so often another status.
pub(crate) fn write_changed(path: &Path, whole: &Path, every: usize) {
    let mut changed = writer(path);
    let lines = BufReader::new(File::open(whole).unwrap()).lines();
    for (number, line) in lines.map(Result::unwrap).enumerate() {
        if number > 0 && number % every == 0 {
            let mut fields: Vec<&str> = line.split(',').collect();
            fields[4] = "9";
            writeln!(changed, "{}", fields.join(",")).unwrap();
        } else {
            writeln!(changed, "{line}").unwrap();
        }
    }
    changed.flush().unwrap();
}

/// Some of the rows of a file, from its first row on, with another status.
pub(crate) fn write_day(path: &Path, whole: &Path, count: usize) {
    let mut day = writer(path);
    let lines = BufReader::new(File::open(whole).unwrap()).lines();
    for (number, line) in lines.map(Result::unwrap).take(count + 1).enumerate() {
        let mut fields: Vec<&str> = line.split(',').collect();
        if number > 0 {
            fields[4] = "9";
        }
        writeln!(day, "{}", fields.join(",")).unwrap();
    }
    day.flush().unwrap();
}

/// Offices for half of the departments, with gaps, two of them in two offices.
pub(crate) fn write_settings(path: &Path) {
    let offices: Vec<String> = (0..40)
        .map(|office| {
            let departments = format!("[{}, {}]", office, (office * 7) % 60);
            let launched = match office % 9 {
                0 => "null".to_string(),
                _ => format!("\"2021-{:02}-01\"", 1 + office % 12),
            };
            let disabled = match office % 5 {
                0 => "\"2022-06-30\"",
                _ => "null",
            };
            format!(
                "{{\"practice_name\": \"Practice\", \"emr_practice_id\": 1, \"epion_practice_id\": {office}, \
                 \"epion_office_id\": {office}, \"office_name\": \"Office {office}\", \
                 \"emr_department_ids\": {departments}, \"launched_date\": {launched}, \
                 \"disabled_date\": {disabled}}}"
            )
        })
        .collect();
    std::fs::write(path, format!("[{}]\n", offices.join(",\n"))).unwrap();
}
