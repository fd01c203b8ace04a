//! Reads one file of a zip archive while the archive is read from its start to its end, as from a pipe. The archive is
//! read to its end, so that its digest is known and other files are noticed. Each file's header precedes it; the
//! directory at the end repeats the headers, and is only compared with what was found.

mod directory;
mod entry;
mod lookahead;
mod refusal;
#[cfg(test)]
mod tests;

use crate::failure::{Exit, Failure, nearest};
use directory::{check_directory, is_of_directory};
use entry::Entry;
use lookahead::Lookahead;
use refusal::{invalid, refused, several};
use std::io::{Error, Read, Result};

pub(super) struct ZipMember<'a> {
    archive: Archive<'a>,
    entry: Entry,
    /// Whether the caller named the file.
    is_named: bool,
    is_at_end: bool,
}

struct Archive<'a> {
    input: Lookahead<Box<dyn Read + 'a>>,
    /// Names of the files so far.
    names: Vec<String>,
    /// Files and folders so far.
    count: u64,
    /// The signature of the directory, when all files were read.
    directory: Option<[u8; 4]>,
}

impl<'a> ZipMember<'a> {
    /// Finds the file.
    pub(super) fn open(input: Box<dyn Read + 'a>, member: Option<&str>) -> Result<Self> {
        let mut archive = Archive {
            input: Lookahead::new(input),
            names: Vec::new(),
            count: 0,
            directory: None,
        };
        loop {
            let Some(mut entry) = archive.next_entry()? else {
                return Err(archive.without_member(member));
            };
            if member.is_none() && is_of_document(&entry.name) {
                return Err(archive.document(entry)?);
            }
            if is_file(&entry.name) && member.is_none_or(|member| member == entry.name) {
                return Ok(ZipMember {
                    archive,
                    entry,
                    is_named: member.is_some(),
                    is_at_end: false,
                });
            }
            entry.skip(&mut archive.input)?;
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.entry.name
    }
}

impl Read for ZipMember<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.is_at_end || buffer.is_empty() {
            return Ok(0);
        }
        let read = self.entry.read(&mut self.archive.input, buffer)?;
        if read == 0 {
            self.is_at_end = true;
            self.archive.read_rest()?;
            let is_same = |name: &&String| **name == self.entry.name;
            let names = &self.archive.names;
            if !self.is_named && names.len() > 1 {
                return Err(several(names));
            }
            if names.iter().filter(is_same).count() > 1 {
                return Err(invalid("the archive has two files of this name"));
            }
        }
        Ok(read)
    }
}

impl Archive<'_> {
    /// The next file or folder. None at the directory after the last one.
    fn next_entry(&mut self) -> Result<Option<Entry>> {
        let signature: [u8; 4] = self.input.bytes()?;
        if is_of_directory(&signature) {
            self.directory = Some(signature);
            return Ok(None);
        }
        if signature != *b"PK\x03\x04" {
            return Err(invalid("a file of the archive ends elsewhere than it says"));
        }
        let entry = Entry::read_header(&mut self.input)?;
        self.count += 1;
        if is_file(&entry.name) {
            self.names.push(entry.name.clone());
        }
        Ok(Some(entry))
    }

    /// Reads the other files and the directory.
    fn read_rest(&mut self) -> Result<()> {
        while let Some(mut entry) = self.next_entry()? {
            entry.skip(&mut self.input)?;
        }
        let signature = self.directory.unwrap_or_default();
        check_directory(&mut self.input, signature, self.count)
    }

    /// The refusal of a document that is an archive of its parts.
    fn document(&mut self, mut entry: Entry) -> Result<Error> {
        loop {
            let kind = match entry.name.split('/').next() {
                Some("xl") => Some("an Excel workbook (.xlsx)"),
                Some("word") => Some("a Word document (.docx)"),
                Some("ppt") => Some("a PowerPoint presentation (.pptx)"),
                Some("mimetype") => Some("an OpenDocument file, such as .ods"),
                _ => None,
            };
            if let Some(kind) = kind {
                return Ok(super::file_kind::refusal(kind, "Save each sheet as CSV.").into_io());
            }
            entry.skip(&mut self.input)?;
            match self.next_entry()? {
                Some(next) => entry = next,
                None => return Ok(several(&self.names)),
            }
        }
    }

    fn without_member(&self, member: Option<&str>) -> Error {
        let Some(member) = member else {
            return refused("the archive has no file".into());
        };
        let message = format!("the archive has no file \"{member}\"");
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let failure =
            Failure::new(Exit::Failed, message).hint(nearest("Its files are", member, &names));
        Error::other(failure)
    }
}

/// Whether it is a file with data, and no folder nor a file that a system added.
fn is_file(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    !last.is_empty()
        && !name.starts_with("__MACOSX/")
        && !last.starts_with("._")
        && ![".DS_Store", "Thumbs.db", "desktop.ini"].contains(&last)
}

/// Whether it is a part of a document of Office or OpenDocument.
fn is_of_document(name: &str) -> bool {
    ["[Content_Types].xml", "mimetype", "_rels/.rels"].contains(&name)
        || ["xl/", "word/", "ppt/", "docProps/"]
            .iter()
            .any(|folder| name.starts_with(folder))
}
