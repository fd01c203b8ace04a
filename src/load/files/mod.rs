//! Sources whose file is a pattern: the files that it matches, which of them are live already, and how they are staged.
//! For mode replace, all files form one load (`fill.rs`). For append and merge, each file is a load (`one_by_one.rs`),
//! and small files are staged together (`batch/`).

mod batch;
mod fill;
mod find;
mod live;
mod objects;
mod one_by_one;
mod pattern;
mod read_file;
mod steady;

pub(crate) use find::{FoundFile, Search};
pub(super) use live::unchanged_together;
pub(super) use objects::find_objects;
pub(super) use one_by_one::stage_one_by_one;
pub(crate) use pattern::Pattern;
pub(crate) use steady::{Stamp, SteadyFile};

use serde::Serialize;

/// The files of a source whose file is a pattern.
pub(crate) struct Files {
    /// The pattern with the folder that it is in.
    pub(crate) location: String,
    /// In the order in which they are loaded. At least one.
    pub(crate) found: Vec<FoundFile>,
}

impl Files {
    /// The size of all files in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.found.iter().map(|file| file.size).sum()
    }
}

/// A file of a pattern that could not be loaded.
#[derive(Serialize)]
pub(crate) struct FailedFile {
    pub(crate) source: String,
    /// Absolute path.
    pub(crate) location: String,
    /// The failed load, which has the rejects.
    pub(crate) load_id: Option<i64>,
    /// Why, in one line.
    pub(crate) error: String,
    #[serde(skip)]
    pub(crate) exit: crate::failure::Exit,
}

/// Files of a source that were not loaded, because one before them failed.
#[derive(Serialize)]
pub(crate) struct FilesLeft {
    pub(crate) source: String,
    pub(crate) count: usize,
}
