//! Decides how each column is read, from its values, its name, the file's other columns and the user's options.

use super::amount::Sign;
use super::moment::Order;
use super::notation::{Kind, Notation};
use super::values::Values;
use super::words;

/// A number with a larger exponent would be written with too many zeros.
const LONGEST_EXPONENT: u32 = 30;

/// What the user asked for.
#[derive(Default)]
pub(crate) struct Wishes {
    /// For dates such as 1/2/2024, of which either may be meant.
    pub(crate) is_day_first: Option<bool>,
    /// For numbers such as 12.345, of which either may be meant.
    pub(crate) has_decimal_comma: Option<bool>,
    /// Of times without a zone.
    pub(crate) time_zone: Option<String>,
    /// Types by the names of columns.
    pub(crate) types: Vec<(String, Type)>,
}

/// A type that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub(crate) enum Type {
    Text,
    Bigint,
    Numeric,
    Double,
    Boolean,
    Date,
    Timestamp,
    Timestamptz,
}

impl Type {
    fn kind(self) -> Kind {
        match self {
            Type::Text => Kind::Text,
            Type::Bigint => Kind::Bigint,
            Type::Numeric => Kind::Numeric,
            Type::Double => Kind::Double,
            Type::Boolean => Kind::Boolean,
            Type::Date => Kind::Date,
            Type::Timestamp => Kind::Timestamp,
            Type::Timestamptz => Kind::Instant,
        }
    }

    /// Where no value decides.
    fn usual_notation(self) -> Option<Notation> {
        match self {
            Type::Text => None,
            Type::Bigint => Some(Notation::Whole),
            Type::Numeric => Some(Notation::Free),
            Type::Double => Some(Notation::Double),
            Type::Boolean => Some(Notation::Boolean),
            Type::Date => Some(Notation::Date(Order::Iso)),
            Type::Timestamp => Some(Notation::Moment(Order::Iso)),
            Type::Timestamptz => Some(Notation::Instant),
        }
    }
}

/// What the columns of a file that can be read in one way only tell of the others.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// By the sign between the parts of a date.
    slash: Option<Order>,
    dash: Option<Order>,
    decimal: Option<Sign>,
}

impl Evidence {
    pub(super) fn of<'a>(columns: impl Iterator<Item = &'a Values> + Clone) -> Evidence {
        let order = |sign: char| {
            let of_sign = columns
                .clone()
                .filter(|values| date_sign(values) == Some(sign));
            one(of_sign.filter_map(|values| {
                match (
                    fits_order(values, Order::DayFirst),
                    fits_order(values, Order::MonthFirst),
                ) {
                    (true, false) => Some(Order::DayFirst),
                    (false, true) => Some(Order::MonthFirst),
                    _ => None,
                }
            }))
        };
        let decimal = columns
            .clone()
            .filter(|values| values.has_separator)
            .filter_map(|values| {
                match (
                    values.fit(Notation::Amount),
                    values.fit(Notation::CommaAmount),
                ) {
                    (true, false) => Some(Sign::Point),
                    (false, true) => Some(Sign::Comma),
                    _ => None,
                }
            });
        Evidence {
            slash: order('/'),
            dash: order('-'),
            decimal: one(decimal),
        }
    }

    fn order(&self, values: &Values) -> Option<Order> {
        match date_sign(values)? {
            '/' => self.slash,
            '-' => self.dash,
            _ => None,
        }
    }
}

/// What all of them are; None if they contradict each other, or there is none.
fn one<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn date_sign(values: &Values) -> Option<char> {
    let text = values.first.as_ref()?;
    text.chars().find(|sign| !sign.is_ascii_digit())
}

fn fits_order(values: &Values, order: Order) -> bool {
    values.fit(Notation::Date(order)) || values.fit(Notation::Moment(order))
}

/// How a column is read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) kind: Kind,
    /// None for texts and documents.
    pub(super) notation: Option<Notation>,
    unit: String,
    time_zone: Option<String>,
    /// What the user should know of the choice.
    pub(super) notes: Vec<String>,
}

impl Reading {
    fn text(notes: Vec<String>) -> Reading {
        Reading {
            kind: Kind::Text,
            notation: None,
            unit: String::new(),
            time_zone: None,
            notes,
        }
    }

