//! Jobs of kind pipeline: their arguments and their results.

use super::queue::{self, Job};
use crate::database::Database;
use crate::export::Format;
use crate::failure::sentence::quoted;
use crate::failure::{Exit, Failure, Standing};
use crate::load::{self, Folders, Place, Request, is_below, rejects::MaxRejects};
use crate::pipeline::{self, Target};
use crate::project::Project;
use crate::schema;
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time between two updates of the progress.
const PROGRESS_PAUSE: Duration = Duration::from_secs(1);

/// Arguments of the job.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Args {
    /// All when empty.
    sources: Vec<String>,
    /// Folder of the files; each source's own last place when there is none.
    data: Option<PathBuf>,
    /// Folder of the exports.
    out: Option<PathBuf>,
    force: bool,
    /// Task that started it (elt.enqueue_task_job); changes nothing.
    #[serde(rename = "task_id")]
    _task_id: Option<i64>,
}

/// What came of it. `client` is for progress.
pub(super) fn run(
    database: &Database,
    project: &Project,
    data: &Folders,
    out: &Path,
    job: &Job,
    mut client: Client,
) -> Result<Value> {
    let args: Args =
        serde_json::from_str(job.args.as_deref().unwrap_or("{}")).map_err(|error| {
            Failure::new(Exit::Usage, "the arguments are not valid for a pipeline")
                .because(error)
                .hint("The arguments are sources (a list), data, out (folders) and force (true or false).")
        })?;
    let job = job.clone();
    let mut last: Option<Instant> = None;
    let _sink = terminal::progress_to(move |text| {
        if !text.is_empty() && last.is_none_or(|last| last.elapsed() > PROGRESS_PAUSE) {
            last = Some(Instant::now());
            // Whether it is heard changes nothing.
            let _ = queue::progress(&mut client, &job, &json!({ "step": text }));
        }
    });
    schema::require_current(&mut database.connect("migrate")?, project)?;
    if let Some(named) = &args.data {
        data.require("folder of the argument data", named, named)?;
    }
    if let Some(named) = &args.out {
        require_below(named, out)?;
    }
    let request = Request {
        sources: &args.sources,
        place: Place::Kept {
            folders: data,
            named: args.data.as_deref(),
        },
        replay: None,
        max_rejects: MaxRejects::Usual,
        force: args.force,
        allow_shrink: false,
        wait: true,
        requests: load::USUAL_REQUESTS,
        standing: &Standing::default(),
    };
    let target = Target {
        out: args.out.as_deref().unwrap_or(out),
        format: Format::Csv,
    };
    let (checked, manifest) = pipeline::run(database, project, &request, &target, |_| ())?;
    let found: Vec<Value> = checked
        .findings()
        .iter()
        .filter(|finding| finding.violation_count > 0)
        .map(|finding| {
            json!({
                "rule": finding.rule,
                "level": finding.level,
                "violation_count": finding.violation_count,
            })
        })
        .collect();
    Ok(json!({
        "load": checked.report,
        "rules": found,
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
