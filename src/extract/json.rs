//! JSON: an array of objects, or one object per line (NDJSON). Documents are separated by brackets and strings only,
//! and copied as original bytes. A broken document does not affect others, unless it is an array element with
//! unclosed brackets: then the start of the next one is not known.

use super::jsonb;
use super::line_ends::LineEnds;
use super::window::{LONGEST_RECORD, Window, without_line_end};
use super::{Extract, FileFacts, Record, Reject};
use crate::copy::CopyText;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

/// Open brackets.
#[derive(Default)]
struct Brackets {
    open: Vec<u8>,
    /// How many of them are `{`.
    braces: usize,
}

impl Brackets {
    fn open(&mut self, bracket: u8) {
        self.open.push(bracket);
        self.braces += usize::from(bracket == b'{');
    }

    /// A bracket that closes nothing is passed over; one that closes an outer one closes what is in
    /// between.
    fn close(&mut self, opener: u8) {
        let is_there = match opener {
            b'{' => self.braces > 0,
            _ => self.open.len() > self.braces,
        };
        while is_there && let Some(last) = self.open.pop() {
            self.braces -= usize::from(last == b'{');
            if last == opener {
                return;
            }
        }
    }
}

pub(super) struct JsonExtract<R> {
    window: Window<R>,
    shape: Shape,
    facts: FileFacts,
    line_ends: LineEnds,
    columns: Vec<String>,
    /// Documents so far.
    documents: u64,
    /// The number after which `_row` continues.
    after_row: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    /// Inside the brackets.
    Array,
    /// Behind them.
    Ended,
    Lines,
}

impl<R: Read> JsonExtract<R> {
    /// Looks at the first character.
    ///
    /// # Errors
    /// When the file is neither an array nor begins with an object.
    pub(super) fn open(mut window: Window<R>, facts: FileFacts, after_row: u64) -> Result<Self> {
        skip_space(&mut window)?;
        let shape = match window.bytes().first() {
            Some(b'[') => {
                window.consume(1);
                Shape::Array
            }
            Some(b'{') => Shape::Lines,
            Some(other) => {
                return Err(not_documents(&format!(
                    "It begins with \"{}\".",
                    other.escape_ascii()
                )));
            }
            None => return Err(not_documents("It is empty.")),
        };
        let mut extract = JsonExtract {
            window,
            shape,
            facts,
            line_ends: LineEnds::default(),
            columns: vec!["payload".into(), "_row".into()],
            documents: 0,
            after_row,
        };
        extract.refuse_one_document_over_lines()?;
        if extract.shape == Shape::Array {
            skip_space(&mut extract.window)?;
            if extract.window.bytes().first() == Some(&b']') {
                extract.end_array();
            }
        }
        Ok(extract)
    }

    fn refuse_one_document_over_lines(&mut self) -> Result<()> {
        if self.shape != Shape::Lines {
            return Ok(());
        }
        let Some(end) = self.window.line_end(0)? else {
            return Ok(());
        };
        let line = &self.window.bytes()[..end];
        if !jsonb::goes_on(line) {
            return Ok(());
        }
        // It may be cut off, and the next be a document.
        let next_end = self.window.line_end(end)?.unwrap_or(end);
        let next = &self.window.bytes()[end..next_end];
        if !next.is_empty() && jsonb::refusal(next.trim_ascii()).is_some() {
            return Err(not_documents(
                "It begins with an object that spans several lines.",
            ));
        }
        Ok(())
    }

