//! The views that `elt run` prints: those whose header has `show`.

use super::shared_output::{RowTable, rows};
use crate::export::{Format, Manifest, first_rows};
use crate::failure::sentence::elt;
use crate::project::{Layer, Project, SqlFile};
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use std::path::{Path, PathBuf};

/// Rows of a view that are shown.
const LONGEST_VIEW: usize = 24;

pub(super) fn print(
    client: &mut Client,
    project: &Project,
    manifest: &Manifest,
    format: Format,
) -> Result<()> {
    let shown = project
        .sql
        .iter()
        .filter(|file| file.layer == Layer::Mart && file.header.contains_key("show"));
    for view in shown {
        let sql = "select obj_description($1::text::regclass, 'pg_class')";
        let title: Option<String> = client.query_one(sql, &[&view.name])?.get(0);
        terminal::line(&format!("\n{}", title.unwrap_or_else(|| view.name.clone())))?;
        let has_more = match exported(project, view, manifest) {
            Some((export, file)) => print_exported(client, export, &file, format)?,
            None => rows(
                client,
                &format!("select * from {}", view.name),
                LONGEST_VIEW,
            )?,
        };
        if has_more {
            terminal::line_with_commands(
                format!("... more with select * from {}, in ", view.name) + elt!("db", "psql"),
            )?;
        }
    }
    Ok(())
}

/// The export of the same name that reads only this view, and its file. Computing the rows again would take as long
/// as the export.
fn exported<'a>(
    project: &'a Project,
    view: &SqlFile,
    manifest: &Manifest,
) -> Option<(&'a SqlFile, PathBuf)> {
    let mut exports = project.exports();
    let export = exports
        .find(|export| export.stem() == view.stem() && export.reads().eq([view.name.as_str()]))?;
    let mut files = manifest.files.iter();
    let file = files.find(|file| file.name == export.stem())?;
    Some((export, manifest.folder.join(&file.file)))
}

/// Prints the first rows of an exported file. Returns whether there are more.
fn print_exported(
    client: &mut Client,
    export: &SqlFile,
    file: &Path,
    format: Format,
) -> Result<bool> {
    // The file has no types.
    let statement = client.prepare(export.export_query())?;
    let columns: Vec<&str> = statement
        .columns()
        .iter()
        .map(|column| column.name())
        .collect();
    let mut table = RowTable::new(&statement, LONGEST_VIEW);
    for row in first_rows(file, format, &columns, LONGEST_VIEW + 1)? {
        table.add(row.iter().map(String::as_str));
    }
    table.print()
}
