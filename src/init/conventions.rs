//! The conventions of a file: a column that can be read in one way only decides how ambiguous columns are read.

use super::amount::DecimalSign;
use super::date::DateOrder;
use super::notation::Notation;
use super::value_facts::ValueFacts;

/// The date order and decimal sign of the columns that can be read in one way only.
#[derive(Debug, Default)]
pub(super) struct Conventions {
    /// The order of dates with slashes.
    slash: Option<DateOrder>,
    /// The order of dates with dashes.
    dash: Option<DateOrder>,
    pub(super) decimal: Option<DecimalSign>,
}

impl Conventions {
    pub(super) fn detect<'a>(columns: impl Iterator<Item = &'a ValueFacts> + Clone) -> Conventions {
        let order = |sign: char| {
            let of_sign = columns
                .clone()
                .filter(|values| date_sign(values) == Some(sign));
            common_value(of_sign.filter_map(|values| {
                match (
                    fits_order(values, DateOrder::DayFirst),
                    fits_order(values, DateOrder::MonthFirst),
                ) {
                    (true, false) => Some(DateOrder::DayFirst),
                    (false, true) => Some(DateOrder::MonthFirst),
                    _ => None,
                }
            }))
        };
        let decimal = columns
            .clone()
            .filter(|values| values.has_separator)
            .filter_map(|values| {
                match (
                    values.all_fit(Notation::Amount),
                    values.all_fit(Notation::CommaAmount),
                ) {
                    (true, false) => Some(DecimalSign::Point),
                    (false, true) => Some(DecimalSign::Comma),
                    _ => None,
                }
            });
        Conventions {
            slash: order('/'),
            dash: order('-'),
            decimal: common_value(decimal),
        }
    }

    /// The order of the dates in a column whose own values leave it open.
    pub(super) fn order(&self, values: &ValueFacts) -> Option<DateOrder> {
        match date_sign(values)? {
            '/' => self.slash,
            '-' => self.dash,
            _ => None,
        }
    }
}

/// The value that all items have; None if they differ or there are none.
fn common_value<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

fn date_sign(values: &ValueFacts) -> Option<char> {
    let text = values.first.as_ref()?;
    text.chars().find(|sign| !sign.is_ascii_digit())
}

pub(super) fn fits_order(values: &ValueFacts, order: DateOrder) -> bool {
    values.all_fit(Notation::Date(order)) || values.all_fit(Notation::Timestamp(order))
}
