//! The form for a range of numbers or dates. An invalid value stays in its field.

use super::pickers::{is_date, is_number, is_time};
use crate::web::data::catalogue::{Column, Relation};
use crate::web::data::listing::{FORM, Filter, Operator, Request, is_day};

pub(crate) struct Range {
    pub(crate) fields: [RangeField; 2],
    /// The other parameters of the request, as hidden fields.
    pub(crate) hidden: Vec<(String, String)>,
}

/// An end of a range.
pub(crate) struct RangeField {
    /// Name of the parameter.
    pub(crate) name: String,
    pub(crate) label: &'static str,
    /// Type of the HTML element.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    /// Error of the value, or an empty text.
    pub(crate) message: String,
}

impl RangeField {
    /// Step between values, unless it is the usual one.
    pub(crate) fn step(&self) -> Option<&'static str> {
        match self.kind {
            "number" => Some("any"),
            "datetime-local" => Some("1"),
            _ => None,
        }
    }
}

/// Whether the filter is an end of a range that its column has.
pub(crate) fn has_range(relation: &Relation, filter: &Filter) -> bool {
    let is_end = matches!(filter.operator, Operator::AtLeast | Operator::AtMost);
    let column = relation.column(&filter.column);
    is_end && column.is_some_and(|column| kind(column).is_some())
}

/// Type of the input for a value of the column. `None` if it has no range.
fn kind(column: &Column) -> Option<&'static str> {
    match column.type_name.as_str() {
        "date" => Some("date"),
        _ if is_day(column) => Some("datetime-local"),
        // Browsers cannot show amounts such as $1.00 as numbers.
        "money" => Some("text"),
        _ => (column.category == "number").then_some("number"),
    }
}

impl Range {
    /// Whether an end has a value.
    pub(crate) fn is_used(&self) -> bool {
        self.fields.iter().any(|field| !field.value.is_empty())
    }

    /// `wrong`: invalid filters with their errors, of which the range takes its own. `request`: the list without them.
    pub(crate) fn take(
        column: &Column,
        request: &Request,
        wrong: &mut Vec<(Filter, String)>,
    ) -> Option<Range> {
        let kind = kind(column)?;
        let is_own = |filter: &Filter| {
            let ends = [Operator::AtLeast, Operator::AtMost, Operator::Below];
            filter.column == column.name && ends.contains(&filter.operator)
        };
        let mut others = request.filters.clone();
        others.retain(|filter| !is_own(filter));
        let mut hidden = request.filtered(others).pairs();
        hidden.push((FORM.into(), "yes".into()));
        let mut field = |operator: Operator, label: &'static str| {
            let is_it =
                |filter: &Filter| filter.column == column.name && filter.operator == operator;
            let place = wrong.iter().rposition(|(filter, _)| is_it(filter));
            let (value, message) = match place.map(|place| wrong.remove(place)) {
                Some((filter, message)) => (filter.value, message),
                None => {
                    let filter = request.filters.iter().find(|filter| is_it(filter));
                    let value = filter.map(|filter| filter.value.clone());
                    (value.unwrap_or_default(), String::new())
                }
            };
            let (kind, value) = shown(kind, value);
            RangeField {
                name: format!("f.{}.{}", column.name, operator.name()),
                label,
                kind,
                value,
                message,
            }
        };
        let fields = [
            field(Operator::AtLeast, "From"),
            field(Operator::AtMost, "To"),
        ];
        Some(Range { fields, hidden })
    }
}

/// The kind of input that can show the value, and the value as it needs it.
fn shown(kind: &'static str, value: String) -> (&'static str, String) {
    match kind {
        "number" if is_number(&value) => (kind, value),
        "date" if is_date(&value) => (kind, value),
        "datetime-local" if is_time(&value) => (kind, value),
        "datetime-local" if is_date(&value) => (kind, format!("{value}T00:00")),
        _ => ("text", value),
    }
}
