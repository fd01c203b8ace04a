//! Renders the files of a source from their templates.

use super::column::Column;
use super::source_spec::SourceSpec;
use anyhow::Result;
use askama::Template;

macro_rules! template {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path, config = "src/init/askama.toml", escape = "none")]
        struct $name<'a> {
            /// The value that the template fills in.
            t: &'a SourceSpec<'a>,
        }

        impl $name<'_> {
            /// The rendered text. Askama removes the line end of the last line.
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
template!(Filled, "filled.sql");

/// The view of a chart by months of the column `d`.
#[derive(Template)]
#[template(
    path = "by_month.sql",
    config = "src/init/askama.toml",
    escape = "none"
)]
struct ByMonth<'a> {
    t: &'a SourceSpec<'a>,
    d: &'a Column,
}

/// A path below the project's folder, and the text of the file.
pub(super) type SourceFile = (String, String);

impl SourceSpec<'_> {
    /// The files of a new source.
    pub(super) fn files(&self, migration: usize) -> Result<Vec<SourceFile>> {
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
        if let Some(view) = self.chart_view() {
            let text = match self.dated() {
                Some(d) => format!("{}\n", ByMonth { t, d }.render()?),
                None => Filled { t }.text()?,
            };
            files.push((format!("sql/mart/{view}.sql"), text));
        }
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

    /// The files that depend on the key of the source.
    pub(super) fn files_of_key(&self) -> Result<Vec<SourceFile>> {
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

    /// The migration that changes the key of the core table.
    pub(super) fn rekey_migration(&self, migration: usize) -> Result<SourceFile> {
        Ok((
            format!("migrations/V{migration:04}__rekey_{}.sql", self.source),
            Rekey { t: self }.text()?,
        ))
    }

    /// The files of a new project besides those of its first source.
    pub(super) fn files_of_project(&self) -> Result<Vec<SourceFile>> {
        Ok(vec![
            (
                "sql/database.sql".into(),
                format!("create database {};\n", self.database),
            ),
            ("README.md".into(), Readme { t: self }.text()?),
        ])
    }
}
