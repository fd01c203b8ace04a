//! Mutated files: for any bytes, any read sizes and any format settings, each record is staged or rejected, with
//! its position and its original bytes.
//! `ELT_MUTATIONS=100000 cargo test --release mutation` tries more.

use super::*;
use crate::copy::unescape;

/// Files of each format unless ELT_MUTATIONS says otherwise.
const MUTATIONS: u64 = 10_000;

const TABLES: [&str; 6] = [
    "a,b\n1,2\n3,4\n5,6\n",
    "b,note,a\r\n1,\"x, \"\"y\"\"\",2\r\n3,,4\r\n\r\n\"5\",\"over\r\nlines\",6\r\n",
    "a,b\n\"\",''\n'it''s','a\nb'\n\"open,2\n3,4\n5,6\"\n7,8",
    "A;B;c;c;\nä;€;𝄞;\u{feff};\u{0}\n\\N;NULL;\\;\t;x\n\"ä\";\"€;\n\";1;2;3\n",
    "a\tb\n1\t2\n\"3\"\t\"4\t5\"\n",
    "a|b\n1|2\na|b\n3|4\n\n\n5|6|7\n8\n",
];

const DOCUMENTS: [&str; 6] = [
    "[{\"a\":1},{\"a\":[2,{\"b\":null}]},\n {\"a\":\"x\\\"y\\\\\",\"b\":1.5e3}]\n",
    "{\"a\":1}\n{\"a\":\"\\u00e4\\ud834\\udd1e\"}\n\n  {\"b\":true}\r\n{\"c\":[]}",
    "[]",
    "[ {\"ä\":\"€𝄞\"} , 7, \"x\", {\"a\":\"\\u0000\"}, {\"a\":\"\\ud800\"}, {\"a\":1e999},,]",
    "{\"a\":{\"a\":{\"a\":[[[[1]]]]}},\"a\":2}\n{\"a\":\n\"open}\n{\"a\":-0.0}\n{}\n",
    "[{\"a\":\"open},\n{\"a\":2},\n{\"b\":[1,2},{\"c\":3}]",
];

const SPECIAL: &[u8] = b"\",;'|\t\n\r\0\xff\xfe{}[]\\:0eu ";

/// Numbers that are the same on every machine: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(12)).min(length)
    }
}

/// One thing that happens to a file.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    match random.below(7) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 => drop(bytes.drain(random.range(bytes.len()))),
        2 | 3 => bytes.insert(at, random.one_of(SPECIAL)),
        4 => {
            let copied = bytes[random.range(bytes.len())].to_vec();
            bytes.splice(at..at, copied);
        }
        5 => {
            let moved: Vec<u8> = bytes.drain(random.range(bytes.len())).collect();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, moved);
        }
        6 if random.below(4) == 0 => bytes.truncate(at),
        _ => {}
    }
}

fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-16" | "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "utf-8" => text.as_bytes().to_vec(),
        _ => text.chars().map(|character| character as u8).collect(),
    }
}

/// Gives out a few bytes at a time.
struct Drops {
    bytes: Vec<u8>,
    given: usize,
    most: usize,
    random: Random,
}

