//! Finds the table among the lines of a sample: what is above it, and how its records differ from the header.

use super::candidate::Candidate;
use super::cell_kind::CellKind;
use super::header::{Verdict, judge, second_header};
use super::scan::SampleRecord;
use crate::init::layout::LayoutOptions;

/// Records above a table.
const LONGEST_PREAMBLE: usize = 50;

/// Fewer short records are bad records.
const FEWEST_SHORT: usize = 3;

/// Where the table is in the sample, as indexes of records, and how to read it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The header, or the first record.
    pub(super) start: usize,
    pub(super) width: usize,
    /// Why the first record is no header. None if it is one.
    pub(super) no_header: Option<String>,
    /// A name in the header that may be a value.
    pub(super) odd_name: Option<String>,
    /// Why the header has two lines.
    pub(super) second_header: Option<String>,
    pub(super) header_lines: usize,
    pub(super) trailing_delimiter: bool,
    pub(super) short_records: bool,
    /// Short records in the sample.
    pub(super) short_count: usize,
}

impl Table {
    /// Whether a record can be loaded.
    pub(super) fn fits(&self, record: &SampleRecord) -> bool {
        let count = record.count();
        let full = self.width + usize::from(self.trailing_delimiter);
        !record.is_broken && (count == full || (self.short_records && count < full))
    }

    /// The records below the header.
    pub(super) fn body<'a>(&self, records: &'a [SampleRecord]) -> &'a [SampleRecord] {
        let names = if self.no_header.is_some() {
            0
        } else {
            self.header_lines
        };
        &records[(self.start + names).min(records.len())..]
    }
}

/// Finds the table.
pub(super) fn find_table(candidate: &Candidate, options: &LayoutOptions) -> Table {
    let records = &candidate.records;
    let is_place_known = options.header_line.is_some();
    let (start, width, trailing) = if is_place_known {
        (0, records.first().map_or(1, SampleRecord::count), false)
    } else {
        find_start(records, candidate.width)
    };
    let mut table = Table {
        start,
        width,
        no_header: None,
        odd_name: None,
        second_header: None,
        header_lines: 1,
        trailing_delimiter: options.trailing_delimiter.unwrap_or(trailing),
        short_records: options.short_records.unwrap_or(false),
        short_count: 0,
    };
    choose_header(&mut table, records, options);
    if options.trailing_delimiter.is_none() && is_place_known && table.no_header.is_none() {
        table.trailing_delimiter = has_trailing_delimiter(table.body(records), width + 1);
    }
    table
}

fn choose_header(table: &mut Table, records: &[SampleRecord], options: &LayoutOptions) {
    let Some((first, below)) = records[table.start..].split_first() else {
        return;
    };
    // An option that places the header says that there is one.
    let is_named = options.header_line.is_some() || options.header_lines.is_some();
    match options.has_header {
        Some(false) => table.no_header = Some("by option".into()),
        None if !is_named && !table.trailing_delimiter => match judge(first, below) {
            Verdict::Record(reason) => table.no_header = Some(reason),
            Verdict::Unknown(odd_name) => table.odd_name = odd_name,
            Verdict::Header => {}
        },
        Some(true) | None => {}
    }
    if let Some(lines) = options.header_lines {
        table.header_lines = usize::try_from(lines).unwrap_or(1);
    } else if table.no_header.is_none()
        && let Some((second, rest)) = below.split_first()
        && let Some(reason) = second_header(first, second, rest)
    {
        table.header_lines = 2;
        table.second_header = Some(reason);
    }
}

