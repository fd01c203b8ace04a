//! Words that stand for a missing value, such as `N/A`.

/// Whether the text stands for a missing value in a column of numbers or dates. The list is read from the SQL of
/// `elt.is_missing`.
pub(super) fn is_missing(text: &str) -> bool {
    // Most values are longer than any marker, so the length is tested first.
    text.len() <= LONGEST_MARKER
        && missing_markers().any(|marker| marker.eq_ignore_ascii_case(text))
}

const LONGEST_MARKER: usize = 4;

/// The literals of `in (...)` in the SQL function.
fn missing_markers() -> impl Iterator<Item = &'static str> {
    let sql = include_str!("../../sql/elt/values/is_missing.sql");
    let body = sql.split_once(" in (").map_or("", |(_, rest)| rest);
    let list = body.split_once(')').map_or("", |(list, _)| list);
    list.split('\'').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_markers_are_those_of_the_function() {
        for marker in [
            "", "NA", "n/a", "NULL", "None", "NaN", "NaT", "-", "--", ".", "?", "\\N",
        ] {
            assert!(is_missing(marker), "{marker}");
        }
        for text in ["0", "x", "n.a.", "missing", "unknown"] {
            assert!(!is_missing(text), "{text}");
        }
        assert_eq!(missing_markers().count(), 12);
        assert!(missing_markers().all(|marker| marker.len() <= LONGEST_MARKER));
    }
}
