//! Dates and times in common formats. As strict as the functions of sql/elt that convert them to ISO text, and as
//! the calendar.

use super::notation::is_digits;
use chrono::NaiveDate;

/// Which part of a date comes first, or how else it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Order {
    /// `2024-01-05`.
    Iso,
    /// `2024/1/5`.
    YearFirst,
    /// `5.1.2024`, `05/01/24`.
    DayFirst,
    /// `1/5/2024`.
    MonthFirst,
    /// `5-Jan-24`, `Jan 5, 2024`.
    MonthName,
    /// `20240105`.
    Compact,
}

impl Order {
    pub(super) fn description(self) -> Option<&'static str> {
        match self {
            Order::Iso => None,
            Order::YearFirst => Some("year/month/day"),
            Order::DayFirst => Some("day first"),
            Order::MonthFirst => Some("month first"),
            Order::MonthName => Some("month by name"),
            Order::Compact => Some("YYYYMMDD"),
        }
    }

    /// The SQL of ISO text.
    pub(super) fn as_iso(self, raw: &str) -> String {
        let function = match self {
            Order::Iso => return raw.to_string(),
            Order::YearFirst => "year_first_as_iso",
            Order::DayFirst => "day_first_as_iso",
            Order::MonthFirst => "month_first_as_iso",
            Order::MonthName => "month_name_as_iso",
            Order::Compact => "compact_as_iso",
        };
        format!("elt.{function}({raw})")
    }
}

pub(super) fn is_date(order: Order, text: &str) -> bool {
    day_of(order, text).is_some_and(|(_, rest)| rest.is_empty())
}

/// A date with a time behind it, and no zone.
pub(super) fn is_moment(order: Order, text: &str) -> bool {
    let Some((_, rest)) = day_of(order, text) else {
        return false;
    };
    if order == Order::Iso {
        return rest.strip_prefix(['T', ' ']).is_some_and(is_iso_time);
    }
    let time = rest.trim_start_matches(['T', ' ', ',']);
    time.len() < rest.len() && is_spoken_time(time)
}

/// An ISO date and time with a zone.
pub(super) fn is_instant(text: &str) -> bool {
    let text = match text.strip_suffix(['Z', 'z']) {
        Some(text) => text.trim_end_matches(' '),
        None => match text.strip_suffix(" UTC") {
            Some(text) => text,
            None => match text.rfind(['+', '-']).filter(|at| *at > 10) {
                Some(at) if is_offset(&text[at + 1..]) => text[..at].trim_end_matches(' '),
                _ => return false,
            },
        },
    };
    is_moment(Order::Iso, text)
}

/// `01:00`, `0100`, `01`.
fn is_offset(text: &str) -> bool {
    let digits: String = text.chars().filter(|sign| *sign != ':').collect();
    let has_place = !text.contains(':') || text.find(':') == Some(2);
    let is_sized = match digits.len() {
        2 => text.len() == 2,
        4 => true,
        _ => false,
    };
    is_digits(&digits)
        && has_place
        && is_sized
        && digits[..2].parse::<u32>().is_ok_and(|hours| hours <= 15)
        && digits[2..].parse::<u32>().unwrap_or(0) <= 59
}

/// `HH:MM`, with seconds and a fraction if need be; not more than microseconds.
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
fn is_spoken_time(text: &str) -> bool {
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

/// The day that a text begins with, and the rest of it.
fn day_of(order: Order, text: &str) -> Option<(NaiveDate, &str)> {
    if !text.is_ascii() {
        return None;
    }
    match order {
        Order::Iso => {
            let (day, rest) = (text.get(..10)?, &text[10..]);
            let is_shaped = day.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
            let found = is_shaped.then(|| date(&day[..4], &day[5..7], &day[8..]))?;
            Some((found?, rest))
        }
        Order::YearFirst => {
            let (year, rest) = number(text, 4, 4)?;
            let (month, day, rest) = two_parts(rest, &['/', '.', '-'])?;
            Some((date(year, month, day)?, rest))
        }
        Order::DayFirst => {
            let (day, month, year, rest) = three_parts(text, &['.', '/', '-'])?;
            Some((date(&full_year(year)?, month, day)?, rest))
        }
        Order::MonthFirst => {
            let (month, day, year, rest) = three_parts(text, &['/', '-'])?;
            Some((date(&full_year(year)?, month, day)?, rest))
        }
        Order::MonthName => named_month(text),
        Order::Compact => {
            let (digits, rest) = number(text, 8, 8)?;
            Some((date(&digits[..4], &digits[4..6], &digits[6..])?, rest))
        }
    }
}

/// `/1/5` behind a year: one sign twice.
fn two_parts<'a>(text: &'a str, signs: &[char]) -> Option<(&'a str, &'a str, &'a str)> {
    let sign = text.chars().next().filter(|sign| signs.contains(sign))?;
    let (first, rest) = number(&text[1..], 1, 2)?;
    let (second, rest) = number(rest.strip_prefix(sign)?, 1, 2)?;
    Some((first, second, rest))
}

