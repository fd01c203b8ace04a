//! Refuses a file in which no table was found, and shows its first lines as they were read.

use super::choices::{fields, shorten, sign};
use super::{Findings, SampleRecord};
use crate::failure::{Exit, Failure};
use crate::init::input_path::InputPath;
use anyhow::Result;

/// Lines to show.
const SHOWN: usize = 8;

/// # Errors
/// If more than half of the records of the sample do not fit.
pub(super) fn require_table(path: &InputPath, found: &Findings) -> Result<()> {
    let records = &found.candidate.records;
    let body = found.table.body(records);
    let misfits = body
        .iter()
        .filter(|record| !found.table.fits(record))
        .count();
    if misfits * 2 <= body.len() {
        return Ok(());
    }
    let dialect = found.candidate.dialect;
    let width = fields(found.table.width);
    let line = records
        .get(found.table.start)
        .map_or(1, |record| record.line);
    let message = format!("could not find a table in file \"{}\"", path.display());
    Err(Failure::new(Exit::Failed, message)
        .detail(format!(
            "{misfits} of {} records do not have the {width} of line {line}, with delimiter {}, quote {} and escape {}. \
             Nothing was written.",
            body.len(),
            sign(Some(dialect.delimiter)),
            sign(dialect.quote),
            sign(dialect.escape),
        ))
        .private_details(first_lines(records))
        .hint(
            "Tell how the file is written: --delimiter SIGN, --quote none, --escape SIGN, --header-line N for a table that \
             begins further down, --no-header, --comment PREFIX, --short-records, or --footer-lines N.",
        )
        .into())
}

fn first_lines(records: &[SampleRecord]) -> Vec<String> {
    let shown = records.iter().take(SHOWN);
    let described = shown.map(|record| {
        let cells = record.cells.iter().take(SHOWN);
        let cells: Vec<String> = cells
            .map(|cell| format!("[{}]", shorten(&cell.text)))
            .collect();
        let dots = if record.count() > SHOWN { " ..." } else { "" };
        let count = if record.is_broken {
            "a misplaced quote".to_string()
        } else {
            fields(record.count())
        };
        format!("line {}, {count}: {}{dots}", record.line, cells.join(" "))
    });
    let title = "The first lines, as they were read:".to_string();
    std::iter::once(title).chain(described).collect()
}
