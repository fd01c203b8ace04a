//! Random tables, two versions of each: every row is in the export, or the load is refused, or a rule or a reject
//! names it. No row is lost silently.

use super::init;
use crate::support::{Database, Folder};
use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const TABLES: u64 = 14;

/// A random number generator with a fixed seed, so that failures can be repeated.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        // Knuth's MMIX constants. The high bits are more random than the low ones.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    pub(super) fn is_one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    pub(super) fn index(&mut self, sides: usize) -> usize {
        usize::try_from(self.roll(sides as u64)).unwrap()
    }

    fn pick<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.index(texts.len())]
    }
}

/// A kind of column.
#[derive(Clone, Copy, Debug)]
enum Sort {
    Serial,
    Repeating,
    LongId,
    Whole,
    Decimal,
    Code,
    Day,
    GermanDay,
    Yes,
    Amount,
    Word,
    Mixed,
}

const SORTS: [(Sort, &str); 12] = [
    (Sort::Serial, "thing_id"),
    (Sort::Repeating, "group_id"),
    (Sort::LongId, "account_no"),
    (Sort::Whole, "stock"),
    (Sort::Decimal, "price"),
    (Sort::Code, "branch"),
    (Sort::Day, "sold_on"),
    (Sort::GermanDay, "due"),
    (Sort::Yes, "paid"),
    (Sort::Amount, "cost"),
    (Sort::Word, "city"),
    (Sort::Mixed, "remark"),
];

const MARKERS: [&str; 6] = ["", "NA", "n/a", "-", "null", "?"];

fn cell(dice: &mut Dice, sort: Sort, row: u64, is_second: bool) -> String {
    if is_second && dice.is_one_in(40) {
        return dice
            .pick(&["soon", "1,5", "007", "+4", "9e2", "32.13.2024", "x;y", "NA"])
            .to_string();
    }
    let may_be_missing = !matches!(sort, Sort::Serial | Sort::Repeating | Sort::LongId);
    if may_be_missing && dice.is_one_in(12) {
        return dice.pick(&MARKERS).to_string();
    }
    match sort {
        Sort::Serial if is_second && dice.is_one_in(60) => (row / 2).to_string(),
        Sort::Serial => (row + 1).to_string(),
        Sort::Repeating => (dice.roll(4) + 1).to_string(),
        Sort::LongId => format!("{}{:0>20}", dice.roll(90_000) + 10_000, dice.roll(1 << 30)),
        Sort::Whole if is_second && dice.is_one_in(8) => format!("{}.5", dice.roll(100)),
        Sort::Whole => dice.roll(100_000).to_string(),
        Sort::Decimal => format!("{}.{:02}", dice.roll(1_000), dice.roll(100)),
        Sort::Code => format!("{:04}", dice.roll(3_000)),
        Sort::Day => format!("2024-{:02}-{:02}", dice.roll(12) + 1, dice.roll(28) + 1),
        Sort::GermanDay => format!("{}.{}.2024", dice.roll(28) + 1, dice.roll(12) + 1),
        Sort::Yes => dice.pick(&["yes", "no"]).to_string(),
        Sort::Amount => format!("${}.{:02}", dice.roll(900), dice.roll(100)),
        Sort::Word => dice
            .pick(&["Oslo", "Rome", "Lima", "NA", "São Paulo", "\"X\""])
            .to_string(),
        Sort::Mixed => match dice.roll(3) {
            0 => dice.roll(100).to_string(),
            1 => "note".to_string(),
            _ => "2024-01-01".to_string(),
        },
    }
}

type Rows = Vec<Vec<String>>;

fn rows(dice: &mut Dice, columns: &[(Sort, &str)], count: u64, is_second: bool) -> Rows {
    let mut rows: Rows = (0..count)
        .map(|row| {
            let cells = columns
                .iter()
                .map(|(sort, _)| cell(dice, *sort, row, is_second));
            cells.collect()
        })
        .collect();
    // Some files repeat a row.
    if dice.is_one_in(3) {
        let again = rows[usize::try_from(dice.roll(count)).unwrap()].clone();
        rows.push(again);
    }
    rows
}

fn csv(columns: &[(Sort, &str)], rows: &Rows) -> String {
    let names: Vec<&str> = columns.iter().map(|(_, name)| *name).collect();
    let mut text = names.join(",") + "\n";
    for row in rows {
        let cells = row
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        writeln!(text, "{}", cells.collect::<Vec<_>>().join(",")).unwrap();
    }
    text
}

