//! Writes files that appear complete or not at all. The bytes are written to a file with a random name, which is then
//! renamed. A link with the final name is replaced, not followed.

use crate::failure::{Exit, Failure};
use crate::signals::process_exists;
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The umask restricts these permissions, as for other new files.
const MODE: u32 = 0o666;

/// A file that is being written. It is deleted unless `keep` is called.
pub(crate) struct WholeFile {
    file: NamedTempFile,
    target: PathBuf,
}

impl WholeFile {
    pub(crate) fn create(folder: &Path, name: &str) -> Result<WholeFile> {
        let target = folder.join(name);
        if target.is_dir() {
            let message = format!(
                "could not write file \"{}\": it is a folder",
                target.display()
            );
            return Err(Failure::new(Exit::Failed, message)
                .hint("Move the folder, or write to another folder with --out.")
                .into());
        }
        remove_leftovers(folder, name);
        let file = tempfile::Builder::new()
            .prefix(&format!(".{name}.{}.", std::process::id()))
            .suffix(".tmp")
            .permissions(fs::Permissions::from_mode(MODE))
            .tempfile_in(folder)
            .with_context(|| format!("could not write to folder \"{}\"", folder.display()))?;
        Ok(WholeFile { file, target })
    }

    pub(crate) fn handle(&self) -> &File {
        self.file.as_file()
    }

    /// The error message if writing fails.
    pub(crate) fn writing(&self) -> String {
        format!("could not write file \"{}\"", self.target.display())
    }

    /// Renames the file to its final name after all bytes are on the disk.
    pub(crate) fn keep(self) -> Result<()> {
        let writing = self.writing();
        self.file
            .as_file()
            .sync_all()
            .with_context(|| writing.clone())?;
        let kept = self.file.persist(&self.target);
        kept.map(|_| ())
            .map_err(|error| error.error)
            .context(writing)
    }
}

/// Writes a file, and replaces an existing one.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().context("the file has no name")?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let file = WholeFile::create(folder.unwrap_or(Path::new(".")), &name.to_string_lossy())
        .with_context(|| format!("could not write file \"{}\"", path.display()))?;
    let writing = file.writing();
    file.handle().write_all(bytes).context(writing)?;
    file.keep()
}

/// Deletes the unfinished files of killed programs.
fn remove_leftovers(folder: &Path, name: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let process = file
            .strip_prefix(&format!(".{name}."))
            .and_then(|rest| rest.strip_suffix(".tmp"))
            .and_then(|rest| rest.split('.').next())
            .and_then(|process| process.parse().ok());
        if process.is_some_and(|process| !process_exists(process)) {
            // Another user's file cannot be deleted, and is ignored.
            let _ = fs::remove_file(entry.path());
        }
    }
}
