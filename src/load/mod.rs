//! Runs a load: record, copy, publish, sweep. If it ends early, the live data does not change.

mod columns;
mod copy_loop;
mod end;
pub(crate) mod files;
mod find_inputs;
mod folders;
pub(crate) mod held;
mod input;
mod leftovers;
mod live_loads;
mod peak_memory;
pub(crate) mod prepare;
pub(crate) mod preview;
pub(crate) mod publish;
pub(crate) mod purge;
mod record;
mod refusal;
pub(crate) mod reject_file;
pub(crate) mod rejects;
mod remote;
mod replay;
mod report;
mod since;
pub(crate) mod source;
mod stage;
pub(crate) mod stored_preview;
mod walk;
pub(crate) mod watch;

use crate::database::Database;
use crate::db::locks;
use crate::failure::sentence::elt;
use crate::failure::{CommandProgress, Exit, Failure, explain};
use crate::{signals, terminal};
use anyhow::Result;
pub(crate) use end::End;
use end::end_staged;
pub(crate) use files::{FailedFile, FilesLeft};
pub(crate) use find_inputs::named_file as existing_file;
pub(crate) use folders::{Folders, is_below};
use input::Input;
pub(crate) use leftovers::collect_leftovers;
use leftovers::sweep;
use postgres::Client;
use preview::Scope;
use rejects::MaxRejects;
pub(crate) use report::{Report, SourceOutcome, SourceReport};
use source::Source;
use std::cell::RefCell;
use std::path::Path;
use std::time::Instant;
use watch::Watch;

/// Default number of parallel requests to an API.
pub(crate) const DEFAULT_REQUESTS: usize = 4;

/// Where the files are.
pub(crate) enum Place<'a> {
    /// In a folder; or, if it is `-`, on stdin.
    Folder(&'a Path),
    /// For a worker, which only reads its folders: a named folder, or the place of each source's live load.
    WorkerFolders {
        folders: &'a Folders,
        named: Option<&'a Path>,
    },
}

/// The sources to load, with options.
pub(crate) struct Request<'a> {
    /// All sources when empty.
    pub(crate) sources: &'a [String],
    pub(crate) place: Place<'a>,
    /// Corrected rejects to load into the live load of the one source.
    pub(crate) replay: Option<&'a Path>,
    pub(crate) max_rejects: MaxRejects,
    pub(crate) force: bool,
    /// Whether to load the files of a pattern that follow one that fails.
    pub(crate) keep_going: bool,
    /// Whether to request all records of an API that is loaded incrementally.
    pub(crate) full: bool,
    /// Whether a load may remove more rows than its source allows.
    pub(crate) allow_shrink: bool,
    pub(crate) wait: bool,
    /// For `--watch`: only files that are complete are loaded.
    pub(crate) watch: Option<&'a RefCell<Watch>>,
    pub(crate) end: End,
    /// What is compared for a dry run and for held loads.
    pub(crate) scope: Scope,
    /// Number of parallel requests to an API.
    pub(crate) requests: usize,
    /// Number of connections for a large load; `None` for the default.
    pub(crate) connections: Option<usize>,
    pub(crate) progress: &'a CommandProgress,
}

/// Loads sources and publishes them together: all of them, or none. An interrupt after the publish does not lose the
/// report.
pub(crate) fn load(database: &Database, request: &Request<'_>) -> Result<Report> {
    let begun = Instant::now();
    let mut client = database.connect("load")?;
    let interrupted_loads = sweep(&mut client)?;
    let mut sources = source::named(&mut client, request.sources)?;
    for source in &mut sources {
        source.hold = match request.end {
            End::Publish => source.hold,
            End::Hold => true,
            End::DryRun => false,
        };
    }
    source::require_modes(&mut client, &sources)?;
    let (inputs, files_gone) = choose_inputs(&mut client, request, &mut sources)?;
    for source in &sources {
        lock(&mut client, &source.name, request.wait)?;
    }
    let mut staged_loads = Vec::new();
    let staged = stage_all(
        database,
        &mut client,
        request,
        &sources,
        inputs,
        &mut staged_loads,
    );
    let mut staged = match staged {
        Ok(staged) => staged,
        Err(error) => {
            // A failed COPY ends on the server only with the next statement.
            let _ = client.batch_execute("");
            return Err(abandon(database, &staged_loads, error));
        }
    };
    columns::warn(&sources, &staged.reports);
    let publishing = Instant::now();
    let (published, mut preview) = end_staged(database, &mut client, request, &staged_loads)?;
    if let Some(preview) = &mut preview {
        staged.mark(&preview.load_ids, request.end);
        // Files that could not be loaded decide if rules do not.
        if let (0, Some(failed)) = (preview.exit_code, staged.failed.first()) {
            preview.exit_code = failed.exit as u8;
        }
    }
    if staged_loads.is_empty() {
        signals::check()?;
    } else if !signals::happened()
        && let Err(error) = sweep(&mut client)
        && !signals::happened()
    {
        // The publish is committed; the next load sweeps.
        let error = explain::one_line(&error);
        terminal::warn(format!("could not clean up old loads: {error}"));
    }
    let prepare_seconds = published.as_ref().and_then(|done| done.prepare_seconds);
    Ok(Report {
        publish_seconds: publishing.elapsed().as_secs_f64() - prepare_seconds.unwrap_or_default(),
        sources: staged.reports,
        failed_files: staged.failed,
        files_left: staged.left,
        published,
        preview,
        interrupted_loads,
        files_gone,
        seconds: begun.elapsed().as_secs_f64(),
        peak_memory_bytes: peak_memory::bytes(),
    })
}

