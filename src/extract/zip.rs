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
mod tests {
    use super::*;
    use std::io::Write;

    /// An archive of deflated files. With `is_streamed`, checksums and sizes follow the files.
    fn archive(files: &[(&str, &str)], is_streamed: bool) -> Vec<u8> {
        let mut archive = Vec::new();
        for (name, text) in files {
            let fast = flate2::Compression::fast();
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), fast);
            encoder.write_all(text.as_bytes()).unwrap();
            let packed = encoder.finish().unwrap();
            let mut crc = Crc::new();
            crc.update(text.as_bytes());
            let facts = [crc.sum(), packed.len() as u32, text.len() as u32];
            let facts: Vec<u8> = facts.iter().flat_map(|fact| fact.to_le_bytes()).collect();
            archive.extend(b"PK\x03\x04\x14\0");
            archive.extend([if is_streamed { 8 } else { 0 }, 0, 8, 0, 0, 0, 0, 0]);
            archive.extend(if is_streamed {
                vec![0; 12]
            } else {
                facts.clone()
            });
            archive.extend((name.len() as u32).to_le_bytes());
            archive.extend(name.as_bytes());
            archive.extend(packed);
            if is_streamed {
                archive.extend(b"PK\x07\x08");
                archive.extend(facts);
            }
        }
        // The directory's content is not read.
        archive.extend(b"PK\x01\x02...PK\x05\x06");
        archive.extend([0; 18]);
        archive
    }

    fn read(archive: &[u8], member: Option<&str>) -> Result<(String, String)> {
        let mut file = ZipMember::open(Box::new(archive), member)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok((file.name().to_string(), text))
    }

    fn problem(archive: &[u8], member: Option<&str>) -> String {
        let error = read(archive, member).unwrap_err();
        match error.downcast::<Failure>() {
            Ok(failure) => format!("{failure} {failure:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_only_file_is_read() -> Result<()> {
        let text = "a,b\n".repeat(50_000);
        for is_streamed in [false, true] {
            let files = [
                ("dir/", ""),
                ("__MACOSX/._a.csv", "x"),
                ("dir/a.csv", text.as_str()),
                (".DS_Store", "x"),
            ];
            let found = read(&archive(&files, is_streamed), None)?;
            assert!(found == ("dir/a.csv".into(), text.clone()));
        }
        Ok(())
    }

    #[test]
    fn one_of_several_files_must_be_named() -> Result<()> {
        let several = archive(&[("a.csv", "1"), ("b.csv", "2"), ("c.csv", "3")], false);
        assert_eq!(read(&several, Some("b.csv"))?.1, "2");
        let problem_of_all = problem(&several, None);
        assert!(
            problem_of_all.contains("a.csv, b.csv, c.csv"),
            "{problem_of_all}"
        );
        assert!(problem(&several, Some("x")).contains("no file \"x\""));
        assert!(problem(&archive(&[], false), None).contains("no file"));
        Ok(())
    }

    #[test]
    fn documents_of_office_are_named() {
        let parts = [
            ("[Content_Types].xml", "<x/>"),
            ("_rels/.rels", ""),
            ("xl/a.xml", ""),
        ];
        assert!(problem(&archive(&parts, false), None).contains("Excel workbook"));
    }

    #[test]
    fn damaged_archives_are_errors() {
        for is_streamed in [false, true] {
            let whole = archive(&[("a.csv", "1,2,3\n4,5,6\n7,8,9")], is_streamed);
            assert!(read(&whole, None).is_ok());
            for length in 0..whole.len() - 18 {
                assert!(read(&whole[..length], None).is_err(), "{length}");
            }
            for at in 40..whole.len() - 40 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1;
                if let Ok((_, text)) = read(&damaged, None) {
                    assert_eq!(text, "1,2,3\n4,5,6\n7,8,9", "{at}");
                }
            }
        }
    }
}
