//! One page: where its records stand in the response, and what it says of the others. No tree is
//! built: records stay the bytes that came.

use super::settings::{Pagination, Settings};
use crate::extract::jsonb;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// A response that was read to its end and understood.
#[derive(Default)]
pub(super) struct Page {
    body: Vec<u8>,
    records: Vec<Range<usize>>,
    /// Why records cannot be staged, by their index.
    refusals: BTreeMap<usize, String>,
    pub(super) count: Option<u64>,
    /// Address of the next page as it stands there.
    pub(super) next: Option<String>,
    /// SHA-256 of the array of records.
    pub(super) fingerprint: [u8; 32],
}

/// Why a response is no page.
#[derive(Debug, PartialEq)]
pub(super) enum PageError {
    /// It ends too early, which may be the connection's fault.
    Truncated {
        byte: usize,
    },
    NotJson {
        byte: usize,
        reason: String,
    },
    /// A key that the settings name is not there, but these are.
    Missing {
        key: String,
        found: Vec<String>,
    },
    Other {
        key: String,
        wanted: &'static str,
    },
}

impl Page {
    /// Unpacks nothing, checks every record.
    pub(super) fn read(body: Vec<u8>, settings: &Settings) -> Result<Page, PageError> {
        let text = utf8(&body);
        let whole = parse::<&RawValue>(&text, 0)?.get();
        let records_text = at(&text, whole, &settings.records_at)?;
        let count = match &settings.count_at {
            Some(key) => Some(number(&text, whole, key)?),
            None => None,
        };
        let next = match settings.pagination {
            Pagination::Next => address(&text, whole, &settings.next_at)?,
            Pagination::Page | Pagination::None => None,
        };
        if !records_text.starts_with('[') {
            return Err(PageError::Other {
                key: settings.records_at.clone(),
                wanted: "an array",
            });
        }
        let array = range_in(&text, records_text);
        let records: Vec<Range<usize>> = parse::<Vec<&RawValue>>(records_text, array.start)?
            .into_iter()
            .map(|record| range_in(&text, record.get()))
            .collect();
        let refusals = records
            .iter()
            .enumerate()
            .filter_map(|(index, range)| Some((index, jsonb::refusal(&body[range.clone()])?)))
            .collect();
        let fingerprint = Sha256::digest(&body[array]).into();
        drop(text);
        Ok(Page {
            body,
            records,
            refusals,
            count,
            next,
            fingerprint,
        })
    }

    /// Records on it.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// Bytes of the whole response.
    pub(super) fn bytes(&self) -> u64 {
        self.body.len() as u64
    }

    /// The record's own bytes.
    pub(super) fn record(&self, index: usize) -> &[u8] {
        &self.body[self.records[index].clone()]
    }

    pub(super) fn refusal(&self, index: usize) -> Option<&str> {
        self.refusals.get(&index).map(String::as_str)
    }

    /// Line, from 1, and byte, from 0, where the record begins.
    pub(super) fn place(&self, index: usize) -> (u64, u64) {
        let start = self.records[index].start;
        let lines = memchr::memchr_iter(b'\n', &self.body[..start]).count();
        (lines as u64 + 1, start as u64)
    }
}

/// The text, with a question mark for each byte that is not UTF-8, and spaces for a byte order mark:
/// a record with such bytes is refused by itself, and does not cost the others.
fn utf8(body: &[u8]) -> Cow<'_, str> {
    let has_mark = body.starts_with(b"\xef\xbb\xbf");
    match std::str::from_utf8(body) {
        Ok(text) if !has_mark => Cow::Borrowed(text),
        _ => {
            let mut text = String::with_capacity(body.len());
            for chunk in body.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| '?'));
            }
            if has_mark {
                text.replace_range(..3, "   ");
            }
            Cow::Owned(text)
        }
    }
}

/// `offset`: where the text begins in the response.
fn parse<'a, T: serde::Deserialize<'a>>(text: &'a str, offset: usize) -> Result<T, PageError> {
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

/// What stands at a path of keys, `a.b`; the value itself at the empty path.
fn at<'a>(text: &'a str, value: &'a str, path: &str) -> Result<&'a str, PageError> {
    let mut value = value;
    if path.is_empty() {
        return Ok(value);
    }
    for key in path.split('.') {
        if !value.starts_with('{') {
            return Err(PageError::Missing {
                key: path.into(),
                found: Vec::new(),
            });
        }
        let offset = range_in(text, value).start;
        let members = parse::<BTreeMap<String, &'a RawValue>>(value, offset)?;
        value = match members.get(key) {
            Some(member) => member.get(),
            None => {
                return Err(PageError::Missing {
                    key: path.into(),
                    found: members.into_keys().take(20).map(shown).collect(),
                });
            }
        };
    }
    Ok(value)
}

/// A name from outside, fit for a terminal.
fn shown(name: String) -> String {
    let short: String = name.chars().take(40).collect();
    short.escape_debug().to_string()
}

fn number(text: &str, whole: &str, key: &str) -> Result<u64, PageError> {
    at(text, whole, key)?.parse().map_err(|_| PageError::Other {
        key: key.into(),
        wanted: "a number of records",
    })
}

fn address(text: &str, whole: &str, key: &str) -> Result<Option<String>, PageError> {
    let value = at(text, whole, key)?;
    serde_json::from_str::<Option<String>>(value)
        .map(|next| next.filter(|next| !next.is_empty()))
        .map_err(|_| PageError::Other {
            key: key.into(),
            wanted: "an address or null",
        })
}

/// Where a part of the text stands in it.
fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

/// The text at a path of an answer to signing in.
pub(super) fn text_at(body: &[u8], path: &str) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?.trim();
    serde_json::from_str(at(text, text, path).ok()?).ok()
}

