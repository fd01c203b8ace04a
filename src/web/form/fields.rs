//! The fields of a request, which the middleware has read.

use super::{Pairs, given};
use axum::http::request::Parts;
use std::sync::Arc;

#[derive(Clone, Default)]
pub(in crate::web) struct Fields(pub(super) Arc<Pairs>);

impl Fields {
    /// The time zone that the form was shown in (`_zone`), if it has fields with times.
    pub(in crate::web) fn zone(parts: &Parts) -> Option<&str> {
        let fields = parts.extensions.get::<Fields>()?;
        Some(given(&fields.0, "_zone")).filter(|zone| !zone.is_empty())
    }
}
