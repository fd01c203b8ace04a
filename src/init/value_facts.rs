//! Facts about the values of a column, such as the notations that all of them fit.

use super::amount::{self, DecimalSign};
use super::date::DateOrder;
use super::flags::Flags;
use super::kind::Kind;
use super::missing::is_missing;
use super::notation::{NOTATIONS, Notation, parse_boolean};
use super::number::{exponent_size, is_infinite};
use serde_json::Value;

/// The first value that ends the last common notation of a column.
#[derive(Debug, PartialEq)]
pub(super) struct Misfit {
    pub(super) text: String,
    /// `_row` of its record.
    pub(super) row: u64,
    /// Number of values before it.
    pub(super) fitted: u64,
    /// Notation of the values before it.
    pub(super) notation: Notation,
}

pub(super) struct ValueFacts {
    /// Notations that all values fit so far.
    notations: Vec<Notation>,
    pub(super) is_json: bool,
    /// Values that are not empty.
    pub(super) count: u64,
    /// Number of values that stand for a missing one, such as `NA`.
    pub(super) markers: u64,
    pub(super) first_marker: Option<String>,
    pub(super) misfit: Option<Misfit>,
    /// The currency or percent sign of amounts.
    pub(super) unit: String,
    /// Number of values with the unit.
    units: u64,
    has_word_for_yes: bool,
    has_word_for_no: bool,
    /// Some value is infinite.
    pub(super) has_infinity: bool,
    /// The largest absolute exponent.
    pub(super) exponent: u32,
    /// Some value contains a point or a comma.
    pub(super) has_separator: bool,
    /// All values are whole numbers, each larger than the previous one.
    pub(super) is_increasing: bool,
    last: Option<i64>,
    /// Some whole number does not fit into 64 bits.
    pub(super) is_beyond_bigint: bool,
    /// Bytes of the longest value.
    pub(super) longest: usize,
    /// Some value contains white space.
    pub(super) has_space: bool,
    /// The first value that is not a marker.
    pub(super) first: Option<String>,
    /// All values are ISO times, with or without a zone.
    is_iso_time: bool,
    pub(super) flags: Flags,
}

impl Default for ValueFacts {
    fn default() -> ValueFacts {
        ValueFacts {
            notations: NOTATIONS.to_vec(),
            is_json: false,
            count: 0,
            markers: 0,
            first_marker: None,
            misfit: None,
            unit: String::new(),
            units: 0,
            has_word_for_yes: false,
            has_word_for_no: false,
            has_infinity: false,
            exponent: 0,
            has_separator: false,
            is_increasing: true,
            last: None,
            is_beyond_bigint: false,
            longest: 0,
            has_space: false,
            first: None,
            is_iso_time: true,
            flags: Flags::default(),
        }
    }
}

/// A value as trimmed text; None if it is missing.
pub(super) fn value_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text
            .trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
            .to_string(),
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

impl ValueFacts {
    pub(super) fn add(&mut self, value: &Value, row: u64) {
        let Some(text) = value_text(value) else {
            return;
        };
        self.count += 1;
        self.longest = self.longest.max(text.len());
        if matches!(value, Value::Array(_) | Value::Object(_)) {
            self.is_json = true;
        }
        if self.is_json {
            return;
        }
        self.has_space |= text.contains(char::is_whitespace);
        self.flags.add(&text);
        if self.notations.is_empty() && !self.is_iso_time {
            return;
        }
        if is_missing(&text) {
            self.markers += 1;
            self.first_marker.get_or_insert(text);
            return;
        }
        self.note_traits(&text);
        self.retain_fitting_notations(&text, row);
        self.first.get_or_insert(text);
    }

    fn note_traits(&mut self, text: &str) {
        self.is_iso_time = self.is_iso_time
            && (Notation::Timestamp(DateOrder::Iso).fits(text) || Notation::Instant.fits(text));
        self.has_infinity |= is_infinite(text);
        self.has_separator |= text.contains(['.', ',']);
        self.exponent = self.exponent.max(exponent_size(text));
        match parse_boolean(text) {
            Some(true) => self.has_word_for_yes = true,
            Some(false) => self.has_word_for_no = true,
            None => {}
        }
        if self.notations.first() == Some(&Notation::Whole) {
            let number = text.parse::<i64>().ok();
            self.is_beyond_bigint |= number.is_none();
            self.is_increasing &= number.is_some() && (self.last.is_none() || number > self.last);
            self.last = number;
        }
    }

