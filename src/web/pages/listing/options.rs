//! The form for the columns, the order and the page size of a list.

use crate::web::data::catalogue::{Column, Relation};
use crate::web::data::listing::{FORM, Request, SIZES, Sort};

/// The form has fields for at least this many columns of the order.
const SORTS: usize = 3;

pub(crate) struct Options {
    pub(crate) columns: Vec<ColumnBox>,
    /// The columns of the order, then empty ones.
    pub(crate) sorts: Vec<Option<Sort>>,
    pub(crate) sortable: Vec<String>,
    pub(crate) sizes: [u64; 4],
    /// The other parameters of the request, as hidden fields.
    pub(crate) hidden: Vec<(String, String)>,
}

pub(crate) struct ColumnBox {
    pub(crate) name: String,
    pub(crate) is_shown: bool,
}

impl Options {
    /// `shown`: the columns of the list. `order`: its order.
    pub(crate) fn new(
        relation: &Relation,
        request: &Request,
        shown: &[&Column],
        order: &[Sort],
    ) -> Options {
        let columns = relation.columns.iter().map(|column| ColumnBox {
            name: column.name.clone(),
            is_shown: shown.iter().any(|each| each.name == column.name),
        });
        let mut sorts: Vec<Option<Sort>> = order.iter().cloned().map(Some).collect();
        sorts.resize(sorts.len().max(SORTS), None);
        let sortable = relation.columns.iter().filter(|column| column.is_sortable);
        let rest = Request {
            search: request.search.clone(),
            filters: request.filters.clone(),
            period: request.period.clone(),
            facets: request.facets.clone(),
            ..Request::default()
        };
        let mut hidden = rest.pairs();
        hidden.push((FORM.into(), "yes".into()));
        Options {
            columns: columns.collect(),
            sorts,
            sortable: sortable.map(|column| column.name.clone()).collect(),
            sizes: SIZES,
            hidden,
        }
    }
}
