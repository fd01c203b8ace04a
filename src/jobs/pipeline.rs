//! The whole job in the background: load what changed, publish, run the rules, export.

use super::queue::{self, Job};
use crate::db::Database;
use crate::export;
use crate::load::{self, Request, rejects::MaxRejects};
use crate::project::Project;
use crate::quality;
use crate::schema;
use crate::terminal;
use anyhow::{Context, Result};
use postgres::Client;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often progress is written down.
const PROGRESS_PAUSE: Duration = Duration::from_secs(1);

/// Arguments of the job.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Args {
    /// All when empty.
    sources: Vec<String>,
    /// Folder of the files; each source's own last place when there is none.
    data: Option<PathBuf>,
    /// Folder of the exports.
    out: Option<PathBuf>,
    force: bool,
}

/// What came of it. `client` is for progress.
pub(super) fn run(
    database: &Database,
    project: &Project,
    out: &Path,
    job: &Job,
    mut client: Client,
) -> Result<Value> {
    let args: Args = serde_json::from_value(job.args.clone())
        .with_context(|| format!("could not read the arguments of job {}", job.id))?;
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
    let report = load::load(
        database,
        &Request {
            sources: &args.sources,
            data: args.data.as_deref(),
            default_data: &project.data,
            max_rejects: MaxRejects::Usual,
            force: args.force,
            wait: true,
            jobs: load::USUAL_JOBS,
        },
    )?;
    let found_now;
    let findings = match report.findings() {
        Some(findings) => findings,
        None => {
            found_now = quality::check(&mut database.connect("check")?)?;
            &found_now
        }
    };
    let found: Vec<Value> = findings
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
    let manifest = export::export(database, project, &[], args.out.as_deref().unwrap_or(out))?;
    Ok(json!({ "load": report, "rules": found, "export": manifest }))
}
