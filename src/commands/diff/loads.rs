//! `elt diff SOURCE`: the rows of core tables with one load live, and with another one.

use super::lines::Lines;
use super::{begin, minute};
use crate::cli::CompareArgs;
use crate::commands::{Context, shared_difference};
use crate::difference::{self, RowDifference};
use crate::failure::{Exit, Failure};
use crate::history::{self, ComparedLoad};
use crate::load::source::require_known;
use crate::terminal::{self, number};
use anyhow::Result;
use postgres::Client;
use serde::Serialize;
use serde_json::json;
use std::path::Path;

/// The temporary tables with the rows of both loads.
const KEPT: [&str; 2] = ["elt_before", "elt_after"];

#[derive(Serialize)]
struct TableDifference {
    table: String,
    rows: RowDifference,
}

pub(super) fn run(
    context: &Context<'_>,
    client: &mut Client,
    source: &str,
    named: &[i64],
    args: &CompareArgs,
) -> Result<Exit> {
    require_known(client, source)?;
    history::require_right(client)?;
    let loads = history::find_loads(client, source, named)?;
    let mut transaction = begin(client)?;
    let tables = history::filled_tables(&mut transaction, source)?;
    if tables.is_empty() {
        let message = format!("no core table is filled from source \"{source}\"");
        return Err(Failure::new(Exit::Failed, message)
            .hint("Add a core query that reads its staging table: see sql/README.md.")
            .into());
    }
    let mut lines = match &args.out {
        Some(path) => Some(Lines::create(path, tables.iter().map(|table| &table.key))?),
        None => None,
    };
    let mut differences = Vec::new();
    for table in &tables {
        for (load, kept_as) in loads.iter().zip(KEPT) {
            let reading = format!("{}: reading load {}", table.name, load.load_id);
            let _waiting = terminal::waiting(&reading);
            history::keep_rows(&mut transaction, load.load_id, table, kept_as)?;
        }
        let kept = KEPT.map(|name| format!("pg_temp.{name}"));
        let kept = [kept[0].as_str(), kept[1].as_str()];
        let _waiting = terminal::waiting(&format!("{}: comparing rows", table.name));
        let rows = difference::compare(&mut transaction, kept, table.key.as_deref(), args.rows)?;
        if let Some(lines) = &mut lines {
            lines.add(&mut transaction, &table.name, kept, &rows)?;
        }
        differences.push(TableDifference {
            table: table.name.clone(),
            rows,
        });
    }
    transaction.rollback()?;
    let written = lines.map(Lines::finish).transpose()?;
    if args.out.as_deref() == Some(Path::new("-")) {
        return Ok(Exit::Done);
    }
    if context.global.json {
        let [from, to] = &loads;
        terminal::json(&json!({
            "schema_version": 1, "source": source, "from": from, "to": to, "tables": differences,
            "file": args.out, "rows_written": written,
        }))?;
        return Ok(Exit::Done);
    }
    print(&loads, &differences)?;
    super::report_file(args, written)?;
    Ok(Exit::Done)
}

fn print(loads: &[ComparedLoad; 2], differences: &[TableDifference]) -> Result<()> {
    for (side, load) in ["before", "after"].iter().zip(loads) {
        terminal::line(&format!(
            "{side:<8} load {} ({}), {}: {}",
            load.load_id,
            load.state,
            minute(load.started_at),
            load.location
        ))?;
    }
    for TableDifference { table, rows } in differences {
        terminal::line(&format!(
            "\n{table}: {} rows before, {} rows after",
            number(rows.rows_before),
            number(rows.rows_after)
        ))?;
        shared_difference::print(rows)?;
    }
    Ok(())
}