    /// Its value, in SQL.
    pub(super) fn sql(&self, raw: &str) -> String {
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        match (self.kind, self.notation) {
            // The null of a document is a missing value.
            (Kind::Json, _) => format!("nullif({raw}, 'null')"),
            (Kind::Bigint, _) => format!("elt.bigint_value({raw})"),
            (_, None) => format!("elt.text_value({raw})"),
            (_, Some(notation)) => {
                let sql = notation.sql(raw, &literal(&self.unit));
                match &self.time_zone {
                    Some(zone) => format!("{sql} at time zone {}", literal(zone)),
                    None => sql,
                }
            }
        }
    }

    /// Whether the number is printed as it is written, unless a later file writes it otherwise.
    pub(super) fn is_plain_number(&self) -> bool {
        matches!(self.notation, Some(Notation::Whole | Notation::Plain))
    }
}

/// What is known of the file around a column.
pub(super) struct Around<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) delimiter: u8,
    pub(super) wishes: &'a Wishes,
}

/// How the column of that name is read; a key is never an amount.
pub(super) fn read(values: &Values, name: &str, is_key: bool, around: &Around<'_>) -> Reading {
    if let Some((_, wanted)) = around
        .wishes
        .types
        .iter()
        .find(|(column, _)| column == name)
    {
        return wanted_reading(values, *wanted, around);
    }
    if values.is_json {
        return Reading {
            kind: Kind::Json,
            ..Reading::text(Vec::new())
        };
    }
    if words::is_code(name) {
        let is_number = values.fit(Notation::Whole);
        let why = "digits of such a name are a code, and leading zeros count";
        return Reading::text(is_number.then(|| why.to_string()).into_iter().collect());
    }
    if values.fit(Notation::Whole) {
        return whole(values, name, is_key, around);
    }
    match notation_of(values, around) {
        Ok(Some(notation)) => typed(values, notation, around),
        Ok(None) => Reading::text(why_text(values)),
        Err(ambiguity) => Reading::text(vec![ambiguity]),
    }
}

fn whole(values: &Values, name: &str, is_key: bool, around: &Around<'_>) -> Reading {
    let calendar = [
        Notation::Date(Order::Compact),
        Notation::EpochSeconds,
        Notation::EpochMilliseconds,
    ];
    let is_day = |notation: &Notation| {
        let first = values.first.as_deref().unwrap_or_default();
        values.fit(*notation)
            && (*notation != Notation::Date(Order::Compact)
                || first.starts_with("19")
                || first.starts_with("20"))
    };
    if words::is_time(name)
        && !is_key
        && let Some(notation) = calendar.into_iter().find(is_day)
    {
        return typed(values, notation, around);
    }
    if values.is_beyond_bigint {
        let why = "whole numbers of more than 64 bits are codes";
        return Reading::text(vec![why.into()]);
    }
    let mut reading = typed(values, Notation::Whole, around);
    if is_key || words::is_id_or_count(name) {
        reading.kind = Kind::Bigint;
    }
    reading
}

