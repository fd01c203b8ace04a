//! `elt publish`: makes held loads live together.

use super::{Context, shared_output};
use crate::cli::PublishArgs;
use crate::failure::Exit;
use crate::load::held;
use crate::load::prepare::DEFAULT_CONNECTIONS;
use crate::terminal;
use anyhow::Result;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &PublishArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("publish")?;
    context
        .progress
        .set_unfinished("the loads are still held: the live data is unchanged");
    let published = held::publish_held(
        &database,
        &mut client,
        &args.loads,
        held::Decision {
            is_forced: args.force,
            wait: args.wait,
        },
        args.connections.unwrap_or(DEFAULT_CONNECTIONS),
    )?;
    let publish_id = published.publish_id;
    context
        .progress
        .set_done(format!("the loads are live (publish {publish_id})"));
    if context.global.json {
        terminal::json(&json!({
            "schema_version": 1,
            "load_ids": args.loads,
            "published": published,
            "rules": published.rule_results,
        }))?;
        return Ok(Exit::Done);
    }
    let loads: Vec<String> = args.loads.iter().map(i64::to_string).collect();
    terminal::summary(match loads.as_slice() {
        [load] => format!("load {load} is live (publish {publish_id})"),
        loads => format!("loads {} are live (publish {publish_id})", loads.join(", ")),
    })?;
    shared_output::published(&published)?;
    Ok(Exit::Done)
}
