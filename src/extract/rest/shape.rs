//! Where the records are in a page, by `elt.rest_source.records_at`: an array, one object, the members of an object, or
//! the arrays in the elements of an array.

use super::members::{Members, OrderedMembers, find, parse, range_in};
use super::page_error::PageError;
use super::settings::Settings;
use serde_json::value::RawValue;

/// The shape of the records.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shape {
    /// The key of the outermost value.
    outer: String,
    inner: Inner,
}

#[derive(Clone, Debug, PartialEq)]
enum Inner {
    /// The value is the array of records.
    Array,
    /// The value is the record.
    Single,
    /// Each member of the value is a record.
    Members,
    /// The records are at these keys in the elements of the array, level by level.
    Nested {
        levels: Vec<String>,
        parent_id_at: Option<String>,
    },
}

/// The records of a page.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found<'a> {
    pub(super) records: Vec<FoundRecord<'a>>,
    /// The JSON text of the value that has all records.
    pub(super) whole: &'a str,
    /// The number of elements of the outermost value, which the API counts.
    pub(super) elements: u64,
    /// Whether no element has the key of the nested records, although there are elements.
    pub(super) lacks_nested: bool,
}

#[derive(Debug, PartialEq)]
pub(super) struct FoundRecord<'a> {
    pub(super) text: &'a str,
    /// Its key, or the id of the element around it. None if it has none.
    pub(super) label: Option<String>,
    /// Why it cannot be staged although it may be valid.
    pub(super) problem: Option<String>,
}

impl Shape {
    pub(super) fn new(settings: &Settings) -> Shape {
        let place = settings.records_at.as_str();
        if settings.is_single_record {
            return Shape {
                outer: place.into(),
                inner: Inner::Single,
            };
        }
        if let Some(object) = place.strip_suffix('*')
            && (object.is_empty() || object.ends_with('.'))
        {
            return Shape {
                outer: object.trim_end_matches('.').into(),
                inner: Inner::Members,
            };
        }
        let mut parts = place.split("[].");
        let outer = parts.next().unwrap_or_default().to_string();
        let levels: Vec<String> = parts.map(str::to_string).collect();
        let inner = if levels.is_empty() {
            Inner::Array
        } else {
            Inner::Nested {
                levels,
                parent_id_at: settings.parent_id_at.clone(),
            }
        };
        Shape { outer, inner }
    }

    /// The column of the labels of the records. None if they have none.
    pub(super) fn label_column(&self) -> Option<&'static str> {
        match &self.inner {
            Inner::Members => Some("_key"),
            Inner::Nested { parent_id_at, .. } => parent_id_at.as_ref().map(|_| "_parent"),
            Inner::Array | Inner::Single => None,
        }
    }

    /// Finds the records. `text`: the response.
    pub(super) fn find<'a>(
        &self,
        text: &'a str,
        response: &Members<'a>,
    ) -> Result<Found<'a>, PageError> {
        let whole = response.value_at(&self.outer)?;
        let require = |first: char, wanted: &'static str| {
            if whole.starts_with(first) {
                Ok(())
            } else {
                Err(PageError::Other {
                    key: self.outer.clone(),
                    wanted,
                })
            }
        };
        let offset = range_in(text, whole).start;
        let mut found = Found {
            whole,
            ..Found::default()
        };
        match &self.inner {
            Inner::Array => {
                require('[', "an array")?;
                let elements = parse::<Vec<&RawValue>>(whole, offset)?;
                found.elements = elements.len() as u64;
                found.records = elements.into_iter().map(plain).collect();
            }
            Inner::Single => {
                require('{', "an object")?;
                found.elements = 1;
                found.records.push(FoundRecord {
                    text: whole,
                    label: None,
                    problem: None,
                });
            }
            Inner::Members => {
                require('{', "an object")?;
                let members = parse::<OrderedMembers>(whole, offset)?.0;
                found.elements = members.len() as u64;
                found.records = members.into_iter().map(member).collect();
            }
            Inner::Nested {
                levels,
                parent_id_at,
            } => {
                require('[', "an array")?;
                let elements = parse::<Vec<&RawValue>>(whole, offset)?;
                found.elements = elements.len() as u64;
                let mut nested = Nested {
                    levels,
                    parent_id_at: parent_id_at.as_deref(),
                    records: Vec::new(),
                    has_key: false,
                };
                for element in elements {
                    nested.collect(element.get(), 0)?;
                }
                found.lacks_nested = found.elements > 0 && !nested.has_key;
                found.records = nested.records;
            }
        }
        Ok(found)
    }
}

fn plain(record: &RawValue) -> FoundRecord<'_> {
    FoundRecord {
        text: record.get(),
        label: None,
        problem: None,
    }
}

fn member((key, record): (String, &RawValue)) -> FoundRecord<'_> {
    let has_nul = key.contains('\0');
    FoundRecord {
        text: record.get(),
        problem: has_nul.then(|| "its key contains the character NUL".into()),
        label: (!has_nul).then_some(key),
    }
}

