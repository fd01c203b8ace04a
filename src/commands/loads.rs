//! `elt loads`: shows the load history.

use super::Context;
use super::shared_output::{self, Selection};
use crate::cli::LoadsArgs;
use crate::failure::Exit;
use crate::history::{self, LoadStatus};
use crate::terminal::{self, Table, number, size};
use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &LoadsArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("loads")?;
    let loads = match shared_output::parse_selection(&mut client, args.selection.as_deref())? {
        Selection::Load(load) => return print_one(context, &history::load(&mut client, load)?),
        Selection::Source(source) => history::loads(&mut client, Some(&source), args.limit)?,
        Selection::All => history::loads(&mut client, None, args.limit)?,
    };
    if context.global.json {
        terminal::json(&json!({ "schema_version": 1, "loads": loads }))?;
    } else if loads.is_empty() {
        terminal::line("no loads yet")?;
    } else {
        print(&loads)?;
    }
    Ok(Exit::Done)
}

fn print(loads: &[LoadStatus]) -> Result<()> {
    let mut table = Table::new(&[
        "load#",
        "source",
        "state",
        "rows#",
        "rejected#",
        "staging#",
        "started",
        "seconds#",
        "role",
    ]);
    for load in loads {
        table.row(vec![
            load.load_id.to_string(),
            load.source.clone(),
            load.state_in_words(),
            load.rows_staged.map_or(String::new(), number),
            // A failed load shows the rejects that were kept.
            match load.rows_rejected.unwrap_or(load.rejects_open) {
                0 if load.rows_rejected.is_none() => String::new(),
                rejected => number(rejected),
            },
            match load.staging_bytes {
                0 => String::new(),
                bytes => size(bytes.unsigned_abs()),
            },
            moment(load.started_at),
            format!("{:.1}", load.seconds),
            load.loaded_by.clone(),
        ]);
    }
    terminal::line(&table.text())?;
    for load in loads {
        if let Some(error) = &load.error {
            terminal::line(&format!(
                "\nload {} of {}: {}",
                load.load_id,
                load.source,
                error.clone()
            ))?;
        }
    }
    Ok(())
}

fn print_one(context: &Context<'_>, load: &LoadStatus) -> Result<Exit> {
    if context.global.json {
        terminal::json(&json!({ "schema_version": 1, "loads": [load] }))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["load", &load.load_id.to_string()]);
    let mut add = |what: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row(vec![what.into(), value]);
        }
    };
    add("source", Some(load.source.clone()));
    add("state", Some(load.state_in_words()));
    add("from", Some(load.location.clone()));
    add("started", Some(moment(load.started_at)));
    add("seconds", Some(format!("{:.1}", load.seconds)));
    add("by", Some(load.loaded_by.clone()));
    add("rows", load.rows_staged.map(number));
    add(
        "rows purged",
        Some(load.rows_purged)
            .filter(|purged| *purged > 0)
            .map(number),
    );
    add("rejected", load.rows_rejected.map(number));
    add(
        "rejects open",
        Some(load.rejects_open).filter(|open| *open > 0).map(number),
    );
    add(
        "replays load",
        load.replayed_load_id.map(|load| load.to_string()),
    );
    if load.staging_bytes > 0 {
        let bytes = size(load.staging_bytes.unsigned_abs());
        let rows = format!(
            "select * from staging.{} where _load_id = {};",
            load.source, load.load_id
        );
        add("in staging", Some(format!("{bytes}: {rows}")));
    }
    add("records since", load.since_sent.clone());
    add("read up to", load.since_value.clone());
    add("changed while read", load.changed_while_read.clone());
    add("dropped next", load.leftover_reason.clone());
    add("error", load.error.clone());
    terminal::line(&table.text())?;
    Ok(Exit::Done)
}

pub(super) fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
