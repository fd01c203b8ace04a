//! Decides whether and when a failed request is retried.

use super::request_error::RequestError;
use super::settings::Settings;
use std::time::Duration;

/// The number of attempts to reach a host that has never answered.
const ATTEMPTS_TO_CONNECT: u32 = 3;

/// Whether to retry a request.
#[derive(Debug, PartialEq)]
pub(in crate::extract) enum RetryDecision {
    /// Retry after this time. `for_all`: the delay applies to all requests.
    Retry {
        after: Duration,
        for_all: bool,
    },
    GiveUp,
}

impl RequestError {
    /// The number of attempts, if all of them fail in this way.
    pub(super) fn max_attempts(&self, settings: &Settings) -> u32 {
        match self {
            // The server is probably not running.
            RequestError::Connect {
                worked_before: false,
                ..
            } => settings.max_attempts.min(ATTEMPTS_TO_CONNECT),
            _ => settings.max_attempts,
        }
    }

    /// `attempt`: the number of the failed attempt, from 1. `jitter`: a random number from 0 to 1.
    pub(in crate::extract) fn retry_decision(
        &self,
        attempt: u32,
        jitter: f64,
        settings: &Settings,
    ) -> RetryDecision {
        if !self.is_transient() || attempt >= self.max_attempts(settings) {
            return RetryDecision::GiveUp;
        }
        let doubled = settings.retry_delay * 2_u32.pow((attempt - 1).min(20));
        let longest = doubled.min(settings.max_retry_delay);
        // The random part keeps clients that failed together from retrying together.
        let pause = longest.mul_f64(0.5 + jitter / 2.0);
        match self.retry_after() {
            Some(asked) if asked > settings.max_retry_delay => RetryDecision::GiveUp,
            asked => RetryDecision::Retry {
                // A date in the past is no wait at all: the clocks differ.
                after: asked.unwrap_or_default().max(pause),
                for_all: asked.is_some(),
            },
        }
    }
}

/// A random number from 0 to 1.
pub(in crate::extract) fn jitter() -> f64 {
    getrandom::u64().unwrap_or(u64::MAX / 2) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::super::page_error::PageError;
    use super::*;
    use reqwest::StatusCode;

    fn status(status: StatusCode, seconds: Option<u64>) -> RequestError {
        RequestError::Status {
            status,
            retry_after: seconds.map(Duration::from_secs),
            detail: None,
        }
    }

    fn again(milliseconds: u64) -> RetryDecision {
        RetryDecision::Retry {
            after: Duration::from_millis(milliseconds),
            for_all: false,
        }
    }

    #[test]
    fn retries_transient_errors_with_increasing_delays() {
        let settings = Settings::for_tests();
        let failing = status(StatusCode::BAD_GATEWAY, None);
        assert_eq!(failing.retry_decision(1, 1.0, &settings), again(500));
        assert_eq!(failing.retry_decision(1, 0.0, &settings), again(250));
        assert_eq!(failing.retry_decision(4, 1.0, &settings), again(4_000));
        assert_eq!(
            failing.retry_decision(5, 1.0, &settings),
            RetryDecision::GiveUp
        );
        let cut = RequestError::NotAPage {
            error: PageError::Truncated { byte: 7 },
            content_type: None,
            detail: None,
        };
        assert_eq!(cut.retry_decision(1, 1.0, &settings), again(500));
        let mut patient = Settings::for_tests();
        patient.max_attempts = 100;
        assert_eq!(failing.retry_decision(99, 1.0, &patient), again(120_000));
    }

    #[test]
    fn does_not_retry_permanent_errors() {
        let settings = Settings::for_tests();
        for code in [400, 401, 404, 410, 422] {
            let refused = status(StatusCode::from_u16(code).unwrap(), Some(1));
            assert_eq!(
                refused.retry_decision(1, 1.0, &settings),
                RetryDecision::GiveUp,
                "{code}"
            );
        }
        let forbidden = status(StatusCode::FORBIDDEN, None);
        let decision = forbidden.retry_decision(1, 1.0, &settings);
        assert_eq!(decision, RetryDecision::GiveUp);
        let never_there = RequestError::Connect {
            reason: String::new(),
            worked_before: false,
        };
        assert_eq!(never_there.retry_decision(2, 1.0, &settings), again(1_000));
        assert_eq!(
            never_there.retry_decision(3, 1.0, &settings),
            RetryDecision::GiveUp
        );
    }

    #[test]
    fn waits_as_long_as_the_server_asks_within_the_limit() {
        let settings = Settings::for_tests();
        for code in [
            StatusCode::FORBIDDEN,
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::SERVICE_UNAVAILABLE,
        ] {
            let decision = status(code, Some(7)).retry_decision(1, 1.0, &settings);
            let expected = RetryDecision::Retry {
                after: Duration::from_secs(7),
                for_all: true,
            };
            assert_eq!(decision, expected);
            let too_long = status(code, Some(121)).retry_decision(1, 1.0, &settings);
            assert_eq!(too_long, RetryDecision::GiveUp);
        }
    }

    #[test]
    fn jitter_varies_between_its_bounds() {
        let numbers: Vec<f64> = (0..100).map(|_| jitter()).collect();
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
        assert!(numbers.iter().any(|number| *number != numbers[0]));
    }
}
