//! `elt rejects`: what a load could not stage.

use super::Context;
use crate::cli::RejectsArgs;
use crate::failure::{Exit, Failure};
use crate::terminal::{self, Table};
use anyhow::Result;
use postgres::Client;
use serde::Serialize;

/// Characters of a record that fit into a table.
const SHOWN: usize = 60;

#[derive(Serialize)]
struct Rejected {
    row: i64,
    line: i64,
    byte_offset: i64,
    reason: String,
    /// Bytes that are not UTF-8 are replaced; `elt.reject.raw` has them as they were.
    record: String,
}

pub(super) fn run(context: &Context<'_>, args: &RejectsArgs) -> Result<Exit> {
    let database = context.open_current(false)?;
    let mut client = database.connect("rejects")?;
    let latest = "select max(load_id) from elt.reject";
    let load_id = match args.load {
        Some(load_id) => Some(load_id),
        None => client.query_one(latest, &[])?.get(0),
    };
    let Some(load_id) = load_id else {
        if context.global.json {
            terminal::json(&serde_json::json!({ "schema_version": 1, "rejects": [] }))?;
        } else {
            terminal::line("no load has rejected anything")?;
        }
        return Ok(Exit::Done);
    };
    let (location, count) = load(&mut client, load_id)?;
    let rejects = rejects(&mut client, load_id, args.limit)?;
    if context.global.json {
        terminal::json(&serde_json::json!({
            "schema_version": 1, "load_id": load_id, "location": location, "count": count,
            "rejects": rejects,
        }))?;
        return Ok(Exit::Done);
    }
    terminal::line(&format!("load {load_id}, {location}: {count} rejected"))?;
    let shown = rejects.len();
    let mut table = Table::new(&["line#", "reason", "record"]);
    for reject in rejects {
        let short: String = reject.record.chars().take(SHOWN).collect();
        table.row(vec![
            reject.line.to_string(),
            reject.reason,
            short
                .escape_debug()
                .to_string()
                .replace("\\\"", "\"")
                .replace("\\'", "'"),
        ]);
    }
    if shown > 0 {
        terminal::line(&table.text())?;
    }
    if i64::try_from(shown)? < count {
        terminal::line(&format!("... of {count}; more with --limit N"))?;
    }
    Ok(Exit::Done)
}

fn load(client: &mut Client, load_id: i64) -> Result<(String, i64)> {
    let sql = "select location, (select count(*) from elt.reject where reject.load_id = load.load_id) \
               from elt.load where load_id = $1";
    let row = client.query_opt(sql, &[&load_id])?.ok_or_else(|| {
        Failure::new(Exit::Usage, format!("there is no load {load_id}"))
            .hint("The loads are in elt.load; elt status shows the live ones.")
    })?;
    Ok((row.get(0), row.get(1)))
}

fn rejects(client: &mut Client, load_id: i64, limit: i64) -> Result<Vec<Rejected>> {
    let sql = "select row_number, line_number, byte_offset, reason, raw from elt.reject \
               where load_id = $1 order by reject_number limit $2";
    Ok(client
        .query(sql, &[&load_id, &limit])?
        .iter()
        .map(|row| Rejected {
            row: row.get(0),
            line: row.get(1),
            byte_offset: row.get(2),
            reason: row.get(3),
            record: String::from_utf8_lossy(row.get(4)).into_owned(),
        })
        .collect())
}
