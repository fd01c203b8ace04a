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
    /// Of an API.
    page: Option<i64>,
    row: i64,
    line: i64,
    byte_offset: i64,
    reason: String,
    /// Bytes that are not UTF-8 are replaced; `elt.reject.raw` has them as they were.
    record: String,
}

#[derive(Serialize)]
struct RejectingLoad {
    load_id: i64,
    source: String,
    state: String,
    location: String,
    count: i64,
    rejects: Vec<Rejected>,
}

pub(super) fn run(context: &Context<'_>, args: &RejectsArgs) -> Result<Exit> {
    let database = context.open_to_look()?;
    let mut client = database.connect("rejects")?;
    let mut loads = loads(&mut client, args.load)?;
    for load in &mut loads {
        load.rejects = rejects(&mut client, load.load_id, args.limit)?;
    }
    if context.global.json {
        terminal::json(&serde_json::json!({ "schema_version": 1, "loads": loads }))?;
    } else if loads.is_empty() {
        terminal::line("nothing was rejected")?;
    } else {
        loads.iter().try_for_each(print)?;
    }
    Ok(Exit::Done)
}

fn print(load: &RejectingLoad) -> Result<()> {
    terminal::line(&format!(
        "load {} of {} ({}), {}: {} rejected",
        load.load_id, load.source, load.state, load.location, load.count
    ))?;
    if load.rejects.is_empty() {
        return Ok(());
    }
    let is_api = load.rejects.iter().any(|reject| reject.page.is_some());
    let place = if is_api { "page, record" } else { "line" };
    let mut table = Table::new(&[&format!("{place}#"), "reason", "record"]);
    for reject in &load.rejects {
        let mut short: String = reject.record.chars().take(SHOWN).collect();
        if short.len() < reject.record.len() {
            short.push_str("...");
        }
        let printable = short.escape_debug().to_string();
        table.row(vec![
            match reject.page {
                Some(page) => format!("{page}, {}", reject.row),
                None => reject.line.to_string(),
            },
            reject.reason.clone(),
            printable
                .replace("\\\"", "\"")
                .replace("\\'", "'")
                .replace("\\\\", "\\"),
        ]);
    }
    terminal::line(&table.text())?;
    if i64::try_from(load.rejects.len())? < load.count {
        terminal::line("... and more: --limit N")?;
    }
    terminal::line("whole records: --json, or elt.reject\n")
}

/// The load of this number; without one, all that rejected something and are live or later.
fn loads(client: &mut Client, load_id: Option<i64>) -> Result<Vec<RejectingLoad>> {
    let sql = "select load.load_id, load.source, load.state, load.location, \
               (select count(*) from elt.reject where reject.load_id = load.load_id) \
               from elt.load left join elt.live_load on live_load.source = load.source \
               where case when $1::bigint is not null then load.load_id = $1 \
               else load.load_id >= coalesce(live_load.load_id, 0) and exists ( \
               select 1 from elt.reject where reject.load_id = load.load_id) end \
               order by load.load_id";
    let loads: Vec<RejectingLoad> = client
        .query(sql, &[&load_id])?
        .iter()
        .map(|row| RejectingLoad {
            load_id: row.get(0),
            source: row.get(1),
            state: row.get(2),
            location: row.get(3),
            count: row.get(4),
            rejects: Vec::new(),
        })
        .collect();
    match load_id {
        Some(load_id) if loads.is_empty() => Err(Failure::new(
            Exit::Usage,
            format!("there is no load {load_id}"),
        )
        .hint("The loads are in elt.load; elt status shows the live ones.")
        .into()),
        _ => Ok(loads),
    }
}

fn rejects(client: &mut Client, load_id: i64, limit: i64) -> Result<Vec<Rejected>> {
    let sql = "select row_number, line_number, byte_offset, reason, raw, page_number from elt.reject \
               where load_id = $1 order by reject_number limit $2";
    Ok(client
        .query(sql, &[&load_id, &limit])?
        .iter()
        .map(|row| Rejected {
            page: row.get(5),
            row: row.get(0),
            line: row.get(1),
            byte_offset: row.get(2),
            reason: row.get(3),
            record: String::from_utf8_lossy(row.get(4)).into_owned(),
        })
        .collect())
}
