//! Dates with a time, with or without a zone. As strict as the functions of sql/elt that cast them.

use super::date::{DateOrder, split_date};
use super::number::is_digits;

/// A date and a time without a zone.
pub(super) fn is_timestamp(order: DateOrder, text: &str) -> bool {
    let Some((_, rest)) = split_date(order, text) else {
        return false;
    };
    if order == DateOrder::Iso {
        return rest.strip_prefix(['T', ' ']).is_some_and(is_iso_time);
    }
    let time = rest.trim_start_matches(['T', ' ', ',']);
    time.len() < rest.len() && is_clock_time(time)
}

/// An ISO date and time with a zone.
pub(super) fn is_instant(text: &str) -> bool {
    strip_zone(text).is_some_and(|text| is_timestamp(DateOrder::Iso, text))
}

/// The text before `Z`, ` UTC` or an offset such as `+01:00`.
fn strip_zone(text: &str) -> Option<&str> {
    if let Some(text) = text.strip_suffix(['Z', 'z']) {
        return Some(text.trim_end_matches(' '));
    }
    if let Some(text) = text.strip_suffix(" UTC") {
        return Some(text);
    }
    // The first ten characters are the date.
    let at = text.rfind(['+', '-']).filter(|at| *at > 10)?;
    is_offset(&text[at + 1..]).then(|| text[..at].trim_end_matches(' '))
}

/// `01:00`, `0100`, `01`.
fn is_offset(text: &str) -> bool {
    let digits: String = text.chars().filter(|sign| *sign != ':').collect();
    let is_colon_valid = !text.contains(':') || text.find(':') == Some(2);
    let is_length_valid = match digits.len() {
        2 => text.len() == 2,
        4 => true,
        _ => false,
    };
    is_digits(&digits)
        && is_colon_valid
        && is_length_valid
        && digits[..2].parse::<u32>().is_ok_and(|hours| hours <= 15)
        && digits[2..].parse::<u32>().unwrap_or(0) <= 59
}

/// `HH:MM`, optionally with seconds and at most microseconds.
fn is_iso_time(text: &str) -> bool {
    let part = |text: &str, most: u32| {
        text.len() == 2 && is_digits(text) && text.parse::<u32>().is_ok_and(|value| value <= most)
    };
    let mut parts = text.splitn(3, ':');
    let (hours, minutes) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if !part(hours, 23) || !part(minutes, 59) {
        return false;
    }
    let Some(seconds) = parts.next() else {
        return true;
    };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    part(seconds, 59)
        && is_digits(fraction)
        && fraction.len() <= 9
        && fraction.bytes().skip(6).all(|digit| digit == b'0')
}

/// `9:05`, `9:05:30 PM`.
fn is_clock_time(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let halved = ["AM", "PM"]
        .iter()
        .find_map(|half| upper.strip_suffix(half))
        .map(|time| time.trim_end_matches(' '));
    let time = halved.unwrap_or(&upper);
    let padded = match time.find(':') {
        Some(1) => format!("0{time}"),
        _ => time.to_string(),
    };
    let hours = || padded.get(..2).and_then(|hours| hours.parse::<u32>().ok());
    is_iso_time(&padded)
        && (halved.is_none() || hours().is_some_and(|hours| (1..=12).contains(&hours)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_a_zone_or_have_none() {
        for text in ["2024-01-05T10:00", "2024-01-05 10:00:00.123456000"] {
            assert!(
                is_timestamp(DateOrder::Iso, text) && !is_instant(text),
                "{text}"
            );
        }
        for text in [
            "2024-01-05T10:00Z",
            "2024-01-05 10:00:00.5 +01:00",
            "2024-01-05 10:00-0430",
        ] {
            assert!(
                !is_timestamp(DateOrder::Iso, text) && is_instant(text),
                "{text}"
            );
        }
        assert!(is_timestamp(DateOrder::DayFirst, "03/02/2018 10:21:42"));
        assert!(is_timestamp(DateOrder::MonthFirst, "1/5/2024, 9:05 PM"));
        assert!(!is_timestamp(DateOrder::MonthFirst, "1/5/2024 13:05 PM"));
        assert!(!is_timestamp(DateOrder::Iso, "2024-01-05 10:00:00.1234567"));
        assert!(!is_timestamp(DateOrder::Iso, "2024-01-05 24:00"));
    }
}
