//! The life of a load: record, copy, publish, sweep. Whatever ends it early leaves what was live.

mod folders;
mod input;
mod memory;
pub(crate) mod publish;
pub(crate) mod purge;
mod record;
pub(crate) mod reject_file;
pub(crate) mod rejects;
mod replay;
pub(crate) mod source;
mod stage;

use crate::database::Database;
use crate::db::locks;
use crate::failure::explain;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, Standing};
use crate::history::{self, LoadStatus};
use crate::quality::Finding;
use crate::signals;
use crate::terminal;
use anyhow::Result;
pub(crate) use folders::{Folders, is_below};
use input::Input;
pub(crate) use input::named_file as existing_file;
use postgres::Client;
use publish::Published;
use rejects::MaxRejects;
use serde::Serialize;
use source::Source;
use stage::Staging;
use std::path::Path;
use std::time::Instant;

/// Requests to an API at once, where nobody says how many.
pub(crate) const USUAL_REQUESTS: usize = 4;

/// Where the files are.
pub(crate) enum Place<'a> {
    /// In a folder; or, if it is `-`, on stdin.
    Folder(&'a Path),
    /// For a worker, that keeps to its folders: in one that was named, or each where its live load was.
    Kept {
        folders: &'a Folders,
        named: Option<&'a Path>,
    },
}

/// What to load, and how.
pub(crate) struct Request<'a> {
    /// All sources when empty.
    pub(crate) sources: &'a [String],
    pub(crate) place: Place<'a>,
    /// Corrected rejects of the one source's live load, to be added to its rows.
    pub(crate) replay: Option<&'a Path>,
    pub(crate) max_rejects: MaxRejects,
    pub(crate) force: bool,
    /// Whether a load may remove more rows than its source allows.
    pub(crate) allow_shrink: bool,
    pub(crate) wait: bool,
    /// Requests to an API that may be under way at once.
    pub(crate) requests: usize,
    pub(crate) standing: &'a Standing,
}

/// What became of one source.
#[derive(Serialize)]
pub(crate) struct SourceReport {
    pub(crate) source: String,
    pub(crate) outcome: Outcome,
    pub(crate) load_id: i64,
    /// Path of the file, or address of the API.
    pub(crate) location: String,
    pub(crate) bytes: u64,
    pub(crate) rows: u64,
    /// Rows of the load that was live before; None for the first.
    pub(crate) rows_before: Option<i64>,
    pub(crate) rejected: u64,
    /// From its first byte to its last row in staging.
    pub(crate) seconds: f64,
    /// None where nothing had to be staged.
    pub(crate) rows_per_second: Option<u64>,
    /// The first few rejects, in words.
    pub(crate) rejects: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Published,
    /// The same bytes were live already.
    Unchanged,
}

#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) sources: Vec<SourceReport>,
    pub(crate) published: Option<Published>,
    /// Loads that had died and were cleared away.
    pub(crate) interrupted_loads: Vec<i64>,
    /// Files that are no longer where they were; what was live of them stays.
    pub(crate) files_gone: Vec<String>,
    /// Core, rules and commit.
    pub(crate) publish_seconds: f64,
    pub(crate) seconds: f64,
    /// Most memory that the program had at any time.
    pub(crate) peak_memory_bytes: u64,
}

impl Report {
    /// What the rules found at this publish; None when nothing was published.
    pub(crate) fn findings(&self) -> Option<&[Finding]> {
        self.published
            .as_ref()
            .map(|published| published.findings.as_slice())
    }
}

/// Loads sources and publishes them together: all of them, or none.
pub(crate) fn load(database: &Database, request: &Request<'_>) -> Result<Report> {
    let begun = Instant::now();
    let mut client = database.connect("load")?;
    let interrupted_loads = sweep(&mut client)?;
    let mut sources = source::named(&mut client, request.sources)?;
    source::require_modes(&mut client, &sources)?;
    let mut files_gone = Vec::new();
    let inputs = match (request.replay, &request.place) {
        (Some(file), _) => {
            require_one(request.sources)?;
            vec![Input::File(input::named_file(file)?)]
        }
        (None, Place::Folder(data)) => input::of_sources(&sources, data)?,
        (None, Place::Kept { folders, named }) => {
            if let Some(data) = named {
                input::place_in(&mut sources, data)?;
            } else {
                input::place_where_they_were(&mut client, &mut sources, folders)?;
            }
            input::require_below(&sources, folders)?;
            if named.is_none() {
                files_gone = input::leave_out_missing(&mut sources);
            }
            input::at_places(&sources)?
        }
    };
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
    let reports = match staged {
        Ok(reports) => reports,
        Err(error) => {
            // A COPY that came to nothing ends on the server with the next statement, and not before.
            let _ = client.batch_execute("");
            return Err(abandon(database, &staged_loads, error));
        }
    };
    let publishing = Instant::now();
    if !staged_loads.is_empty() {
        request
            .standing
            .leaves("the loads were not published: what was live is live");
    }
    let published = match staged_loads.as_slice() {
        [] => None,
        loads => match publish::publish(&mut client, Some(loads), "load") {
            Ok(published) => Some(published),
            // A refusal has changed their state already.
            Err(error) => return Err(abandon(database, loads, error)),
        },
    };
    if let Some(published) = &published {
        request.standing.did(format!(
            "the loads are live (publish {})",
            published.publish_id
        ));
        for change in &published.changes {
            terminal::step(&format!(
                "{}: {} inserted, {} updated, {} deleted",
                change.table, change.rows_inserted, change.rows_updated, change.rows_deleted
            ));
        }
    }
    signals::check()?;
    if published.is_some()
        && let Err(error) = sweep(&mut client)
    {
        signals::check()?;
        // The publish stands; the next load sweeps.
        let error = explain::one_line(&error);
        terminal::warn(format!("could not clear away old loads: {error}"));
    }
    Ok(Report {
        sources: reports,
        published,
        interrupted_loads,
        files_gone,
        publish_seconds: publishing.elapsed().as_secs_f64(),
        seconds: begun.elapsed().as_secs_f64(),
        peak_memory_bytes: memory::peak_bytes(),
    })
}

