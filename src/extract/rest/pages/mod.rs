//! The sequence of an API's pages: the address of the next page, and the addresses of later pages if they are known.
//! Any inconsistency ends the load, because records may be missing.

mod checks;
mod next;
mod numbering;
#[cfg(test)]
mod tests;

use super::page::Page;
use super::request::PageRequest;
use super::settings::{OnChange, Pagination, Settings};
use super::tokens::Tokens;
use crate::failure::Failure;
use numbering::Numbering;
use reqwest::Url;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) struct Pages {
    base: Url,
    /// The secrets that messages must not show.
    tokens: Arc<Tokens>,
    pagination: Pagination,
    /// The parameter that differs between pages.
    parameter: String,
    next_at: String,
    cursor_at: String,
    /// The number of accepted pages.
    pages: u64,
    /// The number of consecutive empty pages, up to the latest page.
    empty_pages: u64,
    /// The number of records on the accepted pages, as the server counts them.
    pub(super) records: u64,
    /// The number of records that the server reports.
    count: Option<u64>,
    /// The number of pages that the server reports.
    page_count: Option<u64>,
    /// The number of records that were requested per page.
    page_size: Option<u64>,
    on_change: OnChange,
    /// Whether to go on if the data changes. If not, a change is an error.
    pub(super) accepts_changes: bool,
    /// The first change that was accepted.
    pub(super) change: Option<String>,
    numbering: Option<Numbering>,
    first: PageRequest,
    /// The page of each request.
    requests: HashMap<String, u64>,
    /// The page of each fingerprint.
    fingerprints: HashMap<[u8; 32], u64>,
    /// Whether a header `Link` that is not followed was mentioned.
    has_mentioned_link: bool,
    /// Whether an element had the key of the nested records, or there was no element.
    has_nested: bool,
}

impl Pages {
    /// `since`: the text of `since_parameter`, which is sent with the first request.
    pub(super) fn new(
        settings: &Settings,
        base: &Url,
        tokens: Arc<Tokens>,
        since: Option<&str>,
    ) -> Pages {
        let mut first = PageRequest::new(settings, base);
        if let (Some(parameter), Some(since)) = (&settings.since_parameter, since) {
            first = first.with(parameter, &Value::from(since));
        }
        if let Some(size) = settings.page_size {
            first = first.with(&settings.page_size_parameter, &Value::from(size));
        }
        let parameter = match settings.pagination {
            Pagination::Cursor => &settings.cursor_parameter,
            _ => &settings.page_parameter,
        };
        if matches!(settings.pagination, Pagination::Page | Pagination::Offset) {
            first = first.with(parameter, &Value::from(settings.first_page));
        }
        Pages {
            base: base.clone(),
            tokens,
            pagination: settings.pagination,
            parameter: parameter.clone(),
            next_at: settings.next_at.clone(),
            cursor_at: settings.cursor_at.clone().unwrap_or_default(),
            pages: 0,
            empty_pages: 0,
            records: 0,
            count: None,
            page_count: None,
            page_size: settings.page_size,
            on_change: settings.on_change,
            accepts_changes: false,
            change: None,
            numbering: None,
            requests: HashMap::from([(first.identity(), 1)]),
            first,
            fingerprints: HashMap::new(),
            has_mentioned_link: false,
            has_nested: false,
        }
    }

    pub(super) fn first(&self) -> &PageRequest {
        &self.first
    }

    /// The number of the latest page.
    pub(super) fn latest(&self) -> u64 {
        self.pages
    }

    /// The number of all pages, if known.
    pub(super) fn total(&self) -> Option<u64> {
        self.page_count.or_else(|| {
            self.numbering
                .as_ref()
                .and_then(|numbering| numbering.pages)
        })
    }

    /// Accepts the page of this request as the next one. Returns the request for the page after it; None at the end.
    pub(super) fn accept(
        &mut self,
        request: &PageRequest,
        page: &Page,
    ) -> Result<Option<PageRequest>, Failure> {
        self.pages += 1;
        let here = self.name(self.pages, request);
        self.check_count(&here, page)?;
        self.check_repeated_records(&here, page)?;
        self.has_nested |= !page.lacks_nested;
        let next = match self.pagination {
            Pagination::None => None,
            Pagination::Page => self.numbered_next(page, self.pages),
            Pagination::Offset => self.numbered_next(page, self.records),
            Pagination::Next => self.linked_next(&here, request, page)?,
            Pagination::Link => self.link_header_next(&here, request, page)?,
            Pagination::Cursor => self.cursor_next(&here, page)?,
        };
        self.empty_pages = if page.counted == 0 {
            self.empty_pages + 1
        } else {
            0
        };
        self.check_next(&here, next.as_ref())?;
        self.mention_link(&here, request, page, next.as_ref());
        if self.pages == 1 {
            self.numbering = self.numbering(page, next.as_ref());
        }
        Ok(next)
    }

    /// Accepts that there is no page for this request: the pages end before it.
    ///
    /// # Errors
    /// If the server counted more records or pages, and changes are not accepted.
    pub(super) fn accept_missing(&mut self, request: &PageRequest) -> Result<(), Failure> {
        let here = self.name(self.pages + 1, request);
        self.check_end(&format!("{here}, which does not exist"))
    }

    /// The name of a page for messages.
    fn name(&self, number: u64, request: &PageRequest) -> String {
        format!(
            "page {number} ({})",
            request.shown(&self.parameter, &self.tokens)
        )
    }

    /// The request for the following pages, as far as they are known; `next` first, at most `limit`. `accept` shows
    /// later whether they are right.
    pub(super) fn requests_ahead(&self, next: &PageRequest, limit: usize) -> Vec<PageRequest> {
        let mut ahead = vec![next.clone()];
        if let Some(numbering) = &self.numbering
            && let Some(pages) = numbering.pages
            && numbering.request(self.pages + 1) == *next
        {
            let further = self.pages + 2..=pages;
            let requests = further.map(|page| numbering.request(page));
            ahead.extend(requests.take(limit.saturating_sub(1)));
        }
        ahead
    }
}
