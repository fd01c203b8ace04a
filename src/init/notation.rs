//! Notations of numbers, dates and other types: which of them a value fits, and the SQL that reads it. Each is as
//! strict as its function in sql/elt.

use super::amount::{self, Sign};
use super::moment::{self, Order};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Bigint,
    Numeric,
    Double,
    Boolean,
    Date,
    /// A date and a time without a zone.
    Timestamp,
    /// An instant: with a zone.
    Instant,
    Text,
    /// Objects and lists.
    Json,
}

impl Kind {
    pub(super) fn sql_type(self) -> &'static str {
        match self {
            Kind::Bigint => "bigint",
            Kind::Numeric => "numeric",
            Kind::Double => "double precision",
            Kind::Boolean => "boolean",
            Kind::Date => "date",
            Kind::Timestamp => "timestamp",
            Kind::Instant => "timestamptz",
            Kind::Text => "text",
            Kind::Json => "jsonb",
        }
    }
}

/// One way to write a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Notation {
    /// `-12`.
    Whole,
    /// `-12.50`.
    Plain,
    /// `+3`, `.5`, `1.`, `1e-05`.
    Free,
    /// The same, and `inf`.
    Double,
    /// `true`, `yes`, `Y` and their opposites.
    Boolean,
    Date(Order),
    Moment(Order),
    /// ISO, with a zone.
    Instant,
    EpochSeconds,
    EpochMilliseconds,
    /// `$1,234.50`, `(45.00)`, `12.5%`.
    Amount,
    /// `1.234,50 €`.
    CommaAmount,
}

/// All of them; what a column is not, it loses.
pub(super) const NOTATIONS: [Notation; 21] = [
    Notation::Whole,
    Notation::Plain,
    Notation::Free,
    Notation::Double,
    Notation::Boolean,
    Notation::Date(Order::Iso),
    Notation::Date(Order::YearFirst),
    Notation::Date(Order::DayFirst),
    Notation::Date(Order::MonthFirst),
    Notation::Date(Order::MonthName),
    Notation::Date(Order::Compact),
    Notation::Moment(Order::Iso),
    Notation::Moment(Order::YearFirst),
    Notation::Moment(Order::DayFirst),
    Notation::Moment(Order::MonthFirst),
    Notation::Moment(Order::MonthName),
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
            Notation::Moment(_) => Kind::Timestamp,
            Notation::Instant | Notation::EpochSeconds | Notation::EpochMilliseconds => {
                Kind::Instant
            }
        }
    }

    /// Whether a text without white space at its edges is written so.
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Notation::Whole => is_whole(text.strip_prefix('-').unwrap_or(text)),
            Notation::Plain => is_plain(text.strip_prefix('-').unwrap_or(text)),
            Notation::Free => is_number(text),
            Notation::Double => is_infinite(text) || (is_number(text) && survives_double(text)),
            Notation::Boolean => boolean(text).is_some(),
            Notation::Date(order) => moment::is_date(order, text),
            Notation::Moment(order) => moment::is_moment(order, text),
            Notation::Instant => moment::is_instant(text),
            Notation::EpochSeconds => is_digits(text) && text.len() == 10,
            Notation::EpochMilliseconds => is_digits(text) && text.len() == 13,
            Notation::Amount => amount::parse(text, Sign::Point).is_some(),
            Notation::CommaAmount => amount::parse(text, Sign::Comma).is_some(),
        }
    }

    /// What a reader of messages calls it.
    pub(super) fn noun(self) -> &'static str {
        match self.kind() {
            Kind::Bigint | Kind::Numeric | Kind::Double => "numbers",
            Kind::Boolean => "yes or no",
            Kind::Date => "dates",
            Kind::Timestamp | Kind::Instant => "times",
            Kind::Text | Kind::Json => "texts",
        }
    }

    /// How it is written, if that is not the usual way.
    pub(super) fn description(self) -> Option<&'static str> {
        match self {
            Notation::Amount => Some("decimal point"),
            Notation::CommaAmount => Some("decimal comma"),
            Notation::Date(order) | Notation::Moment(order) => order.description(),
            Notation::EpochSeconds => Some("seconds since 1970"),
            Notation::EpochMilliseconds => Some("milliseconds since 1970"),
            _ => None,
        }
    }

    /// The SQL that reads it from `raw`. `unit` is that of an amount, as a literal.
    pub(super) fn sql(self, raw: &str, unit: &str) -> String {
        match self {
            Notation::Whole | Notation::Plain | Notation::Free => {
                format!("elt.numeric_value({raw})")
            }
            Notation::Double => format!("elt.double_value({raw})"),
            Notation::Boolean => format!("elt.boolean_value({raw})"),
            Notation::Date(Order::Iso) => format!("elt.date_value({raw})"),
            Notation::Date(order) => format!("elt.iso_date_value({})", order.as_iso(raw)),
            Notation::Moment(Order::Iso) => format!("elt.local_timestamp_value({raw})"),
            Notation::Moment(order) => {
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

/// Whether the text stands for a missing value in a column of numbers or dates. The list is that of
/// `elt.is_missing`.
pub(super) fn is_missing(text: &str) -> bool {
    // Most values are longer than any marker, and need no look at the list.
    text.len() <= LONGEST_MARKER
        && missing_markers().any(|marker| marker.eq_ignore_ascii_case(text))
}

const LONGEST_MARKER: usize = 4;

/// The literals between the brackets of the function's one `in (...)`.
fn missing_markers() -> impl Iterator<Item = &'static str> {
    let sql = include_str!("../../sql/elt/values/is_missing.sql");
    let body = sql.split_once(" in (").map_or("", |(_, rest)| rest);
    let list = body.split_once(')').map_or("", |(list, _)| list);
    list.split('\'').skip(1).step_by(2)
}

/// The value of a boolean, written as a word or a single letter.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" => Some(true),
        "false" | "no" | "n" => Some(false),
        _ => None,
    }
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number that is written with zeros before it is a code, and not a number.
fn is_whole(digits: &str) -> bool {
    is_digits(digits) && (digits == "0" || !digits.starts_with('0')) && digits.len() <= 100
}

fn is_plain(text: &str) -> bool {
    match text.split_once('.') {
        Some((whole, fraction)) => is_whole(whole) && is_digits(fraction) && fraction.len() <= 100,
        None => is_whole(text),
    }
}

/// As `elt.numeric_value` reads it; but zeros in front make a code.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_mantissa = (whole.is_empty() || is_whole(whole))
        && (fraction.is_empty() || (is_digits(fraction) && fraction.len() <= 100))
        && !(whole.is_empty() && fraction.is_empty());
    let is_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        is_digits(digits) && digits.len() <= 3
    });
    is_mantissa && is_exponent
}

