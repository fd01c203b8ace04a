//! What the headers of a response say about waiting: `Retry-After`, and the limits of the API in the headers
//! `RateLimit`, `RateLimit-*`, `X-RateLimit-*` and `X-Rate-Limit-*`.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use reqwest::header::{self, HeaderMap};
use std::time::Duration;

/// The headers with the number of requests that are left, and with the time when there will be more.
const HEADERS: [(&str, &str); 3] = [
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("x-rate-limit-remaining", "x-rate-limit-reset"),
    ("ratelimit-remaining", "ratelimit-reset"),
];

/// The smallest number that is an instant, in seconds since 1970. Smaller numbers are seconds from now.
const FIRST_INSTANT: f64 = 1e9;
/// The smallest number that is an instant in milliseconds.
const FIRST_MILLISECONDS: f64 = 1e12;

/// The header Date has whole seconds, and a response takes time.
const PRECISION: TimeDelta = TimeDelta::seconds(2);

/// A limit of the API.
#[derive(Clone, Copy, Default)]
struct Limit {
    /// The number of requests that are left.
    remaining: Option<f64>,
    /// The time until there are more.
    reset: Option<Duration>,
}

/// How long the server asks to wait in a failed response. None if it does not say.
pub(in crate::extract) fn wait_after_failure(
    status: StatusCode,
    headers: &HeaderMap,
    now: DateTime<Utc>,
) -> Option<Duration> {
    let now = server_time(headers, now);
    let retry_after = header_text(headers, header::RETRY_AFTER.as_str());
    if let Some(wait) = retry_after.and_then(|text| parse_retry_after(text, now)) {
        return Some(wait);
    }
    if !is_limit(status) {
        return None;
    }
    let limits = limits(headers, now);
    // Some APIs report only the reset, because the status says the rest.
    let is_alone =
        |limit: &Limit| status == StatusCode::TOO_MANY_REQUESTS && limit.remaining.is_none();
    let reached = |limit: &&Limit| is_reached(limit) || is_alone(limit);
    limits
        .iter()
        .filter(reached)
        .filter_map(|limit| limit.reset)
        .max()
}

/// How long the next request has to wait although this one succeeded: until the reset of a limit that is reached.
pub(super) fn wait_after_success(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let limits = limits(headers, server_time(headers, now));
    let reached = limits.iter().filter(|limit| is_reached(limit));
    reached.filter_map(|limit| limit.reset).max()
}

/// Whether a response with this status may mean that a limit is reached, or that the server needs a pause.
pub(super) fn is_limit(status: StatusCode) -> bool {
    matches!(status.as_u16(), 403 | 429 | 503)
}

/// A fraction of a request is none.
fn is_reached(limit: &Limit) -> bool {
    limit.remaining.is_some_and(|remaining| remaining < 1.0)
}

/// The clock of the server, which its instants are from. If ours agrees, it is more precise.
fn server_time(headers: &HeaderMap, now: DateTime<Utc>) -> DateTime<Utc> {
    let date = header_text(headers, header::DATE.as_str());
    let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    let date = date.map_or(now, |date| date.to_utc());
    if (now - date).abs() < PRECISION {
        now
    } else {
        date
    }
}

fn limits(headers: &HeaderMap, now: DateTime<Utc>) -> Vec<Limit> {
    let pairs = HEADERS.iter().map(|(remaining, reset)| Limit {
        remaining: header_text(headers, remaining).and_then(number),
        reset: header_text(headers, reset).and_then(|text| parse_reset(text, now)),
    });
    let combined = headers.get_all("ratelimit").iter();
    let combined = combined.filter_map(|value| value.to_str().ok());
    pairs
        .chain(combined.flat_map(|text| parse_combined(text, now)))
        .collect()
}

/// The limits in a header `RateLimit`: `limit=10, remaining=0, reset=5` of its earlier drafts, or
/// `"default";r=0;t=5`, several of them with commas.
fn parse_combined(text: &str, now: DateTime<Utc>) -> Vec<Limit> {
    let mut limits = Vec::new();
    let mut whole = Limit::default();
    for item in text.split(',') {
        let mut own = Limit::default();
        for pair in item.split(';') {
            match pair.trim().split_once('=') {
                Some(("r", value)) => own.remaining = number(value),
                Some(("t", value)) => own.reset = parse_reset(value, now),
                Some(("remaining", value)) => whole.remaining = number(value),
                Some(("reset", value)) => whole.reset = parse_reset(value, now),
                _ => {}
            }
        }
        limits.push(own);
    }
    limits.push(whole);
    limits
}

/// The time until a reset: seconds from now, seconds or milliseconds since 1970, or a date.
fn parse_reset(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let instant = match number(text) {
        Some(number) if number < FIRST_INSTANT => return Duration::try_from_secs_f64(number).ok(),
        Some(number) if number < FIRST_MILLISECONDS => {
            DateTime::from_timestamp_millis((number * 1e3) as i64)
        }
        Some(number) => DateTime::from_timestamp_millis(number as i64),
        None => {
            let date = DateTime::parse_from_rfc3339(text.trim());
            let date = date.or_else(|_| DateTime::parse_from_rfc2822(text.trim()));
            date.ok().map(|date| date.to_utc())
        }
    }?;
    // An instant in the past is no wait at all.
    Some((instant - now).to_std().unwrap_or(Duration::ZERO))
}

