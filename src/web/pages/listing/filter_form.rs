//! The form that adds a filter to a list. A filter with an invalid value stays in the form.

use super::range::has_range;
use crate::web::data::catalogue::Relation;
use crate::web::data::listing::{Filter, Operator, Request};

pub(crate) struct FilterForm {
    pub(crate) columns: Vec<String>,
    pub(crate) operators: [Operator; 8],
    pub(crate) column: String,
    pub(crate) operator: Operator,
    pub(crate) value: String,
    /// Error of the value, or an empty text.
    pub(crate) message: String,
    /// The other parameters of the request, as hidden fields.
    pub(crate) hidden: Vec<(String, String)>,
}

impl FilterForm {
    /// `wrong`: invalid filters with their errors, of which the form takes the last one that no range shows.
    /// `request`: the list without them.
    pub(crate) fn take(
        relation: &Relation,
        request: &Request,
        wrong: &mut Vec<(Filter, String)>,
    ) -> FilterForm {
        let columns: Vec<String> = relation
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
        let mut form = FilterForm {
            hidden: request.on_page(1).pairs(),
            column: columns.first().cloned().unwrap_or_default(),
            columns,
            operators: Operator::ALL,
            operator: Operator::Is,
            value: String::new(),
            message: String::new(),
        };
        let place = wrong
            .iter()
            .rposition(|(filter, _)| !has_range(relation, filter));
        if let Some(place) = place {
            let (filter, message) = wrong.remove(place);
            form.column = filter.column;
            form.operator = filter.operator;
            form.value = filter.value;
            form.message = message;
        }
        form
    }
}
