//! Which files of a pattern are live already. A file is known by its name: two files with the same bytes are two files.

use super::{Files, FoundFile};
use crate::extract::digest::{Digest, DigestingReader};
use crate::load::live_loads::{LiveLoad, is_live_or_held, with_layout_and_core};
use crate::load::record::is_read_only;
use crate::load::source::{Source, could_not_read};
use crate::load::{SourceReport, files::find, record};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use postgres::Client;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

/// A file that was loaded before.
struct LiveFile {
    name: String,
    size: i64,
    sha256: String,
    stamp: Option<String>,
}

/// Whether the file still has the bytes that were loaded.
enum Comparison {
    Changed,
    /// As the file system says.
    Same,
    /// The bytes were read.
    SameBytes,
}

impl LiveFile {
    fn compare(&self, file: &FoundFile) -> Result<Comparison> {
        if self.stamp.as_deref() == Some(file.stamp.text()) {
            return Ok(Comparison::Same);
        }
        if u64::try_from(self.size)? != file.size {
            return Ok(Comparison::Changed);
        }
        let digest = Rc::new(RefCell::new(Digest::default()));
        let mut reader = DigestingReader {
            reader: file.open()?,
            digest: Rc::clone(&digest),
        };
        std::io::copy(&mut reader, &mut std::io::sink())
            .with_context(|| could_not_read(&file.path))?;
        let is_same = digest.borrow().sha256() == self.sha256;
        Ok(if is_same {
            Comparison::SameBytes
        } else {
            Comparison::Changed
        })
    }
}

/// The reports of the files whose latest live load has the same bytes, read with the same layout and published by the
/// current core queries, and the other files.
pub(super) fn split<'a>(
    client: &mut Client,
    source: &Source,
    files: &'a [FoundFile],
) -> Result<(Vec<SourceReport>, Vec<&'a FoundFile>)> {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let is_known = is_live_or_held(source, "latest");
    let sql = with_layout_and_core(
        source,
        "load.file_name, load.file_stamp",
        &format!(
            "and load.load_id in (select max(latest.load_id) from elt.load as latest \
             where latest.source = $1 and latest.file_name = any($3) and {is_known} \
             and latest.replayed_load_id is null group by latest.file_name)"
        ),
    );
    let rows = client.query(&sql, &[&source.name, &source.layout_json, &names])?;
    let live: HashMap<String, (LiveFile, LiveLoad)> = rows
        .iter()
        .map(|row| {
            let name: String = row.get("file_name");
            let file = LiveFile {
                name: name.clone(),
                size: row.get("size_bytes"),
                sha256: row.get("sha256"),
                stamp: row.get("file_stamp"),
            };
            (name, (file, LiveLoad::read(row)))
        })
        .collect();
    let (mut unchanged, mut others) = (Vec::new(), Vec::new());
    let (mut touched, mut stamps): (Vec<i64>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut modified: Vec<DateTime<Utc>> = Vec::new();
    for file in files {
        let begun = Instant::now();
        let Some((known, load)) = live.get(&file.name) else {
            others.push(file);
            continue;
        };
        match known.compare(file)? {
            Comparison::Changed => {
                others.push(file);
                continue;
            }
            Comparison::Same => {}
            Comparison::SameBytes => {
                touched.push(load.load_id);
                stamps.push(file.stamp.text());
                modified.push(file.modified.into());
            }
        }
        unchanged.push(load.unchanged(source, &file.path.to_string_lossy(), begun)?);
    }
    note_arrivals(client, &touched, &stamps, &modified)?;
    Ok((unchanged, others))
}

/// Records that files arrived again with the same bytes: what the file system says about them, so that they are not read
/// the next time, and the time of their last change.
fn note_arrivals(
    client: &mut Client,
    load_ids: &[i64],
    stamps: &[&str],
    modified: &[DateTime<Utc>],
) -> Result<()> {
    if load_ids.is_empty() || is_read_only(client)? {
        return Ok(());
    }
    let sql = "update elt.load set file_stamp = touched.stamp, confirmed_at = case \
               when coalesce(load.confirmed_at, load.started_at) < least(touched.modified, now()) \
               then least(touched.modified, now()) else load.confirmed_at end \
               from unnest($1::bigint[], $2::text[], $3::timestamptz[]) as touched (load_id, stamp, modified) \
               where load.load_id = touched.load_id";
    client.execute(sql, &[&load_ids, &stamps, &modified])?;
    Ok(())
}

/// The report of a source of mode replace whose live load has the same files with the same bytes.
pub(in crate::load) fn unchanged_together(
    client: &mut Client,
    source: &Source,
    files: &Files,
) -> Result<Option<SourceReport>> {
    let begun = Instant::now();
    let sql = with_layout_and_core(source, "null", "order by load.load_id desc limit 1");
    let Some(row) = client.query_opt(&sql, &[&source.name, &source.layout_json])? else {
        return Ok(None);
    };
    let load = LiveLoad::read(&row);
    let sql = "select file_name, size_bytes, sha256, file_stamp from elt.load_file where load_id = $1 order by file_number";
    let known: Vec<LiveFile> = client
        .query(sql, &[&load.load_id])?
        .iter()
        .map(|row| LiveFile {
            name: row.get(0),
            size: row.get(1),
            sha256: row.get(2),
            stamp: row.get(3),
        })
        .collect();
    let names = |files: &[find::FoundFile]| -> Vec<String> {
        files.iter().map(|file| file.name.clone()).collect()
    };
    let known_names: Vec<String> = known.iter().map(|file| file.name.clone()).collect();
    if known_names != names(&files.found) {
        return Ok(None);
    }
    let mut arrived: Option<DateTime<Utc>> = None;
    for (known, file) in known.iter().zip(&files.found) {
        match known.compare(file)? {
            Comparison::Changed => return Ok(None),
            Comparison::Same => {}
            Comparison::SameBytes => arrived = arrived.max(Some(file.modified.into())),
        }
    }
    if let Some(at) = arrived {
        record::confirm(client, load.load_id, at)?;
    }
    load.unchanged(source, &files.location, begun).map(Some)
}
