//! Finds the request for the next page, for each kind of pagination.

use super::Pages;
use crate::extract::rest::address;
use crate::extract::rest::page::Page;
use crate::extract::rest::request::PageRequest;
use crate::failure::{Exit, Failure};
use crate::terminal;
use serde_json::Value;

impl Pages {
    /// The request for the address that the page names as the next one.
    pub(super) fn linked_next(
        &self,
        here: &str,
        request: &PageRequest,
        page: &Page,
    ) -> Result<Option<PageRequest>, Failure> {
        match &page.report.next {
            _ if page.report.has_more == Some(false) => Ok(None),
            Some(None) => Ok(None),
            // Some APIs omit the key on the last page. Then the count or an earlier page shows that the key is right.
            None if self.count.is_some() || self.pages > 1 => Ok(None),
            None => Err(
                Failure::new(Exit::Failed, format!("{here} has no \"{}\"", self.next_at))
                    .hint("If there is only one page, set elt.rest_source.pagination to 'none'."),
            ),
            Some(Some(next)) if !address::is_address(&request.url, next) => Err(Failure::new(
                Exit::Failed,
                format!("the \"{}\" of {here} is not an address", self.next_at),
            )
            .detail("It may be a cursor, which elt never requests as an address.")
            .hint(
                "Set elt.rest_source.pagination to 'cursor', cursor_at to that key, and cursor_parameter to \
                 the parameter that takes it.",
            )),
            Some(Some(next)) => self.follow(here, request, next).map(Some),
        }
    }

    /// The request for the next page in the header `Link`.
    pub(super) fn link_header_next(
        &self,
        here: &str,
        request: &PageRequest,
        page: &Page,
    ) -> Result<Option<PageRequest>, Failure> {
        let Some(next) = &page.report.link else {
            self.warn_of_single_page(here, page, "header Link with a next page");
            return Ok(None);
        };
        self.follow(here, request, next).map(Some)
    }

    /// The request with the cursor of the page.
    pub(super) fn cursor_next(
        &self,
        here: &str,
        page: &Page,
    ) -> Result<Option<PageRequest>, Failure> {
        let cursor = match (&page.report.cursor, page.report.has_more) {
            (_, Some(false)) => return Ok(None),
            (Some(Some(cursor)), _) => cursor,
            // A page after the last one.
            (_, Some(true)) if page.counted > 0 => {
                let message = format!(
                    "{here} says that there are more pages, but has no \"{}\"",
                    self.cursor_at
                );
                return Err(Failure::new(Exit::Failed, message)
                    .hint("Check cursor_at and more_at in elt.rest_source."));
            }
            (found, _) => {
                if found.is_none() {
                    self.warn_of_single_page(here, page, &format!("\"{}\"", self.cursor_at));
                }
                return Ok(None);
            }
        };
        Ok(Some(self.first.with(&self.parameter, cursor)))
    }

    /// The request for the next page if pages are numbered. `further`: the difference to the number of the first page.
    pub(super) fn numbered_next(&self, page: &Page, further: u64) -> Option<PageRequest> {
        let reaches = |all: Option<u64>, number: u64| all.is_some_and(|all| number >= all);
        if reaches(self.count, self.records)
            || reaches(self.page_count, self.pages)
            || page.report.has_more == Some(false)
            || page.counted == 0
        {
            return None;
        }
        let number = self.first.number(&self.parameter)?.saturating_add(further);
        Some(self.first.with(&self.parameter, &Value::from(number)))
    }

    fn follow(
        &self,
        here: &str,
        request: &PageRequest,
        next: &str,
    ) -> Result<PageRequest, Failure> {
        match address::follow(&self.base, &request.url, next) {
            Ok(next) => Ok(request.at(next)),
            Err(problem) => Err(Failure::new(
                Exit::Failed,
                if self.tokens.contains_secret(&problem) {
                    format!("{here} names a next page on another host")
                } else {
                    format!("{here} names a next page {problem}")
                },
            )
            .detail("elt did not request it, because the request would contain the token.")
            .hint(
                "If the server reports a wrong host and numbers its pages, set \
                 elt.rest_source.pagination to 'page'.",
            )),
        }
    }

    /// Warns if the first page is taken for the only one although it may be full. Many APIs omit the key or the header
    /// on the last page, so that a wrong name looks like the end.
    fn warn_of_single_page(&self, here: &str, page: &Page, missing: &str) {
        let is_confirmed = self.count.is_some()
            || page.report.has_more.is_some()
            || self.page_size.is_some_and(|size| page.counted < size);
        if self.pages == 1 && page.counted > 0 && !is_confirmed {
            terminal::warn(format!(
                "{here} has no {missing}, and is taken for the only page"
            ));
        }
    }

    /// Mentions the first header `Link` that leads to another page than the one that is requested next.
    pub(super) fn mention_link(
        &mut self,
        here: &str,
        request: &PageRequest,
        page: &Page,
        next: Option<&PageRequest>,
    ) {
        let Some(link) = &page.report.link else {
            return;
        };
        let target = request.url.join(link).ok();
        let is_followed = match (next, &target) {
            (Some(next), Some(target)) => next.number(&self.parameter).map_or_else(
                || next.url == *target,
                |number| address::parameter(target, &self.parameter) == Some(number),
            ),
            _ => false,
        };
        // If the count is reached, no record is missing.
        let is_complete = next.is_none() && self.count == Some(self.records);
        if !is_followed && !is_complete && !self.has_mentioned_link {
            self.has_mentioned_link = true;
            terminal::warn(format!(
                "{here} has a next page in its header Link, which is not followed; to follow it, set \
                 elt.rest_source.pagination to 'link'"
            ));
        }
    }
}
