//! Formats of exported files.

use clap::ValueEnum;
use serde::Serialize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// RFC 4180 with LF and a header; null is an empty field.
    #[default]
    Csv,
    /// One JSON object per line; null is null.
    Ndjson,
}

impl Format {
    pub(super) fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Ndjson => "ndjson",
        }
    }

    /// The number of rows before those of the query.
    pub(super) fn header_rows(self) -> u64 {
        match self {
            Format::Csv => 1,
            Format::Ndjson => 0,
        }
    }

    /// The statement that copies the rows of a query to the client.
    pub(super) fn copy(self, query: &str) -> String {
        match self {
            Format::Csv => format!("copy (\n{query}\n) to stdout with (format csv, header true)"),
            // CSV with a delimiter and a quote that JSON always escapes prints each object unchanged. The
            // text format would double its backslashes.
            Format::Ndjson => format!(
                "copy (select row_to_json(exported) from (\n{query}\n) as exported) to stdout \
                 with (format csv, delimiter e'\\x02', quote e'\\x01')"
            ),
        }
    }
}
