//! A column of the core table.

use super::kind::Kind;
use super::names::{identifier, literal, quoted};
use super::reading::Reading;
use crate::failure::{Exit, Failure, nearest};

pub(super) struct Column {
    /// The identifier in SQL, quoted if necessary.
    pub(super) name: String,
    /// The identifier of the column with the raw text, if this one is not text.
    pub(super) text_name: String,
    /// Its column of the staging table; None if the value is in `_extra` or in a JSON document.
    pub(super) staged: Option<String>,
    /// The SQL of its raw text.
    pub(super) raw: String,
    /// The SQL of its value.
    pub(super) typed: String,
    pub(super) kind: Kind,
    /// Whether PostgreSQL prints the numbers as the file writes them.
    pub(super) is_plain_number: bool,
    /// The text of `comment on column`.
    pub(super) comment: String,
}

impl Column {
    /// A column that has its own column in the staging table, named `original`.
    pub(super) fn staged(name: &str, original: &str, reading: &Reading) -> Column {
        let own = quoted(&original.to_ascii_lowercase());
        Column {
            staged: Some(own.clone()),
            ..Column::new(name, original, format!("staged.{own}"), reading)
        }
    }

    /// A column whose value is in the JSON column `container`, at the keys of `path`.
    pub(super) fn contained(
        name: &str,
        container: &str,
        path: &[String],
        reading: &Reading,
    ) -> Column {
        let is_text = reading.kind != Kind::Json;
        let operator = match (path.len(), is_text) {
            (1, true) => "->>",
            (1, false) => "->",
            (_, true) => "#>>",
            (_, false) => "#>",
        };
        let raw = format!("staged.{container} {operator} {}", path_sql(path));
        Column::new(name, &path.join("."), raw, reading)
    }

    /// A column whose text is in this column of an API's staging table.
    pub(super) fn beside_payload(name: &str, own: &str, reading: &Reading) -> Column {
        Column::new(name, own, format!("staged.{own}"), reading)
    }

    /// `raw`: the SQL of its raw text.
    fn new(name: &str, original: &str, raw: String, reading: &Reading) -> Column {
        Column {
            name: identifier(name),
            text_name: identifier(&format!("{name}_text")),
            typed: reading.sql(&raw),
            raw,
            staged: None,
            kind: reading.kind,
            is_plain_number: reading.is_plain_number(),
            comment: match reading.kind {
                Kind::Text | Kind::Json => {
                    format!("{original}, trimmed; null if it is missing.")
                }
                _ => format!("{original}; null if it is missing or cannot be read."),
            },
        }
    }

    /// The JSON column of all values that have no column here. `others`: the keys that lead to those that have.
    pub(super) fn other_columns(container: &str, others: &[&[String]]) -> Column {
        let (top, nested): (Vec<&[String]>, Vec<&[String]>) =
            others.iter().partition(|path| path.len() == 1);
        let mut rest = format!("staged.{container}");
        if !top.is_empty() {
            let keys: Vec<String> = top.into_iter().map(path_sql).collect();
            rest = format!("{rest} - array[{}]", keys.join(", "));
        }
        for path in nested {
            rest = format!("{rest} #- {}", path_sql(path));
        }
        Column {
            name: "other_columns".into(),
            text_name: "other_columns_text".into(),
            staged: None,
            typed: format!("nullif({rest}, '{{}}')"),
            raw: rest,
            kind: Kind::Json,
            is_plain_number: false,
            comment: "Values of the other columns of the file, by name; null if all are missing."
                .into(),
        }
    }

    /// Whether the raw text is kept too. It tells a value that cannot be read from a missing one.
    pub(super) fn has_text(&self) -> bool {
        !matches!(self.kind, Kind::Text | Kind::Json)
    }

    /// The column that shows most if a part of the key cannot be read.
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

/// One key, or an array of keys.
fn path_sql(path: &[String]) -> String {
    let keys: Vec<String> = path.iter().map(|key| literal(key)).collect();
    match keys.as_slice() {
        [key] => key.clone(),
        keys => format!("array[{}]", keys.join(", ")),
    }
}

/// The error for a column name that the user mistyped.
pub(super) fn unknown_column(name: &str, names: &[String]) -> anyhow::Error {
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    Failure::new(Exit::Usage, format!("there is no column \"{name}\""))
        .hint(nearest("The columns are", name, &known))
        .into()
}
