//! `elt init`: creates a project for a file or an API.

use crate::cli::{DateOrder, Decimal, Global, InitArgs};
use crate::failure::Exit;
use crate::failure::sentence::elt;
use crate::init::{self, KeyChoice, ReadingOptions, Rekeyed, Report, Request};
use crate::signals;
use crate::terminal::{self, Table, number};
use anyhow::Result;
use serde_json::json;

pub(super) fn run(global: &Global, args: &InitArgs) -> Result<Exit> {
    signals::listen()?;
    let key = match (args.no_key, args.key.as_slice()) {
        (true, _) => KeyChoice::NoKey,
        (false, []) => KeyChoice::Detect,
        (false, columns) => KeyChoice::Columns(columns.to_vec()),
    };
    if let Some(source) = &args.rekey {
        let rekeyed = init::rekey(&args.dir, source, &key)?;
        if global.json {
            terminal::json(&json!({ "schema_version": 1, "rekeyed": rekeyed }))?;
        } else if !terminal::is_quiet() {
            print_rekeyed(args, &rekeyed)?;
        }
        return Ok(Exit::Done);
    }
    let report = init::init(Request {
        dir: &args.dir,
        from: args.from.as_deref(),
        read_as: args.read_as,
        name: args.name.as_deref(),
        key,
        mode: args.mode,
        options: ReadingOptions {
            is_day_first: args.dates.map(|order| order == DateOrder::DayFirst),
            has_decimal_comma: args.decimal.map(|sign| sign == Decimal::Comma),
            time_zone: args.time_zone.clone(),
            types: args.types.clone(),
        },
        layout: args.layout.options(),
        set: args.set.clone(),
        flatten: args.flatten,
    })?;
    terminal::progress("");
    for warning in &report.warnings {
        terminal::warn(warning);
    }
    if report.rejected > 0 {
        let records = match report.rejected {
            1 => "1 record".to_string(),
            several => format!("{several} records"),
        };
        let input = report.api.as_ref().map_or("file", |_| "API");
        terminal::warn(
            format!("could not read {records} of the {input}; ")
                + elt!("load")
                + " rejects them ("
                + elt!("rejects")
                + ")",
        );
    }
    if global.json {
        terminal::json(&json!({ "schema_version": 1, "project": report }))?;
    } else if !terminal::is_quiet() {
        print(args, &report)?;
    }
    Ok(Exit::Done)
}

fn print(args: &InitArgs, report: &Report) -> Result<()> {
    let rows = i64::try_from(report.rows)?;
    let noun = if rows == 1 { "row" } else { "rows" };
    let pages = pages_read(report)?;
    let counted = format!("source {}: {} {noun}{pages}\n", report.source, number(rows));
    terminal::line(&counted)?;
    if let Some(choice) = &report.read_as {
        terminal::line(&format!(
            "read as {} ({}); to change it: {}\n",
            if choice.kind == "api" {
                "an API"
            } else {
                "a file"
            },
            choice.reason,
            choice.option
        ))?;
    }
    print_layout(report)?;
    let mut table = Table::new(&["column", "type", "notes"]);
    for column in &report.columns {
        let is_key = report.key_columns.contains(&column.name);
        let key = is_key.then(|| "key".to_string());
        let notes: Vec<String> = key.into_iter().chain(column.notes.clone()).collect();
        table.row(vec![
            column.name.clone(),
            column.sql_type.into(),
            notes.join("; "),
        ]);
    }
    terminal::line(&table.text())?;
    let key = report.key.as_deref().unwrap_or("none, every row is kept");
    terminal::line(&format!("\nkey: {key} ({})", report.key_reason))?;
    terminal::line(
        "to change the key: --key COLUMN,COLUMN or --no-key; to change a type: --type COLUMN=TYPE",
    )?;
    terminal::line(&format!("\nwritten to {}:", report.folder.display()))?;
    for file in &report.files {
        terminal::line(&format!("  {file}"))?;
    }
    if !report.database.is_empty() {
        terminal::line(&format!(
            "\ndatabase: {} (set in sql/database.sql); each project needs its own database",
            report.database
        ))?;
    }
    terminal::line_with_commands("\nnext: " + elt!("--project", args.dir.display(), "run"))
}

/// The pages of an API that the rows come from.
fn pages_read(report: &Report) -> Result<String> {
    let Some(api) = &report.api else {
        return Ok(String::new());
    };
    let pages = i64::try_from(api.pages_read)?;
    Ok(match (pages, api.is_complete) {
        (1, true) => " from 1 page".to_string(),
        (1, false) => " from the first page".to_string(),
        (pages, true) => format!(" from {} pages", number(pages)),
        (pages, false) => format!(" from the first {} pages", number(pages)),
    })
}

/// Prints how the file is written, if it is not a plain CSV file, or how the API is read.
fn print_layout(report: &Report) -> Result<()> {
    if report.layout.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(&["setting", "value", "reason", "to change it"]);
    for choice in &report.layout {
        table.row(vec![
            choice.setting.into(),
            choice.value.clone(),
            choice.reason.clone(),
            choice.option.into(),
        ]);
    }
    terminal::line(&format!("{}\n", table.text()))
}

fn print_rekeyed(args: &InitArgs, rekeyed: &Rekeyed) -> Result<()> {
    let key = match rekeyed.key_columns.as_slice() {
        [] => "none, every row is kept".to_string(),
        columns => columns.join(", "),
    };
    terminal::line(&format!("source {}: key {key}\n", rekeyed.source))?;
    for file in &rekeyed.files_written {
        terminal::line(&format!("  written: {file}"))?;
    }
    for file in &rekeyed.files_removed {
        terminal::line(&format!("  removed: {file}"))?;
    }
    terminal::line_with_commands(
        "\nnext: " + elt!("--project", args.dir.display(), "run", "--migrate"),
    )
}
