//! A facet as the page shows it: links, a range, and what could not be counted.

use super::range::{Range, has_range};
use crate::web::data::catalogue::{Column, Relation};
use crate::web::data::listing::{Facet, FacetState, Filter, Request};
use crate::web::http::address::sql_link;

/// Largest number of facets that a page shows without being asked.
const USUAL: usize = 5;

pub(crate) struct ShownFacet {
    pub(crate) column: String,
    pub(crate) range: Option<Range>,
    pub(crate) choices: Vec<ShownChoice>,
    /// What the choices are, or why there are none.
    pub(crate) note: &'static str,
    /// Address of the list with the values counted, if they are counted only on request.
    pub(crate) count_link: Option<String>,
    /// Address of the list without this facet, if the request asks for it.
    pub(crate) close: Option<String>,
    /// Address of the query that counts the values.
    pub(crate) sql_link: Option<String>,
}

pub(crate) struct ShownChoice {
    pub(crate) label: String,
    pub(crate) count: Option<String>,
    pub(crate) link: Option<String>,
    pub(crate) is_chosen: bool,
}

impl ShownFacet {
    /// A facet without choices, for a request that is invalid.
    pub(crate) fn bare(column: &Column, range: Range) -> ShownFacet {
        ShownFacet {
            column: column.name.clone(),
            range: Some(range),
            choices: Vec::new(),
            note: "",
            count_link: None,
            close: None,
            sql_link: None,
        }
    }

    pub(crate) fn new(
        facet: Facet,
        range: Option<Range>,
        request: &Request,
        address: impl Fn(&Request) -> String,
    ) -> ShownFacet {
        let choices = facet.choices.into_iter().map(|choice| ShownChoice {
            label: choice.label,
            count: choice.count,
            link: choice.request.as_ref().map(&address),
            is_chosen: choice.is_chosen,
        });
        let is_asked = request.facets.contains(&facet.column);
        ShownFacet {
            choices: choices.collect(),
            // A few counted values need no range.
            range: range.filter(|range| {
                facet.state != FacetState::Complete
                    || facet.shown_sql.is_empty()
                    || is_asked
                    || range.is_used()
            }),
            note: match facet.state {
                FacetState::Complete | FacetState::OnRequest => "",
                FacetState::Cut => "The most frequent values.",
                FacetState::TooSlow => {
                    "Counting these values took too long and was stopped. Filter the list first."
                }
            },
            count_link: (facet.state == FacetState::OnRequest)
                .then(|| address(&request.with_facet(&facet.column).on_page(1))),
            close: is_asked.then(|| address(&request.without_facet(&facet.column))),
            sql_link: (!facet.shown_sql.is_empty())
                .then(|| format!("{}&chart=bars", sql_link(&facet.shown_sql))),
            column: facet.column,
        }
    }
}

/// The columns with a facet: the usual ones, those that the request asks for, and those filtered by a range.
/// `filters`: all filters, also invalid ones.
pub(crate) fn facet_columns<'r>(
    relation: &'r Relation,
    usual: &[String],
    request: &Request,
    filters: &[Filter],
) -> Vec<&'r Column> {
    let ranges = filters.iter().filter(|filter| has_range(relation, filter));
    let names = usual
        .iter()
        .take(USUAL)
        .chain(&request.facets)
        .chain(ranges.map(|filter| &filter.column));
    let mut columns: Vec<&Column> = Vec::new();
    for column in names.filter_map(|name| relation.column(name)) {
        if columns.iter().all(|each| each.name != column.name) {
            columns.push(column);
        }
    }
    columns
}
