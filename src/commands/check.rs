//! `elt check`: the quality rules on what is live.

use super::{Context, show};
use crate::failure::Exit;
use crate::{quality, terminal};
use anyhow::Result;

pub(super) fn run(context: &Context<'_>) -> Result<Exit> {
    let database = context.open_current(false)?;
    let findings = quality::check(&mut database.connect("check")?)?;
    if context.global.json {
        terminal::json(&serde_json::json!({ "schema_version": 1, "rules": findings }))?;
    } else {
        show::rules(&findings, true)?;
    }
    Ok(show::exit_of(&findings))
}
