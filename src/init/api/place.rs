//! The records at a path of keys.

use serde_json::Value;

/// The records at a path.
pub(super) struct Found<'a> {
    pub(super) records: Vec<&'a Value>,
    /// The number of elements of the outermost array.
    pub(super) elements: u64,
    /// The object that is the record, or whose members are the records.
    pub(super) container: Option<&'a Value>,
}

impl<'a> Found<'a> {
    fn new(records: Vec<&'a Value>, container: Option<&'a Value>) -> Found<'a> {
        Found {
            elements: records.len() as u64,
            records,
            container,
        }
    }
}

/// The records at a path in a response (`elt.rest_source.records_at`).
pub(super) fn records_at<'a>(
    document: &'a Value,
    path: &str,
    is_single: bool,
) -> Option<Found<'a>> {
    if is_single {
        let record = value_at(document, path).filter(|value| value.is_object())?;
        return Some(Found::new(vec![record], Some(record)));
    }
    let members = path
        .strip_suffix(".*")
        .or_else(|| (path == "*").then_some(""));
    if let Some(path) = members {
        let object = value_at(document, path)?;
        let members = object.as_object()?.values();
        return Some(Found::new(members.collect(), Some(object)));
    }
    let mut levels = path.split("[].");
    let outer = value_at(document, levels.next().unwrap_or_default())?;
    let mut found = Found::new(outer.as_array()?.iter().collect(), None);
    for level in levels {
        let nested = found
            .records
            .iter()
            .filter_map(|element| value_at(element, level)?.as_array());
        found.records = nested.flatten().collect();
    }
    Some(found)
}

/// The value at a path of keys, such as `a.b`. The empty path is the document. A key may contain a dot.
fn value_at<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(document);
    }
    if let Some(value) = document.get(path) {
        return Some(value);
    }
    let mut ends = path.match_indices('.').rev();
    ends.find_map(|(end, _)| value_at(document.get(&path[..end])?, &path[end + 1..]))
}
