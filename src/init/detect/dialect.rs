//! Chooses delimiter, quote and escape: the ones that give most records the same number of fields.

use super::cell_kind::CellKind;
use super::scan::{Dialect, SampleRecord, Text, scan};
use crate::init::layout::LayoutOptions;
use crate::init::notation::Notation;

/// Records of the sample that are compared.
pub(super) const SAMPLED: usize = 1_000;

/// Records whose cells are looked at.
const LOOKED_AT: usize = 100;

/// Delimiters that are detected, the most common first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

const USUAL: Dialect = Dialect {
    delimiter: b',',
    quote: Some(b'"'),
    escape: None,
};

/// The sample as read with a dialect.
pub(super) struct Candidate {
    pub(super) dialect: Dialect,
    pub(super) records: Vec<SampleRecord>,
    /// Fields of most records.
    pub(super) width: usize,
}

impl Candidate {
    pub(super) fn read(text: Text<'_>, dialect: Dialect, comment: Option<&str>) -> Candidate {
        let records = scan(text, dialect, comment, SAMPLED);
        let width = usual_width(&records);
        Candidate {
            dialect,
            records,
            width,
        }
    }

    /// Records that have the usual number of fields.
    pub(super) fn fitting(&self) -> usize {
        let fits = |record: &&SampleRecord| record.fits(self.width);
        self.records.iter().filter(fits).count()
    }

    fn misfits(&self) -> usize {
        self.records.len() - self.fitting()
    }

    /// The part of the records that fits.
    fn ratio(&self) -> f64 {
        part(self.fitting(), self.records.len())
    }

    /// Cells in quotes of records that fit.
    fn quoted_cells(&self) -> usize {
        let fitting = self.records.iter().filter(|record| record.fits(self.width));
        let cells = fitting.flat_map(|record| &record.cells);
        cells.filter(|cell| cell.is_quoted).count()
    }

    /// How likely this is the delimiter. More fields and cells without other delimiters make it more likely.
    fn score(&self) -> f64 {
        let width = self.width as f64;
        self.ratio() * (0.5 + 0.5 * self.clean_cells()) * (1.0 - 0.5 / width)
    }

    /// The part of the cells that contains no other delimiter.
    fn clean_cells(&self) -> f64 {
        let fitting = self.records.iter().filter(|record| record.fits(self.width));
        let cells: Vec<_> = fitting
            .take(LOOKED_AT)
            .flat_map(|record| &record.cells)
            .collect();
        let clean = cells.iter().map(|cell| {
            if cell.is_quoted || CellKind::of_text(&cell.text) != CellKind::Text {
                1.0
            } else {
                cleanness(&cell.text)
            }
        });
        if cells.is_empty() {
            0.0
        } else {
            clean.sum::<f64>() / cells.len() as f64
        }
    }

    /// Whether all records fit, and the first one has texts like names.
    fn fits_all_below_names(&self) -> bool {
        let is_name = |text: &str| !text.is_empty() && !text.contains([' ', ';', '\t', '|']);
        let first = self.records.first();
        let has_names =
            first.is_some_and(|first| first.cells.iter().all(|cell| is_name(&cell.text)));
        self.width > 1 && self.misfits() == 0 && self.records.len() > 2 && has_names
    }

    /// Whether the first record has one field, and the others have more.
    fn lacks_first(&self) -> bool {
        let first = self.records.first();
        self.width > 1 && first.is_some_and(|first| first.count() == 1)
    }

    /// Whether most records have several fields, or the first one has.
    fn has_columns(&self) -> bool {
        let first = self.records.first().map_or(0, SampleRecord::count);
        self.width > 1 && (first > 1 || self.ratio() >= 0.5)
    }
}

/// 0 if another delimiter is in the text. A comma is more usual in texts; before a space it says nothing.
fn cleanness(text: &str) -> f64 {
    let others = [b';', b'\t', b'|'];
    if text.bytes().any(|byte| others.contains(&byte)) {
        0.0
    } else if text.replace(", ", "").contains(',') {
        0.5
    } else {
        1.0
    }
}

fn part(some: usize, all: usize) -> f64 {
    if all == 0 {
        0.0
    } else {
        some as f64 / all as f64
    }
}