/// Index and fields of the header, or of the first record, and whether the records end in a delimiter that it lacks.
fn find_start(records: &[SampleRecord], usual: usize) -> (usize, usize, bool) {
    let Some(first) = records.first() else {
        return (0, 1, false);
    };
    let at_first = (0, first.count(), false);
    if let Some(start) = header_below_padded_titles(records, usual) {
        return (start, usual, false);
    }
    if first.fits(usual) {
        return match restart(records, usual) {
            Some(start) => (start, usual, false),
            None => at_first,
        };
    }
    let continues = |index: usize| {
        let next = records.iter().skip(index + 1).take(2);
        next.len() == 0 || next.into_iter().any(|record| record.fits(usual))
    };
    let found = (1..records.len()).find(|index| records[*index].fits(usual) && continues(*index));
    let Some(start) = found.filter(|_| usual > 1) else {
        return at_first;
    };
    let above = &records[start - 1];
    let is_shorter_by_one = !above.is_broken && above.count() + 1 == usual && above.count() > 1;
    if is_shorter_by_one && has_trailing_delimiter(&records[start..], usual) {
        return (start - 1, usual - 1, true);
    }
    let is_widest = |record: &SampleRecord| record.count() <= first.count();
    if first.count() > usual && records.iter().all(is_widest) {
        return at_first;
    }
    let has_titles = records[..start].iter().all(|record| record.count() == 1);
    let is_below_titles = has_titles && (records[start].follows_blank || usual > 2);
    let body = &records[start + 1..];
    let fitting = body.iter().filter(|record| record.fits(usual)).count();
    let is_table = fitting * 2 >= body.len() && start <= LONGEST_PREAMBLE;
    if !is_table {
        return at_first;
    }
    // Titles may have as many fields as the table.
    if let Some(header) = header_below_blank(&records[start..], usual) {
        (start + header, usual, false)
    } else if is_below_titles || judge(&records[start], body) == Verdict::Header {
        (start, usual, false)
    } else {
        at_first
    }
}

/// The header below a blank line, if the lines above only happen to have as many fields as the table.
fn restart(records: &[SampleRecord], width: usize) -> Option<usize> {
    if judge(&records[0], &records[1..]) == Verdict::Header {
        return None;
    }
    header_below_blank(records, width)
}

fn header_below_blank(records: &[SampleRecord], width: usize) -> Option<usize> {
    let most = records.len().min(LONGEST_PREAMBLE);
    (1..most).find(|index| {
        let record = &records[*index];
        let below = &records[index + 1..];
        let fitting = below.iter().filter(|record| record.fits(width)).count();
        record.follows_blank
            && record.fits(width)
            && fitting > 1
            // A footer may follow.
            && below.len() - fitting <= 2.max(below.len() / 10)
            && judge(record, below) == Verdict::Header
    })
}

/// The header below titles that a spreadsheet has padded with empty fields.
fn header_below_padded_titles(records: &[SampleRecord], width: usize) -> Option<usize> {
    let is_padded = |record: &SampleRecord| {
        let mut texts = record.texts().filter(|text| !text.is_empty());
        let is_title = |text| CellKind::of_text(text) != CellKind::Number;
        record.fits(width) && texts.next().is_none_or(is_title) && texts.next().is_none()
    };
    let titles = records
        .iter()
        .take_while(|record| is_padded(record))
        .count();
    let header = records.get(titles)?;
    let below = &records[titles + 1..];
    let filled = below.iter().filter(|record| !is_padded(record)).count();
    let is_table = width > 2
        && header.fits(width)
        && (2..=LONGEST_PREAMBLE).contains(&titles)
        // A header may have one name, and records one value, but not most of them.
        && filled > 1
        && filled * 2 > below.len();
    (is_table && !matches!(judge(header, below), Verdict::Record(_))).then_some(titles)
}

fn has_trailing_delimiter(body: &[SampleRecord], count: usize) -> bool {
    let mut full = body.iter().filter(|record| record.fits(count)).peekable();
    let fitting = body.iter().filter(|record| record.fits(count)).count();
    let ends_empty = |record: &SampleRecord| {
        let last = record.cells.last();
        last.is_some_and(|cell| cell.text.is_empty() && !cell.is_quoted)
    };
    full.peek().is_some() && fitting * 2 > body.len() && full.all(ends_empty)
}

