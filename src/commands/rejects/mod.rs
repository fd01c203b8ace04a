//! `elt rejects`: shows rejects, or writes them to a file for correction.

mod write;

use crate::cli::RejectsArgs;
use crate::commands::Context;
use crate::commands::shared_output::{self, Selection};
use crate::failure::Exit;
use crate::failure::sentence::elt;
use crate::history;
use crate::terminal::{self, Table};
use anyhow::Result;
use postgres::Client;
use serde::Serialize;
use write::write;

/// Characters of a record that fit into a table.
const SHOWN: usize = 60;

#[derive(Serialize)]
struct Rejected {
    /// The name of the file, if the load has several.
    file: Option<String>,
    /// For an API.
    page: Option<i64>,
    row: i64,
    line: i64,
    byte_offset: i64,
    reason: String,
    /// Bytes that are not UTF-8 are replaced; `elt.reject.raw` has the original bytes.
    record: String,
}

#[derive(Serialize)]
struct RejectingLoad {
    load_id: i64,
    source: String,
    state: String,
    #[serde(skip)]
    is_live: bool,
    location: String,
    /// Open rejects: those that no corrected record has replaced.
    count: i64,
    rejects: Vec<Rejected>,
}

pub(super) fn run(context: &Context<'_>, args: &RejectsArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("rejects")?;
    let selection = shared_output::parse_selection(&mut client, args.selection.as_deref())?;
    let mut loads = loads(&mut client, &selection)?;
    if let Some(file) = &args.out {
        return write(context, &mut client, &selection, &loads, file);
    }
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

fn records(count: i64) -> String {
    match count {
        1 => "1 record".into(),
        count => format!("{count} records"),
    }
}

fn print(load: &RejectingLoad) -> Result<()> {
    if load.count == 0 {
        return terminal::line(&format!(
            "load {} of {} ({}): no open rejects",
            load.load_id, load.source, load.state
        ));
    }
    terminal::line(&format!(
        "load {} of {} ({}), {}: {} rejected",
        load.load_id, load.source, load.state, load.location, load.count
    ))?;
    if load.rejects.is_empty() {
        return Ok(());
    }
    let is_api = load.rejects.iter().any(|reject| reject.page.is_some());
    let has_files = load.rejects.iter().any(|reject| reject.file.is_some());
    let place = match (is_api, has_files) {
        (true, _) => "page, record",
        (_, true) => "file, line",
        _ => "line",
    };
    let mut table = Table::new(&[&format!("{place}#"), "reason", "record"]);
    for reject in &load.rejects {
        let mut short: String = reject.record.chars().take(SHOWN).collect();
        if short.len() < reject.record.len() {
            short.push_str("...");
        }
        let printable = short.escape_debug().to_string();
        table.row(vec![
            match (reject.page, &reject.file) {
                (Some(page), _) => format!("{page}, {}", reject.row),
                (None, Some(file)) => format!("{file}, {}", reject.line),
                (None, None) => reject.line.to_string(),
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
        terminal::line("... more with --limit N")?;
    }
    terminal::line_with_commands(
        "to see whole records: --json, or table elt.reject; to correct them: "
            + elt!("rejects", load.load_id, "--out", "FILE")
            + "\n",
    )
}

/// The load with this number. Otherwise the loads with open rejects, of all sources or of one, that are live
/// or that failed after the live load.
fn loads(client: &mut Client, selection: &Selection) -> Result<Vec<RejectingLoad>> {
    let (load_id, source) = match selection {
        Selection::Load(load) => (Some(*load), None),
        Selection::Source(source) => (None, Some(source)),
        Selection::All => (None, None),
    };
    let sql = "select load.load_id, load.source, \
               case when load.live_publish_id is null and load.rolled_back_at is not null \
               then 'rolled back' else load.state end, coalesce(load.replay_location, load.location), \
               (select count(*) from elt.reject where reject.load_id = load.load_id \
               and reject.replaced_by_load_id is null), load.live_publish_id is not null \
               from elt.load left join elt.live_load on live_load.source = load.source \
               where case when $1::bigint is not null then load.load_id = $1 \
               else load.source = coalesce($2, load.source) and (load.live_publish_id is not null \
               or load.state <> 'published' and load.load_id > coalesce(live_load.load_id, 0)) \
               and exists (select 1 from elt.reject where reject.load_id = load.load_id \
               and reject.replaced_by_load_id is null) end \
               order by load.load_id";
    let loads: Vec<RejectingLoad> = client
        .query(sql, &[&load_id, &source])?
        .iter()
        .map(|row| RejectingLoad {
            load_id: row.get(0),
            source: row.get(1),
            state: row.get(2),
            location: row.get(3),
            count: row.get(4),
            is_live: row.get(5),
            rejects: Vec::new(),
        })
        .collect();
    match load_id {
        Some(load_id) if loads.is_empty() => Err(history::no_load(load_id)),
        _ => Ok(loads),
    }
}

fn rejects(client: &mut Client, load_id: i64, limit: i64) -> Result<Vec<Rejected>> {
    let sql = "select row_number, line_number, byte_offset, reason, raw, page_number, \
               (select regexp_replace(load_file.location, '^.*/', '') from elt.load_file \
               where load_file.load_id = reject.load_id and load_file.after_row < reject.row_number \
               order by load_file.after_row desc, load_file.file_number desc limit 1) from elt.reject \
               where load_id = $1 and replaced_by_load_id is null order by reject_number limit $2";
    Ok(client
        .query(sql, &[&load_id, &limit])?
        .iter()
        .map(|row| Rejected {
            file: row.get(6),
            page: row.get(5),
            row: row.get(0),
            line: row.get(1),
            byte_offset: row.get(2),
            reason: row.get(3),
            record: String::from_utf8_lossy(row.get(4)).into_owned(),
        })
        .collect())
}
