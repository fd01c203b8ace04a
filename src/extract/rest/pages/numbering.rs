//! Computes the requests for numbered pages, so that several can be requested at once.

use super::Pages;
use crate::extract::rest::page::Page;
use crate::extract::rest::request::PageRequest;
use crate::extract::rest::settings::Pagination;
use serde_json::Value;

/// Parts of the names of parameters for the number of records per page.
const SIZE_NAMES: [&str; 5] = ["limit", "size", "count", "per", "top"];

/// Requests that differ only in one number.
pub(super) struct Numbering {
    /// The request for the second page.
    second: PageRequest,
    /// The parameter that has the number.
    parameter: String,
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
        let size = page.counted;
        let (parameter, number) = match self.pagination {
            // The number of a cursor is not that of a page.
            Pagination::Cursor => return None,
            Pagination::Next | Pagination::Link => self.number_in_address(&second, size)?,
            _ => (self.parameter.clone(), second.number(&self.parameter)?),
        };
        // An offset is a number of records.
        let step = match self.pagination {
            Pagination::Offset => size,
            Pagination::Next | Pagination::Link if number == size && size > 2 => size,
            _ => 1,
        };
        Some(Numbering {
            second,
            parameter,
            number,
            step,
            pages: self.page_count.or_else(|| {
                self.count
                    .filter(|_| size > 0)
                    .map(|count| count.div_ceil(size))
            }),
        })
    }

    /// The parameter with the number of the second page, or with the number of records before it. The server chose its
    /// name. If the guess is wrong, later pages name other addresses, and those requested ahead are discarded.
    fn number_in_address(&self, second: &PageRequest, size: u64) -> Option<(String, u64)> {
        if let Some(number) = second.number(&self.parameter) {
            return Some((self.parameter.clone(), number));
        }
        let is_new = |name: &str, number: u64| {
            let before = self.first.number(name);
            // The size of a page may be new in the address, too.
            let is_size = SIZE_NAMES.iter().any(|word| name.contains(word));
            before != Some(number)
                && !is_size
                && (number == size || number == before.unwrap_or(1).saturating_add(1))
        };
        let pairs = second.url.query_pairs();
        let numbers = pairs.filter_map(|(name, value)| Some((name, value.parse::<u64>().ok()?)));
        let mut found = numbers.filter(|(name, number)| is_new(name, *number));
        let (name, number) = found.next()?;
        found.next().is_none().then(|| (name.into_owned(), number))
    }
}

impl Numbering {
    /// The request for a page from the second on.
    pub(super) fn request(&self, page: u64) -> PageRequest {
        // The server may report any number. A wrong one fails when it is requested.
        let number = (page - 2)
            .saturating_mul(self.step)
            .saturating_add(self.number);
        self.second.with(&self.parameter, &Value::from(number))
    }
}
