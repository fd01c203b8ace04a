//! The files of a source, from their templates.

use super::column::Column;
use super::names::{in_a_line, literal};
use super::notation::Kind;
use super::words;
use crate::extract::Layout;
use anyhow::Result;
use askama::Template;

/// What the templates are filled with.
pub(super) struct Texts<'a> {
    pub(super) source: &'a str,
    pub(super) database: &'a str,
    pub(super) dir: &'a str,
    pub(super) file: &'a str,
    pub(super) layout: &'a Layout,
    pub(super) mode: Mode,
    pub(super) columns: &'a [Column],
    /// Columns that identify a row; none if its place in the file does.
    pub(super) key: Vec<&'a Column>,
    /// Columns of the key before this one.
    pub(super) old_key: &'a [String],
}

/// What a file of the source contains: `elt.source.mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, clap::ValueEnum)]
pub(crate) enum Mode {
    /// All rows; they replace the earlier ones
    #[default]
    Replace,
    /// Rows to add
    Append,
    /// New and changed rows, matched by the key
    Merge,
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Mode::Replace => "replace",
            Mode::Append => "append",
            Mode::Merge => "merge",
        }
    }
}

macro_rules! template {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path, config = "src/init/askama.toml", escape = "none")]
        struct $name<'a> {
            t: &'a Texts<'a>,
        }

        impl $name<'_> {
            /// With the line end of the last line, which askama takes away.
            fn text(&self) -> Result<String> {
                Ok(format!("{}\n", self.render()?))
            }
        }
    };
}

template!(Migration, "migration.sql");
template!(Staged, "staged.sql");
template!(Rows, "rows.sql");
template!(Values, "values.sql");
template!(Incoming, "incoming.sql");
template!(Mart, "mart.sql");
template!(Summary, "summary.sql");
template!(Unreadable, "unreadable.sql");
template!(UnreadableColumns, "unreadable_columns.sql");
template!(Rewritten, "rewritten.sql");
template!(WithoutKey, "without_key.sql");
template!(Conflicting, "conflicting.sql");
template!(Repeated, "repeated.sql");
template!(Export, "export.sql");
template!(Rekey, "rekey.sql");
template!(Readme, "README.md");

/// A path below the project's folder, and a text.
pub(super) type File = (String, String);

