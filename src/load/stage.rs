//! One input into one partition of its staging table: recorded before the first byte, counted after
//! the last.

use super::copy::Copy;
use super::input::Input;
use super::rejects::{MaxRejects, RejectLog};
use super::source::{Source, live_rows};
use super::{Outcome, Request, SourceReport};
use crate::db::{Database, locks};
use crate::extract::digest::Digest;
use crate::extract::{Extract, Record};
use crate::failure::{Exit, Failure};
use crate::interrupt;
use anyhow::{Context, Result};
use postgres::Client;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

/// Writes the record of the load, marks it alive, and makes its partition, empty.
pub(crate) fn record(client: &mut Client, source: &Source, input: &Input) -> Result<i64> {
    let mut transaction = client.transaction()?;
    let sql = "insert into elt.load (source, location, elt_version) values ($1, $2, $3) \
               returning load_id";
    let location = input.location();
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

/// Copies the input's rows.
pub(crate) fn stage(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    source: &Source,
    input: Input,
    load_id: i64,
) -> Result<SourceReport> {
    let begun = Instant::now();
    let location = input.location();
    let kind = match &input {
        Input::File(_) => "file",
        Input::Api(_) => "API",
    };
    let describe = || {
        let name = &source.name;
        format!("could not load {kind} \"{location}\" into source \"{name}\"")
    };
    let digest = Rc::new(RefCell::new(Digest::default()));
    let extract = input.open(source, request.jobs, Rc::clone(&digest));
    let mut extract = extract.with_context(describe)?;
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
    analyze(client, &table, extract.columns())?;
    let digest = digest.borrow();
    finish(client, load_id, read, staged, &digest)
        .with_context(|| format!("rows of source \"{}\" do not add up", source.name))?;
    Ok(SourceReport {
        source: source.name.clone(),
        outcome: Outcome::Published,
        load_id,
        bytes: digest.bytes(),
        location,
        rows: staged,
        rows_before: live_rows(client, source)?,
        rejected: rejects.count,
        seconds: begun.elapsed().as_secs_f64(),
        rejects: rejects.shown,
    })
}

/// Statistics for the queries of the publish. Those of whole documents would say nothing, and take
/// five times as long.
fn analyze(client: &mut Client, table: &str, columns: &[String]) -> Result<()> {
    let is_document = columns.iter().any(|column| column == "payload");
    let columns = if is_document { " (_row)" } else { "" };
    client.batch_execute(&format!("analyze {table}{columns}"))?;
    Ok(())
}

/// The record takes our count of rows read, the server's of rows copied, and its own of rows
/// rejected: a constraint holds the sum.
fn finish(
    client: &mut Client,
    load_id: i64,
    read: u64,
    staged: u64,
    digest: &Digest,
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
            &number(digest.bytes())?,
            &digest.sha256(),
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
                "source \"{}\": more rows were rejected than the {rows} that are allowed",
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
