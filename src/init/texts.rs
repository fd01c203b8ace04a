//! The files of a source, from their templates.

use super::column::{Column, Kind};
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
    pub(super) columns: &'a [Column],
    pub(super) key: Option<&'a Column>,
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
template!(Rows, "rows.sql");
template!(Incoming, "incoming.sql");
template!(Mart, "mart.sql");
template!(Summary, "summary.sql");
template!(Unreadable, "unreadable.sql");
template!(WithoutKey, "without_key.sql");
template!(Repeated, "repeated.sql");
template!(Export, "export.sql");
template!(Readme, "README.md");

impl Texts<'_> {
    /// Of the source: paths and texts.
    pub(super) fn files(&self, migration: usize) -> Result<Vec<(String, String)>> {
        let source = self.source;
        let t = self;
        let mut files = vec![
            (
                format!("migrations/V{migration:04}__create_{source}.sql"),
                Migration { t }.text()?,
            ),
            (format!("sql/core/{source}_rows.sql"), Rows { t }.text()?),
            (
                format!("sql/core/incoming_{source}.sql"),
                Incoming { t }.text()?,
            ),
            (format!("sql/mart/{source}.sql"), Mart { t }.text()?),
            (
                format!("sql/mart/{source}_summary.sql"),
                Summary { t }.text()?,
            ),
            (format!("sql/export/{source}.sql"), Export { t }.text()?),
        ];
        if !self.typed().is_empty() {
            let name = format!("sql/quality/{source}_with_unreadable_values.sql");
            files.push((name, Unreadable { t }.text()?));
        }
        if self.key.is_some() {
            let rule = |name: &str| format!("sql/quality/{source}_{name}.sql");
            files.push((rule("without_key"), WithoutKey { t }.text()?));
            files.push((rule("repeated"), Repeated { t }.text()?));
        }
        Ok(files)
    }

    /// Of the project itself.
    pub(super) fn files_of_project(&self) -> Result<Vec<(String, String)>> {
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
            delimiter => format!("'{}'", char::from(delimiter)),
        }
    }

    fn file_literal(&self) -> String {
        self.file.replace('\'', "''")
    }

    fn key_name(&self) -> &str {
        self.key.map_or("row_number", |key| key.name.as_str())
    }

    fn is_key(&self, column: &Column) -> bool {
        self.key.is_some_and(|key| key.name == column.name)
    }

    /// Columns of the staging table.
    fn staged(&self) -> Vec<&str> {
        let staged = self
            .columns
            .iter()
            .filter_map(|column| column.staged.as_deref());
        staged.collect()
    }

    fn result_columns(&self) -> Vec<&str> {
        let own = self.columns.iter().map(|column| column.name.as_str());
        match self.key {
            Some(_) => own.collect(),
            None => ["row_number"].into_iter().chain(own).collect(),
        }
    }

    /// Columns whose values may fail to be read.
    fn typed(&self) -> Vec<&Column> {
        self.columns
            .iter()
            .filter(|column| column.has_text())
            .collect()
    }

    fn key_column(&self) -> Option<&Column> {
        self.key
    }

    /// Numbers of which a sum says something.
    fn summed(&self) -> Vec<&Column> {
        let is_amount = |column: &&Column| {
            let name = column.name_literal();
            let is_number = matches!(column.kind, Kind::Bigint | Kind::Numeric);
            is_number && !self.is_key(column) && name != "id" && !name.ends_with("_id")
        };
        self.columns.iter().filter(is_amount).collect()
    }

    fn spanned(&self) -> Vec<&Column> {
        let is_time = |column: &&Column| matches!(column.kind, Kind::Date | Kind::Timestamp);
        self.columns.iter().filter(is_time).collect()
    }
}
