//! COPY: the text format for staging tables, and its transfer to the server over one or several connections.

mod connections;

pub(crate) use connections::{Target, connect, copy};

use anyhow::Result;
use postgres::CopyInWriter;
use std::io::Write;

/// The number of bytes to collect before they are sent to the server.
const SEND_AT: usize = 256 * 1024;

/// Characters that COPY does not accept as a delimiter.
const NO_DELIMITERS: &[u8] = b"\\\r\n.abcdefghijklmnopqrstuvwxyz0123456789";

/// The number of consecutive rows that go to the same part.
const TURN: usize = 1024;

/// How the rows of a load are divided among connections. The server divides its partitions by the same bits of the
/// row number.
#[derive(Clone, Copy)]
pub(crate) struct Division {
    /// 1, 2 or 4, because the part is chosen by bits of the row number.
    pub(crate) parts: usize,
}

impl Division {
    fn part_of(self, row: u64) -> usize {
        (row / TURN as u64) as usize % self.parts
    }

    /// The bits of a row number that choose its part.
    pub(crate) fn mask(self) -> i64 {
        (TURN * (self.parts - 1)) as i64
    }

    /// The value of those bits in the row numbers of a part.
    fn bits(self, part: usize) -> i64 {
        (TURN * part) as i64
    }
}

/// Rows in the text format of COPY, for one or several parts.
pub(crate) struct CopyText {
    parts: Vec<Vec<u8>>,
    /// The part of the current row.
    part: usize,
    /// Whether the current row has no field yet.
    is_row_empty: bool,
    delimiter: u8,
    null: &'static str,
    /// Added to each row: a delimiter and the number of its load, if rows of several loads go to one table.
    row_end: Vec<u8>,
}

impl Default for CopyText {
    /// PostgreSQL's default: tabs between fields, `\N` for null.
    fn default() -> CopyText {
        CopyText {
            parts: vec![Vec::new()],
            part: 0,
            is_row_empty: true,
            delimiter: b'\t',
            null: "\\N",
            row_end: Vec::new(),
        }
    }
}

impl CopyText {
    /// The format of a CSV file with this delimiter, so that its lines can be copied unchanged. An empty field is
    /// null.
    pub(crate) fn like_csv(delimiter: u8) -> CopyText {
        let text = CopyText::default();
        if NO_DELIMITERS.contains(&delimiter) {
            return CopyText { null: "", ..text };
        }
        CopyText {
            delimiter,
            null: "",
            ..text
        }
    }

    /// Whether a CSV line with this delimiter and without quotes can be copied unchanged.
    pub(crate) fn is_like_csv(&self, delimiter: u8) -> bool {
        self.delimiter == delimiter && self.null.is_empty()
    }

    /// Divides the text into parts. It must be empty.
    pub(crate) fn divided(self, division: Division) -> CopyText {
        CopyText {
            parts: vec![Vec::new(); division.parts],
            ..self
        }
    }

    /// A part that has enough rows to send.
    pub(crate) fn full_part(&self) -> Option<usize> {
        self.parts.iter().position(|bytes| bytes.len() >= SEND_AT)
    }

    /// Adds an unchanged CSV line, its number, and a null.
    pub(crate) fn forward(&mut self, line: &[u8], row: u64) {
        let delimiter = self.delimiter;
        let bytes = self.choose_part(row);
        bytes.extend_from_slice(line);
        bytes.push(delimiter);
        let mut digits = itoa::Buffer::new();
        bytes.extend_from_slice(digits.format(row).as_bytes());
        bytes.push(delimiter);
        self.end();
    }

    fn choose_part(&mut self, row: u64) -> &mut Vec<u8> {
        let division = Division {
            parts: self.parts.len(),
        };
        self.part = division.part_of(row);
        &mut self.parts[self.part]
    }

    fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.parts[self.part]
    }

    /// Begins the row with this number. Returns the mark for `undo`.
    pub(crate) fn begin(&mut self, row: u64) -> usize {
        self.is_row_empty = true;
        self.choose_part(row).len()
    }

    /// Removes the row that was begun at `mark`.
    pub(crate) fn undo(&mut self, mark: usize) {
        self.bytes().truncate(mark);
        free_excess(self.bytes());
    }

    /// Adds a value, which must be UTF-8 without NUL.
    pub(crate) fn field(&mut self, value: &[u8]) {
        self.separate();
        let delimiter = self.delimiter;
        let bytes = self.bytes();
        let mut from = 0;
        for (at, byte) in value.iter().enumerate() {
            let escape = match byte {
                b'\\' => b'\\',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' if delimiter == b'\t' => b't',
                other if *other == delimiter => delimiter,
                _ => continue,
            };
            bytes.extend_from_slice(&value[from..at]);
            bytes.extend_from_slice(&[b'\\', escape]);
            from = at + 1;
        }
        bytes.extend_from_slice(&value[from..]);
    }

    pub(crate) fn null(&mut self) {
        self.separate();
        let null = self.null.as_bytes();
        self.bytes().extend_from_slice(null);
    }

    pub(crate) fn number(&mut self, value: u64) {
        self.separate();
        let mut digits = itoa::Buffer::new();
        self.bytes()
            .extend_from_slice(digits.format(value).as_bytes());
    }

    /// Ends the row.
    pub(crate) fn end(&mut self) {
        let bytes = &mut self.parts[self.part];
        bytes.extend_from_slice(&self.row_end);
        bytes.push(b'\n');
    }

    /// Adds the number of a load to each of the following rows, as their last field.
    pub(crate) fn label(&mut self, load_id: i64) {
        self.row_end = format!("{}{load_id}", char::from(self.delimiter)).into_bytes();
    }

    /// The number of bytes of a text of one part.
    pub(crate) fn length(&self) -> usize {
        self.parts[0].len()
    }

    /// Removes the rows after the first `length` bytes of a text of one part.
    pub(crate) fn shorten(&mut self, length: usize) {
        self.parts[0].truncate(length);
        free_excess(&mut self.parts[0]);
    }

    fn separate(&mut self) {
        if !self.is_row_empty {
            let delimiter = self.delimiter;
            self.bytes().push(delimiter);
        }
        self.is_row_empty = false;
    }

    /// The part of the COPY statement after the table's name. `columns` are from the catalogue.
    fn copy_options(&self, columns: &[String]) -> String {
        let columns: Vec<String> = columns.iter().map(|column| quote(column)).collect();
        let delimiter = match self.delimiter {
            b'\'' => "''".to_string(),
            other => char::from(other).to_string(),
        };
        format!(
            "({}) from stdin with (delimiter '{delimiter}', null '{}')",
            columns.join(", "),
            self.null
        )
    }

    /// Takes the rows of a part out of the text.
    pub(crate) fn take(&mut self, part: usize) -> Vec<u8> {
        std::mem::take(&mut self.parts[part])
    }

    /// Reuses the memory of rows that were sent.
    fn reuse(&mut self, part: usize, mut memory: Vec<u8>) {
        memory.clear();
        free_excess(&mut memory);
        self.parts[part] = memory;
    }
}

/// Frees the memory of a row of many megabytes.
fn free_excess(bytes: &mut Vec<u8>) {
    bytes.shrink_to(4 * SEND_AT);
}

/// The value of a field of COPY text that is not null.
pub(crate) fn unescape(field: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(field.len());
    let mut bytes = field.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => value.extend(bytes.next().map(|escaped| match escaped {
                b't' => b'\t',
                b'n' => b'\n',
                b'r' => b'\r',
                other => *other,
            })),
            other => value.push(*other),
        }
    }
    value
}

/// Writes in pieces, because the driver copies each piece twice, and a row may have many megabytes.
pub(crate) fn write_in_pieces(writer: &mut CopyInWriter<'_>, bytes: &[u8]) -> Result<()> {
    for piece in bytes.chunks(SEND_AT) {
        writer.write_all(piece).map_err(unwrap_io)?;
    }
    Ok(())
}

/// Returns the error of the server that the writer has wrapped.
fn unwrap_io(error: std::io::Error) -> anyhow::Error {
    match error.downcast::<postgres::Error>() {
        Ok(error) => error.into(),
        Err(error) => error.into(),
    }
}

/// Quotes an SQL identifier.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
