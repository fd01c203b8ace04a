//! The path of the input, and its name in messages.

use std::ops::Deref;
use std::path::{Path, PathBuf};

/// A file to read. If it is a temporary copy, messages name the address that it comes from.
#[derive(Clone)]
pub(super) struct InputPath {
    path: PathBuf,
    name: String,
}

impl InputPath {
    pub(super) fn of_file(path: PathBuf) -> InputPath {
        let name = path.display().to_string();
        InputPath { path, name }
    }

    /// `address`: without its query.
    pub(super) fn of_copy(path: PathBuf, address: String) -> InputPath {
        InputPath {
            path,
            name: address,
        }
    }

    /// The name in messages.
    pub(super) fn display(&self) -> &str {
        &self.name
    }
}

impl Deref for InputPath {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.path
    }
}

impl AsRef<Path> for InputPath {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}
