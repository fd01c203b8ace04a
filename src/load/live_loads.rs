//! Looks up the live loads of a source: whether a file is live already, and the rows before a load. Loads become live
//! in `publish.rs`.

use super::record;
use super::source::{Source, could_not_read};
use super::{SourceOutcome, SourceReport};
use crate::extract::digest::{Digest, DigestingReader};
use crate::extract::rest::Version;
use anyhow::{Context, Result};
use postgres::{Client, Row};
use std::cell::RefCell;
use std::fs::{self, File};
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

/// The report of a source that has a live load with the same bytes, read with the same layout and published by the
/// current core queries.
pub(crate) fn already_live(
    client: &mut Client,
    source: &Source,
    file: &Path,
) -> Result<Option<SourceReport>> {
    let begun = Instant::now();
    let metadata = fs::metadata(file).with_context(|| could_not_read(file))?;
    let size = metadata.len();
    // A file of another size differs; it need not be read and hashed.
    if live_of_size(client, source, size)?.is_empty() {
        return Ok(None);
    }
    let digest = Rc::new(RefCell::new(Digest::default()));
    let mut reader = DigestingReader {
        reader: File::open(file).with_context(|| could_not_read(file))?,
        digest: Rc::clone(&digest),
    };
    std::io::copy(&mut reader, &mut std::io::sink()).with_context(|| could_not_read(file))?;
    let location = file.to_string_lossy();
    let live = same_live(client, source, &location, &digest.borrow(), begun)?;
    if let Some(live) = &live
        && let Ok(modified) = metadata.modified()
    {
        record::confirm(client, live.load_id, modified.into())?;
    }
    Ok(live)
}

/// A live load with the same bytes, read with the same layout and published by the current core queries.
pub(super) fn same_live(
    client: &mut Client,
    source: &Source,
    location: &str,
    digest: &Digest,
    begun: Instant,
) -> Result<Option<SourceReport>> {
    let sha256 = digest.sha256();
    let live = live_of_size(client, source, digest.bytes())?;
    let same = live.iter().find(|live| live.sha256 == sha256);
    same.map(|live| live.unchanged(source, location, begun))
        .transpose()
}

/// A live load that was read with the layout of its source and published by the current core queries.
pub(super) struct LiveLoad {
    pub(super) load_id: i64,
    sha256: String,
    bytes: i64,
    rows: i64,
    /// Rejects that are not replaced.
    rejected: i64,
    /// Whether it waits until it is published or discarded.
    is_held: bool,
}

impl LiveLoad {
    pub(super) fn read(row: &Row) -> LiveLoad {
        LiveLoad {
            load_id: row.get("load_id"),
            sha256: row.get("sha256"),
            bytes: row.get("size_bytes"),
            rows: row.get("rows_staged"),
            rejected: row.get("rejected"),
            is_held: row.get("is_held"),
        }
    }

    /// The report of a source whose input has the bytes of this load.
    pub(super) fn unchanged(
        &self,
        source: &Source,
        location: &str,
        begun: Instant,
    ) -> Result<SourceReport> {
        Ok(SourceReport {
            source: source.name.clone(),
            outcome: match self.is_held {
                true => SourceOutcome::Held,
                false => SourceOutcome::Unchanged,
            },
            load_id: self.load_id,
            location: location.to_string(),
            bytes: u64::try_from(self.bytes)?,
            rows: u64::try_from(self.rows)?,
            rows_before: Some(self.rows),
            rejected: u64::try_from(self.rejected)?,
            seconds: begun.elapsed().as_secs_f64(),
            rows_per_second: None,
            rejects: Vec::new(),
            lines_skipped: None,
            since: None,
            changed_while_read: None,
            new_columns: Vec::new(),
            missing_columns: Vec::new(),
            files_unlike: Vec::new(),
        })
    }
}

/// A query for live loads that need not be read again: `$1` source, `$2` its layout. `more`: further columns;
/// `condition`: a further condition. A source whose loads are held also has those that wait.
pub(super) fn with_layout_and_core(source: &Source, more: &str, condition: &str) -> String {
    let is_known = is_live_or_held(source, "load");
    format!(
        "select load.load_id, load.state = 'held' as is_held, load.sha256, load.size_bytes, load.rows_staged, {more}, \
         (select count(*) from elt.reject where reject.load_id = load.load_id \
         and reject.replaced_by_load_id is null) as rejected \
         from elt.load inner join elt.source_core using (source) \
         where load.source = $1 and {is_known} \
         and (load.state = 'held' or load.core_sha256 = source_core.core_sha256) \
         and (load.layout is null or load.layout <@ $2::text::jsonb) {condition}"
    )
}

/// The condition for a live load, or one that is held and would be held again.
pub(super) fn is_live_or_held(source: &Source, table: &str) -> String {
    match source.hold {
        true => format!("({table}.live_publish_id is not null or {table}.state = 'held')"),
        false => format!("{table}.live_publish_id is not null"),
    }
}

fn live_of_size(client: &mut Client, source: &Source, size: u64) -> Result<Vec<LiveLoad>> {
    let condition = "and load.size_bytes = $3 order by load.load_id desc";
    let sql = with_layout_and_core(source, "null", condition);
    let size = i64::try_from(size)?;
    let rows = client.query(&sql, &[&source.name, &source.layout_json, &size])?;
    Ok(rows.iter().map(LiveLoad::read).collect())
}

/// A live load of a file at an address, and the version of the file.
pub(super) struct LiveVersion {
    pub(super) load: LiveLoad,
    pub(super) version: Version,
}

/// The latest live load of the file at an address, if its server named a version.
pub(super) fn live_version(
    client: &mut Client,
    source: &Source,
    address_sha256: &str,
) -> Result<Option<LiveVersion>> {
    let is_known = is_live_or_held(source, "latest");
    let sql = with_layout_and_core(
        source,
        "load.entity_tag, load.last_modified",
        &format!(
            "and load.address_sha256 = $3 and num_nonnulls(load.entity_tag, load.last_modified) > 0 \
             and load.load_id = (select max(latest.load_id) from elt.load as latest \
             where latest.source = $1 and {is_known})"
        ),
    );
    let row = client.query_opt(&sql, &[&source.name, &source.layout_json, &address_sha256])?;
    Ok(row.map(|row| LiveVersion {
        load: LiveLoad::read(&row),
        version: Version::kept(row.get("entity_tag"), row.get("last_modified")),
    }))
}

/// The location of the live load.
pub(crate) fn live_location(client: &mut Client, source: &Source) -> Result<Option<String>> {
    let sql = "select load.location from elt.live_load inner join elt.load using (load_id) \
               where live_load.source = $1";
    Ok(client
        .query_opt(sql, &[&source.name])?
        .map(|row| row.get(0)))
}

/// Rows of the live load, for mode replace only: a source with a file per day has unrelated row counts.
pub(crate) fn live_rows(client: &mut Client, source: &Source) -> Result<Option<i64>> {
    let sql = "select load.rows_staged from elt.live_load inner join elt.load using (load_id) \
               inner join elt.source on source.source = load.source \
               where live_load.source = $1 and source.mode = 'replace'";
    Ok(client
        .query_opt(sql, &[&source.name])?
        .map(|row| row.get(0)))
}
