//! One input into one partition of its staging table: recorded before the first byte, counted after
//! the last.

use super::copy::{self, CopyText};
use super::input::Input;
use super::lanes::{self, Target};
use super::rejects::{MaxRejects, RejectLog};
use super::source::{Replayed, Source, live_rows, same_live};
use super::{Outcome, Request, SourceReport};
use crate::db::{Database, locks};
use crate::extract::digest::Digest;
use crate::extract::{Extract, FileFacts, Record, Shape};
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::sentence::elt;
use crate::terminal::{self, Meter};
use anyhow::{Context, Result};
use postgres::Client;
use postgres::error::SqlState;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

/// Writes the record of the load, marks it alive, and makes its partition, empty.
pub(crate) fn record(
    client: &mut Client,
    source: &Source,
    input: &Input,
    replayed: Option<&Replayed>,
    lane_count: usize,
    allow_shrink: bool,
) -> Result<i64> {
    let mut transaction = client.transaction()?;
    let sql = "insert into elt.load (source, location, elt_version, replayed_load_id, replay_location, \
               replay_after_row, lane_count, allows_shrink) values ($1, $2, $3, $4, $5, $6, $7, $8) \
               returning load_id";
    let location = input.location();
    let version = env!("CARGO_PKG_VERSION");
    // One that replays another stands for the other's file too.
    let (location, replay_location) = match replayed {
        Some(replayed) => (replayed.location.clone(), Some(location)),
        None => (location, None),
    };
    let load_id: i64 = transaction
        .query_one(
            sql,
            &[
                &source.name,
                &location,
                &version,
                &replayed.map(|replayed| replayed.load_id),
                &replay_location,
                &replayed.map(|replayed| replayed.last_row),
                &i64::try_from(lane_count)?,
                &allow_shrink,
            ],
        )?
        .get(0);
    transaction.execute("select elt.open_staging($1)", &[&load_id])?;
    // Before others can see the record: a load without its lock counts as dead.
    locks::mark_alive(&mut transaction, load_id)?;
    transaction.commit()?;
    Ok(load_id)
}

/// Copies the input's rows, over the load's own connection and the others.
#[expect(clippy::too_many_arguments)]
pub(crate) fn stage(
    database: &Database,
    client: &mut Client,
    mut others: Vec<Client>,
    request: &Request<'_>,
    source: &Source,
    input: Input,
    load_id: i64,
    replayed: Option<Replayed>,
) -> Result<SourceReport> {
    let begun = Instant::now();
    let location = input.location();
    let kind = input.kind();
    // A file was compared before it was read.
    let is_unseen = matches!(input, Input::Stdin) && replayed.is_none();
    let mut meter = Meter::begin(format!("loading {}", source.name), input.size());
    let describe = || {
        let name = &source.name;
        format!("could not load {kind} \"{location}\" into source \"{name}\"")
    };
    let digest = Rc::new(RefCell::new(Digest::default()));
    let after_row = replayed.as_ref().map_or(0, |replayed| replayed.last_row);
    let extract = input.open(
        source,
        request.jobs,
        Rc::clone(&digest),
        u64::try_from(after_row)?,
    );
    let mut extract = extract.with_context(describe)?;
    let mut rejects = RejectLog::new(database, load_id);
    let table = format!("staging.{}_load_{load_id}", source.name);
    if let Some(replayed) = &replayed
        && replayed.is_replaced
    {
        client.execute(
            "select elt.copy_staging($1, $2)",
            &[&replayed.load_id, &load_id],
        )?;
    }
    let limit = match (&replayed, request.max_rejects) {
        // They were borne before.
        (Some(_), MaxRejects::Usual) => MaxRejects::Percent(100.0),
        (_, limit) => limit,
    };
    let clients = std::iter::once(&mut *client).chain(&mut others).collect();
    let copied = copy_records(
        clients,
        load_id,
        extract.as_mut(),
        &mut rejects,
        limit,
        |rows| meter.tell(digest.borrow().bytes(), rows),
    );
    interrupt::check()?;
    // Kept also when the load comes to nothing: they may be the reason.
    let flushed = rejects
        .flush()
        .and_then(|()| describe_file(client, load_id, &extract.facts()));
    let copied = copied.with_context(describe)?;
    flushed?;
    let too_many = |read: u64| {
        let message = too_many(&rejects, read, request.max_rejects, source);
        Failure::new(Exit::TooManyRejects, message)
            .detail(format!(
                "Nothing was changed. The first of {kind} \"{location}\": {}.",
                rejects.shown.join("; ")
            ))
            .hint(
                "See them with "
                    + elt!("rejects", load_id)
                    + format!(", mend the {kind}, or allow more with --max-rejects."),
            )
    };
    let (read, staged) = copied;
    let Some(staged) = staged else {
        return Err(too_many(read).into());
    };
    if let Some(replayed) = &replayed
        && i64::try_from(read)? != replayed.rejects
    {
        return Err(not_its_rejects(read, replayed, &location));
    }
    let is_none_mended =
        replayed.is_some() && request.max_rejects == MaxRejects::Usual && rejects.count == read;
    if is_none_mended || limit.is_exceeded(rejects.count, read) {
        return Err(too_many(read).into());
    }
    if is_unseen
        && !request.force
        && let Some(report) = same_live(client, source, &location, &digest.borrow(), begun)?
    {
        return Ok(report);
    }
    analyze(client, &table)?;
    describe_columns(client, load_id, &extract.shapes())?;
    let digest = digest.borrow();
    let replaced = replayed.filter(|replayed| replayed.is_replaced);
    let rows_before = replaced.as_ref().map_or(0, |replaced| replaced.rows);
    let read = Counts {
        read: i64::try_from(read)? + rows_before,
        staged: i64::try_from(staged)? + rows_before,
        size_bytes: i64::try_from(digest.bytes())?,
        sha256: digest.sha256(),
    };
    let counts = match replaced {
        None => read,
        // The same file again is still nothing to do.
        Some(replaced) => Counts {
            size_bytes: replaced.size_bytes,
            sha256: replaced.sha256,
            ..read
        },
    };
    finish(client, load_id, &counts).map_err(|error| {
        let is_about_counts = error
            .downcast_ref::<postgres::Error>()
            .is_some_and(|error| error.code() == Some(&SqlState::CHECK_VIOLATION));
        error.context(match is_about_counts {
            true => format!("rows of source \"{}\" do not add up", source.name),
            false => describe(),
        })
    })?;
    Ok(SourceReport {
        source: source.name.clone(),
        outcome: Outcome::Published,
        load_id,
        bytes: digest.bytes(),
        location,
        rows: u64::try_from(counts.staged)?,
        rows_before: live_rows(client, source)?,
        rejected: rejects.count,
        seconds: begun.elapsed().as_secs_f64(),
        rows_per_second: Some(terminal::rate(staged, begun.elapsed())),
        rejects: rejects.shown,
    })
}