    /// Index of the comma or bracket that ends the element at the window's start, or of the line end in an unclosed
    /// string, which also ends it, so that the following text is read again.
    fn element_end(&mut self) -> Result<usize> {
        let mut brackets = Brackets::default();
        let mut is_in_string = false;
        let mut at = 0;
        loop {
            if at > LONGEST_RECORD {
                return Err(self.window.too_long());
            }
            while at >= self.window.bytes().len() {
                if !self.window.grow()? {
                    return Err(self.truncated());
                }
            }
            let byte = self.window.bytes()[at];
            match byte {
                b'\\' if is_in_string => at += 1,
                b'\n' if is_in_string => return Ok(at),
                b'"' if is_in_string => is_in_string = false,
                _ if is_in_string => {}
                b'"' => is_in_string = true,
                b'{' | b'[' => brackets.open(byte),
                b',' | b']' if brackets.open.is_empty() => return Ok(at),
                b'}' => brackets.close(b'{'),
                b']' => brackets.close(b'['),
                _ => {}
            }
            at += 1;
        }
    }

    fn next_element(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        skip_space(&mut self.window)?;
        let end = self.element_end()?;
        let record = self.take(end, copy);
        // What ends it stands on the next line, or nowhere, where it was ended by a line end.
        skip_space(&mut self.window)?;
        match self.window.bytes().first() {
            Some(b']') => self.end_array(),
            Some(b',') => self.window.consume(1),
            _ => {}
        }
        Ok(Some(record))
    }

    fn end_array(&mut self) {
        self.window.consume(1);
        self.shape = Shape::Ended;
    }

    fn require_nothing_more(&mut self) -> Result<()> {
        skip_space(&mut self.window)?;
        if self.window.bytes().is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            Exit::Failed,
            format!(
                "the end of the array is followed by text on line {}",
                self.window.line
            ),
        )
        .hint("A JSON source must be one array, or one object per line.")
        .into())
    }

    fn next_line(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        loop {
            let Some(end) = self.window.line_end(0)? else {
                return Ok(None);
            };
            let line = without_line_end(&self.window.bytes()[..end]);
            if line.trim_ascii().is_empty() {
                self.window.consume(end);
                continue;
            }
            let length = line.len();
            let has_end = self.window.bytes()[..end].ends_with(b"\n");
            if !has_end && jsonb::goes_on(line) {
                return Err(self.truncated());
            }
            self.line_ends.note(&self.window.bytes()[..end]);
            let record = self.take(length, copy);
            self.window.consume(end - length);
            return Ok(Some(record));
        }
    }

    /// The document in the first `end` bytes, which are consumed.
    fn take(&mut self, end: usize, copy: &mut CopyText) -> Record {
        self.documents += 1;
        let row = self.after_row + self.documents;
        let indented = &self.window.bytes()[..end];
        let end = indented.trim_ascii_start().len();
        self.window.consume(indented.len() - end);
        let raw = self.window.bytes()[..end].trim_ascii_end();
        let record = match jsonb::refusal(raw) {
            None => {
                copy.begin(row);
                copy.field(raw);
                copy.number(row);
                copy.end();
                Record::Staged
            }
            Some(reason) => Record::Rejected(Reject {
                page: None,
                row,
                line: self.window.line,
                offset: self.window.offset,
                reason,
                raw: self.window.original(raw),
            }),
        };
        self.window.consume(end);
        record
    }

    fn truncated(&self) -> anyhow::Error {
        Failure::new(
            Exit::Failed,
            format!(
                "the file ends inside document {}, which begins on line {} (byte {})",
                self.documents + 1,
                self.window.line,
                self.window.offset
            ),
        )
        .detail("The file is truncated, or a bracket or quote of that document is not closed.")
        .hint("Fetch the file again, or correct that document.")
        .into()
    }
}

impl<R: Read> Extract for JsonExtract<R> {
    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn next(&mut self, copy: &mut CopyText) -> Result<Option<Record>> {
        match self.shape {
            Shape::Array => self.next_element(copy),
            Shape::Ended => {
                self.require_nothing_more()?;
                Ok(None)
            }
            Shape::Lines => self.next_line(copy),
        }
    }

    fn facts(&self) -> FileFacts {
        FileFacts {
            line_ends: self.line_ends.name(),
            ..self.facts.clone()
        }
    }
}

fn not_documents(detail: &str) -> anyhow::Error {
    Failure::new(
        Exit::Failed,
        "the file is neither a JSON array nor one object per line",
    )
    .detail(detail)
    .hint("Write [{...}, {...}], or one {...} on each line (NDJSON).")
    .into()
}

