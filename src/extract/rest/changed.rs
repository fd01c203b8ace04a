//! The data of an API changed while its pages were read.

use anyhow::Error;
use std::fmt;

/// The cause of a failure that another walk over the pages may not have. It has the message of that failure, so that
/// messages do not repeat it.
#[derive(Debug)]
pub(super) struct DataChanged(pub(super) String);

impl fmt::Display for DataChanged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for DataChanged {}

/// What changed while the pages were read; `None` if the error has another cause.
pub(crate) fn what_changed(error: &Error) -> Option<&str> {
    let changed = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<DataChanged>());
    changed.map(|changed| changed.0.as_str())
}
