//! Options of `elt init` about how the file is written. Each is a column of `elt.source`.

use super::values::{comment_prefix, encoding, optional_sign, sign};
use crate::init::LayoutOptions;
use clap::Args;
use clap::builder::FalseyValueParser;

#[derive(Args)]
#[command(next_help_heading = "How the file is written, if elt init does not detect it")]
pub(crate) struct LayoutArgs {
    /// Sign between fields: one ASCII character, or tab
    #[arg(long, env = "ELT_DELIMITER", value_name = "SIGN", value_parser = sign)]
    delimiter: Option<u8>,

    /// Sign around fields: one ASCII character, or none
    #[arg(long, env = "ELT_QUOTE", value_name = "SIGN", value_parser = optional_sign)]
    quote: Option<OptionalSign>,

    /// Sign that makes the next one part of the value, such as a backslash, or none
    #[arg(long, env = "ELT_ESCAPE", value_name = "SIGN", value_parser = optional_sign)]
    escape: Option<OptionalSign>,

    /// Encoding, such as utf-8, windows-1252, utf-16 or shift_jis
    #[arg(long, env = "ELT_ENCODING", value_name = "NAME", value_parser = encoding)]
    encoding: Option<String>,

    /// Value that means missing, such as NULL; the empty value always does
    #[arg(long = "null", env = "ELT_NULL", value_name = "TEXT")]
    null_text: Option<String>,

    /// The first record, or the first array of a JSON file, names the columns
    #[arg(long, env = "ELT_HEADER", conflicts_with = "no_header", value_parser = FalseyValueParser::new())]
    header: bool,

    /// The first record is data; name the columns column_1, column_2 and so on
    #[arg(long, env = "ELT_NO_HEADER", value_parser = FalseyValueParser::new())]
    no_header: bool,

    /// Line of the header, or of the first record with --no-header; skip the lines above it
    #[arg(long, env = "ELT_HEADER_LINE", value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    header_line: Option<u64>,

    /// Lines of the header, whose names are joined
    #[arg(long, env = "ELT_HEADER_LINES", value_name = "N", conflicts_with = "no_header", value_parser = clap::value_parser!(u64).range(1..=5))]
    header_lines: Option<u64>,

    /// Skip lines that begin with this text, or none
    #[arg(long, env = "ELT_COMMENT", value_name = "PREFIX", value_parser = comment_prefix)]
    comment: Option<OptionalPrefix>,

    /// Skip this many lines at the end of the file, such as totals; blank lines do not count
    #[arg(long, env = "ELT_FOOTER_LINES", value_name = "N", value_parser = clap::value_parser!(u64).range(0..=1_000))]
    footer_lines: Option<u64>,

    /// Records end in a delimiter that the header lacks
    #[arg(long, env = "ELT_TRAILING_DELIMITER", value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    trailing_delimiter: Option<bool>,

    /// Accept records that lack fields at their end
    #[arg(long, env = "ELT_SHORT_RECORDS", value_name = "BOOLEAN", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    short_records: Option<bool>,

    /// File in a zip archive that has several
    #[arg(long, env = "ELT_MEMBER", value_name = "NAME")]
    member: Option<String>,

    /// Keys that lead to the records of a JSON file or an API, such as data.items; a dot is the whole document
    #[arg(long, env = "ELT_RECORDS_AT", value_name = "PATH")]
    records_at: Option<String>,
}

/// A sign, or `none`.
pub(super) type OptionalSign = Option<u8>;

/// A prefix, or `none`.
pub(super) type OptionalPrefix = Option<String>;

impl LayoutArgs {
    pub(crate) fn options(&self) -> LayoutOptions {
        LayoutOptions {
            delimiter: self.delimiter,
            quote: self.quote,
            escape: self.escape,
            encoding: self.encoding.clone(),
            null_text: self.null_text.clone(),
            has_header: match (self.header, self.no_header) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                (false, false) => None,
            },
            header_line: self.header_line,
            header_lines: self.header_lines,
            comment: self.comment.clone(),
            footer_lines: self.footer_lines,
            trailing_delimiter: self.trailing_delimiter,
            short_records: self.short_records,
            member: self.member.clone(),
            records_at: self.records_at.clone(),
        }
    }
}
