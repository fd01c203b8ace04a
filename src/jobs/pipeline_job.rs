//! Jobs of kind `pipeline`: their arguments and results.

use super::progress::show_progress;
use super::queue::Job;
use super::violated_rules::violated_rules;
use crate::database::Database;
use crate::export::Format;
use crate::failure::sentence::quoted;
use crate::failure::{CommandProgress, Exit, Failure};
use crate::load::preview::Scope;
use crate::load::{self, End, Folders, Place, Request, is_below, rejects::MaxRejects};
use crate::pipeline::{self, Target};
use crate::project::Project;
use crate::schema;
use anyhow::Result;
use postgres::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Arguments of the job.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Args {
    /// All sources if empty.
    sources: Vec<String>,
    /// Folder of the input files. Without it, each file is read from where it was loaded last.
    data: Option<PathBuf>,
    /// Folder of the exports.
    out: Option<PathBuf>,
    force: bool,
    /// Whether the files of a pattern that follow one that fails are loaded.
    keep_going: bool,
    /// Whether all records of an API are requested.
    full: bool,
    /// The task that started the job (`elt.enqueue_task_job`). Not used here.
    #[serde(rename = "task_id")]
    _task_id: Option<i64>,
}

/// Runs the job and returns its result. `client` reports the progress.
pub(super) fn run(
    database: &Database,
    project: &Project,
    data: &Folders,
    out: &Path,
    job: &Job,
    client: Client,
) -> Result<Value> {
    let args: Args =
        serde_json::from_str(job.args.as_deref().unwrap_or("{}")).map_err(|error| {
            Failure::new(Exit::Usage, "the arguments are not valid for a pipeline")
                .because(error)
                .hint("The arguments are sources (a list), data, out (folders), force, keep_going and full (true or false).")
        })?;
    let _shown = show_progress(client, job);
    schema::require_current(&mut database.connect("migrate")?, project)?;
    if let Some(named) = &args.data {
        data.require("folder of the argument data", named, named)?;
    }
    if let Some(named) = &args.out {
        require_below(named, out)?;
    }
    let request = Request {
        sources: &args.sources,
        place: Place::WorkerFolders {
            folders: data,
            named: args.data.as_deref(),
        },
        replay: None,
        max_rejects: MaxRejects::Default,
        force: args.force,
        keep_going: args.keep_going,
        full: args.full,
        allow_shrink: false,
        wait: true,
        watch: None,
        end: End::Publish,
        scope: Scope::default(),
        requests: load::DEFAULT_REQUESTS,
        connections: None,
        progress: &CommandProgress::default(),
    };
    let target = Target {
        out: args.out.as_deref().unwrap_or(out),
        format: Format::Csv,
    };
    let (checked, manifest) = pipeline::run(database, project, &request, &target, |_| ())?;
    Ok(json!({
        "load": checked.report,
        "rules": violated_rules(checked.rule_results()),
        "export": manifest,
        "folder": manifest.folder,
    }))
}

/// A role that may enqueue jobs must not be able to write to all folders that the worker can write to.
fn require_below(named: &Path, out: &Path) -> Result<()> {
    if is_below(named, out) {
        return Ok(());
    }
    let out = std::path::absolute(out)?;
    let message = format!(
        "folder of the argument out is outside the folder that this worker may write: \"{}\"",
        named.display()
    );
    Err(Failure::new(Exit::Usage, message)
        .detail(format!("It may write {}.", out.display()))
        .hint(format!(
            "Name a folder below it, or start the worker with --out {}.",
            quoted(&named.to_string_lossy())
        ))
        .into())
}
