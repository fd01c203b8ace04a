//! Files that appear whole or not at all.

use crate::failure::{Exit, Failure};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A file under another name, which takes its own when all of it is on the disk; else it goes.
pub(super) struct Temporary {
    pub(super) handle: File,
    path: PathBuf,
    target: PathBuf,
    is_kept: bool,
}

impl Temporary {
    pub(super) fn create(folder: &Path, name: &str) -> Result<Temporary> {
        let target = folder.join(name);
        if target.is_dir() {
            let message = format!(
                "could not write file \"{}\": it is a folder",
                target.display()
            );
            return Err(Failure::new(Exit::Failed, message)
                .hint("Move the folder away, or write to another one with --out.")
                .into());
        }
        remove_leftovers(folder, name);
        let path = folder.join(format!(".{name}.{}.tmp", std::process::id()));
        let handle = File::create(&path)
            .with_context(|| format!("could not write to folder \"{}\"", folder.display()))?;
        Ok(Temporary {
            handle,
            path,
            target,
            is_kept: false,
        })
    }

    /// What could not be done, when that fails.
    pub(super) fn writing(&self) -> String {
        format!("could not write file \"{}\"", self.target.display())
    }

    pub(super) fn keep(mut self) -> Result<()> {
        self.handle
            .sync_all()
            .and_then(|()| fs::rename(&self.path, &self.target))
            .with_context(|| self.writing())?;
        self.is_kept = true;
        Ok(())
    }
}

/// Of exports that were killed.
fn remove_leftovers(folder: &Path, name: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let process = file
            .strip_prefix(&format!(".{name}."))
            .and_then(|rest| rest.strip_suffix(".tmp"))
            .and_then(|process| process.parse().ok());
        if process.is_some_and(|process| !crate::embedded::process_exists(process)) {
            // Whoever may not remove it has nothing to do with it.
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.is_kept {
            // Nothing is lost with it, and there is nobody to tell.
            let _ = fs::remove_file(&self.path);
        }
    }
}
