//! A column of a file: its name in SQL, the place of its text, and the way it is read.

use super::names::{identifier, literal, quoted};
use super::notation::Kind;
use super::reading::Reading;

pub(super) struct Column {
    /// An identifier, quoted where it must be.
    pub(super) name: String,
    /// Of the same value as text, beside one that is no text.
    pub(super) text_name: String,
    /// Its own column of the staging table; None where it is in `_extra` or in a document.
    pub(super) staged: Option<String>,
    /// Its raw text, in SQL.
    pub(super) raw: String,
    /// Its value, in SQL.
    pub(super) typed: String,
    pub(super) kind: Kind,
    /// Whether a number is printed as it is written.
    pub(super) is_plain_number: bool,
    /// Text of its comment.
    pub(super) comment: String,
}

impl Column {
    /// Of a document or `_extra`, by key; or of a staging column of its own.
    pub(super) fn new(
        name: &str,
        original: &str,
        container: &str,
        is_staged: bool,
        reading: &Reading,
    ) -> Column {
        let own = quoted(&original.to_ascii_lowercase());
        let key = literal(original);
        let raw = match is_staged {
            true => format!("staged.{own}"),
            false if reading.kind == Kind::Json => format!("staged.{container} -> {key}"),
            false => format!("staged.{container} ->> {key}"),
        };
        Column {
            name: identifier(name),
            text_name: identifier(&format!("{name}_text")),
            typed: reading.sql(&raw),
            raw,
            staged: is_staged.then_some(own),
            kind: reading.kind,
            is_plain_number: reading.is_plain_number(),
            comment: match reading.kind {
                Kind::Text | Kind::Json => {
                    format!("{original}, as it came, trimmed; null if it is missing.")
                }
                _ => format!("{original}; null if it is missing or cannot be read."),
            },
        }
    }

    /// What no column of its own takes, as one object.
    pub(super) fn others(container: &str, keys_of_others: &[&str]) -> Column {
        let keys: Vec<String> = keys_of_others.iter().map(|key| literal(key)).collect();
        let rest = match keys.is_empty() {
            true => format!("staged.{container}"),
            false => format!("staged.{container} - array[{}]", keys.join(", ")),
        };
        Column {
            name: "other_columns".into(),
            text_name: "other_columns_text".into(),
            staged: None,
            typed: format!("nullif({rest}, '{{}}')"),
            raw: rest,
            kind: Kind::Json,
            is_plain_number: false,
            comment: "Columns of the file that have none here, by name; null if all are missing."
                .into(),
        }
    }

    /// Whether its text is kept beside the value, since that may be null for another reason.
    pub(super) fn has_text(&self) -> bool {
        !matches!(self.kind, Kind::Text | Kind::Json)
    }

    /// Of a key, what says most where it is missing.
    pub(super) fn key_text(&self) -> &str {
        if self.has_text() {
            &self.text_name
        } else {
            &self.name
        }
    }

    pub(super) fn name_literal(&self) -> String {
        self.name.trim_matches('"').to_string()
    }

    pub(super) fn comment_literal(&self) -> String {
        literal(&self.comment)
    }
}
