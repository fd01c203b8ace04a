//! Dates in common formats. As strict as the calendar and the functions of sql/elt that convert them to ISO text.

use chrono::NaiveDate;

/// The order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DateOrder {
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

impl DateOrder {
    pub(super) fn description(self) -> Option<&'static str> {
        match self {
            DateOrder::Iso => None,
            DateOrder::YearFirst => Some("year/month/day"),
            DateOrder::DayFirst => Some("day first"),
            DateOrder::MonthFirst => Some("month first"),
            DateOrder::MonthName => Some("month by name"),
            DateOrder::Compact => Some("YYYYMMDD"),
        }
    }

    /// The SQL that converts the raw text to ISO text.
    pub(super) fn as_iso(self, raw: &str) -> String {
        let function = match self {
            DateOrder::Iso => return raw.to_string(),
            DateOrder::YearFirst => "year_first_as_iso",
            DateOrder::DayFirst => "day_first_as_iso",
            DateOrder::MonthFirst => "month_first_as_iso",
            DateOrder::MonthName => "month_name_as_iso",
            DateOrder::Compact => "compact_as_iso",
        };
        format!("elt.{function}({raw})")
    }
}

pub(super) fn is_date(order: DateOrder, text: &str) -> bool {
    split_date(order, text).is_some_and(|(_, rest)| rest.is_empty())
}

/// Splits a text into the date at its beginning and the rest.
pub(super) fn split_date(order: DateOrder, text: &str) -> Option<(NaiveDate, &str)> {
    if !text.is_ascii() {
        return None;
    }
    match order {
        DateOrder::Iso => {
            let (day, rest) = (text.get(..10)?, &text[10..]);
            let is_shaped = day.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
            let found = is_shaped.then(|| date(&day[..4], &day[5..7], &day[8..]))?;
            Some((found?, rest))
        }
        DateOrder::YearFirst => {
            let (year, rest) = number(text, 4, 4)?;
            let (month, day, rest) = two_parts(rest, &['/', '.', '-'])?;
            Some((date(year, month, day)?, rest))
        }
        DateOrder::DayFirst => {
            let (day, month, year, rest) = three_parts(text, &['.', '/', '-'])?;
            Some((date(&full_year(year)?, month, day)?, rest))
        }
        DateOrder::MonthFirst => {
            let (month, day, year, rest) = three_parts(text, &['/', '-'])?;
            Some((date(&full_year(year)?, month, day)?, rest))
        }
        DateOrder::MonthName => named_month(text),
        DateOrder::Compact => {
            let (digits, rest) = number(text, 8, 8)?;
            Some((date(&digits[..4], &digits[4..6], &digits[6..])?, rest))
        }
    }
}

/// `/1/5` after a year. Both separators are the same.
fn two_parts<'a>(text: &'a str, signs: &[char]) -> Option<(&'a str, &'a str, &'a str)> {
    let sign = text.chars().next().filter(|sign| signs.contains(sign))?;
    let (first, rest) = number(&text[1..], 1, 2)?;
    let (second, rest) = number(rest.strip_prefix(sign)?, 1, 2)?;
    Some((first, second, rest))
}

/// `31.12.2024`: two separators, both the same, and a year of two or four digits.
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

/// A month by its full name, its first three letters, or Sept. Returns its number and the rest.
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

/// Splits off the leading digits, if there are at least `least` and at most `most`.
fn number(text: &str, least: usize, most: usize) -> Option<(&str, &str)> {
    let length = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (least..=most)
        .contains(&length)
        .then(|| text.split_at(length))
}

/// Two digits become a year from 1970 to 2069, as in `to_date` of PostgreSQL.
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
    fn dates_fit_one_order() {
        for (order, text) in [
            (DateOrder::Iso, "2024-02-29"),
            (DateOrder::YearFirst, "2024/2/9"),
            (DateOrder::DayFirst, "31.12.2024"),
            (DateOrder::DayFirst, "1/2/24"),
            (DateOrder::MonthFirst, "12/31/2024"),
            (DateOrder::MonthName, "5-Jan-24"),
            (DateOrder::MonthName, "Jan 5, 2024"),
            (DateOrder::MonthName, "05 SEPTEMBER 2024"),
            (DateOrder::Compact, "20240229"),
        ] {
            assert!(is_date(order, text), "{text}");
        }
        for (order, text) in [
            (DateOrder::Iso, "2023-02-29"),
            (DateOrder::Iso, "2024-2-9"),
            (DateOrder::Iso, "0000-01-01"),
            (DateOrder::DayFirst, "12/31/2024"),
            (DateOrder::DayFirst, "1.2/2024"),
            (DateOrder::DayFirst, "1.2.024"),
            (DateOrder::MonthFirst, "31/12/2024"),
            (DateOrder::MonthFirst, "1.31.2024"),
            (DateOrder::MonthName, "5-Jax-24"),
            (DateOrder::Compact, "20241301"),
        ] {
            assert!(!is_date(order, text), "{text}");
        }
    }
}
