//! Checks whether PostgreSQL's `jsonb` accepts a document, before COPY, because one bad document would fail the
//! whole COPY.

use super::number::{has_extreme_number, without_unusual_numbers};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// The refusal of an empty element.
pub(super) const NOTHING: &str = "a comma is not followed by a value";

/// The number of characters of a repeated key to show.
const LONGEST_SHOWN: usize = 100;

/// Why the document is not an object, not valid JSON or not accepted by `jsonb`; `None` if it is accepted.
pub(in crate::extract) fn refusal(raw: &[u8]) -> Option<String> {
    match raw.first() {
        None => Some(NOTHING.into()),
        Some(b'{') => value_refusal(raw, 0),
        Some(_) => Some("not an object".into()),
    }
}

/// Why the value is not valid JSON or not accepted by `jsonb`; `None` if it is accepted. `shift`: how many bytes it
/// has before those of the file.
pub(super) fn value_refusal(raw: &[u8], shift: usize) -> Option<String> {
    match check(raw) {
        Err(error) => Some(reason(&error, shift)),
        Ok(checked) => (checked.has_float && has_extreme_number(raw))
            .then(|| "a number is too large, too small or too long".to_string()),
    }
}

fn reason(error: &serde_json::Error, shift: usize) -> String {
    let mut reason = error.to_string();
    let place = format!(" at line 1 column {}", error.column());
    if reason.ends_with(&place) {
        // Most records have no line end, and the number of the line is not that in the file.
        reason.truncate(reason.len() - place.len());
        reason += &format!(" at its byte {}", error.column().saturating_sub(shift));
    }
    format!("not JSON that elt accepts: {reason}")
}

/// Whether the text is the valid beginning of a document.
pub(super) fn is_incomplete(raw: &[u8]) -> bool {
    check(raw).is_err_and(|error| error.is_eof())
}

/// Whether the text is a valid document, apart from numbers that are too large.
pub(super) fn is_document(raw: &[u8]) -> bool {
    check(raw).is_ok()
}

fn check(raw: &[u8]) -> Result<Checked, serde_json::Error> {
    match serde_json::from_slice::<Checked>(raw) {
        // Floating point is too small for some numbers that `numeric` accepts.
        Err(error) if error.to_string().starts_with("number out of range") => {
            serde_json::from_slice::<Checked>(&without_unusual_numbers(raw))?;
            Ok(Checked { has_float: true })
        }
        checked => checked,
    }
}

/// A document that was checked and discarded. The checks: syntax, escapes (no lone surrogates), nesting of at
/// most 128, no NUL in a string, and no repeated key in an object.
#[derive(Default)]
struct Checked {
    /// Whether it may have a number that is not an integer of 64 bits. Others fit `numeric`.
    has_float: bool,
}

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CheckedVisitor)
    }
}

#[derive(Clone, Copy)]
struct CheckedVisitor;

#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The keys of one object. `jsonb` would silently keep the last of two equal keys.
#[derive(Default)]
struct Keys<'a> {
    few: Vec<Cow<'a, str>>,
    many: HashSet<Cow<'a, str>>,
}

/// For up to this number of keys, a linear search is faster than a set.
const FEW: usize = 16;

impl<'a> Keys<'a> {
    /// False if the key is already there.
    fn insert(&mut self, key: Cow<'a, str>) -> bool {
        if self.few.len() < FEW {
            let is_new = !self.few.contains(&key);
            self.few.push(key);
            return is_new;
        }
        !self.few.contains(&key) && self.many.insert(key)
    }
}

impl<'de> Visitor<'de> for CheckedVisitor {
    type Value = Checked;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Checked, E> {
        Ok(Checked::default())
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked::default())
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked::default())
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked { has_float: true })
    }

    fn visit_unit<E: de::Error>(self) -> Result<Checked, E> {
        Ok(Checked::default())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Checked, E> {
        match memchr::memchr(0, text.as_bytes()) {
            None => Ok(Checked::default()),
            Some(_) => Err(E::custom("a string has \\u0000")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Checked, A::Error> {
        let mut has_float = false;
        while let Some(element) = elements.next_element::<Checked>()? {
            has_float |= element.has_float;
        }
        Ok(Checked { has_float })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Checked, A::Error> {
        let mut keys = Keys::default();
        let mut has_float = false;
        while let Some(Key(key)) = entries.next_key()? {
            self.visit_str(&key)?;
            if !keys.insert(key.clone()) {
                let start: String = key.chars().take(LONGEST_SHOWN).collect();
                let dots = if start.len() < key.len() { "..." } else { "" };
                return Err(de::Error::custom(format!(
                    "key {}{dots} appears twice in one object",
                    serde_json::Value::from(start)
                )));
            }
            has_float |= entries.next_value::<Checked>()?.has_float;
        }
        Ok(Checked { has_float })
    }
}
