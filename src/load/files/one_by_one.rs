//! The files of a pattern for modes append and merge: each is a load. A file that fails stops the files after it, unless
//! `--keep-going` is given; the files before it are published.

use super::batch::{self, Batch};
use super::{FailedFile, Files, FilesLeft, FoundFile, live};
use crate::database::Database;
use crate::failure::{self, Exit, explain};
use crate::load::input::Input;
use crate::load::source::Source;
use crate::load::{Request, SourceReport, note_failure, walk};
use crate::{signals, terminal};
use anyhow::Result;
use postgres::Client;

/// Files up to this size are staged together. Alone, a file takes as long as this many bytes.
const SMALL_BYTES: u64 = 1024 * 1024;

/// The most files and bytes of a batch. Its partition is kept as long as one of its loads is needed.
const BATCH_FILES: usize = 500;
const BATCH_BYTES: u64 = 64 * 1024 * 1024;

/// What became of the files of a source.
#[derive(Default)]
pub(in crate::load) struct Outcome {
    pub(in crate::load) reports: Vec<SourceReport>,
    pub(in crate::load) failed: Vec<FailedFile>,
    pub(in crate::load) left: Option<FilesLeft>,
}

/// Stages the files that are not live. Adds their loads to `staged_loads`.
///
/// # Errors
/// If the database fails, or on Ctrl-C. A file that cannot be loaded is part of the outcome.
pub(in crate::load) fn stage_one_by_one(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    (source, files): (&Source, &Files),
    staged_loads: &mut Vec<i64>,
) -> Result<Outcome> {
    let (unchanged, mut pending) = match request.force {
        true => (Vec::new(), files.found.iter().collect()),
        false => live::split(client, source, &files.found)?,
    };
    let mut outcome = Outcome {
        reports: unchanged,
        ..Outcome::default()
    };
    let count = pending.len();
    while !pending.is_empty() && (outcome.failed.is_empty() || request.keep_going) {
        signals::check()?;
        request
            .progress
            .set_unfinished("nothing was loaded: the live data is unchanged");
        let mut taken = 0;
        let together = length_of_batch(&pending);
        if together > 1 {
            let batch = Batch {
                database,
                request,
                source,
                files: &pending[..together],
            };
            let staged = batch::stage(client, &batch, staged_loads)?;
            outcome.reports.extend(staged.reports);
            outcome.failed.extend(staged.failed);
            taken = staged.files_read;
        }
        // Also a file with much text, which ends its batch.
        if taken == 0 {
            let what = (source, pending[0]);
            stage_alone(database, client, request, what, staged_loads, &mut outcome)?;
            taken = 1;
        }
        pending.drain(..taken);
        if count > 1 {
            terminal::step(&format!(
                "source \"{}\": {} of {count} files read",
                source.name,
                count - pending.len()
            ));
        }
    }
    if !pending.is_empty() {
        outcome.left = Some(FilesLeft {
            source: source.name.clone(),
            count: pending.len(),
        });
    }
    Ok(outcome)
}

/// The number of small files at the beginning.
fn length_of_batch(files: &[&FoundFile]) -> usize {
    let mut bytes = 0;
    let small = files.iter().take(BATCH_FILES).take_while(|file| {
        bytes += file.size;
        file.size <= SMALL_BYTES && bytes <= BATCH_BYTES
    });
    small.count()
}

fn stage_alone(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    (source, file): (&Source, &FoundFile),
    staged_loads: &mut Vec<i64>,
    outcome: &mut Outcome,
) -> Result<()> {
    let input = Input::Found(file.clone());
    let before = staged_loads.len();
    match walk::stage(database, client, request, (source, &input), staged_loads) {
        Ok(report) => outcome.reports.push(report),
        Err(error) => {
            signals::check()?;
            // A failed COPY ends on the server only with the next statement.
            if client.batch_execute("").is_err() {
                return Err(error);
            }
            let load_id = staged_loads.get(before).copied();
            staged_loads.truncate(before);
            let failed = failed(source, file, load_id, &error);
            if let Some(load_id) = load_id {
                note_failure(client, &[load_id], &failed.error)?;
            }
            outcome.failed.push(failed);
        }
    }
    Ok(())
}

/// The report of a file that could not be loaded.
pub(super) fn failed(
    source: &Source,
    file: &FoundFile,
    load_id: Option<i64>,
    error: &anyhow::Error,
) -> FailedFile {
    FailedFile {
        source: source.name.clone(),
        location: file.path.to_string_lossy().into_owned(),
        load_id,
        error: explain::one_line(error),
        exit: match failure::exit_of(error) {
            Exit::TooManyRejects => Exit::TooManyRejects,
            _ => Exit::Failed,
        },
    }
}
