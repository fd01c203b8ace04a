//! The pages: one file each.

mod accounts;
pub(super) mod admin;
mod dashboard;
mod download;
mod draw_links;
pub(super) mod error_page;
mod files;
mod filter;
mod job;
mod job_actions;
mod job_events;
mod job_loads;
mod jobs;
mod listing;
mod loads;
mod pinned;
mod rows_file;
mod sql;
mod table;
mod tables;
mod trend;

pub(super) use accounts::{accounts, add_account, audit, change_one, change_own, one, own};
pub(super) use admin::{Filled, Input, Typed, inputs};
pub(super) use dashboard::dashboard;
pub(super) use download::{download_csv, download_permit, listed_csv, rows_csv, rows_json};
pub(super) use files::file;
pub(super) use job::job;
pub(super) use job_actions::{cancel, retry, run};
pub(super) use job_events::job_events;
pub(super) use jobs::{act_on_selected, jobs, results, start, start_form};
pub(super) use loads::{discard, load, loads, publish};
pub(super) use sql::{sql, sql_csv, sql_json};
pub(super) use table::table;
pub(super) use tables::{lineage, tables};

use crate::terminal::span;
use chrono::{DateTime, TimeDelta, Utc};

/// A time, and its age such as `3 min ago`.
pub(super) struct Moment {
    /// The time in the time zone of the account, such as `2026-11-30 17:30:00 UTC+01`.
    pub(super) iso: String,
    pub(super) age: String,
}

impl Moment {
    /// `time`: a timestamptz as text, as the server writes it in the session's time zone.
    fn new(time: Option<&str>) -> Option<Moment> {
        let text = time?;
        let time = DateTime::parse_from_str(&with_minutes(text), "%Y-%m-%d %H:%M:%S%.f%:z").ok()?;
        let age = Utc::now() - time.to_utc();
        let age = if age < TimeDelta::zero() {
            format!("in {}", span(-age))
        } else {
            format!("{} ago", span(age))
        };
        let offset = time.format("%:z").to_string();
        let offset = match offset.as_str() {
            "+00:00" => "",
            offset => offset.trim_end_matches(":00"),
        };
        Some(Moment {
            iso: format!("{} UTC{offset}", time.format("%Y-%m-%d %H:%M:%S")),
            age,
        })
    }
}

/// The offset with its minutes: `+01` becomes `+01:00`.
fn with_minutes(time: &str) -> String {
    match time.rfind(['+', '-']) {
        Some(at) if time.len() == at + 3 => format!("{time}:00"),
        // An offset with seconds, of times before zones were standardized.
        Some(at) if time.len() > at + 6 => time[..at + 6].into(),
        _ => time.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_names_the_offset_that_the_server_wrote() {
        let iso = |text| Moment::new(Some(text)).map(|moment| moment.iso);
        let shown = [
            ("2026-11-30 17:30:00.123456+00", "2026-11-30 17:30:00 UTC"),
            ("2026-11-30 17:30:00+01", "2026-11-30 17:30:00 UTC+01"),
            ("2026-11-30 17:30:59.5-08", "2026-11-30 17:30:59 UTC-08"),
            ("2026-11-30 17:30:00+05:30", "2026-11-30 17:30:00 UTC+05:30"),
            (
                "1890-11-30 17:30:00-04:56:02",
                "1890-11-30 17:30:00 UTC-04:56",
            ),
        ];
        for (text, expected) in shown {
            assert_eq!(iso(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(iso("infinity"), None);
    }

    #[test]
    fn an_age_does_not_depend_on_the_time_zone() {
        let age = |text| Moment::new(Some(text)).map(|moment| moment.age);
        assert_eq!(age("2020-01-01 12:00:00+00"), age("2020-01-01 21:00:00+09"));
        assert_eq!(age("2999-01-01 00:00:00+00").unwrap()[..3], *"in ");
    }
}
