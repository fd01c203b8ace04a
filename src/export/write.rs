//! Copies the rows of exports from the server into files.

use super::ExportedFile;
use super::format::Format;
use super::read_only;
use super::records::RecordCounter;
use crate::database::Database;
use crate::failure::explain;
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

/// Bytes that are worth a write.
const GIVE_AT: usize = 128 * 1024;

/// A file to be written.
pub(super) struct Task<'a> {
    pub(super) export: &'a SqlFile,
    pub(super) file: String,
    pub(super) whole_file: WholeFile,
}

/// Writes them all, of large tables over two connections that see the same snapshot.
pub(super) fn write_all(
    database: &Database,
    transaction: &mut Transaction<'_>,
    tasks: &[Task<'_>],
    format: Format,
) -> Result<Vec<ExportedFile>> {
    let next = AtomicUsize::new(0);
    let work = |transaction: &mut Transaction<'_>, is_shown: bool| -> Result<Vec<_>> {
        let mut files = Vec::new();
        while let index = next.fetch_add(1, Ordering::SeqCst)
            && let Some(task) = tasks.get(index)
        {
            signals::check()?;
            let file = write(transaction, task, format, is_shown);
            if file.is_err() {
                next.store(tasks.len(), Ordering::SeqCst);
            }
            files.push((index, file?));
        }
        Ok(files)
    };
    let mut second = match tasks.len() > 1 && is_large(transaction)? {
        true => database.connect("export (second)").ok(),
        false => None,
    };
    let mut files = match &mut second {
        None => work(transaction, true)?,
        Some(client) => {
            let snapshot: String = transaction
                .query_one("select pg_export_snapshot()", &[])?
                .get(0);
            let mut same = read_only(client)?;
            same.batch_execute(&format!("set transaction snapshot '{snapshot}'"))?;
            let (ours, theirs) = thread::scope(|scope| {
                let theirs = scope.spawn(|| work(&mut same, false));
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

/// Whether a second connection pays.
fn is_large(transaction: &mut Transaction<'_>) -> Result<bool> {
    let sql = "select coalesce(sum(load.rows_staged), 0) > 200000 from elt.live_load \
               inner join elt.load using (load_id)";
    Ok(transaction.query_typed_one(sql, &[])?.get(0))
}

fn write(
    transaction: &mut Transaction<'_>,
    task: &Task<'_>,
    format: Format,
    is_shown: bool,
) -> Result<ExportedFile> {
    let Task {
        export,
        file,
        whole_file,
    } = task;
    let mut counter = RecordCounter::new(format);
    let mut hash = Sha256::new();
    // The terminal, or a job's record, is this thread's alone.
    let mut meter = is_shown.then(|| Meter::begin(format!("exporting {file}"), None));
    if is_shown {
        terminal::progress(&format!("exporting {file}"));
    }
    copy_out(transaction, export, format, |bytes| {
        counter.count(bytes);
        hash.update(bytes);
        if let Some(meter) = &mut meter {
            meter.tell(counter.bytes, counter.rows());
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

/// Calls with the bytes of an export, piece by piece.
pub(super) fn copy_out(
    transaction: &mut Transaction<'_>,
    export: &SqlFile,
    format: Format,
    mut take: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let cannot_run = |error: anyhow::Error| -> anyhow::Error {
        let message = format!("could not run export \"{}\"", export.stem());
        if explain::is_about_sql(&error) {
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
    // The server sends each row by itself.
    let mut gathered = Vec::with_capacity(2 * GIVE_AT);
    loop {
        let bytes = reader
            .fill_buf()
            .map_err(|error| match error.downcast::<postgres::Error>() {
                Ok(error) => anyhow::Error::new(error),
                Err(error) => error.into(),
            })
            .map_err(cannot_run)?;
        let length = bytes.len();
        gathered.extend_from_slice(bytes);
        reader.consume(length);
        if length == 0 || gathered.len() >= GIVE_AT {
            signals::check()?;
            take(&gathered)?;
            gathered.clear();
            gathered.shrink_to(2 * GIVE_AT);
        }
        if length == 0 {
            return Ok(());
        }
    }
}

fn versions(transaction: &mut Transaction<'_>, export: &SqlFile) -> Result<BTreeMap<String, i64>> {
    let names: Vec<&str> = export.reads().chain([export.name.as_str()]).collect();
    let sql = "select name, version from elt.current_view where name = any($1) \
               or to_regclass(name) in (select elt.upstream(to_regclass(read)) \
               from unnest($1::text[]) as read where to_regclass(read) is not null)";
    let rows = transaction.query(sql, &[&names])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
