//! The row of a load in `elt.load`.

use super::files::FoundFile;
use super::remote::FileVersion;
use super::replay::Base;
use super::since::{OddValues, Since};
use super::source::Source;
use crate::db::locks;
use crate::extract::{ColumnFacts, FileFacts};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use postgres::error::SqlState;
use postgres::{Client, GenericClient};

/// The facts that are known before the first byte.
pub(super) struct NewLoad<'a> {
    pub(super) source: &'a Source,
    /// Path of the file, or address of the API.
    pub(super) location: &'a str,
    pub(super) base: &'a Base,
    /// Number of connections that copy.
    pub(super) connection_count: usize,
    /// The bits of a row number that select its connection, if each connection fills a table of its own. None for a few
    /// rows, for which another table would only take time.
    pub(super) part_mask: Option<i64>,
    pub(super) allow_shrink: bool,
    /// For an incremental load of an API.
    pub(super) since: Option<&'a Since>,
    /// The file, if a pattern found it.
    pub(super) file: Option<&'a FoundFile>,
}

/// The counts of a load, with the size and hash of its file.
pub(super) struct Counts {
    pub(super) read: i64,
    pub(super) staged: i64,
    pub(super) size_bytes: i64,
    pub(super) sha256: String,
}

/// Writes the record of the load, marks it alive and creates its empty partition. Returns the load's number.
pub(super) fn begin(client: &mut Client, load: &NewLoad<'_>) -> Result<i64> {
    let mut transaction = client.transaction()?;
    let sql = "insert into elt.load (source, location, elt_version, replayed_load_id, replay_location, \
               replay_after_row, lane_count, allows_shrink, since_sent, since_column, since_type, file_name, file_stamp, layout) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $12, $13, $14, \
               case when $4::bigint is null then $9::text::jsonb \
               else (select layout from elt.load where load_id = $4) end) returning load_id";
    let replayed = load.base.replayed();
    // A replay also has the file of the load that it replays, which was read with that load's layout.
    let (location, replay_location) = match replayed {
        Some(replayed) => (replayed.location.as_str(), Some(load.location)),
        None => (load.location, None),
    };
    let load_id: i64 = transaction
        .query_one(
            sql,
            &[
                &load.source.name,
                &location,
                &env!("CARGO_PKG_VERSION"),
                &replayed.map(|replayed| replayed.load_id),
                &replay_location,
                &replayed.map(|replayed| replayed.last_row),
                &i64::try_from(load.connection_count)?,
                &load.allow_shrink,
                &load.source.layout_json,
                &load.since.and_then(|since| since.value.as_ref()),
                &load.since.map(|since| &since.column),
                &load.since.map(|since| &since.kind),
                &load.file.map(|file| &file.name),
                &load.file.map(|file| file.stamp.text()),
            ],
        )?
        .get(0);
    transaction.execute(
        "select elt.open_staging($1, $2)",
        &[&load_id, &load.part_mask],
    )?;
    // Before the record is visible to others, because a load without its lock counts as dead.
    locks::mark_alive(&mut transaction, load_id)?;
    transaction.commit()?;
    Ok(load_id)
}

/// Records the file's format, so that its rejects can be written in the same format, even if the load fails.
pub(super) fn describe_file(client: &mut Client, load_id: i64, facts: &FileFacts) -> Result<()> {
    let sql = "update elt.load set header = $2, header_columns = $3, compression = $4, encoding = $5, \
               has_byte_order_mark = $6, line_ends = $7, lines_skipped = $8, member = $9, is_also_utf8 = $10, \
               changed_while_read = $11, \
               new_columns = nullif($12::text[], '{}'), missing_columns = nullif($13::text[], '{}') \
               where load_id = $1";
    let lines_skipped = facts.lines_skipped.map(|lines| lines.total());
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
            &lines_skipped.map(i64::try_from).transpose()?,
            &facts.member,
            &facts.is_also_utf8,
            &facts.changed_while_read,
            &facts.columns.new,
            &facts.columns.missing,
        ],
    )?;
    Ok(())
}

