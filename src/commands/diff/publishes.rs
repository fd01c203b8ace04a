//! `elt diff --export`: an export with the rows of one publish, and with those of another one.

use super::lines::Lines;
use super::{begin, minute};
use crate::cli::CompareArgs;
use crate::commands::{Context, shared_difference};
use crate::failure::{Exit, Failure, nearest};
use crate::history;
use crate::project::{Layer, Project, SqlFile};
use crate::schema::review::compare_publishes::{self, PublishDifference};
use crate::schema::review::publishes::Publish;
use crate::terminal::{self, number};
use anyhow::Result;
use postgres::Client;
use serde_json::json;
use std::path::Path;

pub(super) fn run(
    context: &Context<'_>,
    client: &mut Client,
    name: &str,
    named: &[i64],
    args: &CompareArgs,
) -> Result<Exit> {
    let export = find_export(&context.project, name)?;
    history::require_right(client)?;
    let mut lines = None;
    let compared = compare_publishes::compare(
        client,
        export,
        named,
        args.rows,
        begin,
        |transaction, kept, rows| {
            if let Some(path) = &args.out {
                let file = lines.insert(Lines::create(path, std::iter::once(&rows.compared_by))?);
                file.add(transaction, &export.name, kept, rows)?;
            }
            Ok(())
        },
    )?;
    let written = lines.map(Lines::finish).transpose()?;
    if args.out.as_deref() == Some(Path::new("-")) {
        return Ok(Exit::Done);
    }
    let PublishDifference { publishes, rows } = &compared;
    if context.global.json {
        let [from, to] = publishes;
        terminal::json(&json!({
            "schema_version": 1, "export": export.stem(), "from": from, "to": to, "rows": rows,
            "file": args.out, "rows_written": written,
        }))?;
        return Ok(Exit::Done);
    }
    print(export, &compared)?;
    super::report_file(args, written)?;
    Ok(Exit::Done)
}

fn find_export<'a>(project: &'a Project, name: &str) -> Result<&'a SqlFile> {
    let exports = || {
        project
            .sql
            .iter()
            .filter(|file| file.layer == Layer::Export)
    };
    exports()
        .find(|file| file.stem() == name || file.name == name)
        .ok_or_else(|| {
            let known: Vec<&str> = exports().map(SqlFile::stem).collect();
            Failure::new(Exit::Usage, format!("there is no export \"{name}\""))
                .hint(nearest("The exports are", name, &known))
                .into()
        })
}

fn print(export: &SqlFile, compared: &PublishDifference) -> Result<()> {
    for (side, publish) in ["before", "after"].iter().zip(&compared.publishes) {
        terminal::line(&format!("{side:<8} {}", described(publish)))?;
    }
    let rows = &compared.rows;
    terminal::line(&format!(
        "\n{}: {} rows before, {} rows after",
        export.stem(),
        number(rows.rows_before),
        number(rows.rows_after)
    ))?;
    shared_difference::print(rows)
}

fn described(publish: &Publish) -> String {
    let live = if publish.is_live { ", live" } else { "" };
    let time = publish.finished_at.map(minute).unwrap_or_default();
    format!(
        "publish {} ({}{live}), {time}",
        publish.publish_id, publish.cause
    )
}