/// The notation that all values fit; the reason why there is none where two are possible.
fn notation_of(values: &Values, around: &Around<'_>) -> Result<Option<Notation>, String> {
    let first = values.first.as_deref().unwrap_or_default();
    let fits_both = values.fit(Notation::Amount) && values.fit(Notation::CommaAmount);
    let is_plain = values.fit(Notation::Plain) || values.fit(Notation::Free);
    if fits_both && values.has_separator && (!is_plain || around.delimiter == b';') {
        let wish = around.wishes.has_decimal_comma;
        let wish = wish.map(|comma| if comma { Sign::Comma } else { Sign::Point });
        return match wish.or(around.evidence.decimal) {
            Some(Sign::Comma) => Ok(Some(Notation::CommaAmount)),
            Some(Sign::Point) if is_plain => Ok(Some(Notation::Plain)),
            Some(Sign::Point) => Ok(Some(Notation::Amount)),
            None => Err(format!(
                "\"{first}\" has a decimal point or a decimal comma: choose with --decimal point or --decimal comma"
            )),
        };
    }
    for notation in [
        Notation::Plain,
        Notation::Free,
        Notation::Double,
        Notation::Boolean,
    ] {
        let is_chosen = match notation {
            Notation::Free => values.exponent <= LONGEST_EXPONENT || !values.fit(Notation::Double),
            _ => true,
        };
        if is_chosen && values.fit(notation) {
            return Ok(Some(notation));
        }
    }
    if fits_order(values, Order::DayFirst) && fits_order(values, Order::MonthFirst) {
        let wish = around.wishes.is_day_first;
        let wish = wish.map(|day| {
            if day {
                Order::DayFirst
            } else {
                Order::MonthFirst
            }
        });
        let Some(order) = wish.or_else(|| around.evidence.order(values)) else {
            return Err(format!(
                "\"{first}\" begins with the day or the month: choose with --dates day-first or --dates month-first"
            ));
        };
        let date = Notation::Date(order);
        return Ok(Some(match values.fit(date) {
            true => date,
            false => Notation::Moment(order),
        }));
    }
    let orders = [
        Order::Iso,
        Order::YearFirst,
        Order::DayFirst,
        Order::MonthFirst,
        Order::MonthName,
    ];
    let dates = orders.map(Notation::Date);
    let moments = orders.map(Notation::Moment);
    let others = [Notation::Instant, Notation::Amount, Notation::CommaAmount];
    let mut all = dates.into_iter().chain(moments).chain(others);
    Ok(all.find(|notation| values.fit(*notation)))
}

fn wanted_reading(values: &Values, wanted: Type, around: &Around<'_>) -> Reading {
    let kind = wanted.kind();
    let zoned = around.wishes.time_zone.is_some();
    let found = notation_of(values, around).ok().flatten();
    let found = if values.fit(Notation::Whole) {
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
            super::notation::NOTATIONS
                .into_iter()
                .find(|notation| is_wanted(notation) && values.fit(*notation))
        })
        .or(wanted.usual_notation());
    let Some(notation) = notation else {
        return Reading::text(Vec::new());
    };
    let mut reading = typed(values, notation, around);
    if kind == Kind::Bigint {
        reading.kind = kind;
    }
    if !values.fit(notation) {
        reading
            .notes
            .push("some values cannot be read this way: elt check lists them".into());
    }
    reading
}

fn typed(values: &Values, notation: Notation, around: &Around<'_>) -> Reading {
    let mut notes: Vec<String> = Vec::new();
    let is_amount = matches!(notation, Notation::Amount | Notation::CommaAmount);
    let unit = if is_amount {
        values.unit.clone()
    } else {
        String::new()
    };
    let is_spoken = !is_amount || values.has_separator || !unit.is_empty();
    notes.extend(
        notation
            .description()
            .filter(|_| is_spoken)
            .map(String::from),
    );
    if !unit.is_empty() {
        notes.push(format!("in {unit}"));
    }
    if let Some(marker) = &values.first_marker {
        notes.push(match values.markers {
            1 => format!("1 missing value, \"{marker}\""),
            count => format!("{count} missing values, such as \"{marker}\""),
        });
    }
    let is_local = notation.kind() == Kind::Timestamp;
    let time_zone = around.wishes.time_zone.clone().filter(|_| is_local);
    if is_local {
        notes.push(match &time_zone {
            Some(zone) => format!("in {zone}"),
            None => "without a zone (set it with --time-zone)".into(),
        });
    }
    Reading {
        kind: match time_zone {
            Some(_) => Kind::Instant,
            None => notation.kind(),
        },
        notation: Some(notation),
        unit,
        time_zone,
        notes,
    }
}

/// Why a column with almost one type is text.
fn why_text(values: &Values) -> Vec<String> {
    if values.mixes_zones() {
        return vec!["some times have a zone and others do not".into()];
    }
    let misfit = values.misfit.as_ref().map(|misfit| {
        let shown: String = misfit.text.chars().take(30).collect();
        let times = match misfit.fitted {
            1 => "the value before it fits".to_string(),
            times => format!("the {times} values before it fit"),
        };
        format!(
            "\"{}\" (row {}) is not one of the {}; {times}",
            shown.escape_debug(),
            misfit.row,
            misfit.notation.noun()
        )
    });
    misfit.into_iter().collect()
}
