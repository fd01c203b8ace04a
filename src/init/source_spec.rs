//! A source as its templates need it.

use super::column::Column;
use super::kind::Kind;
use super::layout::source_columns;
use super::mode::Mode;
use super::name_hints;
use super::names::{literal, single_line};
use crate::extract::Layout;
use crate::extract::bucket::is_bucket_address;
use crate::extract::rest::is_file_address;

/// The names, the columns and the key of a source. The methods return parts of SQL for the templates.
pub(super) struct SourceSpec<'a> {
    pub(super) source: &'a str,
    pub(super) database: &'a str,
    pub(super) dir: &'a str,
    /// The name of the file, or the address of the file or the API without its query.
    pub(super) file: &'a str,
    /// The whole address of a file.
    pub(super) address: Option<&'a str>,
    pub(super) layout: &'a Layout,
    /// Columns of `elt.rest_source` with SQL literals; None for a file.
    pub(super) rest: Option<&'a [(String, String)]>,
    /// Further columns of `elt.source`, with their values.
    pub(super) settings: &'a [(&'static str, String)],
    /// Columns of an API's staging table besides `payload` and those of all APIs.
    pub(super) own_columns: &'a [String],
    pub(super) mode: Mode,
    pub(super) columns: &'a [Column],
    /// Columns that identify a row; empty if its position in the file does.
    pub(super) key: Vec<&'a Column>,
    /// Columns of the previous key, for a migration that changes it.
    pub(super) old_key: &'a [String],
}

