//! Facts about a column's values: the notations that all of them fit, and notes for the report.

use super::amount::{self, Sign};
use super::notation::{self, Kind, NOTATIONS, Notation};
use serde_json::Value;

/// The first value that does not fit what all values before it fit.
#[derive(Debug, PartialEq)]
pub(super) struct Misfit {
    pub(super) text: String,
    /// `_row` of its record.
    pub(super) row: u64,
    /// Values before it, and how they were written.
    pub(super) fitted: u64,
    pub(super) notation: Notation,
}

pub(super) struct Values {
    /// Those that all values fit so far.
    notations: Vec<Notation>,
    pub(super) is_json: bool,
    /// Values that are not empty.
    pub(super) count: u64,
    /// Those of them that stand for a missing value, and the first of them.
    pub(super) markers: u64,
    pub(super) first_marker: Option<String>,
    pub(super) misfit: Option<Misfit>,
    /// The currency or percent sign of amounts, and how many have it.
    pub(super) unit: String,
    units: u64,
    has_word_for_yes: bool,
    has_word_for_no: bool,
    /// Some value is inf.
    pub(super) has_infinity: bool,
    /// The largest exponent.
    pub(super) exponent: u32,
    /// Some value has a point or a comma in it, as amounts have.
    pub(super) has_separator: bool,
    /// Whole numbers, each larger than the one before.
    pub(super) is_increasing: bool,
    last: Option<i64>,
    /// Some whole number is beyond 64 bits.
    pub(super) is_beyond_bigint: bool,
    /// Bytes of the longest value.
    pub(super) longest: usize,
    /// Some value has white space in it.
    pub(super) has_space: bool,
    /// The first value that has no marker's meaning.
    pub(super) first: Option<String>,
    /// Times with and without a zone, and nothing else.
    is_iso_time: bool,
}

impl Default for Values {
    fn default() -> Values {
        Values {
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
        }
    }
}

/// A value as text without white space at its edges; None for a missing one.
pub(super) fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text
            .trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
            .to_string(),
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

impl Values {
    /// One more value.
    pub(super) fn note(&mut self, value: &Value, row: u64) {
        let Some(text) = text_of(value) else {
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
        if self.notations.is_empty() && !self.is_iso_time {
            return;
        }
        if notation::is_missing(&text) {
            self.markers += 1;
            self.first_marker.get_or_insert(text);
            return;
        }
        self.look(&text);
        self.keep_fitting(&text, row);
        self.first.get_or_insert(text);
    }

    fn look(&mut self, text: &str) {
        self.is_iso_time = self.is_iso_time
            && (Notation::Moment(super::moment::Order::Iso).fits(text)
                || Notation::Instant.fits(text));
        self.has_infinity |= notation::is_infinite(text);
        self.has_separator |= text.contains(['.', ',']);
        self.exponent = self.exponent.max(notation::exponent_size(text));
        match notation::boolean(text) {
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

    fn keep_fitting(&mut self, text: &str, row: u64) {
        let first_before = self.notations.first().copied();
        self.notations.retain(|notation| notation.fits(text));
        let is_amount =
            |notation: &Notation| matches!(notation, Notation::Amount | Notation::CommaAmount);
        // Digits and a point alone have no unit.
        let may_have_unit = !text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if may_have_unit
            && self.notations.iter().any(is_amount)
            && let Some(amount) =
                amount::parse(text, Sign::Point).or_else(|| amount::parse(text, Sign::Comma))
            && !amount.unit.is_empty()
        {
            self.units += 1;
            match self.unit.is_empty() {
                true => self.unit = amount.unit,
                false if self.unit == amount.unit => {}
                // Amounts of two currencies have no sum.
                false => self.notations.retain(|notation| !is_amount(notation)),
            }
        }
        // Only the last notations that are lost say what the column nearly was.
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
    pub(super) fn fit(&self, notation: Notation) -> bool {
        let has_values = self.count > self.markers && !self.is_json;
        let is_whole = match notation {
            // Three is not three percent.
            Notation::Amount | Notation::CommaAmount => {
                self.unit != "%" || self.units == self.count - self.markers
            }
            // One of the words alone may be anything: N is north too.
            Notation::Boolean => {
                (self.has_word_for_yes && self.has_word_for_no)
                    || self.first.as_ref().is_some_and(|first| first.len() > 3)
            }
            _ => true,
        };
        has_values && is_whole && self.notations.contains(&notation)
    }

    /// Whether some times have a zone and others none, and there is nothing else.
    pub(super) fn mixes_zones(&self) -> bool {
        self.is_iso_time
            && self.count > self.markers
            && !self.notations.contains(&Notation::Instant)
            && !self
                .notations
                .contains(&Notation::Moment(super::moment::Order::Iso))
    }

    /// Whether each of so many rows has a value; a marker is one in a column of texts.
    pub(super) fn is_full(&self, rows: u64, kind: Kind) -> bool {
        rows > 0 && self.count == rows && (kind == Kind::Text || self.markers == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::moment::Order;
    use super::*;

    fn seen(values: &[&str]) -> Values {
        let mut seen = Values::default();
        for (index, value) in values.iter().enumerate() {
            seen.note(&Value::from(*value), index as u64 + 2);
        }
        seen
    }

    #[test]
    fn a_column_is_what_all_its_values_are() {
        assert!(seen(&["1", " 22 ", "", "-3"]).fit(Notation::Whole));
        assert!(seen(&["1", "NA", "n/a"]).fit(Notation::Whole));
        assert!(!seen(&["NA", "n/a"]).fit(Notation::Whole));
        assert!(!seen(&["1", "2", "3", "A"]).fit(Notation::Whole));
        assert!(seen(&["yes", "No"]).fit(Notation::Boolean));
        assert!(seen(&["True", "True"]).fit(Notation::Boolean));
        assert!(!seen(&["N", "N"]).fit(Notation::Boolean));
        assert!(!seen(&["NO", "NO"]).fit(Notation::Boolean));
        assert!(!seen(&["2026-02-28", "2026-02-30"]).fit(Notation::Date(Order::Iso)));
        assert!(seen(&["$5", "6"]).fit(Notation::Amount));
        assert!(!seen(&["$5", "6 €"]).fit(Notation::Amount));
        assert!(!seen(&["5 %", "6"]).fit(Notation::Amount));
        assert!(seen(&["2024-01-01T00:00Z", "2024-01-01T00:00"]).mixes_zones());
    }

    #[test]
    fn the_value_that_makes_a_column_text_is_remembered() {
        let values = seen(&["1", "2", "A", "3", "B"]);
        let misfit = values.misfit.unwrap();
        assert_eq!(
            (misfit.text.as_str(), misfit.row, misfit.fitted),
            ("A", 4, 2)
        );
        assert_eq!(misfit.notation, Notation::Whole);
        assert_eq!(seen(&["x", "y"]).misfit, None);
    }
}