impl Texts<'_> {
    /// Of the source.
    pub(super) fn files(&self, migration: usize) -> Result<Vec<File>> {
        let source = self.source;
        let t = self;
        let mut files = vec![
            (
                format!("migrations/V{migration:04}__create_{source}.sql"),
                Migration { t }.text()?,
            ),
            (
                format!("sql/core/{source}_staged.sql"),
                Staged { t }.text()?,
            ),
            (format!("sql/core/{source}_rows.sql"), Rows { t }.text()?),
            (
                format!("sql/mart/{source}_summary.sql"),
                Summary { t }.text()?,
            ),
        ];
        let rule = |name: &str| format!("sql/quality/{source}_{name}.sql");
        if !self.typed().is_empty() {
            files.push((
                format!("sql/core/{source}_values.sql"),
                Values { t }.text()?,
            ));
            files.push((rule("with_unreadable_values"), Unreadable { t }.text()?));
            files.push((
                rule("with_unreadable_columns"),
                UnreadableColumns { t }.text()?,
            ));
        }
        if !self.plain_numbers().is_empty() {
            files.push((rule("with_rewritten_numbers"), Rewritten { t }.text()?));
        }
        files.extend(self.files_of_key()?);
        Ok(files)
    }

    /// Those of the source that depend on its key.
    pub(super) fn files_of_key(&self) -> Result<Vec<File>> {
        let source = self.source;
        let t = self;
        let mut files = vec![
            (
                format!("sql/core/incoming_{source}.sql"),
                Incoming { t }.text()?,
            ),
            (format!("sql/mart/{source}.sql"), Mart { t }.text()?),
            (format!("sql/export/{source}.sql"), Export { t }.text()?),
        ];
        let rule = |name: &str| format!("sql/quality/{source}_{name}.sql");
        if !self.key.is_empty() {
            files.push((rule("without_key"), WithoutKey { t }.text()?));
            files.push((rule("repeated"), Repeated { t }.text()?));
            if !self.beside_key().is_empty() {
                files.push((rule("conflicting"), Conflicting { t }.text()?));
            }
        }
        Ok(files)
    }

    /// The migration that gives the core table another key.
    pub(super) fn rekey(&self, migration: usize) -> Result<File> {
        Ok((
            format!("migrations/V{migration:04}__rekey_{}.sql", self.source),
            Rekey { t: self }.text()?,
        ))
    }

    /// Of the project itself.
    pub(super) fn files_of_project(&self) -> Result<Vec<File>> {
        Ok(vec![
            (
                "sql/database.sql".into(),
                format!("create database {};\n", self.database),
            ),
            ("README.md".into(), Readme { t: self }.text()?),
        ])
    }

    fn is_json(&self) -> bool {
        self.layout.format == "json"
    }

    /// Whether the file is written in another way than most.
    fn is_odd(&self) -> bool {
        self.layout.delimiter != b',' || self.layout.encoding != "utf-8"
    }

    fn delimiter_literal(&self) -> String {
        match self.layout.delimiter {
            b'\t' => "e'\\t'".into(),
            delimiter => literal(&char::from(delimiter).to_string()),
        }
    }

    fn file_literal(&self) -> String {
        literal(self.file)
    }

    fn staging_comment(&self) -> String {
        literal(&format!(
            "Rows of {} as they came, repeats included.",
            self.file
        ))
    }

    fn mart_comment(&self) -> String {
        literal(&format!("What {} says, cleaned.", self.file))
    }

    fn description(&self) -> String {
        literal(&format!("What {} says.", self.file))
    }

    fn file_in_a_line(&self) -> String {
        in_a_line(self.file)
    }

    /// For a shell.
    fn dir_in_a_line(&self) -> String {
        in_a_line(&crate::failure::sentence::quoted(self.dir))
    }

    fn has_key(&self) -> bool {
        !self.key.is_empty()
    }

    /// Columns of the core table's primary key.
    pub(super) fn primary_key(&self) -> Vec<&str> {
        match (self.key.as_slice(), self.mode) {
            ([], Mode::Replace) => vec!["_row"],
            // Each file has a first row.
            ([], _) => vec!["_load_id", "_row"],
            (key, _) => key.iter().map(|column| column.name.as_str()).collect(),
        }
    }

    fn primary_key_list(&self) -> String {
        self.primary_key().join(", ")
    }

    /// For sentences.
    fn key_words(&self) -> String {
        let names: Vec<String> = self
            .key
            .iter()
            .map(|column| column.name_literal())
            .collect();
        names.join(", ")
    }

    fn key_array(&self) -> String {
        let names: Vec<String> = self
            .key
            .iter()
            .map(|column| literal(&column.name_literal()))
            .collect();
        format!("array[{}]", names.join(", "))
    }

    /// `elt.source.key`.
    fn merge_key(&self) -> String {
        match self.mode {
            Mode::Merge => self.key_array(),
            Mode::Replace | Mode::Append => "null".into(),
        }
    }

    /// `elt.source.max_shrink`.
    fn max_shrink(&self) -> &'static str {
        match self.mode {
            Mode::Replace => "0.5",
            Mode::Append | Mode::Merge => "null",
        }
    }

    fn rekey_command(&self, options: &str) -> String {
        let dir = self.dir_in_a_line();
        format!("elt init {dir} --rekey {}{options}", self.source)
    }

    fn conflicting_comment(&self) -> String {
        literal(&format!(
            "Rows of one file that share a key ({}) and differ: the load is refused, since only one of them could stay. \
             Correct the file; or, if this is not the key, name another with {}, or keep every row with {}.",
            self.key_words(),
            self.rekey_command(" --key COLUMN,COLUMN"),
            self.rekey_command(" --no-key"),
        ))
    }

    fn without_key_comment(&self) -> String {
        literal(&format!(
            "Rows whose key ({}) is missing or cannot be read: the load is refused, since they could not stay. \
             Correct the file, or keep every row with {}.",
            self.key_words(),
            self.rekey_command(" --no-key"),
        ))
    }

    fn unreadable_columns_comment(&self) -> String {
        literal(&format!(
            "Columns of which more than 20 % of the values can no longer be read, and less than 1 % could not before: the load is \
             refused, since they would be null. If the file is right, read the column in core.{0}_staged as it is written now \
             (as text: elt.text_value, and another type in the core table); if the values may be lost, make the level of this \
             rule warning. Then elt migrate, and load again.",
            self.source
        ))
    }

    fn is_key(&self, column: &Column) -> bool {
        self.key.iter().any(|key| key.name == column.name)
    }

    /// Columns of the staging table.
    fn staged(&self) -> Vec<&str> {
        let staged = self
            .columns
            .iter()
            .filter_map(|column| column.staged.as_deref());
        staged.collect()
    }

    /// What people see of a row; where no column identifies it, also its place.
    fn result_columns(&self) -> Vec<&str> {
        let own = self.columns.iter().map(|column| column.name.as_str());
        let places = self.primary_key();
        let places = places.into_iter().filter(|_| self.key.is_empty());
        own.chain(places).collect()
    }

    /// Columns that are exported.
    fn exported(&self) -> Vec<&str> {
        let own = self.columns.iter().map(|column| column.name.as_str());
        own.collect()
    }

    /// Columns whose values may fail to be read.
    fn typed(&self) -> Vec<&Column> {
        let has_text = |column: &&Column| column.has_text();
        self.columns.iter().filter(has_text).collect()
    }

    fn plain_numbers(&self) -> Vec<&Column> {
        let is_plain = |column: &&Column| column.is_plain_number;
        self.columns.iter().filter(is_plain).collect()
    }

    /// Columns that are no part of the key.
    fn beside_key(&self) -> Vec<&Column> {
        let is_beside = |column: &&Column| !self.is_key(column);
        self.columns.iter().filter(is_beside).collect()
    }

    /// Numbers of which a sum says something.
    fn summed(&self) -> Vec<&Column> {
        let is_amount = |column: &&Column| {
            let name = column.name_literal();
            let is_number = matches!(column.kind, Kind::Bigint | Kind::Numeric | Kind::Double);
            is_number && !self.is_key(column) && !words::is_label(&name)
        };
        self.columns.iter().filter(is_amount).collect()
    }

    fn spanned(&self) -> Vec<&Column> {
        let is_time =
            |column: &&Column| matches!(column.kind, Kind::Date | Kind::Timestamp | Kind::Instant);
        self.columns.iter().filter(is_time).collect()
    }
}
