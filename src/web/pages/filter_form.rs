//! The form that adds a filter to a list. A filter with an invalid value stays in the form.

use crate::web::data::listing::{Operator, Request, RequestErrors};

pub(super) struct FilterForm {
    pub(super) columns: Vec<String>,
    pub(super) operators: [Operator; 8],
    pub(super) column: String,
    pub(super) operator: Operator,
    pub(super) value: String,
    /// Error of the value, or an empty text.
    pub(super) message: String,
    /// The other parameters of the request, as hidden fields.
    pub(super) hidden: Vec<(String, String)>,
}

impl FilterForm {
    /// Moves an invalid filter from the request into the form.
    pub(super) fn take(
        columns: Vec<String>,
        request: &mut Request,
        errors: &RequestErrors,
    ) -> FilterForm {
        let taken = errors.filters.last().map(|(index, message)| {
            let filter = request.filters.remove(*index);
            (filter, message.clone())
        });
        let mut form = FilterForm {
            hidden: request.on_page(1).pairs(),
            column: columns.first().cloned().unwrap_or_default(),
            columns,
            operators: Operator::ALL,
            operator: Operator::Is,
            value: String::new(),
            message: String::new(),
        };
        if let Some((filter, message)) = taken {
            form.column = filter.column;
            form.operator = filter.operator;
            form.value = filter.value;
            form.message = message;
        }
        form
    }
}
