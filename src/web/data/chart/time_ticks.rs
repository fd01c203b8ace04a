//! Round ticks of an axis with times: seconds, minutes, hours, days, months or years.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};

#[derive(Clone, Copy)]
enum Step {
    Seconds(i64),
    Months(i64),
}

const DAY: i64 = 86_400;
/// The first Monday of the calendar of seconds, which began on a Thursday.
const MONDAY: i64 = 4 * DAY;
const SECONDS: [i64; 16] = [
    1,
    5,
    15,
    30,
    60,
    5 * 60,
    15 * 60,
    30 * 60,
    3_600,
    3 * 3_600,
    6 * 3_600,
    12 * 3_600,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
];
const MONTHS: [i64; 14] = [
    1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 12_000, 60_000,
];
/// Seconds of a month, on average.
const MONTH: i64 = 2_629_746;

/// Ticks between two times, with their labels. At most `wanted + 1`; none if the times are less than a second apart.
pub(super) fn time_ticks(
    first: NaiveDateTime,
    last: NaiveDateTime,
    wanted: usize,
) -> Vec<(NaiveDateTime, String)> {
    let span = (last - first).num_seconds();
    let seconds = SECONDS.map(|count| (count, Step::Seconds(count)));
    let months = MONTHS.map(|count| (count * MONTH, Step::Months(count)));
    let mut steps = seconds.into_iter().chain(months);
    let fits = |length: i64| span / length < wanted as i64;
    let step = steps.find(|(length, _)| fits(*length));
    let step = step.map_or(Step::Months(120_000), |(_, step)| step);
    let mut ticks = Vec::new();
    let mut next = step.at_or_before(first);
    while let Some(time) = next.filter(|time| *time <= last) {
        if time >= first {
            ticks.push((time, step.label(time, span)));
        }
        next = step.after(time);
    }
    ticks
}

impl Step {
    fn at_or_before(self, time: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Step::Seconds(count) => {
                let start = if count >= 7 * DAY { MONDAY } else { 0 };
                let second = time.and_utc().timestamp() - start;
                from_seconds(second.div_euclid(count) * count + start)
            }
            Step::Months(count) => from_month(month_of(time).div_euclid(count) * count),
        }
    }

    fn after(self, time: NaiveDateTime) -> Option<NaiveDateTime> {
        match self {
            Step::Seconds(count) => from_seconds(time.and_utc().timestamp() + count),
            Step::Months(count) => from_month(month_of(time) + count),
        }
    }

    /// `span`: seconds from the first to the last time.
    fn label(self, time: NaiveDateTime, span: i64) -> String {
        let format = match self {
            Step::Months(count) if count >= 12 => "%Y",
            Step::Months(_) => "%Y-%m",
            Step::Seconds(count) if count >= DAY => "%Y-%m-%d",
            Step::Seconds(_) if span > DAY => "%m-%d %H:%M",
            Step::Seconds(count) if count >= 60 => "%H:%M",
            Step::Seconds(_) => "%H:%M:%S",
        };
        time.format(format).to_string()
    }
}

fn from_seconds(seconds: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp(seconds, 0).map(|time| time.naive_utc())
}

/// Months since the year 0.
fn month_of(time: NaiveDateTime) -> i64 {
    i64::from(time.year()) * 12 + i64::from(time.month0())
}

fn from_month(month: i64) -> Option<NaiveDateTime> {
    let year = i32::try_from(month.div_euclid(12)).ok()?;
    let of_year = u32::try_from(month.rem_euclid(12)).ok()?;
    let day = NaiveDate::from_ymd_opt(year, of_year + 1, 1)?;
    Some(day.and_time(NaiveTime::MIN))
}

#[cfg(test)]
mod tests {
    use super::super::period::parse_time;
    use super::*;
    use proptest::prelude::*;

    fn labels(first: &str, last: &str) -> String {
        let (first, last) = (parse_time(first).unwrap(), parse_time(last).unwrap());
        let ticks = time_ticks(first, last, 6);
        let labels = ticks.into_iter().map(|(_, label)| label);
        labels.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn ticks_are_round_times() {
        assert_eq!(
            labels("2022-12-07", "2024-03-02"),
            "2023-01 2023-04 2023-07 2023-10 2024-01"
        );
        assert_eq!(labels("1987-05-05", "2026-01-01"), "1990 2000 2010 2020");
        assert_eq!(
            labels("2026-01-30", "2026-02-09"),
            "2026-01-31 2026-02-02 2026-02-04 2026-02-06 2026-02-08"
        );
        assert_eq!(
            labels("2026-01-30 08:10:00", "2026-01-30 10:40:00"),
            "08:30 09:00 09:30 10:00 10:30"
        );
        assert_eq!(
            labels("2026-01-01", "2026-03-09"),
            "2026-01-05 2026-01-19 2026-02-02 2026-02-16 2026-03-02"
        );
    }

    proptest! {
        #[test]
        fn there_are_few_ticks_and_all_are_in_order(
            start in -60_000_000_000i64..200_000_000_000,
            span in 10i64..300_000_000_000,
        ) {
            let (first, last) = (from_seconds(start).unwrap(), from_seconds(start + span).unwrap());
            let ticks = time_ticks(first, last, 6);
            prop_assert!((1..=7).contains(&ticks.len()), "{first} {last}: {ticks:?}");
            prop_assert!(ticks.iter().all(|(time, _)| (first..=last).contains(time)));
            prop_assert!(ticks.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1));
        }
    }
}
