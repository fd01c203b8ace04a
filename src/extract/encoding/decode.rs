//! Decodes a file to UTF-8.

use super::{Encoding, HALF_UNIT, WINDOWS_1252};
use std::io::Read;

/// Decodes a file to UTF-8 while it is read.
pub(super) struct Decoder<R> {
    reader: R,
    encoding: Encoding,
    /// The buffer for bytes of the file.
    raw: Vec<u8>,
    /// The number of bytes at its start that are not yet decoded.
    kept: usize,
    /// Decoded bytes.
    decoded: Vec<u8>,
    /// The number of decoded bytes that the caller has read.
    given: usize,
    /// The first half of a surrogate pair whose second half is not yet read.
    high: Option<u16>,
}

/// The number of bytes to read at once.
const CHUNK: usize = 64 * 1024;

impl<R: Read> Decoder<R> {
    pub(super) fn new(reader: R, encoding: Encoding) -> Self {
        Decoder {
            reader,
            encoding,
            raw: vec![0; CHUNK],
            kept: 0,
            decoded: Vec::new(),
            given: 0,
            high: None,
        }
    }

    /// Decodes `raw`. Returns the number of bytes at its end that need more bytes to be decoded.
    fn decode(&mut self, raw: &[u8], is_at_end: bool) -> usize {
        match self.encoding {
            Encoding::Utf8 => self.decoded.extend_from_slice(raw),
            Encoding::Latin1 => raw
                .iter()
                .for_each(|byte| push_char(&mut self.decoded, char::from(*byte))),
            Encoding::Windows1252 => raw.iter().for_each(|byte| {
                let character = match byte {
                    0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
                    _ => char::from(*byte),
                };
                push_char(&mut self.decoded, character);
            }),
            Encoding::Utf16 { is_big_endian } => {
                let (pairs, rest) = raw.as_chunks::<2>();
                for pair in pairs {
                    self.push_unit(if is_big_endian {
                        u16::from_be_bytes(*pair)
                    } else {
                        u16::from_le_bytes(*pair)
                    });
                }
                match rest {
                    [half] if is_at_end => {
                        self.push_lone_half();
                        self.decoded
                            .extend([HALF_UNIT, 0x80 | half >> 4, 0x80 | half & 0x0f]);
                    }
                    _ if is_at_end => self.push_lone_half(),
                    rest => return rest.len(),
                }
            }
        }
        0
    }

    fn push_unit(&mut self, unit: u16) {
        match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let point = 0x10000 + ((u32::from(high) & 0x3ff) << 10 | (u32::from(unit) & 0x3ff));
                if let Some(character) = char::from_u32(point) {
                    push_char(&mut self.decoded, character);
                }
            }
            (high, unit) => {
                self.high = high;
                self.push_lone_half();
                match char::from_u32(u32::from(unit)) {
                    Some(character) => push_char(&mut self.decoded, character),
                    None if unit < 0xdc00 => self.high = Some(unit),
                    None => push_half(&mut self.decoded, unit),
                }
            }
        }
    }

    /// Writes the first half of a pair whose second half is missing.
    fn push_lone_half(&mut self) {
        if let Some(high) = self.high.take() {
            push_half(&mut self.decoded, high);
        }
    }
}

fn push_char(decoded: &mut Vec<u8>, character: char) {
    decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Writes half a surrogate pair as three bytes, as if it were a character. UTF-8 does not allow these bytes.
fn push_half(decoded: &mut Vec<u8>, unit: u16) {
    decoded.extend([
        0xe0 | (unit >> 12) as u8,
        0x80 | (unit >> 6 & 0x3f) as u8,
        0x80 | (unit & 0x3f) as u8,
    ]);
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.decoded.len() {
            self.decoded.clear();
            self.given = 0;
            let read = self.reader.read(&mut self.raw[self.kept..])?;
            let mut raw = std::mem::take(&mut self.raw);
            let filled = self.kept + read;
            self.kept = self.decode(&raw[..filled], read == 0);
            raw.copy_within(filled - self.kept..filled, 0);
            self.raw = raw;
            if read == 0 && self.decoded.is_empty() {
                return Ok(0);
            }
        }
        let count = buffer.len().min(self.decoded.len() - self.given);
        buffer[..count].copy_from_slice(&self.decoded[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
