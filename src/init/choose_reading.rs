//! Decides how each column is read, from its values, its name, the file's other columns and the user's options.

use super::amount::DecimalSign;
use super::conventions::{Conventions, fits_order};
use super::date::DateOrder;
use super::kind::Kind;
use super::name_hints;
use super::notation::{NOTATIONS, Notation};
use super::options::{ReadingOptions, Type};
use super::reading::{Reading, notes_of_text};
use super::value_facts::ValueFacts;

/// A number with a larger exponent would be written with too many zeros.
const LONGEST_EXPONENT: u32 = 30;

/// Facts about the file that decide how its columns are read.
pub(super) struct FileContext<'a> {
    pub(super) conventions: &'a Conventions,
    pub(super) delimiter: u8,
    pub(super) options: &'a ReadingOptions,
}

impl FileContext<'_> {
    fn time_zone(&self) -> Option<&str> {
        self.options.time_zone.as_deref()
    }
}

/// Chooses how to read a column. Whole numbers in a key are `bigint`, never a date or an amount.
pub(super) fn choose_reading(
    values: &ValueFacts,
    name: &str,
    is_key: bool,
    context: &FileContext<'_>,
) -> Reading {
    if let Some((_, wanted)) = context
        .options
        .types
        .iter()
        .find(|(column, _)| column == name)
    {
        return reading_as_type(values, *wanted, context);
    }
    if values.is_json {
        return Reading::json();
    }
    if name_hints::is_code(name) {
        let is_number = values.all_fit(Notation::Whole);
        let why = "digits of such a name are a code, and leading zeros count";
        return Reading::text(is_number.then(|| why.to_string()).into_iter().collect());
    }
    if values.all_fit(Notation::Whole) {
        return whole_number_reading(values, name, is_key, context);
    }
    match find_notation(values, context) {
        Ok(Some(notation)) => Reading::typed(values, notation, context.time_zone()),
        Ok(None) => Reading::text(notes_of_text(values)),
        Err(ambiguity) => Reading::text(vec![ambiguity]),
    }
}

fn whole_number_reading(
    values: &ValueFacts,
    name: &str,
    is_key: bool,
    context: &FileContext<'_>,
) -> Reading {
    let calendar = [
        Notation::Date(DateOrder::Compact),
        Notation::EpochSeconds,
        Notation::EpochMilliseconds,
    ];
    let is_day = |notation: &Notation| {
        let first = values.first.as_deref().unwrap_or_default();
        values.all_fit(*notation)
            && (*notation != Notation::Date(DateOrder::Compact)
                || first.starts_with("19")
                || first.starts_with("20"))
    };
    if name_hints::is_time(name)
        && !is_key
        && let Some(notation) = calendar.into_iter().find(is_day)
    {
        return Reading::typed(values, notation, context.time_zone());
    }
    if values.is_beyond_bigint {
        let why = "whole numbers of more than 64 bits are codes";
        return Reading::text(vec![why.into()]);
    }
    let mut reading = Reading::typed(values, Notation::Whole, context.time_zone());
    if is_key || name_hints::is_id_or_count(name) {
        reading.kind = Kind::Bigint;
    }
    reading
}

