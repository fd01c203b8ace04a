//! Copies the rows of exports from the server to files.

use super::format::Format;
use super::manifest::ExportedFile;
use crate::database::{Block, Reader};
use crate::failure::cause;
use crate::failure::{Exit, Failure};
use crate::project::{SqlFile, hex};
use crate::signals;
use crate::terminal::{self, Meter};
use crate::whole_file::WholeFile;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;

/// A file that is not written yet.
pub(super) struct PendingFile<'a> {
    pub(super) export: &'a SqlFile,
    pub(super) file: String,
    pub(super) whole_file: WholeFile,
}

/// Writes one file.
pub(super) fn write_file(
    reader: &mut Reader,
    pending: &PendingFile<'_>,
    format: Format,
) -> Result<ExportedFile> {
    let PendingFile {
        export,
        file,
        whole_file,
    } = pending;
    let (mut bytes, mut rows) = (0, 0);
    let mut hash = Sha256::new();
    let mut meter = Meter::begin(format!("exporting {file}"), None);
    terminal::progress(&format!("exporting {file}"));
    copy_out(reader, export, format, |block| {
        bytes += block.bytes.len() as u64;
        rows += block.rows;
        hash.update(&block.bytes);
        meter.update(bytes, rows);
        whole_file
            .handle()
            .write_all(&block.bytes)
            .with_context(|| whole_file.writing())
    })?;
    rows = rows.saturating_sub(format.header_rows());
    terminal::step(&format!("{file}: {rows} rows"));
    let versions = versions(reader, export)?;
    Ok(ExportedFile {
        name: export.stem().to_string(),
        file: file.clone(),
        rows,
        bytes,
        sha256: hex(&hash.finalize()),
        query_version: versions.get(&export.name).copied().unwrap_or_default(),
        view_versions: versions
            .into_iter()
            .filter(|(name, _)| *name != export.name)
            .collect(),
    })
}

/// Passes the rows of an export to `use_block`.
pub(super) fn copy_out(
    reader: &mut Reader,
    export: &SqlFile,
    format: Format,
    mut use_block: impl FnMut(&Block) -> Result<()>,
) -> Result<()> {
    signals::check()?;
    let sql = format.copy(export.export_query());
    let copied = reader.copy_out(&sql, |block| {
        signals::check()?;
        use_block(block)
    });
    copied.map_err(|error| {
        if !error.is::<postgres::Error>() {
            return error;
        }
        let message = format!("could not run export \"{}\"", export.stem());
        if cause::is_about_sql(&error) {
            return Failure::new(Exit::Failed, message)
                .because(error)
                .hint(format!("Correct its query: {}.", export.path))
                .into();
        }
        error.context(message)
    })
}

/// Versions of the export's query and of the views that it reads, by name.
fn versions(reader: &mut Reader, export: &SqlFile) -> Result<BTreeMap<String, i64>> {
    let names: Vec<&str> = export.reads().chain([export.name.as_str()]).collect();
    let sql = "select name, version from elt.current_view where name = any($1) \
               or to_regclass(name) in (select elt.upstream(to_regclass(read)) \
               from unnest($1::text[]) as read where to_regclass(read) is not null)";
    let rows = reader.query(sql, &[&names])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
