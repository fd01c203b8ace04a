//! What was found in one of several files while it was read, in the words of elt.load and elt.load_file.

use super::FoundFile;
use crate::extract::digest::Digest;
use crate::extract::{ColumnDifference, FileFacts};
use crate::project::hex;
use anyhow::Result;
use serde::Serialize;

/// The columns that elt.load and elt.load_file share.
#[derive(Clone, Default, Serialize)]
pub(super) struct ReadFile {
    pub(super) rows_read: u64,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
    /// As PostgreSQL writes bytes.
    header: Option<String>,
    header_columns: Option<Vec<String>>,
    compression: Option<&'static str>,
    encoding: Option<&'static str>,
    has_byte_order_mark: Option<bool>,
    line_ends: Option<&'static str>,
    lines_skipped: Option<u64>,
    member: Option<String>,
    is_also_utf8: Option<bool>,
    new_columns: Option<Vec<String>>,
    missing_columns: Option<Vec<String>>,
}

impl ReadFile {
    pub(super) fn new(rows_read: u64, digest: &Digest, facts: &FileFacts) -> ReadFile {
        let facts = facts.clone();
        ReadFile {
            rows_read,
            size_bytes: digest.bytes(),
            sha256: digest.sha256(),
            header: facts.header.map(|header| format!("\\x{}", hex(&header))),
            header_columns: facts.header_columns,
            compression: facts.compression,
            encoding: facts.encoding,
            has_byte_order_mark: facts.has_byte_order_mark,
            line_ends: facts.line_ends,
            lines_skipped: facts.lines_skipped.map(|lines| lines.total()),
            member: facts.member,
            is_also_utf8: facts.is_also_utf8,
            new_columns: some(facts.columns.new),
            missing_columns: some(facts.columns.missing),
        }
    }
}

/// None instead of no names.
fn some(names: Vec<String>) -> Option<Vec<String>> {
    (!names.is_empty()).then_some(names)
}

/// One of the files of a load: a row of elt.load_file.
#[derive(Serialize)]
pub(super) struct FileOfLoad {
    pub(super) load_id: i64,
    pub(super) file_number: usize,
    pub(super) file_name: String,
    pub(super) location: String,
    pub(super) after_row: u64,
    pub(super) file_stamp: String,
    #[serde(flatten)]
    pub(super) read: ReadFile,
}

impl FileOfLoad {
    pub(super) fn new(load_id: i64, number: usize, file: &FoundFile, after_row: u64) -> FileOfLoad {
        FileOfLoad {
            load_id,
            file_number: number,
            file_name: file.name.clone(),
            location: file.path.to_string_lossy().into_owned(),
            after_row,
            file_stamp: file.stamp.text().to_string(),
            read: ReadFile::default(),
        }
    }
}

/// The size and hash of all files: SHA-256 of lines with the hash and the name of each file.
pub(super) fn digest_of_all(files: &[FileOfLoad]) -> Digest {
    let mut digest = Digest::default();
    for file in files {
        digest.hash(format!("{}  {}\n", file.read.sha256, file.file_name).as_bytes());
        digest.count(file.read.size_bytes);
    }
    digest
}

/// The facts that all files share.
pub(super) fn facts_of_all(facts: &[FileFacts]) -> FileFacts {
    let Some(first) = facts.first() else {
        return FileFacts::default();
    };
    let any = |fact: fn(&FileFacts) -> Option<bool>| -> Option<bool> {
        facts
            .iter()
            .filter_map(fact)
            .reduce(|one, other| one || other)
    };
    let mut columns = ColumnDifference::default();
    facts.iter().for_each(|each| columns.add(&each.columns));
    let line_ends = facts.iter().map(|each| each.line_ends);
    FileFacts {
        header: shared(facts.iter().map(|each| &each.header))
            .cloned()
            .flatten(),
        header_columns: shared(facts.iter().map(|each| &each.header_columns))
            .cloned()
            .flatten(),
        compression: shared(facts.iter().map(|each| &each.compression))
            .copied()
            .flatten(),
        encoding: shared(facts.iter().map(|each| &each.encoding))
            .copied()
            .flatten(),
        has_byte_order_mark: any(|each| each.has_byte_order_mark),
        line_ends: match first.line_ends {
            None => None,
            Some(_) => Some(
                line_ends
                    .reduce(|one, other| if one == other { one } else { Some("mixed") })
                    .flatten()
                    .unwrap_or("mixed"),
            ),
        },
        lines_skipped: facts
            .iter()
            .filter_map(|each| each.lines_skipped)
            .reduce(|one, other| one.and(other)),
        member: None,
        is_also_utf8: any(|each| each.is_also_utf8),
        columns,
        changed_while_read: None,
    }
}

/// The value, if all are equal.
fn shared<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// Writes rows of elt.load_file.
pub(super) fn record(client: &mut postgres::Client, files: &[FileOfLoad]) -> Result<()> {
    let sql =
        "insert into elt.load_file select * from jsonb_populate_recordset(null::elt.load_file, $1)";
    client.execute(sql, &[&serde_json::to_value(files)?])?;
    Ok(())
}
