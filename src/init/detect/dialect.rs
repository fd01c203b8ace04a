//! Chooses delimiter, quote and escape: the ones that give most records the same number of fields.

use super::candidate::Candidate;
use super::cell_kind::CellKind;
use super::scan::{Dialect, SampleRecord, Text};
use crate::init::layout::LayoutOptions;
use crate::init::notation::Notation;

/// Delimiters that are detected, the most common first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

const USUAL: Dialect = Dialect {
    delimiter: b',',
    quote: Some(b'"'),
    escape: None,
};

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
        let (gains, losses) = escaped.gains_and_losses(&best);
        if gains > 0 && losses * 2 <= gains && escaped.width >= best.width {
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
        let reads_more = matches!(single.gains_and_losses(&best), (1.., 0));
        let is_likely = is_first_quoted && single.quoted_cells() > 1
            || single.has_quote_in_quotes()
            || single.quoted_cells() > 0 && reads_more;
        if is_likely && single.ratio() >= best.ratio() {
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
        // Lines above and below the table are not read better.
        assert_eq!(
            chosen("Report\nJanuary\nid|t|n\n1|\"a \\\"b\\\" c\"|5\n2|x|6\nTotal\n"),
            ('|', Some('"'), Some('\\'), 3)
        );
        // A doubled quote within quotes is no accident.
        assert_eq!(
            chosen("id\tcity\n1\t5 \"inches\"\n2\t'it''s'\n3\tOslo\n"),
            ('\t', Some('\''), None, 2)
        );
        assert_eq!(chosen("id,city\n1,it's\n2,'Oslo'\n").1, Some('"'));
        // Nor is a value of two lines.
        assert_eq!(
            chosen("id|t|n\n1|a|5\n2|'two\nlines'|6\n3|b|7\n").1,
            Some('\'')
        );
        // One stray quote is a bad record.
        assert_eq!(
            chosen("a,b\n1,\"x\"\n2,y\"z\n3,\"C:\\\"\n"),
            (',', Some('"'), None, 2)
        );
    }
}
