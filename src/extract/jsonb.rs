//! What PostgreSQL's `jsonb` takes: asked before COPY, which would fail as a whole on one document.

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Digits of one number. `numeric` takes 16,383 behind the point; nobody means such a number.
const LONGEST_NUMBER: usize = 1_000;

/// Why `jsonb` would not take the document, or why it is none; None if all is well.
pub(super) fn refusal(raw: &[u8]) -> Option<String> {
    match raw.first() {
        None => return Some("nothing stands between two commas".into()),
        Some(b'{') => {}
        Some(_) => return Some("not an object".into()),
    }
    if let Err(error) = serde_json::from_slice::<Checked>(raw) {
        let mut reason = error.to_string();
        if !raw.contains(&b'\n') {
            // Its lines are not those of the file.
            reason = reason.replace(" at line 1 column ", " at its byte ");
        }
        return Some(format!("not JSON that PostgreSQL takes: {reason}"));
    }
    has_long_number(raw).then(|| format!("a number has more than {LONGEST_NUMBER} characters"))
}

/// Whether the document is well so far, and not at its end.
pub(super) fn goes_on(raw: &[u8]) -> bool {
    serde_json::from_slice::<Checked>(raw).is_err_and(|error| error.is_eof())
}

/// Only a cheap guard: `raw` is valid JSON, and inside strings long runs of digits are fine.
fn has_long_number(raw: &[u8]) -> bool {
    let mut is_in_string = false;
    let mut run = 0;
    let mut at = 0;
    while at < raw.len() {
        match raw[at] {
            b'\\' => at += 1,
            b'"' => is_in_string = !is_in_string,
            b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' if !is_in_string => {
                run += 1;
                if run > LONGEST_NUMBER {
                    return true;
                }
                at += 1;
                continue;
            }
            _ => {}
        }
        run = 0;
        at += 1;
    }
    false
}

/// A document that was read to its end and not kept: syntax, escapes (surrogates come in pairs),
/// numbers within 64-bit floating point, nesting of at most 128, and no NUL in a string.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CheckedVisitor)
    }
}

struct CheckedVisitor;

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
        while entries.next_entry::<Checked, Checked>()?.is_some() {}
        Ok(Checked)
    }
}
