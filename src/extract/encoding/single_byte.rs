//! Encodings in which every byte is a character: a table of 256 characters.

use super::code_page::CodePage;
use super::decode::Text;
use encoding_rs::{DecoderResult, Encoding as Table};

pub(super) struct SingleByte(Box<[Character; 256]>);

/// A character in UTF-8, or a mark for a byte that is not a character.
#[derive(Clone, Copy)]
struct Character {
    bytes: [u8; 3],
    length: u8,
}

impl SingleByte {
    pub(super) fn latin1() -> SingleByte {
        SingleByte::new(|byte| Some(char::from(byte)))
    }

    pub(super) fn from_table(table: &'static Table) -> SingleByte {
        SingleByte::new(|byte| {
            let mut decoded = [0; 8];
            let mut decoder = table.new_decoder_without_bom_handling();
            let (result, _, length) =
                decoder.decode_to_utf8_without_replacement(&[byte], &mut decoded, true);
            let text = std::str::from_utf8(&decoded[..length]).ok();
            text.filter(|_| result == DecoderResult::InputEmpty)
                .and_then(|text| text.chars().next())
        })
    }

    pub(super) fn from_code_page(page: &CodePage) -> SingleByte {
        SingleByte::new(|byte| page.character(byte))
    }

    fn new(character: impl Fn(u8) -> Option<char>) -> SingleByte {
        let all = std::array::from_fn(|byte| {
            let byte = byte as u8;
            let mut text = Text::default();
            match character(byte) {
                Some(character) => text.push_char(character, 1),
                None => text.push_no_character(byte),
            }
            let mut bytes = [0; 3];
            // All characters of these encodings are in the basic plane, which takes three bytes.
            let length = text.decoded.len().min(3);
            bytes[..length].copy_from_slice(&text.decoded[..length]);
            Character {
                bytes,
                length: length as u8,
            }
        });
        SingleByte(Box::new(all))
    }

    pub(super) fn decode(&self, raw: &[u8], text: &mut Text) {
        let mut rest = raw;
        while let [first, more @ ..] = rest {
            let ascii = Table::ascii_valid_up_to(rest);
            if ascii > 0 {
                text.push_ascii(&rest[..ascii]);
                rest = &rest[ascii..];
                continue;
            }
            let character = &self.0[usize::from(*first)];
            text.push(&character.bytes[..usize::from(character.length)], 1);
            rest = more;
        }
    }
}
