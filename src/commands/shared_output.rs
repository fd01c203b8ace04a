//! Output that several commands share: rules with violations, warnings, and views to show.

use super::Context;
use crate::failure::sentence::elt;
use crate::load::Report;
use crate::load::source::require_known;
use crate::project::{Layer, Project};
use crate::quality::RuleResult;
use crate::terminal::{self, Table, number};
use anyhow::Result;
use postgres::types::Type;
use postgres::{Client, SimpleQueryMessage};

/// Rows of a view that are shown.
const LONGEST_VIEW: usize = 24;

/// The value of an argument `SOURCE|LOAD`.
pub(super) enum Selection {
    Source(String),
    Load(i64),
    All,
}

pub(super) fn parse_selection(client: &mut Client, argument: Option<&str>) -> Result<Selection> {
    match argument {
        None => Ok(Selection::All),
        Some(text) => match text.parse() {
            Ok(load) => Ok(Selection::Load(load)),
            Err(_) => {
                require_known(client, text)?;
                Ok(Selection::Source(text.to_string()))
            }
        },
    }
}

/// Prints the rules that have violations, and how many.
pub(super) fn violations(rule_results: &[RuleResult]) -> Result<()> {
    let found: Vec<&RuleResult> = rule_results
        .iter()
        .filter(|result| result.violation_count > 0)
        .collect();
    terminal::line(&format!(
        "\nrules: {} of {} have violations",
        found.len(),
        rule_results.len()
    ))?;
    if found.is_empty() {
        return Ok(());
    }
    let mut table = Table::new(&["level", "rows#", "rule"]);
    for result in found {
        table.row(vec![
            result.level.clone(),
            number(result.violation_count),
            result.rule.clone(),
        ]);
    }
    terminal::line(&table.text())?;
    terminal::line_with_commands("to see the rules with their descriptions: " + elt!("check"))
}

/// Warns of rejects, one line per source, if no tables on stdout show them.
pub(super) fn warn_of_rejects(context: &Context<'_>, report: &Report) {
    let sources = report.sources.iter().filter(|source| source.rejected > 0);
    for source in sources.filter(|_| context.has_no_tables()) {
        let rows = match source.rejected {
            1 => "1 row".to_string(),
            rows => format!("{} rows", number(i64::try_from(rows).unwrap_or(i64::MAX))),
        };
        terminal::warn(
            format!("source \"{}\": {rows} rejected: ", source.source)
                + elt!("rejects", source.load_id),
        );
    }
}

/// Warns of violations, one line per rule, if no tables on stdout show them.
pub(super) fn warn_of_violations(context: &Context<'_>, rule_results: &[RuleResult]) {
    let found = rule_results
        .iter()
        .filter(|found| found.violation_count > 0);
    for result in found.filter(|_| context.has_no_tables()) {
        let violations = match result.violation_count {
            1 => "1 violation".to_string(),
            count => format!("{} violations", number(count)),
        };
        terminal::warn(
            format!(
                "rule \"{}\" of level {} has {violations}: ",
                result.rule, result.level
            ) + elt!("check", result.rule),
        );
    }
}

/// A number of workers, with the noun.
pub(super) fn workers(count: i64) -> String {
    match count {
        1 => "1 worker".into(),
        count => format!("{count} workers"),
    }
}

/// The views whose header has `show`.
pub(super) fn views(client: &mut Client, project: &Project) -> Result<()> {
    let shown = project
        .sql
        .iter()
        .filter(|file| file.layer == Layer::Mart && file.header.contains_key("show"));
    for view in shown {
        let sql = "select obj_description($1::text::regclass, 'pg_class')";
        let title: Option<String> = client.query_one(sql, &[&view.name])?.get(0);
        terminal::line(&format!("\n{}", title.unwrap_or_else(|| view.name.clone())))?;
        one_view(client, &view.name)?;
    }
    Ok(())
}

fn one_view(client: &mut Client, name: &str) -> Result<()> {
    let sql = format!("select * from {name}");
    if rows(client, &sql, LONGEST_VIEW)? {
        terminal::line_with_commands(
            format!("... more with select * from {name}, in ") + elt!("db", "psql"),
        )?;
    }
    Ok(())
}

/// Prints at most `limit` rows of a query as a table. Returns whether there are more.
pub(super) fn rows(client: &mut Client, sql: &str, limit: usize) -> Result<bool> {
    let sql = format!("select * from ({sql}) as shown limit {}", limit + 1);
    let statement = client.prepare(&sql)?;
    let is_number = |index: usize| {
        let kind = statement.columns()[index].type_();
        [Type::INT8, Type::INT4, Type::NUMERIC, Type::FLOAT8].contains(kind)
    };
    let headers: Vec<String> = statement
        .columns()
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let mark = if is_number(index) { "#" } else { "" };
            format!("{}{mark}", column.name().replace('_', " ").trim())
        })
        .collect();
    let mut table = Table::new(&headers.iter().map(String::as_str).collect::<Vec<_>>());
    let mut rows = 0;
    for message in client.simple_query(&sql)? {
        let SimpleQueryMessage::Row(row) = message else {
            continue;
        };
        rows += 1;
        if rows <= limit {
            let cell = |index: usize| {
                let text = row.get(index).unwrap_or_default();
                match text.parse() {
                    Ok(value) if is_number(index) => number(value),
                    _ => text.to_string(),
                }
            };
            table.row((0..headers.len()).map(cell).collect());
        }
    }
    terminal::line(&table.text())?;
    Ok(rows > limit)
}
