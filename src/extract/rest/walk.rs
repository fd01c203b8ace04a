//! The way through an API's pages: which comes next, whether they fit together, and which addresses
//! can be told beforehand. Any inconsistency ends the load, because records may be missing.

use super::address::{self, shown};
use super::page::Page;
use super::settings::{Pagination, Settings};
use crate::failure::{Exit, Failure};
use reqwest::Url;
use std::collections::HashMap;

/// One after another. An API that filters its records may have some.
const MOST_EMPTY_PAGES: u64 = 10;

pub(super) struct Walk {
    base: Url,
    pagination: Pagination,
    parameter: String,
    next_at: String,
    /// Pages so far.
    pages: u64,
    /// Pages without a record, the latest ones.
    empty_pages: u64,
    /// Records so far.
    pub(super) records: u64,
    count: Option<u64>,
    numbering: Option<Numbering>,
    first: Url,
    /// Pages by their address.
    addresses: HashMap<String, u64>,
    /// Pages by what they hold.
    fingerprints: HashMap<[u8; 32], u64>,
}

/// Addresses that differ in one number only.
struct Numbering {
    /// Of the second page.
    second: Url,
    number: u64,
    step: u64,
    /// The number of all pages; `None` if the server did not report it.
    pages: Option<u64>,
}

