//! What a page reports about the other pages: counts, and how to request the next one.

use super::members::Members;
use super::page_error::PageError;
use super::settings::{Pagination, Settings};
use super::shape::scalar_text;
use serde_json::Value;

/// What a page reports about the other pages.
#[derive(Default)]
pub(super) struct PageReport {
    /// The number of all records.
    pub(super) count: Option<u64>,
    /// The number of all pages.
    pub(super) pages: Option<u64>,
    /// Whether there are more pages.
    pub(super) has_more: Option<bool>,
    /// The address of the next page as written in the response; Some(None) for null; None if the key is missing.
    pub(super) next: Option<Option<String>>,
    /// The cursor of the next page; Some(None) for null; None if the key is missing.
    pub(super) cursor: Option<Option<Value>>,
    /// The address of the next page in the header `Link`.
    pub(super) link: Option<String>,
}

impl PageReport {
    /// `response`: the members of the page.
    pub(super) fn read(
        response: &Members<'_>,
        settings: &Settings,
    ) -> Result<PageReport, PageError> {
        let number = |key: &Option<String>, wanted| match key {
            Some(key) => read_number(response, key, wanted).map(Some),
            None => Ok(None),
        };
        let is_next = settings.pagination == Pagination::Next;
        let cursor_key = settings.cursor_at.as_deref();
        let cursor_key = cursor_key.filter(|_| settings.pagination == Pagination::Cursor);
        Ok(PageReport {
            count: number(&settings.count_at, "a number of records")?,
            pages: number(&settings.pages_at, "a number of pages")?,
            has_more: match &settings.more_at {
                Some(key) => Some(read_boolean(response, key)?),
                None => None,
            },
            next: if is_next {
                read_next(response, &settings.next_at)?
            } else {
                None
            },
            cursor: match cursor_key {
                Some(key) => read_cursor(response, key)?,
                None => None,
            },
            link: None,
        })
    }
}

fn read_number(response: &Members<'_>, key: &str, wanted: &'static str) -> Result<u64, PageError> {
    // Some APIs write the number as a string.
    let digits = response.value_at(key)?.trim_matches('"');
    digits.parse().map_err(|_| PageError::Other {
        key: key.into(),
        wanted,
    })
}

fn read_boolean(response: &Members<'_>, key: &str) -> Result<bool, PageError> {
    match response.value_at(key)?.trim_matches('"') {
        "true" | "1" => Ok(true),
        "false" | "0" | "null" => Ok(false),
        _ => Err(PageError::Other {
            key: key.into(),
            wanted: "true or false",
        }),
    }
}

fn read_next(response: &Members<'_>, key: &str) -> Result<Option<Option<String>>, PageError> {
    let Ok(value) = response.value_at(key) else {
        return Ok(None);
    };
    if value == "false" {
        return Ok(Some(None));
    }
    serde_json::from_str::<Option<String>>(value)
        .map(|next| Some(next.filter(|next| !next.is_empty())))
        .map_err(|_| PageError::Other {
            key: key.into(),
            wanted: "an address or null",
        })
}

fn read_cursor(response: &Members<'_>, key: &str) -> Result<Option<Option<Value>>, PageError> {
    let Ok(value) = response.value_at(key) else {
        return Ok(None);
    };
    if matches!(value, "null" | "false" | "\"\"") {
        return Ok(Some(None));
    }
    match scalar_text(value) {
        // A long number is sent as it is written.
        Some(text) => Ok(Some(Some(match serde_json::from_str(value) {
            Ok(Value::Number(number)) if number.to_string() == text => Value::Number(number),
            _ => Value::String(text),
        }))),
        None => Err(PageError::Other {
            key: key.into(),
            wanted: "a text, a number or null",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_cursors_and_whether_there_are_more_pages() {
        let mut settings = Settings::for_tests();
        settings.pagination = Pagination::Cursor;
        settings.count_at = None;
        settings.cursor_at = Some("meta.cursor".into());
        let report = |settings: &Settings, meta: &str| {
            let body = format!("{{\"meta\":{meta}}}");
            PageReport::read(&Members::parse(&body)?, settings)
        };
        let cursor = |meta: &str| report(&settings, meta).map(|report| report.cursor);
        assert_eq!(cursor("{\"cursor\":\"a\"}"), Ok(Some(Some("a".into()))));
        assert_eq!(cursor("{\"cursor\":7}"), Ok(Some(Some(7.into()))));
        let long = "123456789012345678901";
        assert_eq!(
            cursor(&format!("{{\"cursor\":{long}}}")),
            Ok(Some(Some(long.into())))
        );
        for end in ["null", "\"\"", "false"] {
            assert_eq!(cursor(&format!("{{\"cursor\":{end}}}")), Ok(Some(None)));
        }
        assert_eq!(cursor("{}"), Ok(None));
        assert!(cursor("{\"cursor\":[1]}").is_err());
        let mut with_more = settings.clone();
        with_more.more_at = Some("meta.more".into());
        let more = |meta: &str| report(&with_more, meta).map(|report| report.has_more);
        assert_eq!(more("{\"more\":true}"), Ok(Some(true)));
        assert_eq!(more("{\"more\":null}"), Ok(Some(false)));
        assert!(more("{}").is_err());
    }
}
