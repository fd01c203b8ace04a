//! Decodes a file to UTF-8.

use super::single_byte::SingleByte;
use super::{Encoding, Originals};
use encoding_rs::{DecoderResult, Encoding as Table};
use std::io::Read;

/// Decodes a file to UTF-8 while it is read.
pub(super) struct Decoder<R> {
    reader: R,
    steps: Steps,
    /// The buffer for bytes of the file.
    raw: Vec<u8>,
    /// The number of bytes at its start that are not yet decoded.
    kept: usize,
    text: Text,
    /// The number of decoded bytes that the caller has read.
    given: usize,
    originals: Originals,
}

/// How an encoding is decoded.
enum Steps {
    SingleByte(SingleByte),
    Utf16 { is_big_endian: bool },
    MultiByte(&'static Table),
}

/// Decoded text.
#[derive(Default)]
pub(super) struct Text {
    pub(super) decoded: Vec<u8>,
    /// For each byte, how many bytes of the file it stands for.
    widths: Vec<u8>,
}

/// The number of bytes to read at once.
const CHUNK: usize = 64 * 1024;

/// The longest character, in GB 18030.
const LONGEST: usize = 4;

/// The first of three bytes that stand for a byte that is no character. UTF-8 does not have it.
const NO_CHARACTER: u8 = 0xfe;

impl<R: Read> Decoder<R> {
    pub(super) fn new(reader: R, encoding: Encoding, originals: Originals) -> Self {
        let steps = match encoding {
            Encoding::Utf16 { is_big_endian } => Steps::Utf16 { is_big_endian },
            Encoding::Other(table) if table.is_single_byte() => {
                Steps::SingleByte(SingleByte::from_table(table))
            }
            Encoding::Other(table) => Steps::MultiByte(table),
            Encoding::CodePage(page) => Steps::SingleByte(SingleByte::from_code_page(page)),
            Encoding::Utf8 | Encoding::Latin1 => Steps::SingleByte(SingleByte::latin1()),
        };
        Decoder {
            reader,
            steps,
            raw: vec![0; CHUNK],
            kept: 0,
            text: Text::default(),
            given: 0,
            originals,
        }
    }
}

impl Steps {
    /// Decodes `raw`. Returns the number of bytes at its end that need more bytes to be decoded.
    fn decode(&self, raw: &[u8], is_at_end: bool, text: &mut Text) -> usize {
        match self {
            Steps::SingleByte(table) => {
                table.decode(raw, text);
                0
            }
            Steps::Utf16 { is_big_endian } => decode_utf16(raw, *is_big_endian, is_at_end, text),
            Steps::MultiByte(table) => decode_multi_byte(table, raw, is_at_end, text),
        }
    }
}

fn decode_utf16(raw: &[u8], is_big_endian: bool, is_at_end: bool, text: &mut Text) -> usize {
    let unit = |at: usize| {
        let bytes = [*raw.get(at)?, *raw.get(at + 1)?];
        Some(if is_big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    };
    let mut at = 0;
    while let Some(first) = unit(at) {
        let second = unit(at + 2);
        match (char::from_u32(u32::from(first)), second) {
            (Some(character), _) => {
                text.push_char(character, 2);
                at += 2;
            }
            (None, Some(second @ 0xdc00..=0xdfff)) if first < 0xdc00 => {
                let high = (u32::from(first) & 0x3ff) << 10;
                let point = 0x10000 + (high | (u32::from(second) & 0x3ff));
                text.push_char(char::from_u32(point).unwrap_or_default(), 4);
                at += 4;
            }
            (None, None) if first < 0xdc00 && !is_at_end => break,
            (None, _) => {
                text.push_half(first);
                at += 2;
            }
        }
    }
    match raw.get(at) {
        Some(half) if is_at_end => {
            text.push_no_character(*half);
            0
        }
        _ => raw.len() - at,
    }
}

/// Decodes one character at a time, because the decoder does not tell where each one ends. A byte that begins no
/// character is passed on alone, so that it cannot hide the line end behind it.
fn decode_multi_byte(table: &'static Table, raw: &[u8], is_at_end: bool, text: &mut Text) -> usize {
    let mut rest = raw;
    while !rest.is_empty() {
        let ascii = Table::ascii_valid_up_to(rest);
        if ascii > 0 {
            text.push_ascii(&rest[..ascii]);
            rest = &rest[ascii..];
            continue;
        }
        if rest.len() < LONGEST && !is_at_end {
            return rest.len();
        }
        let mut decoded = [0; 16];
        let character = (1..=LONGEST.min(rest.len())).find_map(|width| {
            let mut decoder = table.new_decoder_without_bom_handling();
            let (result, _, length) =
                decoder.decode_to_utf8_without_replacement(&rest[..width], &mut decoded, true);
            (result == DecoderResult::InputEmpty).then_some((width, length))
        });
        let width = match character {
            Some((width, length)) => {
                text.push(&decoded[..length], width as u8);
                width
            }
            None => {
                text.push_no_character(rest[0]);
                1
            }
        };
        rest = &rest[width..];
    }
    0
}

impl Text {
    /// Adds a character that stands for `width` bytes.
    pub(super) fn push(&mut self, character: &[u8], width: u8) {
        self.decoded.extend_from_slice(character);
        self.widths.push(width);
        self.widths.resize(self.decoded.len(), 0);
    }

    pub(super) fn push_char(&mut self, character: char, width: u8) {
        self.push(character.encode_utf8(&mut [0; 4]).as_bytes(), width);
    }

    pub(super) fn push_ascii(&mut self, bytes: &[u8]) {
        self.decoded.extend_from_slice(bytes);
        self.widths.resize(self.decoded.len(), 1);
    }

    /// Adds a byte that is no character.
    pub(super) fn push_no_character(&mut self, byte: u8) {
        self.push(&[NO_CHARACTER, 0x80 | byte >> 4, 0x80 | byte & 0x0f], 1);
    }

    /// Adds half a surrogate pair as three bytes, as if it were a character. UTF-8 does not allow these bytes.
    fn push_half(&mut self, unit: u16) {
        let bytes = [
            0xe0 | (unit >> 12) as u8,
            0x80 | (unit >> 6 & 0x3f) as u8,
            0x80 | (unit & 0x3f) as u8,
        ];
        self.push(&bytes, 2);
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.text.decoded.len() {
            self.text.decoded.clear();
            self.text.widths.clear();
            self.given = 0;
            let read = self.reader.read(&mut self.raw[self.kept..])?;
            let filled = self.kept + read;
            let raw = &self.raw[..filled];
            self.kept = self.steps.decode(raw, read == 0, &mut self.text);
            self.originals
                .add(&raw[..filled - self.kept], &self.text.widths);
            self.raw.copy_within(filled - self.kept..filled, 0);
            if read == 0 && self.text.decoded.is_empty() {
                return Ok(0);
            }
        }
        let count = buffer.len().min(self.text.decoded.len() - self.given);
        buffer[..count].copy_from_slice(&self.text.decoded[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
