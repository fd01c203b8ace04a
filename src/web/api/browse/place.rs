//! The list, record or endpoint that an address names.

use percent_encoding::percent_decode_str;

/// The names in an address.
pub(super) enum Place {
    List(String),
    /// The names of the list and of the record.
    Record(String, String),
    Endpoint(String),
}

impl Place {
    /// `None` if the address is none of a list, a record or an endpoint.
    pub(super) fn parse(path: &str) -> Option<Place> {
        let name = |text: &str| {
            let text = percent_decode_str(text).decode_utf8().ok()?;
            (!text.is_empty()).then(|| text.into_owned())
        };
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match parts.as_slice() {
            ["api", resource, ""] => Some(Place::List(name(resource)?)),
            ["api", resource, key, ""] => Some(Place::Record(name(resource)?, name(key)?)),
            ["api" | "api-token-auth", ""] => None,
            [endpoint, ""] => Some(Place::Endpoint(name(endpoint)?)),
            _ => None,
        }
    }
}
