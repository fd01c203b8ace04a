//! Converts files in other encodings to UTF-8 and back. Units that UTF-8 cannot represent (half a surrogate pair,
//! half a unit) become bytes that are invalid in UTF-8, so that only their record is rejected, with its original
//! bytes. A decoding library would reject the file or replace the units.

use super::compression::{first_bytes, put_back};
use anyhow::{Result, bail};
use std::io::Read;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Encoding {
    Utf8,
    Latin1,
    Windows1252,
    Utf16 { is_big_endian: bool },
}

/// Begins the three bytes that stand for half a UTF-16 unit at the end of a file.
const HALF_UNIT: u8 = 0xfe;

/// What Windows puts where Latin-1 has control characters, 0x80 to 0x9f.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Encoding {
    /// `name` as in `elt.source.encoding`; the file's byte order mark goes before it. Says whether
    /// there is one.
    pub(super) fn of(name: &str, first: &[u8]) -> Result<(Encoding, bool)> {
        let marked = match first {
            [0xef, 0xbb, 0xbf, ..] => Some(Encoding::Utf8),
            [0xff, 0xfe, ..] => Some(Encoding::Utf16 {
                is_big_endian: false,
            }),
            [0xfe, 0xff, ..] => Some(Encoding::Utf16 {
                is_big_endian: true,
            }),
            _ => None,
        };
        if let Some(encoding) = marked {
            return Ok((encoding, true));
        }
        let encoding = match name {
            "utf-8" => Encoding::Utf8,
            "latin1" => Encoding::Latin1,
            "windows-1252" => Encoding::Windows1252,
            "utf-16" | "utf-16le" => Encoding::Utf16 {
                is_big_endian: false,
            },
            "utf-16be" => Encoding::Utf16 {
                is_big_endian: true,
            },
            other => bail!("encoding \"{other}\" is not known to this elt"),
        };
        Ok((encoding, false))
    }

    /// As in `elt.load.encoding`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Latin1 => "latin1",
            Encoding::Windows1252 => "windows-1252",
            Encoding::Utf16 {
                is_big_endian: false,
            } => "utf-16le",
            Encoding::Utf16 {
                is_big_endian: true,
            } => "utf-16be",
        }
    }

    /// How many bytes of the file were read as these.
    pub(super) fn length(self, read: &[u8]) -> u64 {
        let by_first = |width: fn(u8) -> u64| read.iter().map(|byte| width(*byte)).sum();
        match self {
            Encoding::Utf8 => read.len() as u64,
            Encoding::Latin1 | Encoding::Windows1252 => {
                by_first(|byte| u64::from(byte & 0xc0 != 0x80))
            }
            Encoding::Utf16 { .. } => by_first(|byte| match byte {
                HALF_UNIT => 1,
                0x80..=0xbf => 0,
                0xf0.. => 4,
                _ => 2,
            }),
        }
    }

    /// The bytes of the file that were read as these.
    pub(super) fn original(self, read: &[u8]) -> Vec<u8> {
        if self == Encoding::Utf8 {
            return read.to_vec();
        }
        let mut original = Vec::new();
        let mut at = 0;
        while at < read.len() {
            let first = read[at];
            let width = match first {
                HALF_UNIT => 3,
                0..=0x7f => 1,
                0x80..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0.. => 4,
            };
            let more = &read[at + 1..(at + width).min(read.len())];
            at += width;
            if first == HALF_UNIT {
                original.push(more.iter().fold(0, |byte, half| byte << 4 | half & 0x0f));
                continue;
            }
            // The payload of the first byte, then six bits of each further one.
            let start = u32::from(first) & (0xff >> if width == 1 { 1 } else { width + 1 });
            let point = more
                .iter()
                .fold(start, |point, byte| point << 6 | u32::from(byte & 0x3f));
            self.push(point, &mut original);
        }
        original
    }

    fn push(self, point: u32, original: &mut Vec<u8>) {
        match self {
            Encoding::Utf8 => {}
            Encoding::Latin1 => original.push(point as u8),
            Encoding::Windows1252 => {
                let place = WINDOWS_1252
                    .iter()
                    .position(|each| u32::from(*each) == point);
                original.push(place.map_or(point as u8, |place| 0x80 + place as u8));
            }
            Encoding::Utf16 { is_big_endian } => {
                let units = match point {
                    ..0x10000 => [Some(point as u16), None],
                    _ => {
                        let above = point - 0x10000;
                        [
                            Some(0xd800 | (above >> 10) as u16),
                            Some(0xdc00 | (above & 0x3ff) as u16),
                        ]
                    }
                };
                for unit in units.into_iter().flatten() {
                    original.extend(match is_big_endian {
                        true => unit.to_be_bytes(),
                        false => unit.to_le_bytes(),
                    });
                }
            }
        }
    }
}

