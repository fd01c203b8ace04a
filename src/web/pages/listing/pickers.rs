//! Whether an input of a browser can show a value. Otherwise it would be shown empty.

use chrono::{NaiveDate, NaiveDateTime};

pub(crate) fn is_whole(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a browser accepts the value as a number. It accepts neither NaN nor infinity.
pub(crate) fn is_number(value: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    value.bytes().all(is_plain)
}

/// Whether a date picker can show the value.
pub(crate) fn is_date(value: &str) -> bool {
    value.is_empty() || (value.len() == 10 && NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok())
}

/// Whether a picker of a date with a time can show the value.
pub(crate) fn is_time(value: &str) -> bool {
    let is_short = value.len() <= 19;
    let read = |pattern| NaiveDateTime::parse_from_str(value, pattern).is_ok();
    value.is_empty() || (is_short && (read("%Y-%m-%dT%H:%M:%S") || read("%Y-%m-%dT%H:%M")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picker_shows_what_it_can() {
        for value in ["", "2026-11-22T17:30", "2026-11-22T17:30:59"] {
            assert!(is_time(value), "{value}");
        }
        for value in ["infinity", "12026-11-22T17:30:59", "2026-11-22", "no time"] {
            assert!(!is_time(value), "{value}");
        }
        assert!(is_date("2026-11-22") && !is_date("-infinity") && !is_date("26-11-22"));
        assert!(is_number("-1.5e3") && !is_number("NaN") && is_whole("-15") && !is_whole("1.5"));
    }
}