impl SourceSpec<'_> {
    pub(super) fn is_json(&self) -> bool {
        self.layout.format == "json"
    }

    pub(super) fn is_rest(&self) -> bool {
        self.rest.is_some()
    }

    pub(super) fn rest_columns(&self) -> &[(String, String)] {
        self.rest.unwrap_or_default()
    }

    /// `elt.source.format`.
    pub(super) fn format(&self) -> &str {
        match self.rest {
            Some(_) => "rest",
            None => &self.layout.format,
        }
    }

    /// The prefix of the variables with credentials.
    pub(super) fn variables(&self) -> String {
        format!("ELT_{}", self.source.to_uppercase())
    }

    /// Where the rows come from, for sentences.
    pub(super) fn input(&self) -> &'static str {
        match self.rest {
            Some(_) => "API",
            None => "file",
        }
    }

    /// Columns of `elt.source` about the file, with their SQL literals.
    pub(super) fn layout_columns(&self) -> Vec<(&'static str, String)> {
        let settings = self.settings.iter();
        let mut columns = source_columns(self.layout);
        columns.extend(settings.map(|(column, value)| (*column, literal(value))));
        columns
    }

    pub(super) fn file_literal(&self) -> String {
        literal(self.address.unwrap_or(self.file))
    }

    /// Whether the file is at an address or in a bucket.
    pub(super) fn is_remote(&self) -> bool {
        (is_file_address(self.file) || self.is_in_bucket()) && !self.is_rest()
    }

    pub(super) fn is_in_bucket(&self) -> bool {
        is_bucket_address(self.file)
    }

    pub(super) fn staging_comment(&self) -> String {
        literal(&format!(
            "Rows of {} as loaded, including repeated rows.",
            self.file
        ))
    }

    pub(super) fn mart_comment(&self) -> String {
        literal(&format!("Rows of {}, with typed values.", self.file))
    }

    pub(super) fn description(&self) -> String {
        literal(&format!("Rows of {}.", self.file))
    }

    pub(super) fn file_single_line(&self) -> String {
        single_line(self.file)
    }

    /// The folder, quoted for a shell.
    pub(super) fn dir_single_line(&self) -> String {
        single_line(&crate::failure::sentence::quoted(self.dir))
    }

    pub(super) fn has_key(&self) -> bool {
        !self.key.is_empty()
    }

    /// Columns of the primary key of the core table.
    pub(super) fn primary_key(&self) -> Vec<&str> {
        match (self.key.as_slice(), self.mode) {
            ([], Mode::Replace) => vec!["_row"],
            // Positions repeat from file to file.
            ([], _) => vec!["_load_id", "_row"],
            (key, _) => key.iter().map(|column| column.name.as_str()).collect(),
        }
    }

    pub(super) fn primary_key_list(&self) -> String {
        self.primary_key().join(", ")
    }

    pub(super) fn key_names(&self) -> Vec<String> {
        self.key
            .iter()
            .map(|column| column.name_literal())
            .collect()
    }

    /// The key columns as part of a sentence.
    pub(super) fn key_words(&self) -> String {
        self.key_names().join(", ")
    }

    pub(super) fn key_array(&self) -> String {
        let names: Vec<String> = self
            .key
            .iter()
            .map(|column| literal(&column.name_literal()))
            .collect();
        format!("array[{}]", names.join(", "))
    }

    /// `elt.source.key`.
    pub(super) fn merge_key(&self) -> String {
        match self.mode {
            Mode::Merge => self.key_array(),
            Mode::Replace | Mode::Append => "null".into(),
        }
    }

    /// `elt.source.max_shrink`.
    pub(super) fn max_shrink(&self) -> &'static str {
        match self.mode {
            Mode::Replace => "0.5",
            Mode::Append | Mode::Merge => "null",
        }
    }

    pub(super) fn rekey_command(&self, options: &str) -> String {
        let dir = self.dir_single_line();
        format!("elt init {dir} --rekey {}{options}", self.source)
    }

    pub(super) fn conflicting_comment(&self) -> String {
        literal(&format!(
            "Rows of one {} with the same key ({}) and different values. The load is refused, because only one of them could be kept. \
             {}, if this is not the key, name another with {}, or keep every row with {}.",
            if self.is_rest() { "load" } else { "file" },
            self.key_words(),
            if self.is_rest() {
                "Load again; or"
            } else {
                "Correct the file; or"
            },
            self.rekey_command(" --key COLUMN,COLUMN"),
            self.rekey_command(" --no-key"),
        ))
    }

    pub(super) fn without_key_comment(&self) -> String {
        literal(&format!(
            "Rows whose key ({}) is missing or cannot be read. The load is refused, because these rows could not be kept. \
             Correct the {}, or keep every row with {}.",
            self.key_words(),
            if self.is_rest() { "data" } else { "file" },
            self.rekey_command(" --no-key"),
        ))
    }

    pub(super) fn unreadable_columns_comment(&self) -> String {
        literal(&format!(
            "Columns in which more than 20 % of the values cannot be read, and at most 1 % in the previous load. The load is \
             refused, because these values would be null. If the {1} is right, change how core.{0}_staged reads the column \
             (text: elt.text_value, and another type in the core table). If the values can be lost, change the level of this \
             rule to warning. Then run elt migrate, and load again.",
            self.source,
            self.input()
        ))
    }

    pub(super) fn is_key(&self, column: &Column) -> bool {
        self.key.iter().any(|key| key.name == column.name)
    }

    /// Columns of the staging table.
    pub(super) fn staged(&self) -> Vec<&str> {
        let staged = self
            .columns
            .iter()
            .filter_map(|column| column.staged.as_deref());
        staged.collect()
    }

    /// Columns of the mart view. They include the position of a row if no column identifies it.
    pub(super) fn result_columns(&self) -> Vec<&str> {
        let own = self.columns.iter().map(|column| column.name.as_str());
        let places = self.primary_key();
        let places = places.into_iter().filter(|_| self.key.is_empty());
        own.chain(places).collect()
    }

    /// Columns that are exported.
    pub(super) fn exported(&self) -> Vec<&str> {
        let own = self.columns.iter().map(|column| column.name.as_str());
        own.collect()
    }

    /// Columns that are not text.
    pub(super) fn typed(&self) -> Vec<&Column> {
        let has_text = |column: &&Column| column.has_text();
        self.columns.iter().filter(has_text).collect()
    }

    /// Numbers that PostgreSQL prints as the file writes them.
    pub(super) fn plain_numbers(&self) -> Vec<&Column> {
        let is_plain = |column: &&Column| column.is_plain_number;
        self.columns.iter().filter(is_plain).collect()
    }

    /// Columns outside the key.
    pub(super) fn beside_key(&self) -> Vec<&Column> {
        let is_beside = |column: &&Column| !self.is_key(column);
        self.columns.iter().filter(is_beside).collect()
    }

    /// Numbers that are worth a sum.
    pub(super) fn summed(&self) -> Vec<&Column> {
        let is_amount = |column: &&Column| {
            let name = column.name_literal();
            let is_number = matches!(column.kind, Kind::Bigint | Kind::Numeric | Kind::Double);
            is_number && !self.is_key(column) && !name_hints::is_label(&name)
        };
        self.columns.iter().filter(is_amount).collect()
    }

    /// Dates and times, for their first and last value.
    pub(super) fn spanned(&self) -> Vec<&Column> {
        let is_time =
            |column: &&Column| matches!(column.kind, Kind::Date | Kind::Timestamp | Kind::Instant);
        self.columns.iter().filter(is_time).collect()
    }
}
