//! Computes the requests for numbered pages, so that several can be requested at once.

use super::Pages;
use crate::extract::rest::page::Page;
use crate::extract::rest::request::PageRequest;
use crate::extract::rest::settings::Pagination;
use serde_json::Value;

/// Requests that differ only in one number.
pub(super) struct Numbering {
    /// The request for the second page.
    second: PageRequest,
    /// The number in that request.
    number: u64,
    /// The difference between the numbers of two pages.
    step: u64,
    /// The number of all pages; `None` if the server did not report it.
    pub(super) pages: Option<u64>,
}

impl Pages {
    /// The numbering, from the first page and the request for the second.
    pub(super) fn numbering(&self, page: &Page, next: Option<&PageRequest>) -> Option<Numbering> {
        let second = next?.clone();
        if self.pagination == Pagination::Cursor {
            // Its number is not that of a page.
            return None;
        }
        let number = second.number(&self.parameter)?;
        let size = page.counted;
        // An offset is a number of records.
        let step = match self.pagination {
            Pagination::Offset => size,
            Pagination::Next if number == size && size > 2 => size,
            _ => 1,
        };
        Some(Numbering {
            second,
            number,
            step,
            pages: self.page_count.or_else(|| {
                self.count
                    .filter(|_| size > 0)
                    .map(|count| count.div_ceil(size))
            }),
        })
    }
}

impl Numbering {
    /// The request for a page from the second on.
    pub(super) fn request(&self, page: u64, parameter: &str) -> PageRequest {
        // The server may report any number. A wrong one fails when it is requested.
        let number = (page - 2)
            .saturating_mul(self.step)
            .saturating_add(self.number);
        self.second.with(parameter, &Value::from(number))
    }
}