/// Accepts short records if there are many, and nothing else is wrong with the body.
pub(super) fn accept_short_records(table: &mut Table, first: &SampleRecord, body: &[SampleRecord]) {
    let full = table.width + usize::from(table.trailing_delimiter);
    let is_short = |record: &&SampleRecord| !record.is_broken && record.count() < full;
    table.short_count = body.iter().filter(is_short).count();
    let full_count = body.iter().filter(|record| record.fits(full)).count();
    let are_all_right = table.short_count + full_count == body.len();
    let are_many = table.short_count >= FEWEST_SHORT && table.short_count * 10 >= body.len();
    // The header ends in a delimiter that the records lack.
    let lacks_last_name = first.texts().last() == Some("")
        && !body.is_empty()
        && body.iter().all(|record| record.fits(full - 1));
    let is_ragged = are_many && are_all_right && full_count > 0;
    table.short_records |= table.width > 2 && (is_ragged || lacks_last_name);
}

#[cfg(test)]
mod tests {
    use super::super::dialect::choose_dialect;
    use super::super::scan::Text;
    use super::*;

    fn found(text: &str) -> (u64, usize, bool, Table) {
        let bytes = text.as_bytes();
        let options = LayoutOptions::default();
        let candidate = choose_dialect(Text { bytes, line: 1 }, &options, None);
        let mut table = find_table(&candidate, &options);
        let body = table.body(&candidate.records).to_vec();
        accept_short_records(&mut table, &candidate.records[0], &body);
        let line = candidate.records[table.start].line;
        (line, table.width, table.no_header.is_some(), table)
    }

    fn place(text: &str) -> (u64, usize, bool) {
        let (line, width, is_without_header, _) = found(text);
        (line, width, is_without_header)
    }

    #[test]
    fn the_header_is_the_first_line_of_the_table() {
        assert_eq!(place("a,b\n1,2\n3\n4,5,6\n"), (1, 2, false));
        assert_eq!(
            place("Report\nPeriod:,May\n\nid,name,n\n1,Ann,2\n2,Ben,3\n"),
            (4, 3, false)
        );
        assert_eq!(place("Title\nid,name,n\n1,Ann,2\n"), (2, 3, false));
        assert_eq!(place("Report,May\n\nday,n\na,1\nb,2\n"), (3, 2, false));
        assert_eq!(place("1,Ann,2\n2,Ben,3\n"), (1, 3, true));
    }

    #[test]
    fn titles_may_be_padded_with_empty_fields() {
        let records = "1,Ann,2\n2,Ben,3\n3,,\n4,Dan,\n5,Eva,6\n";
        let titles = "Report,,\n,,\n";
        assert_eq!(
            place(&format!("{titles}id,name,n\n{records}")),
            (3, 3, false)
        );
        assert_eq!(place(&format!("{titles},May,\nid,name,n\n{records}")).0, 4);
        // One such line may be a header with one name.
        assert_eq!(place(&format!("id,,\n{records}")).0, 1);
        assert_eq!(
            place(&format!("{titles}{records}")).0,
            1,
            "no header follows"
        );
        assert_eq!(place("id,,\n1,,\n2,,\nx,a,b\ny,c,d\n").0, 1, "values");
    }

    #[test]
    fn a_header_with_another_count_is_not_skipped() {
        assert_eq!(place("a,b\n1,2,3\n4,5,6\n7,8,9\n").0, 1);
        assert_eq!(place("name\nSmith, John\nDoe, Jane\n").0, 1);
        assert_eq!(place("name,city\nAnn,Oslo,x\nBen,Rome,y\n").0, 1);
    }

    #[test]
    fn records_may_end_in_a_delimiter_or_be_short() {
        let (line, width, _, table) = found("a;b;c\n1;2;3;\n4;;6;\n");
        assert_eq!((line, width, table.trailing_delimiter), (1, 3, true));
        let (_, width, _, table) = found("a,b,c\n1,2\n3,4\n5,6\n7,8,9\n");
        assert_eq!((width, table.short_records), (3, true));
        let (_, _, _, table) = found("a,b,c\n1,2,3\n5,6\n7,8,9\n1,2,3\n");
        assert!(!table.short_records, "one short record is a bad record");
        let (_, _, _, table) = found("a,b,c\n1,2\n5,6\n7,8\n1,2,3,4\n");
        assert!(!table.short_records);
        let (_, _, _, table) = found("a,b,\n1,2\n5,6\n");
        assert!(table.short_records, "the header ends in a delimiter");
    }
}
