//! The result of a load.

use super::columns::FileColumns;
use super::files::{FailedFile, FilesLeft};
use super::preview::Preview;
use super::publish::Published;
use super::since::Since;
use crate::extract::SkippedLines;
use crate::failure::Failure;
use crate::quality::RuleResult;
use anyhow::Result;
use serde::Serialize;

/// The result for one source.
#[derive(Serialize)]
pub(crate) struct SourceReport {
    pub(crate) source: String,
    pub(crate) outcome: SourceOutcome,
    pub(crate) load_id: i64,
    /// Path of the file, or address of the API.
    pub(crate) location: String,
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    /// Rows of the previous live load; `None` for the first load.
    pub(crate) rows_before: Option<i64>,
    pub(crate) rejected: u64,
    /// Time from the first byte to the last row in staging.
    pub(crate) seconds: f64,
    /// `None` if nothing had to be staged.
    pub(crate) rows_per_second: Option<u64>,
    /// The first few rejects as text.
    pub(crate) rejects: Vec<String>,
    /// Lines of a CSV file that are no records. `None` for other formats and if nothing had to be staged.
    pub(crate) lines_skipped: Option<SkippedLines>,
    /// For an incremental load of an API.
    pub(crate) since: Option<Since>,
    /// What changed while the pages of an API were read, if that was accepted.
    pub(crate) changed_while_read: Option<String>,
    /// Columns or keys that the source does not expect.
    pub(crate) new_columns: Vec<String>,
    /// Expected columns or keys that are missing, so that they are null in all rows.
    pub(crate) missing_columns: Vec<String>,
    /// The files that have such columns.
    #[serde(skip)]
    pub(crate) files_unlike: Vec<FileColumns>,
}

#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SourceOutcome {
    Published,
    /// The same bytes were live already.
    Unchanged,
    /// Waits until it is published or discarded.
    Held,
    /// Was rolled back.
    DryRun,
}

#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) sources: Vec<SourceReport>,
    pub(crate) published: Option<Published>,
    /// What held loads and dry runs change.
    pub(crate) preview: Option<Preview>,
    /// Interrupted loads that were cleaned up.
    pub(crate) interrupted_loads: Vec<i64>,
    /// Files of patterns that could not be loaded. Those before them are live.
    pub(crate) failed_files: Vec<FailedFile>,
    /// Sources with files that were not loaded because one before them failed.
    pub(crate) files_left: Vec<FilesLeft>,
    /// Files that are missing; their live loads stay live.
    pub(crate) files_gone: Vec<String>,
    /// Core, rules and commit.
    pub(crate) publish_seconds: f64,
    pub(crate) seconds: f64,
    /// Peak memory of the program.
    pub(crate) peak_memory_bytes: u64,
}

impl Report {
    /// An error if files of patterns could not be loaded.
    pub(crate) fn failed_files(&self) -> Result<()> {
        let Some(first) = self.failed_files.first() else {
            return Ok(());
        };
        let failed = match self.failed_files.len() {
            1 => format!("file \"{}\" was not loaded", first.location),
            count => format!(
                "{count} files were not loaded, the first is \"{}\"",
                first.location
            ),
        };
        let left: usize = self.files_left.iter().map(|files| files.count).sum();
        let (message, way_out) = match left {
            0 => (failed, "."),
            1 => (
                format!("{failed}, and 1 file after it was not loaded either"),
                "; --keep-going loads the file after it first.",
            ),
            left => (
                format!("{failed}, and {left} files after it were not loaded either"),
                "; --keep-going loads the files after it first.",
            ),
        };
        let hint = "Correct the file, or remove it from the folder, and run the command again";
        let failure = Failure::new(first.exit, message)
            .detail(format!("{}.", first.error.trim_end_matches('.')))
            .hint(format!("{hint}{way_out}"));
        Err(failure.into())
    }

    /// Results of the rules at this publish; `None` if nothing was published.
    pub(crate) fn rule_results(&self) -> Option<&[RuleResult]> {
        self.published
            .as_ref()
            .map(|published| published.rule_results.as_slice())
    }
}
