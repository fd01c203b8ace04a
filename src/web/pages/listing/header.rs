//! A header of the rows, with a link that sorts by its column.

use crate::web::data::catalogue::Column;
use crate::web::data::listing::Sort;

/// A column of the table.
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) is_number: bool,
    /// Link that sorts by the column. `None` if its type has no order.
    pub(crate) link: Option<String>,
    /// `ascending`, `descending` or `none`. Only the first column of an order has a direction here (ARIA).
    pub(crate) sorted: &'static str,
    /// Position in an order of several columns, from 1, with the direction of the others.
    pub(crate) place: String,
}

impl Header {
    /// `order`: the columns that the rows are sorted by. `link`: the address of the list sorted by this column first.
    pub(crate) fn new(column: &Column, order: &[Sort], link: String) -> Header {
        let place = order.iter().position(|sort| sort.column == column.name);
        let is_descending = place.is_some_and(|place| order[place].is_descending);
        Header {
            name: column.name.clone(),
            description: column.description.clone(),
            is_number: column.category == "number",
            link: column.is_sortable.then_some(link),
            sorted: match place {
                Some(0) if is_descending => "descending",
                Some(0) => "ascending",
                _ => "none",
            },
            place: match place {
                Some(0) if order.len() > 1 => "1".into(),
                Some(place) if place > 0 => {
                    let arrow = if is_descending { '↓' } else { '↑' };
                    format!("{} {arrow}", place + 1)
                }
                _ => String::new(),
            },
        }
    }
}
