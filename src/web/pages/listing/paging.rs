//! The number of rows, which of them a page shows, and links to other pages.

use crate::terminal::number;
use crate::web::data::listing::{COUNTED, Listed, Request};

#[derive(Default)]
pub(crate) struct Paging {
    /// `12 rows`.
    pub(crate) count: String,
    /// `, 1 to 12 shown`, or an empty text.
    pub(crate) shown: String,
    /// `Page 2 of 3`, or an empty text if there is one page.
    pub(crate) current: String,
    /// Why another page is shown than the address names, or an empty text.
    pub(crate) notice: String,
    pub(crate) first: Option<String>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    pub(crate) last: Option<String>,
    /// Whether the last page can only be shown in another order.
    pub(crate) lacks_end: bool,
}

impl Paging {
    /// Without rows, because the request is invalid.
    pub(crate) fn none() -> Paging {
        Paging {
            count: "No rows are listed".into(),
            ..Paging::default()
        }
    }

    /// Whether there are other pages.
    pub(crate) fn has_pages(&self) -> bool {
        !self.current.is_empty()
    }

    pub(crate) fn new(
        request: &Request,
        listed: &Listed,
        address: impl Fn(&Request) -> String,
    ) -> Paging {
        let place = listed.place;
        let (page, reach) = (place.page, place.reach);
        let to = |page: i64, is_there: bool| is_there.then(|| address(&request.on_page(page)));
        let is_from_end = page < 0;
        let (last, has_last) = if place.is_long {
            (-1, place.has_end && page != -1)
        } else {
            (reach, page < reach)
        };
        Paging {
            count: count_text(listed.count),
            shown: shown(request, listed),
            current: match page {
                -1 => "Last page".into(),
                page if is_from_end => format!("Page {} from the end", number(-page)),
                page if place.is_long => format!("Page {}", number(page)),
                _ if reach == 1 => String::new(),
                page => format!("Page {} of {}", number(page), number(reach)),
            },
            notice: notice(request, listed),
            first: to(1, page != 1),
            previous: to(page - 1, page > 1 || (is_from_end && page > -reach)),
            next: to(page + 1, if is_from_end { page < -1 } else { page < reach }),
            last: to(last, has_last),
            lacks_end: place.is_long && !place.has_end,
        }
    }
}

fn shown(request: &Request, listed: &Listed) -> String {
    let rows = listed.rows.len() as i64;
    let before = listed.place.offset(request.size as i64);
    let (first, last) = (number(before + 1), number(before + rows));
    match listed.place.page {
        _ if rows == 0 => String::new(),
        -1 => format!(", the last {last} shown"),
        page if page < 0 => format!(", {first} to {last} from the end shown"),
        _ => format!(", {first} to {last} shown"),
    }
}

fn notice(request: &Request, listed: &Listed) -> String {
    let place = listed.place;
    let asked = request.page;
    if place.is_long && asked < 0 && !place.has_end {
        "This view has no known order. Sort it by a column to see its last page.".into()
    } else if place.is_long && asked.abs() > place.reach {
        format!(
            "Rows more than {} from both ends are slow to reach, so this is the farthest page. Filter the list, or \
             sort it by another column.",
            number(COUNTED)
        )
    } else if asked > place.page && asked > 0 {
        format!("There is no page {}. This is the last one.", number(asked))
    } else {
        String::new()
    }
}

/// The number of rows, to display.
fn count_text(count: i64) -> String {
    match count {
        1 => "1 row".into(),
        count if count > COUNTED => format!("more than {} rows", number(COUNTED)),
        count => format!("{} rows", number(count)),
    }
}
