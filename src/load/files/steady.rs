//! A file that must not change while it is read, because it may be only half written.

use anyhow::{Context, Result};
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::load::source::could_not_read;

/// What the file system says about a file: inode, size, and the times of the last changes of its bytes and of its
/// attributes, in nanoseconds. If it is the same, so are the bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stamp(String);

impl Stamp {
    pub(crate) fn of(metadata: &Metadata) -> Stamp {
        let nanoseconds =
            |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
        Stamp(format!(
            "{} {} {} {}",
            metadata.ino(),
            metadata.len(),
            nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        ))
    }

    /// What a bucket says about an object.
    pub(super) fn from_text(text: String) -> Stamp {
        Stamp(text)
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// Fails at the end of the file if it has changed since it was opened.
pub(crate) struct SteadyFile {
    file: File,
    /// None for a pipe, which has no end until its writer closes it.
    opened: Option<(u64, i64, i64)>,
}

impl SteadyFile {
    pub(crate) fn open(path: &Path) -> Result<SteadyFile> {
        let open = || -> std::io::Result<SteadyFile> {
            let file = File::open(path)?;
            let metadata = file.metadata()?;
            Ok(SteadyFile {
                opened: metadata.is_file().then(|| content(&metadata)),
                file,
            })
        };
        open().with_context(|| could_not_read(path))
    }
}

impl Read for SteadyFile {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        if count == 0
            && !buffer.is_empty()
            && let Some(opened) = self.opened
            && content(&self.file.metadata()?) != opened
        {
            return Err(std::io::Error::other(
                "the file changed while it was read; load it when it is complete",
            ));
        }
        Ok(count)
    }
}

/// Size and time of the last change. The attributes may change, for example when it is renamed.
fn content(metadata: &Metadata) -> (u64, i64, i64) {
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_that_grows_while_it_is_read_is_an_error() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("growing.csv");
        std::fs::write(&path, "a\n1\n")?;
        let mut file = SteadyFile::open(&path)?;
        let mut start = [0; 2];
        file.read_exact(&mut start)?;
        File::options()
            .append(true)
            .open(&path)?
            .write_all(b"2\n")?;
        let error = file.read_to_end(&mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("changed while it was read"));
        Ok(())
    }

    #[test]
    fn a_renamed_file_is_the_same() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("x.csv.part");
        std::fs::write(&path, "a\n1\n")?;
        let mut file = SteadyFile::open(&path)?;
        std::fs::rename(&path, folder.path().join("x.csv"))?;
        assert_eq!(file.read_to_end(&mut Vec::new())?, 4);
        Ok(())
    }
}