/// The input of each source, and a message for each missing file whose live load stays live. Removes the sources of
/// missing files.
fn choose_inputs(
    client: &mut Client,
    request: &Request<'_>,
    sources: &mut Vec<Source>,
) -> Result<(Vec<Input>, Vec<String>)> {
    let mut files_gone = Vec::new();
    let inputs = match (request.replay, &request.place) {
        (Some(file), _) => {
            require_one(request.sources)?;
            vec![Input::File(find_inputs::named_file(file)?)]
        }
        (None, Place::Folder(data)) => {
            if let Some(watch) = request.watch {
                watch::keep_settled(watch, &std::path::absolute(data)?, sources)?;
            }
            find_inputs::in_folder(sources, data, request.watch)?
        }
        (None, Place::WorkerFolders { folders, named }) => {
            if let Some(data) = named {
                find_inputs::use_folder(sources, data)?;
            } else {
                find_inputs::use_live_locations(client, sources, folders)?;
            }
            find_inputs::require_below(sources, folders)?;
            if named.is_none() {
                files_gone = find_inputs::remove_missing(sources);
            }
            let inputs = find_inputs::at_absolute_paths(sources)?;
            find_inputs::require_found_below(&inputs, folders)?;
            inputs
        }
    };
    Ok((inputs, files_gone))
}

/// Locks a source until the connection ends.
pub(crate) fn lock(client: &mut Client, source: &str, wait: bool) -> Result<()> {
    let say = || terminal::note(format!("waiting for another load of source \"{source}\""));
    locks::lock_source(client, source, wait.then_some(&say))
}

fn require_one(sources: &[String]) -> Result<()> {
    match sources {
        [_] => Ok(()),
        _ => Err(
            Failure::new(Exit::Usage, "--replay needs the name of one source")
                .hint("For example: " + elt!("load", "SOURCE", "--replay", "FILE") + ".")
                .into(),
        ),
    }
}

/// What became of the inputs.
#[derive(Default)]
struct Staged {
    reports: Vec<SourceReport>,
    failed: Vec<FailedFile>,
    left: Vec<FilesLeft>,
}

impl Staged {
    /// Tells in the reports of these loads that they were not published.
    fn mark(&mut self, loads: &[i64], end: End) {
        let of_loads = |report: &&mut SourceReport| loads.contains(&report.load_id);
        for report in self.reports.iter_mut().filter(of_loads) {
            report.outcome = match end {
                End::DryRun => SourceOutcome::DryRun,
                End::Hold | End::Publish => SourceOutcome::Held,
            };
        }
    }
}

fn stage_all(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    sources: &[Source],
    inputs: Vec<Input>,
    staged_loads: &mut Vec<i64>,
) -> Result<Staged> {
    let mut staged = Staged::default();
    for (source, input) in sources.iter().zip(inputs) {
        if let Input::Files(files) = &input
            && source.mode != "replace"
        {
            let what = (source, files);
            let outcome = files::stage_one_by_one(database, client, request, what, staged_loads)?;
            staged.reports.extend(outcome.reports);
            staged.failed.extend(outcome.failed);
            staged.left.extend(outcome.left);
            continue;
        }
        if !request.force
            && let Input::Files(files) = &input
            && let Some(report) = files::unchanged_together(client, source, files)?
        {
            staged.reports.push(report);
            continue;
        }
        if !request.force
            && request.replay.is_none()
            && let Input::File(file) = &input
            && let Some(report) = live_loads::already_live(client, source, file)?
        {
            staged.reports.push(report);
            continue;
        }
        if let Input::Remote(remote) = &input
            && let Some(report) = remote.connect(client, request, source)?
        {
            staged.reports.push(report);
            continue;
        }
        let what = (source, &input);
        let report = walk::stage(database, client, request, what, staged_loads)?;
        staged.reports.push(report);
    }
    Ok(staged)
}

/// Records why loads failed. Uses a new connection, because the old one may be the reason.
fn abandon(database: &Database, loads: &[i64], error: anyhow::Error) -> anyhow::Error {
    if loads.is_empty() {
        return error;
    }
    let note = || -> Result<()> {
        let mut client = database.connect("load (failure)")?;
        let reason = if signals::happened() {
            "interrupted".to_string()
        } else {
            explain::one_line(&error)
        };
        note_failure(&mut client, loads, &reason)
    };
    // If this fails too, the next command finds the loads dead and cleans them up.
    let _ = note();
    error
}

fn note_failure(client: &mut Client, loads: &[i64], reason: &str) -> Result<()> {
    record::fail(client, loads, reason)?;
    sweep(client)?;
    Ok(())
}
