//! CSV by RFC 4180, with the source's own delimiter and quote: a header, then records whose fields
//! are matched to columns by name. A quote stands only around a whole field; one that stands
//! elsewhere, or is never closed, costs the line where it was met and no other.

mod forward;
mod frame;

use super::header::{Target, match_columns};
use super::line_ends::LineEnds;
use super::shape::Shape;
use super::window::{Window, without_line_end};
use super::{Extract, FileFacts, Layout, Record, Reject};
use crate::copy::CopyText;
use crate::failure::{Exit, Failure};
use crate::signals;
use anyhow::Result;
use frame::{Frame, Signs};
use std::io::Read;

/// Columns that a header may have: as many as a spreadsheet has.
const MOST_COLUMNS: usize = 16_384;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) struct CsvExtract<R> {
    window: Window<R>,
    signs: Signs,
    null_text: Option<Vec<u8>>,
    facts: FileFacts,
    line_ends: LineEnds,
    /// The header's line.
    header: Vec<u8>,
    /// What `_row` counts on from.
    after_row: u64,
    /// For each field of the file: whether a column takes it, or under which name it is kept beside them.
    fields: Vec<Target>,
    /// Columns of the COPY text: those of the file's fields, then elt's own.
    columns: Vec<String>,
    /// Of those of the file's fields.
    shapes: Vec<Shape>,
}

/// Why a framed record is no row.
enum Refusal {
    /// Its bytes are no text.
    Text(String),
    /// It has another number of fields than the header.
    Fields(String),
}

