//! Converts files in other encodings to UTF-8, and keeps the bytes that each character had. Bytes that are no
//! character (undefined ones, a lone surrogate, half a unit) become bytes that are invalid in UTF-8, so that only their
//! record is rejected. A decoding library would reject the file or replace the bytes.

mod code_page;
mod decode;
mod detect;
mod excerpt;
mod names;
mod originals;
mod single_byte;
#[cfg(test)]
mod tests;
mod usage;

use super::compression::{first_bytes, put_back};
use anyhow::{Context, Result};
use code_page::CodePage;
use decode::Decoder;
use encoding_rs::Encoding as Table;
use std::io::Read;

pub(crate) use detect::{DetectedEncoding, detect_encoding};
pub(crate) use names::{KNOWN, canonical_name};
pub(super) use originals::Originals;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Encoding {
    Utf8,
    /// ISO 8859-1, in which every byte is a character. encoding_rs reads this name as Windows-1252.
    Latin1,
    Utf16 {
        is_big_endian: bool,
    },
    CodePage(&'static CodePage),
    Other(&'static Table),
}

impl Encoding {
    /// The encoding of a file that begins with `first`, and whether it has a byte order mark. The mark overrides
    /// `name`, which is a value of `elt.source.encoding`.
    pub(super) fn detect(name: &str, first: &[u8]) -> Result<(Encoding, bool)> {
        let little = Encoding::Utf16 {
            is_big_endian: false,
        };
        let big = Encoding::Utf16 {
            is_big_endian: true,
        };
        match first {
            [0xef, 0xbb, 0xbf, ..] => return Ok((Encoding::Utf8, true)),
            [0xff, 0xfe, ..] => return Ok((little, true)),
            [0xfe, 0xff, ..] => return Ok((big, true)),
            _ => {}
        }
        let encoding =
            match name {
                "utf-8" => Encoding::Utf8,
                "latin1" => Encoding::Latin1,
                "utf-16" if detect::is_big_endian(first) => big,
                "utf-16" | "utf-16le" => little,
                "utf-16be" => big,
                other => match CodePage::named(other) {
                    Some(page) => Encoding::CodePage(page),
                    None => Encoding::Other(names::table(other).with_context(|| {
                        format!("encoding \"{other}\" is not known to this elt")
                    })?),
                },
            };
        Ok((encoding, false))
    }

    /// The name in `elt.load.encoding`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Latin1 => "latin1",
            Encoding::Utf16 {
                is_big_endian: false,
            } => "utf-16le",
            Encoding::Utf16 {
                is_big_endian: true,
            } => "utf-16be",
            Encoding::CodePage(page) => page.name,
            Encoding::Other(table) => names::name(table),
        }
    }

    /// The name in messages.
    pub(super) fn name_in_text(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            other => other.name(),
        }
    }
}

/// A text of an old program of DOS, unless it is UTF-8.
pub(super) fn utf8_or_cp437(bytes: &[u8]) -> String {
    match (std::str::from_utf8(bytes), CodePage::named("cp437")) {
        (Err(_), Some(page)) => page.text(bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A file as UTF-8.
pub(super) struct Decoded<'a> {
    pub(super) text: Box<dyn Read + 'a>,
    pub(super) encoding: Encoding,
    pub(super) has_byte_order_mark: bool,
    /// The bytes of the file; None if it is UTF-8.
    pub(super) originals: Option<Originals>,
}

/// The bytes that are looked at to tell the byte order of UTF-16.
const LOOKED_AT: usize = 512;

/// Decodes a file. `name` is a value of `elt.source.encoding`.
pub(super) fn decode<'a>(mut input: Box<dyn Read + 'a>, name: &str) -> Result<Decoded<'a>> {
    let first = first_bytes::<LOOKED_AT>(&mut input)?;
    let (encoding, has_byte_order_mark) = Encoding::detect(name, &first)?;
    let input = put_back(first, input);
    let (text, originals): (Box<dyn Read + 'a>, _) = if encoding == Encoding::Utf8 {
        (Box::new(input), None)
    } else {
        let originals = Originals::new(encoding);
        let decoder = Decoder::new(input, encoding, originals.clone());
        (Box::new(decoder), Some(originals))
    };
    Ok(Decoded {
        text,
        encoding,
        has_byte_order_mark,
        originals,
    })
}
