//! Times of labels, and the period that each of them begins: a day, a month or a year.

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Period {
    Day,
    Month,
    Year,
}

/// Fewer labels may begin a month by chance.
const ENOUGH: usize = 3;

/// A date or a time as the server writes it. The offset of the zone is left out, because all labels have the same zone.
pub(super) fn parse_time(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once(' ').unwrap_or((text, ""));
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    if time.is_empty() {
        return Some(day.and_time(NaiveTime::MIN));
    }
    let zone = time.find(['+', '-']).unwrap_or(time.len());
    let time = NaiveTime::parse_from_str(&time[..zone], "%H:%M:%S%.f").ok()?;
    Some(day.and_time(time))
}

impl Period {
    /// The longest period that all times begin. `column`: the name of their column, which decides between periods that
    /// fit. `None` if a time is not midnight.
    pub(super) fn shared(times: &[NaiveDateTime], column: &str) -> Option<Period> {
        let begins = |period: Period| times.iter().all(|time| period.begins_at(*time));
        let is_named = |word: &str| column.to_lowercase().contains(word);
        let is_sure = times.len() >= ENOUGH && !is_named("day");
        if times.is_empty() || !begins(Period::Day) {
            None
        } else if begins(Period::Year) && (is_named("year") || (is_sure && !is_named("month"))) {
            Some(Period::Year)
        } else if begins(Period::Month) && (is_named("month") || is_sure) {
            Some(Period::Month)
        } else {
            Some(Period::Day)
        }
    }

    fn begins_at(self, time: NaiveDateTime) -> bool {
        let is_midnight = time.time() == NaiveTime::MIN;
        is_midnight
            && match self {
                Period::Day => true,
                Period::Month => time.day() == 1,
                Period::Year => time.ordinal() == 1,
            }
    }

    pub(super) fn label(self, time: NaiveDateTime) -> String {
        let format = match self {
            Period::Day => "%Y-%m-%d",
            Period::Month => "%Y-%m",
            Period::Year => "%Y",
        };
        time.format(format).to_string()
    }

    /// The begin of the next period. `None` after the last year of the calendar.
    pub(super) fn next(self, time: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Period::Day => time.checked_add_signed(TimeDelta::days(1)),
            Period::Month => time.checked_add_months(Months::new(1)),
            Period::Year => time.checked_add_months(Months::new(12)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(labels: &[&str], column: &str) -> Option<Period> {
        let times: Option<Vec<_>> = labels.iter().map(|label| parse_time(label)).collect();
        Period::shared(&times.unwrap(), column)
    }

    #[test]
    fn labels_of_months_are_months_and_those_of_days_stay_days() {
        let months = ["2026-01-01", "2026-02-01", "2026-05-01"];
        assert_eq!(shared(&months, "begins"), Some(Period::Month));
        assert_eq!(shared(&months[..1], "month"), Some(Period::Month));
        assert_eq!(shared(&months[..1], "begins"), Some(Period::Day));
        let days = ["2026-01-01", "2026-01-02"];
        assert_eq!(shared(&days, "month"), Some(Period::Day));
        let years = ["2024-01-01", "2025-01-01", "2026-01-01"];
        assert_eq!(shared(&years, "begins"), Some(Period::Year));
        assert_eq!(shared(&years, "month"), Some(Period::Month));
        assert_eq!(shared(&["2026-01-01 00:00:01"], "month"), None);
    }

    #[test]
    fn times_are_read_without_their_zone() {
        let noon = parse_time("2026-01-31 12:00:00.5+05:30").unwrap();
        assert_eq!(noon.to_string(), "2026-01-31 12:00:00.500");
        for text in ["infinity", "10:00:00", "0044-03-15 BC", "2026-02-30", ""] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