fn three_parts<'a>(text: &'a str, signs: &[char]) -> Option<(&'a str, &'a str, &'a str, &'a str)> {
    let (first, rest) = number(text, 1, 2)?;
    let sign = rest.chars().next().filter(|sign| signs.contains(sign))?;
    let (second, rest) = number(&rest[1..], 1, 2)?;
    let (year, rest) = number(rest.strip_prefix(sign)?, 2, 4)?;
    (year.len() != 3).then_some((first, second, year, rest))
}

/// `5-Jan-24`, `5 January 2024`, `Jan 5, 2024`.
fn named_month(text: &str) -> Option<(NaiveDate, &str)> {
    let gap = |text: &'_ str| -> Option<usize> {
        let length = text.len() - text.trim_start_matches([' ', '-', '/', '.', ',']).len();
        (length > 0).then_some(length)
    };
    let (day, month, rest) = match number(text, 1, 2) {
        Some((day, rest)) => {
            let rest = &rest[gap(rest)?..];
            let (month, rest) = month_name(rest)?;
            (day, month, rest)
        }
        None => {
            let (month, rest) = month_name(text)?;
            let rest = &rest[gap(rest)?..];
            let (day, rest) = number(rest, 1, 2)?;
            (day, month, rest)
        }
    };
    let (year, rest) = number(&rest[gap(rest)?..], 2, 4)?;
    if year.len() == 3 {
        return None;
    }
    Some((date(&full_year(year)?, &month.to_string(), day)?, rest))
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// In full or as its first three letters; also Sept.
fn month_name(text: &str) -> Option<(usize, &str)> {
    let length = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let name = text[..length].to_ascii_lowercase();
    let month = MONTHS.iter().position(|month| {
        name == *month || name == month[..3] || (name == "sept" && month.starts_with("sept"))
    })?;
    Some((month + 1, &text[length..]))
}

/// As many digits as there are, if they are neither too few nor too many.
fn number(text: &str, least: usize, most: usize) -> Option<(&str, &str)> {
    let length = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (least..=most)
        .contains(&length)
        .then(|| text.split_at(length))
}

/// As `to_date` of PostgreSQL takes two digits.
fn full_year(year: &str) -> Option<String> {
    if year.len() != 2 {
        return Some(year.to_string());
    }
    let short: u32 = year.parse().ok()?;
    Some(
        (if short < 70 {
            2000 + short
        } else {
            1900 + short
        })
        .to_string(),
    )
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year: i32 = year.parse().ok().filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_their_order() {
        for (order, text) in [
            (Order::Iso, "2024-02-29"),
            (Order::YearFirst, "2024/2/9"),
            (Order::DayFirst, "31.12.2024"),
            (Order::DayFirst, "1/2/24"),
            (Order::MonthFirst, "12/31/2024"),
            (Order::MonthName, "5-Jan-24"),
            (Order::MonthName, "Jan 5, 2024"),
            (Order::MonthName, "05 SEPTEMBER 2024"),
            (Order::Compact, "20240229"),
        ] {
            assert!(is_date(order, text), "{text}");
        }
        for (order, text) in [
            (Order::Iso, "2023-02-29"),
            (Order::Iso, "2024-2-9"),
            (Order::Iso, "0000-01-01"),
            (Order::DayFirst, "12/31/2024"),
            (Order::DayFirst, "1.2/2024"),
            (Order::DayFirst, "1.2.024"),
            (Order::MonthFirst, "31/12/2024"),
            (Order::MonthFirst, "1.31.2024"),
            (Order::MonthName, "5-Jax-24"),
            (Order::Compact, "20241301"),
        ] {
            assert!(!is_date(order, text), "{text}");
        }
    }

    #[test]
    fn times_have_a_zone_or_have_none() {
        for text in ["2024-01-05T10:00", "2024-01-05 10:00:00.123456000"] {
            assert!(is_moment(Order::Iso, text) && !is_instant(text), "{text}");
        }
        for text in [
            "2024-01-05T10:00Z",
            "2024-01-05 10:00:00.5 +01:00",
            "2024-01-05 10:00-0430",
        ] {
            assert!(!is_moment(Order::Iso, text) && is_instant(text), "{text}");
        }
        assert!(is_moment(Order::DayFirst, "03/02/2018 10:21:42"));
        assert!(is_moment(Order::MonthFirst, "1/5/2024, 9:05 PM"));
        assert!(!is_moment(Order::MonthFirst, "1/5/2024 13:05 PM"));
        assert!(!is_moment(Order::Iso, "2024-01-05 10:00:00.1234567"));
        assert!(!is_moment(Order::Iso, "2024-01-05 24:00"));
    }
}
