//! Detects how a CSV file is written and where its table is, from its first and last lines. Each setting that differs
//! from a plain CSV file is a choice with its reason, which an option overrides.

mod candidate;
mod cell_kind;
mod choices;
mod comment;
mod dialect;
mod footer;
mod header;
mod refusal;
mod sample;
mod scan;
mod table;
#[cfg(test)]
mod tests;

use super::layout::{LayoutChoice, LayoutOptions};
use crate::extract::{self, Layout};
use crate::init::input_path::InputPath;
use anyhow::{Context, Result};
use candidate::Candidate;
use comment::choose_comment;
use footer::find_footer;
use scan::{SampleRecord, Text, scan};

use table::{Table, accept_short_records, find_table};

pub(super) use sample::Sample;

/// The layout of a CSV file, and its differences from a plain one.
pub(super) struct Detected {
    pub(super) layout: Layout,
    pub(super) choices: Vec<LayoutChoice>,
    /// A doubt about the header.
    pub(super) warning: Option<String>,
}

/// What was found in a sample.
struct Findings {
    candidate: Candidate,
    table: Table,
    comment: Option<String>,
    /// Comment lines in the sample, above the table and in it.
    comment_lines: usize,
    footer: Footer,
    /// Whether the first line names the delimiter, as `sep=;`.
    names_delimiter: bool,
}

/// Lines at the end that are no records.
#[derive(Default)]
struct Footer {
    lines: u64,
    /// Its first line.
    text: String,
}

/// Detects the layout.
///
/// # Errors
/// If most records of the sample do not fit.
pub(super) fn detect(
    path: &InputPath,
    sample: &Sample,
    options: &LayoutOptions,
) -> Result<Detected> {
    let reading = || format!("could not read file \"{}\"", path.display());
    extract::refuse_only_carriage_returns(&sample.start).with_context(reading)?;
    let findings = find(sample, options);
    refusal::require_table(path, &findings)?;
    Ok(choices::layout(&findings, sample, options))
}

fn find(sample: &Sample, options: &LayoutOptions) -> Findings {
    let mut options = options.clone();
    let mut text = Text {
        bytes: &sample.start,
        line: 1,
    };
    let named = named_delimiter(&sample.start).filter(|_| options.header_line.is_none());
    if let Some(delimiter) = named {
        options.delimiter.get_or_insert(delimiter);
        text = text.skip_to(2);
    }
    if let Some(line) = options.header_line {
        text = text.skip_to(line);
    }
    let (comment, candidate) = choose_comment(text, &options);
    let mut table = find_table(&candidate, &options);
    let dialect = candidate.dialect;
    let read = |bytes: &[u8]| {
        let end = Text { bytes, line: 1 };
        let records = scan(end, dialect, comment.as_deref(), usize::MAX);
        footer_of(end, &records, &table)
    };
    let (footer, body_end) = match (options.footer_lines, &sample.end) {
        (Some(lines), end) => {
            let cut = if end.is_none() { lines } else { 0 };
            let records = candidate.records.len();
            let cut = usize::try_from(cut).unwrap_or(0);
            let footer = Footer {
                lines,
                text: String::new(),
            };
            (footer, records.saturating_sub(cut))
        }
        (None, Some(end)) => (read(end), candidate.records.len()),
        (None, None) => {
            let index = find_footer(&candidate.records, &table);
            let index = index.unwrap_or(candidate.records.len());
            (footer_of(text, &candidate.records, &table), index)
        }
    };
    let body = table.body(&candidate.records[..body_end.max(table.start)]);
    let body = body.to_vec();
    if options.short_records.is_none()
        && let Some(first) = candidate.records.get(table.start)
    {
        accept_short_records(&mut table, first, &body);
    }
    let is_comment = |line: &[u8]| {
        comment
            .as_ref()
            .is_some_and(|prefix| line.starts_with(prefix.as_bytes()))
    };
    let comment_lines = text.lines().filter(|(_, line)| is_comment(line)).count();
    Findings {
        comment_lines,
        footer,
        names_delimiter: named.is_some(),
        candidate: Candidate {
            records: candidate.records[..body_end.max(table.start)].to_vec(),
            ..candidate
        },
        table,
        comment,
    }
}

/// The footer of a text that ends with the file.
fn footer_of(text: Text<'_>, records: &[SampleRecord], table: &Table) -> Footer {
    let Some(index) = find_footer(records, table) else {
        return Footer::default();
    };
    let first = &records[index];
    let lines = text.lines().filter(|(line, _)| *line >= first.line).count();
    Footer {
        lines: lines as u64,
        text: first.raw.clone(),
    }
}

/// The delimiter in a first line such as `sep=;`, which Excel writes.
fn named_delimiter(start: &[u8]) -> Option<u8> {
    let line = start.split(|byte| *byte == b'\n').next()?;
    match line.strip_suffix(b"\r").unwrap_or(line) {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', sign] => Some(*sign),
        _ => None,
    }
}
