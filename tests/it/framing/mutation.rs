//! Mutated files on a real server: PostgreSQL must accept every record that the program accepts.

use super::{Framing, utf_16};
use crate::support::Elt;
use std::fmt::Write;

/// The number of records of one file, and the number of files, unless ELT_MUTATIONS is set. Each file is a load.
const RECORDS: usize = 4_000;
const FILES: u64 = 60;

/// Random numbers that are the same on every machine: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

const SPECIAL: &[u8] = b"\",;'|\t\n\r\0\xff\xfe{}[]\\:0eu ";

/// Makes one random change.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let to = (at + random.below(12)).min(bytes.len());
    match random.below(5) {
        0 if at < to => bytes[at] ^= 1 << random.below(8),
        1 => drop(bytes.drain(at..to)),
        2 | 3 => bytes.insert(at, SPECIAL[random.below(SPECIAL.len())]),
        _ => {
            let moved = bytes[at..to].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, moved);
        }
    }
}

const NUMBERS: [&str; 18] = [
    "0",
    "-0",
    "0.0",
    "-0.0e0",
    "1e308",
    "1E+0308",
    "1e309",
    "4.9e-324",
    "1e-400",
    "0e400",
    "0e401",
    "-1e-401",
    "9223372036854775808",
    "123456789012345678901234567890.00001",
    "1e+",
    "01",
    ".5",
    "1.",
];
const TEXTS: [&str; 24] = [
    "",
    "a",
    "ä",
    "€",
    "𝄞",
    "\u{feff}",
    "\u{2028}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10ffff}",
    "\u{202e}x",
    "e\u{301}",
    "\u{7f}",
    "\u{85}",
    "\\u00e4",
    "\\ud834\\udd1e",
    "\\ud834",
    "\\udd1e\\ud834",
    "\\u0000",
    "\\uffff",
    "\\uFDD0",
    "\\\"\\\\\\/\\b\\f\\n\\r\\t",
    "\\x",
    "\\.",
];

/// A random JSON value, often an invalid one.
fn value(random: &mut Random, depth: usize) -> String {
    match random.below(if depth > 4 { 3 } else { 8 }) {
        0 => random.one_of(&NUMBERS).into(),
        1 => format!("\"{}{}\"", random.one_of(&TEXTS), random.one_of(&TEXTS)),
        2 => random
            .one_of(&["null", "true", "false", "\"x\"", "{}", "[]", "nul"])
            .into(),
        3 => {
            let depth = [1, 100, 126, 127, 128, 129, 200][random.below(7)];
            format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
        }
        4 => {
            let digits = [1, 17, 900, 999, 1_000, 1_001][random.below(6)];
            format!("{}{}", random.one_of(&["", "0.", "1."]), "9".repeat(digits))
        }
        5 => document(random, depth + 1),
        _ => {
            let values: Vec<String> = (0..random.below(4))
                .map(|_| value(random, depth + 1))
                .collect();
            format!("[{}]", values.join(random.one_of(&[",", " ,\t"])))
        }
    }
}

fn document(random: &mut Random, depth: usize) -> String {
    let mut text = String::from("{");
    for index in 0..random.below(4) {
        let comma = if index > 0 { "," } else { "" };
        let key = match random.below(3) {
            0 => random.one_of(&TEXTS).to_string(),
            _ => index.to_string(),
        };
        write!(text, "{comma}\"{key}\":{}", value(random, depth)).unwrap();
    }
    text + "}"
}

fn case_count() -> Option<usize> {
    std::env::var("ELT_MUTATIONS").ok()?.parse().ok()
}

/// Prints the case if its test fails.
struct ShownCase(u64);

impl Drop for ShownCase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("case {}", self.0);
        }
    }
}

impl Framing {
    /// Checks the counts in elt.load. Returns the numbers of staged and rejected rows.
    fn counted(&self, source: &str) -> (i64, i64) {
        let load_id = self.live(source).load_id;
        let count = |what: &str| {
            let sql = format!("select count(*) from {what} where {{}}_load_id = {load_id}");
            let column = if what == "elt.reject" {
                "load_id"
            } else {
                "_load_id"
            };
            self.database.number(&sql.replace("{}_load_id", column))
        };
        let (staged, rejected) = (count(&format!("staging.{source}")), count("elt.reject"));
        let sql = format!(
            "select count(*) from elt.load where load_id = {load_id} and rows_staged = {staged} \
             and rows_rejected = {rejected} and rows_read = {staged} + {rejected}"
        );
        assert_eq!(self.database.number(&sql), 1);
        (staged, rejected)
    }