/// The absolute value of the exponent of a number.
pub(super) fn exponent_size(text: &str) -> u32 {
    let exponent = text
        .split_once(['e', 'E'])
        .map_or("0", |(_, exponent)| exponent);
    exponent.parse::<i32>().map_or(0, i32::unsigned_abs)
}

pub(super) fn is_infinite(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("infinity")
}

/// Whether the number is the same after a detour over double precision. One of at most 15 digits is.
fn survives_double(text: &str) -> bool {
    if text.len() <= 15 && !text.contains(['e', 'E']) {
        return true;
    }
    let Ok(value) = text.parse::<f64>() else {
        return false;
    };
    value.is_finite() && significant(text) == significant(&format!("{value:e}"))
}

/// Sign, digits without zeros at their ends, and the power of ten of the last one.
fn significant(text: &str) -> (bool, String, i64) {
    let is_negative = text.starts_with('-');
    let text = text.trim_start_matches(['+', '-']);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let zeros = digits.len() - trimmed.len();
    let power = exponent.parse::<i64>().unwrap_or(0) - fraction.len() as i64 + zeros as i64;
    match trimmed.trim_start_matches('0') {
        "" => (false, String::new(), 0),
        digits => (is_negative, digits.to_string(), power),
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

    #[test]
    fn the_markers_are_those_of_the_function() {
        for marker in [
            "", "NA", "n/a", "NULL", "None", "NaN", "NaT", "-", "--", ".", "?", "\\N",
        ] {
            assert!(is_missing(marker), "{marker}");
        }
        for text in ["0", "x", "n.a.", "missing", "unknown"] {
            assert!(!is_missing(text), "{text}");
        }
        assert_eq!(missing_markers().count(), 12);
        assert!(missing_markers().all(|marker| marker.len() <= LONGEST_MARKER));
    }
}