impl Read for Drops {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = 1 + self.random.below(self.most);
        let count = count.min(buffer.len()).min(self.bytes.len() - self.given);
        buffer[..count].copy_from_slice(&self.bytes[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// What came of a file.
#[derive(Debug, PartialEq)]
struct Outcome {
    columns: usize,
    copy: Vec<u8>,
    /// Row, line, byte, reason and bytes.
    rejects: Vec<(u64, u64, u64, String, Vec<u8>)>,
    records: usize,
    line_ends: Option<&'static str>,
    error: Option<String>,
}

fn read<'a>(layout: &Layout, input: impl Read + 'a) -> Outcome {
    read_into(layout, input, |_| CopyText::default(), false)
}

/// With `forwards`, lines that are rows go on as they are.
fn read_into<'a>(
    layout: &Layout,
    input: impl Read + 'a,
    text: fn(&dyn Extract) -> CopyText,
    forwards: bool,
) -> Outcome {
    let mut all = Outcome {
        columns: 0,
        copy: Vec::new(),
        rejects: Vec::new(),
        records: 0,
        line_ends: None,
        error: None,
    };
    let columns = ["a".to_string(), "b".to_string()];
    let go_on = || -> Result<()> {
        let mut extract = open(layout, Box::new(input), &columns, 0)?;
        all.columns = extract.columns().len();
        let mut copy = text(extract.as_ref());
        loop {
            if forwards {
                all.records += extract.forward(&mut copy)? as usize;
            }
            let record = extract.next(&mut copy);
            all.copy.extend(copy.take(0));
            all.line_ends = extract.facts().line_ends;
            match record? {
                None => return Ok(()),
                Some(Record::Staged) => {}
                Some(Record::Rejected(it)) => {
                    let reject = (it.row, it.line, it.offset, it.reason, it.raw);
                    all.rejects.push(reject);
                }
            }
            all.records += 1;
        }
    };
    all.error = go_on().err().map(|error| format!("{error:#}"));
    all
}

/// Of staged rows their `_row`, once each has as many fields as there are columns.
fn staged_rows(read: &Outcome, row_column: usize) -> Vec<u64> {
    let text = std::str::from_utf8(&read.copy).expect("COPY text is UTF-8");
    assert!(!text.contains('\0'));
    text.lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), read.columns, "{line:?}");
            fields[row_column].parse().expect("_row is a number")
        })
        .collect()
}

/// Line ends before a byte.
fn lines_before(file: &[u8], offset: usize, encoding: &str) -> usize {
    let before = &file[..offset];
    match encoding {
        "utf-16le" => before
            .as_chunks()
            .0
            .iter()
            .filter(|unit| **unit == *b"\n\0")
            .count(),
        "utf-16be" => before
            .as_chunks()
            .0
            .iter()
            .filter(|unit| **unit == *b"\0\n")
            .count(),
        _ => memchr::memchr_iter(b'\n', before).count(),
    }
}

/// Says which case it was, should it fail.
struct Told(u64, Vec<u8>);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("case {}: \"{}\"", self.0, self.1.escape_ascii());
        }
    }
}

/// Reads a file whole and in drops, and holds that both are the same and nothing is lost. The rows that
/// were staged.
fn check(layout: &Layout, file: &[u8], random: &mut Random) -> (Outcome, Vec<u64>) {
    let whole = read(layout, file);
    let drops = Drops {
        bytes: file.to_vec(),
        given: 0,
        most: random.one_of(&[1, 2, 3, 7, 61]),
        random: Random(random.0),
    };
    assert_eq!(whole, read(layout, drops), "read in drops");
    let read_again = |forwards| read_into(layout, file, |extract| extract.copy_text(), forwards);
    assert_eq!(read_again(false), read_again(true), "forwarded");
    let packed = match random.below(40) {
        0 => zstd::encode_all(file, 1).ok(),
        1 => {
            let mut packed = Vec::new();
            let level = flate2::Compression::fast();
            let mut packer = flate2::read::GzEncoder::new(file, level);
            packer.read_to_end(&mut packed).ok().map(|_| packed)
        }
        _ => None,
    };
    if let Some(packed) = packed {
        assert_eq!(whole, read(layout, packed.as_slice()), "packed");
    }
    let staged = match (whole.columns, layout.format.as_str()) {
        (0, _) => Vec::new(),
        (columns, "csv") => staged_rows(&whole, columns - 2),
        _ => staged_rows(&whole, 1),
    };
    assert_eq!(whole.records, staged.len() + whole.rejects.len());
    let first = file.iter().copied().take(3).collect::<Vec<_>>();
    let encoding = super::encoding::Encoding::of(&layout.encoding, &first).expect("it is known");
    let mut before = (0, 0);
    for (row, line, offset, reason, raw) in &whole.rejects {
        assert!(!reason.is_empty());
        let at = *offset as usize;
        assert_eq!(&file[at..at + raw.len()], raw, "bytes of row {row}");
        let lines = lines_before(file, at, encoding.0.name());
        assert_eq!(*line, lines as u64 + 1, "line of row {row}");
        assert!((*line, *row) > before, "they stand in order");
        before = (*line, *row);
    }
    (whole, staged)
}

