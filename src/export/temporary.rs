//! Files that appear whole or not at all.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A file under another name, which takes its own when all of it is on the disk; else it goes.
pub(super) struct Temporary {
    pub(super) handle: File,
    pub(super) path: PathBuf,
    target: PathBuf,
    is_kept: bool,
}

impl Temporary {
    pub(super) fn create(folder: &Path, name: &str) -> Result<Temporary> {
        let path = folder.join(format!(".{name}.{}.tmp", std::process::id()));
        let handle = File::create(&path)
            .with_context(|| format!("could not write to folder \"{}\"", folder.display()))?;
        Ok(Temporary {
            handle,
            path,
            target: folder.join(name),
            is_kept: false,
        })
    }

    pub(super) fn keep(mut self) -> Result<()> {
        self.handle
            .sync_all()
            .and_then(|()| fs::rename(&self.path, &self.target))
            .with_context(|| format!("could not write file \"{}\"", self.target.display()))?;
        self.is_kept = true;
        Ok(())
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