    fn retain_fitting_notations(&mut self, text: &str, row: u64) {
        let first_before = self.notations.first().copied();
        self.notations.retain(|notation| notation.fits(text));
        let is_amount =
            |notation: &Notation| matches!(notation, Notation::Amount | Notation::CommaAmount);
        // Digits and a point have no unit; most values need no further test.
        let may_have_unit = !text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if may_have_unit
            && self.notations.iter().any(is_amount)
            && let Some(amount) = amount::parse(text, DecimalSign::Point)
                .or_else(|| amount::parse(text, DecimalSign::Comma))
            && !amount.unit.is_empty()
        {
            self.units += 1;
            if self.unit.is_empty() {
                self.unit = amount.unit;
            } else if self.unit != amount.unit {
                // Amounts in two currencies cannot be added.
                self.notations.retain(|notation| !is_amount(notation));
            }
        }
        // The value that ends the last notations is worth a note.
        let fitted = self.count - self.markers - 1;
        if self.notations.is_empty()
            && fitted > 0
            && let Some(notation) = first_before
        {
            self.misfit = Some(Misfit {
                text: text.to_string(),
                row,
                fitted,
                notation,
            });
        }
    }

    /// Whether all values fit the notation.
    pub(super) fn all_fit(&self, notation: Notation) -> bool {
        let has_values = self.count > self.markers && !self.is_json;
        let is_whole = match notation {
            // 3 and 3 % are different values.
            Notation::Amount | Notation::CommaAmount => {
                self.unit != "%" || self.units == self.count - self.markers
            }
            // A single letter in all rows may mean something else: N can be north.
            Notation::Boolean => {
                (self.has_word_for_yes && self.has_word_for_no)
                    || self.first.as_ref().is_some_and(|first| first.len() > 3)
            }
            _ => true,
        };
        has_values && is_whole && self.notations.contains(&notation)
    }

    /// Whether all values are times, some with a zone and some without.
    pub(super) fn mixes_zones(&self) -> bool {
        self.is_iso_time
            && self.count > self.markers
            && !self.notations.contains(&Notation::Instant)
            && !self
                .notations
                .contains(&Notation::Timestamp(DateOrder::Iso))
    }

    /// Whether all rows have a value. In a text column, a marker is a value.
    pub(super) fn is_full(&self, rows: u64, kind: Kind) -> bool {
        rows > 0 && self.count == rows && (kind == Kind::Text || self.markers == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts_of(values: &[&str]) -> ValueFacts {
        let mut facts = ValueFacts::default();
        for (index, value) in values.iter().enumerate() {
            facts.add(&Value::from(*value), index as u64 + 2);
        }
        facts
    }

    #[test]
    fn a_notation_must_fit_all_values() {
        assert!(facts_of(&["1", " 22 ", "", "-3"]).all_fit(Notation::Whole));
        assert!(facts_of(&["1", "NA", "n/a"]).all_fit(Notation::Whole));
        assert!(!facts_of(&["NA", "n/a"]).all_fit(Notation::Whole));
        assert!(!facts_of(&["1", "2", "3", "A"]).all_fit(Notation::Whole));
        assert!(facts_of(&["yes", "No"]).all_fit(Notation::Boolean));
        assert!(facts_of(&["True", "True"]).all_fit(Notation::Boolean));
        assert!(!facts_of(&["N", "N"]).all_fit(Notation::Boolean));
        assert!(!facts_of(&["NO", "NO"]).all_fit(Notation::Boolean));
        assert!(!facts_of(&["2026-02-28", "2026-02-30"]).all_fit(Notation::Date(DateOrder::Iso)));
        assert!(facts_of(&["$5", "6"]).all_fit(Notation::Amount));
        assert!(!facts_of(&["$5", "6 €"]).all_fit(Notation::Amount));
        assert!(!facts_of(&["5 %", "6"]).all_fit(Notation::Amount));
        assert!(facts_of(&["2024-01-01T00:00Z", "2024-01-01T00:00"]).mixes_zones());
    }

    #[test]
    fn the_value_that_makes_a_column_text_is_remembered() {
        let values = facts_of(&["1", "2", "A", "3", "B"]);
        let misfit = values.misfit.unwrap();
        assert_eq!(
            (misfit.text.as_str(), misfit.row, misfit.fitted),
            ("A", 4, 2)
        );
        assert_eq!(misfit.notation, Notation::Whole);
        assert_eq!(facts_of(&["x", "y"]).misfit, None);
    }
}