impl Walk {
    pub(super) fn new(settings: &Settings, base: &Url) -> Walk {
        let mut first = address::join(base, &settings.path);
        if let Some(size) = settings.page_size {
            first = address::with_parameter(&first, &settings.page_size_parameter, size);
        }
        if matches!(settings.pagination, Pagination::Page | Pagination::Offset) {
            first = address::with_parameter(&first, &settings.page_parameter, settings.first_page);
        }
        Walk {
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

    /// Pages so far: the number of the latest.
    pub(super) fn pages(&self) -> u64 {
        self.pages
    }

    /// Pages in all, as far as that can be told.
    pub(super) fn pages_in_all(&self) -> Option<u64> {
        self.numbering.as_ref()?.pages
    }

    /// Takes the page at `url` as the next one. The address of the one after it; None at the end.
    pub(super) fn accept(&mut self, url: &Url, page: &Page) -> Result<Option<Url>, Failure> {
        self.pages += 1;
        let here = || format!("page {} ({})", self.pages, shown(url, &self.parameter));
        if self.pages == 1 {
            self.count = page.count;
        } else if page.count != self.count {
            return Err(Failure::new(
                Exit::Failed,
                format!(
                    "{} counts {} records, and page 1 counted {}",
                    here(),
                    page.count.unwrap_or_default(),
                    self.count.unwrap_or_default()
                ),
            )
            .detail("The data changed during the load: records may be missing or duplicated.")
            .hint("Load again when the data does not change."));
        }
        self.records += page.len() as u64;
        if self.count.is_some_and(|count| self.records > count) {
            return Err(self.wrong_count(&here()));
        }
        // Repeated records can make two pages of one record equal; that these end the count tells.
        let is_telling = page.len() > 1 || (page.len() == 1 && self.count.is_none());
        if is_telling && let Some(earlier) = self.fingerprints.insert(page.fingerprint, self.pages)
        {
            return Err(Failure::new(
                Exit::Failed,
                format!("{} has the same records as page {earlier}", here()),
            )
            .detail("The server seems to return the same page for several addresses.")
            .hint(
                "Check pagination and page_parameter in elt.rest_source. If the records really repeat, \
                 use larger pages: page_size.",
            ));
        }
        let next = match self.pagination {
            Pagination::None => None,
            Pagination::Page => self.numbered_next(page, self.pages),
            Pagination::Offset => self.numbered_next(page, self.records),
            Pagination::Next => match &page.next {
                Some(None) => None,
                // Some leave it out on the last page. That it is the last is to be seen elsewhere.
                None if self.count.is_some() || self.pages > 1 => None,
                None => {
                    return Err(Failure::new(
                        Exit::Failed,
                        format!("{} has no \"{}\"", here(), self.next_at),
                    )
                    .hint("If there is only one page, set elt.rest_source.pagination to 'none'."));
                }
                Some(Some(next)) => {
                    Some(address::follow(&self.base, url, next).map_err(|problem| {
                        Failure::new(
                            Exit::Failed,
                            format!("{} names a next page {problem}", here()),
                        )
                        .detail(
                            "elt did not request it, because the request would contain the token.",
                        )
                        .hint(
                            "If the server reports a wrong host and numbers its pages, set \
                         elt.rest_source.pagination to 'page'.",
                        )
                    })?)
                }
            },
        };
        self.empty_pages = match page.len() {
            0 => self.empty_pages + 1,
            _ => 0,
        };
        match &next {
            Some(_) if self.empty_pages > MOST_EMPTY_PAGES => {
                return Err(Failure::new(
                    Exit::Failed,
                    format!(
                        "{} and the pages before it are empty, but name a next page",
                        here()
                    ),
                )
                .detail("The pages seem to be endless."));
            }
            Some(next) => {
                if let Some(earlier) = self.addresses.insert(next.to_string(), self.pages + 1) {
                    return Err(Failure::new(
                        Exit::Failed,
                        format!("{} names page {earlier} as the next one", here()),
                    )
                    .detail("The pages form a loop.")
                    .hint("Check next_at in elt.rest_source."));
                }
            }
            None if self.count.is_some_and(|count| self.records < count) => {
                return Err(self.wrong_count(&here()));
            }
            None => {}
        }
        if self.pages == 1 {
            self.numbering = self.numbering(page, next.as_ref());
        }
        Ok(next)
    }

    /// The addresses that follow, `next` first, as far as they can be told; at most `limit`. That
    /// they are right is seen when their turn comes.
    pub(super) fn ahead(&self, next: &Url, limit: usize) -> Vec<Url> {
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

    /// For pages that name no next one.
    fn numbered_next(&self, page: &Page, further: u64) -> Option<Url> {
        let is_last = match self.count {
            Some(count) => self.records >= count,
            None => false,
        };
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

    /// From the first page and the address of the second.
    fn numbering(&self, page: &Page, next: Option<&Url>) -> Option<Numbering> {
        let second = next?.clone();
        let number = address::parameter(&second, &self.parameter)?;
        let size = page.len() as u64;
        // An offset counts records.
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

    fn wrong_count(&self, here: &str) -> Failure {
        Failure::new(
            Exit::Failed,
            format!(
                "{} records up to {here}, but the server counts {}",
                self.records,
                self.count.unwrap_or_default()
            ),
        )
        .detail("Records are missing or duplicated.")
        .hint(
            "Load again. If that does not help, the server's pages are wrong, or pagination, first_page and \
             page_parameter in elt.rest_source do not match the API.",
        )
    }
}

impl Numbering {
    /// `page`: from 2.
    fn url(&self, page: u64, parameter: &str) -> Url {
        // What a server says may be any number; a wrong address is seen when its turn comes.
        let number = (page - 2)
            .saturating_mul(self.step)
            .saturating_add(self.number);
        address::with_parameter(&self.second, parameter, number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pagination: Pagination) -> Settings {
        let mut settings = Settings::for_tests();
        settings.pagination = pagination;
        settings
    }

    fn walk(settings: &Settings) -> Walk {
        Walk::new(settings, &Url::parse("http://h/v1").unwrap())
    }

    /// A page of these records.
    fn page(settings: &Settings, count: u64, next: &str, records: &[u64]) -> Page {
        let body = format!("{{\"count\":{count},\"next\":{next},\"results\":{records:?}}}");
        Page::read(body.into(), settings).unwrap()
    }

    fn texts(urls: &[Url]) -> Vec<&str> {
        urls.iter().map(Url::as_str).collect()
    }

    #[test]
    fn links_are_followed_to_the_end() -> Result<(), Failure> {
        let settings = settings(Pagination::Next);
        let mut walk = walk(&settings);
        let first = walk.first().clone();
        assert_eq!(first.as_str(), "http://h/v1/things/");
        let next = page(&settings, 3, "\"?page=2\"", &[1, 2]);
        let second = walk.accept(&first, &next)?.unwrap();
        assert_eq!(second.as_str(), "http://h/v1/things/?page=2");
        assert_eq!(walk.pages_in_all(), Some(2));
        assert_eq!(
            walk.accept(&second, &page(&settings, 3, "null", &[3]))?,
            None
        );
        Ok(())
    }

    #[test]
    fn numbered_pages_are_known_beforehand() -> Result<(), Failure> {
        let settings = settings(Pagination::Next);
        let ahead = |count, next: &str, records: &[u64], limit| {
            let mut walk = walk(&settings);
            let first = walk.first().clone();
            let next = walk
                .accept(&first, &page(&settings, count, next, records))?
                .unwrap();
            Ok::<_, Failure>(walk.ahead(&next, limit))
        };
        let urls = ahead(7, "\"/?a=%2c&page=2&b=1\"", &[1, 2], 9)?;
        let expected = [2, 3, 4].map(|page| format!("http://h/?a=%2c&page={page}&b=1"));
        assert_eq!(texts(&urls), expected);
        assert_eq!(ahead(7, "\"/?page=2\"", &[1, 2], 2)?.len(), 2);
        assert_eq!(ahead(7, "\"/?cursor=x\"", &[1, 2], 9)?.len(), 1);
        // An offset.
        let urls = ahead(7, "\"/?page=3\"", &[1, 2, 3], 9)?;
        assert_eq!(texts(&urls), ["http://h/?page=3", "http://h/?page=6"]);
        // Whatever the server says.
        let urls = ahead(u64::MAX, &format!("\"/?page={}\"", u64::MAX), &[1], 3)?;
        assert_eq!(urls.len(), 3);
        Ok(())
    }

    #[test]
    fn pages_without_links_are_counted_up() -> Result<(), Failure> {
        let mut settings = settings(Pagination::Page);
        settings.first_page = 0;
        settings.page_size = Some(2);
        let mut walk = walk(&settings);
        let mut url = Some(walk.first().clone());
        assert_eq!(url.as_ref().unwrap().query(), Some("page_size=2&page=0"));
        let mut pages = 0;
        while let Some(here) = url {
            let records = [10 * pages, 10 * pages + 1];
            url = walk.accept(&here, &page(&settings, 6, "null", &records))?;
            pages += 1;
        }
        assert_eq!((pages, walk.records), (3, 6));
        Ok(())
    }

    #[test]
    fn offsets_count_records() -> Result<(), Failure> {
        let mut settings = settings(Pagination::Offset);
        settings.page_parameter = "offset".into();
        settings.first_page = 0;
        let mut walk = walk(&settings);
        let first = walk.first().clone();
        let next = walk
            .accept(&first, &page(&settings, 7, "null", &[1, 2, 3]))?
            .unwrap();
        let queries: Vec<_> = walk
            .ahead(&next, 9)
            .iter()
            .map(|url| url.query().map(String::from))
            .collect();
        assert_eq!(queries, [Some("offset=3".into()), Some("offset=6".into())]);
        let next = walk
            .accept(&next, &page(&settings, 7, "null", &[4, 5]))?
            .unwrap();
        assert_eq!(next.query(), Some("offset=5"), "a page may be shorter");
        Ok(())
    }

    #[test]
    fn the_last_page_may_leave_out_what_comes_next() -> Result<(), Failure> {
        let mut settings = settings(Pagination::Next);
        let bare = |settings: &Settings, body: &str| Page::read(body.into(), settings).unwrap();
        let mut counted = walk(&settings);
        let first = counted.first().clone();
        let last = bare(&settings, "{\"count\":1,\"results\":[1]}");
        assert_eq!(counted.accept(&first, &last)?, None);
        settings.count_at = None;
        let only = walk(&settings).accept(&first, &bare(&settings, "{\"results\":[1]}"));
        assert!(only.unwrap_err().to_string().contains("has no \"next\""));
        Ok(())
    }

    #[test]
    fn pages_without_end_are_left() {
        let mut settings = settings(Pagination::Next);
        let endless = |settings: &Settings, records: &[u64]| {
            let mut walk = walk(settings);
            let mut url = walk.first().clone();
            for number in 2..100 {
                let next = format!("\"?page={number}\"");
                match walk.accept(&url, &page(settings, 0, &next, records)) {
                    Ok(next) => url = next.unwrap(),
                    Err(failure) => return failure.to_string(),
                }
            }
            "none".into()
        };
        assert!(endless(&settings, &[]).contains("but name a next page"));
        settings.count_at = None;
        assert!(endless(&settings, &[7]).contains("the same records as page 1"));
    }

    #[test]
    fn equal_pages_of_one_record_are_no_repeat() -> Result<(), Failure> {
        let settings = settings(Pagination::Next);
        let mut walk = walk(&settings);
        let first = walk.first().clone();
        let second = walk
            .accept(&first, &page(&settings, 2, "\"?page=2\"", &[7]))?
            .unwrap();
        assert_eq!(
            walk.accept(&second, &page(&settings, 2, "null", &[7]))?,
            None
        );
        Ok(())
    }

    #[test]
    fn more_than_was_counted_is_too_much() {
        let settings = settings(Pagination::Next);
        let mut walk = walk(&settings);
        let first = walk.first().clone();
        let refused = walk.accept(&first, &page(&settings, 1, "null", &[1, 2]));
        assert!(
            refused
                .unwrap_err()
                .to_string()
                .contains("2 records up to ")
        );
    }
}
