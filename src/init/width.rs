//! The number of columns that a table has room for. PostgreSQL allows 1,600 columns in a table or a view, and rows
//! of 8,160 bytes. Long values are stored elsewhere and take 18 bytes of a row.

use super::notation::Kind;
use super::reading::Reading;
use super::sniff::Field;

/// Beside them a core table has elt's own, and its comparison with new rows two more.
const MOST_COLUMNS: usize = 1_590;
/// Columns of the view that has each value and, if it is typed, its text.
const MOST_ENTRIES: usize = 1_590;
/// Bytes of a row, without its header, its nulls, and elt's own columns.
const MOST_BYTES: usize = 7_800;
/// Of a value that is kept elsewhere.
const POINTER: usize = 18;

/// For each column whether it is one of the table's; key columns always are.
pub(super) fn columns_that_fit(
    fields: &[Field],
    readings: &[Reading],
    is_json: bool,
    key: &[usize],
) -> Vec<bool> {
    let cost = |index: usize| {
        let longest = fields[index].values.longest;
        let kind = readings[index].kind;
        let has_text = !matches!(kind, Kind::Text | Kind::Json);
        Cost {
            columns: 1,
            entries: 1 + usize::from(has_text),
            staged_bytes: if is_json { 0 } else { text_bytes(longest) },
            core_bytes: core_bytes(kind, longest),
        }
    };
    let mut used = Cost::default();
    key.iter().for_each(|index| used.add(&cost(*index)));
    let mut is_full = false;
    (0..fields.len())
        .map(|index| {
            if key.contains(&index) {
                return true;
            }
            let cost = cost(index);
            is_full = is_full || !used.has_room_for(&cost);
            if !is_full {
                used.add(&cost);
            }
            !is_full
        })
        .collect()
}

#[derive(Default)]
struct Cost {
    columns: usize,
    entries: usize,
    staged_bytes: usize,
    core_bytes: usize,
}

impl Cost {
    fn add(&mut self, other: &Cost) {
        self.columns += other.columns;
        self.entries += other.entries;
        self.staged_bytes += other.staged_bytes;
        self.core_bytes += other.core_bytes;
    }

    fn has_room_for(&self, other: &Cost) -> bool {
        self.columns + other.columns <= MOST_COLUMNS
            && self.entries + other.entries <= MOST_ENTRIES
            && self.staged_bytes + other.staged_bytes <= MOST_BYTES
            && self.core_bytes + other.core_bytes <= MOST_BYTES
    }
}

/// With two bytes of room for the next file.
fn text_bytes(longest: usize) -> usize {
    (longest + 3).min(POINTER)
}

fn core_bytes(kind: Kind, longest: usize) -> usize {
    match kind {
        // And up to seven bytes so that they begin at a multiple of eight.
        Kind::Bigint | Kind::Double | Kind::Timestamp | Kind::Instant => 12,
        Kind::Date => 6,
        Kind::Boolean => 1,
        Kind::Numeric => (5 + 2 * longest.div_ceil(4)).min(POINTER),
        Kind::Text => text_bytes(longest),
        Kind::Json => POINTER,
    }
}
