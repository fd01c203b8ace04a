//! Mutated files: for any bytes, any read sizes and any format settings, each record is staged or rejected, with
//! its position and its original bytes. They call private functions and therefore are not in `tests/`.
//! `ELT_MUTATIONS=100000 cargo test --release extract::tests` tries more.

mod layouts;
mod mutate;
mod read;
mod written;

use super::*;
use crate::copy::unescape;
use layouts::{count_record_lines, decorate, random_columns, random_layout};
use mutate::{Random, encoded, mutate};
use read::{Outcome, check};

/// The number of files of each format, unless ELT_MUTATIONS is set.
const MUTATIONS: u64 = 10_000;

const TABLES: [&str; 9] = [
    "a,b\n1\\,2,\"3\\\"\"\n\\N,4\\\n5\n^,^,^\"\n\"^\n\",\\\\\n",
    "a\n1\n\n\"\"\r\n\r\n2\n\n",
    "a,b,c\n1\n2,\n3,4\n5,\"6\n7\"\n\n8,9,10\n",
    "a,b\n1,2\n3,4\n5,6\n",
    "b,note,a\r\n1,\"x, \"\"y\"\"\",2\r\n3,,4\r\n\r\n\"5\",\"over\r\nlines\",6\r\n",
    "a,b\n\"\",''\n'it''s','a\nb'\n\"open,2\n3,4\n5,6\"\n7,8",
    "A;B;c;c;\nä;€;𝄞;\u{feff};\u{0}\n\\N;NULL;\\;\t;x\n\"ä\";\"€;\n\";1;2;3\n",
    "a\tb\n1\t2\n\"3\"\t\"4\t5\"\n",
    "a|b\n1|2\na|b\n3|4\n\n\n5|6|7\n8\n",
];

const DOCUMENTS: [&str; 13] = [
    "[{\"a\":1},{\"a\":[2,{\"b\":null}]},\n {\"a\":\"x\\\"y\\\\\",\"b\":1.5e3}]\n",
    "{\"a\":1}\n{\"a\":\"\\u00e4\\ud834\\udd1e\"}\n\n  {\"b\":true}\r\n{\"c\":[]}",
    "[]",
    "[ {\"ä\":\"€𝄞\"} , 7, \"x\", {\"a\":\"\\u0000\"}, {\"a\":\"\\ud800\"}, {\"a\":1e999},,]",
    "{\"a\":{\"a\":{\"a\":[[[[1]]]]}},\"a\":2}\n{\"a\":\n\"open}\n{\"a\":-0.0}\n{}\n",
    "[{\"a\":\"open},\n{\"a\":2},\n{\"b\":[1,2},{\"c\":3}]",
    "{\n \"a\": 1,\n \"b\": {\n}}\n{\n \"a\": \"ä\"\n}{\"c\":\n[]}\n",
    "{\"a\":1}{\"b\":\"€\"} {\"c\":[{}]}\n{}{}\n{\"d\":1e999}",
    "[[\"a\",\"b\"],[1,\"x\"],[2,null],\n[[],{}]]",
    "[\"a\",\"b\"]\n[1,2]\r\n[3,\"]\"]\n",
    "{\"n\":{\"a\":[1]},\"a\":[{\"a\":1},{\"b\":\"]\"},\n{\"c\":{}}],\"z\":\"\\\"}\"}",
    "{\"a\":{\"x\":{\"n\":1},\"y\":[\"€\"],\n\"z\":0},\"b\":[{}]}\n{\"a\":{}}",
    "{\"a\":[[\"x\",\"y\"],[1,2],\n[3,4]],\"b\":{}}",
];

/// Prints the case if its test fails.
struct ShownCase(u64, Vec<u8>);

impl Drop for ShownCase {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("case {}: \"{}\"", self.0, self.1.escape_ascii());
        }
    }
}

fn mutations() -> u64 {
    let asked = std::env::var("ELT_MUTATIONS").ok();
    asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(MUTATIONS)
}

