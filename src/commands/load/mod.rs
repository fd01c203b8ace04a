//! `elt load`: loads sources and publishes them together.

mod table;
mod watch;

use super::{Context, shared_output, shared_preview};
use crate::cli::{LoadArgs, LoadCommandArgs};
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, exit_of};
use crate::load::preview::{DEFAULT_ROWS, Preview, Scope};
use crate::load::{self, End, FailedFile, Place, Report, Request, SourceOutcome, SourceReport};
use crate::signals;
use crate::terminal::{self, number, size};
use anyhow::Result;
use serde::Serialize;

/// The number of files whose rejects and skipped lines are shown.
const SHOWN: usize = 12;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    load: &'a Report,
    rules: Option<&'a [crate::quality::RuleResult]>,
}

pub(super) fn run(context: &Context<'_>, args: &LoadCommandArgs) -> Result<Exit> {
    if args.watch {
        return watch::run(context, args);
    }
    let database = context.open_to_load(args.load.migrate)?;
    let report = load::load(&database, &command_request(context, args)?)?;
    signals::check()?;
    show(context, &report)?;
    end(context, &report)
}

/// The end of a command that was not stopped by files that could not be loaded. With `--json`, its document has them.
pub(super) fn end(context: &Context<'_>, report: &Report) -> Result<Exit> {
    match (report.failed_files(), context.global.json) {
        (Err(error), true) => Ok(exit_of(&error)),
        (failed, _) => failed.map(|()| match &report.preview {
            // Held loads were not refused.
            Some(preview) if !preview.refused_by.is_empty() => Exit::RulesFoundRows,
            _ => Exit::Done,
        }),
    }
}

fn command_request<'a>(context: &'a Context<'_>, args: &'a LoadCommandArgs) -> Result<Request<'a>> {
    let is_compared = args.hold || args.dry_run;
    if !is_compared && (args.core_only || args.rows != DEFAULT_ROWS) {
        return Err(Failure::new(
            Exit::Usage,
            "--core-only and --rows need --dry-run or --hold",
        )
        .hint(
            "Without them, the load is published: "
                + elt!("load", "--dry-run")
                + " shows what it would change.",
        )
        .into());
    }
    Ok(Request {
        end: match (args.hold, args.dry_run) {
            (true, _) => End::Hold,
            (false, true) => End::DryRun,
            (false, false) => End::Publish,
        },
        scope: Scope {
            rows: args.rows,
            core_only: args.core_only,
        },
        ..request(context, &args.load)
    })
}

/// Prints the result of a load, with its warnings.
fn show(context: &Context<'_>, report: &Report) -> Result<()> {
    warn(context, report);
    if let Some(rule_results) = report.rule_results() {
        shared_output::warn_of_violations(context, rule_results);
    }
    if context.global.json {
        terminal::json(&Document {
            schema_version: 1,
            load: report,
            rules: report.rule_results(),
        })?;
    } else if terminal::is_quiet() {
        // What a dry run finds is its result, and no summary.
        if let Some(preview) = &report.preview {
            shared_preview::print(preview)?;
            print_outcome(preview, report)?;
        }
    } else {
        print(report)?;
        if let Some(rule_results) = report.rule_results() {
            shared_output::violations(rule_results)?;
        }
    }
    Ok(())
}

pub(super) fn request<'a>(context: &'a Context<'_>, args: &'a LoadArgs) -> Request<'a> {
    Request {
        sources: &args.sources,
        place: Place::Folder(args.data().unwrap_or(&context.project.data)),
        replay: args.replay.as_deref(),
        max_rejects: args.max_rejects,
        force: args.force,
        keep_going: args.keep_going,
        full: args.full,
        allow_shrink: args.allow_shrink,
        wait: args.wait,
        watch: None,
        end: End::Publish,
        scope: Scope::default(),
        requests: args.requests(),
        connections: args.connections,
        progress: context.progress,
    }
}

/// Warnings and notes about a load, printed even if a later step fails.
pub(super) fn warn(context: &Context<'_>, report: &Report) {
    let interrupted: Vec<String> = report
        .interrupted_loads
        .iter()
        .map(i64::to_string)
        .collect();
    match interrupted.as_slice() {
        [] => {}
        [load] => terminal::note(format!("cleaned up load {load}, which was interrupted")),
        loads => terminal::note(format!(
            "cleaned up loads {}, which were interrupted",
            loads.join(", ")
        )),
    }
    // The error of the command is about the first file. With --json, there is only the document.
    let told = usize::from(!context.global.json);
    warn_of_failed(report.failed_files.iter().skip(told));
    report.sources.iter().for_each(warn_of_loss);
    shared_output::warn_of_rejects(context, report);
}

