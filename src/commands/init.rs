//! `elt init`: a project for a file.

use crate::cli::{Global, InitArgs};
use crate::failure::Exit;
use crate::init;
use crate::interrupt;
use crate::terminal::{self, Table, number};
use anyhow::Result;
use serde_json::json;

pub(super) fn run(global: &Global, args: &InitArgs) -> Result<Exit> {
    interrupt::listen()?;
    let report = init::init(&args.dir, args.from.as_deref(), args.name.as_deref())?;
    terminal::progress("");
    if global.json {
        terminal::json(&json!({ "schema_version": 1, "project": report }))?;
        return Ok(Exit::Done);
    }
    if terminal::is_quiet() {
        return Ok(Exit::Done);
    }
    let rows = i64::try_from(report.rows)?;
    let noun = if rows == 1 { "row" } else { "rows" };
    let counted = format!("source {}: {} {noun}\n", report.source, number(rows));
    terminal::line(&counted)?;
    let mut table = Table::new(&["column", "type", ""]);
    for column in &report.columns {
        let is_key = report.key.as_ref() == Some(&column.name);
        table.row(vec![
            column.name.clone(),
            column.sql_type.into(),
            if is_key { "tells rows apart" } else { "" }.into(),
        ]);
    }
    terminal::line(&table.text())?;
    if report.rejected > 0 {
        let records = if report.rejected == 1 {
            "record"
        } else {
            "records"
        };
        terminal::warn(&format!(
            "{} {records} of the file could not be read; elt load keeps them apart (elt rejects)",
            report.rejected
        ));
    }
    terminal::line(&format!("\nwritten to {}:", report.folder.display()))?;
    for file in &report.files {
        terminal::line(&format!("  {file}"))?;
    }
    if !report.database.is_empty() {
        terminal::line(&format!(
            "\nits database is {} (sql/database.sql): two projects need two",
            report.database
        ))?;
    }
    let dir = terminal::quoted(&args.dir.to_string_lossy());
    terminal::line(&format!("\nnow: elt --project {dir} run"))?;
    Ok(Exit::Done)
}