/// Records what the server says about the version of a file at an address.
pub(super) fn note_version(
    client: &mut Client,
    load_id: i64,
    version: Option<&FileVersion>,
) -> Result<()> {
    let Some(FileVersion {
        address_sha256,
        version,
    }) = version
    else {
        return Ok(());
    };
    let sql = "update elt.load set address_sha256 = $2, entity_tag = $3, last_modified = $4 where load_id = $1";
    client.execute(
        sql,
        &[
            &load_id,
            address_sha256,
            &version.entity_tag,
            &version.kept_date(),
        ],
    )?;
    Ok(())
}

/// Records that the file of a live load arrived again with the same bytes. `at`: the time of its last change. A file
/// that has not changed since the load began is the one that was loaded.
pub(super) fn confirm(client: &mut Client, load_id: i64, at: DateTime<Utc>) -> Result<()> {
    let sql = "update elt.load set confirmed_at = least($2, now()) \
               where load_id = $1 and coalesce(confirmed_at, started_at) < least($2, now())";
    // On a server that only reads, an unchanged file needs no load.
    if !is_read_only(client)? {
        client.execute(sql, &[&load_id, &at])?;
    }
    Ok(())
}

/// Whether the session cannot write.
pub(super) fn is_read_only(client: &mut Client) -> Result<bool> {
    let sql = "select current_setting('transaction_read_only') = 'on'";
    Ok(client.query_one(sql, &[])?.get(0))
}

/// Records facts about the columns that were found while copying.
pub(super) fn describe_columns(
    client: &mut impl GenericClient,
    load_id: i64,
    columns: &[(&str, &ColumnFacts)],
) -> Result<()> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let flags = |flag: fn(&ColumnFacts) -> bool| -> Vec<bool> {
        columns.iter().map(|(_, facts)| flag(facts)).collect()
    };
    client.execute(
        "select elt.describe_columns($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            &load_id,
            &names,
            &flags(|shape| shape.has_null),
            &flags(|shape| shape.has_edge_space),
            &flags(|shape| shape.is_integer),
            &flags(|shape| shape.is_date),
            &flags(|shape| !shape.has_upper),
            &flags(|shape| !shape.has_lower),
            &flags(|shape| !shape.has_value),
        ],
    )?;
    Ok(())
}

/// Records rows read (counted here), rows copied (counted by COPY) and rows rejected (counted in the table).
/// A constraint checks the sum. Also records how far an incremental load has read.
pub(super) fn finish(
    client: &mut Client,
    source: &Source,
    load_id: i64,
    counts: &Counts,
) -> Result<OddValues> {
    let sql = "update elt.load set state = 'staged', staged_at = now(), rows_read = $2, \
               rows_staged = $3, size_bytes = $4, sha256 = $5, since_value = reached.value, \
               rows_rejected = (select count(*) from elt.reject where load_id = $1) \
               from elt.staged_since($1) as reached where load_id = $1 \
               returning coalesce(reached.unreadable_count, 0), coalesce(reached.future_count, 0)";
    let finished = client.query_one(
        sql,
        &[
            &load_id,
            &counts.read,
            &counts.staged,
            &counts.size_bytes,
            &counts.sha256,
        ],
    );
    match finished {
        Err(error) if error.code() == Some(&SqlState::CHECK_VIOLATION) => {
            Err(error).with_context(|| format!("rows of source \"{}\" do not add up", source.name))
        }
        finished => {
            let row = finished?;
            Ok(OddValues {
                unreadable: row.get(0),
                future: row.get(1),
            })
        }
    }
}

/// Records why loads failed.
pub(super) fn fail(client: &mut Client, loads: &[i64], reason: &str) -> Result<()> {
    let sql = "update elt.load set state = 'failed', finished_at = now(), error = $2 \
               where load_id = any($1) and state in ('copying', 'staged')";
    client.execute(sql, &[&loads, &reason])?;
    Ok(())
}