/// `line column` of every value that a rule reports.
fn violations(database: &Database, rule: &str) -> HashSet<String> {
    let exists = format!("select (to_regclass('quality.{rule}') is not null)::text");
    if database.text(&exists) != "true" {
        return HashSet::new();
    }
    let sql = format!(
        "select coalesce(string_agg(_row || ' ' || column_name, ','), '') from quality.{rule}"
    );
    database.text(&sql).split(',').map(String::from).collect()
}

/// Whether the export has the value of the file. A value that a rule reports may differ.
fn is_same_value(cell: &str, exported: &str, is_reported: bool) -> bool {
    let cell = cell.trim();
    let is_marker = ["", "na", "n/a", "-", "null", "?"].contains(&cell.to_lowercase().as_str());
    if cell == exported || (is_marker && exported.is_empty()) {
        return true;
    }
    if is_reported {
        return true;
    }
    let parts: Vec<&str> = cell.split('.').collect();
    if let [day, month, year] = parts.as_slice() {
        return exported == format!("{year}-{month:0>2}-{day:0>2}");
    }
    match cell {
        "yes" => exported == "t",
        "no" => exported == "f",
        cell => cell.strip_prefix('$') == Some(exported),
    }
}

/// Checks that every row of the file is in the export.
fn check_export(database: &Database, rows: &Rows, out: &Folder, context: &str) {
    let mut unread = violations(database, "things_with_unreadable_values");
    unread.extend(violations(database, "things_with_rewritten_numbers"));
    let repeated = match database
        .text("select (to_regclass('quality.things_repeated') is not null)::text")
        .as_str()
    {
        "true" => database
            .text("select coalesce(string_agg(_row::text, ','), '') from quality.things_repeated"),
        _ => String::new(),
    };
    let repeated: HashSet<&str> = repeated.split(',').collect();
    let text = out.read("things.csv");
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let mut exported: Vec<Vec<String>> = reader
        .records()
        .map(|record| record.unwrap().iter().map(String::from).collect())
        .collect();
    for (index, row) in rows.iter().enumerate() {
        let line = index + 2;
        if repeated.contains(line.to_string().as_str()) {
            continue;
        }
        let is_it = |candidate: &Vec<String>| {
            row.iter()
                .zip(candidate)
                .zip(&names)
                .all(|((cell, value), name)| {
                    is_same_value(cell, value, unread.contains(&format!("{line} {name}")))
                })
        };
        let found = exported.iter().position(is_it);
        let found =
            found.unwrap_or_else(|| panic!("{context}: line {line} is lost: {row:?}\n{text}"));
        exported.swap_remove(found);
    }
    assert_eq!(
        exported.len(),
        0,
        "{context}: rows that no file has: {exported:?}"
    );
}

/// Loads a version, and returns whether it was published.
fn load(database: &Database, project: &Path, out: &Folder) -> bool {
    let elt = database.elt_with(project, &["run", "--migrate", "-q"]);
    let outcome = elt.path("--out", out.path()).run();
    match outcome.code {
        Some(0) => true,
        Some(3 | 4) => false,
        _ => panic!("{outcome:?}"),
    }
}

#[test]
fn no_row_of_a_random_table_is_lost_silently() {
    let mut published = 0;
    for seed in 1..=TABLES {
        let mut dice = Dice(seed * 7_919);
        let mut columns: Vec<(Sort, &str)> = SORTS.to_vec();
        columns.retain(|_| !dice.is_one_in(3));
        if columns.len() < 2 {
            columns = SORTS.to_vec();
        }
        let count = 6 + dice.roll(60);
        let context = format!("table {seed}, {columns:?}");
        let folder = Folder::new();
        let first = rows(&mut dice, &columns, count, false);
        let file = folder.write("things.csv", csv(&columns, &first));
        let project = folder.path().join("p");
        init(&project, &["-q"]).path("--from", &file).run().ok();
        let database = Database::with_engine();
        let out = Folder::new();
        assert!(
            load(&database, &project, &out),
            "{context}: init's own file is refused"
        );
        check_export(&database, &first, &out, &context);
        published += 1;
        let shrunk = count - dice.roll(count);
        let second = rows(&mut dice, &columns, shrunk.max(2), true);
        fs::write(project.join("data/things.csv"), csv(&columns, &second)).unwrap();
        let before = out.read("things.csv");
        if load(&database, &project, &out) {
            check_export(
                &database,
                &second,
                &out,
                &format!("{context}, second version"),
            );
            published += 1;
        } else {
            let live = database.elt_with(&project, &["export", "-q"]);
            live.path("--out", out.path()).run().ok();
            assert_eq!(
                out.read("things.csv"),
                before,
                "{context}: refused, but changed"
            );
        }
    }
    // Some second versions are published, some are refused.
    assert!(published > TABLES && published < 2 * TABLES, "{published}");
}