/// Statistics for the queries of the publish; lanes with tables of their own have theirs.
fn analyze(client: &mut Client, table: &str) -> Result<()> {
    let sql = "select elt.analyze_staging(oid) from pg_class where oid = $1::text::regclass and relkind = 'r'";
    client.execute(sql, &[&table])?;
    Ok(())
}

/// What was seen of the columns while they were copied.
fn describe_columns(client: &mut Client, load_id: i64, shapes: &[(&str, &Shape)]) -> Result<()> {
    let names: Vec<&str> = shapes.iter().map(|(name, _)| *name).collect();
    let said = |say: fn(&Shape) -> bool| -> Vec<bool> {
        shapes.iter().map(|(_, shape)| say(shape)).collect()
    };
    let has_null = said(|shape| shape.has_null);
    let has_edge_space = said(|shape| shape.has_edge_space);
    let is_integer = said(|shape| shape.is_integer);
    let is_date = said(|shape| shape.is_date);
    client.execute(
        "select elt.describe_columns($1, $2, $3, $4, $5, $6)",
        &[
            &load_id,
            &names,
            &has_null,
            &has_edge_space,
            &is_integer,
            &is_date,
        ],
    )?;
    Ok(())
}

/// Each record of the file takes the place of one reject. More would be rows of the load that come twice,
/// with fewer nobody knew which are open still, and of another load there are mostly as many as it has.
fn not_its_rejects(read: u64, replayed: &Replayed, location: &str) -> anyhow::Error {
    let message = format!(
        "file \"{location}\" is not made of the rejects of load {}",
        replayed.load_id
    );
    Failure::new(Exit::Usage, message)
        .detail(format!(
            "Records in it: {read}; rejects that are open: {}. Nothing was loaded.",
            replayed.rejects
        ))
        .hint("Mend what " + elt!("rejects", replayed.load_id, "--out", "FILE") + " writes, and leave what cannot be mended as it is: it stays rejected. A whole file is loaded without --replay.")
        .into()
}

/// What a load read and staged.
struct Counts {
    read: i64,
    staged: i64,
    size_bytes: i64,
    sha256: String,
}

