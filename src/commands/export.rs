//! `elt export`: writes files from the live data.

use super::Context;
use crate::cli::ExportArgs;
use crate::export::{self, Manifest, NotWritten};
use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use crate::terminal::{self, Table, number};
use anyhow::Result;
use std::path::Path;

pub(super) fn run(context: &Context<'_>, args: &ExportArgs) -> Result<Exit> {
    let (project, format) = (&context.project, args.format.format);
    if args.out.out == Path::new("-") {
        let name = one_name(context, args)?;
        let database = context.open_current()?;
        export::to_stdout(&database, project, name, format)?;
        return Ok(Exit::Done);
    }
    let database = context.open_current()?;
    let manifest = export::export(
        &database,
        project,
        &args.names,
        &args.out.out,
        format,
        context.progress,
    )?;
    if context.global.json {
        terminal::json(&manifest)?;
    } else if !terminal::is_quiet() {
        print(&manifest)?;
    }
    Ok(Exit::Done)
}

fn one_name<'a>(context: &Context<'_>, args: &'a ExportArgs) -> Result<&'a str> {
    let refuse =
        |message: &str, hint: Sentence| Err(Failure::new(Exit::Usage, message).hint(hint).into());
    match args.names.as_slice() {
        [_] if context.global.json => refuse(
            "--out - writes the export itself to stdout and cannot be used with --json",
            "Omit --json; --format ndjson writes the rows as JSON.".into(),
        ),
        [name] => Ok(name),
        _ => refuse(
            "--out - needs the name of one export",
            "For example: " + elt!("export", "NAME", "--out", "-") + ".",
        ),
    }
}

pub(super) fn print(manifest: &Manifest) -> Result<()> {
    terminal::line("\nfiles")?;
    let mut table = Table::new(&["rows#", "sha-256", "file"]);
    for file in &manifest.files {
        table.row(vec![
            number(i64::try_from(file.rows)?),
            file.sha256[..16].to_string(),
            manifest.folder.join(&file.file).display().to_string(),
        ]);
    }
    terminal::line(&table.text())?;
    for file in &manifest.not_written {
        let NotWritten { file, sources } = file;
        terminal::line(&format!(
            "not written: {file} (never loaded: {})",
            sources.join(", ")
        ))?;
    }
    Ok(())
}
