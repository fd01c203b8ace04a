//! Converts files in other encodings to UTF-8 and back. Units that UTF-8 cannot represent (a lone surrogate, half a
//! unit) become bytes that are invalid in UTF-8, so that only their record is rejected, with its original bytes. A
//! decoding library would reject the file or replace the units.

mod decode;
mod original;
#[cfg(test)]
mod tests;

use super::compression::{first_bytes, put_back};
use anyhow::{Result, bail};
use decode::Decoder;
use std::io::Read;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Encoding {
    Utf8,
    Latin1,
    Windows1252,
    Utf16 { is_big_endian: bool },
}

/// The first of three bytes that represent half a UTF-16 unit at the end of a file.
const HALF_UNIT: u8 = 0xfe;

/// The characters 0x80 to 0x9f of Windows-1252. In Latin-1 they are control characters.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

impl Encoding {
    /// The encoding of a file that begins with `first`, and whether it has a byte order mark. The mark overrides
    /// `name`, which is a value of `elt.source.encoding`.
    pub(super) fn detect(name: &str, first: &[u8]) -> Result<(Encoding, bool)> {
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

    /// The name in `elt.load.encoding`.
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
}

/// Returns the file as UTF-8, its encoding, and whether it has a byte order mark.
pub(super) fn as_utf8<'a>(
    mut input: Box<dyn Read + 'a>,
    name: &str,
) -> Result<(Box<dyn Read + 'a>, Encoding, bool)> {
    let first = first_bytes::<3>(&mut input)?;
    let (encoding, is_marked) = Encoding::detect(name, &first)?;
    let input = put_back(first, input);
    let input: Box<dyn Read + 'a> = match encoding {
        Encoding::Utf8 => Box::new(input),
        _ => Box::new(Decoder::new(input, encoding)),
    };
    Ok((input, encoding, is_marked))
}
