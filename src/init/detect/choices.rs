//! The layout from what was found, and the choices with their reasons.

use super::table::Table;
use super::{Detected, Findings, Sample, SampleRecord};
use crate::extract::Layout;
use crate::init::layout::{LayoutChoice, LayoutOptions};

/// Characters of a line to show.
const SHOWN: usize = 40;

pub(super) fn layout(found: &Findings, sample: &Sample, options: &LayoutOptions) -> Detected {
    let table = &found.table;
    let dialect = found.candidate.dialect;
    let first_line = found.candidate.records.get(table.start);
    let has_lines_above = table.start > 0 || found.names_delimiter;
    let header_line = first_line.map(|record| record.line);
    let detected = Layout {
        delimiter: dialect.delimiter,
        quote: dialect.quote,
        escape: dialect.escape,
        comment: found.comment.clone(),
        has_header: table.no_header.is_none(),
        header_line: header_line.filter(|_| has_lines_above),
        header_lines: table.header_lines as u64,
        footer_lines: found.footer.lines,
        trailing_delimiter: table.trailing_delimiter,
        short_records: table.short_records,
        ..Layout::default()
    };
    let choices = choices(found, &detected, sample, options);
    Detected {
        layout: options.apply_to(detected),
        choices,
        warning: doubtful_header(table, first_line),
    }
}

/// The names of a record that is taken for a header would hide its values.
fn doubtful_header(table: &Table, first: Option<&SampleRecord>) -> Option<String> {
    let (name, line) = (table.odd_name.as_deref()?, first?.line);
    Some(format!(
        "line {line} is taken for the header, and \"{}\" in it may be a value; if the line is a record, use --no-header",
        shorten(name)
    ))
}

/// The settings that differ from the usual ones and are not given by options.
fn choices(
    found: &Findings,
    layout: &Layout,
    sample: &Sample,
    options: &LayoutOptions,
) -> Vec<LayoutChoice> {
    let usual = Layout::default();
    let table = &found.table;
    let mut choices = signs(found, layout, options);
    let mut add = |setting, value: String, reason: String, option| {
        choices.push(LayoutChoice {
            setting,
            value,
            reason,
            option,
        });
    };
    if options.comment.is_none()
        && let Some(comment) = &layout.comment
    {
        let noun = lines(found.comment_lines);
        let scope = scope(sample);
        let reason = if found.comment_lines == 1 {
            format!("{noun}{scope} begins with it and is skipped")
        } else {
            format!("{noun}{scope} begin with it and are skipped")
        };
        add("comment", comment.clone(), reason, "--comment none");
    }
    if options.header_line.is_none()
        && let Some(line) = layout.header_line
    {
        let reason = lines_above(found, line);
        add("header_line", line.to_string(), reason, "--header-line N");
    }
    if options.has_header.is_none()
        && let Some(reason) = &table.no_header
    {
        let option = "--header";
        add("has_header", "false".into(), reason.clone(), option);
    }
    if options.header_lines.is_none()
        && let Some(reason) = &table.second_header
    {
        add(
            "header_lines",
            "2".into(),
            reason.clone(),
            "--header-lines N",
        );
    }
    if options.footer_lines.is_none() && layout.footer_lines != usual.footer_lines {
        let first = shorten(&found.footer.text);
        let reason = match layout.footer_lines {
            1 => format!("the last line is skipped: \"{first}\""),
            several => format!("the last {several} lines are skipped, from \"{first}\" on"),
        };
        let value = layout.footer_lines.to_string();
        add("footer_lines", value, reason, "--footer-lines N");
    }
    if options.trailing_delimiter.is_none() && layout.trailing_delimiter {
        let reason = "records have one field more than the header, and it is empty";
        let option = "--trailing-delimiter=false";
        add("trailing_delimiter", "true".into(), reason.into(), option);
    }
    if options.short_records.is_none() && layout.short_records {
        let reason = short_reason(found, table, sample);
        let option = "--short-records=false";
        add("short_records", "true".into(), reason, option);
    }
    choices
}

/// Delimiter, quote and escape.
fn signs(found: &Findings, layout: &Layout, options: &LayoutOptions) -> Vec<LayoutChoice> {
    let usual = Layout::default();
    let mut choices = Vec::new();
    if options.delimiter.is_none() && layout.delimiter != usual.delimiter {
        choices.push(LayoutChoice {
            setting: "delimiter",
            value: sign(Some(layout.delimiter)),
            reason: if found.names_delimiter {
                "the first line names it".into()
            } else if found.table.width == 1 {
                "the commas are part of the numbers".into()
            } else {
                let fitting = fitting(found);
                format!("{fitting} have {}", fields(found.table.width))
            },
            option: "--delimiter SIGN",
        });
    }
    if options.quote.is_none() && layout.quote != usual.quote {
        choices.push(LayoutChoice {
            setting: "quote",
            value: sign(layout.quote),
            reason: if layout.quote.is_some() {
                "it encloses fields, and double quotes do not".into()
            } else {
                "double quotes are part of the values".into()
            },
            option: "--quote SIGN",
        });
    }
    if options.escape.is_none() && layout.escape != usual.escape {
        choices.push(LayoutChoice {
            setting: "escape",
            value: sign(layout.escape),
            reason: format!("with it, {} fit", fitting(found)),
            option: "--escape none",
        });
    }
    choices
}

fn short_reason(found: &Findings, table: &Table, sample: &Sample) -> String {
    let all = table.body(&found.candidate.records).len();
    let scope = scope(sample);
    format!(
        "{} of {all} records{scope} have fewer than {}",
        table.short_count,
        fields(table.width)
    )
}

fn lines_above(found: &Findings, line: u64) -> String {
    let above = found.candidate.records[..found.table.start].iter();
    let above: Vec<_> = above.filter(|record| record.line < line).collect();
    match above.first() {
        Some(first) => {
            let count: u64 = above.iter().map(|record| record.lines).sum();
            let text = shorten(&first.raw);
            match count {
                1 => format!("1 line above it is skipped: \"{text}\""),
                several => format!("{several} lines above it are skipped, from \"{text}\" on"),
            }
        }
        None => "the first line names the delimiter".into(),
    }
}

/// `11 of 12 records`, with the header.
fn fitting(found: &Findings) -> String {
    let records = &found.candidate.records[found.table.start..];
    let fits = |record: &&SampleRecord| found.table.fits(record) || record.fits(found.table.width);
    let fitting = records.iter().filter(fits).count();
    format!("{fitting} of {} records", records.len())
}

fn scope(sample: &Sample) -> &'static str {
    if sample.end.is_some() {
        " of the first ones"
    } else {
        ""
    }
}

pub(super) fn sign(sign: Option<u8>) -> String {
    match sign {
        None => "none".into(),
        Some(b'\t') => "tab".into(),
        Some(sign) => char::from(sign).to_string(),
    }
}

pub(super) fn fields(count: usize) -> String {
    if count == 1 {
        "1 field".into()
    } else {
        format!("{count} fields")
    }
}

fn lines(count: usize) -> String {
    if count == 1 {
        "1 line".into()
    } else {
        format!("{count} lines")
    }
}

/// The beginning of a line, for people.
pub(super) fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let start: String = line.chars().take(SHOWN).collect();
    let dots = if start.len() < text.len() { "..." } else { "" };
    let mut shown = String::new();
    for each in start.chars() {
        if each.is_control() {
            shown.extend(each.escape_default());
        } else {
            shown.push(each);
        }
    }
    shown + dots
}
