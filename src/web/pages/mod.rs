//! The pages: one file each.

mod act;
pub(super) mod admin;
mod dashboard;
mod download;
mod explore;
pub(super) mod failed;
mod files;
mod filter_form;
mod job;
mod jobs;
mod live;
mod loads;

pub(super) use act::{cancel, retry, run};
pub(super) use dashboard::dashboard;
pub(super) use download::{as_csv, listed_csv, rows_csv, rows_json, turn};
pub(super) use explore::{lineage, relation, relations};
pub(super) use files::file;
pub(super) use job::job;
pub(super) use jobs::jobs;
pub(super) use live::live;
pub(super) use loads::loads;

use crate::terminal::span;
use chrono::{DateTime, TimeDelta, Utc};

/// `3 min ago`, beside the time itself.
pub(super) struct Moment {
    pub(super) iso: String,
    pub(super) words: String,
}

impl Moment {
    fn of(time: Option<DateTime<Utc>>) -> Option<Moment> {
        let time = time?;
        let age = Utc::now() - time;
        let words = match age < TimeDelta::zero() {
            true => format!("in {}", span(-age)),
            false => format!("{} ago", span(age)),
        };
        Some(Moment {
            iso: time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
            words,
        })
    }
}