/// The number of fields, two or more, that most records have; of the last ones if nearly all of these agree. 1 if no
/// record has two.
fn usual_width(records: &[SampleRecord]) -> usize {
    let last = &records[records.len() - records.len() / 3..];
    let (width, count) = most_common_count(last);
    if last.len() >= 3 && count * 10 >= last.len() * 9 {
        return width;
    }
    most_common_count(records).0
}

fn most_common_count(records: &[SampleRecord]) -> (usize, usize) {
    let mut counts = std::collections::BTreeMap::new();
    for record in records.iter().filter(|record| !record.is_broken) {
        *counts.entry(record.count()).or_insert(0) += 1;
    }
    let several = counts.iter().filter(|(width, _)| **width > 1);
    let most = several.max_by_key(|(_, count)| **count);
    most.map_or(
        (1, counts.get(&1).copied().unwrap_or(0)),
        |(width, count)| (*width, *count),
    )
}

/// The best candidate that agrees with the user's options.
pub(super) fn choose_dialect(
    text: Text<'_>,
    options: &LayoutOptions,
    comment: Option<&str>,
) -> Candidate {
    let best_for = |delimiter: u8| best_quoting(text, delimiter, options, comment);
    if let Some(delimiter) = options.delimiter {
        return best_for(delimiter);
    }
    let mut best: Option<Candidate> = None;
    for delimiter in DELIMITERS {
        if memchr::memchr(delimiter, text.bytes).is_none() {
            continue;
        }
        let candidate = best_for(delimiter);
        let is_better = match &best {
            None => true,
            Some(best) => {
                let fits_all = best.fits_all_below_names();
                let score = candidate.score() > best.score();
                score && !(fits_all && candidate.lacks_first())
            }
        };
        if candidate.has_columns() && is_better {
            best = Some(candidate);
        }
    }
    if best.as_ref().is_none_or(|best| best.ratio() < 0.9)
        && let Some(single) = single_column_of_commas(text, options, comment)
    {
        return single;
    }
    best.or_else(|| colons(best_for(b':')))
        .unwrap_or_else(|| best_for(b','))
}

/// Colons are in times, URLs and sentences, so all records must have the same number of at least two.
fn colons(candidate: Candidate) -> Option<Candidate> {
    let has_space = |record: &SampleRecord| record.raw.contains(": ") || record.raw.contains("://");
    let is_likely = candidate.width > 2
        && candidate.records.len() > 1
        && candidate.misfits() == 0
        && !candidate.records.iter().any(has_space)
        && !candidate
            .records
            .iter()
            .any(|record| CellKind::of_text(&record.raw) == CellKind::Date);
    is_likely.then_some(candidate)
}

/// A file with one column of numbers such as `1,50` below a name.
fn single_column_of_commas(
    text: Text<'_>,
    options: &LayoutOptions,
    comment: Option<&str>,
) -> Option<Candidate> {
    let single = best_quoting(text, b';', options, comment);
    let (name, values) = single.records.split_first()?;
    let is_amount = |record: &SampleRecord| {
        record.count() == 1 && Notation::CommaAmount.fits(record.cells[0].text.trim())
    };
    let has_comma = values.iter().any(|record| record.raw.contains(','));
    let fits = has_comma && !name.raw.contains(',') && values.iter().all(is_amount);
    fits.then_some(single)
}

