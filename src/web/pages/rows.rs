//! The parts that the two pages with lists of rows share.

use crate::terminal::number;
use crate::web::data::catalogue::Column;
use crate::web::data::listing::{COUNTED, Listed, PAGE_ROWS, Request, RequestErrors, Sort};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// A column of the table.
pub(super) struct Header {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) is_number: bool,
    /// Link that sorts by the column. `None` if its type has no order.
    pub(super) link: Option<String>,
    /// `ascending`, `descending` or `none`. Only the first column of an order has a direction here (ARIA).
    pub(super) sorted: &'static str,
    /// Position in an order of several columns, from 1, with the direction of the others.
    pub(super) place: String,
}

impl Header {
    /// `order`: the columns that the rows are sorted by. `link`: the address of the list sorted by this column first.
    pub(super) fn new(column: &Column, order: &[Sort], link: String) -> Header {
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

/// The numbers of the first and last row, and links to the pages before and after.
pub(super) struct Paging {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
}

impl Paging {
    pub(super) fn new(
        request: &Request,
        listed: &Listed,
        address: impl Fn(&Request) -> String,
    ) -> Paging {
        let before = (request.page - 1) * PAGE_ROWS;
        let has_next = listed.has_more && !request.is_last_page();
        Paging {
            first: before + 1,
            last: before + listed.rows.len() as u64,
            previous: (request.page > 1).then(|| address(&request.on_page(request.page - 1))),
            next: has_next.then(|| address(&request.on_page(request.page + 1))),
        }
    }
}

/// Whether the pairs come from the form that adds a filter. Its result is redirected to the address with all filters.
pub(super) fn adds_filter(pairs: &[(String, String)]) -> bool {
    pairs.iter().any(|(key, _)| key == "column" || key == "op")
}

/// The number of rows, to display. `count` is `None` if the request is invalid.
pub(super) fn count_text(count: Option<i64>) -> String {
    match count {
        None => "No rows are listed".into(),
        Some(1) => "1 row".into(),
        Some(count) if count > COUNTED => format!("more than {} rows", number(COUNTED)),
        Some(count) => format!("{} rows", number(count)),
    }
}

/// Sets status 400 if the request is invalid. The page shows the form to correct it.
pub(super) fn with_status(errors: &RequestErrors, page: Response) -> Response {
    if errors.is_empty() {
        page
    } else {
        (StatusCode::BAD_REQUEST, page).into_response()
    }
}