/// Collects records in the elements of arrays.
struct Nested<'a, 's> {
    levels: &'s [String],
    parent_id_at: Option<&'s str>,
    records: Vec<FoundRecord<'a>>,
    /// Whether an element has the key of the records.
    has_key: bool,
}

impl<'a> Nested<'a, '_> {
    /// Collects the records in this element, which is at this level.
    fn collect(&mut self, element: &'a str, level: usize) -> Result<(), PageError> {
        let key = &self.levels[level];
        // An element without records may lack the key.
        let Some(array) = find(element, key)? else {
            return Ok(());
        };
        self.has_key = true;
        if array == "null" {
            return Ok(());
        }
        if !array.starts_with('[') {
            return Err(PageError::Other {
                key: key.clone(),
                wanted: "an array in each element",
            });
        }
        let elements = parse::<Vec<&RawValue>>(array, 0)?;
        if level + 1 < self.levels.len() {
            for inner in elements {
                self.collect(inner.get(), level + 1)?;
            }
            return Ok(());
        }
        let (label, problem) = match self.parent_id_at {
            None => (None, None),
            Some(path) => match find(element, path)?.and_then(scalar_text) {
                Some(id) => (Some(id), None),
                None => (
                    None,
                    Some(format!(
                        "the element around it has no \"{path}\" (parent_id_at in elt.rest_source)"
                    )),
                ),
            },
        };
        for record in elements {
            self.records.push(FoundRecord {
                text: record.get(),
                label: label.clone(),
                problem: problem.clone(),
            });
        }
        Ok(())
    }
}

/// The text of a string or number. None for other values, and for a text that the database cannot have.
pub(super) fn scalar_text(value: &str) -> Option<String> {
    match value.bytes().next()? {
        b'"' => serde_json::from_str::<String>(value)
            .ok()
            .filter(|text| !text.contains('\0')),
        b'-' | b'0'..=b'9' => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts and labels of the records.
    fn records(
        settings: &Settings,
        text: &str,
    ) -> Result<Vec<(String, Option<String>)>, PageError> {
        let shape = Shape::new(settings);
        let found = shape.find(text, &Members::parse(text)?)?;
        let records = found.records.into_iter();
        Ok(records
            .map(|record| (record.text.to_string(), record.label.or(record.problem)))
            .collect())
    }

    fn at(place: &str) -> Settings {
        let mut settings = Settings::for_tests();
        settings.records_at = place.into();
        settings
    }

    fn pair(text: &str, label: &str) -> (String, Option<String>) {
        (
            text.into(),
            Some(label.to_string()).filter(|label| !label.is_empty()),
        )
    }

    #[test]
    fn takes_one_object_and_the_members_of_an_object() {
        let text = r#"{"a": {"x": {"b": 1}, "\u00fc": {"b": 2}}}"#;
        let mut single = at("a.x");
        single.is_single_record = true;
        assert_eq!(records(&single, text), Ok(vec![pair("{\"b\": 1}", "")]));
        let members = vec![pair("{\"b\": 1}", "x"), pair("{\"b\": 2}", "ü")];
        assert_eq!(records(&at("a.*"), text), Ok(members.clone()));
        let whole = r#"{"x": {"b": 1}, "ü": {"b": 2}}"#;
        assert_eq!(records(&at("*"), whole), Ok(members));
        assert!(records(&at("a"), text).is_err());
        let nul = records(&at("*"), r#"{"\u0000": {}}"#).unwrap();
        assert!(nul[0].1.as_ref().unwrap().contains("NUL"));
    }

    #[test]
    fn takes_nested_arrays_with_the_id_of_the_element_around_them() {
        let text = r#"{"orders": [{"id": 7, "lines": [{"n": 1}, {"n": 2}]}, {"id": 8},
            {"id": 9, "lines": null}, {"id": "a", "lines": [{"n": 3}]}, {"lines": [{}]}]}"#;
        let found = records(&at("orders[].lines"), text).unwrap();
        assert_eq!(found[0], pair("{\"n\": 1}", "7"));
        assert_eq!(found[1], pair("{\"n\": 2}", "7"));
        assert_eq!(found[2], pair("{\"n\": 3}", "a"));
        assert!(found[3].1.as_ref().unwrap().contains("has no \"id\""));
        let mut without = at("orders[].lines");
        without.parent_id_at = None;
        assert_eq!(records(&without, text).unwrap()[3], pair("{}", ""));
        let deep = r#"[{"a": {"b": [{"id": 1, "c": [{}]}]}}]"#;
        assert_eq!(records(&at("[].a.b[].c"), deep), Ok(vec![pair("{}", "1")]));
    }

    #[test]
    fn notices_that_no_element_has_the_nested_records() {
        let lacks = |place: &str| {
            let text = r#"{"orders": [{"id": 1}, {"id": 2, "lines": []}]}"#;
            let found = Shape::new(&at(place)).find(text, &Members::parse(text).unwrap());
            found.map(|found| (found.elements, found.lacks_nested))
        };
        assert_eq!(lacks("orders[].lines"), Ok((2, false)));
        assert_eq!(lacks("orders[].line"), Ok((2, true)));
    }
}
