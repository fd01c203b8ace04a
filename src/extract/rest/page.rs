//! One page: where its records stand in the response, and what it says of the others. No tree is
//! built: records stay the bytes that came.

use super::settings::{Pagination, Settings};
use crate::extract::json::jsonb;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// A response that was read to its end and understood.
#[derive(Default)]
pub(super) struct Page {
    body: Vec<u8>,
    /// From and to. Half as long as ranges are: a hostile page may have very many.
    records: Vec<(u32, u32)>,
    /// Indexes of those that cannot be staged, in order.
    refused: Vec<u32>,
    pub(super) count: Option<u64>,
    /// Address of the next page as it stands there, or null; None where neither stands.
    pub(super) next: Option<Option<String>>,
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
        let whole = Members::of(&text)?;
        let records_text = whole.at(&settings.records_at)?;
        let count = match &settings.count_at {
            Some(key) => Some(number(&whole, key)?),
            None => None,
        };
        let next = match settings.pagination {
            Pagination::Next => address(&whole, &settings.next_at)?,
            Pagination::Page | Pagination::Offset | Pagination::None => None,
        };
        if !records_text.starts_with('[') {
            return Err(PageError::Other {
                key: settings.records_at.clone(),
                wanted: "an array",
            });
        }
        let array = range_in(&text, records_text);
        let mut records = Vec::new();
        let mut refused = Vec::new();
        for (index, record) in (0..).zip(parse::<Vec<&RawValue>>(records_text, array.start)?) {
            let range = range_in(&text, record.get());
            if jsonb::refusal(&body[range.clone()]).is_some() {
                refused.push(index);
            }
            records.push((short(range.start)?, short(range.end)?));
        }
        let fingerprint = Sha256::digest(&body[array]).into();
        drop(text);
        Ok(Page {
            body,
            records,
            refused,
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
        let (from, to) = self.records[index];
        &self.body[from as usize..to as usize]
    }

    /// Why the record cannot be staged; None if it can.
    pub(super) fn refusal(&self, index: usize) -> Option<String> {
        let index_there = u32::try_from(index).ok()?;
        self.refused.binary_search(&index_there).ok()?;
        jsonb::refusal(self.record(index))
    }

    /// Line, from 1, and byte, from 0, where the record begins.
    pub(super) fn place(&self, index: usize) -> (u64, u64) {
        let start = self.records[index].0;
        let lines = memchr::memchr_iter(b'\n', &self.body[..start as usize]).count();
        (lines as u64 + 1, u64::from(start))
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

/// A document, and its members where it is an object.
struct Members<'a> {
    text: &'a str,
    whole: &'a str,
    members: BTreeMap<String, &'a RawValue>,
}

impl<'a> Members<'a> {
    fn of(text: &'a str) -> Result<Members<'a>, PageError> {
        let trimmed = text.trim_ascii_start();
        let members = match trimmed.starts_with('{') {
            true => parse(text, 0)?,
            false => BTreeMap::new(),
        };
        let whole = match members.is_empty() {
            true => parse::<&RawValue>(text, 0)?.get(),
            false => trimmed,
        };
        Ok(Members {
            text,
            whole,
            members,
        })
    }

    /// What stands at a path of keys, `a.b`; the whole document at the empty path.
    fn at(&self, path: &str) -> Result<&'a str, PageError> {
        if path.is_empty() {
            return Ok(self.whole);
        }
        // A key may have a dot in it: @odata.nextLink.
        if let Some(value) = self.members.get(path) {
            return Ok(value.get());
        }
        let (key, further) = path.split_once('.').unwrap_or((path, ""));
        let missing = |found: Vec<String>| PageError::Missing {
            key: path.into(),
            found,
        };
        let found = || self.members.keys().take(20).map(|key| shown(key)).collect();
        let mut value = self.members.get(key).ok_or_else(|| missing(found()))?.get();
        for key in further.split('.').filter(|key| !key.is_empty()) {
            let offset = range_in(self.text, value).start;
            let mut members: BTreeMap<String, &'a RawValue> = match value.starts_with('{') {
                true => parse(value, offset)?,
                false => BTreeMap::new(),
            };
            value = members.remove(key).ok_or_else(|| missing(found()))?.get();
        }
        Ok(value)
    }
}

/// Offsets within a response are below 2^30 (elt.rest_source.max_response_bytes).
fn short(offset: usize) -> Result<u32, PageError> {
    u32::try_from(offset).map_err(|_| PageError::Other {
        key: String::new(),
        wanted: "short enough",
    })
}

/// A name from outside, fit for a terminal.
fn shown(name: &str) -> String {
    let short: String = name.chars().take(40).collect();
    short.escape_debug().to_string()
}

fn number(whole: &Members<'_>, key: &str) -> Result<u64, PageError> {
    // Some write it as a text.
    let digits = whole.at(key)?.trim_matches('"');
    digits.parse().map_err(|_| PageError::Other {
        key: key.into(),
        wanted: "a number of records",
    })
}

fn address(whole: &Members<'_>, key: &str) -> Result<Option<Option<String>>, PageError> {
    let Ok(value) = whole.at(key) else {
        return Ok(None);
    };
    serde_json::from_str::<Option<String>>(value)
        .map(|next| Some(next.filter(|next| !next.is_empty())))
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
    let answer = Members::of(std::str::from_utf8(body).ok()?).ok()?;
    serde_json::from_str(answer.at(path).ok()?).ok()
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
        assert_eq!((page.count, &page.next), (Some(2), &Some(None)));
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
        assert_eq!(page.next, Some(Some("/?page=2".into())));
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
        assert_eq!((page.len(), page.count, page.next), (1, None, Some(None)));
        settings.next_at = "@odata.nextLink".into();
        let body = "{\"data\":{\"items\":[]},\"@odata.nextLink\":\"/2\"}";
        let page = Page::read(body.into(), &settings)?;
        assert_eq!(page.next, Some(Some("/2".into())));
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
            said("{\"count\":\"one\",\"next\":null,\"results\":[]}"),
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
