//! What the values of a column are, as all of them together tell.

use super::column::Kind;
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::Value;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Values of which it is remembered that they were there.
const MOST_REMEMBERED: usize = 1_000_000;

/// What was seen of a column.
pub(super) struct Values {
    kinds: Vec<Kind>,
    count: u64,
    /// Those without a digit, which may say that a number or a date is not there; and days that do not exist.
    words: u64,
    /// Hashes of them, as long as all are different.
    seen: Option<HashSet<u64>>,
}

/// From the narrowest on.
const KINDS: [Kind; 5] = [
    Kind::Bigint,
    Kind::Numeric,
    Kind::Boolean,
    Kind::Date,
    Kind::Timestamp,
];

impl Default for Values {
    fn default() -> Values {
        Values {
            kinds: KINDS.to_vec(),
            count: 0,
            words: 0,
            seen: Some(HashSet::new()),
        }
    }
}

impl Values {
    /// One more value. Empty texts and nulls are none.
    pub(super) fn note(&mut self, value: &Value) {
        let text = match value {
            Value::Null => return,
            Value::String(text) => text
                .trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
                .to_string(),
            Value::Array(_) | Value::Object(_) => {
                self.count += 1;
                self.kinds = vec![Kind::Json];
                self.seen = None;
                return;
            }
            other => other.to_string(),
        };
        if text.is_empty() {
            return;
        }
        self.count += 1;
        let is_word = !text.bytes().any(|byte| byte.is_ascii_digit()) || is_impossible_day(&text);
        self.words += u64::from(is_word);
        self.kinds
            .retain(|kind| (is_word && *kind != Kind::Boolean) || fits(*kind, &text));
        if let Some(seen) = &mut self.seen {
            let mut hash = DefaultHasher::new();
            text.hash(&mut hash);
            if !seen.insert(hash.finish()) || seen.len() > MOST_REMEMBERED {
                self.seen = None;
            }
        }
    }

    /// A few words, such as n/a, make no text of numbers: a rule reports them.
    pub(super) fn kind(&self) -> Kind {
        let has_enough = |kind: &&Kind| match kind {
            Kind::Boolean | Kind::Json => self.count > 0,
            _ => self.count > self.words && self.count - self.words >= 4 * self.words,
        };
        *self.kinds.iter().find(has_enough).unwrap_or(&Kind::Text)
    }

    /// Whether each of so many rows has one.
    pub(super) fn is_full(&self, rows: u64) -> bool {
        rows > 0 && self.count == rows
    }

    /// Whether each of so many rows has a value of its own.
    pub(super) fn tell_apart(&self, rows: u64) -> bool {
        self.seen.is_some() && self.count == rows
    }
}

/// `2026-02-30`: meant as a date, and none.
fn is_impossible_day(text: &str) -> bool {
    let is_shaped = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    is_shaped && !fits(Kind::Date, text)
}

/// As strict as the function of SQL that will read it; and a number that is written with zeros before
/// it is a code, and not a number.
fn fits(kind: Kind, text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = |digits: &str| is_number(digits) && (digits == "0" || !digits.starts_with('0'));
    match kind {
        Kind::Bigint => is_whole(digits) && digits.len() <= 18,
        Kind::Numeric => match digits.split_once('.') {
            Some((whole, fraction)) => {
                is_whole(whole) && is_number(fraction) && digits.len() <= 100
            }
            None => is_whole(digits) && digits.len() <= 100,
        },
        Kind::Boolean => {
            ["true", "false", "yes", "no"].contains(&text.to_ascii_lowercase().as_str())
        }
        Kind::Date => text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
        Kind::Timestamp => is_instant(text),
        Kind::Text | Kind::Json => true,
    }
}

fn is_instant(text: &str) -> bool {
    if !text.is_ascii() || text.len() < 16 || !fits(Kind::Date, &text[..10]) {
        return false;
    }
    let text = text.replacen(' ', "T", 1);
    DateTime::parse_from_rfc3339(&text).is_ok()
        || ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .iter()
            .any(|format| NaiveDateTime::parse_from_str(&text, format).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(values: &[&str]) -> Kind {
        let mut seen = Values::default();
        values
            .iter()
            .for_each(|value| seen.note(&Value::from(*value)));
        seen.kind()
    }

    #[test]
    fn a_column_is_what_all_its_values_are() {
        assert_eq!(kind(&["1", " 22 ", "", "-3"]), Kind::Bigint);
        assert_eq!(kind(&["1", "2.50"]), Kind::Numeric);
        assert_eq!(kind(&["01234", "99"]), Kind::Text);
        assert_eq!(kind(&["1234567890123456789"]), Kind::Numeric);
        assert_eq!(kind(&["true", "No"]), Kind::Boolean);
        assert_eq!(kind(&["2026-02-28"]), Kind::Date);
        assert_eq!(kind(&["2026-02-29"]), Kind::Text);
        assert_eq!(
            kind(&[
                "2026-02-28",
                "2026-03-01",
                "2026-03-02",
                "2026-03-03",
                "2026-02-30"
            ]),
            Kind::Date
        );
        assert_eq!(
            kind(&["2026-02-28T10:00:00Z", "2026-02-28 10:00"]),
            Kind::Timestamp
        );
        assert_eq!(kind(&["", " "]), Kind::Text);
        assert_eq!(kind(&["1", "2", "3", "4", "n/a"]), Kind::Bigint);
        assert_eq!(kind(&["1", "n/a"]), Kind::Text);
        assert_eq!(kind(&["yes", "maybe"]), Kind::Text);
    }

    #[test]
    fn rows_are_told_apart_by_values_that_are_all_there_and_all_different() {
        let mut values = Values::default();
        for value in ["a", "b"] {
            values.note(&Value::from(value));
        }
        assert!(values.tell_apart(2) && !values.tell_apart(3));
        values.note(&Value::from("a "));
        assert!(!values.tell_apart(3));
    }
}
