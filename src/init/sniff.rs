//! Inspects a file: its format, its columns and their values. It is read as a load would read it.

use super::key;
use super::names::snake_case;
use super::values::{Values, text_of};
use crate::copy::CopyText;
use crate::extract::{self, Layout, Record, Reject};
use crate::failure::{Exit, Failure};
use crate::signals;
use crate::terminal::Meter;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// What may stand between the fields of a header, the usual one first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) struct Sniffed {
    pub(super) layout: Layout,
    pub(super) fields: Vec<Field>,
    pub(super) rows: u64,
    pub(super) rejected: u64,
}

pub(super) struct Field {
    /// As in the header; of documents their key.
    pub(super) name: String,
    /// Under which the reader keeps it, where the staging table has no column for it.
    pub(super) key: String,
    pub(super) values: Values,
    /// Hashes of its values in the first rows, 0 for a missing one; None if it cannot be a key.
    pub(super) sample: Option<Vec<u64>>,
}

impl Field {
    /// One more value, behind so many rows.
    fn note(&mut self, value: &Value, row: u64, rows_before: u64) {
        self.values.note(value, row);
        let rows_before = usize::try_from(rows_before).unwrap_or(usize::MAX);
        if let Some(sample) = &mut self.sample
            && rows_before < key::SAMPLED
            && let Some(text) = text_of(value)
        {
            sample.resize(rows_before, 0);
            sample.push(key::hash(&text));
        }
    }
}

pub(super) fn sniff(path: &Path) -> Result<Sniffed> {
    let start = start_of(path)?;
    let is_json = is_named_json(path)
        || start
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .is_some_and(|first| [b'[', b'{'].contains(first));
    let mut layout = Layout {
        format: if is_json { "json" } else { "csv" }.into(),
        delimiter: delimiter_of(&start),
        ..Layout::default()
    };
    let sniffed = read(path, &layout)?;
    if sniffed.rejected == 0 || std::str::from_utf8(&without_last(&start)).is_ok() {
        return Ok(Sniffed { layout, ..sniffed });
    }
    // It is no UTF-8; of the others this one has a character for every byte.
    layout.encoding = "windows-1252".into();
    let again = read(path, &layout)?;
    match again.rejected < sniffed.rejected {
        true => Ok(Sniffed { layout, ..again }),
        false => Ok(sniffed),
    }
}

/// One that is called so is not taken for anything else, whatever is in it.
fn is_named_json(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
    [".json", ".ndjson", ".jsonl"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Its first lines, unpacked.
fn start_of(path: &Path) -> Result<Vec<u8>> {
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    let input = extract::open_text(Box::new(file), "utf-8").with_context(reading)?;
    let mut start = Vec::new();
    let mut input = BufReader::new(input.take(1024 * 1024));
    while start.len() < 64 * 1024 && input.read_until(b'\n', &mut start).with_context(reading)? > 0
    {
    }
    Ok(start
        .strip_prefix(b"\xef\xbb\xbf")
        .map_or(start.clone(), <[u8]>::to_vec))
}

/// The last character may be cut in two.
fn without_last(start: &[u8]) -> Vec<u8> {
    start[..start.len().saturating_sub(4)].to_vec()
}

/// The one that the first line has most of.
fn delimiter_of(start: &[u8]) -> u8 {
    let line = start
        .split(|byte| *byte == b'\n')
        .find(|line| !line.trim_ascii().is_empty());
    let line = line.unwrap_or_default();
    let count = |delimiter: &u8| line.iter().filter(|byte| *byte == delimiter).count();
    // Of several the first.
    DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(count)
        .unwrap_or(b',')
}

/// Takes what `records` reads.
trait Reader {
    /// The names of the header, if the file has one.
    fn header(&mut self, _names: &[String]) {}

    /// A record with its `_row`.
    fn record(&mut self, row: u64, record: Map<String, Value>);
}

/// Gathers what there is to know of each column.
#[derive(Default)]
struct Columns {
    fields: Vec<Field>,
    /// By the keys of the records.
    places: HashMap<String, usize>,
    sampled: usize,
    rows: u64,
}

impl Columns {
    fn add(&mut self, name: String, key: String) -> usize {
        let place = self.fields.len();
        let is_sampled = key::may_be_key(&snake_case(&name), place, self.sampled);
        self.sampled += usize::from(is_sampled);
        self.places.insert(key.clone(), place);
        self.fields.push(Field {
            name,
            key,
            values: Values::default(),
            sample: is_sampled.then(Vec::new),
        });
        place
    }
}

impl Reader for Columns {
    fn header(&mut self, names: &[String]) {
        for (name, key) in names.iter().zip(extract::extra_names(names)) {
            self.add(name.clone(), key);
        }
    }

    fn record(&mut self, row: u64, record: Map<String, Value>) {
        for (key, value) in record {
            let place = match self.places.get(&key) {
                Some(place) => *place,
                None => self.add(key.clone(), key),
            };
            self.fields[place].note(&value, row, self.rows);
        }
        self.rows += 1;
    }
}

fn read(path: &Path, layout: &Layout) -> Result<Sniffed> {
    let mut columns = Columns::default();
    let outcome = records(path, layout, &mut columns)?;
    let Columns { fields, rows, .. } = columns;
    if fields.is_empty() {
        let message = format!("file \"{}\" has no columns", path.display());
        let failure = Failure::new(Exit::Failed, message);
        let failure = match outcome.first_reject {
            Some(reject) => failure.detail(format!(
                "No record could be read; the first, on line {}: {}.",
                reject.line, reject.reason
            )),
            None => failure,
        };
        return Err(failure
            .hint("Name a CSV file with a header, or a JSON file of objects.")
            .into());
    }
    Ok(Sniffed {
        layout: layout.clone(),
        fields,
        rows,
        rejected: outcome.rejected,
    })
}

/// What a choice of key columns comes to, over the whole file.
#[derive(Clone, Default)]
pub(super) struct KeyFacts {
    /// Rows in which one of the columns is missing.
    pub(super) missing: u64,
    /// Rows whose key an earlier row has.
    pub(super) repeated: u64,
}

impl KeyFacts {
    pub(super) fn is_key(&self) -> bool {
        self.missing == 0 && self.repeated == 0
    }
}

/// Looks at each choice of columns, named by their keys in the reader's records.
pub(super) fn key_facts(
    path: &Path,
    layout: &Layout,
    choices: &[Vec<&str>],
) -> Result<Vec<KeyFacts>> {
    let mut keys = Keys {
        choices,
        facts: vec![KeyFacts::default(); choices.len()],
        seen: vec![HashSet::new(); choices.len()],
    };
    records(path, layout, &mut keys)?;
    Ok(keys.facts)
}

struct Keys<'a> {
    choices: &'a [Vec<&'a str>],
    facts: Vec<KeyFacts>,
    /// Hashes of the keys so far.
    seen: Vec<HashSet<u64>>,
}

