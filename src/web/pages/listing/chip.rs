//! The filters of a list as links that remove them.

use crate::web::data::listing::{Filter, Operator, Request};

pub(crate) struct Chip {
    pub(crate) label: String,
    /// Address of the list without the filter.
    pub(crate) without: String,
}

/// The filters of a request. Alternatives of a column follow each other.
pub(crate) fn chips(request: &Request, address: impl Fn(&Request) -> String) -> Vec<Chip> {
    let filters = &request.filters;
    let mut chips = Vec::new();
    for (index, filter) in filters.iter().enumerate() {
        let is_like = |each: &&Filter| {
            *each == filter
                || (each.is_alternative()
                    && filter.is_alternative()
                    && each.column == filter.column)
        };
        if filters[..index].iter().any(|each| is_like(&each)) {
            continue;
        }
        for (place, each) in filters.iter().filter(is_like).enumerate() {
            let or = if place > 0 { "or " } else { "" };
            chips.push(Chip {
                label: format!("{or}{}", text(each)),
                without: address(&request.without(each)),
            });
        }
    }
    chips
}

fn text(filter: &Filter) -> String {
    let value = match filter.operator {
        Operator::Empty | Operator::NotEmpty => String::new(),
        _ if filter.value.is_empty() => " “”".into(),
        _ => format!(" {}", filter.value),
    };
    format!("{} {}{value}", filter.column, filter.operator.label())
}
