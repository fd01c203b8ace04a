//! Records below a key: finds the value that `elt.source.records_at` names, in one pass and with bounded memory.

use super::scan::{Skipped, byte_at, skip_space, skip_value};
use super::{JsonExtract, kind_of};
use crate::extract::window::LONGEST_RECORD;
use crate::failure::{Exit, Failure};
use anyhow::Result;
use std::io::Read;

/// The number of keys that an error shows.
const MOST_SHOWN: usize = 20;
/// The number of characters of a key that an error shows.
const LONGEST_SHOWN: usize = 40;

/// The keys that lead to the records.
pub(super) struct Path {
    text: String,
    /// The keys, separated by dots. A key may contain a dot. A number is an index of an array.
    keys: String,
    /// Whether each member of the object at the keys is a record.
    takes_members: bool,
    /// The containers that are open, from the outermost.
    levels: Vec<Level>,
    /// The keys of the outermost object.
    seen: Vec<String>,
}

/// An open object or array.
struct Level {
    /// The keys that lead to the records from here.
    keys: String,
    /// For an array, the index of the next element.
    index: Option<u64>,
}

impl Path {
    pub(super) fn parse(text: &str) -> Path {
        let takes_members = takes_members(text);
        let keys = if takes_members {
            text.trim_end_matches('*').trim_end_matches('.')
        } else {
            text
        };
        Path {
            text: text.into(),
            keys: keys.into(),
            takes_members,
            levels: Vec::new(),
            seen: Vec::new(),
        }
    }
}

/// Whether `elt.source.records_at` makes a record of each member of an object.
pub(crate) fn takes_members(records_at: &str) -> bool {
    records_at == "*" || records_at.ends_with(".*")
}

/// The keys that follow `key` in `keys`. None if they do not begin with it.
fn keys_after<'a>(keys: &'a str, key: &str) -> Option<&'a str> {
    let rest = keys.strip_prefix(key)?;
    if rest.is_empty() {
        Some(rest)
    } else {
        rest.strip_prefix('.')
    }
}

/// The keys that follow the index of an array in `keys`.
fn keys_after_index(keys: &str, index: u64) -> Option<&str> {
    keys_after(keys, &index.to_string())
}

impl<R: Read> JsonExtract<R> {
    /// Enters the records of the document at the window's start.
    pub(super) fn enter_records(&mut self) -> Result<()> {
        let mut keys = self.path.keys.clone();
        loop {
            let first = self.next_token()?;
            if keys.is_empty() {
                return self.begin_records(first);
            }
            let starts_with_index = keys.starts_with(|first: char| first.is_ascii_digit());
            let index = match first {
                b'{' => None,
                b'[' if starts_with_index => Some(0),
                _ => {
                    self.skip_value()?;
                    keys = self.next_match()?.ok_or_else(|| self.missing())?;
                    continue;
                }
            };
            self.window.consume(1);
            self.path.levels.push(Level { keys, index });
            keys = self.next_match()?.ok_or_else(|| self.missing())?;
        }
    }

    /// Passes the rest of the document after its records.
    pub(super) fn leave_records(&mut self) -> Result<()> {
        if self.next_match()?.is_none() {
            return Ok(());
        }
        let message = format!(
            "the file has \"{}\" a second time on line {}",
            self.path.text, self.window.line
        );
        Err(Failure::new(Exit::Failed, message)
            .detail("Only the first one would be read.")
            .hint("Rename or join the two, or name another place in elt.source.records_at.")
            .into())
    }

    fn begin_records(&mut self, first: u8) -> Result<()> {
        match (first, self.path.takes_members) {
            (b'{', true) | (b'[', false) => return self.begin_elements(self.path.takes_members),
            _ => {}
        }
        let wanted = if self.path.takes_members {
            "an object of records"
        } else {
            "an array of records"
        };
        let message = format!("\"{}\" is {}, not {wanted}", self.path.text, kind_of(first));
        let failure = Failure::new(Exit::Failed, message)
            .detail(format!("It is on line {} of the file.", self.window.line));
        let failure = match first {
            b'{' => failure.hint(format!(
                "To take each member of the object as a record, set elt.source.records_at to {}.*.",
                self.path.text
            )),
            _ => failure.hint("Name the place of the records in elt.source.records_at."),
        };
        Err(failure.into())
    }

