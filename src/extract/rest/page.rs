//! One page: the positions of its records in the response, and what it reports about the other pages. Records stay
//! the bytes of the response; no tree is built.

use super::members::{Members, range_in};
use super::page_error::PageError;
use super::page_report::PageReport;
use super::settings::Settings;
use super::shape::{FoundRecord, Shape};
use crate::extract::json::jsonb;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A complete and valid page.
#[derive(Default)]
pub(super) struct Page {
    body: Vec<u8>,
    /// The start and end of each record. u32 takes half the memory of a range; a hostile page may have very many
    /// records.
    records: Vec<(u32, u32)>,
    /// The key of each record, or the id of the element around it. Empty if records have none.
    labels: Vec<Option<String>>,
    /// The indexes of the records that cannot be staged, in order. If a record is valid, with the problem.
    refused: Vec<(u32, Option<String>)>,
    /// The number of records that the server counts: of nested records, the number of the elements around them.
    pub(super) counted: u64,
    /// Whether no element has the key of the nested records, although there are elements.
    pub(super) lacks_nested: bool,
    /// The SHA-256 of the value that has the records.
    pub(super) fingerprint: [u8; 32],
    pub(super) report: PageReport,
}

impl Page {
    /// Finds and checks every record of an unpacked response. `link`: the address of the next page in its headers.
    ///
    /// # Errors
    /// If the response is not a page. Returns the response, too.
    pub(super) fn read(
        body: Vec<u8>,
        settings: &Settings,
        link: Option<String>,
    ) -> Result<Page, (PageError, Vec<u8>)> {
        match Page::scan(&body, settings) {
            Ok(mut page) => {
                page.body = body;
                page.report.link = link;
                Ok(page)
            }
            Err(error) => Err((error, body)),
        }
    }

    /// The page without its body.
    fn scan(body: &[u8], settings: &Settings) -> Result<Page, PageError> {
        let text = to_utf8(body);
        let response = Members::parse(&text)?;
        if let Some(key) = &settings.errors_at
            && let Ok(value) = response.value_at(key)
            && !matches!(value, "null" | "false" | "[]" | "{}" | "\"\"")
        {
            return Err(PageError::Reported { key: key.clone() });
        }
        let shape = Shape::new(settings);
        let found = shape.find(&text, &response)?;
        let mut page = Page {
            counted: found.elements,
            lacks_nested: found.lacks_nested,
            fingerprint: Sha256::digest(&body[range_in(&text, found.whole)]).into(),
            report: PageReport::read(&response, settings)?,
            ..Page::default()
        };
        let has_labels = shape.label_column().is_some();
        for (index, record) in (0..).zip(found.records) {
            let FoundRecord {
                text: record,
                label,
                problem,
            } = record;
            let range = range_in(&text, record);
            if problem.is_some() || jsonb::refusal(&body[range.clone()]).is_some() {
                page.refused.push((index, problem));
            }
            page.records
                .push((to_u32(range.start)?, to_u32(range.end)?));
            if has_labels {
                page.labels.push(label);
            }
        }
        Ok(page)
    }

    /// The number of records.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// The size of the response in bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.body.len() as u64
    }

    /// The bytes of a record.
    pub(super) fn record(&self, index: usize) -> &[u8] {
        let (from, to) = self.records[index];
        &self.body[from as usize..to as usize]
    }

    /// The key of a record, or the id of the element around it.
    pub(super) fn label(&self, index: usize) -> Option<&str> {
        self.labels.get(index)?.as_deref()
    }

    /// Why the record cannot be staged. None if it can.
    pub(super) fn refusal(&self, index: usize) -> Option<String> {
        let index_u32 = u32::try_from(index).ok()?;
        let found = self
            .refused
            .binary_search_by_key(&index_u32, |(index, _)| *index);
        let (_, problem) = self.refused.get(found.ok()?)?;
        jsonb::refusal(self.record(index)).or_else(|| problem.clone())
    }

    /// The line, from 1, and the byte, from 0, where the record begins.
    pub(super) fn position(&self, index: usize) -> (u64, u64) {
        let start = self.records[index].0;
        let lines = memchr::memchr_iter(b'\n', &self.body[..start as usize]).count();
        (lines as u64 + 1, u64::from(start))
    }
}

/// The response as text of the same length: a question mark replaces each byte that is not UTF-8, and spaces
/// replace a byte order mark. Later, only the records with such bytes are rejected.
fn to_utf8(body: &[u8]) -> Cow<'_, str> {
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

/// Converts an offset. elt.rest_source.max_response_bytes limits offsets to 2^30.
fn to_u32(offset: usize) -> Result<u32, PageError> {
    u32::try_from(offset).map_err(|_| PageError::Other {
        key: String::new(),
        wanted: "short enough",
    })
}

