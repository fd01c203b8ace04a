//! Reads one file of a zip archive while the archive is read from its start to its end, as from a pipe. The archive is
//! read to its end, so that its digest is known and other files are noticed.

use crate::failure::{Exit, Failure, nearest};
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result};

const DEFLATED: u16 = 8;

/// Names that are shown if an archive has several files.
const SHOWN: usize = 20;

pub(super) struct ZipMember<'a> {
    archive: Archive<'a>,
    entry: Entry,
    /// Whether the caller named the file.
    is_named: bool,
    is_at_end: bool,
}

struct Archive<'a> {
    input: BufReader<Box<dyn Read + 'a>>,
    /// Names of the files so far.
    names: Vec<String>,
}

/// A file of the archive.
struct Entry {
    name: String,
    is_deflated: bool,
    /// Bytes in the archive that are not yet read; None if only their end tells.
    left: Option<u64>,
    /// None if it follows the file.
    expected_crc: Option<u32>,
    has_long_sizes: bool,
    decompress: Decompress,
    crc: Crc,
}

impl<'a> ZipMember<'a> {
    /// Finds the file.
    pub(super) fn open(input: Box<dyn Read + 'a>, member: Option<&str>) -> Result<Self> {
        let mut archive = Archive {
            input: BufReader::new(input),
            names: Vec::new(),
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
            archive.skip(&mut entry)?;
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
        let read = self.archive.read(&mut self.entry, buffer)?;
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
        let signature: [u8; 4] = self.bytes()?;
        match &signature {
            b"PK\x03\x04" => {}
            b"PK\x01\x02" | b"PK\x05\x06" | b"PK\x06\x06" | b"PK\x06\x08" => return Ok(None),
            _ => return Err(invalid("a file of the archive ends elsewhere than it says")),
        }
        let head: [u8; 26] = self.bytes()?;
        let short = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let long =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (flags, method) = (short(2), short(4));
        let name = self.text(short(22))?;
        let extra = self.some_bytes(short(24))?;
        let long_sizes = long_sizes(&extra);
        if flags & 1 != 0 {
            return Err(refused(format!(
                "file \"{name}\" of the archive is encrypted"
            )));
        }
        if method != DEFLATED && method != 0 {
            let message =
                format!("file \"{name}\" of the archive is compressed by method {method}");
            return Err(refused(message));
        }
        let is_described_later = flags & 8 != 0;
        let is_deflated = method == DEFLATED;
        if is_described_later && !is_deflated {
            return Err(refused(format!(
                "the length of file \"{name}\" of the archive is not known before its end"
            )));
        }
        if is_file(&name) {
            self.names.push(name.clone());
        }
        let size = match (long(14), long_sizes) {
            (u32::MAX, Some(size)) => size,
            (size, _) => u64::from(size),
        };
        Ok(Some(Entry {
            name,
            is_deflated,
            left: (!is_described_later).then_some(size),
            expected_crc: (!is_described_later).then_some(long(10)),
            has_long_sizes: long_sizes.is_some(),
            decompress: Decompress::new(false),
            crc: Crc::new(),
        }))
    }

    /// Reads from a file. 0 at its end, if it is undamaged.
    fn read(&mut self, entry: &mut Entry, buffer: &mut [u8]) -> Result<usize> {
        loop {
            let available = self.input.fill_buf()?;
            let most = entry.left.unwrap_or(u64::MAX);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let is_short = available.is_empty() && most > 0;
            let available = &available[..available.len().min(most)];
            let (consumed, written, is_at_end) = if entry.is_deflated {
                let before = (entry.decompress.total_in(), entry.decompress.total_out());
                let status = entry
                    .decompress
                    .decompress(available, buffer, FlushDecompress::None)
                    .map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
                let consumed = (entry.decompress.total_in() - before.0) as usize;
                let written = (entry.decompress.total_out() - before.1) as usize;
                (consumed, written, status == Status::StreamEnd)
            } else {
                let count = available.len().min(buffer.len());
                buffer[..count].copy_from_slice(&available[..count]);
                (count, count, most == 0)
            };
            self.input.consume(consumed);
            if let Some(left) = &mut entry.left {
                *left -= consumed as u64;
            }
            entry.crc.update(&buffer[..written]);
            if is_at_end && written == 0 {
                self.check_end(entry)?;
                return Ok(0);
            }
            if written > 0 {
                return Ok(written);
            }
            if is_short || (consumed == 0 && !is_at_end) {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn check_end(&mut self, entry: &Entry) -> Result<()> {
        let expected = match entry.expected_crc {
            Some(crc) => crc,
            None => {
                let mut crc: [u8; 4] = self.bytes()?;
                // Its signature is optional.
                if crc == *b"PK\x07\x08" {
                    crc = self.bytes()?;
                }
                let _sizes = self.some_bytes(if entry.has_long_sizes { 16 } else { 8 })?;
                u32::from_le_bytes(crc)
            }
        };
        if entry.left.unwrap_or_default() != 0 || entry.crc.sum() != expected {
            return Err(invalid("the checksum of the file does not match"));
        }
        Ok(())
    }

    fn skip(&mut self, entry: &mut Entry) -> Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        while self.read(entry, &mut buffer)? > 0 {}
        Ok(())
    }

    /// Reads the other files and the directory.
    fn read_rest(&mut self) -> Result<()> {
        while let Some(mut entry) = self.next_entry()? {
            self.skip(&mut entry)?;
        }
        let mut directory = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let read = self.input.read(&mut chunk)?;
            if read == 0 {
                break;
            }
            let kept = directory.len().saturating_sub(8 * 1024);
            directory.drain(..kept);
            directory.extend_from_slice(&chunk[..read]);
        }
        // An archive without its end is truncated. An empty one was refused before.
        if memchr::memmem::find(&directory, b"PK\x05\x06").is_none() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(())
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
            self.skip(&mut entry)?;
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

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.input.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn some_bytes(&mut self, length: u16) -> Result<Vec<u8>> {
        let mut bytes = vec![0; usize::from(length)];
        self.input.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn text(&mut self, length: u16) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.some_bytes(length)?).into_owned())
    }
}

/// The compressed size in the extra fields of a large file; 0 if it follows the file.
fn long_sizes(extra: &[u8]) -> Option<u64> {
    let mut rest = extra;
    while let [first, second, low, high, more @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(more.len());
        if [*first, *second] == [1, 0] {
            let size = more[..length].get(8..16)?;
            return size.try_into().ok().map(u64::from_le_bytes);
        }
        rest = &more[length..];
    }
    None
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

fn several(names: &[String]) -> Error {
    let message = format!("the archive has {} files", names.len());
    let more = if names.len() > SHOWN { ", ..." } else { "" };
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    let failure = Failure::new(Exit::Failed, message)
        .detail(format!("They are: {}{more}.", shown.join(", ")))
        .hint("Name one: elt init --member NAME, or elt.source.member.");
    Error::other(failure)
}

fn refused(message: String) -> Error {
    let failure = Failure::new(Exit::Failed, message).hint("Unpack it first with unzip.");
    Error::other(failure)
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidData, message.to_string())
}

#[cfg(test)]
mod tests;
