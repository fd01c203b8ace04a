//! The layout of a new source's file: the user's choices, the choices of `elt init`, and the columns of `elt.source`.

use super::names::literal;
use crate::extract::Layout;
use serde::Serialize;

/// The user's choices of columns of `elt.source`. For None, `elt init` decides.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct LayoutOptions {
    pub(crate) delimiter: Option<u8>,
    /// `Some(None)`: no sign.
    pub(crate) quote: Option<Option<u8>>,
    /// `Some(None)`: no sign.
    pub(crate) escape: Option<Option<u8>>,
    pub(crate) encoding: Option<String>,
    pub(crate) null_text: Option<String>,
    pub(crate) has_header: Option<bool>,
    pub(crate) header_line: Option<u64>,
    pub(crate) header_lines: Option<u64>,
    /// `Some(None)`: no lines are comments.
    pub(crate) comment: Option<Option<String>>,
    pub(crate) footer_lines: Option<u64>,
    pub(crate) trailing_delimiter: Option<bool>,
    pub(crate) short_records: Option<bool>,
    pub(crate) member: Option<String>,
    pub(crate) records_at: Option<String>,
}

/// A setting that `elt init` chose.
#[derive(Clone, Serialize)]
pub(crate) struct LayoutChoice {
    /// Column of `elt.source`, or of `elt.rest_source` for an API.
    pub(crate) setting: &'static str,
    /// For people, such as `;` or `line 5`.
    pub(crate) value: String,
    pub(crate) reason: String,
    /// Option that overrides the choice, such as `--delimiter SIGN`.
    pub(crate) option: &'static str,
}

/// The value of `--records-at` for a document that is one record.
const WHOLE_DOCUMENT: &str = ".";

impl LayoutOptions {
    /// The layout with the user's choices.
    pub(super) fn apply_to(&self, layout: Layout) -> Layout {
        Layout {
            delimiter: self.delimiter.unwrap_or(layout.delimiter),
            quote: self.quote.unwrap_or(layout.quote),
            escape: self.escape.unwrap_or(layout.escape),
            encoding: self.encoding.clone().unwrap_or(layout.encoding),
            null_text: self.null_text.clone().or(layout.null_text),
            has_header: self.has_header.unwrap_or(layout.has_header),
            header_line: self.header_line.or(layout.header_line),
            header_lines: self.header_lines.unwrap_or(layout.header_lines),
            comment: self.comment.clone().unwrap_or(layout.comment),
            footer_lines: self.footer_lines.unwrap_or(layout.footer_lines),
            trailing_delimiter: self.trailing_delimiter.unwrap_or(layout.trailing_delimiter),
            short_records: self.short_records.unwrap_or(layout.short_records),
            member: self.member.clone().or(layout.member),
            // The path of the whole document is none.
            records_at: self
                .records_at
                .clone()
                .filter(|path| path != WHOLE_DOCUMENT)
                .or(layout.records_at),
            format: layout.format,
            column_count: None,
            contract: layout.contract,
        }
    }
}

/// Columns of `elt.source` with SQL literals, for the settings that differ from the defaults.
pub(super) fn source_columns(layout: &Layout) -> Vec<(&'static str, String)> {
    let usual = Layout::default();
    let mut columns = Vec::new();
    let mut add = |name, value: String| columns.push((name, value));
    if layout.delimiter != usual.delimiter {
        add("delimiter", sign(Some(layout.delimiter)));
    }
    if layout.quote != usual.quote {
        add("quote", sign(layout.quote));
    }
    if layout.escape != usual.escape {
        add("escape", sign(layout.escape));
    }
    if layout.encoding != usual.encoding {
        add("encoding", literal(&layout.encoding));
    }
    if !layout.has_header {
        add("has_header", "false".into());
    }
    if let Some(line) = layout.header_line {
        add("header_line", line.to_string());
    }
    if layout.header_lines != usual.header_lines {
        add("header_lines", layout.header_lines.to_string());
    }
    if layout.footer_lines != usual.footer_lines {
        add("footer_lines", layout.footer_lines.to_string());
    }
    if layout.trailing_delimiter {
        add("trailing_delimiter", "true".into());
    }
    if layout.short_records {
        add("short_records", "true".into());
    }
    let texts = [
        ("null_text", &layout.null_text),
        ("comment", &layout.comment),
        ("member", &layout.member),
        ("records_at", &layout.records_at),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            add(name, literal(text));
        }
    }
    columns
}

fn sign(sign: Option<u8>) -> String {
    match sign {
        None => "null".into(),
        Some(b'\t') => "e'\\t'".into(),
        Some(sign) => literal(&char::from(sign).to_string()),
    }
}
