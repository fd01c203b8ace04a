//! The sample as read with a dialect: how well its records fit.

use super::cell_kind::CellKind;
use super::scan::{Dialect, SampleRecord, Text, scan};
use std::collections::HashSet;

/// Records of the sample that are compared.
const SAMPLED: usize = 1_000;

/// Records whose cells are looked at.
const LOOKED_AT: usize = 100;

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

    pub(super) fn misfits(&self) -> usize {
        self.records.len() - self.fitting()
    }

    /// How many records fit here but not in the other candidate for the same text, and the reverse. Lines that fit in
    /// neither, such as those above and below a table, do not count.
    pub(super) fn gains_and_losses(&self, other: &Candidate) -> (usize, usize) {
        let (ours, theirs) = (self.misfit_lines(), other.misfit_lines());
        (
            theirs.difference(&ours).count(),
            ours.difference(&theirs).count(),
        )
    }

    fn misfit_lines(&self) -> HashSet<u64> {
        let misfits = self
            .records
            .iter()
            .filter(|record| !record.fits(self.width));
        misfits.map(|record| record.line).collect()
    }

    /// The part of the records that fits.
    pub(super) fn ratio(&self) -> f64 {
        part(self.fitting(), self.records.len())
    }

    /// Cells in quotes of records that fit.
    pub(super) fn quoted_cells(&self) -> usize {
        let fitting = self.records.iter().filter(|record| record.fits(self.width));
        let cells = fitting.flat_map(|record| &record.cells);
        cells.filter(|cell| cell.is_quoted).count()
    }

    /// Whether a quoted value contains the quote itself, which is then written twice or escaped.
    pub(super) fn has_quote_in_quotes(&self) -> bool {
        let quote = self.dialect.quote.map(char::from);
        let fitting = self.records.iter().filter(|record| record.fits(self.width));
        let mut cells = fitting.flat_map(|record| &record.cells);
        quote.is_some_and(|quote| cells.any(|cell| cell.is_quoted && cell.text.contains(quote)))
    }

    /// How likely this is the delimiter. More fields and cells without other delimiters make it more likely.
    pub(super) fn score(&self) -> f64 {
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
    pub(super) fn fits_all_below_names(&self) -> bool {
        let is_name = |text: &str| !text.is_empty() && !text.contains([' ', ';', '\t', '|']);
        let first = self.records.first();
        let has_names =
            first.is_some_and(|first| first.cells.iter().all(|cell| is_name(&cell.text)));
        self.width > 1 && self.misfits() == 0 && self.records.len() > 2 && has_names
    }

    /// Whether the first record has one field, and the others have more.
    pub(super) fn lacks_first(&self) -> bool {
        let first = self.records.first();
        self.width > 1 && first.is_some_and(|first| first.count() == 1)
    }

    /// Whether most records have several fields, or the first one has.
    pub(super) fn has_columns(&self) -> bool {
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