/// Parses the header `Retry-After`: seconds or a date.
fn parse_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.to_utc() - now).to_std().unwrap_or(Duration::ZERO))
}

/// The number at the beginning of a header. An early draft adds parameters to it.
fn number(text: &str) -> Option<f64> {
    let digits = text.split([',', ';']).next().unwrap_or_default().trim();
    let number: f64 = digits.parse().ok()?;
    number.is_finite().then_some(number)
}

fn header_text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        let now = DateTime::parse_from_rfc3339("2026-11-22T10:00:00Z");
        now.unwrap().to_utc()
    }

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let name: header::HeaderName = name.parse().unwrap();
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    fn failed(status: u16, lines: &[&str]) -> Option<f64> {
        let status = StatusCode::from_u16(status).unwrap();
        let wait = wait_after_failure(status, &headers(lines), now());
        wait.map(|wait| wait.as_secs_f64())
    }

    fn succeeded(lines: &[&str]) -> Option<f64> {
        let wait = wait_after_success(&headers(lines), now());
        wait.map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn reads_every_notation_of_a_reached_limit() {
        let epoch = now().timestamp();
        let (seconds, milliseconds) = (epoch + 5, epoch * 1_000 + 5_250);
        let cases: [(&[&str], f64); 12] = [
            (&["X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 5"], 5.0),
            (
                &["X-RateLimit-Remaining: 0.5", "X-RateLimit-Reset: 1.5"],
                1.5,
            ),
            (
                &[
                    "X-RateLimit-Remaining: 0",
                    &format!("X-RateLimit-Reset: {seconds}"),
                ],
                5.0,
            ),
            (
                &[
                    "x-ratelimit-remaining: 0",
                    &format!("x-ratelimit-reset: {milliseconds}"),
                ],
                5.25,
            ),
            (
                &[
                    "X-RateLimit-Remaining: 0",
                    "X-RateLimit-Reset: 2026-11-22T10:00:07Z",
                ],
                7.0,
            ),
            (&["X-Rate-Limit-Remaining: 0", "X-Rate-Limit-Reset: 6"], 6.0),
            (
                &["RateLimit-Remaining: 0", "RateLimit-Reset: 8, 60;w=60"],
                8.0,
            ),
            (&["RateLimit: limit=10, remaining=0, reset=5"], 5.0),
            (&["RateLimit: \"default\";r=0;t=5"], 5.0),
            (
                &["RateLimit: \"a, b\";r=0;t=3, \"c\";r=0;t=9, \"d\";r=1;t=99"],
                9.0,
            ),
            (
                &["RateLimit: \"a\";r=2;t=3", "RateLimit: \"b\";r=0;t=4"],
                4.0,
            ),
            (
                &["X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1700000000"],
                0.0,
            ),
        ];
        for (lines, wait) in cases {
            assert_eq!(succeeded(lines), Some(wait), "{lines:?}");
            for status in [403, 429, 503] {
                assert_eq!(failed(status, lines), Some(wait), "{status} {lines:?}");
            }
            assert_eq!(failed(401, lines), None, "{lines:?}");
        }
    }

    #[test]
    fn instants_are_compared_with_the_clock_of_the_server() {
        let reset = format!("X-RateLimit-Reset: {}", now().timestamp());
        let lines = [
            "X-RateLimit-Remaining: 0",
            "Date: Sun, 22 Nov 2026 09:59:50 GMT",
            &reset,
        ];
        assert_eq!(succeeded(&lines), Some(10.0));
        let lines = [
            "X-RateLimit-Remaining: 0",
            "Date: Sun, 22 Nov 2026 09:59:59 GMT",
            &reset,
        ];
        assert_eq!(succeeded(&lines), Some(0.0));
    }

    #[test]
    fn a_limit_that_is_not_reached_is_no_wait() {
        let left = ["X-RateLimit-Remaining: 3", "X-RateLimit-Reset: 5"];
        assert_eq!(succeeded(&left), None);
        assert_eq!(failed(429, &left), None);
        let without_number = ["X-RateLimit-Reset: 5"];
        assert_eq!(succeeded(&without_number), None);
        assert_eq!(failed(403, &without_number), None);
        assert_eq!(failed(429, &without_number), Some(5.0));
        for unreadable in ["soon", "-1", "NaN", "inf", ""] {
            let reset = format!("X-RateLimit-Reset: {unreadable}");
            assert_eq!(
                failed(429, &["X-RateLimit-Remaining: 0", &reset]),
                None,
                "{reset}"
            );
        }
        assert_eq!(failed(403, &[]), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let read = |value: &str| {
            let wait = parse_retry_after(value, now());
            wait.map(|wait| wait.as_secs())
        };
        assert_eq!(read(" 120 "), Some(120));
        assert_eq!(read("Sun, 22 Nov 2026 10:00:30 GMT"), Some(30));
        assert_eq!(read("Sun, 22 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(read("soon"), None);
        assert_eq!(read("-1"), None);
        let both = [
            "Retry-After: 7",
            "X-RateLimit-Remaining: 0",
            "X-RateLimit-Reset: 9",
        ];
        assert_eq!(failed(429, &both), Some(7.0));
        assert_eq!(failed(403, &both), Some(7.0));
    }
}
