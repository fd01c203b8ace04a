//! `elt run`: load, check, export, and what came of it.

use super::{Context, export, load, show};
use crate::cli::RunArgs;
use crate::export::Manifest;
use crate::failure::Exit;
use crate::interrupt;
use crate::load::Report;
use crate::quality::{self, Finding};
use crate::terminal;
use anyhow::Result;
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    load: &'a Report,
    rules: &'a [Finding],
    export: &'a Manifest,
}

pub(super) fn run(context: &Context<'_>, args: &RunArgs) -> Result<Exit> {
    let database = context.open_to_load(args.load.migrate)?;
    // What cannot be written afterwards is better known before.
    crate::export::make_folder(&args.out.out)?;
    interrupt::stands("nothing was changed");
    let report = load::load(context, &database, &args.load)?;
    let found_now;
    let findings = match report.findings() {
        Some(findings) => findings,
        None => {
            found_now = quality::check(&mut database.connect("check")?)?;
            &found_now
        }
    };
    show::warn_of_findings(context, findings);
    show::refuse_errors(findings)?;
    let out = &args.out.out;
    let manifest =
        crate::export::export(&database, &context.project, &[], out, args.format.format)?;
    if context.global.json {
        terminal::json(&Document {
            schema_version: 1,
            load: &report,
            rules: findings,
            export: &manifest,
        })?;
    } else if !terminal::is_quiet() {
        load::print(&report)?;
        show::findings(findings)?;
        show::views(&mut database.connect("show")?, &context.project)?;
        export::print(&manifest)?;
    }
    Ok(Exit::Done)
}