impl<R: Read> CsvExtract<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// When a column is missing or stands there twice, or there is no header at all.
    pub(super) fn open(
        window: Window<R>,
        facts: FileFacts,
        layout: &Layout,
        columns: &[String],
        after_row: u64,
    ) -> Result<Self> {
        let mut extract = CsvExtract {
            window,
            signs: Signs {
                delimiter: layout.delimiter,
                quote: layout.quote,
            },
            null_text: layout.null_text.clone().map(String::into_bytes),
            facts,
            line_ends: LineEnds::default(),
            header: Vec::new(),
            after_row,
            fields: Vec::new(),
            columns: Vec::new(),
            shapes: Vec::new(),
        };
        extract.read_header(columns)?;
        Ok(extract)
    }

    fn read_header(&mut self, columns: &[String]) -> Result<()> {
        loop {
            let (end, is_quoted) = match self.signs.frame(&mut self.window)? {
                Some(Frame::Plain { end }) => (end, false),
                Some(Frame::Quoted { end }) => (end, true),
                Some(Frame::Broken { reason, .. }) => {
                    let message = format!("could not read the header: {reason}");
                    return Err(Failure::new(Exit::Failed, message)
                        .hint("Check that this is a CSV file with the quotes set in elt.source.")
                        .into());
                }
                None => {
                    let hint = match columns {
                        [] => "Name a CSV file with a header, or a JSON file of objects.".into(),
                        columns => format!("The columns are: {}.", columns.join(", ")),
                    };
                    return Err(Failure::new(Exit::Failed, "the file is empty")
                        .detail("A CSV file begins with a header.")
                        .hint(hint)
                        .into());
                }
            };
            let line = without_line_end(&self.window.bytes()[..end]).to_vec();
            if let Some(reason) = self.window.not_text(&line) {
                let message = format!("could not read the header: {reason}");
                return Err(Failure::new(Exit::Failed, message)
                    .hint("Check that this is a CSV file in the encoding set in elt.source (default: utf-8).")
                    .into());
            }
            self.line_ends.note(&self.window.bytes()[..end]);
            self.window.consume(end);
            if line.is_empty() {
                continue;
            }
            if !is_quoted && line.contains(&b'\r') {
                let message = "the file's lines end with carriage returns alone";
                return Err(Failure::new(Exit::Failed, message)
                    .detail("The whole file would be its header.")
                    .hint("Convert the line ends first: tr '\\r' '\\n' < FILE > OTHER.")
                    .into());
            }
            let mut names = Vec::new();
            self.signs.names(&line, is_quoted, |name| {
                if names.len() <= MOST_COLUMNS {
                    names.push(String::from_utf8_lossy(name).trim().to_string());
                }
            })?;
            if names.len() > MOST_COLUMNS {
                let message = format!("the header has more than {MOST_COLUMNS} columns");
                return Err(Failure::new(Exit::Failed, message)
                    .hint("Check that this is the file that the source describes.")
                    .into());
            }
            let (fields, mut filled) = match_columns(&names, columns)?;
            filled.extend(["_row".to_string(), "_extra".to_string()]);
            self.shapes = forward::shapes(&fields);
            self.fields = fields;
            self.columns = filled;
            self.facts.header = Some(self.window.original(&line));
            self.facts.header_columns = Some(names);
            self.header = line;
            return Ok(());
        }
    }

    /// The record's reason to be rejected, or its COPY text.
    fn encode(
        &self,
        raw: &[u8],
        is_quoted: bool,
        copy: &mut CopyText,
        shapes: &mut [Shape],
    ) -> Result<Option<Refusal>> {
        if let Some(reason) = self.window.not_text(raw) {
            return Ok(Some(match self.other_count(raw, is_quoted) {
                // Then the byte may stand in a line that is no part of the record.
                Some(refusal) if raw.contains(&b'\n') => refusal,
                _ => Refusal::Text(reason),
            }));
        }
        // Of files that were joined, the second has its byte order mark here.
        if raw == self.header || raw.strip_prefix(BYTE_ORDER_MARK) == Some(&self.header) {
            return Ok(Some(Refusal::Text("the header is repeated here".into())));
        }
        let row = self.after_row + self.window.line;
        let begun = copy.begin(row);
        let mut extra = serde_json::Map::new();
        let mut count = 0;
        let mut shapes = shapes.iter_mut();
        self.signs.fields_of(raw, is_quoted, |value| {
            let is_null = value.is_empty() || self.null_text.as_deref() == Some(value);
            match self.fields.get(count) {
                Some(Target::Column) => {
                    let shape = shapes.next();
                    if is_null {
                        copy.null();
                        shape.into_iter().for_each(Shape::note_null);
                    } else {
                        copy.field(value);
                        shape.into_iter().for_each(|shape| shape.note(value));
                    }
                }
                Some(Target::Extra(name)) if !is_null => {
                    let text = String::from_utf8_lossy(value).into_owned();
                    extra.insert(name.clone(), text.into());
                }
                Some(Target::Extra(_)) | None => {}
            }
            count += 1;
        });
        if let Some(refusal) = self.refuse_count(count) {
            copy.undo(begun);
            return Ok(Some(refusal));
        }
        copy.number(row);
        if extra.is_empty() {
            copy.null();
        } else {
            copy.field(serde_json::to_string(&extra)?.as_bytes());
        }
        copy.end();
        Ok(None)
    }

    fn other_count(&self, raw: &[u8], is_quoted: bool) -> Option<Refusal> {
        let mut count = 0;
        self.signs.fields_of(raw, is_quoted, |_| count += 1);
        self.refuse_count(count)
    }

    fn refuse_count(&self, count: usize) -> Option<Refusal> {
        let expected = self.fields.len();
        let noun = if count == 1 { "field" } else { "fields" };
        (count != expected)
            .then(|| Refusal::Fields(format!("{count} {noun} instead of {expected}")))
    }
}

