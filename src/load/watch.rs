//! `elt load --watch`: waits for files that are complete. A program that writes a file elsewhere and renames it into the
//! folder needs no waiting; any other file counts as complete when it has not changed for `elt.source.settle_seconds`.
//! The folders are listed again and again, because file systems of other machines report no changes.

use super::files::{FoundFile, Search, Stamp};
use super::find_inputs;
use super::source::{self, Source};
use super::{Report, Request};
use crate::database::Database;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::{signals, terminal};
use anyhow::Result;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

/// Time between two listings.
const PAUSE: Duration = Duration::from_millis(300);

/// What was seen of files in earlier listings.
#[derive(Default)]
pub(crate) struct Watch {
    /// The latest stamp of a file, and since when it has been the same.
    seen: HashMap<PathBuf, (Stamp, Instant)>,
    /// The stamps of files that could not be loaded. They are tried again when they have changed.
    failed: HashMap<PathBuf, Stamp>,
    /// The files of no source that were reported.
    others: Vec<String>,
}

impl Watch {
    /// Whether the file is complete.
    pub(super) fn is_settled(&mut self, file: &FoundFile, settle: Duration) -> bool {
        if self.failed.get(&file.path) == Some(&file.stamp) {
            return false;
        }
        let now = Instant::now();
        let entry = self.seen.entry(file.path.clone());
        let (stamp, since) = entry.or_insert_with(|| (file.stamp.clone(), now));
        if *stamp != file.stamp {
            (*stamp, *since) = (file.stamp.clone(), now);
        }
        let age = SystemTime::now().duration_since(file.modified);
        // The clock of a file server may be ahead.
        age.is_ok_and(|age| age >= settle) || now - *since >= settle
    }

    /// Whether there are other files in the folders than before.
    pub(super) fn has_new_others(&mut self, others: &[String]) -> bool {
        let is_new = self.others != others;
        self.others = others.to_vec();
        is_new
    }

    /// Notes the files that could not be loaded.
    pub(crate) fn note_failed(&mut self, report: &Report) {
        for file in &report.failed_files {
            let path = PathBuf::from(&file.location);
            if let Some((stamp, _)) = self.seen.get(&path) {
                self.failed.insert(path, stamp.clone());
            }
        }
    }
}

/// The complete files of a listing.
#[derive(Default, PartialEq)]
pub(crate) struct Listing(Vec<(PathBuf, Stamp)>);

/// Leaves out sources that have no complete file; of mode replace, those with a file that is not complete.
pub(super) fn keep_settled(
    watch: &RefCell<Watch>,
    data: &Path,
    sources: &mut Vec<Source>,
) -> Result<()> {
    let mut kept = Vec::new();
    for source in sources.drain(..) {
        if source.local_file().is_none() {
            continue;
        }
        let found = Search::new(data).find_of(&source)?;
        let mut watch = watch.borrow_mut();
        let settled = found
            .iter()
            .filter(|file| watch.is_settled(file, source.settle))
            .count();
        let is_whole = source.mode != "replace" || settled == found.len();
        if settled > 0 && is_whole {
            kept.push(source);
        }
    }
    *sources = kept;
    Ok(())
}

/// Waits until other files are complete than those of the last listing. None after Ctrl-C or SIGTERM.
///
/// # Errors
/// If no source has files in the data folder, or the folder cannot be read.
pub(crate) fn wait_for_files(
    database: &Database,
    request: &Request<'_>,
    (watch, data): (&RefCell<Watch>, &Path),
    last: &Listing,
) -> Result<Option<Listing>> {
    let data = std::path::absolute(data)?;
    find_inputs::require_folder(&data)?;
    // Read again each time, because a migration may have changed the sources.
    let sources = source::named(&mut database.connect("watch")?, request.sources)?;
    let sources: Vec<&Source> = sources
        .iter()
        .filter(|source| source.local_file().is_some())
        .collect();
    if sources.is_empty() {
        return Err(Failure::new(
            Exit::Usage,
            "--watch needs a source with files in the data folder",
        )
        .hint("Load APIs and addresses on a schedule: " + elt!("jobs", "--help") + ".")
        .into());
    }
    // The connection has ended.
    signals::forget_connections();
    let _waiting = terminal::waiting(&format!("watching \"{}\"", data.display()));
    loop {
        if signals::happened() {
            return Ok(None);
        }
        let mut listing = Listing::default();
        for source in &sources {
            let mut search = Search::new(&data);
            let found = search.find_of(source)?;
            let settled = found
                .into_iter()
                .filter(|file| watch.borrow_mut().is_settled(file, source.settle));
            listing
                .0
                .extend(settled.map(|file| (file.path, file.stamp)));
        }
        if listing != *last {
            return Ok(Some(listing));
        }
        thread::sleep(PAUSE);
    }
}