/// The notation that all values fit, if any. The error says that two notations fit, and which option decides.
fn find_notation(
    values: &ValueFacts,
    context: &FileContext<'_>,
) -> Result<Option<Notation>, String> {
    let is_plain = values.all_fit(Notation::Plain) || values.all_fit(Notation::Free);
    let fits_both = values.all_fit(Notation::Amount) && values.all_fit(Notation::CommaAmount);
    if fits_both && values.has_separator && (!is_plain || context.delimiter == b';') {
        return ambiguous_amount(values, is_plain, context).map(Some);
    }
    for notation in [
        Notation::Plain,
        Notation::Free,
        Notation::Double,
        Notation::Boolean,
    ] {
        let is_chosen = match notation {
            Notation::Free => {
                values.exponent <= LONGEST_EXPONENT || !values.all_fit(Notation::Double)
            }
            _ => true,
        };
        if is_chosen && values.all_fit(notation) {
            return Ok(Some(notation));
        }
    }
    if fits_order(values, DateOrder::DayFirst) && fits_order(values, DateOrder::MonthFirst) {
        return ambiguous_date(values, context).map(Some);
    }
    let orders = [
        DateOrder::Iso,
        DateOrder::YearFirst,
        DateOrder::DayFirst,
        DateOrder::MonthFirst,
        DateOrder::MonthName,
    ];
    let dates = orders.map(Notation::Date);
    let timestamps = orders.map(Notation::Timestamp);
    let others = [Notation::Instant, Notation::Amount, Notation::CommaAmount];
    let mut all = dates.into_iter().chain(timestamps).chain(others);
    Ok(all.find(|notation| values.all_fit(*notation)))
}

/// The notation of numbers such as 12.345, by the user's option or the file's other columns.
fn ambiguous_amount(
    values: &ValueFacts,
    is_plain: bool,
    context: &FileContext<'_>,
) -> Result<Notation, String> {
    let wanted = context.options.has_decimal_comma.map(|has_comma| {
        if has_comma {
            DecimalSign::Comma
        } else {
            DecimalSign::Point
        }
    });
    match wanted.or(context.conventions.decimal) {
        Some(DecimalSign::Comma) => Ok(Notation::CommaAmount),
        Some(DecimalSign::Point) if is_plain => Ok(Notation::Plain),
        Some(DecimalSign::Point) => Ok(Notation::Amount),
        None => Err(format!(
            "\"{}\" has a decimal point or a decimal comma: choose with --decimal point or --decimal comma",
            values.first.as_deref().unwrap_or_default()
        )),
    }
}

/// The notation of dates such as 1/2/2024, by the user's option or the file's other columns.
fn ambiguous_date(values: &ValueFacts, context: &FileContext<'_>) -> Result<Notation, String> {
    let wanted = context.options.is_day_first.map(|is_day_first| {
        if is_day_first {
            DateOrder::DayFirst
        } else {
            DateOrder::MonthFirst
        }
    });
    let Some(order) = wanted.or_else(|| context.conventions.order(values)) else {
        return Err(format!(
            "\"{}\" begins with the day or the month: choose with --dates day-first or --dates month-first",
            values.first.as_deref().unwrap_or_default()
        ));
    };
    let date = Notation::Date(order);
    Ok(if values.all_fit(date) {
        date
    } else {
        Notation::Timestamp(order)
    })
}

/// Reads a column as the type that the user named.
fn reading_as_type(values: &ValueFacts, wanted: Type, context: &FileContext<'_>) -> Reading {
    let kind = wanted.kind();
    let zoned = context.options.time_zone.is_some();
    let found = find_notation(values, context).ok().flatten();
    let found = if values.all_fit(Notation::Whole) {
        Some(Notation::Whole)
    } else {
        found
    };
    let is_wanted = |notation: &Notation| {
        notation.kind() == kind
            || (kind == Kind::Bigint && *notation == Notation::Whole)
            || (kind == Kind::Instant && zoned && notation.kind() == Kind::Timestamp)
    };
    let notation = found
        .filter(is_wanted)
        .or_else(|| {
            NOTATIONS
                .into_iter()
                .find(|notation| is_wanted(notation) && values.all_fit(*notation))
        })
        .or(wanted.usual_notation());
    let Some(notation) = notation else {
        return Reading::text(Vec::new());
    };
    let mut reading = Reading::typed(values, notation, context.time_zone());
    if kind == Kind::Bigint {
        reading.kind = kind;
    }
    if !values.all_fit(notation) {
        reading
            .notes
            .push("some values cannot be read this way: elt check lists them".into());
    }
    reading
}
