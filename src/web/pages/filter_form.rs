//! The form that adds a filter to a list. A filter with an invalid value stays in the form.

use crate::web::data::listing::{Operator, Request, Wrong};

pub(super) struct FilterForm {
    pub(super) columns: Vec<String>,
    pub(super) operators: [Operator; 8],
    pub(super) column: String,
    pub(super) operator: Operator,
    pub(super) value: String,
    /// What is wrong with the value; empty: nothing.
    pub(super) said: String,
    /// What else the request asks for, which the form sends along.
    pub(super) hidden: Vec<(String, String)>,
}

impl FilterForm {
    /// Takes the wrong filter out of the request, if there is one.
    pub(super) fn take(columns: Vec<String>, request: &mut Request, wrong: &Wrong) -> FilterForm {
        let taken = wrong.filters.last().map(|(index, said)| {
            let filter = request.filters.remove(*index);
            (filter, said.clone())
        });
        let mut form = FilterForm {
            hidden: request.on_page(1).pairs(),
            column: columns.first().cloned().unwrap_or_default(),
            columns,
            operators: Operator::ALL,
            operator: Operator::Is,
            value: String::new(),
            said: String::new(),
        };
        if let Some((filter, said)) = taken {
            form.column = filter.column;
            form.operator = filter.operator;
            form.value = filter.value;
            form.said = said;
        }
        form
    }
}
