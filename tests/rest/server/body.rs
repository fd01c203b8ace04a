//! The JSON of a page.

use super::api::Api;
use super::fault::Kind;

impl Api {
    /// The body of a page. None after the last page.
    pub(super) fn body(
        &self,
        strikes: &impl Fn(Kind) -> bool,
        page: usize,
        size: usize,
        asked_size: Option<usize>,
        host: &str,
    ) -> Option<Vec<u8>> {
        let records = &self.options.records;
        let pages = records.len().div_ceil(size).max(1);
        if (page == 0 || page > pages) && !self.options.is_bare {
            return None;
        }
        let shown = if page > 1 && strikes(Kind::Repeat) {
            page - 1
        } else {
            page
        };
        let from = ((shown - 1) * size).min(records.len());
        let mut to = (shown * size).min(records.len());
        if strikes(Kind::Short) {
            to -= 1;
        }
        let mut body = Vec::with_capacity(256 * size);
        if !self.options.is_bare {
            let count = records.len() + usize::from(strikes(Kind::Recount));
            let size = asked_size.map_or(String::new(), |size| format!("&page_size={size}"));
            let link = |page: usize| {
                let place = format!("{}://{host}", self.scheme());
                format!("\"{place}/appointments/?page={page}{size}\"")
            };
            let next = match page {
                _ if strikes(Kind::Circle) => link(2),
                _ if strikes(Kind::Elsewhere) => {
                    format!(
                        "\"{}/appointments/?page=2&secret=marker\"",
                        self.options.elsewhere
                    )
                }
                page if page < pages && strikes(Kind::Cursor) => {
                    link(page + 1).replace("?page", "?cursor=7&page")
                }
                page if page < pages => link(page + 1),
                _ => "null".into(),
            };
            let previous = if page > 1 {
                link(page - 1)
            } else {
                "null".into()
            };
            let key = if self.options.is_previous {
                "previous"
            } else {
                "prev"
            };
            body.extend(
                format!("{{\"count\":{count},\"next\":{next},\"{key}\":{previous},").bytes(),
            );
        } else {
            body.push(b'{');
        }
        let key = if strikes(Kind::Missing) {
            "items"
        } else {
            "results"
        };
        body.extend(format!("\"{key}\":[").bytes());
        for (index, record) in records[from..to].iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            if index == 0 && strikes(Kind::Unfit) {
                body.extend(b"{\"a\":\"\xff\\u0000\"}");
            } else {
                body.extend(record.bytes());
            }
        }
        body.extend(b"]}");
        Some(body)
    }
}
