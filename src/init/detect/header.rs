//! Tells a header from a record, by the values below it.

use super::cell_kind::{CellKind, column_kinds};
use super::scan::SampleRecord;

/// Records below the header that are compared with it.
const COMPARED: usize = 200;

#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// The values below differ from its cells.
    Header,
    /// It is a record, for this reason.
    Record(String),
    /// Nothing tells. The text is what a name rarely is, such as a number.
    Unknown(Option<String>),
}

/// Compares the first record of a table with the records below it.
pub(super) fn judge(first: &SampleRecord, below: &[SampleRecord]) -> Verdict {
    let width = first.count();
    let same: Vec<&SampleRecord> = below
        .iter()
        .filter(|record| record.fits(width) && record.raw != first.raw)
        .take(COMPARED)
        .collect();
    let is_value = |text: &str| {
        let kind = CellKind::of_text(text);
        matches!(kind, CellKind::Number | CellKind::Date)
    };
    if below.is_empty() && first.texts().any(is_value) {
        return Verdict::Record(format!(
            "line {} has numbers or dates, and no record follows",
            first.line
        ));
    }
    let repeated = below
        .iter()
        .filter(|record| record.raw == first.raw)
        .count();
    if repeated * 2 > below.len() {
        return Verdict::Record(format!("line {} is repeated {repeated} times", first.line));
    }
    let kinds = column_kinds(&same, width);
    let names: Vec<CellKind> = first.texts().map(CellKind::of_text).collect();
    let has_numbered_names = are_numbered_names(first, &names, &same);
    let (mut different, mut alike, mut example) = (0, 0, "");
    for ((name, kind), text) in names.iter().zip(&kinds).zip(first.texts()) {
        match (name, kind) {
            (CellKind::Number, CellKind::Number) if has_numbered_names => {}
            (CellKind::Number, CellKind::Number) | (CellKind::Date, CellKind::Date) => {
                alike += 1;
                example = if example.is_empty() { text } else { example };
            }
            (CellKind::Text | CellKind::Date, CellKind::Number)
            | (CellKind::Text, CellKind::Date) => different += 1,
            _ => {}
        }
    }
    if alike > 0 && (different == 0 || (alike > 2 && alike >= 3 * different)) {
        return Verdict::Record(format!(
            "line {} has numbers or dates where the records below have them, such as \"{example}\"",
            first.line
        ));
    }
    if different > 0 {
        return Verdict::Header;
    }
    let odd_name = || {
        let is_odd = |text: &&str| !has_numbered_names && is_value(text);
        first.texts().find(is_odd).map(String::from)
    };
    match repeated_values(first, &same) {
        Verdict::Unknown(None) => Verdict::Unknown(odd_name()),
        verdict => verdict,
    }
}

/// Whether the numbers among the names are years above values of another kind, or 0, 1, 2... beside one other name.
fn are_numbered_names(first: &SampleRecord, names: &[CellKind], below: &[&SampleRecord]) -> bool {
    let year = |text: &str| {
        let is_year = text.len() == 4;
        text.parse::<u32>()
            .ok()
            .filter(|year| is_year && (1800..=2100).contains(year))
    };
    let numbers: Vec<(usize, &str)> = first
        .texts()
        .enumerate()
        .filter(|(column, _)| names[*column] == CellKind::Number)
        .collect();
    let is_year_above_others = |(column, text): &(usize, &str)| {
        let years = below
            .iter()
            .filter_map(|record| record.cells.get(*column))
            .filter(|cell| year(cell.text.trim()).is_some());
        year(text).is_some() && years.count() * 2 < below.len().max(1)
    };
    if numbers.iter().all(is_year_above_others) {
        return true;
    }
    let values: Vec<u64> = numbers
        .iter()
        .filter_map(|(_, text)| text.parse().ok())
        .collect();
    let begin = values.first().copied().unwrap_or(2);
    let counts_up = begin < 2
        && values
            .iter()
            .copied()
            .eq(begin..begin + values.len() as u64);
    // A few such numbers may be a record.
    let is_index = first.texts().next() == Some("") || values.len() > 4;
    counts_up && is_index && values.len() == numbers.len() && numbers.len() + 1 == names.len()
}

/// A header does not have the values of the records below.
fn repeated_values(first: &SampleRecord, below: &[&SampleRecord]) -> Verdict {
    let is_repeated = |(column, text): &(usize, &str)| {
        let mut cells = below.iter().filter_map(|record| record.cells.get(*column));
        cells.any(|cell| cell.text.trim() == *text)
    };
    let cells: Vec<(usize, &str)> = first
        .texts()
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .collect();
    let repeated: Vec<_> = cells.iter().filter(|cell| is_repeated(cell)).collect();
    if repeated.len() > 1 && repeated.len() * 2 >= cells.len() {
        return Verdict::Record(format!(
            "values of line {} are repeated in the records below, such as \"{}\"",
            first.line, repeated[0].1
        ));
    }
    Verdict::Unknown(repeated.first().map(|(_, text)| text.to_string()))
}

