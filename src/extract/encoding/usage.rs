//! How a text uses the bytes above ASCII, which tells apart encodings that have a character for each of them.

use super::code_page::CodePage;
use super::names::table;

/// Counts of bytes above ASCII.
pub(super) struct Usage {
    all: [u64; 256],
    /// Those beside a letter.
    beside_letters: [u64; 256],
    /// Those after an ASCII letter and before a small one, where a small letter is expected.
    inside_words: [u64; 256],
}

impl Default for Usage {
    fn default() -> Usage {
        Usage {
            all: [0; 256],
            beside_letters: [0; 256],
            inside_words: [0; 256],
        }
    }
}

impl Usage {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte >= 0xa0;
        for (at, byte) in bytes.iter().enumerate() {
            if byte.is_ascii() {
                continue;
            }
            let before = at.checked_sub(1).map_or(b' ', |before| bytes[before]);
            let after = bytes.get(at + 1).copied().unwrap_or(b' ');
            let place = usize::from(*byte);
            self.all[place] += 1;
            self.beside_letters[place] += u64::from(is_letter(before) || is_letter(after));
            let is_inside = before.is_ascii_alphabetic() && after.is_ascii_lowercase();
            self.inside_words[place] += u64::from(is_inside);
        }
    }

    /// The guess, or a better name. A guess by the frequencies of letters means little for signs such as £.
    pub(super) fn choose(&self, guess: &'static str) -> &'static str {
        let Some(table) = table(guess) else {
            return "windows-1252";
        };
        if !table.is_single_byte() {
            return guess;
        }
        if guess == "windows-1252" {
            return self.choose_western();
        }
        let has_all = self
            .used()
            .all(|byte| character(guess, byte).is_some_and(|it| !it.is_control()));
        let differs = self.used().any(|byte| {
            let letter = character(guess, byte).filter(|it| it.is_alphabetic());
            self.beside_letters[usize::from(byte)] > 0
                && letter.is_some()
                && letter != character("windows-1252", byte)
        });
        if has_all && differs {
            guess
        } else {
            self.choose_western()
        }
    }

    fn choose_western(&self) -> &'static str {
        let inside: u64 = self.inside_words.iter().sum();
        let old = ["macintosh", "cp850"].map(|name| (self.misfits(name), name));
        let fitting = old.into_iter().min_by_key(|(misfits, _)| *misfits);
        if self.misfits("windows-1252") * 2 > inside
            && let Some((misfits, name)) = fitting
            && misfits * 4 < inside
        {
            return name;
        }
        let has_euro = self.all[0xa4] > 0 && self.all[0x80..0xa0].iter().all(|count| *count == 0);
        if has_euro {
            return "iso-8859-15";
        }
        "windows-1252"
    }

    fn used(&self) -> impl Iterator<Item = u8> {
        (0x80..=0xff).filter(|byte| self.all[usize::from(*byte)] > 0)
    }

    /// How many bytes inside words are no small letters in this encoding.
    fn misfits(&self, name: &str) -> u64 {
        let misfits = self
            .used()
            .filter(|byte| !character(name, *byte).is_some_and(is_small_letter));
        misfits
            .map(|byte| self.inside_words[usize::from(byte)])
            .sum()
    }
}

/// Whether words have the character. Unicode has some signs among the small letters.
fn is_small_letter(character: char) -> bool {
    character.is_lowercase() && !['ƒ', 'º', 'ª'].contains(&character)
}

/// The character of a byte.
fn character(name: &str, byte: u8) -> Option<char> {
    if let Some(page) = CodePage::named(name) {
        return page.character(byte);
    }
    let bytes = [byte];
    let text = table(name)?.decode_without_bom_handling_and_without_replacement(&bytes)?;
    text.chars().next()
}
