//! The first records of an API, as a file that is read like an input file.

use crate::copy::{CopyText, unescape};
use crate::extract::rest::RestExtract;
use crate::extract::{Extract, Record};
use crate::failure::{Exit, Failure};
use crate::signals;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use tempfile::TempDir;

/// The number of records to read, unless one page has more.
const MOST_RECORDS: u64 = 10_000;
/// The number of pages to read.
const MOST_PAGES: u64 = 20;
const FILE: &str = "records.ndjson";

/// Columns of the staging table for what is around a record.
const OWN_COLUMNS: [&str; 2] = ["_key", "_parent"];

/// Records in a private temporary folder, which is removed on drop.
pub(super) struct Sample {
    folder: TempDir,
    pub(super) pages: u64,
    /// Whether the API has no further records.
    pub(super) is_complete: bool,
    /// Records that a load would reject.
    pub(super) rejected: u64,
    /// Columns of the staging table that the records fill, besides those of all APIs. Each record in the file has such a
    /// member.
    pub(super) own_columns: Vec<String>,
}

impl Sample {
    pub(super) fn read(mut extract: RestExtract) -> Result<Sample> {
        let columns = extract.columns().to_vec();
        let own_columns = columns
            .iter()
            .filter(|name| OWN_COLUMNS.contains(&name.as_str()));
        let mut sample = Sample {
            folder: tempfile::tempdir()?,
            pages: 1,
            is_complete: true,
            rejected: 0,
            own_columns: own_columns.cloned().collect(),
        };
        let mut file = BufWriter::new(File::create(sample.path())?);
        let mut copy = CopyText::default();
        let (mut staged, mut first_reason) = (0, None);
        while let Some(record) = extract.next(&mut copy)? {
            signals::check()?;
            let (page, line) = match record {
                Record::Rejected(reject) => {
                    first_reason.get_or_insert(reject.reason);
                    (reject.page.unwrap_or(sample.pages), None)
                }
                Record::Staged => {
                    let row = parse_row(&copy.take(0), &columns);
                    (row.page, Some(row.line()?))
                }
            };
            let is_enough = page > 1 && staged + sample.rejected >= MOST_RECORDS;
            if is_enough || page > MOST_PAGES {
                sample.is_complete = false;
                break;
            }
            sample.pages = page;
            match line {
                Some(line) => {
                    file.write_all(&line)?;
                    staged += 1;
                }
                None => sample.rejected += 1,
            }
        }
        file.flush()?;
        match first_reason {
            Some(reason) if staged == 0 => Err(none_fit(&reason)),
            _ => Ok(sample),
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }
}

fn none_fit(reason: &str) -> anyhow::Error {
    Failure::new(Exit::Failed, "a load would reject all records of the API")
        .detail(format!("The first record: {reason}."))
        .hint("Check --set records_at=PATH.")
        .into()
}

#[derive(Default)]
struct Row {
    page: u64,
    record: Vec<u8>,
    /// Values of the own columns.
    members: Vec<(String, String)>,
}

/// A row of COPY text.
fn parse_row(text: &[u8], columns: &[String]) -> Row {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let mut row = Row::default();
    for (field, column) in text.split(|byte| *byte == b'\t').zip(columns) {
        let value = (field != b"\\N").then(|| unescape(field));
        let value_text = || {
            let value = value.as_deref().unwrap_or_default();
            String::from_utf8_lossy(value).into_owned()
        };
        match column.as_str() {
            "payload" => row.record = value.unwrap_or_default(),
            "_page" => row.page = value_text().parse().unwrap_or_default(),
            own if OWN_COLUMNS.contains(&own) && value.is_some() => {
                row.members.push((own.into(), value_text()));
            }
            _ => {}
        }
    }
    row
}

impl Row {
    /// The record on one line, with the own columns as its first members.
    fn line(self) -> Result<Vec<u8>> {
        let mut line = vec![b'{'];
        for (name, value) in self.members {
            let member = format!("\"{name}\":{},", Value::from(value));
            line.extend(member.bytes());
        }
        // Texts in JSON have no line ends.
        let record = self.record.into_iter();
        let record: Vec<u8> = record
            .map(|byte| {
                if matches!(byte, b'\n' | b'\r') {
                    b' '
                } else {
                    byte
                }
            })
            .collect();
        let members = record
            .strip_prefix(b"{")
            .context("the record is not an object")?;
        if members.trim_ascii_start().starts_with(b"}") && line.ends_with(b",") {
            line.pop();
        }
        line.extend(members);
        line.push(b'\n');
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_a_line_with_its_own_columns() -> Result<()> {
        let columns = ["payload", "_row", "_page", "_key"].map(String::from);
        let line = |text: &str| -> Result<String> {
            let line = parse_row(text.as_bytes(), &columns).line()?;
            Ok(String::from_utf8_lossy(&line).into_owned())
        };
        assert_eq!(
            line("{\\n\"a\": 1.50}\t1\t2\tit\"s\n")?,
            "{\"_key\":\"it\\\"s\", \"a\": 1.50}\n"
        );
        assert_eq!(line("{ }\t1\t2\tk\n")?, "{\"_key\":\"k\" }\n");
        assert_eq!(line("{}\t1\t2\t\\N\n")?, "{}\n");
        Ok(())
    }
}