impl Reader for Keys<'_> {
    fn record(&mut self, _row: u64, record: Map<String, Value>) {
        for (index, choice) in self.choices.iter().enumerate() {
            let parts = choice.iter().map(|key| {
                let value = record.get(*key).and_then(text_of);
                value.map_or(0, |text| key::hash(&text))
            });
            let facts = &mut self.facts[index];
            match key::hash_all(parts) {
                None => facts.missing += 1,
                Some(hash) => facts.repeated += u64::from(!self.seen[index].insert(hash)),
            }
        }
    }
}

/// What came of reading a file.
struct Outcome {
    rejected: u64,
    first_reject: Option<Reject>,
}

/// Hands the file over, record by record.
fn records(path: &Path, layout: &Layout, reader: &mut impl Reader) -> Result<Outcome> {
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    let total = file.metadata().with_context(reading)?.len();
    let mut meter = Meter::begin(format!("reading {}", path.display()), Some(total));
    // Without columns of its own the reader keeps all values by name.
    let mut extract = extract::open(layout, Box::new(file), &[], 0).with_context(reading)?;
    reader.header(&extract.facts().header_columns.unwrap_or_default());
    let (mut rows, mut bytes) = (0, 0);
    let mut copy = CopyText::default();
    let mut outcome = Outcome {
        rejected: 0,
        first_reject: None,
    };
    while let Some(record) = extract.next(&mut copy).with_context(reading)? {
        signals::check()?;
        if let Record::Rejected(reject) = record {
            outcome.rejected += 1;
            outcome.first_reject.get_or_insert(reject);
            continue;
        }
        rows += 1;
        let text = copy.take(0);
        bytes += text.len() as u64;
        meter.tell(bytes.min(total), rows);
        let (row, object) = row_in(&text)?;
        reader.record(row, object);
    }
    Ok(outcome)
}

/// The number of a row, and the one field of its COPY text that is an object; none where no value was
/// there.
fn row_in(text: &[u8]) -> Result<(u64, Map<String, Value>)> {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    let (mut row, mut object) = (0, Map::new());
    for field in line.split(|byte| *byte == b'\t') {
        if field.starts_with(b"{") {
            object = serde_json::from_slice(&crate::copy::unescape(field))?;
        } else if let Ok(number) = String::from_utf8_lossy(field).parse() {
            row = number;
        }
    }
    Ok((row, object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_delimiter() {
        assert_eq!(delimiter_of(b"a,b;c,d\n1;2;3;4"), b',');
        assert_eq!(delimiter_of(b"\na;b\n"), b';');
        assert_eq!(delimiter_of(b"a\tb"), b'\t');
        assert_eq!(delimiter_of(b"alone"), b',');
    }
}
