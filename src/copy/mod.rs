//! COPY: the text format for staging tables, and its transfer to the server over one or several connections.

mod connections;

pub(crate) use connections::{Target, connect, copy};

use anyhow::Result;
use postgres::CopyInWriter;
use std::io::Write;

/// Bytes to gather before a message is sent to the server.
const SEND_AT: usize = 256 * 1024;

/// Characters that COPY does not accept as a delimiter.
const NO_DELIMITERS: &[u8] = b"\\\r\n.abcdefghijklmnopqrstuvwxyz0123456789";

/// Rows that go to one part before the next one's turn.
const TURN: usize = 1024;

/// How the rows of a load are divided among connections: the only place that says so. The server is told as
/// bits of the row's number, which its partitions are made of.
#[derive(Clone, Copy)]
pub(crate) struct Division {
    /// 1, 2 or 4, so that bits can tell them apart.
    pub(crate) parts: usize,
}

impl Division {
    fn part_of(self, row: u64) -> usize {
        (row / TURN as u64) as usize % self.parts
    }

    /// The bits of a row's number that tell its part.
    pub(crate) fn mask(self) -> i64 {
        (TURN * (self.parts - 1)) as i64
    }

    /// How those bits stand in the numbers of a part's rows.
    fn bits(self, part: usize) -> i64 {
        (TURN * part) as i64
    }
}

/// Rows in PostgreSQL's text format, for one part or several.
pub(crate) struct CopyText {
    parts: Vec<Vec<u8>>,
    /// The part of the row that was begun last.
    part: usize,
    /// Whether the row has no field yet.
    is_row_empty: bool,
    delimiter: u8,
    null: &'static str,
}

impl Default for CopyText {
    /// Tabs between fields, `\N` for null.
    fn default() -> CopyText {
        CopyText {
            parts: vec![Vec::new()],
            part: 0,
            is_row_empty: true,
            delimiter: b'\t',
            null: "\\N",
        }
    }
}

impl CopyText {
    /// Like a CSV file of this delimiter, so that its lines can go on as they are: an empty field is
    /// null.
    pub(crate) fn like_csv(delimiter: u8) -> CopyText {
        let text = CopyText::default();
        match NO_DELIMITERS.contains(&delimiter) {
            true => CopyText { null: "", ..text },
            false => CopyText {
                delimiter,
                null: "",
                ..text
            },
        }
    }

    /// Whether a CSV line of this delimiter, without quotes, is a row as it is.
    pub(crate) fn is_like_csv(&self, delimiter: u8) -> bool {
        self.delimiter == delimiter && self.null.is_empty()
    }

    /// Before the first row.
    pub(crate) fn divided(self, division: Division) -> CopyText {
        CopyText {
            parts: vec![Vec::new(); division.parts],
            ..self
        }
    }

    /// A part with so many rows that they are worth a message.
    pub(crate) fn full_part(&self) -> Option<usize> {
        self.parts.iter().position(|bytes| bytes.len() >= SEND_AT)
    }

    /// A row of such a line, then its number, then a null.
    pub(crate) fn forward(&mut self, line: &[u8], row: u64) {
        let delimiter = self.delimiter;
        let bytes = self.choose(row);
        bytes.extend_from_slice(line);
        bytes.push(delimiter);
        let mut digits = itoa::Buffer::new();
        bytes.extend_from_slice(digits.format(row).as_bytes());
        bytes.extend_from_slice(&[delimiter, b'\n']);
    }

    fn choose(&mut self, row: u64) -> &mut Vec<u8> {
        let division = Division {
            parts: self.parts.len(),
        };
        self.part = division.part_of(row);
        &mut self.parts[self.part]
    }

    fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.parts[self.part]
    }

    /// Starts the row of this number; gives the mark to undo it by.
    pub(crate) fn begin(&mut self, row: u64) -> usize {
        self.is_row_empty = true;
        self.choose(row).len()
    }

    /// Forgets the row that was begun at `mark`.
    pub(crate) fn undo(&mut self, mark: usize) {
        self.bytes().truncate(mark);
        give_back(self.bytes());
    }

    /// A value that is UTF-8 and has no NUL.
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
        self.bytes().push(b'\n');
    }

    fn separate(&mut self) {
        if !self.is_row_empty {
            let delimiter = self.delimiter;
            self.bytes().push(delimiter);
        }
        self.is_row_empty = false;
    }

    /// What stands behind the table's name in the statement that takes the text. `columns` come from the
    /// catalogue.
    fn destination(&self, columns: &[String]) -> String {
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

    /// All rows of a part so far, which are then forgotten.
    pub(crate) fn take(&mut self, part: usize) -> Vec<u8> {
        std::mem::take(&mut self.parts[part])
    }

    /// Goes on in memory that was taken before.
    fn reuse(&mut self, part: usize, mut memory: Vec<u8>) {
        memory.clear();
        give_back(&mut memory);
        self.parts[part] = memory;
    }
}

/// The memory of a row of many megabytes.
fn give_back(bytes: &mut Vec<u8>) {
    bytes.shrink_to(4 * SEND_AT);
}

/// The value that a field of COPY text stands for; not of a null.
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

/// The driver copies what it is given, twice: of a row of many megabytes not all at once.
pub(crate) fn write_in_pieces(writer: &mut CopyInWriter<'_>, bytes: &[u8]) -> Result<()> {
    for piece in bytes.chunks(SEND_AT) {
        writer.write_all(piece).map_err(unwrap_io)?;
    }
    Ok(())
}

/// The writer wraps the server's error, which is what is to be said.
fn unwrap_io(error: std::io::Error) -> anyhow::Error {
    match error.downcast::<postgres::Error>() {
        Ok(error) => error.into(),
        Err(error) => error.into(),
    }
}

/// An identifier in SQL.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
