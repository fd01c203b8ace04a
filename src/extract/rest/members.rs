//! Finds values in a JSON response by a path of keys.

use super::page_error::PageError;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::ops::Range;

/// Parses a part of a response. `offset`: where the part begins, for the position of errors.
pub(super) fn parse<'a, T: serde::Deserialize<'a>>(
    text: &'a str,
    offset: usize,
) -> Result<T, PageError> {
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
    text: &'a str,
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
        Ok(Members {
            text,
            whole,
            members,
        })
    }

    /// The value at a path of keys, such as `a.b`. The empty path is the whole document.
    pub(super) fn value_at(&self, path: &str) -> Result<&'a str, PageError> {
        if path.is_empty() {
            return Ok(self.whole);
        }
        // A key may contain a dot, such as @odata.nextLink.
        if let Some(value) = self.members.get(path) {
            return Ok(value.get());
        }
        let (key, further) = path.split_once('.').unwrap_or((path, ""));
        let missing = |found: Vec<String>| PageError::Missing {
            key: path.into(),
            found,
        };
        let found = || {
            self.members
                .keys()
                .take(20)
                .map(|key| shorten(key))
                .collect()
        };
        let mut value = self.members.get(key).ok_or_else(|| missing(found()))?.get();
        for key in further.split('.').filter(|key| !key.is_empty()) {
            let offset = range_in(self.text, value).start;
            let mut members: BTreeMap<String, &'a RawValue> = if value.starts_with('{') {
                parse(value, offset)?
            } else {
                BTreeMap::new()
            };
            value = members.remove(key).ok_or_else(|| missing(found()))?.get();
        }
        Ok(value)
    }
}

/// A key from the response, shortened and escaped for a terminal.
fn shorten(name: &str) -> String {
    let short: String = name.chars().take(40).collect();
    short.escape_debug().to_string()
}

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
}