fn skip_space<R: Read>(window: &mut Window<R>) -> Result<()> {
    loop {
        let space = window
            .bytes()
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        window.consume(space);
        if !window.bytes().is_empty() || !window.grow()? {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::encoding::Encoding;
    use super::*;

    type Rejected = (u64, u64, String);

    /// COPY text of all staged documents, and the rejects as (row, line, raw).
    fn read(text: &str) -> Result<(String, Vec<Rejected>)> {
        let window = Window::open(text.as_bytes(), Encoding::Utf8)?;
        let mut extract = JsonExtract::open(window, FileFacts::default(), 0)?;
        let mut copy = CopyText::default();
        let mut rejects = Vec::new();
        while let Some(record) = extract.next(&mut copy)? {
            if let Record::Rejected(reject) = record {
                let raw = String::from_utf8_lossy(&reject.raw).into_owned();
                rejects.push((reject.row, reject.line, raw));
            }
        }
        Ok((String::from_utf8(copy.take(0))?, rejects))
    }

    #[test]
    fn array_elements_keep_their_own_bytes() -> Result<()> {
        let (staged, rejects) = read("\u{feff}[ {\"a\":  1.50},\n {\"b\":\"]},\\\"\"} ]\n")?;
        assert_eq!(staged, "{\"a\":  1.50}\t1\n{\"b\":\"]},\\\\\"\"}\t2\n");
        assert!(rejects.is_empty());
        Ok(())
    }

    #[test]
    fn lines_are_documents() -> Result<()> {
        assert!(
            read("{\"a\":1}\n{\"a\":").is_err(),
            "the last line is cut off"
        );
        let (staged, rejects) = read("{\"a\":1}\r\n\n{\"a\":\n{\"a\":3}")?;
        assert_eq!(staged, "{\"a\":1}\t1\n{\"a\":3}\t3\n");
        assert_eq!(rejects, [(2, 3, "{\"a\":".to_string())]);
        Ok(())
    }

    #[test]
    fn a_broken_element_costs_itself() -> Result<()> {
        let text = "[{\"a\":1},\n{\"a\":[},\n{\"a\":\"x},\n{\"a\":2},\n7,,{\"a\":3}]";
        let (staged, rejects) = read(text)?;
        assert_eq!(staged, "{\"a\":1}\t1\n{\"a\":2}\t4\n{\"a\":3}\t7\n");
        let raw: Vec<_> = rejects
            .iter()
            .map(|(_, line, raw)| (*line, raw.as_str()))
            .collect();
        assert_eq!(
            raw,
            [(2, "{\"a\":[}"), (3, "{\"a\":\"x},"), (5, "7"), (5, "")]
        );
        Ok(())
    }

    #[test]
    fn what_jsonb_cannot_hold_is_rejected() -> Result<()> {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        let long = format!("{{\"a\":0.{}}}", "1".repeat(2_000));
        for document in [
            "{\"a\":\"\\u0000\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":1e999}",
            "{\"a\":1,}",
            "{\"a\":1,\"b\":{\"c\":2,\"\\u0063\":3}}",
            "{\"\\u0000\":1}",
            "7",
            deep.as_str(),
            long.as_str(),
            "{\"a\":1e-17000}",
            "{\"a\":[0e99999999999]}",
        ] {
            let (staged, rejects) = read(&format!("[{document},{{\"b\":1}}]"))?;
            assert_eq!(staged, "{\"b\":1}\t2\n", "{document}");
            assert_eq!(rejects.len(), 1, "{document}");
        }
        Ok(())
    }

    #[test]
    fn a_truncated_array_is_no_array() {
        for text in ["[{\"a\":1}", "[{\"a\":1},", "[{\"a\":", "["] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read("[]").is_ok());
        assert!(read("{\n\"a\": 1\n}").is_err());
        assert!(read("7").is_err());
        assert!(read("").is_err());
    }
}
