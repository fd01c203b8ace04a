//! Makes columns of nested objects.

use crate::extract::{Layout, takes_members};
use crate::init::layout::LayoutChoice;
use serde_json::{Map, Value};

/// Separates the keys of a nested value in the key of its field.
const SEPARATOR: char = '\u{1f}';

/// Which nested objects become columns.
#[derive(Clone, Default)]
pub(crate) struct Flattening {
    /// All of them, as `--flatten` says.
    all: bool,
    records: Records,
}

/// What the records of a file are.
#[derive(Clone, Copy, Default, PartialEq)]
enum Records {
    #[default]
    Objects,
    /// Of GeoJSON: their properties become columns, and their geometry does not.
    Features,
    /// Members of an object, `{"key": ..., "value": {...}}`: their values become columns.
    Members,
}

impl Flattening {
    /// `first`: the first record.
    pub(in crate::init) fn new(
        all: bool,
        layout: &Layout,
        first: &Map<String, Value>,
    ) -> Flattening {
        let records = if layout.format != "json" {
            Records::Objects
        } else if layout.records_at.as_deref().is_some_and(takes_members) {
            Records::Members
        } else if is_feature(first) {
            Records::Features
        } else {
            Records::Objects
        };
        Flattening {
            all: all && layout.format == "json",
            records,
        }
    }

    /// The choice to report if the records decided it.
    pub(in crate::init) fn choice(&self) -> Option<LayoutChoice> {
        let (value, reason) = match self.records {
            Records::Objects => return None,
            Records::Features => (
                "properties",
                "the records are features of GeoJSON: each property has a column, and the geometry is jsonb",
            ),
            Records::Members => (
                "value",
                "the records are the members of an object: the key has a column, and so has each key of the values",
            ),
        };
        Some(LayoutChoice {
            setting: "flatten",
            value: value.into(),
            reason: reason.into(),
            option: "--flatten",
        })
    }

    fn is_active(&self) -> bool {
        self.all || self.records != Records::Objects
    }

    /// The record with the members of nested objects, under keys that `path` splits.
    pub(in crate::init) fn flat(&self, record: Map<String, Value>) -> Map<String, Value> {
        if !self.is_active() {
            return record;
        }
        let mut flat = Map::new();
        self.add(record, "", &mut flat);
        flat
    }

    fn add(&self, object: Map<String, Value>, parent: &str, flat: &mut Map<String, Value>) {
        for (key, value) in object {
            let path = match parent {
                "" => key,
                parent => format!("{parent}{SEPARATOR}{key}"),
            };
            match value {
                Value::Object(members) if self.is_opened(&path) => self.add(members, &path, flat),
                value if self.is_constant(&path, &value) => {}
                value => drop(flat.insert(path, value)),
            }
        }
    }

    fn is_opened(&self, path: &str) -> bool {
        match self.records {
            Records::Objects => true,
            Records::Features => path == "properties" || (self.all && path != "geometry"),
            Records::Members => self.all || path == "value",
        }
    }

    /// Whether every record has the value.
    fn is_constant(&self, path: &str, value: &Value) -> bool {
        self.records == Records::Features && path == "type" && value == "Feature"
    }

    /// The keys that lead to the value of a field.
    pub(in crate::init) fn path(&self, key: &str) -> Vec<String> {
        if self.is_active() {
            key.split(SEPARATOR).map(String::from).collect()
        } else {
            vec![key.to_string()]
        }
    }

    /// The name of a field.
    pub(in crate::init) fn name(&self, path: &[String]) -> String {
        let container = match self.records {
            Records::Objects => None,
            Records::Features => Some("properties"),
            Records::Members => Some("value"),
        };
        match path {
            [first, rest @ ..] if !rest.is_empty() && Some(first.as_str()) == container => {
                rest.join(".")
            }
            path => path.join("."),
        }
    }
}

fn is_feature(record: &Map<String, Value>) -> bool {
    record.get("type").is_some_and(|value| value == "Feature") && record.contains_key("properties")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: bool, records_at: Option<&str>, record: &str) -> Vec<String> {
        let layout = Layout {
            format: "json".into(),
            records_at: records_at.map(Into::into),
            ..Layout::default()
        };
        let record: Map<String, Value> = serde_json::from_str(record).unwrap_or_default();
        let flattening = Flattening::new(all, &layout, &record);
        let flat = flattening.flat(record);
        flat.keys()
            .map(|key| flattening.name(&flattening.path(key)))
            .collect()
    }

    #[test]
    fn nested_objects_become_fields() {
        let record = r#"{"id":1,"a":{"b":{"c":1},"d":[{}],"e":{}},"f":null}"#;
        assert_eq!(names(true, None, record), ["id", "a.b.c", "a.d", "f"]);
        assert_eq!(names(false, None, record), ["id", "a", "f"]);
        let feature = r#"{"type":"Feature","id":1,"properties":{"id":2,"x":{"y":1}},"geometry":{"type":"Point"}}"#;
        assert_eq!(names(false, None, feature), ["id", "id", "x", "geometry"]);
        assert_eq!(names(true, None, feature), ["id", "id", "x.y", "geometry"]);
        let member = r#"{"key":"k","value":{"a":1,"b":{"c":2}}}"#;
        assert_eq!(names(false, Some("data.*"), member), ["key", "a", "b"]);
        assert_eq!(names(true, Some("*"), member), ["key", "a", "b.c"]);
    }
}
