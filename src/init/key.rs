//! Detects the key: the fewest columns, up to three, that are named or placed like a key and whose values are all
//! present and unique. If there are none, a row is identified by its position in the file, and every row is kept.

use super::notation::{Kind, Notation};
use super::reading::Reading;
use super::values::Values;
use super::words;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Rows of which the values of possible key columns are remembered; for longer files the choice is
/// checked by reading the file again.
pub(super) const SAMPLED: usize = 20_000;
/// Columns of which values are remembered.
const MOST_COLUMNS: usize = 12;
/// Bytes of a text that may be a key. PostgreSQL's indexes take about 2,700 of a whole key.
const LONGEST: usize = 100;
/// Columns at the beginning of a file that may be a part of its key by their place alone.
const LEADING: usize = 3;
/// Choices that are checked against a long file.
const MOST_CHECKED: usize = 4;

/// Whether values of the column are worth remembering, as far as its name and place tell.
pub(super) fn may_be_key(name: &str, index: usize, sampled: usize) -> bool {
    sampled < MOST_COLUMNS
        && !name.is_empty()
        && (index < LEADING || words::is_key(name) || words::is_place(name) || words::is_time(name))
}

/// A value of a key column; 0 stands for a missing one.
pub(super) fn hash(text: &str) -> u64 {
    let mut hash = DefaultHasher::new();
    text.hash(&mut hash);
    hash.finish().max(1)
}

/// Several values as one; None if one of them is missing.
pub(super) fn hash_all(parts: impl Iterator<Item = u64>) -> Option<u64> {
    let mut hash = DefaultHasher::new();
    for part in parts {
        if part == 0 {
            return None;
        }
        part.hash(&mut hash);
    }
    Some(hash.finish())
}

/// A column, as far as it matters for a key.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    /// Whether the file names it.
    pub(super) is_named: bool,
    pub(super) values: &'a Values,
    pub(super) reading: &'a Reading,
    /// Hashes of its first values, if they were remembered.
    pub(super) sample: &'a [u64],
}

/// Choices of columns, the best first, that are keys as far as the remembered rows tell.
pub(super) fn choices(columns: &[Candidate<'_>], rows: u64, source: &str) -> Vec<Vec<usize>> {
    if rows == 0 {
        return Vec::new();
    }
    let singles: Vec<(u32, Vec<usize>)> = (0..columns.len())
        .filter_map(|index| Some((single_rank(columns, index, rows, source)?, vec![index])))
        .filter(|(_, columns_of)| is_unique(columns, columns_of))
        .collect();
    let mut found = best_first(singles);
    if found.is_empty() && rows > 1 {
        let parts: Vec<(u32, usize)> = (0..columns.len())
            .filter_map(|index| Some((part_rank(columns, index, rows)?, index)))
            .collect();
        found = best_first(combined(columns, &parts, 2));
        if found.is_empty() {
            found = best_first(combined(columns, &parts, 3));
        }
    }
    found.truncate(MOST_CHECKED);
    found
}

fn best_first(mut ranked: Vec<(u32, Vec<usize>)>) -> Vec<Vec<usize>> {
    ranked.sort();
    ranked.into_iter().map(|(_, columns)| columns).collect()
}

/// All combinations of so many parts that are unique, and not made of dates and times alone.
fn combined(
    columns: &[Candidate<'_>],
    parts: &[(u32, usize)],
    size: usize,
) -> Vec<(u32, Vec<usize>)> {
    let mut all: Vec<(u32, Vec<usize>)> = vec![(0, Vec::new())];
    for _ in 0..size {
        let longer = all.iter().flat_map(|(rank, chosen)| {
            let last = chosen.last().copied();
            parts
                .iter()
                .filter(move |(_, index)| last.is_none_or(|last| *index > last))
                .map(move |(part, index)| {
                    let chosen = chosen.iter().copied().chain([*index]).collect();
                    (rank + part, chosen)
                })
        });
        all = longer.collect();
    }
    let says_more = |chosen: &[usize]| chosen.iter().any(|index| !is_calendar(&columns[*index]));
    all.retain(|(_, chosen)| says_more(chosen) && is_unique(columns, chosen));
    all
}

/// Whether the column alone can be a key, and how much speaks for it: the less, the better.
fn single_rank(columns: &[Candidate<'_>], index: usize, rows: u64, source: &str) -> Option<u32> {
    let column = &columns[index];
    if !can_identify(column, rows) || is_calendar(column) {
        return None;
    }
    let stem = source.strip_suffix('s').unwrap_or(source);
    let is_own_id = ["id", "uuid", "guid", "key"].contains(&column.name)
        || column.name == format!("{source}_id")
        || column.name == format!("{stem}_id");
    if is_own_id {
        return Some(0);
    }
    if words::is_key(column.name) {
        return Some(if index == 0 { 1 } else { 2 });
    }
    let is_serial = column.values.fit(Notation::Whole)
        && column.values.is_increasing
        && !words::is_measure(column.name);
    let is_short_text = column.reading.kind == Kind::Text && !column.values.has_space;
    (index == 0 && rows > 1 && !words::is_prose(column.name) && (is_serial || is_short_text))
        .then_some(3)
}

/// Whether the column can be a part of a key, and how much speaks for it.
fn part_rank(columns: &[Candidate<'_>], index: usize, rows: u64) -> Option<u32> {
    let column = &columns[index];
    if !can_identify(column, rows) {
        return None;
    }
    let is_leading = index < LEADING
        && columns[..index]
            .iter()
            .all(|before| can_identify(before, rows));
    match () {
        () if words::is_place(column.name) => Some(0),
        () if is_leading && !words::is_measure(column.name) && is_dimension(column) => {
            u32::try_from(index).ok()
        }
        () if words::is_key(column.name) => Some(2),
        () if is_calendar(column) && words::is_time(column.name) => Some(2),
        () => None,
    }
}

/// Not a number that is neither named like a key nor like a time.
fn is_dimension(column: &Candidate<'_>) -> bool {
    !column.values.fit(Notation::Whole)
        || words::is_id_or_count(column.name)
        || is_calendar(column)
        || column.values.is_increasing
}

fn is_calendar(column: &Candidate<'_>) -> bool {
    matches!(
        column.reading.kind,
        Kind::Date | Kind::Timestamp | Kind::Instant
    ) || (words::is_time(column.name) && column.values.fit(Notation::Whole))
}

/// Whether its values are all there, and such as identify something: no measures, no long texts.
fn can_identify(column: &Candidate<'_>, rows: u64) -> bool {
    let is_of_kind = match column.reading.kind {
        Kind::Bigint | Kind::Date | Kind::Timestamp | Kind::Instant => true,
        Kind::Numeric => column.reading.notation == Some(Notation::Whole),
        Kind::Text => column.values.longest <= LONGEST && !words::is_prose(column.name),
        Kind::Double | Kind::Boolean | Kind::Json => false,
    };
    is_of_kind
        && column.is_named
        && !column.sample.is_empty()
        && column.values.is_full(rows, column.reading.kind)
}

fn is_unique(columns: &[Candidate<'_>], chosen: &[usize]) -> bool {
    let samples: Vec<&[u64]> = chosen.iter().map(|index| columns[*index].sample).collect();
    let mut seen = HashSet::new();
    let rows = samples.first().map_or(0, |sample| sample.len());
    (0..rows).all(|row| {
        let parts = samples
            .iter()
            .map(|sample| sample.get(row).copied().unwrap_or(0));
        hash_all(parts).is_some_and(|hash| seen.insert(hash))
    })
}
