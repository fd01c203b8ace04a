//! Parses the query string of a listing: `?sort=-month&q=words&f.month.gte=2026-01-01&page=2`. Names must be in the
//! catalogue, and values become parameters.

use super::filter::{Filter, Operator};
use super::period::Period;
use super::sort::{Sort, add, led_by, texts};
use crate::web::data::catalogue::{Column, Relation};
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::encoded;

/// Later pages are refused, because they are slow to reach. Users can filter instead.
const LAST_PAGE: u64 = 1_000;
/// Limits, because each word and each filter is tested for every row.
const MAX_WORDS: usize = 12;
const MAX_FILTERS: usize = 20;
/// Longest search, in bytes.
const LONGEST_SEARCH: usize = 300;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Request {
    /// The order. Empty for the usual one.
    pub(crate) sort: Vec<Sort>,
    /// Words that must each occur in some column.
    pub(crate) search: String,
    pub(crate) filters: Vec<Filter>,
    /// Period of the listing's date column.
    pub(crate) period: Option<Period>,
    /// Page number, from 1.
    pub(crate) page: u64,
}

impl Request {
    /// Parses the pairs of a query string. The form that adds a filter sends `column`, `op` and `value`.
    pub(crate) fn parse(pairs: &[(String, String)], relation: &Relation) -> WebResult<Request> {
        let mut request = Request {
            page: 1,
            ..Request::default()
        };
        let given = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| key == name);
            pair.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        for (key, value) in pairs {
            match key.as_str() {
                "sort" => {
                    let sorts = Sort::parse_all(value, relation).map_err(WebError::Bad)?;
                    for sort in sorts {
                        add(&mut request.sort, sort).map_err(WebError::Bad)?;
                    }
                }
                "q" => request.search = value.trim().into(),
                "date" if !value.is_empty() => {
                    let period = Period::parse(value).ok_or_else(|| {
                        WebError::Bad("Write a date as 2026, 2026-11 or 2026-11-22.".into())
                    })?;
                    request.period = Some(period);
                }
                "page" => {
                    request.page = value
                        .parse()
                        .ok()
                        .filter(|page| (1..=LAST_PAGE).contains(page))
                        .ok_or_else(|| {
                            WebError::Bad(format!("Pages are from 1 to {LAST_PAGE}."))
                        })?;
                }
                "column" if !value.is_empty() => {
                    request.add(relation, value, given("op"), given("value"))?;
                }
                key => {
                    if let Some((column, operator)) =
                        key.strip_prefix("f.").and_then(|key| key.rsplit_once('.'))
                    {
                        request.add(relation, column, operator, value)?;
                    }
                }
            }
        }
        request.require_few_filters()?;
        Ok(request)
    }

    /// The reason why a search is too wide.
    pub(crate) fn search_problem(&self) -> Option<String> {
        let words = self.search.split_whitespace().count();
        let is_wide = self.search.len() > LONGEST_SEARCH || words > MAX_WORDS;
        is_wide.then(|| {
            format!("A search has at most {MAX_WORDS} words and {LONGEST_SEARCH} letters.")
        })
    }

    pub(crate) fn require_few_filters(&self) -> WebResult<()> {
        if self.filters.len() > MAX_FILTERS {
            Err(WebError::Bad(format!(
                "There are at most {MAX_FILTERS} filters."
            )))
        } else {
            Ok(())
        }
    }

    fn add(
        &mut self,
        relation: &Relation,
        column: &str,
        operator: &str,
        value: &str,
    ) -> WebResult<()> {
        known(relation, column)?;
        let operator = Operator::parse(operator)
            .ok_or_else(|| WebError::Bad("There is no such filter.".into()))?;
        self.filters.push(Filter {
            column: column.into(),
            operator,
            value: value.into(),
        });
        Ok(())
    }

    /// The request as form fields.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        if !self.search.is_empty() {
            pairs.push(("q".into(), self.search.clone()));
        }
        for filter in &self.filters {
            let name = format!("f.{}.{}", filter.column, filter.operator.name());
            pairs.push((name, filter.value.clone()));
        }
        if let Some(period) = &self.period {
            pairs.push(("date".into(), period.text.clone()));
        }
        let sorts = texts(&self.sort).into_iter();
        pairs.extend(sorts.map(|text| ("sort".into(), text)));
        if self.page > 1 {
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

    pub(crate) fn on_page(&self, page: u64) -> Request {
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

    pub(crate) fn without(&self, filter: &Filter) -> Request {
        let filters = self.filters.iter().filter(|each| *each != filter);
        Request {
            filters: filters.cloned().collect(),
            page: 1,
            ..self.clone()
        }
    }

    pub(crate) fn is_last_page(&self) -> bool {
        self.page >= LAST_PAGE
    }
}

fn known<'r>(relation: &'r Relation, name: &str) -> WebResult<&'r Column> {
    let message = || WebError::Bad(format!("There is no column {name}."));
    relation.column(name).ok_or_else(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation() -> Relation {
        let column = |name: &str, is_sortable| Column {
            name: name.into(),
            type_name: "text".into(),
            category: "text".into(),
            is_sortable,
            is_nullable: true,
            cast_name: "text".into(),
            description: String::new(),
            words_function: None,
        };
        Relation {
            name: "public.x".into(),
            kind: "view".into(),
            description: String::new(),
            key_columns: Vec::new(),
            row_estimate: None,
            columns: vec![
                column("a", true),
                column("b.c d", true),
                column("doc", false),
            ],
        }
    }

    fn text(encoded: &str) -> String {
        encoded.replace("%20", " ").replace("%2C", ",")
    }

    fn parse(query: &str) -> Result<Request, String> {
        let pairs: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (text(key), text(value)))
            .collect();
        Request::parse(&pairs, &relation()).map_err(|error| match error {
            WebError::Bad(message) => message,
            _ => "another".into(),
        })
    }

    #[test]
    fn query_strings_round_trip() {
        let query =
            "q=two%20words&f.a.gte=1&f.b.c%20d.empty=&date=2026-11&sort=-a%2Cb.c%20d&page=3";
        let request = parse(query).unwrap();
        assert_eq!(request.query(), query);
        assert_eq!(request.filters[1].column, "b.c d");
        let query_of = |column: &str| request.sorted_by(column, &[]).query();
        assert!(query_of("a").contains("sort=a%2Cb.c%20d"));
        assert!(query_of("b.c d").ends_with("sort=b.c%20d%2C-a"));
        assert_eq!(parse("sort=a&sort=&sort=-a,b.c%20d").unwrap().sort.len(), 2);
        let one_more = parse("column=a&op=is&value=x").unwrap();
        assert_eq!(one_more.query(), "f.a.is=x");
    }

    #[test]
    fn unknown_names_are_refused() {
        for query in [
            "sort=nothing",
            "sort=a;drop%20table%20x",
            "sort=doc",
            "f.nothing.is=1",
            "f.a.like=1",
            "column=zz&op=is&value=1",
            "page=0",
            "date=2026-11-",
            "page=1001",
            "page=x",
        ] {
            assert!(parse(query).is_err(), "{query}");
        }
        assert_eq!(parse("other=1&f.=2").unwrap().query(), "");
    }
}
