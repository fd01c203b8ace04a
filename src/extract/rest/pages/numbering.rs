//! Computes the addresses of numbered pages, so that several can be requested at once.

use super::Pages;
use crate::extract::rest::address;
use crate::extract::rest::page::Page;
use crate::extract::rest::settings::Pagination;
use reqwest::Url;

/// Addresses that differ only in one number.
pub(super) struct Numbering {
    /// The address of the second page.
    second: Url,
    /// The number in that address.
    number: u64,
    /// The difference between the numbers of two pages.
    step: u64,
    /// The number of all pages; `None` if the server did not report it.
    pub(super) pages: Option<u64>,
}

impl Pages {
    /// The numbering, from the first page and the address of the second.
    pub(super) fn numbering(&self, page: &Page, next: Option<&Url>) -> Option<Numbering> {
        let second = next?.clone();
        let number = address::parameter(&second, &self.parameter)?;
        let size = page.len() as u64;
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
            pages: self
                .count
                .filter(|_| size > 0)
                .map(|count| count.div_ceil(size)),
        })
    }
}

impl Numbering {
    /// The address of a page from the second on.
    pub(super) fn url(&self, page: u64, parameter: &str) -> Url {
        // The server may report any number. A wrong address fails when it is requested.
        let number = (page - 2)
            .saturating_mul(self.step)
            .saturating_add(self.number);
        address::with_parameter(&self.second, parameter, number)
    }
}
