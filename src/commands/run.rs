//! `elt run`: loads, checks and exports, and prints the results.

use super::{Context, export, load, shared_output, shown_views};
use crate::cli::RunArgs;
use crate::export::Manifest;
use crate::failure::Exit;
use crate::load::Report;
use crate::pipeline::{self, Target};
use crate::quality::RuleResult;
use crate::terminal;
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    load: &'a Report,
    rules: &'a [RuleResult],
    export: &'a Manifest,
}

pub(super) fn run(context: &Context<'_>, args: &RunArgs) -> Result<Exit> {
    let database = context.open_to_load(args.load.migrate)?;
    context.progress.set_unfinished("nothing was changed");
    let target = Target {
        out: &args.out.out,
        format: args.format.format,
    };
    let request = load::request(context, &args.load);
    let (checked, manifest) =
        pipeline::run(&database, &context.project, &request, &target, |checked| {
            load::warn(context, &checked.report);
            shared_output::warn_of_violations(context, checked.rule_results());
        })?;
    if context.global.json {
        terminal::json(&Document {
            schema_version: 1,
            load: &checked.report,
            rules: checked.rule_results(),
            export: &manifest,
        })?;
    } else if !terminal::is_quiet() {
        load::print(&checked.report)?;
        shared_output::violations(checked.rule_results())?;
        let client = &mut database.connect("show")?;
        shown_views::print(client, &context.project, &manifest, target.format)?;
        export::print(&manifest)?;
    }
    load::end(context, &checked.report)
}
