//! What kind of value a cell has, to tell a header from the records below it.

use super::scan::SampleRecord;
use crate::init::date::DateOrder;
use crate::init::missing::is_missing;
use crate::init::notation::Notation;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum CellKind {
    Missing,
    Number,
    Date,
    Text,
}

const NUMBERS: [Notation; 4] = [
    Notation::Free,
    Notation::Double,
    Notation::Amount,
    Notation::CommaAmount,
];

const DAYS: [Notation; 9] = [
    Notation::Date(DateOrder::Iso),
    Notation::Date(DateOrder::DayFirst),
    Notation::Date(DateOrder::MonthFirst),
    Notation::Date(DateOrder::YearFirst),
    Notation::Date(DateOrder::MonthName),
    Notation::Timestamp(DateOrder::Iso),
    Notation::Timestamp(DateOrder::DayFirst),
    Notation::Timestamp(DateOrder::MonthFirst),
    Notation::Instant,
];

impl CellKind {
    pub(super) fn of_text(text: &str) -> CellKind {
        let text = text.trim();
        if is_missing(text) {
            return CellKind::Missing;
        }
        if !text.contains(|each: char| each.is_ascii_digit()) {
            return CellKind::Text;
        }
        let is_code = text.len() > 1
            && text.starts_with('0')
            && text.bytes().all(|each| each.is_ascii_digit());
        if is_code || NUMBERS.iter().any(|notation| notation.fits(text)) {
            CellKind::Number
        } else if is_day(text) {
            CellKind::Date
        } else {
            CellKind::Text
        }
    }
}

fn is_day(text: &str) -> bool {
    let is_time_of_day = text.contains(':')
        && text
            .bytes()
            .all(|each| each.is_ascii_digit() || each == b':' || each == b'.');
    is_time_of_day || DAYS.iter().any(|notation| notation.fits(text))
}

/// The kind of the values of each column; Missing if it has none, Text if they differ.
pub(super) fn column_kinds(records: &[&SampleRecord], width: usize) -> Vec<CellKind> {
    (0..width)
        .map(|column| {
            let cells = records
                .iter()
                .filter_map(|record| record.cells.get(column))
                .map(|cell| CellKind::of_text(&cell.text))
                .filter(|kind| *kind != CellKind::Missing);
            let kinds: Vec<CellKind> = cells.collect();
            let is_mostly = |wanted: CellKind| {
                let count = kinds.iter().filter(|kind| **kind == wanted).count();
                count * 10 >= kinds.len() * 9
            };
            if kinds.is_empty() {
                CellKind::Missing
            } else if is_mostly(CellKind::Number) {
                CellKind::Number
            } else if is_mostly(CellKind::Date) {
                CellKind::Date
            } else {
                CellKind::Text
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbers_dates_or_texts() {
        let kinds = [
            ("", CellKind::Missing),
            ("N/A", CellKind::Missing),
            ("1.234,56", CellKind::Number),
            ("$5", CellKind::Number),
            ("00123", CellKind::Number),
            ("2023-03-31 00:00", CellKind::Date),
            ("10:30", CellKind::Date),
            ("1/13/24", CellKind::Date),
            ("{A-1}", CellKind::Text),
            ("628 e", CellKind::Text),
        ];
        for (text, kind) in kinds {
            assert_eq!(CellKind::of_text(text), kind, "{text}");
        }
    }
}
