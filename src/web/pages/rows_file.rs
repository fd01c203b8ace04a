//! Writes rows as CSV or JSON.

use anyhow::Context;
use axum::body::Bytes;
use tokio_postgres::Row;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Format {
    Csv,
    Json,
}

impl Format {
    /// Also the ending of files.
    pub(super) fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }
}

pub(super) struct RowWriter {
    format: Format,
    out: Vec<u8>,
    rows: u64,
}

impl RowWriter {
    pub(super) fn new(format: Format, names: &[String]) -> RowWriter {
        let mut writer = RowWriter {
            format,
            out: Vec::new(),
            rows: 0,
        };
        match format {
            Format::Csv => add_record(
                &mut writer.out,
                names.iter().map(|name| Some(name.as_str())),
            ),
            Format::Json => writer.out.extend_from_slice(b"["),
        }
        writer
    }

    pub(super) fn row(&mut self, row: &Row) -> anyhow::Result<()> {
        match self.format {
            Format::Csv => {
                let cells: Result<Vec<Option<&str>>, _> =
                    (0..row.len()).map(|index| row.try_get(index)).collect();
                add_record(
                    &mut self.out,
                    cells.context("a value is no text")?.into_iter(),
                );
            }
            Format::Json => {
                let separator: &[u8] = if self.rows == 0 { b"\n" } else { b",\n" };
                self.out.extend_from_slice(separator);
                self.out
                    .extend_from_slice(row.try_get::<_, &str>(0)?.as_bytes());
            }
        }
        self.rows += 1;
        Ok(())
    }

    pub(super) fn end(&mut self) {
        if self.format == Format::Json {
            self.out.extend_from_slice(b"\n]\n");
        }
    }

    pub(super) fn take(&mut self) -> Bytes {
        std::mem::take(&mut self.out).into()
    }

    /// Number of bytes that have not been taken.
    pub(super) fn size(&self) -> usize {
        self.out.len()
    }
}

/// Writes a CSV record like COPY: null is an empty field, an empty text is quoted.
pub(super) fn add_record<'a>(out: &mut Vec<u8>, cells: impl Iterator<Item = Option<&'a str>>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let Some(cell) = cell else { continue };
        if cell.is_empty() || cell.contains(['"', ',', '\n', '\r']) {
            out.push(b'"');
            out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.push(b'\n');
}
