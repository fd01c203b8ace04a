//! The time zone of a request.

use std::sync::Arc;

/// A time zone that the server knows: that of the request's account, or the application's. Connections are given for a
/// zone, so that no page can forget it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Zone(Arc<str>);

impl Zone {
    /// `name`: as in pg_timezone_names.
    pub(crate) fn new(name: &str) -> Zone {
        Zone(name.into())
    }

    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}
