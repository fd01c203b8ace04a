//! The place in a list where a cursor page begins. Clients see it as an opaque text.

use super::{ApiError, ApiResult};
use crate::web::data::edit::Problems;
use crate::web::data::listing::Order;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

#[derive(Debug, PartialEq)]
pub(super) struct Cursor {
    /// The page ends before the place, else it begins after it.
    pub(super) is_before: bool,
    /// The values of the ordering columns. `None` is null.
    pub(super) place: Vec<Option<String>>,
}

impl Cursor {
    /// The text of the cursor, which also names the order.
    pub(super) fn text(&self, order: &Order) -> String {
        let parts = serde_json::json!([self.is_before, order.text(), self.place]);
        BASE64_URL_SAFE_NO_PAD.encode(parts.to_string())
    }

    pub(super) fn parse(text: &str, order: &Order) -> ApiResult<Cursor> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let parts: Result<(bool, String, Vec<Option<String>>), _> = serde_json::from_slice(&bytes);
        match parts {
            Ok((_, named, _)) if named != order.text() => {
                Err(wrong("The cursor belongs to another ordering."))
            }
            Ok((is_before, _, place)) => Ok(Cursor { is_before, place }),
            Err(_) => Err(wrong(INVALID)),
        }
    }
}

pub(super) const INVALID: &str = "Invalid cursor: use one from next or previous.";

pub(super) fn wrong(message: &str) -> ApiError {
    let mut problems = Problems::default();
    problems.at("cursor", message);
    ApiError::Problems(problems)
}
