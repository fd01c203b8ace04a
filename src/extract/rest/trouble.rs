//! What can go wrong with one request, and what is to be done about it.

use super::page::PageError;
use super::settings::Settings;
use crate::failure::{Exit, Failure};
use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use std::time::Duration;

/// Why something was given up, in words. Several threads may be told the same.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        let failure = Failure::new(Exit::Failed, refusal.message);
        match refusal.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// How often a host is looked for that has never answered.
const ATTEMPTS_TO_FIND: u32 = 3;

#[derive(Debug)]
pub(super) enum Trouble {
    Status {
        status: StatusCode,
        /// As the server wishes.
        retry_after: Option<Duration>,
        /// In the server's words.
        detail: Option<String>,
    },
    /// No connection.
    Connect {
        reason: String,
        /// There was one to this host before.
        worked_before: bool,
    },
    /// No encrypted connection, or not with whom it should be.
    Tls {
        reason: String,
    },
    /// It could not even be sent.
    Request {
        reason: String,
    },
    /// The connection broke.
    Broken {
        reason: String,
    },
    TimedOut {
        limit: Duration,
    },
    TooLong {
        limit: usize,
    },
    /// To another place.
    Redirect {
        reason: String,
    },
    NotAPage {
        error: PageError,
        /// Its content type, unless that is JSON.
        kind: Option<String>,
    },
    /// No longer needed.
    Stopped,
}

/// What to do about it.
#[derive(Debug, PartialEq)]
pub(super) enum Remedy {
    /// Retry after this time. `for_all`: the delay applies to all requests.
    Again {
        after: Duration,
        for_all: bool,
    },
    GiveUp,
}

impl Trouble {
    /// `attempt`: how often it was asked for, from 1. `chance`: from 0 to 1.
    pub(super) fn remedy(&self, attempt: u32, chance: f64, settings: &Settings) -> Remedy {
        let attempts = match self {
            // The server is probably not running.
            Trouble::Connect {
                worked_before: false,
                ..
            } => settings.max_attempts.min(ATTEMPTS_TO_FIND),
            _ => settings.max_attempts,
        };
        if !self.is_passing() || attempt >= attempts {
            return Remedy::GiveUp;
        }
        let doubled = settings.retry_delay * 2_u32.pow((attempt - 1).min(20));
        let longest = doubled.min(settings.max_retry_delay);
        // Clients that failed together do not come again together.
        let pause = longest.mul_f64(0.5 + chance / 2.0);
        match self.retry_after() {
            Some(wish) if wish > settings.max_retry_delay => Remedy::GiveUp,
            wish => Remedy::Again {
                // A server that wishes for no pause at all has a clock that is wrong.
                after: wish.unwrap_or_default().max(pause),
                for_all: wish.is_some(),
            },
        }
    }

    /// Whether the same request may succeed later.
    fn is_passing(&self) -> bool {
        match self {
            Trouble::Status { status, .. } => {
                *status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
            }
            Trouble::Connect { .. } | Trouble::Broken { .. } | Trouble::TimedOut { .. } => true,
            Trouble::NotAPage { error, .. } => matches!(error, PageError::Truncated { .. }),
            Trouble::Tls { .. }
            | Trouble::Request { .. }
            | Trouble::TooLong { .. }
            | Trouble::Redirect { .. }
            | Trouble::Stopped => false,
        }
    }

