//! Output that several commands share: rules with violations, warnings, and tables of rows.

use super::Context;
use crate::failure::sentence::elt;
use crate::load::Report;
use crate::load::publish::Published;
use crate::load::source::require_known;
use crate::quality::RuleResult;
use crate::terminal::{self, Table, number};
use anyhow::Result;
use postgres::types::Type;
use postgres::{Client, Column, SimpleQueryMessage, Statement};

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

/// Prints what a publish changed in each table, and the rules that have violations.
pub(super) fn published(published: &Published) -> Result<()> {
    for change in &published.changes {
        terminal::summary(format!(
            "{}: {} inserted, {} updated, {} deleted",
            change.table,
            number(change.rows_inserted),
            number(change.rows_updated),
            number(change.rows_deleted)
        ))?;
    }
    if terminal::is_quiet() {
        return Ok(());
    }
    violations(&published.rule_results)
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
    let has_limits = found.iter().any(|result| result.at_most.is_some());
    let limit_header = has_limits.then_some("limit");
    let headers = ["level", "rows#", "rule"].into_iter().chain(limit_header);
    let mut table = Table::new(&headers.collect::<Vec<_>>());
    for result in found {
        let cells = [
            result.level.clone(),
            number(result.violation_count),
            result.rule.clone(),
        ];
        let limit = has_limits.then(|| result.limit_in_words().unwrap_or_default());
        table.row(cells.into_iter().chain(limit).collect());
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
        let message = match result.limit_in_words() {
            Some(limit) => format!("rule \"{}\" has {violations}, {limit}: ", result.rule),
            None => format!(
                "rule \"{}\" of level {} has {violations}: ",
                result.rule, result.level
            ),
        };
        terminal::warn(message + elt!("check", result.rule));
    }
}

/// A number of workers, with the noun.
pub(super) fn workers(count: i64) -> String {
    match count {
        1 => "1 worker".into(),
        count => format!("{count} workers"),
    }
}

/// Prints at most `limit` rows of a query as a table. Returns whether there are more.
pub(super) fn rows(client: &mut Client, sql: &str, limit: usize) -> Result<bool> {
    let sql = format!("select * from ({sql}) as shown limit {}", limit + 1);
    let mut table = RowTable::new(&client.prepare(&sql)?, limit);
    for message in client.simple_query(&sql)? {
        if let SimpleQueryMessage::Row(row) = message {
            table.add((0..row.len()).map(|index| row.get(index).unwrap_or_default()));
        }
    }
    table.print()
}

/// A table of a statement's rows, of which the first ones are shown.
pub(super) struct RowTable {
    table: Table,
    is_number: Vec<bool>,
    limit: usize,
    rows: usize,
}

impl RowTable {
    pub(super) fn new(statement: &Statement, limit: usize) -> RowTable {
        let is_number = |column: &Column| {
            [Type::INT8, Type::INT4, Type::NUMERIC, Type::FLOAT8].contains(column.type_())
        };
        let header = |column: &Column| {
            let mark = if is_number(column) { "#" } else { "" };
            format!("{}{mark}", column.name().replace('_', " ").trim())
        };
        let headers: Vec<String> = statement.columns().iter().map(header).collect();
        RowTable {
            table: Table::new(&headers.iter().map(String::as_str).collect::<Vec<_>>()),
            is_number: statement.columns().iter().map(is_number).collect(),
            limit,
            rows: 0,
        }
    }

    pub(super) fn add<'a>(&mut self, values: impl Iterator<Item = &'a str>) {
        self.rows += 1;
        if self.rows > self.limit {
            return;
        }
        let cells = values
            .zip(&self.is_number)
            .map(|(text, is_number)| match text.parse() {
                Ok(value) if *is_number => number(value),
                _ => text.to_string(),
            });
        self.table.row(cells.collect());
    }

    /// Returns whether there are more rows.
    pub(super) fn print(self) -> Result<bool> {
        terminal::line(&self.table.text())?;
        Ok(self.rows > self.limit)
    }
}
