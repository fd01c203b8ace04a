//! `elt discard`: gives up held loads.

use super::Context;
use crate::cli::DiscardArgs;
use crate::failure::Exit;
use crate::load::held;
use crate::terminal;
use anyhow::Result;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &DiscardArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("discard")?;
    held::discard(&mut client, &args.loads, args.wait)?;
    if context.global.json {
        terminal::json(&json!({ "schema_version": 1, "load_ids": args.loads }))?;
        return Ok(Exit::Done);
    }
    let loads: Vec<String> = args.loads.iter().map(i64::to_string).collect();
    terminal::summary(match loads.as_slice() {
        [load] => format!("load {load} was discarded; its record and its rejects are kept"),
        loads => format!(
            "loads {} were discarded; their records and rejects are kept",
            loads.join(", ")
        ),
    })?;
    Ok(Exit::Done)
}