#[test]
fn no_record_of_a_mutated_csv_file_is_lost() {
    for case in 0..mutations() {
        let mut random = Random(case);
        let (layout, written) = random_layout(&mut random);
        let columns = random_columns(&layout, &mut random);
        let text = random.one_of(&TABLES);
        let mut text = decorate(&layout, text, &mut random);
        if random.below(4) > 0 {
            let delimiter = char::from(layout.delimiter).to_string();
            text = text.replace([',', ';', '\t', '|'], &delimiter);
        }
        let mark = if random.below(4) == 0 { "\u{feff}" } else { "" };
        let head = match random.below(4) {
            0 => 0,
            _ => text.find('\n').map_or(0, |end| end + 1),
        };
        let mut file = encoded(&format!("{mark}{}", &text[..head]), written);
        let mut body = encoded(&text[head..], written);
        for _ in 0..random.below(9) {
            mutate(&mut body, &mut random);
        }
        file.extend(body);
        let shown = ShownCase(case, file);
        let (read, staged) = check(&layout, &columns, &shown.1, &mut random);
        let mut rows: Vec<u64> = read.rejects.iter().map(|reject| reject.0).collect();
        rows.extend(&staged);
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(
            rows.len(),
            read.records,
            "each record begins on another line"
        );
        if written == "utf-8" && layout.encoding == "utf-8" && !read.copy.is_empty() {
            check_plain_lines(&layout, &shown.1, &read);
        }
        let is_utf8 = layout.encoding == "utf-8" && !has_utf16_mark(&shown.1);
        if is_utf8 && layout.quote.is_none() && layout.escape.is_none() && read.error.is_none() {
            let lines = count_record_lines(&layout, &shown.1, read.fields);
            assert_eq!(read.records, lines, "each line is a record");
        }
    }
}

fn has_utf16_mark(file: &[u8]) -> bool {
    file.starts_with(b"\xff\xfe") || file.starts_with(b"\xfe\xff")
}

/// Checks that lines without a quote were split at the delimiter.
fn check_plain_lines(layout: &Layout, file: &[u8], read: &Outcome) {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let lines: Vec<&[u8]> = file.split(|byte| *byte == b'\n').collect();
    let is_null = |value: &[u8]| {
        value.is_empty() || layout.null_text.as_deref().map(str::as_bytes) == Some(value)
    };
    for row in read
        .copy
        .split(|byte| *byte == b'\n')
        .filter(|row| !row.is_empty())
    {
        let fields: Vec<&[u8]> = row.split(|byte| *byte == b'\t').collect();
        let number = std::str::from_utf8(fields[read.columns - 2]).expect("_row is a number");
        let line = lines[number.parse::<usize>().expect("_row is a number") - 1];
        let signs = [layout.quote, layout.escape];
        if signs.iter().flatten().any(|sign| line.contains(sign)) {
            continue;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut values: Vec<&[u8]> = line.split(|byte| *byte == layout.delimiter).collect();
        values.retain(|value| !is_null(value));
        let mut staged: Vec<Vec<u8>> = Vec::new();
        for field in &fields[..read.columns - 2] {
            if *field != b"\\N" {
                staged.push(unescape(field));
            }
        }
        if fields[read.columns - 1] != b"\\N" {
            let extra = unescape(fields[read.columns - 1]);
            let extra: std::collections::BTreeMap<String, String> =
                serde_json::from_slice(&extra).expect("_extra is an object of texts");
            staged.extend(extra.into_values().map(String::into_bytes));
        }
        staged.sort();
        values.sort_unstable();
        assert_eq!(staged, values, "row {number}");
    }
}

#[test]
fn no_document_of_a_mutated_json_file_is_lost() {
    for case in 0..mutations() {
        let mut random = Random(case ^ 0x5eed);
        let written = random.one_of(&["utf-8", "utf-8", "latin1", "utf-16", "utf-16be", "big5"]);
        let layout = Layout {
            format: "json".into(),
            encoding: written.into(),
            has_header: random.below(4) > 0,
            records_at: random
                .one_of(&[
                    None,
                    None,
                    None,
                    Some("a"),
                    Some("a.*"),
                    Some("*"),
                    Some("1"),
                ])
                .map(Into::into),
            contract: Contract {
                fills_missing: true,
                keys: random
                    .one_of(&[None, Some("a")])
                    .map(|key| vec![key.into(), "z".into()]),
                ..Contract::default()
            },
            ..Layout::default()
        };
        let mark = if random.below(4) == 0 { "\u{feff}" } else { "" };
        let text = format!("{mark}{}", random.one_of(&DOCUMENTS));
        let mut file = encoded(&text, written);
        for _ in 0..random.below(9) {
            mutate(&mut file, &mut random);
        }
        let shown = ShownCase(case, file);
        let (read, staged) = check(&layout, &[], &shown.1, &mut random);
        let mut rows: Vec<u64> = read.rejects.iter().map(|reject| reject.0).collect();
        rows.extend(&staged);
        rows.sort_unstable();
        let counted: Vec<u64> = (1..=read.records as u64).collect();
        assert_eq!(rows, counted, "the numbers have no gap");
        for row in read
            .copy
            .split(|byte| *byte == b'\n')
            .filter(|row| !row.is_empty())
        {
            let payload = row.split(|byte| *byte == b'\t').next().unwrap_or_default();
            let payload = super::with_unusual_numbers_as_strings(&unescape(payload));
            let document = serde_json::from_slice::<serde_json::Value>(&payload);
            assert!(document.is_ok_and(|document| document.is_object()));
        }
    }
}
