//! Copies the rows of exports from the server to files.

use super::format::Format;
use super::manifest::ExportedFile;
use super::records::RecordCounter;
use super::snapshot::read_only;
use crate::database::Database;
use crate::failure::cause;
use crate::failure::{Exit, Failure};
use crate::project::{SqlFile, hex};
use crate::signals;
use crate::terminal::{self, Meter};
use crate::whole_file::WholeFile;
use anyhow::{Context, Result};
use postgres::Transaction;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Number of bytes that are written at once.
const CHUNK_BYTES: usize = 128 * 1024;

/// A file that is not written yet.
pub(super) struct PendingFile<'a> {
    pub(super) export: &'a SqlFile,
    pub(super) file: String,
    pub(super) whole_file: WholeFile,
}

/// Writes all files. Large exports use two connections, which see the same snapshot.
pub(super) fn write_all(
    database: &Database,
    transaction: &mut Transaction<'_>,
    pending: &[PendingFile<'_>],
    format: Format,
) -> Result<Vec<ExportedFile>> {
    let next = AtomicUsize::new(0);
    let work = |transaction: &mut Transaction<'_>, is_shown: bool| -> Result<Vec<_>> {
        let mut files = Vec::new();
        while let index = next.fetch_add(1, Ordering::SeqCst)
            && let Some(file) = pending.get(index)
        {
            signals::check()?;
            let written = write_file(transaction, file, format, is_shown);
            if written.is_err() {
                next.store(pending.len(), Ordering::SeqCst);
            }
            files.push((index, written?));
        }
        Ok(files)
    };
    let mut second = if pending.len() > 1 && is_large(transaction)? {
        database.connect("export (second)").ok()
    } else {
        None
    };
    let mut files = match &mut second {
        None => work(transaction, true)?,
        Some(client) => {
            let snapshot: String = transaction
                .query_one("select pg_export_snapshot()", &[])?
                .get(0);
            let mut second_transaction = read_only(client)?;
            second_transaction.batch_execute(&format!("set transaction snapshot '{snapshot}'"))?;
            let (ours, theirs) = thread::scope(|scope| {
                let theirs = scope.spawn(|| work(&mut second_transaction, false));
                let ours = work(transaction, true);
                let theirs = theirs.join().unwrap_or_else(|panic| resume_unwind(panic));
                (ours, theirs)
            });
            let mut files = ours?;
            files.extend(theirs?);
            files
        }
    };
    files.sort_by_key(|(index, _)| *index);
    let files = files.into_iter().map(|(_, file)| file).collect::<Vec<_>>();
    for file in &files {
        terminal::step(&format!("{}: {} rows", file.file, file.rows));
    }
    Ok(files)
}

/// Whether the exports are large enough for a second connection.
fn is_large(transaction: &mut Transaction<'_>) -> Result<bool> {
    let sql = "select coalesce(sum(load.rows_staged), 0) > 200000 from elt.live_load \
               inner join elt.load using (load_id)";
    Ok(transaction.query_typed_one(sql, &[])?.get(0))
}

/// Writes one file, with progress if `is_shown`.
fn write_file(
    transaction: &mut Transaction<'_>,
    pending: &PendingFile<'_>,
    format: Format,
    is_shown: bool,
) -> Result<ExportedFile> {
    let PendingFile {
        export,
        file,
        whole_file,
    } = pending;
    let mut counter = RecordCounter::new(format);
    let mut hash = Sha256::new();
    // Only one thread shows progress, on the terminal or in the job.
    let mut meter = is_shown.then(|| Meter::begin(format!("exporting {file}"), None));
    if is_shown {
        terminal::progress(&format!("exporting {file}"));
    }
    copy_out(transaction, export, format, |bytes| {
        counter.count(bytes);
        hash.update(bytes);
        if let Some(meter) = &mut meter {
            meter.update(counter.bytes, counter.rows());
        }
        whole_file
            .handle()
            .write_all(bytes)
            .with_context(|| whole_file.writing())
    })?;
    let versions = versions(transaction, export)?;
    Ok(ExportedFile {
        name: export.stem().to_string(),
        file: file.clone(),
        rows: counter.rows(),
        bytes: counter.bytes,
        sha256: hex(&hash.finalize()),
        query_version: versions.get(&export.name).copied().unwrap_or_default(),
        view_versions: versions
            .into_iter()
            .filter(|(name, _)| *name != export.name)
            .collect(),
    })
}

/// Passes the bytes of an export to `take`, in chunks.
pub(super) fn copy_out(
    transaction: &mut Transaction<'_>,
    export: &SqlFile,
    format: Format,
    mut take: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let cannot_run = |error: anyhow::Error| -> anyhow::Error {
        let message = format!("could not run export \"{}\"", export.stem());
        if cause::is_about_sql(&error) {
            return Failure::new(Exit::Failed, message)
                .because(error)
                .hint(format!("Correct its query: {}.", export.path))
                .into();
        }
        error.context(message)
    };
    let sql = format.copy(export.text.trim().trim_end_matches(';'));
    let reader = transaction.copy_out(&sql);
    let mut reader = reader.map_err(|error| cannot_run(error.into()))?;
    // The server sends every row in a message of its own; larger chunks are faster to write.
    let mut chunk = Vec::with_capacity(2 * CHUNK_BYTES);
    loop {
        let bytes = reader
            .fill_buf()
            .map_err(|error| match error.downcast::<postgres::Error>() {
                Ok(error) => anyhow::Error::new(error),
                Err(error) => error.into(),
            })
            .map_err(cannot_run)?;
        let length = bytes.len();
        chunk.extend_from_slice(bytes);
        reader.consume(length);
        if length == 0 || chunk.len() >= CHUNK_BYTES {
            signals::check()?;
            take(&chunk)?;
            chunk.clear();
            chunk.shrink_to(2 * CHUNK_BYTES);
        }
        if length == 0 {
            return Ok(());
        }
    }
}

/// Versions of the export's query and of the views that it reads, by name.
fn versions(transaction: &mut Transaction<'_>, export: &SqlFile) -> Result<BTreeMap<String, i64>> {
    let names: Vec<&str> = export.reads().chain([export.name.as_str()]).collect();
    let sql = "select name, version from elt.current_view where name = any($1) \
               or to_regclass(name) in (select elt.upstream(to_regclass(read)) \
               from unnest($1::text[]) as read where to_regclass(read) is not null)";
    let rows = transaction.query(sql, &[&names])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
