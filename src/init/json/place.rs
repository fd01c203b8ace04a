//! Chooses where the records of a document are: an array of objects, an array of arrays, or an object whose members are
//! the records.

use super::shape::{Kind, Shape};

/// Keys that often lead to the records.
const USUAL_KEYS: [&str; 17] = [
    "content", "data", "docs", "elements", "entries", "features", "hits", "items", "list",
    "objects", "records", "response", "result", "results", "rows", "value", "values",
];

/// A place that may have the records.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::init) struct Place {
    /// `elt.source.records_at`.
    pub(in crate::init) path: String,
    pub(in crate::init) count: u64,
    pub(in crate::init) holds: Holds,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::init) enum Holds {
    Objects,
    Arrays,
    /// Objects by key.
    Members,
}

impl Place {
    /// Such as `an array of 3 objects at data`.
    pub(in crate::init) fn text(&self) -> String {
        // Its keys are of the file or of a server.
        let path = self.path.escape_debug().to_string();
        let (count, path) = (self.count, path.as_str());
        let s = if count == 1 { "" } else { "s" };
        match self.holds {
            Holds::Objects => format!("an array of {count} object{s} at {path}"),
            Holds::Arrays => format!("an array of {count} array{s} at {path}"),
            Holds::Members => match path.strip_suffix(".*") {
                Some(path) => format!("{count} objects by key at {path}"),
                None => format!("{count} objects by key"),
            },
        }
    }

    pub(in crate::init) fn is_usual(&self) -> bool {
        let path = self.path.trim_end_matches(".*");
        Place::is_usual_key(path.rsplit('.').next().unwrap_or(path))
    }

    /// Whether the key often leads to the records.
    pub(in crate::init) fn is_usual_key(key: &str) -> bool {
        USUAL_KEYS.contains(&key.to_lowercase().as_str())
    }
}

/// The places in a document that may have the records. None in an array of records.
pub(in crate::init) fn places(document: &Shape) -> Vec<Place> {
    let mut places = Vec::new();
    match document.kind {
        Kind::Scalar => {}
        // Such as [{"page": 1}, [{...}, {...}]].
        Kind::Array if document.count == 2 && document.objects == 1 && document.arrays == 1 => {
            add_members(document, "", &mut places);
        }
        Kind::Array => {}
        Kind::Object => add(document, "", &mut places),
    }
    places
}

fn add(value: &Shape, path: &str, places: &mut Vec<Place>) {
    let below = |last: &str| match path {
        "" => last.to_string(),
        path => format!("{path}.{last}"),
    };
    let at = |path: String, holds| Place {
        path,
        count: value.count,
        holds,
    };
    match value.kind {
        Kind::Scalar => {}
        Kind::Array if path.is_empty() => {}
        Kind::Array if value.objects > 0 && 2 * value.objects >= value.count => {
            places.push(at(path.into(), Holds::Objects));
        }
        Kind::Array if value.count > 1 && value.arrays == value.count => {
            places.push(at(path.into(), Holds::Arrays));
        }
        Kind::Array => {}
        Kind::Object if has_similar_members(value, path.is_empty()) => {
            places.push(at(below("*"), Holds::Members));
        }
        Kind::Object => add_members(value, path, places),
    }
}

fn add_members(value: &Shape, path: &str, places: &mut Vec<Place>) {
    for (key, member) in &value.members {
        // A path cannot have such a key.
        if key.is_empty() || key == "*" {
            continue;
        }
        let path = match path {
            "" => key.clone(),
            path => format!("{path}.{key}"),
        };
        add(member, &path, places);
    }
}

/// Whether the members are records: objects that share half of their keys with the first one.
fn has_similar_members(value: &Shape, is_whole: bool) -> bool {
    let fewest = if is_whole { 2 } else { 3 };
    let Some((_, first)) = value.members.first() else {
        return false;
    };
    let is_similar = |member: &Shape| {
        let keys = first.members.iter();
        let shared = keys.filter(|(key, _)| member.member(key).is_some()).count();
        shared > 0 && 2 * shared >= first.members.len() && 2 * shared >= member.members.len()
    };
    value.count >= fewest
        && value.objects == value.count
        && value.members.iter().all(|(_, member)| is_similar(member))
}

/// The place to read: the only one, or the only one with a usual name.
pub(in crate::init) fn choose(places: &[Place]) -> Option<&Place> {
    if let [only] = places {
        return Some(only);
    }
    let mut usual = places.iter().filter(|place| place.is_usual());
    usual.next().filter(|_| usual.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Vec<String>, Option<String>) {
        let places = places(&Shape::read(text.as_bytes()).0);
        let chosen = choose(&places).map(|place| place.path.clone());
        (places.iter().map(Place::text).collect(), chosen)
    }

    #[test]
    fn finds_the_records() {
        for (text, place, path) in [
            (
                r#"{"n":1,"data":[{"a":1},{"a":2}]}"#,
                "an array of 2 objects at data",
                "data",
            ),
            (
                r#"{"a":{"b":[{"x":1}],"c":[1,2]}}"#,
                "an array of 1 object at a.b",
                "a.b",
            ),
            (
                r#"{"data":[["a"],[1],[2]]}"#,
                "an array of 3 arrays at data",
                "data",
            ),
            (
                r#"[{"page":1},[{"a":1},{"a":2}]]"#,
                "an array of 2 objects at 1",
                "1",
            ),
            (
                r#"{"x":{"a":1,"b":2},"y":{"c":1}, "z":{"b":1,"a":[{}]}}"#,
                "",
                "",
            ),
            (
                r#"{"x":{"a":1,"b":[{}]},"y":{"a":1,"b":[]}}"#,
                "2 objects by key",
                "*",
            ),
            (
                r#"{"m":1,"by":{"x":{"a":1},"y":{"a":1},"z":{"a":1}}}"#,
                "3 objects by key at by",
                "by.*",
            ),
        ] {
            let (places, chosen) = found(text);
            if path.is_empty() {
                assert_eq!(chosen.as_deref(), Some("z.a"), "{text}");
                continue;
            }
            assert_eq!(places, [place], "{text}");
            assert_eq!(chosen.as_deref(), Some(path), "{text}");
        }
    }

    #[test]
    fn one_record_has_no_place_or_several() {
        for text in [
            r#"{"id":7,"tags":["a","b"],"at":{"x":1,"y":2}}"#,
            r#"[{"a":1},{"a":[{}]}]"#,
            r#"{"id":7,"home":{"zip":1},"work":{"zip":2}}"#,
            "7",
            "{}",
        ] {
            assert_eq!(found(text), (Vec::new(), None), "{text}");
        }
        let (places, chosen) = found(r#"{"lines":[{"a":1}],"fees":[{"a":1}]}"#);
        assert_eq!((places.len(), chosen), (2, None));
        let (_, chosen) = found(r#"{"links":[{"a":1}],"Items":[{"a":1}]}"#);
        assert_eq!(chosen.as_deref(), Some("Items"));
    }
}
