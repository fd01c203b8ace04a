//! Repeats requests to a bucket with increasing delays, and makes messages of those that fail.

use super::hint::{Purpose, hint};
use super::store::{RequestFailure, Store};
use crate::extract::rest::{ApiFailure, RetryDecision, jitter};
use crate::terminal;
use std::time::Duration;

/// The requests for one object or one listing.
pub(super) struct Requests {
    pub(super) store: Store,
    /// The object, for messages.
    pub(super) location: String,
    /// The setting that has the address, for hints.
    pub(super) setting: &'static str,
    pub(super) purpose: Purpose,
    /// The number of the present attempt, from 1.
    pub(super) attempts: u32,
}

impl Requests {
    /// The time to wait before the next attempt.
    ///
    /// # Errors
    /// If another attempt is useless.
    pub(super) fn retry_after(&mut self, failure: &RequestFailure) -> Result<Duration, ApiFailure> {
        let settings = &self.store.access.settings;
        let decision = failure
            .error
            .retry_decision(self.attempts, jitter(), settings);
        let RetryDecision::Retry { after, .. } = decision else {
            return Err(self.failed(failure));
        };
        terminal::warn(format!(
            "{}: {}; retrying in {:.1} s ({} of {})",
            self.name(),
            failure.error,
            after.as_secs_f64(),
            self.attempts + 1,
            settings.max_attempts
        ));
        self.attempts += 1;
        Ok(after)
    }

    /// The failure if another version of the object is there now.
    pub(super) fn changed(&self, bytes: u64) -> ApiFailure {
        ApiFailure {
            message: format!(
                "{}: it changed while it was read: after {bytes} bytes, the bucket has another version",
                self.name()
            ),
            hint: Some("Load it again.".into()),
        }
    }

    fn failed(&self, failure: &RequestFailure) -> ApiFailure {
        let times = match self.attempts {
            1 => String::new(),
            several => format!(", {several} times"),
        };
        ApiFailure {
            message: format!("{}: {}{times}", self.name(), failure.error),
            hint: hint(failure, &self.store, self.purpose, self.setting),
        }
    }

    fn name(&self) -> String {
        match self.purpose {
            Purpose::Object => format!("object ({})", self.location),
            Purpose::Listing => format!("list of objects ({})", self.location),
        }
    }
}
