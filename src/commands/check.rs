//! `elt check`: runs the quality rules on the live data, shows the violations of one rule, or checks the freshness of
//! sources.

use super::{Context, shared_freshness, shared_output};
use crate::cli::CheckArgs;
use crate::failure::sentence::elt;
use crate::failure::{Exit, Failure, nearest};
use crate::pipeline;
use crate::quality::{self, RuleResult};
use crate::terminal::{self, number};
use anyhow::Result;
use postgres::Client;
use serde_json::json;

/// Publishes in the trend of a rule.
const TREND: i64 = 10;

/// Those that are printed, so that a line has room for large numbers.
const PRINTED_TREND: usize = 5;

pub(super) fn run(context: &Context<'_>, args: &CheckArgs) -> Result<Exit> {
    let database = context.open_current()?;
    let mut client = database.connect("check")?;
    if args.freshness {
        return shared_freshness::check(context, &mut client);
    }
    if let Some(rule) = &args.rule {
        return print_violations(context, &mut client, rule, args.limit);
    }
    let mut rule_results = quality::check(&mut client)?;
    let mut trends = quality::trends(&mut client, TREND)?;
    for result in &mut rule_results {
        result.trend = Some(trends.remove(&result.rule).unwrap_or_default());
    }
    let outcome = pipeline::refuse_errors(&rule_results);
    if !context.global.json {
        print(&rule_results)?;
        return outcome.map(|()| Exit::Done);
    }
    let document = json!({ "schema_version": 1, "rules": rule_results });
    match outcome {
        Ok(()) => terminal::json(&document).map(|()| Exit::Done),
        Err(error) => Ok(context.reporter.report_in(document, &error)),
    }
}

/// All rules with their descriptions, including those without violations.
fn print(rule_results: &[RuleResult]) -> Result<()> {
    for result in rule_results {
        let count = number(result.violation_count);
        terminal::line(&format!(
            "{count:>9}  {:<7}  {}\n           {}",
            result.level, result.rule, result.description
        ))?;
        let limit = result.limit_in_words();
        for line in limit.into_iter().chain(trend_in_words(result)) {
            terminal::line(&format!("           {line}"))?;
        }
    }
    terminal::line_with_commands(
        "to see the violations of a rule, with file and line: " + elt!("check", "RULE"),
    )
}

/// `at the latest publishes: 12, 14, 31`; `None` for a rule that had no violations.
fn trend_in_words(result: &RuleResult) -> Option<String> {
    let trend = result.trend.as_deref()?;
    let counts = trend.iter().map(|point| point.violation_count);
    let counts: Vec<i64> = counts
        .skip(trend.len().saturating_sub(PRINTED_TREND))
        .collect();
    let shown: Vec<String> = counts.iter().map(|count| number(*count)).collect();
    let had_some = counts.iter().any(|count| *count > 0);
    had_some.then(|| format!("at the latest publishes: {}", shown.join(", ")))
}

fn print_violations(
    context: &Context<'_>,
    client: &mut Client,
    rule: &str,
    limit: i64,
) -> Result<Exit> {
    let rules = quality::rules(client)?;
    let Some(known) = rules.iter().find(|each| each.name == rule) else {
        let names: Vec<&str> = rules.iter().map(|each| each.name.as_str()).collect();
        return Err(
            Failure::new(Exit::Usage, format!("there is no rule \"{rule}\""))
                .hint(nearest("The rules are", rule, &names))
                .into(),
        );
    };
    let sql = known.rows();
    if context.global.json {
        let sql = format!("select to_jsonb(shown) from ({sql}) as shown limit {limit}");
        let rows = client.query_typed(&sql, &[])?;
        let rows: Vec<serde_json::Value> = rows.iter().map(|row| row.get(0)).collect();
        terminal::json(&json!({
            "schema_version": 1,
            "rule": known.name,
            "level": known.level,
            "at_most": known.at_most,
            "description": known.description,
            "rows": rows,
        }))?;
        return Ok(Exit::Done);
    }
    let level = known.level.clone();
    let level = level.or_else(|| Some(format!("at most {}", known.at_most.as_ref()?)));
    terminal::line(&format!(
        "{}: {}\n",
        level.unwrap_or_default(),
        known.description
    ))?;
    if shared_output::rows(client, &sql, usize::try_from(limit)?)? {
        terminal::line("... more with --limit N")?;
    }
    Ok(Exit::Done)
}