/// The record takes our count of rows read, the server's of rows copied, and its own of rows
/// rejected: a constraint holds the sum.
fn finish(client: &mut Client, load_id: i64, counts: &Counts) -> Result<()> {
    let sql = "update elt.load set state = 'staged', staged_at = now(), rows_read = $2, \
               rows_staged = $3, size_bytes = $4, sha256 = $5, \
               rows_rejected = (select count(*) from elt.reject where load_id = $1) \
               where load_id = $1";
    client.execute(
        sql,
        &[
            &load_id,
            &counts.read,
            &counts.staged,
            &counts.size_bytes,
            &counts.sha256,
        ],
    )?;
    Ok(())
}

/// How the file is written, as far as it was read: its rejects are written alike, whatever becomes of it.
fn describe_file(client: &mut Client, load_id: i64, facts: &FileFacts) -> Result<()> {
    let sql = "update elt.load set header = $2, header_columns = $3, compression = $4, encoding = $5, \
               has_byte_order_mark = $6, line_ends = $7 where load_id = $1";
    client.execute(
        sql,
        &[
            &load_id,
            &facts.header,
            &facts.header_columns,
            &facts.compression,
            &facts.encoding,
            &facts.has_byte_order_mark,
            &facts.line_ends,
        ],
    )?;
    Ok(())
}

/// Rows read, and rows staged as the server counted them: None when there were too many rejects to
/// read on.
fn copy_records(
    clients: Vec<&mut Client>,
    load_id: i64,
    extract: &mut dyn Extract,
    rejects: &mut RejectLog<'_>,
    limit: MaxRejects,
    mut tell: impl FnMut(u64),
) -> Result<(u64, Option<u64>)> {
    let mut text = extract.copy_text().for_lanes(clients.len());
    let columns = copy::into(extract.columns(), &text);
    let target = Target {
        load_id,
        columns: &columns,
    };
    let mut reading = Reading {
        extract,
        rejects,
        limit,
        read: 0,
    };
    let copied = lanes::copy(clients, &target, |lanes| {
        loop {
            match reading.fill(&mut text)? {
                Filled::TooManyRejects => return Ok(None),
                Filled::ToTheEnd => {
                    lanes.send_rest(&mut text)?;
                    return Ok(Some(reading.read));
                }
                Filled::Full => {
                    while lanes.send_when_full(&mut text)? {}
                    tell(reading.read);
                }
            }
        }
    })?;
    Ok(match copied {
        Some((read, staged)) => (read, Some(staged)),
        None => (reading.read, None),
    })
}

/// Records on their way from the input to COPY text or to the rejects.
struct Reading<'a, 'b> {
    extract: &'a mut dyn Extract,
    rejects: &'a mut RejectLog<'b>,
    limit: MaxRejects,
    read: u64,
}

enum Filled {
    Full,
    ToTheEnd,
    TooManyRejects,
}

impl Reading<'_, '_> {
    fn fill(&mut self, text: &mut CopyText) -> Result<Filled> {
        while text.full_lane().is_none() {
            interrupt::check()?;
            self.read += self.extract.forward(text)?;
            match self.extract.next(text)? {
                None => return Ok(Filled::ToTheEnd),
                Some(Record::Staged) => self.read += 1,
                Some(Record::Rejected(reject)) => {
                    self.read += 1;
                    self.rejects.add(reject)?;
                    if self.limit.is_hopeless(self.rejects.count, self.read) {
                        return Ok(Filled::TooManyRejects);
                    }
                }
            }
        }
        Ok(Filled::Full)
    }
}

fn too_many(rejects: &RejectLog<'_>, read: u64, limit: MaxRejects, source: &Source) -> String {
    match limit {
        MaxRejects::Rows(rows) => {
            format!(
                "source \"{}\": more rows were rejected than the {rows} that are allowed",
                source.name
            )
        }
        MaxRejects::Usual if read == 1 => {
            format!("source \"{}\": its only row was rejected", source.name)
        }
        MaxRejects::Usual if rejects.count == read && !limit.is_hopeless(rejects.count, read) => {
            format!("source \"{}\": all {read} rows were rejected", source.name)
        }
        MaxRejects::Usual | MaxRejects::Percent(_) => {
            let of = match limit.is_hopeless(rejects.count, read) {
                true => "of the first",
                false => "of",
            };
            let allowed = match limit.allowed(read) {
                1 => "1 is".to_string(),
                allowed => format!("{allowed} are"),
            };
            format!(
                "source \"{}\": {} {of} {read} rows were rejected, and {allowed} allowed",
                source.name, rejects.count
            )
        }
    }
}
