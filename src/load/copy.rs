//! COPY: the text format that a staging table is filled with, and the one writer of it.

use anyhow::Result;
use postgres::{Client, CopyInWriter};
use std::io::Write;

/// How much is gathered before it goes to the server.
const SEND_AT: usize = 256 * 1024;

/// Rows in PostgreSQL's text format: tabs between fields, `\N` for null.
#[derive(Default)]
pub(crate) struct CopyText {
    bytes: Vec<u8>,
    row_start: usize,
}

impl CopyText {
    /// Starts a row; gives the mark to undo it by.
    pub(crate) fn begin(&mut self) -> usize {
        self.row_start = self.bytes.len();
        self.row_start
    }

    /// Forgets everything since `mark`.
    pub(crate) fn undo(&mut self, mark: usize) {
        self.bytes.truncate(mark);
        self.give_back();
    }

    /// The memory of a row of many megabytes.
    fn give_back(&mut self) {
        self.bytes.shrink_to(4 * SEND_AT);
    }

    /// A value that is UTF-8 and has no NUL.
    pub(crate) fn field(&mut self, value: &[u8]) {
        self.separate();
        let mut from = 0;
        for (at, byte) in value.iter().enumerate() {
            let escape = match byte {
                b'\\' => b'\\',
                b'\t' => b't',
                b'\n' => b'n',
                b'\r' => b'r',
                _ => continue,
            };
            self.bytes.extend_from_slice(&value[from..at]);
            self.bytes.extend_from_slice(&[b'\\', escape]);
            from = at + 1;
        }
        self.bytes.extend_from_slice(&value[from..]);
    }

    pub(crate) fn null(&mut self) {
        self.separate();
        self.bytes.extend_from_slice(b"\\N");
    }

    pub(crate) fn number(&mut self, value: u64) {
        self.separate();
        // A vector takes whatever is written.
        let _ = write!(self.bytes, "{value}");
    }

    /// Ends the row.
    pub(crate) fn end(&mut self) {
        self.bytes.push(b'\n');
    }

    fn separate(&mut self) {
        if self.bytes.len() > self.row_start {
            self.bytes.push(b'\t');
        }
    }

    /// All rows so far, which are then forgotten.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
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

/// A COPY under way. Dropped without `finish`, it leaves no row.
pub(crate) struct Copy<'a> {
    writer: CopyInWriter<'a>,
    pub(crate) text: CopyText,
}

impl<'a> Copy<'a> {
    /// `table` and `columns` come from the catalogue.
    pub(crate) fn begin(client: &'a mut Client, table: &str, columns: &[String]) -> Result<Self> {
        let columns: Vec<String> = columns.iter().map(|column| quote(column)).collect();
        let sql = format!("copy {table} ({}) from stdin", columns.join(", "));
        Ok(Copy {
            writer: client.copy_in(&sql)?,
            text: CopyText::default(),
        })
    }

    /// Sends what has gathered, once that is worth a message; says whether. Call it between rows.
    pub(crate) fn send_when_full(&mut self) -> Result<bool> {
        if self.text.bytes.len() < SEND_AT {
            return Ok(false);
        }
        self.send()?;
        Ok(true)
    }

    fn send(&mut self) -> Result<()> {
        write_in_pieces(&mut self.writer, &self.text.bytes)?;
        self.text.bytes.clear();
        self.text.give_back();
        Ok(())
    }

    /// Ends it. Rows as the server counted them.
    pub(crate) fn finish(mut self) -> Result<u64> {
        self.send()?;
        Ok(self.writer.finish()?)
    }
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
