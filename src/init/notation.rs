//! Notations of numbers, dates and other types: the values that fit, and the SQL that casts them. Each is as strict as
//! its function in sql/elt.

use super::amount::{self, DecimalSign};
use super::date::{self, DateOrder};
use super::kind::Kind;
use super::number::{is_digits, is_infinite, is_number, is_plain, is_whole, survives_double};
use super::timestamp;

/// One way to write a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Notation {
    /// `-12`.
    Whole,
    /// `-12.50`.
    Plain,
    /// `+3`, `.5`, `1.`, `1e-05`.
    Free,
    /// The same as `Free`, and `inf`.
    Double,
    /// `true`, `yes`, `Y` and their opposites.
    Boolean,
    Date(DateOrder),
    Timestamp(DateOrder),
    /// ISO date and time with a zone.
    Instant,
    EpochSeconds,
    EpochMilliseconds,
    /// `$1,234.50`, `(45.00)`, `12.5%`.
    Amount,
    /// `1.234,50 €`.
    CommaAmount,
}

/// All notations. A column starts with all, and loses those that a value does not fit.
pub(super) const NOTATIONS: [Notation; 21] = [
    Notation::Whole,
    Notation::Plain,
    Notation::Free,
    Notation::Double,
    Notation::Boolean,
    Notation::Date(DateOrder::Iso),
    Notation::Date(DateOrder::YearFirst),
    Notation::Date(DateOrder::DayFirst),
    Notation::Date(DateOrder::MonthFirst),
    Notation::Date(DateOrder::MonthName),
    Notation::Date(DateOrder::Compact),
    Notation::Timestamp(DateOrder::Iso),
    Notation::Timestamp(DateOrder::YearFirst),
    Notation::Timestamp(DateOrder::DayFirst),
    Notation::Timestamp(DateOrder::MonthFirst),
    Notation::Timestamp(DateOrder::MonthName),
    Notation::Instant,
    Notation::EpochSeconds,
    Notation::EpochMilliseconds,
    Notation::Amount,
    Notation::CommaAmount,
];

impl Notation {
    pub(super) fn kind(self) -> Kind {
        match self {
            Notation::Whole | Notation::Plain | Notation::Free => Kind::Numeric,
            Notation::Amount | Notation::CommaAmount => Kind::Numeric,
            Notation::Double => Kind::Double,
            Notation::Boolean => Kind::Boolean,
            Notation::Date(_) => Kind::Date,
            Notation::Timestamp(_) => Kind::Timestamp,
            Notation::Instant | Notation::EpochSeconds | Notation::EpochMilliseconds => {
                Kind::Instant
            }
        }
    }

    /// Whether a trimmed text has this notation.
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Notation::Whole => is_whole(text.strip_prefix('-').unwrap_or(text)),
            Notation::Plain => is_plain(text.strip_prefix('-').unwrap_or(text)),
            Notation::Free => is_number(text),
            Notation::Double => is_infinite(text) || (is_number(text) && survives_double(text)),
            Notation::Boolean => parse_boolean(text).is_some(),
            Notation::Date(order) => date::is_date(order, text),
            Notation::Timestamp(order) => timestamp::is_timestamp(order, text),
            Notation::Instant => timestamp::is_instant(text),
            Notation::EpochSeconds => is_digits(text) && text.len() == 10,
            Notation::EpochMilliseconds => is_digits(text) && text.len() == 13,
            Notation::Amount => amount::parse(text, DecimalSign::Point).is_some(),
            Notation::CommaAmount => amount::parse(text, DecimalSign::Comma).is_some(),
        }
    }

    /// The noun for messages.
    pub(super) fn noun(self) -> &'static str {
        match self.kind() {
            Kind::Bigint | Kind::Numeric | Kind::Double => "numbers",
            Kind::Boolean => "yes or no",
            Kind::Date => "dates",
            Kind::Timestamp | Kind::Instant => "times",
            Kind::Text | Kind::Json => "texts",
        }
    }

    /// A description for the report, unless the notation is the usual one.
    pub(super) fn description(self) -> Option<&'static str> {
        match self {
            Notation::Amount => Some("decimal point"),
            Notation::CommaAmount => Some("decimal comma"),
            Notation::Date(order) | Notation::Timestamp(order) => order.description(),
            Notation::EpochSeconds => Some("seconds since 1970"),
            Notation::EpochMilliseconds => Some("milliseconds since 1970"),
            _ => None,
        }
    }

    /// The SQL that casts `raw`. `unit` is the literal of an amount's unit.
    pub(super) fn sql(self, raw: &str, unit: &str) -> String {
        match self {
            Notation::Whole | Notation::Plain | Notation::Free => {
                format!("elt.numeric_value({raw})")
            }
            Notation::Double => format!("elt.double_value({raw})"),
            Notation::Boolean => format!("elt.boolean_value({raw})"),
            Notation::Date(DateOrder::Iso) => format!("elt.date_value({raw})"),
            Notation::Date(order) => format!("elt.iso_date_value({})", order.as_iso(raw)),
            Notation::Timestamp(DateOrder::Iso) => format!("elt.local_timestamp_value({raw})"),
            Notation::Timestamp(order) => {
                format!("elt.iso_timestamp_value({})", order.as_iso(raw))
            }
            Notation::Instant => format!("elt.instant_value({raw})"),
            Notation::EpochSeconds => format!("elt.epoch_seconds_value({raw})"),
            Notation::EpochMilliseconds => format!("elt.epoch_milliseconds_value({raw})"),
            Notation::Amount => format!("elt.amount_value({raw}, {unit})"),
            Notation::CommaAmount => format!("elt.comma_amount_value({raw}, {unit})"),
        }
    }
}

/// A boolean, written as a word or a letter.
pub(super) fn parse_boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" => Some(true),
        "false" | "no" | "n" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_codes() {
        let fits = |notation: Notation, texts: &[&str]| -> Vec<bool> {
            texts.iter().map(|text| notation.fits(text)).collect()
        };
        let texts = [
            "7", "-7", "007", "1.50", "+3", ".5", "1.", "1e-05", "00.5", "1e1000", "-",
        ];
        let (yes, no) = (true, false);
        assert_eq!(
            fits(Notation::Whole, &texts),
            [yes, yes, no, no, no, no, no, no, no, no, no]
        );
        assert_eq!(
            fits(Notation::Plain, &texts),
            [yes, yes, no, yes, no, no, no, no, no, no, no]
        );
        assert_eq!(
            fits(Notation::Free, &texts),
            [yes, yes, no, yes, yes, yes, yes, yes, no, no, no]
        );
    }

    #[test]
    fn double_precision_is_for_numbers_that_it_keeps() {
        for text in [
            "inf",
            "-Infinity",
            "0.1",
            "1e-07",
            "2.2250738585072014e-308",
            "0.0",
            "100",
        ] {
            assert!(Notation::Double.fits(text), "{text}");
        }
        for text in ["0.12345678901234567890", "9007199254740993", "1e999", "nan"] {
            assert!(!Notation::Double.fits(text), "{text}");
        }
    }
}
