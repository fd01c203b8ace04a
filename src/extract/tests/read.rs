//! Reads a file in several ways, and compares the results.

use super::mutate::{Random, SlowReader};
use crate::copy::CopyText;
use crate::extract::encoding::Encoding;
use crate::extract::{Extract, Layout, Record, open};
use anyhow::Result;
use std::io::Read;

/// The result of reading a file.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome {
    pub(super) columns: usize,
    /// Fields of a record.
    pub(super) fields: usize,
    pub(super) copy: Vec<u8>,
    /// Row, line, byte, reason and bytes.
    pub(super) rejects: Vec<(u64, u64, u64, String, Vec<u8>)>,
    pub(super) records: usize,
    line_ends: Option<&'static str>,
    lines_skipped: Option<[u64; 3]>,
    pub(super) error: Option<String>,
}

fn read<'a>(layout: &Layout, columns: &[String], input: impl Read + 'a) -> Outcome {
    read_into(layout, columns, input, |_| CopyText::default(), false)
}

/// With `forwards`, lines are copied unchanged where that is possible.
fn read_into<'a>(
    layout: &Layout,
    columns: &[String],
    input: impl Read + 'a,
    text: fn(&dyn Extract) -> CopyText,
    forwards: bool,
) -> Outcome {
    let mut all = Outcome {
        columns: 0,
        fields: 0,
        copy: Vec::new(),
        rejects: Vec::new(),
        records: 0,
        line_ends: None,
        lines_skipped: None,
        error: None,
    };
    let read_all = || -> Result<()> {
        let mut extract = open(layout, Box::new(input), columns, 0)?;
        all.columns = extract.columns().len();
        all.fields = extract
            .facts()
            .header_columns
            .map_or(0, |names| names.len());
        let mut copy = text(extract.as_ref());
        loop {
            if forwards {
                all.records += extract.forward(&mut copy)? as usize;
            }
            let record = extract.next(&mut copy);
            all.copy.extend(copy.take(0));
            let facts = extract.facts();
            all.line_ends = facts.line_ends;
            all.lines_skipped = facts
                .lines_skipped
                .map(|lines| [lines.above, lines.comments, lines.at_end]);
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
    all.error = read_all().err().map(|error| format!("{error:#}"));
    all
}

/// The `_row` of each staged row. Each row must have a field for each column.
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

/// The number of line ends before a byte.
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

/// Reads a file whole, in small pieces, forwarded and compressed, and checks that the results are equal and no
/// record is lost. Returns the `_row` of each staged row.
pub(super) fn check(
    layout: &Layout,
    columns: &[String],
    file: &[u8],
    random: &mut Random,
) -> (Outcome, Vec<u64>) {
    let whole = read(layout, columns, file);
    let pieces = SlowReader {
        bytes: file.to_vec(),
        given: 0,
        most: random.one_of(&[1, 2, 3, 7, 61]),
        random: Random(random.0),
    };
    assert_eq!(whole, read(layout, columns, pieces), "read in small pieces");
    let read_again = |forwards| {
        read_into(
            layout,
            columns,
            file,
            |extract| extract.copy_text(),
            forwards,
        )
    };
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
        assert_eq!(whole, read(layout, columns, packed.as_slice()), "packed");
    }
    let staged = match (whole.columns, layout.format.as_str()) {
        (0, _) => Vec::new(),
        (columns, "csv") => staged_rows(&whole, columns - 2),
        _ => staged_rows(&whole, 1),
    };
    assert_eq!(whole.records, staged.len() + whole.rejects.len());
    let encoding = Encoding::detect(&layout.encoding, file).expect("the encoding is known");
    let mut before = (0, 0);
    for (row, line, offset, reason, raw) in &whole.rejects {
        assert!(!reason.is_empty());
        let at = *offset as usize;
        assert_eq!(&file[at..at + raw.len()], raw, "bytes of row {row}");
        let lines = lines_before(file, at, encoding.0.name());
        assert_eq!(*line, lines as u64 + 1, "line of row {row}");
        assert!((*line, *row) > before, "rejects are in order");
        before = (*line, *row);
    }
    (whole, staged)
}
