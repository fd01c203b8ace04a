//! `elt check`: the quality rules on what is live.

use super::{Context, show};
use crate::failure::Exit;
use crate::quality::{self, Finding};
use crate::terminal::{self, Table, number};
use anyhow::Result;

pub(super) fn run(context: &Context<'_>) -> Result<Exit> {
    let database = context.open_current(false)?;
    let findings = quality::check(&mut database.connect("check")?)?;
    if context.global.json {
        terminal::json(&serde_json::json!({ "schema_version": 1, "rules": findings }))?;
    } else {
        print(&findings)?;
    }
    Ok(show::exit_of(&findings))
}

/// All rules, also those that found nothing, with what they say.
fn print(findings: &[Finding]) -> Result<()> {
    let mut table = Table::new(&["level", "rows#", "rule", "what it says"]);
    for finding in findings {
        table.row(vec![
            finding.level.clone(),
            number(finding.violation_count),
            finding.rule.clone(),
            finding.description.clone(),
        ]);
    }
    terminal::line(&table.text())?;
    terminal::line("the rows of a rule: select * from quality.RULE, in elt db psql")
}
