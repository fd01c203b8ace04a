//! Three ways through a list. Pages by number: `page` and `page_size`. Any part: `limit` and `offset`. Cursor pages,
//! which show no row twice while others are inserted: `cursor`, empty for the first page, and `page_size`.

use super::extract::Params;
use super::{ApiError, ApiResult};
use crate::web::data::edit::Problems;
use axum::http::StatusCode;

/// Largest page number and offset.
const LAST: i64 = i32::MAX as i64;

#[derive(Debug)]
pub(super) enum Paging {
    /// `number` is from 1.
    Page {
        number: i64,
        size: i64,
    },
    Offset {
        offset: i64,
        limit: i64,
    },
    /// `text` is empty for the first page.
    Cursor {
        text: String,
        size: i64,
    },
}

impl Paging {
    /// `usual` and `largest`: numbers of records. A larger page is made smaller, and its links say so.
    pub(super) fn parse(
        params: &Params,
        (usual, largest): (i64, i64),
        problems: &mut Problems,
    ) -> ApiResult<Paging> {
        let mut size = |name: &str| match params.get(name).map(str::parse::<i64>) {
            None => usual,
            Some(Ok(size)) if size >= 1 => size.min(largest),
            // A number with too many digits.
            Some(Err(error)) if *error.kind() == std::num::IntErrorKind::PosOverflow => largest,
            Some(_) => {
                problems.at(name, "Send a number of records, 1 or more.");
                usual
            }
        };
        let (page_size, limit) = (size("page_size"), size("limit"));
        let has = |name: &str| params.get(name).is_some();
        let is_offset = has("limit") || has("offset");
        let mut refuse = |names: &[&str], way: &str| {
            for name in names.iter().filter(|name| has(name)) {
                problems.at(name, format!("This does not go together with {way}."));
            }
        };
        if let Some(text) = params.get("cursor") {
            refuse(&["page", "limit", "offset"], "cursor");
            return Ok(Paging::Cursor {
                text: text.into(),
                size: page_size,
            });
        }
        if is_offset {
            refuse(&["page", "page_size"], "limit and offset");
            let offset = params.get("offset").unwrap_or("0").parse().ok();
            let offset = offset.filter(|offset| (0..=LAST).contains(offset));
            if offset.is_none() {
                problems.at("offset", "Send a number of records, 0 or more.");
            }
            let offset = offset.unwrap_or(0);
            return Ok(Paging::Offset { offset, limit });
        }
        let number = params.get("page").unwrap_or("1").parse().ok();
        let number = number.filter(|number| (1..=LAST).contains(number));
        Ok(Paging::Page {
            number: number.ok_or_else(no_such_page)?,
            size: page_size,
        })
    }
}

pub(super) fn no_such_page() -> ApiError {
    ApiError::Status(StatusCode::NOT_FOUND, "Invalid page.".into())
}
