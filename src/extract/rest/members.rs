//! Finds values in a JSON response by a path of keys.

use super::page_error::PageError;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::ops::Range;

/// What is appended to a key to take the last element of an array.
const LAST: &str = "[-1]";

/// The number of keys that messages name.
const MOST_KEYS: usize = 20;

/// Parses a part of a response. `offset`: where the part begins, for the position of errors.
pub(super) fn parse<'a, T: Deserialize<'a>>(text: &'a str, offset: usize) -> Result<T, PageError> {
    serde_json::from_str(text).map_err(|error| {
        if error.is_eof() {
            return PageError::Truncated {
                byte: offset + text.len(),
            };
        }
        let before = text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1));
        let in_line = error.column().saturating_sub(1);
        let reason = error.to_string();
        PageError::NotJson {
            byte: offset + before.map(str::len).sum::<usize>() + in_line,
            reason: reason.split(" at line ").next().unwrap_or_default().into(),
        }
    })
}

/// A document, and its members if it is an object.
pub(super) struct Members<'a> {
    whole: &'a str,
    members: BTreeMap<String, &'a RawValue>,
}

impl<'a> Members<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Members<'a>, PageError> {
        let trimmed = text.trim_ascii_start();
        let members = if trimmed.starts_with('{') {
            parse(text, 0)?
        } else {
            BTreeMap::new()
        };
        let whole = if members.is_empty() {
            parse::<&RawValue>(text, 0)?.get()
        } else {
            trimmed
        };
        Ok(Members { whole, members })
    }

    /// The value at a path of keys, such as `a.b`. The empty path is the whole document. `a[-1]` is the last element
    /// of the array `a`.
    pub(super) fn value_at(&self, path: &str) -> Result<&'a str, PageError> {
        if path.is_empty() {
            return Ok(self.whole);
        }
        let found = if self.members.is_empty() {
            find(self.whole, path)?
        } else {
            find_in(&self.members, path)?
        };
        found.ok_or_else(|| PageError::Missing {
            key: path.into(),
            found: self.keys(),
        })
    }

    /// The first keys, as the server wrote them: they may be long, and contain secrets and control characters, which
    /// `Client::shown_keys` removes. Empty if the document is not an object.
    pub(super) fn keys(&self) -> Vec<String> {
        self.members.keys().take(MOST_KEYS).cloned().collect()
    }
}

/// The value at a path of keys in a JSON value. None if there is none.
pub(super) fn find<'a>(value: &'a str, path: &str) -> Result<Option<&'a str>, PageError> {
    if path.is_empty() {
        return Ok(Some(value));
    }
    if let Some(further) = path.strip_prefix(LAST) {
        if !value.starts_with('[') {
            return Ok(None);
        }
        let last = parse::<Vec<&RawValue>>(value, 0)?.pop();
        let further = further.strip_prefix('.').unwrap_or(further);
        return last.map_or(Ok(None), |last| find(last.get(), further));
    }
    if !value.starts_with('{') {
        return Ok(None);
    }
    find_in(&parse(value, 0)?, path)
}

fn find_in<'a>(
    members: &BTreeMap<String, &'a RawValue>,
    path: &str,
) -> Result<Option<&'a str>, PageError> {
    // A key may contain a dot, such as @odata.nextLink, so that the longest key comes first.
    if let Some(value) = members.get(path) {
        return Ok(Some(value.get()));
    }
    for (end, _) in path.match_indices(['.', '[']).rev() {
        let (key, further) = path.split_at(end);
        if let Some(value) = members.get(key) {
            let further = further.strip_prefix('.').unwrap_or(further);
            if let Some(found) = find(value.get(), further)? {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// The members of an object in their order.
pub(super) struct OrderedMembers<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for OrderedMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = OrderedMembers<'de>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((key, value));
                }
                Ok(OrderedMembers(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// A key from the response, shortened and escaped for a terminal.
/// The range of `part` in `text`, of which it is a slice.
pub(super) fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

/// The string at a path of keys, if the response is JSON and has one.
pub(super) fn string_at(body: &[u8], path: &str) -> Option<String> {
    let answer = Members::parse(std::str::from_utf8(body).ok()?).ok()?;
    serde_json::from_str(answer.value_at(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_token_in_a_response() {
        let body = b" {\"data\": {\"token\": \"t\"}}\n";
        assert_eq!(string_at(body, "data.token").as_deref(), Some("t"));
        assert_eq!(string_at(body, "token"), None);
        assert_eq!(string_at(b"<html>", "token"), None);
    }

    #[test]
    fn finds_values_by_keys_with_dots_and_in_the_last_element() {
        let text = r#"{"a": {"b.c": {"d": 1}}, "list": [{"id": 1}, {"id": 2}], "none": []}"#;
        let members = Members::parse(text).unwrap();
        assert_eq!(members.value_at("a.b.c.d"), Ok("1"));
        assert_eq!(members.value_at("list[-1].id"), Ok("2"));
        assert_eq!(members.value_at("list[-1]"), Ok("{\"id\": 2}"));
        for missing in ["none[-1].id", "a[-1]", "a.b", "list.id", "a.b.c.d.e"] {
            assert!(members.value_at(missing).is_err(), "{missing}");
        }
        let array = Members::parse("[7, {\"id\": 3}]").unwrap();
        assert_eq!(array.value_at("[-1].id"), Ok("3"));
    }
}
