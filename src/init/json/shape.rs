//! The shape of a JSON document: which arrays and objects it contains, and how many. It is read in one pass; values are
//! not kept.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::io::Read;

/// Levels of objects whose members are examined.
const MOST_LEVELS: usize = 4;
/// Members of an object that are examined.
const MOST_MEMBERS: usize = 1_000;
/// First elements of the outermost array that are examined.
const MOST_ELEMENTS: u64 = 2;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::init) enum Kind {
    #[default]
    Scalar,
    Object,
    Array,
}

/// A value. If the document is broken, the values before the error are known.
#[derive(Debug, Default)]
pub(in crate::init) struct Shape {
    pub(super) kind: Kind,
    /// Members or elements.
    pub(super) count: u64,
    /// Those that are objects.
    pub(super) objects: u64,
    /// Those that are arrays.
    pub(super) arrays: u64,
    /// The first members of an object by key, and the first elements of the outermost array by index.
    pub(super) members: Vec<(String, Shape)>,
    /// The text, if it is short.
    pub(super) text: Option<String>,
}

/// Where reading ended.
#[derive(Debug, PartialEq)]
pub(in crate::init) enum End {
    /// The file has one document.
    OfFile,
    /// More follows the first document.
    OfDocument,
    /// The first document is broken.
    Broken,
}

impl Shape {
    /// The shape of the first document.
    pub(in crate::init) fn read(input: impl Read) -> (Shape, End) {
        let mut shape = Shape::default();
        let mut deserializer = serde_json::Deserializer::from_reader(input);
        let seed = ShapeSeed {
            shape: &mut shape,
            level: 0,
        };
        let end = match seed.deserialize(&mut deserializer) {
            Err(_) => End::Broken,
            Ok(()) if deserializer.end().is_ok() => End::OfFile,
            Ok(()) => End::OfDocument,
        };
        (shape, end)
    }

    pub(super) fn member(&self, key: &str) -> Option<&Shape> {
        let mut members = self.members.iter();
        members
            .find(|(name, _)| name == key)
            .map(|(_, shape)| shape)
    }

    fn count(&mut self, kind: Kind) {
        self.objects += u64::from(kind == Kind::Object);
        self.arrays += u64::from(kind == Kind::Array);
    }
}

struct ShapeSeed<'a> {
    shape: &'a mut Shape,
    level: usize,
}

impl<'de> DeserializeSeed<'de> for ShapeSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ShapeSeed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.shape.text = (text.len() <= 40).then(|| text.to_string());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        self.shape.kind = Kind::Array;
        loop {
            let is_examined = self.level == 0 && self.shape.count < MOST_ELEMENTS;
            let mut element = Shape::default();
            let seed = ShapeSeed {
                shape: &mut element,
                level: if is_examined { 1 } else { MOST_LEVELS },
            };
            let next = elements.next_element_seed(seed);
            if matches!(next, Ok(None)) {
                return Ok(());
            }
            self.shape.count(element.kind);
            if is_examined {
                let index = self.shape.count.to_string();
                self.shape.members.push((index, element));
            }
            self.shape.count += 1;
            next?;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.shape.kind = Kind::Object;
        if self.level >= MOST_LEVELS {
            while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                self.shape.count += 1;
            }
            return Ok(());
        }
        while let Some(key) = entries.next_key::<String>()? {
            let mut member = Shape::default();
            let is_examined = self.shape.members.len() < MOST_MEMBERS;
            let seed = ShapeSeed {
                shape: &mut member,
                level: if is_examined {
                    self.level + 1
                } else {
                    MOST_LEVELS
                },
            };
            let read = entries.next_value_seed(seed);
            self.shape.count += 1;
            self.shape.count(member.kind);
            if is_examined {
                self.shape.members.push((key, member));
            }
            read?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_members_and_elements() {
        let text = r#"{"a": [{"x": 1}, {}, 7, [1]], "b": {"c": {"d": []}}, "n": 1.5, "s": "t"} "#;
        let (shape, end) = Shape::read(text.as_bytes());
        assert_eq!(end, End::OfFile);
        assert_eq!((shape.kind, shape.count), (Kind::Object, 4));
        let a = shape.member("a");
        let counts = a.map(|a| (a.kind, a.count, a.objects, a.arrays));
        assert_eq!(counts, Some((Kind::Array, 4, 2, 1)));
        let text = shape.member("s").and_then(|member| member.text.clone());
        assert_eq!(text.as_deref(), Some("t"));
        assert_eq!(Shape::read(b"{} {}".as_slice()).1, End::OfDocument);
    }

    #[test]
    fn knows_the_values_before_an_error() {
        let (shape, end) = Shape::read(br#"{"n": 1, "a": [{"x": 1}, {"x": }, {}]}"#.as_slice());
        assert_eq!(end, End::Broken);
        assert_eq!(shape.member("a").map(|a| a.objects), Some(2));
    }
}