    /// The server's own wish.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Trouble::Status {
                status,
                retry_after,
                ..
            } if matches!(status.as_u16(), 429 | 503) => *retry_after,
            _ => None,
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trouble::Status {
                status,
                retry_after,
                detail,
            } => {
                write!(formatter, "the server answered {status}")?;
                if let Some(detail) = detail {
                    write!(formatter, ": {detail}")?;
                }
                if let Some(after) = retry_after {
                    write!(formatter, ", to come back in {} s", after.as_secs())?;
                }
                Ok(())
            }
            Trouble::Connect { reason, .. } => write!(formatter, "no connection: {reason}"),
            Trouble::Tls { reason } => write!(formatter, "no trusted connection: {reason}"),
            Trouble::Request { reason } => write!(formatter, "it could not be sent: {reason}"),
            Trouble::Broken { reason } => write!(formatter, "the connection broke: {reason}"),
            Trouble::TimedOut { limit } => {
                write!(
                    formatter,
                    "no complete answer within {} s",
                    limit.as_secs_f64()
                )
            }
            Trouble::TooLong { limit } => {
                write!(formatter, "the answer is longer than {limit} bytes")
            }
            Trouble::Redirect { reason } => formatter.write_str(reason),
            Trouble::NotAPage { error, kind: None } => {
                write!(formatter, "the answer is not a page: {error}")
            }
            Trouble::NotAPage {
                error,
                kind: Some(kind),
            } => write!(formatter, "the answer is not a page but {kind}: {error}"),
            Trouble::Stopped => formatter.write_str("it was no longer needed"),
        }
    }
}

/// `Retry-After`: seconds, or a date.
pub(super) fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(header).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
}

/// From 0 to 1, well enough for what it is used for.
pub(super) fn chance() -> f64 {
    getrandom::u64().unwrap_or(u64::MAX / 2) as f64 / u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: StatusCode, seconds: Option<u64>) -> Trouble {
        Trouble::Status {
            status,
            retry_after: seconds.map(Duration::from_secs),
            detail: None,
        }
    }

    fn again(milliseconds: u64) -> Remedy {
        Remedy::Again {
            after: Duration::from_millis(milliseconds),
            for_all: false,
        }
    }

    #[test]
    fn what_passes_is_asked_for_again_ever_later() {
        let settings = Settings::for_tests();
        let failing = status(StatusCode::BAD_GATEWAY, None);
        assert_eq!(failing.remedy(1, 1.0, &settings), again(500));
        assert_eq!(failing.remedy(1, 0.0, &settings), again(250));
        assert_eq!(failing.remedy(4, 1.0, &settings), again(4_000));
        assert_eq!(failing.remedy(5, 1.0, &settings), Remedy::GiveUp);
        let cut = Trouble::NotAPage {
            error: PageError::Truncated { byte: 7 },
            kind: None,
        };
        assert_eq!(cut.remedy(1, 1.0, &settings), again(500));
        let mut patient = Settings::for_tests();
        patient.max_attempts = 100;
        assert_eq!(failing.remedy(99, 1.0, &patient), again(120_000));
    }

    #[test]
    fn what_stays_is_not_asked_for_again() {
        let settings = Settings::for_tests();
        for code in [400, 401, 403, 404, 410, 422] {
            let refused = status(StatusCode::from_u16(code).unwrap(), Some(1));
            assert_eq!(refused.remedy(1, 1.0, &settings), Remedy::GiveUp, "{code}");
        }
        let never_there = Trouble::Connect {
            reason: String::new(),
            worked_before: false,
        };
        assert_eq!(never_there.remedy(2, 1.0, &settings), again(1_000));
        assert_eq!(never_there.remedy(3, 1.0, &settings), Remedy::GiveUp);
    }

    #[test]
    fn the_servers_wish_counts_within_reason() {
        let settings = Settings::for_tests();
        for code in [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::SERVICE_UNAVAILABLE,
        ] {
            let wish = status(code, Some(7)).remedy(1, 1.0, &settings);
            let expected = Remedy::Again {
                after: Duration::from_secs(7),
                for_all: true,
            };
            assert_eq!(wish, expected);
            let too_long = status(code, Some(121)).remedy(1, 1.0, &settings);
            assert_eq!(too_long, Remedy::GiveUp);
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = DateTime::parse_from_rfc3339("2026-11-22T10:00:00Z")
            .unwrap()
            .to_utc();
        let read = |header: &str| retry_after(header, now).map(|after| after.as_secs());
        assert_eq!(read(" 120 "), Some(120));
        assert_eq!(read("Sun, 22 Nov 2026 10:00:30 GMT"), Some(30));
        assert_eq!(read("Sun, 22 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
    }

    #[test]
    fn chance_varies_between_its_bounds() {
        let chances: Vec<f64> = (0..100).map(|_| chance()).collect();
        assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
        assert!(chances.iter().any(|chance| *chance != chances[0]));
    }
}