impl<R: Read> Extract for CsvExtract<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn copy_text(&self) -> CopyText {
        CopyText::like_csv(self.signs.delimiter)
    }

    fn forward(&mut self, copy: &mut CopyText) -> Result<u64> {
        let mut rows = 0;
        while self.may_forward(copy) && copy.full_part().is_none() {
            match self.forward_lines(copy) {
                0 => break,
                more => rows += more,
            }
        }
        Ok(rows)
    }

    fn shapes(&self) -> Vec<(&str, &Shape)> {
        let names = self.columns.iter().map(String::as_str);
        names.zip(&self.shapes).collect()
    }

    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        loop {
            let Some(frame) = self.signs.frame(&mut self.window)? else {
                return Ok(None);
            };
            let (mut end, is_quoted, broken) = match frame {
                Frame::Plain { end } => (end, false, None),
                Frame::Quoted { end } => (end, true, None),
                Frame::Broken { end, reason } => (end, true, Some(reason)),
            };
            let mut raw = without_line_end(&self.window.bytes()[..end]);
            if raw.is_empty() {
                // There may be millions of them.
                signals::check()?;
                self.window.consume(end);
                continue;
            }
            let refusal = match broken {
                Some(reason) => Some(Refusal::Text(reason)),
                None => {
                    let mut shapes = std::mem::take(&mut self.shapes);
                    let refusal = self.encode(raw, is_quoted, copy, &mut shapes);
                    self.shapes = shapes;
                    refusal?
                }
            };
            let reason = match (refusal, memchr::memchr(b'\n', raw)) {
                (None, _) => None,
                // Two stray quotes made one record of many. Only the first line is known to be wrong.
                (Some(Refusal::Fields(fields)), Some(line_end)) => {
                    let lines = 1 + memchr::memchr_iter(b'\n', raw).count();
                    end = line_end + 1;
                    raw = without_line_end(&raw[..end]);
                    Some(format!(
                        "a quote that opens here closes {lines} lines later, which gives {fields}"
                    ))
                }
                (Some(Refusal::Fields(reason) | Refusal::Text(reason)), _) => Some(reason),
            };
            let record = match reason {
                None => Record::Staged,
                Some(reason) => Record::Rejected(Reject {
                    page: None,
                    row: self.after_row + self.window.line,
                    line: self.window.line,
                    offset: self.window.offset,
                    reason,
                    raw: self.window.original(raw),
                }),
            };
            self.line_ends.note(&self.window.bytes()[..end]);
            self.window.consume(end);
            return Ok(Some(record));
        }
    }

    fn facts(&self) -> FileFacts {
        FileFacts {
            line_ends: self.line_ends.name(),
            ..self.facts.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::Encoding;
    use super::*;

    type Rejected = (u64, String, String);

    /// COPY text of all staged records, and the rejects as (line, reason, raw).
    fn read(text: &str) -> Result<(String, Vec<Rejected>)> {
        read_as(Layout::default(), text)
    }

    fn read_as(layout: Layout, text: &str) -> Result<(String, Vec<Rejected>)> {
        let columns = ["a".to_string(), "b".to_string()];
        let window = Window::open(text.as_bytes(), Encoding::Utf8)?;
        let mut extract = CsvExtract::open(window, FileFacts::default(), &layout, &columns, 0)?;
        let mut copy = CopyText::default();
        let mut rejects = Vec::new();
        while let Some(record) = extract.next(&mut copy)? {
            if let Record::Rejected(reject) = record {
                let raw = String::from_utf8_lossy(&reject.raw).into_owned();
                rejects.push((reject.line, reject.reason, raw));
            }
        }
        Ok((String::from_utf8(copy.take(0))?, rejects))
    }

    #[test]
    fn quotes_commas_line_ends_and_rows_are_kept_apart() -> Result<()> {
        let (staged, rejects) = read("\u{feff}a,b\r\n1,2\r\n\"x,\"\"y\"\"\r\nz\",3\n\n4,\n5,\"\"")?;
        assert_eq!(
            staged,
            "1\t2\t2\t\\N\nx,\"y\"\\r\\nz\t3\t3\t\\N\n4\t\\N\t6\t\\N\n5\t\\N\t7\t\\N\n"
        );
        assert!(rejects.is_empty());
        Ok(())
    }

    #[test]
    fn a_broken_quote_costs_its_own_line() -> Result<()> {
        let (staged, rejects) = read("a,b\n1,\"open\n2,x\"y\n3,\"q\"z\n4,5\n")?;
        assert_eq!(staged, "4\t5\t5\t\\N\n");
        let lines: Vec<_> = rejects
            .iter()
            .map(|(line, _, raw)| (*line, raw.as_str()))
            .collect();
        assert_eq!(lines, [(2, "1,\"open"), (3, "2,x\"y"), (4, "3,\"q\"z")]);
        assert_eq!(rejects[0].1, "a closing quote is followed by text");
        Ok(())
    }

    #[test]
    fn a_quote_open_to_the_end_costs_its_own_line() -> Result<()> {
        let (staged, rejects) = read("a,b\n1,\"open\n2,3\n")?;
        assert_eq!(staged, "2\t3\t3\t\\N\n");
        assert_eq!(rejects[0].1, "a quote is opened and never closed");
        Ok(())
    }

    #[test]
    fn two_stray_quotes_cost_their_own_lines() -> Result<()> {
        let (staged, rejects) = read("a,b\n1,2\n\"x,3\n4,5\n6,7\n8,y\"\n10,11\n")?;
        assert_eq!(
            staged,
            "1\t2\t2\t\\N\n4\t5\t4\t\\N\n6\t7\t5\t\\N\n10\t11\t7\t\\N\n"
        );
        let lines: Vec<_> = rejects
            .iter()
            .map(|(line, _, raw)| (*line, raw.as_str()))
            .collect();
        assert_eq!(lines, [(3, "\"x,3"), (6, "8,y\"")]);
        Ok(())
    }

    #[test]
    fn strangers_of_one_name_are_all_kept() -> Result<()> {
        let (staged, _) = read("note,a,b,note,,\nx,1,2,y,p,q\n")?;
        assert!(
            staged.contains(r#"{"note":"x","note_2":"y","column_5":"p","column_6":"q"}"#),
            "{staged}"
        );
        let (staged, _) = read("x,a,x,x_3,b,column_6,\np,1,q,r,2,s,t\n")?;
        assert!(
            staged.contains(r#"{"x":"p","x_2":"q","x_3":"r","column_6":"s","column_7":"t"}"#),
            "{staged}"
        );
        assert!(read("a,b,n\0\n1,2,3\n").is_err());
        Ok(())
    }

    #[test]
    fn columns_are_matched_by_name_and_strangers_are_kept() -> Result<()> {
        let (staged, _) = read("note,B,a\nhi,2,1\n,4,3\n")?;
        assert_eq!(staged, "2\t1\t2\t{\"note\":\"hi\"}\n4\t3\t3\t\\N\n");
        Ok(())
    }

    #[test]
    fn a_wrong_number_of_fields_is_rejected() -> Result<()> {
        let (staged, rejects) = read("a,b\n1\n1,2,3\n1,2\n")?;
        assert_eq!(staged, "1\t2\t4\t\\N\n");
        assert_eq!(rejects[0].1, "1 field instead of 2");
        assert_eq!(rejects[1].1, "3 fields instead of 2");
        Ok(())
    }

    #[test]
    fn the_header_again_is_no_row() -> Result<()> {
        let (staged, rejects) = read("a,b\n1,2\na,b\n3,4\n")?;
        assert_eq!(staged, "1\t2\t2\t\\N\n3\t4\t4\t\\N\n");
        assert_eq!(rejects[0].1, "the header is repeated here");
        Ok(())
    }

    #[test]
    fn a_header_may_be_quoted_and_go_on_over_lines() -> Result<()> {
        let (staged, _) = read("\n\"a\",\"b\",\"what\nelse\"\n1,2,3\n")?;
        assert_eq!(staged, "1\t2\t4\t{\"what\\\\nelse\":\"3\"}\n");
        assert!(read("a,\"b\n1,2\n").is_err());
        Ok(())
    }

    #[test]
    fn delimiter_quote_and_null_are_the_sources_own() -> Result<()> {
        let layout = Layout {
            delimiter: b';',
            quote: Some(b'\''),
            null_text: Some("NULL".into()),
            ..Layout::default()
        };
        let (staged, rejects) = read_as(layout, "a;b\n1,5;'it''s; \"so\"'\nNULL;2\n3\n")?;
        assert_eq!(staged, "1,5\tit's; \"so\"\t2\t\\N\n\\N\t2\t3\t\\N\n");
        assert_eq!(rejects.len(), 1);
        let unquoted = Layout {
            delimiter: b'\t',
            quote: None,
            ..Layout::default()
        };
        let (staged, rejects) = read_as(unquoted, "a\tb\n\"1\tx\"y\n")?;
        assert_eq!(staged, "\"1\tx\"y\t2\t\\N\n");
        assert!(rejects.is_empty());
        Ok(())
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = read("a,c\n1,2\n").unwrap_err();
        assert_eq!(error.to_string(), "the header lacks column \"b\"");
    }
}
