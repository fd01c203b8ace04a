//! Chooses the columns that a table has room for. PostgreSQL allows 1,600 columns in a table or view, and rows of
//! 8,160 bytes. Long values are stored elsewhere and take 18 bytes of a row.

use super::kind::Kind;
use super::reading::Reading;
use super::sniff::Field;

/// Most columns of a core table. elt adds its own, and comparing it with new rows needs two more.
const MOST_COLUMNS: usize = 1_590;
/// Most columns of the view that has each value and, unless it is text, its raw text.
const MOST_ENTRIES: usize = 1_590;
/// Most bytes of a row, without its header, its null bitmap and elt's own columns.
const MOST_BYTES: usize = 7_800;
/// Bytes of a pointer to a value that is stored elsewhere.
const POINTER: usize = 18;

/// For each field, whether it gets a column. Key columns always do.
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

/// Bytes of a text, with room for two more in the next file.
fn text_bytes(longest: usize) -> usize {
    (longest + 3).min(POINTER)
}

fn core_bytes(kind: Kind, longest: usize) -> usize {
    match kind {
        // Eight bytes, and on average four to align them.
        Kind::Bigint | Kind::Double | Kind::Timestamp | Kind::Instant => 12,
        Kind::Date => 6,
        Kind::Boolean => 1,
        Kind::Numeric => (5 + 2 * longest.div_ceil(4)).min(POINTER),
        Kind::Text => text_bytes(longest),
        Kind::Json => POINTER,
    }
}