fn mutations() -> u64 {
    let asked = std::env::var("ELT_MUTATIONS").ok();
    asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(MUTATIONS)
}

#[test]
fn whatever_happened_to_a_table_nothing_of_it_is_lost() {
    for case in 0..mutations() {
        let mut random = Random(case);
        let encodings = [
            "utf-8",
            "latin1",
            "windows-1252",
            "utf-16",
            "utf-16le",
            "utf-16be",
        ];
        let written = random.one_of(&encodings);
        let layout = Layout {
            delimiter: random.one_of(b",,,,;\t|"),
            quote: random.one_of(&[Some(b'"'), Some(b'"'), Some(b'\''), None]),
            encoding: match random.below(8) {
                0 => random.one_of(&encodings).into(),
                _ => written.into(),
            },
            null_text: random
                .one_of(&[None, Some("NULL"), Some("\\N")])
                .map(Into::into),
            ..Layout::default()
        };
        let mut text = random.one_of(&TABLES).to_string();
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
        let told = Told(case, file);
        let (read, staged) = check(&layout, &told.1, &mut random);
        let mut rows: Vec<u64> = read.rejects.iter().map(|reject| reject.0).collect();
        rows.extend(&staged);
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), read.records, "each begins on a line of its own");
        if written == "utf-8" && layout.encoding == "utf-8" && !read.copy.is_empty() {
            check_plain_lines(&layout, &told.1, &read);
        }
    }
}

/// Lines without a quote are split at the delimiter.
fn check_plain_lines(layout: &Layout, file: &[u8], read: &Outcome) {
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
        let number = std::str::from_utf8(fields[read.columns - 2]).expect("it is a number");
        let line = lines[number.parse::<usize>().expect("it is a number") - 1];
        if layout.quote.is_some_and(|quote| line.contains(&quote)) {
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
                serde_json::from_slice(&extra).expect("it is an object of texts");
            staged.extend(extra.into_values().map(String::into_bytes));
        }
        staged.sort();
        values.sort_unstable();
        assert_eq!(staged, values, "row {number}");
    }
}

#[test]
fn whatever_happened_to_documents_none_of_them_is_lost() {
    for case in 0..mutations() {
        let mut random = Random(case ^ 0x5eed);
        let written = random.one_of(&["utf-8", "utf-8", "utf-8", "latin1", "utf-16", "utf-16be"]);
        let layout = Layout {
            format: "json".into(),
            encoding: written.into(),
            ..Layout::default()
        };
        let mark = if random.below(4) == 0 { "\u{feff}" } else { "" };
        let text = format!("{mark}{}", random.one_of(&DOCUMENTS));
        let mut file = encoded(&text, written);
        for _ in 0..random.below(9) {
            mutate(&mut file, &mut random);
        }
        let told = Told(case, file);
        let (read, staged) = check(&layout, &told.1, &mut random);
        let mut rows: Vec<u64> = read.rejects.iter().map(|reject| reject.0).collect();
        rows.extend(&staged);
        rows.sort_unstable();
        let counted: Vec<u64> = (1..=read.records as u64).collect();
        assert_eq!(rows, counted, "each has a number of its own");
        for row in read
            .copy
            .split(|byte| *byte == b'\n')
            .filter(|row| !row.is_empty())
        {
            let payload = row.split(|byte| *byte == b'\t').next().unwrap_or_default();
            let document = serde_json::from_slice::<serde_json::Value>(&unescape(payload));
            assert!(document.is_ok_and(|document| document.is_object()));
        }
    }
}