/// Why the second record continues the names of the first. None if it is a record.
pub(super) fn second_header(
    first: &SampleRecord,
    second: &SampleRecord,
    below: &[SampleRecord],
) -> Option<String> {
    let width = first.count();
    let same: Vec<&SampleRecord> = below
        .iter()
        .filter(|record| record.fits(width))
        .take(COMPARED)
        .collect();
    if same.len() < 2 || !second.fits(width) {
        return None;
    }
    let kinds = column_kinds(&same, width);
    let mut typed = 0;
    for (text, kind) in second.texts().zip(&kinds) {
        let is_bracketed = (text.starts_with('(') && text.ends_with(')'))
            || (text.starts_with('[') && text.ends_with(']'));
        match (CellKind::of_text(text), kind) {
            (CellKind::Text, CellKind::Number | CellKind::Date) if text.len() <= 30 => typed += 1,
            (CellKind::Text, _) if is_bracketed => {}
            (CellKind::Missing, _) if text.is_empty() || text == "-" => {}
            (CellKind::Text, CellKind::Text) if has_groups(first) => {}
            _ => return None,
        }
    }
    (typed > 1).then(|| {
        format!(
            "line {} has no value that fits the records below it",
            second.line
        )
    })
}

/// Whether names are repeated or left out, as the names of groups of columns.
fn has_groups(first: &SampleRecord) -> bool {
    let names: Vec<&str> = first.texts().collect();
    let named: Vec<&&str> = names.iter().filter(|name| !name.is_empty()).collect();
    let different: std::collections::HashSet<_> = named.iter().collect();
    different.len() < names.len() && names.len() > 2
}

#[cfg(test)]
mod tests {
    use super::super::scan::{Dialect, Text, scan};
    use super::*;

    fn records(text: &str) -> Vec<SampleRecord> {
        let dialect = Dialect {
            delimiter: b',',
            quote: Some(b'"'),
            escape: None,
        };
        let bytes = text.as_bytes();
        scan(Text { bytes, line: 1 }, dialect, None, 100)
    }

    fn is_header(text: &str) -> Option<bool> {
        let records = records(text);
        match judge(&records[0], &records[1..]) {
            Verdict::Header => Some(true),
            Verdict::Record(_) => Some(false),
            Verdict::Unknown(_) => None,
        }
    }

    #[test]
    fn a_header_differs_from_the_values_below() {
        assert_eq!(is_header("id,name\n1,Ann\n2,Ben\n"), Some(true));
        assert_eq!(is_header("7,Cem\n1,Ann\n2,Ben\n"), Some(false));
        assert_eq!(is_header("name,city\nAnn,Oslo\nBen,Rome\n"), None);
        assert_eq!(is_header("1,2,3\n4,5,6\n"), Some(false));
        // Names that are years, numbers or dates.
        assert_eq!(is_header("country,2019,2020\nAT,5.1,6\nBE,7,8\n"), None);
        assert_eq!(is_header(",0,1,2\n0,5,6,7\n1,8,9,3\n"), None);
        assert_eq!(
            is_header("place,1/22/20,1/23/20\nAT,1,2\nBE,3,4\n"),
            Some(true)
        );
        // Values that recur below.
        assert_eq!(is_header("NW,red\nNW,blue\nSE,red\n"), Some(false));
        assert_eq!(is_header("T\nT\nT\nF\n"), Some(false));
        assert_eq!(is_header("a,b\n"), None);
        assert_eq!(is_header("1,2\n"), Some(false));
    }

    #[test]
    fn a_name_like_a_value_is_odd() {
        let odd = |text: &str| {
            let records = records(text);
            match judge(&records[0], &records[1..]) {
                Verdict::Unknown(odd) => odd.unwrap_or_default(),
                verdict => format!("{verdict:?}"),
            }
        };
        assert_eq!(odd("123,x,a\n345,y,b\n'567',z,c\n"), "123");
        assert_eq!(odd("one,x,a\ntwo,x,b\n"), "x");
        assert_eq!(odd("name,city\nAnn,Oslo\nBen,Rome\n"), "");
        assert_eq!(odd("country,2019,2020\nAT,5.1,6\nBE,7,8\n"), "");
    }

    #[test]
    fn units_and_parts_of_names_are_a_second_header() {
        let has_second = |text: &str| {
            let records = records(text);
            second_header(&records[0], &records[1], &records[2..]).is_some()
        };
        assert!(has_second("time,depth,temp\n(s),m,°C\n1,2,3\n2,3,4\n"));
        assert!(has_second(
            "place,2019,,2020,\n,m,f,m,f\nAT,1,2,3,4\nBE,5,6,7,8\n"
        ));
        assert!(!has_second("id,name,x\n1,Ann,2\n2,Ben,3\n3,Cem,4\n"));
        assert!(!has_second(
            "name,x,y\nAnn,unknown,unknown\nBen,1,2\nCem,3,4\n"
        ));
        assert!(!has_second("name,x,y\nAnn,NA,-\nBen,1,2\nCem,3,4\n"));
    }
}