    /// Checks what is true after every load.
    fn adds_up(&self) {
        let left = "select count(*) from elt.load where (rows_read <> rows_staged + rows_rejected) \
                    or (staging_dropped_at is null) is distinct from \
                    (to_regclass(format('staging.%I', source || '_load_' || load_id)) is not null) \
                    or (state <> 'published' and staging_dropped_at is null) \
                    or state not in ('published', 'failed')";
        assert_eq!(self.database.number(left), 0);
    }
}

#[test]
fn the_server_accepts_every_staged_document() {
    let framing = Framing::new();
    let mut random = Random(7);
    let mut file = b"{}\n".to_vec();
    for _ in 0..case_count().unwrap_or(RECORDS) {
        let mut document = document(&mut random, 0).into_bytes();
        for _ in 0..random.below(3) {
            mutate(&mut document, &mut random);
        }
        file.extend(document);
        file.push(b'\n');
    }
    framing.load("documents", &file);
    let (staged, rejected) = framing.counted("documents");
    assert!(staged > 500 && rejected > 500, "{staged} and {rejected}");
}

#[test]
fn the_server_accepts_every_staged_line() {
    let framing = Framing::new();
    let mut random = Random(8);
    let mut file = b"a,note,b\n".to_vec();
    for _ in 0..case_count().unwrap_or(RECORDS) {
        let texts = [0, 1, 2].map(|_| match random.below(3) {
            0 => format!("\"{}\"", random.one_of(&TEXTS).replace('"', "\"\"")),
            1 => random
                .one_of(&["\\N", "\\", "1", "x\ty", "\"a\nb\"", "\"a\"\"b\""])
                .into(),
            _ => random.one_of(&TEXTS).replace('"', ""),
        });
        let mut line = texts.join(",").into_bytes();
        for _ in 0..random.below(3) {
            mutate(&mut line, &mut random);
        }
        file.extend(line);
        file.push(b'\n');
    }
    framing.load("lines", &file);
    let (staged, rejected) = framing.counted("lines");
    assert!(staged > 500 && rejected > 500, "{staged} and {rejected}");
}

#[test]
fn the_load_of_a_mutated_file_publishes_or_fails_cleanly() {
    let framing = Framing::new();
    let tables = [
        "a,b\n1,\"2\"\n\"3\n\",4\n",
        "\u{feff}b,c,a\r\n1,2,3\r\n4,5,6\r\n",
        "a,b\n\"open,1\n2,3\n",
    ];
    let documents = [
        "[{\"a\":1},\n{\"a\":\"\\u00e4\"},7]",
        "\u{feff}{\"a\":1}\n{\"b\":[2]}\n{}\n",
    ];
    let mut ends = [0; 5];
    for case in 0..case_count().map_or(FILES, |count| count as u64 / 10) {
        let shown = ShownCase(case);
        let mut random = Random(case);
        let (source, text) = match case % 2 {
            0 => ("lines", random.one_of(&tables)),
            _ => ("documents", random.one_of(&documents)),
        };
        let mut file = match random.below(4) {
            0 => utf_16(text),
            _ => text.as_bytes().to_vec(),
        };
        let is_packed = random.below(4) == 0;
        let mut happens =
            |file: &mut Vec<u8>| (0..random.below(6)).for_each(|_| mutate(file, &mut random));
        happens(&mut file);
        if is_packed {
            file = zstd::encode_all(file.as_slice(), 1).unwrap();
            happens(&mut file);
        }
        framing.write(source, &file);
        let elt: Elt = framing.elt(&["load", source, "--force"]);
        let outcome = elt.path("--data", framing.data.path()).run();
        match outcome.code {
            Some(0) => drop(framing.counted(source)),
            Some(1 | 4) => assert!(outcome.stderr.starts_with("elt: "), "{}", outcome.stderr),
            code => panic!("{code:?}: {}", outcome.stderr),
        }
        ends[outcome.code.unwrap() as usize] += 1;
        assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
        framing.adds_up();
        drop(shown);
    }
    assert!(ends[0] > 5 && ends[1] > 5, "{ends:?}");
}
