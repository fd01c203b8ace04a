//! `elt load --watch`: loads files as they arrive.

use super::{command_request, end, show, warn_of_failed};
use crate::cli::LoadCommandArgs;
use crate::commands::Context;
use crate::failure::{Exit, Failure, exit_of, explain};
use crate::load::watch::{Listing, Watch, wait_for_files};
use crate::load::{self, Place, Request, SourceOutcome};
use crate::{signals, terminal};
use anyhow::Result;
use std::cell::RefCell;

/// Loads until Ctrl-C or SIGTERM.
///
/// # Errors
/// If a load fails, unless `--keep-going` is given and the database can be reached.
pub(super) fn run(context: &Context<'_>, args: &LoadCommandArgs) -> Result<Exit> {
    let watch = RefCell::new(Watch::default());
    let request = Request {
        watch: Some(&watch),
        // Another load of a source is no reason to stop.
        wait: true,
        ..command_request(context, args)?
    };
    let data = match &request.place {
        Place::Folder(data) if data.as_os_str() != "-" => *data,
        _ => return Err(Failure::new(Exit::Usage, "--watch needs a folder, not stdin").into()),
    };
    if request.replay.is_some() {
        return Err(Failure::new(Exit::Usage, "--watch and --replay cannot be combined").into());
    }
    let args = &args.load;
    let database = context.open_to_load(args.migrate)?;
    let mut last = Listing::default();
    loop {
        last = match wait_for_files(&database, &request, (&watch, data), &last) {
            Ok(Some(listing)) => listing,
            Ok(None) => break,
            Err(_) if signals::happened() => break,
            Err(error) => return Err(error),
        };
        match load::load(&database, &request) {
            Ok(report) => {
                let is_new =
                    |source: &load::SourceReport| source.outcome == SourceOutcome::Published;
                let is_held = report.preview.is_some();
                if is_held || report.sources.iter().any(is_new) || !report.failed_files.is_empty() {
                    show(context, &report)?;
                    if args.keep_going && !context.global.json {
                        warn_of_failed(report.failed_files.iter().take(1));
                    }
                }
                watch.borrow_mut().note_failed(&report);
                if !args.keep_going && !report.failed_files.is_empty() {
                    return end(context, &report);
                }
            }
            // The load was cancelled, or is live.
            Err(_) if signals::happened() => break,
            Err(error) => {
                if !args.keep_going || exit_of(&error) == Exit::NoConnection {
                    return Err(error);
                }
                terminal::warn(explain::one_line(&error));
            }
        }
        context.progress.set_unfinished("the loads before are live");
    }
    terminal::note("stopped watching");
    Ok(Exit::Done)
}
