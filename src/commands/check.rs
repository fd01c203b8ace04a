//! `elt check`: the quality rules on what is live.

use super::{Context, show};
use crate::failure::Exit;
use crate::quality::{self, Finding};
use crate::terminal::{self, number};
use anyhow::Result;

pub(super) fn run(context: &Context<'_>) -> Result<Exit> {
    let database = context.open_to_look()?;
    let findings = quality::check(&mut database.connect("check")?)?;
    if context.global.json {
        terminal::json(&serde_json::json!({ "schema_version": 1, "rules": findings }))?;
    } else {
        print(&findings)?;
    }
    show::refuse_errors(&findings)?;
    Ok(Exit::Done)
}

/// All rules, also those that found nothing, with what they say.
fn print(findings: &[Finding]) -> Result<()> {
    for finding in findings {
        let count = number(finding.violation_count);
        terminal::line(&format!(
            "{count:>9}  {:<7}  {}\n           {}",
            finding.level, finding.rule, finding.description
        ))?;
    }
    terminal::line("the rows of a rule: select * from quality.RULE, in elt db psql")
}
