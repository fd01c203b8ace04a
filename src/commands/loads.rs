//! `elt loads`: shows the load history.

use super::Context;
use super::show::{self, Selection};
use crate::cli::LoadsArgs;
use crate::failure::Exit;
use crate::history::{self, LoadStatus};
use crate::terminal::{self, Table, number, size};
use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::json;

pub(super) fn run(context: &Context<'_>, args: &LoadsArgs) -> Result<Exit> {
    let database = context.open_to_look()?;
    let mut client = database.connect("loads")?;
    let loads = match show::parse_selection(&mut client, args.selection.as_deref())? {
        Selection::Load(load) => return one(context, &history::load(&mut client, load)?),
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

fn one(context: &Context<'_>, load: &LoadStatus) -> Result<Exit> {
    if context.global.json {
        terminal::json(&json!({ "schema_version": 1, "loads": [load] }))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new(&["load", &load.load_id.to_string()]);
    let mut say = |what: &str, value: Option<String>| {
        if let Some(value) = value {
            table.row(vec![what.into(), value]);
        }
    };
    say("source", Some(load.source.clone()));
    say("state", Some(load.state_in_words()));
    say("from", Some(load.location.clone()));
    say("started", Some(moment(load.started_at)));
    say("seconds", Some(format!("{:.1}", load.seconds)));
    say("by", Some(load.loaded_by.clone()));
    say("rows", load.rows_staged.map(number));
    say(
        "rows purged",
        Some(load.rows_purged)
            .filter(|purged| *purged > 0)
            .map(number),
    );
    say("rejected", load.rows_rejected.map(number));
    say(
        "rejects open",
        Some(load.rejects_open).filter(|open| *open > 0).map(number),
    );
    say(
        "replays load",
        load.replayed_load_id.map(|load| load.to_string()),
    );
    if load.staging_bytes > 0 {
        let bytes = size(load.staging_bytes.unsigned_abs());
        let rows = format!(
            "select * from staging.{} where _load_id = {};",
            load.source, load.load_id
        );
        say("in staging", Some(format!("{bytes}: {rows}")));
    }
    say("dropped next", load.leftover_reason.clone());
    say("error", load.error.clone());
    terminal::line(&table.text())?;
    Ok(Exit::Done)
}

pub(super) fn moment(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}
