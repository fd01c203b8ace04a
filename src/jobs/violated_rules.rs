//! The violated rules in results of jobs.

use crate::quality::RuleResult;
use serde_json::{Value, json};

pub(super) fn violated_rules(results: &[RuleResult]) -> Vec<Value> {
    let violated = results.iter().filter(|result| result.violation_count > 0);
    let rules = violated.map(|result| {
        json!({
            "rule": result.rule,
            "level": result.level,
            "violation_count": result.violation_count,
        })
    });
    rules.collect()
}
