//! `elt gc`: drops staged rows that are no longer needed.

use super::Context;
use crate::cli::GcArgs;
use crate::failure::Exit;
use crate::history::{self, LoadStatus};
use crate::load;
use crate::terminal::{self, Table, number, size};
use anyhow::Result;
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &GcArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("gc")?;
    let (dropped, in_use) = if args.dry_run {
        (history::leftovers(&mut client)?, Vec::new())
    } else {
        load::collect_leftovers(&mut client)?
    };
    let bytes: i64 = dropped.iter().map(|load| load.staging_bytes).sum();
    if context.global.json {
        terminal::json(&json!({
            "schema_version": 1,
            "is_dry_run": args.dry_run,
            "bytes": bytes,
            "loads": dropped,
            "loads_in_use": in_use,
        }))?;
        return Ok(Exit::Done);
    }
    if dropped.is_empty() && in_use.is_empty() {
        terminal::summary("nothing to drop: all staged rows are needed")?;
        return Ok(Exit::Done);
    }
    if !terminal::is_quiet() {
        print(&dropped)?;
    }
    let verb = if args.dry_run { "would free" } else { "freed" };
    terminal::summary(format!("\n{verb} {}", size(bytes.unsigned_abs())))?;
    for load in in_use {
        terminal::warn(format!(
            "load {} of source \"{}\" is not dropped yet: another session is reading its rows",
            load.load_id, load.source
        ));
    }
    Ok(Exit::Done)
}

fn print(loads: &[LoadStatus]) -> Result<()> {
    let mut table = Table::new(&["load#", "source", "rows#", "size#", "because"]);
    for load in loads {
        table.row(vec![
            load.load_id.to_string(),
            load.source.clone(),
            load.rows_staged.map_or(String::new(), number),
            size(load.staging_bytes.unsigned_abs()),
            load.leftover_reason.clone().unwrap_or_default(),
        ]);
    }
    terminal::line(&table.text())
}
