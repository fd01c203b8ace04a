//! `elt docs`: the data dictionary as files.

use super::Context;
use crate::cli::DocsArgs;
use crate::docs;
use crate::failure::Exit;
use crate::terminal;
use anyhow::Result;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &DocsArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("docs")?;
    let files = docs::write(&mut client, &context.project, &args.out)?;
    if context.global.json {
        terminal::json(&json!({ "schema_version": 1, "folder": args.out, "files": files }))?;
        return Ok(Exit::Done);
    }
    for file in files {
        terminal::summary(args.out.join(file).display().to_string())?;
    }
    Ok(Exit::Done)
}
