//! What the user is told if rules of level error refuse a publish, and its record.

use crate::failure::sentence::{Sentence, elt};
use crate::failure::{Exit, Failure};
use crate::quality::RuleResult;
use crate::terminal::number;
use anyhow::Result;
use postgres::Client;

/// Violations to show if a rule refuses a publish.
const SHOWN_VIOLATIONS: usize = 3;

/// Records that the loads were refused, after the publish was rolled back. Returns the error.
pub(super) fn refuse(
    client: &mut Client,
    load_ids: &[i64],
    cause: &str,
    rule_results: &[RuleResult],
) -> anyhow::Error {
    let recorded = serde_json::to_value(rule_results)
        .map_err(anyhow::Error::new)
        .and_then(|rule_results| {
            client.execute(
                "select elt.refuse_loads($1, $2, $3, $4)",
                &[&load_ids, &cause, &env!("CARGO_PKG_VERSION"), &rule_results],
            )?;
            Ok(())
        });
    let failure = refusal(rule_results);
    let failure = match load_ids {
        [] => failure
            .detail(
                "The schema is up to date, but core still has the results of the old core queries.",
            )
            .hint(
                "Load data that the rules accept, or correct the rules; then run "
                    + elt!("migrate")
                    + ".",
            ),
        loads => failure
            .detail("Nothing was changed.")
            .hint(where_to_look(client, loads)),
    };
    match recorded {
        Ok(()) => failure.into(),
        Err(error) => failure.because(error).into(),
    }
}

/// An error if a rule of level error has violations.
pub(super) fn refuse_violations(rule_results: &[RuleResult]) -> Result<()> {
    if rule_results.iter().any(RuleResult::blocks) {
        Err(refusal(rule_results).detail("Nothing was changed.").into())
    } else {
        Ok(())
    }
}

fn refusal(rule_results: &[RuleResult]) -> Failure {
    let blocking = rule_results.iter().filter(|result| result.blocks());
    let rules: Vec<String> = blocking.map(name_and_count).collect();
    let message = format!("the publish was refused by {}", rules.join(", "));
    let blocking = rule_results.iter().filter(|result| result.blocks());
    Failure::new(Exit::RulesFoundRows, message)
        .private_details(blocking.flat_map(describe_violations).collect())
}

/// `"orders_without_customer" (31 rows, at most 20 = 1% of core.orders)`.
fn name_and_count(result: &RuleResult) -> String {
    let noun = if result.violation_count == 1 {
        "row"
    } else {
        "rows"
    };
    let limit = result.limit_in_words();
    let limit = limit.map_or(String::new(), |limit| format!(", {limit}"));
    format!(
        "\"{}\" ({} {noun}{limit})",
        result.rule, result.violation_count
    )
}

/// The description of a rule and its first violations.
fn describe_violations(result: &RuleResult) -> Vec<String> {
    let violations = result.violations(SHOWN_VIOLATIONS);
    let shown = i64::try_from(violations.len()).unwrap_or(result.violation_count);
    let mut lines = vec![format!("{}: {}", result.rule, result.description)];
    lines.extend(violations);
    if result.violation_count > shown {
        let more = number(result.violation_count - shown);
        lines.push(format!("... and {more} more"));
    }
    lines
}

/// A hint that shows the refused rows, which stay in staging, and the recorded violations.
fn where_to_look(client: &mut Client, loads: &[i64]) -> Sentence {
    let sql = "select coalesce(string_agg(format('select * from staging.%s where _load_id %s;', source, loads), \
               ' ' order by loads), '') from (select source, case when count(*) = 1 then format('= %s', min(load_id)) \
               else format('between %s and %s', min(load_id), max(load_id)) end as loads \
               from elt.load where load_id = any($1) group by source) as refused";
    let rows: String = client
        .query_one(sql, &[&loads])
        .map(|row| row.get(0))
        .unwrap_or_default();
    "To see the refused rows, run "
        + elt!("db", "psql")
        + format!(
            " and then: {rows} To see the violations: select rule, violation_count, jsonb_pretty(sample) \
             from elt.rule_result where level = 'error' and violation_count > 0 order by publish_id desc;"
        )
}
