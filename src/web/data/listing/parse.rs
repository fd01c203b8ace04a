//! Parses the query string of a listing: `?q=words&f.month.gte=2026-01-01&sort=-month,name&columns=month,name&size=100
//! &page=2`. Names must be in the catalogue, and values become parameters.

use super::filter::{Filter, Operator};
use super::names::split;
use super::period::Period;
use super::request::{Request, SIZES};
use super::sort::{Sort, add};
use crate::web::data::catalogue::{Column, Relation};
use crate::web::error::{WebError, WebResult};

/// Largest number of columns whose values a request counts.
const MAX_FACETS: usize = 8;
/// The name of a form's hidden field. Its result is redirected to the address without empty fields.
pub(crate) const FORM: &str = "form";

/// Whether the pairs come from a form of the page.
pub(crate) fn is_form(pairs: &[(String, String)]) -> bool {
    let names = [FORM, "column", "op"];
    pairs.iter().any(|(key, _)| names.contains(&key.as_str()))
}

impl Request {
    /// Parses the pairs of a query string. The form that adds a filter sends `column`, `op` and `value`. The form of
    /// the order sends `by` and `direction`, once for each column.
    pub(crate) fn parse(pairs: &[(String, String)], relation: &Relation) -> WebResult<Request> {
        let mut request = Request::default();
        let is_form = is_form(pairs);
        let given = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| key == name);
            pair.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let mut directions = pairs.iter().filter(|(key, _)| key == "direction");
        for (key, value) in pairs {
            match key.as_str() {
                "sort" => request.add_sorts(Sort::parse_all(value, relation))?,
                "by" => {
                    let direction = directions.next().map(|(_, value)| value.as_str());
                    let is_descending = direction == Some("desc");
                    request.add_sorts(Sort::parse_one(value, is_descending, relation))?;
                }
                "q" => request.search = value.trim().into(),
                "date" if !value.is_empty() => {
                    let period = Period::parse(value).ok_or_else(|| {
                        WebError::Bad("Write a date as 2026, 2026-11 or 2026-11-22.".into())
                    })?;
                    request.period = Some(period);
                }
                "columns" => add_names(&mut request.columns, value, relation)?,
                "facet" => {
                    add_names(&mut request.facets, value, relation)?;
                    request.facets.truncate(MAX_FACETS);
                }
                "size" if !value.is_empty() => {
                    let size = value.parse().ok().filter(|size| SIZES.contains(size));
                    request.size = size.ok_or_else(|| {
                        WebError::Bad("A page has 25, 50, 100 or 500 rows.".into())
                    })?;
                }
                "page" => request.page = page(value)?,
                "column" if !value.is_empty() => {
                    request.add(relation, value, given("op"), given("value"))?;
                }
                key => {
                    let filter = key.strip_prefix("f.").and_then(|key| key.rsplit_once('.'));
                    let Some((column, operator)) = filter else {
                        continue;
                    };
                    // A form sends both ends of a range.
                    let is_end = [Operator::AtLeast, Operator::AtMost].map(Operator::name);
                    if !(is_form && value.is_empty() && is_end.contains(&operator)) {
                        request.add(relation, column, operator, value)?;
                    }
                }
            }
        }
        request.require_few_filters()?;
        Ok(request)
    }

    fn add_sorts(&mut self, sorts: Result<Vec<Sort>, String>) -> WebResult<()> {
        for sort in sorts.map_err(WebError::Bad)? {
            add(&mut self.sort, sort).map_err(WebError::Bad)?;
        }
        Ok(())
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
        let filter = Filter {
            column: column.into(),
            operator,
            value: value.into(),
        };
        if !self.filters.contains(&filter) {
            self.filters.push(filter);
        }
        Ok(())
    }
}

fn page(text: &str) -> WebResult<i64> {
    let page = text
        .parse()
        .ok()
        .filter(|page| *page != 0 && *page != i64::MIN);
    page.ok_or_else(|| WebError::Bad("Pages have numbers from 1. Page -1 is the last.".into()))
}

/// Adds the columns that a value names, each once.
fn add_names(names: &mut Vec<String>, value: &str, relation: &Relation) -> WebResult<()> {
    for name in split(value, |name| relation.column(name).is_some()) {
        let column = known(relation, name)?;
        if !names.contains(&column.name) {
            names.push(column.name.clone());
        }
    }
    Ok(())
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
        let query = "q=two%20words&f.a.gte=1&f.b.c%20d.empty=&date=2026-11&sort=-a%2Cb.c%20d\
                     &columns=doc%2Ca&facet=a&size=100&page=3";
        let request = parse(query).unwrap();
        assert_eq!(request.query(), query);
        assert_eq!(request.filters[1].column, "b.c d");
        let query_of = |column: &str| request.sorted_by(column, &[]).query();
        assert!(query_of("a").contains("sort=a%2Cb.c%20d&"));
        assert!(query_of("b.c d").contains("sort=b.c%20d%2C-a&"));
        assert_eq!(parse("sort=a&sort=&sort=-a,b.c%20d").unwrap().sort.len(), 2);
        assert_eq!(parse("page=-1").unwrap().page, -1);
        let form = parse("form=yes&f.a.gte=&f.a.lte=5&by=&direction=&by=a&direction=desc");
        assert_eq!(form.unwrap().query(), "f.a.lte=5&sort=-a");
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
            "page=x",
            "size=7",
            "columns=a,nothing",
            "facet=nothing",
        ] {
            assert!(parse(query).is_err(), "{query}");
        }
        assert_eq!(parse("other=1&f.=2").unwrap().query(), "");
    }
}