    /// Passes members until one leads to the records, and returns the keys that lead there from its value. None at the
    /// end of the document.
    fn next_match(&mut self) -> Result<Option<String>> {
        while let Some(level) = self.path.levels.last() {
            let is_array = level.index.is_some();
            let closer = if is_array { b']' } else { b'}' };
            match self.next_token()? {
                b',' => self.window.consume(1),
                byte if byte == closer => {
                    self.window.consume(1);
                    self.path.levels.pop();
                }
                b']' | b'}' => return Err(self.not_json("a bracket does not match")),
                _ => {
                    let keys = if is_array {
                        self.next_index()
                    } else {
                        self.next_key()?
                    };
                    if keys.is_some() {
                        return Ok(keys);
                    }
                    self.next_token()?;
                    self.skip_value()?;
                }
            }
        }
        Ok(None)
    }

    /// Counts an element of the innermost array. Returns the further keys if it leads to the records.
    fn next_index(&mut self) -> Option<String> {
        let level = self.path.levels.last_mut()?;
        let index = level.index?;
        level.index = Some(index + 1);
        keys_after_index(&level.keys, index).map(String::from)
    }

    /// Passes a key of the innermost object. Returns the further keys if it leads to the records.
    fn next_key(&mut self) -> Result<Option<String>> {
        let end = self.key_end()?;
        let key = serde_json::from_slice::<String>(&self.window.bytes()[..end]);
        let key = key.map_err(|_| self.not_json("a key is not a valid string"))?;
        self.window.consume(end);
        if self.next_token()? != b':' {
            return Err(self.not_json("a key is not followed by a colon"));
        }
        self.window.consume(1);
        if self.path.levels.len() == 1 && self.path.seen.len() < MOST_SHOWN {
            let shown: String = key.chars().take(LONGEST_SHOWN).collect();
            self.path.seen.push(shown.escape_debug().to_string());
        }
        let level = self.path.levels.last();
        let keys = level.and_then(|level| keys_after(&level.keys, &key));
        Ok(keys.map(String::from))
    }

    /// The index after the string at the window's start.
    fn key_end(&mut self) -> Result<usize> {
        if self.window.bytes().first() != Some(&b'"') {
            return Err(self.not_json("a key is expected"));
        }
        let mut at = 1;
        loop {
            match byte_at(&mut self.window, at)? {
                Some(b'"') => return Ok(at + 1),
                Some(b'\n') => return Err(self.not_json("a string is not closed")),
                Some(_) if at > LONGEST_RECORD => return Err(self.window.too_long()),
                Some(b'\\') => at += 2,
                Some(_) => at += 1,
                None => return Err(self.truncated_outside()),
            }
        }
    }

    fn skip_value(&mut self) -> Result<()> {
        match skip_value(&mut self.window)? {
            Skipped::Whole => Ok(()),
            Skipped::InString => Err(self.not_json("a string is not closed")),
            Skipped::EndOfFile => Err(self.truncated_outside()),
        }
    }

    /// The next byte that is not white space.
    fn next_token(&mut self) -> Result<u8> {
        skip_space(&mut self.window)?.ok_or_else(|| self.truncated_outside())
    }

    fn missing(&self) -> anyhow::Error {
        let message = format!("the file has no \"{}\"", self.path.text);
        let failure = Failure::new(Exit::Failed, message);
        let failure = match self.path.seen.as_slice() {
            [] => failure,
            seen => failure.private_details(vec![format!("It has: {}.", seen.join(", "))]),
        };
        failure
            .hint("Name the keys that lead to the records in elt.source.records_at, such as data.items (elt init --records-at).")
            .into()
    }

    fn not_json(&self, problem: &str) -> anyhow::Error {
        Failure::new(
            Exit::Failed,
            format!(
                "the file is not JSON on line {} (byte {}): {problem}",
                self.window.line, self.window.offset
            ),
        )
        .detail(format!(
            "It is outside the records at \"{}\".",
            self.path.text
        ))
        .hint("Fetch the file again, or correct it.")
        .into()
    }

    fn truncated_outside(&self) -> anyhow::Error {
        Failure::new(
            Exit::Failed,
            format!(
                "the file ends inside a document, on line {}",
                self.window.line
            ),
        )
        .detail("The file is truncated, or a bracket or quote is not closed.")
        .hint("Fetch the file again, or correct it.")
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_contain_dots() {
        assert_eq!(keys_after("a.b", "a"), Some("b"));
        assert_eq!(keys_after("a.b", "a.b"), Some(""));
        assert_eq!(keys_after("ab", "a"), None);
        assert_eq!(keys_after_index("12.b", 12), Some("b"));
        assert_eq!(keys_after_index("12.b", 1), None);
        let path = Path::parse("data.*");
        assert_eq!((path.keys.as_str(), path.takes_members), ("data", true));
        let path = Path::parse("*");
        assert_eq!((path.keys.as_str(), path.takes_members), ("", true));
        let path = Path::parse("a*");
        assert_eq!((path.keys.as_str(), path.takes_members), ("a*", false));
    }
}
