//! Random tables in random dialects: each value is in the export as it was meant, or as it was written in a column of
//! type text; each other row was rejected or skipped, and counted. Otherwise the file is refused.
//! `PROPTEST_CASES=500 cargo test --test it -- init::dialects` tries more.

use super::init;
use super::random::Dice;
use crate::support::{Database, Folder, cases};
use serde_json::Value;
use std::fmt::Write;

/// The number of cases, unless PROPTEST_CASES is set.
const CASES: u32 = 10;

/// A value: as PostgreSQL prints it, and as the file has it.
#[derive(Clone, Debug)]
struct Cell {
    meant: String,
    written: String,
}

#[derive(Debug)]
struct Dialect {
    delimiter: char,
    quote: Option<char>,
    has_escape: bool,
    encoding: &'static str,
    has_mark: bool,
    line_end: &'static str,
    preamble: Vec<&'static str>,
    footer: Vec<&'static str>,
    has_header: bool,
    has_trailing_delimiter: bool,
    has_decimal_comma: bool,
    date: &'static str,
    missing: &'static str,
}

impl Dialect {
    fn random(dice: &mut Dice) -> Dialect {
        let delimiter = [',', ';', '\t', '|'][dice.index(4)];
        let quote = [Some('"'), Some('"'), Some('"'), Some('\''), None][dice.index(5)];
        let encoding = ["utf-8", "utf-8", "utf-16le", "utf-16be", "windows-1252"][dice.index(5)];
        let preambles: [&[&str]; 6] = [
            &[],
            &[],
            &[],
            &["Sales of all branches"],
            &["# made by a machine", "# do not edit"],
            &["Report", "", "Period: January"],
        ];
        let footers: [&[&str]; 4] = [&[], &[], &[], &["Source: the register"]];
        Dialect {
            delimiter,
            quote,
            has_escape: quote == Some('"') && dice.is_one_in(5),
            encoding,
            has_mark: encoding != "windows-1252" && dice.is_one_in(2),
            line_end: ["\n", "\n", "\r\n"][dice.index(3)],
            preamble: preambles[dice.index(6)].to_vec(),
            footer: footers[dice.index(4)].to_vec(),
            has_header: !dice.is_one_in(6),
            has_trailing_delimiter: dice.is_one_in(7),
            has_decimal_comma: dice.is_one_in(3),
            date: ["iso", "german", "slash"][dice.index(3)],
            missing: ["", "", "NA", "n/a", "-", "\\N"][dice.index(6)],
        }
    }

    fn amount(&self, dice: &mut Dice) -> Cell {
        let (whole, cents) = (dice.roll(2_000_000), dice.roll(100));
        let (point, thousands) = if self.has_decimal_comma {
            (',', '.')
        } else {
            ('.', ',')
        };
        let mut digits = whole.to_string();
        if whole >= 1_000 && self.quote.is_some() {
            let mut at = digits.len();
            while at > 3 {
                at -= 3;
                digits.insert(at, thousands);
            }
        }
        Cell {
            meant: format!("{whole}.{cents:02}"),
            written: format!("{digits}{point}{cents:02}"),
        }
    }

    fn day(&self, dice: &mut Dice) -> Cell {
        let (day, month) = (dice.roll(28) + 1, dice.roll(12) + 1);
        let iso = format!("2024-{month:02}-{day:02}");
        let written = match self.date {
            "german" => format!("{day:02}.{month:02}.2024"),
            "slash" => format!("{month}/{day}/2024"),
            _ => iso.clone(),
        };
        Cell {
            meant: iso,
            written,
        }
    }

    fn cell(&self, dice: &mut Dice, column: &str, row: u64) -> Cell {
        let same = |text: String| Cell {
            meant: text.clone(),
            written: text,
        };
        if column != "thing_id" && dice.is_one_in(9) {
            return Cell {
                meant: String::new(),
                written: self.missing.to_string(),
            };
        }
        match column {
            "thing_id" => same((row + 1).to_string()),
            "amount" => self.amount(dice),
            "sold_on" => self.day(dice),
            "stock" => same(dice.roll(9_000).to_string()),
            _ => same(self.text(dice)),
        }
    }

    /// A text that the dialect can write.
    fn text(&self, dice: &mut Dice) -> String {
        let all = [
            "Oslo",
            "São Paulo",
            "Zürich",
            "x;y",
            "a, b",
            "p|q",
            "it's",
            "5 \"inches\"",
            "two\nlines",
            "tail\\",
        ];
        let texts: Vec<&str> = all
            .into_iter()
            .filter(|text| self.quote.is_some() || !text.contains([self.delimiter, '\n']))
            .collect();
        texts[dice.index(texts.len())].to_string()
    }

    fn field(&self, text: &str) -> String {
        let Some(quote) = self.quote else {
            return text.to_string();
        };
        let needs_quotes = text.contains([self.delimiter, quote, '\n', '\r']);
        let needs_escape = self.has_escape && text.contains('\\');
        if !needs_quotes && !needs_escape {
            return text.to_string();
        }
        let inner = if self.has_escape {
            text.replace('\\', "\\\\")
                .replace(quote, &format!("\\{quote}"))
        } else {
            text.replace(quote, &format!("{quote}{quote}"))
        };
        format!("{quote}{inner}{quote}")
    }

