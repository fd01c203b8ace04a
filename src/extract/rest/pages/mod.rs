//! The sequence of an API's pages: the address of the next page, and the addresses of later pages if they are known.
//! Any inconsistency ends the load, because records may be missing.

mod checks;
mod numbering;
#[cfg(test)]
mod tests;

use super::address::{self, shown};
use super::page::Page;
use super::settings::{Pagination, Settings};
use crate::failure::{Exit, Failure};
use numbering::Numbering;
use reqwest::Url;
use std::collections::HashMap;

pub(super) struct Pages {
    base: Url,
    pagination: Pagination,
    parameter: String,
    next_at: String,
    /// The number of accepted pages.
    pages: u64,
    /// The number of consecutive empty pages, up to the latest page.
    empty_pages: u64,
    /// The number of records on the accepted pages.
    pub(super) records: u64,
    /// The number of records that the server reports.
    count: Option<u64>,
    numbering: Option<Numbering>,
    first: Url,
    /// The page of each address.
    addresses: HashMap<String, u64>,
    /// The page of each fingerprint.
    fingerprints: HashMap<[u8; 32], u64>,
}

impl Pages {
    pub(super) fn new(settings: &Settings, base: &Url) -> Pages {
        let mut first = address::join(base, &settings.path);
        if let Some(size) = settings.page_size {
            first = address::with_parameter(&first, &settings.page_size_parameter, size);
        }
        if matches!(settings.pagination, Pagination::Page | Pagination::Offset) {
            first = address::with_parameter(&first, &settings.page_parameter, settings.first_page);
        }
        Pages {
            base: base.clone(),
            pagination: settings.pagination,
            parameter: settings.page_parameter.clone(),
            next_at: settings.next_at.clone(),
            pages: 0,
            empty_pages: 0,
            records: 0,
            count: None,
            numbering: None,
            addresses: HashMap::from([(first.to_string(), 1)]),
            first,
            fingerprints: HashMap::new(),
        }
    }

    pub(super) fn first(&self) -> &Url {
        &self.first
    }

    /// The number of the latest page.
    pub(super) fn latest(&self) -> u64 {
        self.pages
    }

    /// The number of all pages, if known.
    pub(super) fn total(&self) -> Option<u64> {
        self.numbering.as_ref()?.pages
    }

    /// Accepts the page at `url` as the next one. Returns the address of the page after it; None at the end.
    pub(super) fn accept(&mut self, url: &Url, page: &Page) -> Result<Option<Url>, Failure> {
        self.pages += 1;
        let here = format!("page {} ({})", self.pages, shown(url, &self.parameter));
        self.check_count(&here, page)?;
        self.check_repeated_records(&here, page)?;
        let next = match self.pagination {
            Pagination::None | Pagination::Link | Pagination::Cursor => None,
            Pagination::Page => self.numbered_next(page, self.pages),
            Pagination::Offset => self.numbered_next(page, self.records),
            Pagination::Next => self.linked_next(&here, url, page)?,
        };
        self.empty_pages = if page.len() == 0 {
            self.empty_pages + 1
        } else {
            0
        };
        self.check_next(&here, next.as_ref())?;
        if self.pages == 1 {
            self.numbering = self.numbering(page, next.as_ref());
        }
        Ok(next)
    }

    /// The address that the page names as the next one.
    fn linked_next(&self, here: &str, url: &Url, page: &Page) -> Result<Option<Url>, Failure> {
        match &page.next {
            Some(None) => Ok(None),
            // Some APIs omit the key on the last page. Then the count or an earlier page shows that the key is right.
            None if self.count.is_some() || self.pages > 1 => Ok(None),
            None => Err(
                Failure::new(Exit::Failed, format!("{here} has no \"{}\"", self.next_at))
                    .hint("If there is only one page, set elt.rest_source.pagination to 'none'."),
            ),
            Some(Some(next)) => match address::follow(&self.base, url, next) {
                Ok(next) => Ok(Some(next)),
                Err(problem) => Err(Failure::new(
                    Exit::Failed,
                    format!("{here} names a next page {problem}"),
                )
                .detail("elt did not request it, because the request would contain the token.")
                .hint(
                    "If the server reports a wrong host and numbers its pages, set \
                     elt.rest_source.pagination to 'page'.",
                )),
            },
        }
    }

    /// The addresses of the following pages, as far as they are known; `next` first, at most `limit`. `accept` shows
    /// later whether they are right.
    pub(super) fn addresses_ahead(&self, next: &Url, limit: usize) -> Vec<Url> {
        let mut ahead = vec![next.clone()];
        if let Some(numbering) = &self.numbering
            && let Some(pages) = numbering.pages
            && numbering.url(self.pages + 1, &self.parameter) == *next
        {
            let further = self.pages + 2..=pages;
            let urls = further.map(|page| numbering.url(page, &self.parameter));
            ahead.extend(urls.take(limit.saturating_sub(1)));
        }
        ahead
    }

    /// The address of the next page if pages are numbered. `further`: the difference to the number of the first page.
    fn numbered_next(&self, page: &Page, further: u64) -> Option<Url> {
        let is_last = self.count.is_some_and(|count| self.records >= count);
        if is_last || page.len() == 0 {
            return None;
        }
        let number = address::parameter(&self.first, &self.parameter)?.saturating_add(further);
        Some(address::with_parameter(
            &self.first,
            &self.parameter,
            number,
        ))
    }
}
