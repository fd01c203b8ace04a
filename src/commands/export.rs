//! `elt export`: the files of what is live.

use super::Context;
use crate::cli::ExportArgs;
use crate::export::{self, Manifest, NotWritten};
use crate::failure::Exit;
use crate::terminal::{self, Table, number};
use anyhow::Result;

pub(super) fn run(context: &Context<'_>, args: &ExportArgs) -> Result<Exit> {
    let database = context.open_to_look()?;
    let manifest = export::export(&database, &context.project, &args.names, &args.out.out)?;
    if context.global.json {
        terminal::json(&manifest)?;
    } else {
        print(&manifest)?;
    }
    Ok(Exit::Done)
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
