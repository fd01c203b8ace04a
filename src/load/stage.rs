//! One file into one partition of its staging table: recorded before the first byte, counted after
//! the last.

use super::copy::Copy;
use super::rejects::{MaxRejects, RejectLog};
use super::source::{Source, live_rows, reading};
use super::{Outcome, Request, SourceReport};
use crate::db::{Database, locks};
use crate::extract::{self, Extract, Record};
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::project::hex;
use anyhow::{Context, Result};
use postgres::Client;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

/// Writes the record of the load, marks it alive, and makes its partition, empty.
pub(crate) fn record(client: &mut Client, source: &Source, file: &Path) -> Result<i64> {
    let mut transaction = client.transaction()?;
    let sql = "insert into elt.load (source, location, elt_version) values ($1, $2, $3) \
               returning load_id";
    let location = file.to_string_lossy();
    let version = env!("CARGO_PKG_VERSION");
    let load_id: i64 = transaction
        .query_one(sql, &[&source.name, &location, &version])?
        .get(0);
    transaction.execute("select elt.open_staging($1)", &[&load_id])?;
    // Before others can see the record: a load without its lock counts as dead.
    locks::mark_alive(&mut transaction, load_id)?;
    transaction.commit()?;
    Ok(load_id)
}

/// Copies the file's rows.
pub(crate) fn stage(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    source: &Source,
    file: &Path,
    load_id: i64,
) -> Result<SourceReport> {
    let begun = Instant::now();
    let describe = || {
        format!(
            "could not load file \"{}\" into source \"{}\"",
            file.display(),
            source.name
        )
    };
    let digest = Rc::new(RefCell::new(Digested::default()));
    let input = DigestingReader {
        reader: File::open(file).with_context(|| reading(file))?,
        digest: Rc::clone(&digest),
    };
    let mut extract =
        extract::open(&source.format, Box::new(input), &source.columns).with_context(describe)?;
    let mut rejects = RejectLog::new(database, load_id);
    let table = format!("staging.{}_load_{load_id}", source.name);
    let copied = copy_records(
        client,
        extract.as_mut(),
        &table,
        &mut rejects,
        request.max_rejects,
    );
    // Kept also when the load comes to nothing: they may be the reason.
    rejects.flush()?;
    let Some((read, staged)) = copied.with_context(describe)? else {
        return Err(too_many(
            &rejects,
            rejects.count,
            request.max_rejects,
            source,
            load_id,
        ));
    };
    if request.max_rejects.is_exceeded(rejects.count, read) {
        return Err(too_many(
            &rejects,
            read,
            request.max_rejects,
            source,
            load_id,
        ));
    }
    client.batch_execute(&format!("analyze {table}"))?;
    let digest = digest.borrow();
    let sha256 = hex(&digest.hash.clone().finalize());
    finish(client, load_id, read, staged, digest.bytes, &sha256)
        .with_context(|| format!("rows of source \"{}\" do not add up", source.name))?;
    Ok(SourceReport {
        source: source.name.clone(),
        outcome: Outcome::Published,
        load_id,
        location: file.to_path_buf(),
        bytes: digest.bytes,
        rows: staged,
        rows_before: live_rows(client, source)?,
        rejected: rejects.count,
        seconds: begun.elapsed().as_secs_f64(),
        rejects: rejects.shown,
    })
}

/// The record takes our count of rows read, the server's of rows copied, and its own of rows
/// rejected: a constraint holds the sum.
fn finish(
    client: &mut Client,
    load_id: i64,
    read: u64,
    staged: u64,
    bytes: u64,
    sha256: &str,
) -> Result<()> {
    let sql = "update elt.load set state = 'staged', staged_at = now(), rows_read = $2, \
               rows_staged = $3, size_bytes = $4, sha256 = $5, \
               rows_rejected = (select count(*) from elt.reject where load_id = $1) \
               where load_id = $1";
    let number = |value: u64| i64::try_from(value);
    client.execute(
        sql,
        &[
            &load_id,
            &number(read)?,
            &number(staged)?,
            &number(bytes)?,
            &sha256,
        ],
    )?;
    Ok(())
}

/// Rows read, and rows staged as the server counted them. None when a limit in rows was exceeded,
/// which shows before the end; a percentage only shows then.
fn copy_records(
    client: &mut Client,
    extract: &mut dyn Extract,
    table: &str,
    rejects: &mut RejectLog<'_>,
    limit: MaxRejects,
) -> Result<Option<(u64, u64)>> {
    let mut copy = Copy::begin(client, table, extract.columns())?;
    let mut read = 0;
    while let Some(record) = extract.next(&mut copy.text)? {
        read += 1;
        if let Record::Rejected(reject) = record {
            rejects.add(reject)?;
            if matches!(limit, MaxRejects::Rows(rows) if rejects.count > rows) {
                return Ok(None);
            }
        }
        copy.send_when_full()?;
        interrupt::check()?;
    }
    Ok(Some((read, copy.finish()?)))
}

fn too_many(
    rejects: &RejectLog<'_>,
    read: u64,
    limit: MaxRejects,
    source: &Source,
    load_id: i64,
) -> anyhow::Error {
    let message = match limit {
        MaxRejects::Rows(rows) => {
            format!(
                "source \"{}\": more than {rows} rows were rejected",
                source.name
            )
        }
        MaxRejects::Usual if rejects.count == read => {
            format!("source \"{}\": all {read} rows were rejected", source.name)
        }
        MaxRejects::Usual | MaxRejects::Percent(_) => format!(
            "source \"{}\": {} of {read} rows were rejected, and {} are allowed",
            source.name,
            rejects.count,
            limit.allowed(read)
        ),
    };
    Failure::new(Exit::TooManyRejects, message)
        .detail(format!(
            "Nothing was changed. The first: {}.",
            rejects.shown.join("; ")
        ))
        .hint(format!(
            "See them with elt rejects {load_id}; allow more with --max-rejects."
        ))
        .into()
}

#[derive(Default)]
struct Digested {
    hash: Sha256,
    bytes: u64,
}

/// Hashes the very bytes that are loaded: the file may change while it is read.
struct DigestingReader {
    reader: File,
    digest: Rc<RefCell<Digested>>,
}

impl Read for DigestingReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        let mut digest = self.digest.borrow_mut();
        digest.hash.update(&buffer[..count]);
        digest.bytes += count as u64;
        Ok(count)
    }
}
