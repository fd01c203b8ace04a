//! The pages: one file each.

mod accounts;
pub(super) mod admin;
mod dashboard;
mod download;
mod draw_links;
pub(super) mod error_page;
mod files;
mod job;
mod job_actions;
mod job_events;
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
pub(super) use loads::{load, loads};
pub(super) use sql::{sql, sql_csv, sql_json};
pub(super) use table::table;
pub(super) use tables::{lineage, tables};

use crate::terminal::span;
use chrono::{DateTime, TimeDelta, Utc};

/// A time, and its age such as `3 min ago`.
pub(super) struct Moment {
    pub(super) iso: String,
    pub(super) age: String,
}

impl Moment {
    fn new(time: Option<DateTime<Utc>>) -> Option<Moment> {
        let time = time?;
        let age = Utc::now() - time;
        let age = if age < TimeDelta::zero() {
            format!("in {}", span(-age))
        } else {
            format!("{} ago", span(age))
        };
        Some(Moment {
            iso: time.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
            age,
        })
    }
}
