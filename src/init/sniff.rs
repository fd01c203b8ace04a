//! What a file says of itself: how it is written, its columns, and what their values are. It is read as
//! a load would read it.

use super::values::Values;
use crate::extract::{self, Extract, Layout, Record, Reject};
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::load::copy::CopyText;
use crate::terminal::Meter;
use anyhow::{Context, Result};
use serde_json::{Map, Value};
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
    let input = extract::as_text(Box::new(file), "utf-8").with_context(reading)?;
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

fn read(path: &Path, layout: &Layout) -> Result<Sniffed> {
    let reading = || format!("could not read file \"{}\"", path.display());
    let file = File::open(path).with_context(reading)?;
    let total = file.metadata().with_context(reading)?.len();
    let mut meter = Meter::begin(format!("reading {}", path.display()), Some(total));
    // Without columns of its own the reader keeps all values by name.
    let mut extract = extract::open(layout, Box::new(file), &[], 0).with_context(reading)?;
    let mut fields: Vec<Field> = fields_of_header(extract.as_ref());
    let (mut rows, mut rejected, mut bytes) = (0, 0, 0);
    let mut copy = CopyText::default();
    let mut first_reject: Option<Reject> = None;
    while let Some(record) = extract.next(&mut copy).with_context(reading)? {
        interrupt::check()?;
        if let Record::Rejected(reject) = record {
            rejected += 1;
            first_reject.get_or_insert(reject);
            continue;
        }
        rows += 1;
        let text = copy.take(0);
        bytes += text.len() as u64;
        meter.tell(bytes.min(total), rows);
        for (key, value) in object_in(&text)? {
            match fields.iter_mut().find(|field| field.key == key) {
                Some(field) => field.values.note(&value),
                None => {
                    let mut values = Values::default();
                    values.note(&value);
                    fields.push(Field {
                        name: key.clone(),
                        key,
                        values,
                    });
                }
            }
        }
    }
    if fields.is_empty() {
        let message = format!("file \"{}\" has no columns", path.display());
        let failure = Failure::new(Exit::Failed, message);
        let failure = match first_reject {
            Some(reject) => failure.detail(format!(
                "None of its records could be read; the first, on line {}: {}.",
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
        rejected,
    })
}

fn fields_of_header(extract: &dyn Extract) -> Vec<Field> {
    let names = extract.facts().header_columns.unwrap_or_default();
    let keys = extract::kept_names(&names);
    let fields = names.into_iter().zip(keys);
    fields
        .map(|(name, key)| Field {
            name,
            key,
            values: Values::default(),
        })
        .collect()
}

/// The one field of a row's COPY text that is an object; none where no value was there.
fn object_in(text: &[u8]) -> Result<Map<String, Value>> {
    let line = text.strip_suffix(b"\n").unwrap_or(text);
    for field in line.split(|byte| *byte == b'\t') {
        if field.starts_with(b"{") {
            return Ok(serde_json::from_slice(&crate::load::copy::unescape(field))?);
        }
    }
    Ok(Map::new())
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
