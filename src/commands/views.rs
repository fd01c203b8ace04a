//! `elt views`: every version of every view, function, rule and query that was ever applied.

use super::{Context, loads};
use crate::cli::{ViewsArgs, ViewsCommand};
use crate::failure::Exit;
use crate::schema::versions;
use crate::terminal::{self, Table};
use anyhow::Result;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &ViewsArgs) -> Result<Exit> {
    let database = context.open_to_look()?;
    let mut client = database.connect("views")?;
    if let Some(ViewsCommand::Show { name, version }) = &args.command {
        let found = versions::find(&mut client, name, *version)?;
        match context.global.json {
            true => terminal::json(&json!({ "schema_version": 1, "view": found }))?,
            false => terminal::line(found.definition.trim_end())?,
        }
        return Ok(Exit::Done);
    }
    let views = versions::current(&mut client)?;
    if context.global.json {
        terminal::json(&json!({ "schema_version": 1, "views": views }))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["view", "layer", "version#", "applied", "read by"]);
    for view in views {
        table.row(vec![
            view.name,
            view.layer,
            view.version.to_string(),
            loads::moment(view.applied_at),
            view.read_by.join(", "),
        ]);
    }
    terminal::line(&table.text())?;
    Ok(Exit::Done)
}
