//! Loads, checks and exports, for `elt run` and for jobs.

use crate::database::Database;
use crate::export::{self, Format, Manifest};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::load::{self, Report, Request};
use crate::project::Project;
use crate::quality::{self, RuleResult};
use crate::signals;
use anyhow::Result;
use std::path::Path;

/// Where the exports go, and how they are written.
pub(crate) struct Target<'a> {
    pub(crate) out: &'a Path,
    pub(crate) format: Format,
}

/// The result of a load and of the rules.
pub(crate) struct Checked {
    pub(crate) report: Report,
    /// Rule results on the live data, if nothing was published.
    results_now: Vec<RuleResult>,
}

impl Checked {
    pub(crate) fn rule_results(&self) -> &[RuleResult] {
        self.report.rule_results().unwrap_or(&self.results_now)
    }
}

/// Runs the pipeline. Calls `tell` with the load and its rule results before they may block the export.
///
/// # Errors
/// If a step fails, or if the live data violates a rule of level error. Then nothing is exported.
pub(crate) fn run(
    database: &Database,
    project: &Project,
    request: &Request<'_>,
    target: &Target<'_>,
    tell: impl FnOnce(&Checked),
) -> Result<(Checked, Manifest)> {
    // Fail before the load if the output folder is not writable.
    export::make_folder(target.out, request.progress)?;
    let report = load::load(database, request)?;
    signals::check()?;
    let results_now = match report.rule_results() {
        Some(_) => Vec::new(),
        None => quality::check(&mut database.connect("check")?)?,
    };
    let checked = Checked {
        report,
        results_now,
    };
    tell(&checked);
    if !request.keep_going {
        checked.report.failed_files()?;
    }
    refuse_errors(checked.rule_results())?;
    let manifest = export::export(
        database,
        project,
        &[],
        target.out,
        target.format,
        request.progress,
    );
    let manifest = manifest.map_err(|error| {
        // Missing input files are the likely cause.
        match checked.report.files_gone.as_slice() {
            [] => error,
            gone => error.context(format!("file {}", gone.join("; file "))),
        }
    })?;
    Ok((checked, manifest))
}

/// An error if the live data violates a rule of level error.
pub(crate) fn refuse_errors(rule_results: &[RuleResult]) -> Result<()> {
    let blocking = rule_results.iter().filter(|result| result.blocks());
    let blocking: Vec<&RuleResult> = blocking.collect();
    let Some(first) = blocking.first() else {
        return Ok(());
    };
    let names = blocking.iter().map(|result| {
        let limit = result.limit_in_words();
        let limit = limit.map(|limit| format!(" ({} rows, {limit})", result.violation_count));
        format!("\"{}\"{}", result.rule, limit.unwrap_or_default())
    });
    let names: Vec<String> = names.collect();
    let message = format!(
        "the live data violates {}, of level error",
        names.join(", ")
    );
    Err(Failure::new(Exit::RulesFoundRows, message)
        .hint("To see the violations, run " + elt!("check", first.rule) + ".")
        .into())
}