/// The best quote and escape for a delimiter.
fn best_quoting(
    text: Text<'_>,
    delimiter: u8,
    options: &LayoutOptions,
    comment: Option<&str>,
) -> Candidate {
    let read = |quote: Option<u8>, escape: Option<u8>| {
        let dialect = Dialect {
            delimiter,
            quote: options.quote.unwrap_or(quote),
            escape: options.escape.unwrap_or(escape),
        };
        Candidate::read(text, dialect, comment)
    };
    let mut best = read(USUAL.quote, USUAL.escape);
    let has = |signs: &[u8]| memchr::memmem::find(text.bytes, signs).is_some();
    if best.misfits() > 0 && (has(b"\\\"") || has(&[b'\\', delimiter])) {
        let escaped = read(USUAL.quote, Some(b'\\'));
        if escaped.misfits() * 2 <= best.misfits() && escaped.width >= best.width {
            best = escaped;
        }
    }
    if best.quoted_cells() == 0 && has(b"'") {
        let single = read(Some(b'\''), USUAL.escape);
        let is_first_quoted = single
            .records
            .iter()
            .find(|record| record.fits(single.width))
            .is_some_and(|first| first.cells.iter().any(|cell| cell.is_quoted));
        if is_first_quoted && single.quoted_cells() > 1 && single.ratio() >= best.ratio() {
            best = single;
        }
    }
    if best.misfits() > 1 && best.quoted_cells() <= best.misfits() && has(b"\"") {
        let unquoted = read(None, USUAL.escape);
        // Any line fits a table with one column.
        let has_columns = unquoted.width > 1 && unquoted.width >= best.width;
        // Quotes after a space still enclose values.
        let encloses = |text: &str| text.len() > 1 && text.starts_with('"') && text.ends_with('"');
        let cells = unquoted.records.iter().flat_map(SampleRecord::texts);
        let enclosed = cells.filter(|text| encloses(text)).count();
        let is_ordinary = has_columns && enclosed <= best.misfits();
        if unquoted.misfits() * 4 <= best.misfits() && is_ordinary {
            best = unquoted;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str) -> (char, Option<char>, Option<char>, usize) {
        let bytes = text.as_bytes();
        let options = LayoutOptions::default();
        let found = choose_dialect(Text { bytes, line: 1 }, &options, None);
        let dialect = found.dialect;
        (
            char::from(dialect.delimiter),
            dialect.quote.map(char::from),
            dialect.escape.map(char::from),
            found.width,
        )
    }

    #[test]
    fn the_delimiter_gives_the_same_count_in_most_records() {
        let usual = Some('"');
        assert_eq!(chosen("a,b\n1,2\n3\n"), (',', usual, None, 2));
        assert_eq!(chosen("x;y\n1,5;2,5\n3,5;4,5\n"), (';', usual, None, 2));
        assert_eq!(chosen("\"a, b\";\"c, d, e\"\n1;2\n"), (';', usual, None, 2));
        assert_eq!(
            chosen("f,u,g\t2019\t2020\nA,NR,AT\t5 \t6\n"),
            ('\t', usual, None, 3)
        );
        assert_eq!(
            chosen("name|tags\nAnn|a,b\nBen|c,d\n"),
            ('|', usual, None, 2)
        );
        assert_eq!(chosen("id,tags\n1,a;b\n2,c;d\n"), (',', usual, None, 2));
        assert_eq!(
            chosen("col1,col2\n1;2;3,4;5;6\na;b;c,d;e;f\n"),
            (',', usual, None, 2),
            "lists in the fields"
        );
        assert_eq!(
            chosen("Places, lands\nOslo;1,5;x\nRome;2,5;y\n"),
            (';', usual, None, 3),
            "a title"
        );
        assert_eq!(chosen("root:x:0\nbin:x:1\n"), (':', usual, None, 3));
        assert_eq!(chosen("time\n10:00:00\n10:00:01\n"), (',', usual, None, 1));
        assert_eq!(chosen("amount\n1,5\n2,50\n"), (';', usual, None, 1));
        assert_eq!(chosen("alone\n"), (',', usual, None, 1));
    }

    #[test]
    fn quotes_and_escapes_are_chosen_if_more_records_fit() {
        assert_eq!(
            chosen("id|t|n\n1|\"a \\\"b\\\" c\"|5\n2|\"d \\\\\"|6\n3|\"x\ny \\\" z\"|7\n"),
            ('|', Some('"'), Some('\\'), 3)
        );
        assert_eq!(
            chosen("'a','b'\n'1','x, y'\n'2','z'\n"),
            (',', Some('\''), None, 2)
        );
        assert_eq!(
            chosen("id\tsize\n1\t5\" pipe\n2\t6\" pipe\n3\tsmall\n"),
            ('\t', None, None, 2)
        );
        assert_eq!(chosen("a,b\n\"1\", \"2\"\n\"3\", \"4\"\n").1, Some('"'));
        // One stray quote is a bad record.
        assert_eq!(
            chosen("a,b\n1,\"x\"\n2,y\"z\n3,\"C:\\\"\n"),
            (',', Some('"'), None, 2)
        );
    }
}