#[cfg(test)]
mod tests {
    use super::super::settings::Pagination;
    use super::*;

    fn read(body: impl Into<Vec<u8>>) -> Result<Page, PageError> {
        Page::read(body.into(), &Settings::for_tests(), None).map_err(|(error, _)| error)
    }

    fn read_with(body: &str, settings: &Settings) -> Result<Page, PageError> {
        Page::read(body.into(), settings, None).map_err(|(error, _)| error)
    }

    fn records(page: &Page) -> Vec<&str> {
        (0..page.len())
            .map(|index| std::str::from_utf8(page.record(index)).unwrap_or("not UTF-8"))
            .collect()
    }

    #[test]
    fn records_are_the_original_bytes() -> Result<(), PageError> {
        let body = "\u{feff}{\"count\": 2, \"next\": null, \"prev\":null,\n \"results\": \
                    [ {\"a\":  1.50}, {\"b\":\"]\\\"\u{e9}\"} ]}\n";
        let page = read(body)?;
        assert_eq!(
            records(&page),
            ["{\"a\":  1.50}", "{\"b\":\"]\\\"\u{e9}\"}"]
        );
        assert_eq!(
            (page.report.count, &page.report.next),
            (Some(2), &Some(None))
        );
        let second = body.find("{\"b\"").map(|at| at as u64);
        assert_eq!(page.position(1), (2, second.unwrap_or_default()));
        Ok(())
    }

    #[test]
    fn rejects_only_records_that_cannot_be_staged() -> Result<(), PageError> {
        let mut body =
            b"{\"count\":4,\"next\":\"/?page=2\",\"results\":[{\"a\":\"\xff\"},".to_vec();
        body.extend(b"{\"a\":\"\\u0000\"},7,{\"a\":\"\\ud800\"},{\"a\":1}]}");
        let page = read(body)?;
        let refused: Vec<usize> = (0..page.len())
            .filter(|index| page.refusal(*index).is_some())
            .collect();
        assert_eq!(refused, [0, 1, 2, 3]);
        assert_eq!(page.record(0), b"{\"a\":\"\xff\"}");
        assert_eq!(page.report.next, Some(Some("/?page=2".into())));
        Ok(())
    }

    #[test]
    fn finds_nested_keys_and_a_page_that_is_an_array() -> Result<(), PageError> {
        let mut settings = Settings::for_tests();
        settings.records_at = "data.items".into();
        settings.count_at = None;
        settings.next_at = "links.next".into();
        let body = "{\"data\":{\"items\":[{}]},\"links\":{\"next\":\"\"}}";
        let page = read_with(body, &settings)?;
        assert_eq!(
            (page.len(), page.report.count, page.report.next),
            (1, None, Some(None))
        );
        settings.next_at = "@odata.nextLink".into();
        let body = "{\"data\":{\"items\":[]},\"@odata.nextLink\":\"/2\"}";
        let page = read_with(body, &settings)?;
        assert_eq!(page.report.next, Some(Some("/2".into())));
        settings.records_at = String::new();
        settings.pagination = Pagination::None;
        assert_eq!(read_with("[{},{}]", &settings)?.len(), 2);
        Ok(())
    }

    #[test]
    fn reports_what_is_wrong_with_a_page() {
        let message = |body: &str| {
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
            message("\n<html>"),
            "it is not JSON from byte 1 on: expected value"
        );
        assert_eq!(
            message("{\"count\":1,\"next\":null,\"items\":[]}"),
            "it has no \"results\"; it has: count, items, next"
        );
        assert_eq!(message("[]"), "it has no \"results\"");
        assert_eq!(
            message("{\"count\":\"one\",\"next\":null,\"results\":[]}"),
            "its \"count\" is not a number of records"
        );
        assert_eq!(
            message("{\"count\":1,\"next\":7,\"results\":[]}"),
            "its \"next\" is not an address or null"
        );
        assert_eq!(
            message("{\"count\":1,\"next\":null,\"results\":{}}"),
            "its \"results\" is not an array"
        );
    }

    #[test]
    fn a_response_may_report_an_error_although_its_status_is_200() {
        let mut settings = Settings::for_tests();
        settings.errors_at = Some("errors".into());
        settings.count_at = None;
        let read = |errors: &str| {
            let body = format!("{{\"errors\":{errors},\"results\":[]}}");
            read_with(&body, &settings).err()
        };
        assert_eq!(read("[]"), None);
        assert_eq!(read("null"), None);
        let key = "errors".to_string();
        assert_eq!(
            read("[{\"message\":\"no\"}]"),
            Some(PageError::Reported { key })
        );
    }
}
