//! Load, check, refuse, export: the only copy, for `elt run` and for jobs.

use crate::database::Database;
use crate::export::{self, Format, Manifest};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure};
use crate::load::{self, Report, Request};
use crate::project::Project;
use crate::quality::{self, Finding};
use anyhow::Result;
use std::path::Path;

/// Where the exports go, and how they are written.
pub(crate) struct Target<'a> {
    pub(crate) out: &'a Path,
    pub(crate) format: Format,
}

/// What was loaded, and what the rules find in it.
pub(crate) struct Checked {
    pub(crate) report: Report,
    /// Where nothing was published, of what is live.
    found_now: Vec<Finding>,
}

impl Checked {
    pub(crate) fn findings(&self) -> &[Finding] {
        self.report.findings().unwrap_or(&self.found_now)
    }
}

/// Does all of it. `tell` hears of the load and its findings before these may refuse the export.
///
/// # Errors
/// When a step fails, or a rule of level error finds rows in what is live: then nothing is written.
pub(crate) fn run(
    database: &Database,
    project: &Project,
    request: &Request<'_>,
    target: &Target<'_>,
    tell: impl FnOnce(&Checked),
) -> Result<(Checked, Manifest)> {
    // What cannot be written afterwards is better known before.
    export::make_folder(target.out, request.standing)?;
    let report = load::load(database, request)?;
    let found_now = match report.findings() {
        Some(_) => Vec::new(),
        None => quality::check(&mut database.connect("check")?)?,
    };
    let checked = Checked { report, found_now };
    tell(&checked);
    refuse_errors(checked.findings())?;
    let manifest = export::export(
        database,
        project,
        &[],
        target.out,
        target.format,
        request.standing,
    );
    let manifest = manifest.map_err(|error| {
        // With nothing there at all, that is why.
        match checked.report.files_gone.as_slice() {
            [] => error,
            gone => error.context(format!("file {}", gone.join("; file "))),
        }
    })?;
    Ok((checked, manifest))
}

/// An error if a rule of level error found rows in what is live.
pub(crate) fn refuse_errors(findings: &[Finding]) -> Result<()> {
    let blocking = findings.iter().filter(|finding| finding.blocks());
    let rules: Vec<&str> = blocking.map(|finding| finding.rule.as_str()).collect();
    let Some(first) = rules.first() else {
        return Ok(());
    };
    let names = rules.join("\", \"");
    let message = format!("what is live breaks \"{names}\", of level error");
    Err(Failure::new(Exit::RulesFoundRows, message)
        .hint("See the rows with " + elt!("check", first) + ".")
        .into())
}
