//! A request for a listing. parse.rs reads it from an address, and this file writes it back.

use super::filter::Filter;
use super::names::joined;
use super::period::Period;
use super::sort::{Sort, led_by, texts};
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::encoded;

/// Sizes of a page, in rows.
pub(crate) const SIZES: [u64; 4] = [25, 50, 100, 500];
/// Rows of a page, unless the request has another size.
pub(crate) const PAGE_ROWS: u64 = 50;
/// Limits, because each word and each filter is tested for every row.
const MAX_WORDS: usize = 12;
const MAX_FILTERS: usize = 20;
/// Limit of the values that columns may have, which take less time.
const MAX_VALUES: usize = 60;
/// Longest search, in bytes.
const LONGEST_SEARCH: usize = 300;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    /// The order. Empty for the usual one.
    pub(crate) sort: Vec<Sort>,
    /// Words that must each occur in some column.
    pub(crate) search: String,
    /// Several values of one column that it "is" are alternatives. All other filters must be true.
    pub(crate) filters: Vec<Filter>,
    /// Period of the listing's date column.
    pub(crate) period: Option<Period>,
    /// The shown columns, in order. Empty for the usual ones.
    pub(crate) columns: Vec<String>,
    /// Columns whose values are counted, besides the usual ones.
    pub(crate) facets: Vec<String>,
    /// Rows of a page.
    pub(crate) size: u64,
    /// Page number, from 1, or from the end: -1 is the last page.
    pub(crate) page: i64,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            sort: Vec::new(),
            search: String::new(),
            filters: Vec::new(),
            period: None,
            columns: Vec::new(),
            facets: Vec::new(),
            size: PAGE_ROWS,
            page: 1,
        }
    }
}

impl Request {
    /// The reason why a search is too wide.
    pub(crate) fn search_problem(&self) -> Option<String> {
        let words = self.search.split_whitespace().count();
        let is_wide = self.search.len() > LONGEST_SEARCH || words > MAX_WORDS;
        is_wide.then(|| {
            format!("A search has at most {MAX_WORDS} words and {LONGEST_SEARCH} letters.")
        })
    }

    pub(crate) fn require_few_filters(&self) -> WebResult<()> {
        let filters = self.filters.iter();
        let (values, others): (Vec<&Filter>, Vec<&Filter>) =
            filters.partition(|filter| filter.is_alternative());
        if others.len() > MAX_FILTERS || values.len() > MAX_VALUES {
            Err(WebError::Bad(format!(
                "There are at most {MAX_FILTERS} filters, and {MAX_VALUES} values of columns."
            )))
        } else {
            Ok(())
        }
    }

    /// Whether the request selects rows, and does not only order or show them.
    pub(crate) fn is_restricted(&self) -> bool {
        !self.filters.is_empty() || !self.search.is_empty() || self.period.is_some()
    }

    /// The request as form fields.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if !self.search.is_empty() {
            pairs.push(("q".into(), self.search.clone()));
        }
        for filter in &self.filters {
            pairs.push((filter.name(), filter.value.clone()));
        }
        if let Some(period) = &self.period {
            pairs.push(("date".into(), period.text.clone()));
        }
        for (name, texts) in [
            ("sort", texts(&self.sort)),
            ("columns", joined(&self.columns)),
            ("facet", joined(&self.facets)),
        ] {
            pairs.extend(texts.into_iter().map(|text| (name.into(), text)));
        }
        if self.size != PAGE_ROWS {
            pairs.push(("size".into(), self.size.to_string()));
        }
        if self.page != 1 {
            pairs.push(("page".into(), self.page.to_string()));
        }
        pairs
    }

    /// The request as a query string.
    pub(crate) fn query(&self) -> String {
        let pairs = self.pairs();
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    pub(crate) fn on_page(&self, page: i64) -> Request {
        Request {
            page,
            ..self.clone()
        }
    }

    pub(crate) fn on_date(&self, text: Option<&str>) -> Request {
        Request {
            period: text.and_then(Period::parse),
            page: 1,
            ..self.clone()
        }
    }

    /// Sorts by a column first, or reverses it if it is the first. `usual`: the order that the list has without one.
    pub(crate) fn sorted_by(&self, column: &str, usual: &[Sort]) -> Request {
        let now = if self.sort.is_empty() {
            usual
        } else {
            &self.sort
        };
        Request {
            sort: led_by(now, column),
            page: 1,
            ..self.clone()
        }
    }

    /// Replaces the filters.
    pub(crate) fn filtered(&self, filters: Vec<Filter>) -> Request {
        Request {
            filters,
            page: 1,
            ..self.clone()
        }
    }

    pub(crate) fn without(&self, filter: &Filter) -> Request {
        let filters = self.filters.iter().filter(|each| *each != filter);
        self.filtered(filters.cloned().collect())
    }

    /// Counts the values of one more column.
    pub(crate) fn with_facet(&self, column: &str) -> Request {
        let mut request = self.without_facet(column);
        request.facets.push(column.into());
        request
    }

    pub(crate) fn without_facet(&self, column: &str) -> Request {
        let facets = self.facets.iter().filter(|each| *each != column);
        Request {
            facets: facets.cloned().collect(),
            page: 1,
            ..self.clone()
        }
    }
}