impl std::fmt::Display for PageError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PageError::Truncated { byte } => {
                write!(formatter, "its JSON ends too early, at byte {byte}")
            }
            PageError::NotJson { byte, reason } => {
                write!(formatter, "it is not JSON from byte {byte} on: {reason}")
            }
            PageError::Missing { key, found } if found.is_empty() => {
                write!(formatter, "it has no \"{key}\"")
            }
            PageError::Missing { key, found } => {
                let found = found.join(", ");
                write!(formatter, "it has no \"{key}\"; it has: {found}")
            }
            PageError::Other { key, wanted } if key.is_empty() => {
                write!(formatter, "it is not {wanted}")
            }
            PageError::Other { key, wanted } => write!(formatter, "its \"{key}\" is not {wanted}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: impl Into<Vec<u8>>) -> Result<Page, PageError> {
        Page::read(body.into(), &Settings::for_tests())
    }

    fn records(page: &Page) -> Vec<&str> {
        (0..page.len())
            .map(|index| std::str::from_utf8(page.record(index)).unwrap_or("not UTF-8"))
            .collect()
    }

    #[test]
    fn records_are_their_own_bytes() -> Result<(), PageError> {
        let body = "\u{feff}{\"count\": 2, \"next\": null, \"prev\":null,\n \"results\": \
                    [ {\"a\":  1.50}, {\"b\":\"]\\\"\u{e9}\"} ]}\n";
        let page = read(body)?;
        assert_eq!(
            records(&page),
            ["{\"a\":  1.50}", "{\"b\":\"]\\\"\u{e9}\"}"]
        );
        assert_eq!((page.count, &page.next), (Some(2), &None));
        let second = body.find("{\"b\"").map(|at| at as u64);
        assert_eq!(page.place(1), (2, second.unwrap_or_default()));
        Ok(())
    }

    #[test]
    fn a_record_that_cannot_be_staged_costs_no_other() -> Result<(), PageError> {
        let mut body =
            b"{\"count\":4,\"next\":\"/?page=2\",\"results\":[{\"a\":\"\xff\"},".to_vec();
        body.extend(b"{\"a\":\"\\u0000\"},7,{\"a\":\"\\ud800\"},{\"a\":1}]}");
        let page = read(body)?;
        let refused: Vec<usize> = (0..page.len())
            .filter(|index| page.refusal(*index).is_some())
            .collect();
        assert_eq!(refused, [0, 1, 2, 3]);
        assert_eq!(page.record(0), b"{\"a\":\"\xff\"}");
        assert_eq!(page.next.as_deref(), Some("/?page=2"));
        Ok(())
    }

    #[test]
    fn keys_may_lie_deeper_and_the_page_may_be_the_array() -> Result<(), PageError> {
        let mut settings = Settings::for_tests();
        settings.records_at = "data.items".into();
        settings.count_at = None;
        settings.next_at = "links.next".into();
        let body = "{\"data\":{\"items\":[{}]},\"links\":{\"next\":\"\"}}";
        let page = Page::read(body.into(), &settings)?;
        assert_eq!((page.len(), page.count, page.next), (1, None, None));
        settings.records_at = String::new();
        settings.pagination = Pagination::None;
        assert_eq!(Page::read("[{},{}]".into(), &settings)?.len(), 2);
        Ok(())
    }

    #[test]
    fn what_is_wrong_with_a_page_is_said() {
        let said = |body: &str| {
            read(body)
                .err()
                .map_or(String::new(), |error| error.to_string())
        };
        let cut = "{\"count\":1,\"next\":null,\"results\":[{\"a\":";
        assert_eq!(
            read(cut).err(),
            Some(PageError::Truncated { byte: cut.len() })
        );
        assert_eq!(read("").err(), Some(PageError::Truncated { byte: 0 }));
        assert_eq!(
            said("\n<html>"),
            "it is not JSON from byte 1 on: expected value"
        );
        assert_eq!(
            said("{\"count\":1,\"next\":null,\"items\":[]}"),
            "it has no \"results\"; it has: count, items, next"
        );
        assert_eq!(said("[]"), "it has no \"results\"");
        assert_eq!(
            said("{\"count\":\"1\",\"next\":null,\"results\":[]}"),
            "its \"count\" is not a number of records"
        );
        assert_eq!(
            said("{\"count\":1,\"next\":7,\"results\":[]}"),
            "its \"next\" is not an address or null"
        );
        assert_eq!(
            said("{\"count\":1,\"next\":null,\"results\":{}}"),
            "its \"results\" is not an array"
        );
    }

    #[test]
    fn the_token_is_found_in_the_answer() {
        let body = b" {\"data\": {\"token\": \"t\"}}\n";
        assert_eq!(text_at(body, "data.token").as_deref(), Some("t"));
        assert_eq!(text_at(body, "token"), None);
        assert_eq!(text_at(b"<html>", "token"), None);
    }
}