    fn file(&self, names: &[&str], rows: &[Vec<Cell>]) -> Vec<u8> {
        let mut text = String::new();
        if self.has_mark {
            text.push('\u{feff}');
        }
        let mut line = |cells: Vec<String>, has_tail: bool| {
            let tail = if has_tail {
                self.delimiter.to_string()
            } else {
                String::new()
            };
            let joined = cells.join(&self.delimiter.to_string());
            write!(text, "{joined}{tail}{}", self.line_end).unwrap();
        };
        for each in &self.preamble {
            line(vec![each.to_string()], false);
        }
        if self.has_header {
            line(names.iter().map(ToString::to_string).collect(), false);
        }
        for row in rows {
            let fields = row.iter().map(|cell| self.field(&cell.written));
            line(fields.collect(), self.has_trailing_delimiter);
        }
        for each in &self.footer {
            line(vec![each.to_string()], false);
        }
        match self.encoding {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            // All characters of the tables have the same number in Latin-1.
            "windows-1252" => text.chars().map(|each| each as u8).collect(),
            _ => text.into_bytes(),
        }
    }
}

const COLUMNS: [&str; 5] = ["thing_id", "amount", "sold_on", "stock", "city"];

#[test]
fn tables_in_random_dialects_are_read_right_or_refused() {
    let cases = cases(CASES);
    let mut right = 0;
    let mut refused = Vec::new();
    for seed in 1..=u64::from(cases) {
        let mut dice = Dice(seed * 104_729);
        let dialect = Dialect::random(&mut dice);
        let count = 12 + dice.roll(40);
        let mut rows: Vec<Vec<Cell>> = (0..count)
            .map(|row| {
                let cells = COLUMNS.map(|column| dialect.cell(&mut dice, column, row));
                cells.to_vec()
            })
            .collect();
        if dialect.has_escape {
            // Without a quote in a value, nothing tells whether a backslash is an escape.
            let text = "5 \"inches\"".to_string();
            rows[0][4] = Cell {
                written: text.clone(),
                meant: text,
            };
        }
        let context = format!("case {seed}: {dialect:?}");
        match read(&dialect, &rows, &context) {
            Ok(()) => right += 1,
            Err(refusal) => refused.push(format!("{context}\n{refusal}")),
        }
    }
    // Most files can be read.
    assert!(
        right > 2 * refused.len(),
        "{right} read, {} refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
}

/// Runs `elt init` and `elt run` on the file. The error is the message of the one that refuses it.
fn read(dialect: &Dialect, rows: &[Vec<Cell>], context: &str) -> Result<(), String> {
    let folder = Folder::new();
    let file = folder.write("things.csv", dialect.file(&COLUMNS, rows));
    let project = folder.path().join("p");
    let made = init(&project, &["--json"]).path("--from", &file).run();
    match made.code {
        Some(0) => {}
        Some(1) => return Err(made.stderr),
        _ => panic!("{context}: {made:?}"),
    }
    let document = made.json();
    let database = Database::with_engine();
    let out = Folder::new();
    let elt = database.elt_with(&project, &["run", "--migrate", "-q"]);
    let outcome = elt.path("--out", out.path()).run();
    match outcome.code {
        Some(0) => {}
        Some(3 | 4) => return Err(outcome.stderr),
        _ => panic!("{context}: {outcome:?}"),
    }
    let reported = database.number(
        "select coalesce(sum(rows_rejected + coalesce(lines_skipped, 0)), 0)::bigint from elt.load",
    );
    let expected_skips = dialect.preamble.iter().filter(|line| !line.is_empty());
    let expected_skips = expected_skips.count() + dialect.footer.len();
    check(
        &document,
        rows,
        &out.read("things.csv"),
        reported,
        expected_skips,
        context,
    );
    Ok(())
}

/// Each exported row is a row of the table, and each missing one was counted.
fn check(
    document: &Value,
    rows: &[Vec<Cell>],
    exported: &str,
    reported: i64,
    expected_skips: usize,
    context: &str,
) {
    let columns = document["project"]["columns"].as_array().unwrap();
    let is_text: Vec<bool> = columns
        .iter()
        .map(|column| column["sql_type"] == "text")
        .collect();
    let mut left: Vec<&Vec<Cell>> = rows.iter().collect();
    let mut reader = csv::ReaderBuilder::new().from_reader(exported.as_bytes());
    for record in reader.records() {
        let record = record.unwrap();
        let is_it = |row: &&Vec<Cell>| {
            row.iter().enumerate().all(|(index, cell)| {
                let value = record.get(index).unwrap_or_default();
                if is_text.get(index).copied().unwrap_or(true) {
                    // Texts are trimmed, and a line end is one of PostgreSQL's.
                    value == cell.written.trim() || value == cell.meant
                } else {
                    is_same(value, &cell.meant)
                }
            })
        };
        let place = left.iter().position(is_it);
        let place =
            place.unwrap_or_else(|| panic!("{context}: no such row: {record:?}\n{document:#}"));
        left.swap_remove(place);
    }
    let lost = i64::try_from(left.len()).unwrap();
    let unexpected = reported - i64::try_from(expected_skips).unwrap();
    assert!(
        lost <= unexpected.max(0),
        "{context}: {lost} rows are missing, {reported} lines were reported: {left:?}\n{document:#}"
    );
}

/// Numbers may be printed with fewer zeros.
fn is_same(value: &str, meant: &str) -> bool {
    value == meant
        || matches!((value.parse::<f64>(), meant.parse::<f64>()), (Ok(a), Ok(b)) if a.to_bits() == b.to_bits())
}
