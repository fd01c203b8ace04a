//! Detects the key: the fewest columns, up to three, that are named or placed like a key and whose values are all
//! present and unique. If there are none, a row is identified by its position in the file, and every row is kept.

use super::kind::Kind;
use super::name_hints;
use super::notation::Notation;
use super::reading::Reading;
use super::value_facts::ValueFacts;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Number of rows whose possible keys are kept in memory. The key of a longer file is checked by reading the file
/// again.
pub(super) const SAMPLED: usize = 20_000;
/// Number of columns whose values are kept in memory.
const MOST_COLUMNS: usize = 12;
/// Longest text in a key, in bytes. An index row of PostgreSQL has room for about 2,700.
const LONGEST: usize = 100;
/// Number of columns at the beginning of a file that can be part of its key whatever their names.
const LEADING: usize = 3;
/// Number of choices that are checked by reading a long file again.
const MOST_CHECKED: usize = 4;

/// Whether the values of the column are worth keeping, by its name and position.
pub(super) fn may_be_key(name: &str, index: usize, sampled: usize) -> bool {
    sampled < MOST_COLUMNS
        && !name.is_empty()
        && (index < LEADING
            || name_hints::is_key(name)
            || name_hints::is_position(name)
            || name_hints::is_time(name))
}

/// The hash of a value, never 0: 0 stands for a missing value.
pub(super) fn hash(text: &str) -> u64 {
    let mut hash = DefaultHasher::new();
    text.hash(&mut hash);
    hash.finish().max(1)
}

/// The hash of several values; None if one is missing.
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

/// A column that may be part of the key.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    /// Whether it has a name in the file.
    pub(super) is_named: bool,
    pub(super) values: &'a ValueFacts,
    pub(super) reading: &'a Reading,
    /// Hashes of its first values; empty if they were not kept.
    pub(super) sample: &'a [u64],
}

/// Choices of columns that are unique in the sampled rows, the best first.
pub(super) fn choices(columns: &[Candidate<'_>], rows: u64, source: &str) -> Vec<Vec<usize>> {
    if rows == 0 {
        return Vec::new();
    }
    let singles: Vec<(u32, Vec<usize>)> = (0..columns.len())
        .filter_map(|index| Some((single_rank(columns, index, rows, source)?, vec![index])))
        .filter(|(_, chosen)| is_unique(columns, chosen))
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

/// All unique combinations of `size` columns, except those of dates and times only.
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
    let has_other_column =
        |chosen: &[usize]| chosen.iter().any(|index| !is_calendar(&columns[*index]));
    all.retain(|(_, chosen)| has_other_column(chosen) && is_unique(columns, chosen));
    all
}

/// The rank of the column as a key of its own, 0 for the best; None if it cannot be one.
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
    if name_hints::is_key(column.name) {
        return Some(if index == 0 { 1 } else { 2 });
    }
    let is_serial = column.values.all_fit(Notation::Whole)
        && column.values.is_increasing
        && !name_hints::is_measure(column.name);
    let is_short_text = column.reading.kind == Kind::Text && !column.values.has_space;
    (index == 0 && rows > 1 && !name_hints::is_prose(column.name) && (is_serial || is_short_text))
        .then_some(3)
}

/// The rank of the column as a part of a key, 0 for the best; None if it cannot be one.
fn part_rank(columns: &[Candidate<'_>], index: usize, rows: u64) -> Option<u32> {
    let column = &columns[index];
    if !can_identify(column, rows) {
        return None;
    }
    if name_hints::is_position(column.name) {
        return Some(0);
    }
    let is_leading = index < LEADING
        && columns[..index]
            .iter()
            .all(|before| can_identify(before, rows));
    if is_leading && !name_hints::is_measure(column.name) && is_dimension(column) {
        return u32::try_from(index).ok();
    }
    let is_named_time = is_calendar(column) && name_hints::is_time(column.name);
    (name_hints::is_key(column.name) || is_named_time).then_some(2)
}

/// Whether its values look like names, ids or times rather than measurements.
fn is_dimension(column: &Candidate<'_>) -> bool {
    !column.values.all_fit(Notation::Whole)
        || name_hints::is_id_or_count(column.name)
        || is_calendar(column)
        || column.values.is_increasing
}

fn is_calendar(column: &Candidate<'_>) -> bool {
    matches!(
        column.reading.kind,
        Kind::Date | Kind::Timestamp | Kind::Instant
    ) || (name_hints::is_time(column.name) && column.values.all_fit(Notation::Whole))
}

/// Whether it has a value in every row, of a type that can identify something.
fn can_identify(column: &Candidate<'_>, rows: u64) -> bool {
    let is_of_kind = match column.reading.kind {
        Kind::Bigint | Kind::Date | Kind::Timestamp | Kind::Instant => true,
        Kind::Numeric => column.reading.notation == Some(Notation::Whole),
        Kind::Text => column.values.longest <= LONGEST && !name_hints::is_prose(column.name),
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
