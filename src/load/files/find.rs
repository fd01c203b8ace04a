//! Finds the files of a pattern in the data folder, and the files that belong to no source.

use super::objects;
use super::pattern::Pattern;
use super::steady::{Stamp, SteadyFile};
use crate::extract::bucket::Bucket;
use crate::failure::{Exit, Failure};
use crate::load::source::{Source, could_not_read};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs::{self, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;
use walkdir::{DirEntry, WalkDir};

/// A file that a pattern matches.
#[derive(Clone)]
pub(crate) struct FoundFile {
    /// Its path in the data folder.
    pub(crate) name: String,
    /// Its absolute path.
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
    pub(crate) modified: SystemTime,
    pub(crate) stamp: Stamp,
    /// The bucket that has it; None for a file on disk.
    pub(super) bucket: Option<Rc<Bucket>>,
}

impl FoundFile {
    fn new(name: &str, path: PathBuf, metadata: &Metadata) -> FoundFile {
        FoundFile {
            name: name.to_string(),
            path,
            size: metadata.len(),
            modified: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
            stamp: Stamp::of(metadata),
            bucket: None,
        }
    }

    pub(crate) fn is_on_disk(&self) -> bool {
        self.bucket.is_none()
    }

    /// Its bytes. Reading fails if they change meanwhile.
    pub(crate) fn open(&self) -> Result<Box<dyn Read>> {
        match &self.bucket {
            Some(bucket) => objects::open(bucket, &self.name),
            None => Ok(Box::new(SteadyFile::open(&self.path)?)),
        }
    }
}

/// The files of a data folder that patterns look at.
pub(crate) struct Search<'a> {
    data: &'a Path,
    /// Paths in the data folder, with those that no pattern matches.
    seen: BTreeSet<String>,
}

impl<'a> Search<'a> {
    /// `data`: the absolute path of the folder.
    pub(crate) fn new(data: &'a Path) -> Search<'a> {
        Search {
            data,
            seen: BTreeSet::new(),
        }
    }

    /// The files that a pattern matches, in the order of their names or of their last changes.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub(crate) fn find(&mut self, pattern: &Pattern, order_by: &str) -> Result<Vec<FoundFile>> {
        let folder = self.data.join(pattern.folder());
        // It may be created later.
        if matches!(folder.try_exists(), Ok(false)) {
            return Ok(Vec::new());
        }
        let mut walk = WalkDir::new(&folder).min_depth(1).follow_links(true);
        if let Some(depth) = pattern.depth() {
            walk = walk.max_depth(depth);
        }
        let mut found = Vec::new();
        for entry in walk.into_iter().filter_entry(is_visible) {
            let entry = match entry {
                Ok(entry) => entry,
                // A link to a folder above it leads to no other files.
                Err(error) if is_gone(&error) || error.loop_ancestor().is_some() => continue,
                Err(error) => {
                    let path = error.path().unwrap_or(&folder).to_path_buf();
                    return Err(error).with_context(|| could_not_read(&path));
                }
            };
            if !entry.file_type().is_file() {
                continue;
            }
            let Ok(relative) = entry.path().strip_prefix(self.data) else {
                continue;
            };
            let Some(name) = relative.to_str() else {
                let name = relative.to_string_lossy();
                if !pattern.matches(&name) {
                    self.seen.insert(name.into_owned());
                    continue;
                }
                let message = format!("the name of file \"{name}\" is not UTF-8");
                return Err(Failure::new(Exit::Failed, message)
                    .detail("Nothing was loaded.")
                    .hint("Rename the file.")
                    .into());
            };
            self.seen.insert(name.to_string());
            if !pattern.matches(name) {
                continue;
            }
            match entry.metadata() {
                Ok(metadata) => {
                    let path = entry.path().to_path_buf();
                    found.push(FoundFile::new(name, path, &metadata));
                }
                Err(error) if is_gone(&error) => {}
                Err(error) => return Err(error).with_context(|| could_not_read(entry.path())),
            }
        }
        in_order(&mut found, order_by);
        Ok(found)
    }

    /// The files of a source with a file or a pattern in the data folder.
    pub(crate) fn find_of(&mut self, source: &Source) -> Result<Vec<FoundFile>> {
        if let Some(pattern) = source.pattern()? {
            return self.find(&pattern, &source.order_by);
        }
        let name = source.local_file().unwrap_or_default();
        let path = self.data.join(name);
        match fs::metadata(&path) {
            Ok(metadata) => Ok(vec![FoundFile::new(name, path, &metadata)]),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error).with_context(|| could_not_read(&path)),
        }
    }

    /// The files in the same folders that are none of these sources' files.
    pub(crate) fn others(self, patterns: &[Pattern], files: &[&str]) -> Vec<String> {
        let is_known = |name: &str| {
            files.contains(&name) || patterns.iter().any(|pattern| pattern.matches(name))
        };
        let seen = self.seen.into_iter();
        seen.filter(|name| !is_known(name)).collect()
    }
}

/// Sorts files by `elt.source.order_by`.
pub(super) fn in_order(files: &mut [FoundFile], order_by: &str) {
    match order_by {
        "modified" => files
            .sort_by(|one, other| (one.modified, &one.name).cmp(&(other.modified, &other.name))),
        _ => files.sort_by(|one, other| one.name.cmp(&other.name)),
    }
}

/// Files that begin with a dot are temporary files of other programs.
fn is_visible(entry: &DirEntry) -> bool {
    entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
}

/// Whether the file was deleted or renamed meanwhile.
fn is_gone(error: &walkdir::Error) -> bool {
    error.depth() > 0
        && error
            .io_error()
            .is_some_and(|error| error.kind() == ErrorKind::NotFound)
}
