//! `elt rollback`: makes an earlier load live again.

use super::{Context, shared_output};
use crate::cli::RollbackArgs;
use crate::failure::Exit;
use crate::history;
use crate::load;
use crate::load::prepare::DEFAULT_CONNECTIONS;
use crate::load::publish;
use crate::load::source::require_known;
use crate::terminal;
use anyhow::Result;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &RollbackArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("rollback")?;
    require_known(&mut client, &args.source)?;
    load::lock(&mut client, &args.source, args.wait)?;
    let back = history::find_rollback(&mut client, &args.source, args.to)?;
    let published = publish::publish(
        &database,
        &mut client,
        Some(&[back.to]),
        "rollback",
        DEFAULT_CONNECTIONS,
    )?;
    if context.global.json {
        terminal::json(&json!({
            "schema_version": 1,
            "source": args.source,
            "load_id": back.to,
            "load_id_before": back.from,
            "published": published,
            "rules": published.rule_results,
        }))?;
        return Ok(Exit::Done);
    }
    let (source, from, to) = (&args.source, back.from, back.to);
    terminal::summary(&if back.is_undone {
        format!("source \"{source}\" was rolled back from load {from} to load {to}")
    } else {
        format!("load {to} of source \"{source}\" is live again; it replaces load {from}")
    })?;
    shared_output::published(&published)?;
    Ok(Exit::Done)
}
