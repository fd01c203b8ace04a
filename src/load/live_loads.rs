//! Looks up the live loads of a source: whether a file is live already, and the rows before a load. Loads become live
//! in `publish.rs`.

use super::source::{Source, could_not_read};
use super::{SourceOutcome, SourceReport};
use crate::extract::digest::{Digest, DigestingReader};
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
    let size = fs::metadata(file)
        .with_context(|| could_not_read(file))?
        .len();
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
    same_live(
        client,
        source,
        &file.to_string_lossy(),
        &digest.borrow(),
        begun,
    )
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
    let Some(live) = live.iter().find(|live| live.get::<_, String>(1) == sha256) else {
        return Ok(None);
    };
    Ok(Some(SourceReport {
        source: source.name.clone(),
        outcome: SourceOutcome::Unchanged,
        load_id: live.get(0),
        location: location.to_string(),
        bytes: digest.bytes(),
        rows: u64::try_from(live.get::<_, i64>(2))?,
        rows_before: live.get(2),
        rejected: u64::try_from(live.get::<_, i64>(3))?,
        seconds: begun.elapsed().as_secs_f64(),
        rows_per_second: None,
        rejects: Vec::new(),
        lines_skipped: None,
        since: None,
        changed_while_read: None,
    }))
}

fn live_of_size(client: &mut Client, source: &Source, size: u64) -> Result<Vec<Row>> {
    let sql = "select load.load_id, load.sha256, load.rows_staged, \
               (select count(*) from elt.reject where reject.load_id = load.load_id \
               and reject.replaced_by_load_id is null) from elt.load inner join elt.source_core using (source) \
               where load.source = $1 and load.live_publish_id is not null and load.size_bytes = $2 \
               and load.core_sha256 = source_core.core_sha256 \
               and (load.layout is null or load.layout <@ $3::text::jsonb) order by load.load_id desc";
    let size = i64::try_from(size)?;
    Ok(client.query(sql, &[&source.name, &size, &source.layout_json])?)
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