fn warn_of_failed<'a>(files: impl Iterator<Item = &'a FailedFile>) {
    for file in files {
        terminal::warn(format!(
            "file \"{}\" of source \"{}\" was not loaded: {}",
            file.location, file.source, file.error
        ));
    }
}

/// Warns if a source lost more than half of its rows: a file or pages of an API may be incomplete.
fn warn_of_loss(source: &SourceReport) {
    let rows = i64::try_from(source.rows).unwrap_or(i64::MAX);
    let before = source.rows_before.unwrap_or_default();
    if rows < before / 2 {
        let now = match rows {
            0 => "no row".to_string(),
            1 => "1 row".to_string(),
            rows => format!("{} rows", number(rows)),
        };
        terminal::warn(format!(
            "source \"{}\" now has {now}; before, it had {}",
            source.source,
            number(before)
        ));
    }
}

/// Whether there is more to say than the table has.
fn has_more(source: &SourceReport) -> bool {
    let skipped = source.lines_skipped.and_then(|lines| lines.text());
    source.since.is_some() || skipped.is_some() || !source.rejects.is_empty()
}

pub(super) fn print(report: &Report) -> Result<()> {
    terminal::line(&table::table(report)?.text())?;
    for source in report
        .sources
        .iter()
        .filter(|source| has_more(source))
        .take(SHOWN)
    {
        if let Some(since) = &source.since
            && let Some(value) = &since.value
        {
            terminal::line(&format!(
                "\nsource {}: records with {} since {value}",
                source.source, since.column
            ))?;
        }
        if let Some(skipped) = source.lines_skipped.and_then(|lines| lines.text()) {
            terminal::line(&format!("\n{skipped} of {}", source.location))?;
        }
        if !source.rejects.is_empty() {
            terminal::line(&format!("\nrejected from {}:", source.location))?;
            for reject in &source.rejects {
                terminal::line(&format!("  {reject}"))?;
            }
            // The rejects of a dry run are not kept.
            if source.outcome != SourceOutcome::DryRun {
                terminal::line_with_commands(
                    "  to see all rejects: " + elt!("rejects", source.load_id),
                )?;
            }
        }
    }
    if let Some(published) = &report.published {
        let tables = published.changes.iter().filter_map(|change| change.seconds);
        let rules = published
            .rule_results
            .iter()
            .filter_map(|result| result.seconds);
        let prepared = published.prepare_seconds;
        let prepared = prepared.map(|seconds| format!("prepared in {seconds:.2} s, "));
        terminal::line(&format!(
            "\n{}published in {:.2} s: core {:.2} s, rules {:.2} s\ntotal {:.2} s, peak memory {}",
            prepared.unwrap_or_default(),
            report.publish_seconds,
            // The sum of nothing is -0.
            tables.sum::<f64>() + 0.0,
            rules.sum::<f64>() + 0.0,
            report.seconds,
            size(report.peak_memory_bytes)
        ))?;
    }
    if let Some(preview) = &report.preview {
        shared_preview::print(preview)?;
        print_outcome(preview, report)?;
    } else if report.published.is_none() && report.failed_files.is_empty() {
        let is_held = |source: &SourceReport| source.outcome == SourceOutcome::Held;
        terminal::line(if report.sources.iter().any(is_held) {
            "\nnothing to do: loads of these files are live, or held until they are published or discarded (--force \
             loads the files again)"
        } else {
            "\nnothing to do: these files are already live (--force loads them again)"
        })?;
    }
    Ok(())
}

/// Says what became of loads that were compared.
fn print_outcome(preview: &Preview, report: &Report) -> Result<()> {
    let loads: Vec<String> = preview.load_ids.iter().map(i64::to_string).collect();
    let is_dry_run = |source: &SourceReport| source.outcome == SourceOutcome::DryRun;
    if report.sources.iter().any(is_dry_run) {
        return terminal::line(&match preview.refused_by.as_slice() {
            [] => format!(
                "\ndry run: nothing was changed; the load would end with exit code {}",
                preview.exit_code
            ),
            rules => format!(
                "\ndry run: nothing was changed; the load would be refused by \"{}\", with exit code {}",
                rules.join("\", \""),
                preview.exit_code
            ),
        });
    }
    terminal::line_with_commands(
        "\nheld: nothing of this is live. To publish or discard: "
            + elt!("publish").with(loads.clone())
            + ", "
            + elt!("discard").with(loads),
    )
}
