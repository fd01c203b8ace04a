//! The progress of jobs that the program runs.

use super::queue::{self, Job};
use crate::terminal::{self, ProgressSink};
use postgres::Client;
use serde_json::json;
use std::time::{Duration, Instant};

/// Time between two updates of the progress.
const PAUSE: Duration = Duration::from_secs(1);

/// Records the progress of this thread in the job until the value is dropped.
pub(super) fn show_progress(mut client: Client, job: &Job) -> ProgressSink {
    let job = job.clone();
    let mut last: Option<Instant> = None;
    terminal::progress_to(move |text| {
        if !text.is_empty() && last.is_none_or(|last| last.elapsed() > PAUSE) {
            last = Some(Instant::now());
            // Progress is only informative; the job goes on without it.
            let _ = queue::progress(&mut client, &job, &json!({ "step": text }));
        }
    })
}