/// Takes a source until the connection ends.
pub(crate) fn lock(client: &mut Client, source: &str, wait: bool) -> Result<()> {
    let say = || terminal::note(format!("waiting for another load of source \"{source}\""));
    locks::lock_source(client, source, wait.then_some(&say))
}

fn require_one(sources: &[String]) -> Result<()> {
    match sources {
        [_] => Ok(()),
        _ => Err(Failure::new(
            Exit::Usage,
            "--replay is for one source, and it has to be named",
        )
        .hint("As in: " + elt!("load", "SOURCE", "--replay", "FILE") + ".")
        .into()),
    }
}

fn stage_all(
    database: &Database,
    client: &mut Client,
    request: &Request<'_>,
    sources: &[Source],
    inputs: Vec<Input>,
    staged_loads: &mut Vec<i64>,
) -> Result<Vec<SourceReport>> {
    let mut reports = Vec::new();
    for (source, input) in sources.iter().zip(inputs) {
        if !request.force
            && request.replay.is_none()
            && let Input::File(file) = &input
            && let Some(report) = source::already_live(client, source, file)?
        {
            reports.push(report);
            continue;
        }
        signals::check()?;
        terminal::progress(&format!("loading {}", source.name));
        request
            .standing
            .leaves("nothing was loaded: what was live is live");
        let mut staging = Staging::begin(database, client, request, source, &input)?;
        let load_id = staging.load_id;
        staged_loads.push(load_id);
        if let Some(unchanged) = staging.fill(input)? {
            staged_loads.pop();
            let why = format!(
                "nothing to do: load {} of the same bytes is live",
                unchanged.load_id
            );
            note_failure(client, &[load_id], &why)?;
            reports.push(unchanged);
            continue;
        }
        let report = staging.finish()?;
        terminal::step(&format!(
            "source \"{}\" is staged: load {load_id}, {} rows, {} rejected, {:.2} s",
            source.name, report.rows, report.rejected, report.seconds
        ));
        reports.push(report);
    }
    Ok(reports)
}

/// Says in the record why loads came to nothing. On a connection of its own: the other may be the
/// reason.
fn abandon(database: &Database, loads: &[i64], error: anyhow::Error) -> anyhow::Error {
    if loads.is_empty() {
        return error;
    }
    let note = || -> Result<()> {
        let mut client = database.connect("load (failure)")?;
        let reason = match signals::happened() {
            true => "interrupted".to_string(),
            false => explain::one_line(&error),
        };
        note_failure(&mut client, loads, &reason)
    };
    // If this fails too, the next command finds the loads dead and clears them away.
    let _ = note();
    error
}

fn note_failure(client: &mut Client, loads: &[i64], reason: &str) -> Result<()> {
    record::fail(client, loads, reason)?;
    sweep(client)?;
    Ok(())
}

/// The same on request. What was dropped, and what stays because somebody reads it.
pub(crate) fn clear_away(client: &mut Client) -> Result<(Vec<LoadStatus>, Vec<LoadStatus>)> {
    // Loads that died become leftovers only now.
    let sql = "select elt.mark_dead_loads()";
    client.execute(sql, &[])?;
    let before = history::leftovers(client)?;
    sweep(client)?;
    let after = history::leftovers(client)?;
    let stays = |load: &LoadStatus| after.iter().any(|left| left.load_id == load.load_id);
    let (in_use, dropped) = before.into_iter().partition(stays);
    Ok((dropped, in_use))
}

/// Clears away what dead and old loads left. Numbers of those that had died.
fn sweep(client: &mut Client) -> Result<Vec<i64>> {
    let rows = client.query_typed("select * from elt.sweep()", &[])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
