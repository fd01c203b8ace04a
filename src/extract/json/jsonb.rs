//! Checks whether PostgreSQL's `jsonb` accepts a document, before COPY, because one bad document would fail the
//! whole COPY.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// The maximum length of a number. `numeric` allows 16,383 digits after the point, but real data has no such numbers.
const LONGEST_NUMBER: usize = 1_000;

/// The number of characters of a repeated key to show.
const LONGEST_SHOWN: usize = 100;

/// Why the document is not valid JSON or not accepted by `jsonb`; `None` if it is accepted.
pub(in crate::extract) fn refusal(raw: &[u8]) -> Option<String> {
    match raw.first() {
        None => return Some("a comma is not followed by a value".into()),
        Some(b'{') => {}
        Some(_) => return Some("not an object".into()),
    }
    if let Err(error) = serde_json::from_slice::<Checked>(raw) {
        let mut reason = error.to_string();
        if !raw.contains(&b'\n') {
            // The line is always 1, which is not the line in the file.
            reason = reason.replace(" at line 1 column ", " at its byte ");
        }
        return Some(format!("not JSON that elt accepts: {reason}"));
    }
    has_extreme_number(raw).then(|| "a number is too large, too small or too long".to_string())
}

/// Whether the text is the valid beginning of a document.
pub(super) fn is_incomplete(raw: &[u8]) -> bool {
    serde_json::from_slice::<Checked>(raw).is_err_and(|error| error.is_eof())
}

/// Whether a number in a valid document has too many digits or an extreme exponent. Very small numbers, and zeros
/// with an extreme exponent, are valid as floating point but not as `numeric`.
fn has_extreme_number(raw: &[u8]) -> bool {
    let mut is_in_string = false;
    let mut at = 0;
    while at < raw.len() {
        match raw[at] {
            b'\\' => at += 1,
            b'"' => is_in_string = !is_in_string,
            b'-' | b'0'..=b'9' if !is_in_string => {
                let is_part =
                    |byte: &&u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                let length = raw[at..].iter().take_while(is_part).count();
                if is_extreme(&raw[at..at + length]) {
                    return true;
                }
                at += length;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    false
}

fn is_extreme(number: &[u8]) -> bool {
    let power = memchr::memchr2(b'e', b'E', number).map(|at| &number[at + 1..]);
    let power = power.map(|digits| {
        std::str::from_utf8(digits)
            .unwrap_or_default()
            .parse::<i32>()
    });
    number.len() > LONGEST_NUMBER
        || power.is_some_and(|power| !power.is_ok_and(|power| power.abs() <= 400))
}

/// A document that was checked and discarded. The checks: syntax, escapes (no lone surrogates), numbers within 64-bit
/// floating point, nesting of at most 128, no NUL in a string, and no repeated key in an object.
struct Checked;

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
        Ok(Checked)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Checked, E> {
        Ok(Checked)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Checked, E> {
        match memchr::memchr(0, text.as_bytes()) {
            None => Ok(Checked),
            Some(_) => Err(E::custom("a string has \\u0000")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Checked, A::Error> {
        while elements.next_element::<Checked>()?.is_some() {}
        Ok(Checked)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Checked, A::Error> {
        let mut keys = Keys::default();
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
            entries.next_value::<Checked>()?;
        }
        Ok(Checked)
    }
}
