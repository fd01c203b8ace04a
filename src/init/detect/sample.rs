//! The beginning and the end of a file, decoded.

use crate::extract;
use crate::init::input_path::InputPath;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

/// Bytes of the beginning.
const START: usize = 256 * 1024;

/// Bytes of the end.
const END: usize = 64 * 1024;

/// First bytes of compressed files and archives.
const PACKED: [&[u8]; 5] = [
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ",
    b"BZh",
    b"PK\x03\x04",
];

/// Whole lines of a file.
pub(in crate::init) struct Sample {
    pub(in crate::init) start: Vec<u8>,
    /// The last lines; None if the beginning is the whole file.
    pub(in crate::init) end: Option<Vec<u8>>,
}

impl Sample {
    pub(in crate::init) fn read(
        path: &InputPath,
        encoding: &str,
        member: Option<&str>,
    ) -> Result<Sample> {
        let reading = || format!("could not read file \"{}\"", path.display());
        Self::read_parts(path, encoding, member).with_context(reading)
    }

    fn read_parts(path: &InputPath, encoding: &str, member: Option<&str>) -> Result<Sample> {
        let mut first = [0; 8];
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        let read = file.read(&mut first)?;
        let first = &first[..read];
        let is_packed = PACKED.iter().any(|magic| first.starts_with(magic));
        // The end of such a file cannot be decoded alone.
        let is_wide = encoding.starts_with("utf-16") || first.starts_with(b"\xff\xfe");
        let is_wide = is_wide || first.starts_with(b"\xfe\xff");
        let mut text = extract::open_text(Box::new(File::open(path)?), encoding, member)?;
        let mut start = Vec::new();
        (&mut text).take(START as u64 + 1).read_to_end(&mut start)?;
        let is_whole = start.len() <= START;
        let mut end = Vec::new();
        if is_packed || is_wide {
            keep_end(&mut text, &mut end)?;
        } else if !is_whole {
            file.seek(SeekFrom::Start(length.saturating_sub(END as u64)))?;
            extract::decode_text(Box::new(file), encoding)?.read_to_end(&mut end)?;
        }
        if let Some(rest) = start.strip_prefix(b"\xef\xbb\xbf") {
            start = rest.to_vec();
        }
        if is_whole {
            return Ok(Sample { start, end: None });
        }
        if let Some(last) = memchr::memrchr(b'\n', &start) {
            start.truncate(last + 1);
        }
        // A small end of a packed file may follow the start without a gap; its first line is cut all the same.
        let begin = memchr::memchr(b'\n', &end).map_or(end.len(), |found| found + 1);
        Ok(Sample {
            start,
            end: Some(end.split_off(begin)),
        })
    }
}

/// Reads to the end, and keeps the last bytes.
fn keep_end(text: &mut dyn Read, end: &mut Vec<u8>) -> Result<()> {
    let mut part = vec![0; END];
    loop {
        crate::signals::check()?;
        let read = text.read(&mut part)?;
        if read == 0 {
            return Ok(());
        }
        end.extend_from_slice(&part[..read]);
        let surplus = end.len().saturating_sub(2 * END);
        if surplus > 0 {
            end.drain(..end.len() - END);
        }
    }
}
