//! Finds the lines at the end of a file that are no records, such as totals and notes.

use super::cell_kind::CellKind;
use super::scan::SampleRecord;
use super::table::Table;

/// A longer end is not looked at.
const MOST_LINES: usize = 50;

/// First words of lines below a table.
const WORDS: [&str; 22] = [
    "*",
    "--",
    "©",
    "(c)",
    "copyright",
    "data from",
    "disclaimer",
    "end of",
    "footnote",
    "grand total",
    "gesamt",
    "insgesamt",
    "last updated",
    "note",
    "notes",
    "quelle",
    "source",
    "sources",
    "sum",
    "summe",
    "total",
    "totals",
];

/// First words of lines that add up the table.
const TOTALS: [&str; 8] = [
    "grand total",
    "gesamt",
    "gesamtsumme",
    "insgesamt",
    "sum",
    "summe",
    "total",
    "totals",
];

/// The records at the end that do not belong to the table, as an index. None if the table ends with the file.
pub(super) fn find_footer(records: &[SampleRecord], table: &Table) -> Option<usize> {
    let shown = records.len().saturating_sub(MOST_LINES);
    let is_odd = |record: &SampleRecord| !fits_strictly(record, table) || is_total(record, table);
    let regular = records.iter().rposition(|record| !is_odd(record))?;
    let body = &records[..=regular];
    // Most of the records above must be those of the table.
    let odd_above = body.iter().rev().take(3).filter(|record| is_odd(record));
    if odd_above.count() > 1 || body.len() < 2 || regular + 1 < shown {
        return None;
    }
    let has_words = body.iter().any(|record| is_total(record, table));
    // The first may be the header.
    let values = body.iter().skip(1);
    let numbers = values.filter(|record| begins_with_value(record)).count();
    let first_is_value = numbers * 10 >= (body.len() - 1) * 8;
    let mut is_apart = false;
    let mut found = None;
    for (index, record) in records.iter().enumerate().skip(regular + 1) {
        is_apart |= record.follows_blank;
        let is_below = if fits_strictly(record, table) {
            !has_words
        } else {
            let is_short = record.count() * 2 <= table.width;
            (is_apart && is_short)
                || begins_with_word(record, &WORDS)
                || is_prose(record, table, first_is_value)
        };
        found = match (is_below, found) {
            (true, None) => Some(index),
            (true, found) => found,
            (false, _) => None,
        };
    }
    found
}

/// Whether a record has all fields, even if short ones are accepted.
fn fits_strictly(record: &SampleRecord, table: &Table) -> bool {
    record.fits(table.width + usize::from(table.trailing_delimiter))
}

fn begins_with_value(record: &SampleRecord) -> bool {
    let kind = record.texts().next().map(CellKind::of_text);
    matches!(kind, Some(CellKind::Number | CellKind::Date))
}

/// Whether the first cell with a value is one of the words, alone or before other text.
fn begins_with_word(record: &SampleRecord, words: &[&str]) -> bool {
    let first = record.texts().find(|text| !text.is_empty());
    let first = first.unwrap_or_default().to_lowercase();
    words.iter().any(|word| {
        let rest = first.strip_prefix(word);
        let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        rest.is_some_and(|rest| ends(rest) || !word.ends_with(char::is_alphanumeric))
    })
}

/// Whether a complete record is a total: a word for it, and mostly empty cells.
fn is_total(record: &SampleRecord, table: &Table) -> bool {
    let first = record.texts().find(|text| !text.is_empty());
    let first = first.unwrap_or_default().to_lowercase();
    let is_word = TOTALS.contains(&first.trim_end_matches([':', ' ']));
    let empty = record.texts().filter(|text| text.is_empty()).count();
    is_word && empty * 2 >= table.width.saturating_sub(1) && empty > 0
}

/// Whether a line is a sentence instead of the first fields of a cut record.
fn is_prose(record: &SampleRecord, table: &Table, first_is_value: bool) -> bool {
    let text = record.raw.trim();
    let begins_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    let counts_rows = text.contains(" row") || text.contains(" record");
    let is_sentence = text.contains(' ')
        && text.contains(char::is_alphabetic)
        && (!begins_with_digit || counts_rows);
    record.count() == 1 && table.width > 2 && first_is_value && is_sentence
}

#[cfg(test)]
mod tests {
    use super::super::dialect::choose_dialect;
    use super::super::scan::Text;
    use super::super::table::find_table;
    use super::*;
    use crate::init::layout::LayoutOptions;

    fn footer_line(text: &str) -> Option<u64> {
        let bytes = text.as_bytes();
        let options = LayoutOptions::default();
        let candidate = choose_dialect(Text { bytes, line: 1 }, &options, None);
        let table = find_table(&candidate, &options);
        find_footer(&candidate.records, &table).map(|index| candidate.records[index].line)
    }

    #[test]
    fn totals_notes_and_separate_lines_are_no_records() {
        let table = "id,name,n\n1,Ann,2\n2,Ben,3\n3,Cem,4\n";
        let end = |end: &str| footer_line(&format!("{table}{end}"));
        assert_eq!(end("Total:,,9\n"), Some(5));
        assert_eq!(end("Totals,9\n"), Some(5));
        assert_eq!(
            end("\n\nData from somewhere\nLast updated: today\n"),
            Some(7)
        );
        assert_eq!(end("(3 rows)\n"), Some(5));
        assert_eq!(end("Source: own, 2024\n"), Some(5));
        assert_eq!(end(",,9\nNotes\n"), Some(6));
    }

    #[test]
    fn a_cut_or_odd_record_at_the_end_is_no_footer() {
        let table = "id,name,n\n1,Ann,2\n2,Ben,3\n3,Cem,4\n";
        let end = |end: &str| footer_line(&format!("{table}{end}"));
        assert_eq!(end(""), None);
        assert_eq!(end("4,Dan"), None);
        assert_eq!(end("\n4,Dan,5,6\n"), None);
        assert_eq!(end("4 Dan"), None);
        assert_eq!(end("4"), None);
        assert_eq!(end("4,Total,5,6\n"), None);
        assert_eq!(end("Total,Ann,9\n"), None);
        assert_eq!(end("Total,,9\n4,Dan,5\n"), None);
        let names = "name,x,y\nAnn Lee,1,2\nBen Roy,2,3\nCem Ada,3,4\nDan Abe";
        assert_eq!(footer_line(names), None);
    }
}