/// The file as UTF-8, its encoding, and whether it has a byte order mark.
pub(super) fn as_utf8<'a>(
    mut input: Box<dyn Read + 'a>,
    name: &str,
) -> Result<(Box<dyn Read + 'a>, Encoding, bool)> {
    let first = first_bytes::<3>(&mut input)?;
    let (encoding, is_marked) = Encoding::of(name, &first)?;
    let input = put_back(first, input);
    let input: Box<dyn Read + 'a> = match encoding {
        Encoding::Utf8 => Box::new(input),
        _ => Box::new(Decoder::new(input, encoding)),
    };
    Ok((input, encoding, is_marked))
}

struct Decoder<R> {
    reader: R,
    encoding: Encoding,
    /// What is read into.
    raw: Vec<u8>,
    /// Bytes at its start that were read and not decoded yet.
    kept: usize,
    /// What was decoded and not given out yet.
    decoded: Vec<u8>,
    given: usize,
    /// The first half of a surrogate pair.
    high: Option<u16>,
}

/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

impl<R: Read> Decoder<R> {
    fn new(reader: R, encoding: Encoding) -> Self {
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

    /// Decodes what was read; gives how many bytes at its end have to wait for more.
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
                    self.unit(match is_big_endian {
                        true => u16::from_be_bytes(*pair),
                        false => u16::from_le_bytes(*pair),
                    });
                }
                match rest {
                    [half] if is_at_end => {
                        self.end_pair();
                        self.decoded
                            .extend([HALF_UNIT, 0x80 | half >> 4, 0x80 | half & 0x0f]);
                    }
                    _ if is_at_end => self.end_pair(),
                    rest => return rest.len(),
                }
            }
        }
        0
    }

    fn unit(&mut self, unit: u16) {
        match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let point = 0x10000 + ((u32::from(high) & 0x3ff) << 10 | (u32::from(unit) & 0x3ff));
                if let Some(character) = char::from_u32(point) {
                    push_char(&mut self.decoded, character);
                }
            }
            (high, unit) => {
                self.high = high;
                self.end_pair();
                match char::from_u32(u32::from(unit)) {
                    Some(character) => push_char(&mut self.decoded, character),
                    None if unit < 0xdc00 => self.high = Some(unit),
                    None => push_half(&mut self.decoded, unit),
                }
            }
        }
    }

    /// The second half does not come.
    fn end_pair(&mut self) {
        if let Some(high) = self.high.take() {
            push_half(&mut self.decoded, high);
        }
    }
}

fn push_char(decoded: &mut Vec<u8>, character: char) {
    decoded.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Half a pair, in three bytes as UTF-8 would write it if it were a character.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], name: &str) -> Result<(Vec<u8>, Encoding)> {
        let (mut input, encoding, _) = as_utf8(Box::new(bytes), name)?;
        let mut read = Vec::new();
        input.read_to_end(&mut read)?;
        Ok((read, encoding))
    }

    #[test]
    fn texts_are_the_same_in_every_encoding() -> Result<()> {
        let text = "a,é€\n𝄞,\"x\"";
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf_16, "utf-16")?.0, text.as_bytes());
        let mut marked = vec![0xfe, 0xff];
        marked.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        let (decoded, encoding) = read(&marked, "utf-8")?;
        assert_eq!(decoded, format!("\u{feff}{text}").as_bytes());
        assert_eq!(encoding.original(&decoded), marked);
        assert_eq!(read(b"\xe9\x80", "latin1")?.0, "é\u{80}".as_bytes());
        assert_eq!(read(b"\xe9\x80", "windows-1252")?.0, "é€".as_bytes());
        Ok(())
    }

    #[test]
    fn whatever_the_bytes_they_can_be_told_again() -> Result<()> {
        let mut state: u32 = 7;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        for length in 0..600 {
            let mut bytes: Vec<u8> = (0..length).map(|_| random()).collect();
            // No mark, which would go before the name; and now and then many surrogates.
            bytes.iter_mut().take(1).for_each(|first| *first = b'x');
            if length % 3 == 0 {
                bytes
                    .iter_mut()
                    .skip(1)
                    .step_by(2)
                    .for_each(|byte| *byte = 0xd8 | *byte & 7);
            }
            for name in ["latin1", "windows-1252", "utf-16le", "utf-16be"] {
                let (decoded, encoding) = read(&bytes, name)?;
                assert_eq!(encoding.original(&decoded), bytes, "{name}");
                assert_eq!(encoding.length(&decoded), bytes.len() as u64, "{name}");
            }
        }
        Ok(())
    }

    #[test]
    fn half_a_pair_is_no_text() -> Result<()> {
        let (decoded, _) = read(b"x\x00\x00\xd8\n\x00", "utf-16")?;
        assert!(std::str::from_utf8(&decoded).is_err());
        assert!(decoded.ends_with(b"\n"));
        let (decoded, _) = read(b"x\x00\n", "utf-16")?;
        assert!(std::str::from_utf8(&decoded).is_err());
        Ok(())
    }
}
