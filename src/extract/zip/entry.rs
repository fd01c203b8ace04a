//! A file or folder of a zip archive: its header, which precedes it, and its data.

use super::lookahead::Lookahead;
use super::refusal::{invalid, refused};
use crate::extract::encoding::utf8_or_cp437;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::{Error, ErrorKind, Read, Result};

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Signature of the sizes and the checksum that follow a file whose length its header does not say.
const DESCRIPTOR: &[u8; 4] = b"PK\x07\x08";

/// The longest such description, with its signature.
const LONGEST_DESCRIPTOR: usize = 24;

pub(super) struct Entry {
    pub(super) name: String,
    /// Why its data cannot be read.
    problem: Option<String>,
    is_deflated: bool,
    /// Bytes in the archive that are not yet read; None if only their end tells.
    left: Option<u64>,
    /// None if it follows the file.
    expected_crc: Option<u32>,
    has_long_sizes: bool,
    decompress: Decompress,
    crc: Crc,
    /// Bytes in the archive that were read.
    packed: u64,
    /// Bytes of the file that were read.
    unpacked: u64,
}

impl Entry {
    /// Reads the header, behind its signature.
    pub(super) fn read_header<R: Read>(input: &mut Lookahead<R>) -> Result<Entry> {
        let head: [u8; 26] = input.bytes()?;
        let short = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let long =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (flags, method) = (short(2), short(4));
        let name = utf8_or_cp437(&input.some_bytes(usize::from(short(22)))?);
        let extra = input.some_bytes(usize::from(short(24)))?;
        let long_sizes = long_sizes(&extra);
        let problem = if flags & 1 != 0 {
            Some(format!("file \"{name}\" of the archive is encrypted"))
        } else if method != DEFLATED && method != STORED {
            Some(format!(
                "file \"{name}\" of the archive is compressed by method {method}"
            ))
        } else {
            None
        };
        let is_described_later = flags & 8 != 0;
        let size = match (long(14), long_sizes) {
            (u32::MAX, Some(size)) => size,
            (size, _) => u64::from(size),
        };
        Ok(Entry {
            name,
            problem,
            is_deflated: method == DEFLATED,
            left: (!is_described_later).then_some(size),
            expected_crc: (!is_described_later).then_some(long(10)),
            has_long_sizes: long_sizes.is_some(),
            decompress: Decompress::new(false),
            crc: Crc::new(),
            packed: 0,
            unpacked: 0,
        })
    }

    /// Reads data of the file. 0 at its end, if it is undamaged.
    pub(super) fn read<R: Read>(
        &mut self,
        input: &mut Lookahead<R>,
        buffer: &mut [u8],
    ) -> Result<usize> {
        if let Some(problem) = &self.problem {
            return Err(refused(problem.clone()));
        }
        if !self.is_deflated && self.left.is_none() {
            return self.read_to_descriptor(input, buffer);
        }
        loop {
            let available = input.fill(1)?;
            let most = self.left.unwrap_or(u64::MAX);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let is_short = available.is_empty() && most > 0;
            let available = &available[..available.len().min(most)];
            let (consumed, written, is_at_end) = self.unpack(available, buffer, most)?;
            input.consume(consumed);
            if let Some(left) = &mut self.left {
                *left -= consumed as u64;
            }
            self.note(consumed, &buffer[..written]);
            if is_at_end && written == 0 {
                self.check_end(input)?;
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

    /// Unpacks some bytes. Returns how many were consumed and written, and whether the data ends there.
    fn unpack(
        &mut self,
        available: &[u8],
        buffer: &mut [u8],
        most: usize,
    ) -> Result<(usize, usize, bool)> {
        if !self.is_deflated {
            let count = available.len().min(buffer.len());
            buffer[..count].copy_from_slice(&available[..count]);
            return Ok((count, count, most == 0));
        }
        let before = (self.decompress.total_in(), self.decompress.total_out());
        let status = self
            .decompress
            .decompress(available, buffer, FlushDecompress::None)
            .map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
        let consumed = (self.decompress.total_in() - before.0) as usize;
        let written = (self.decompress.total_out() - before.1) as usize;
        Ok((consumed, written, status == Status::StreamEnd))
    }

    fn note(&mut self, consumed: usize, written: &[u8]) {
        self.packed += consumed as u64;
        self.unpacked += written.len() as u64;
        self.crc.update(written);
    }

    /// Reads from a file that is not compressed and whose length is not known: it ends before a description that has
    /// the checksum and the length of the bytes so far.
    fn read_to_descriptor<R: Read>(
        &mut self,
        input: &mut Lookahead<R>,
        buffer: &mut [u8],
    ) -> Result<usize> {
        let available = input.fill(LONGEST_DESCRIPTOR)?;
        let found = memchr::memmem::find(available, DESCRIPTOR);
        if found == Some(0)
            && let Some(length) = self.descriptor_length(available)
        {
            input.consume(length);
            return Ok(0);
        }
        let count = match found {
            // The signature may be in the data.
            Some(0) => DESCRIPTOR.len(),
            Some(at) => at,
            None => available.len().saturating_sub(DESCRIPTOR.len() - 1),
        };
        let count = count.min(available.len()).min(buffer.len());
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        buffer[..count].copy_from_slice(&available[..count]);
        input.consume(count);
        self.note(count, &buffer[..count]);
        Ok(count)
    }

    /// The length of the description at the start of `bytes`. None if it is not that of the bytes so far.
    fn descriptor_length(&self, bytes: &[u8]) -> Option<usize> {
        let mut expected = DESCRIPTOR.to_vec();
        expected.extend(self.crc.sum().to_le_bytes());
        for size in [self.packed, self.unpacked] {
            expected.extend(&size.to_le_bytes()[..self.size_length()]);
        }
        bytes.starts_with(&expected).then_some(expected.len())
    }

    /// The bytes of a size behind the data. Java writes long ones without saying so in the header.
    fn size_length(&self) -> usize {
        let longest = u64::from(u32::MAX);
        if self.has_long_sizes || self.packed > longest || self.unpacked > longest {
            8
        } else {
            4
        }
    }

    fn check_end<R: Read>(&self, input: &mut Lookahead<R>) -> Result<()> {
        let expected = match self.expected_crc {
            Some(crc) => crc,
            None => {
                let mut crc: [u8; 4] = input.bytes()?;
                // Its signature is optional.
                if crc == *DESCRIPTOR {
                    crc = input.bytes()?;
                }
                input.skip(2 * self.size_length() as u64)?;
                u32::from_le_bytes(crc)
            }
        };
        if self.left.unwrap_or_default() != 0 || self.crc.sum() != expected {
            return Err(invalid("the checksum of the file does not match"));
        }
        Ok(())
    }

    /// Passes the data. A file that cannot be read is passed if its length is known.
    pub(super) fn skip<R: Read>(&mut self, input: &mut Lookahead<R>) -> Result<()> {
        if let (Some(_), Some(left)) = (&self.problem, self.left) {
            return input.skip(left);
        }
        let mut buffer = vec![0; 64 * 1024];
        while self.read(input, &mut buffer)? > 0 {}
        Ok(())
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
