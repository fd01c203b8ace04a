//! The quality rules and their results, recorded by a publish or computed now.

use crate::terminal::{self, number};
use anyhow::Result;
use postgres::{Client, GenericClient, IsolationLevel, Row};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Characters of a value that are shown.
const LONGEST_VALUE: usize = 80;

/// The result of one rule.
#[derive(Deserialize, Serialize)]
pub(crate) struct RuleResult {
    pub(crate) rule: String,
    /// `warning` or `error`. With a limit: `error` if it has more violations.
    pub(crate) level: String,
    pub(crate) violation_count: i64,
    /// The limit of its header, for example `1% of core.orders`.
    pub(crate) at_most: Option<String>,
    /// The violations that the limit allows. `None` without a limit, or if it limits nothing.
    pub(crate) violation_limit: Option<i64>,
    /// At the publish before. `None` if there was none.
    pub(crate) violations_before: Option<i64>,
    /// The first few violations, as objects.
    pub(crate) sample: Value,
    /// The comment of the rule.
    pub(crate) description: String,
    /// Run time in the publish; `None` if an earlier result was reused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<f64>,
    /// Violations at the latest publishes, the newest last; only for `elt check`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trend: Option<Vec<TrendPoint>>,
}

/// The violations of a rule at a publish.
#[derive(Deserialize, Serialize)]
pub(crate) struct TrendPoint {
    pub(crate) publish_id: i64,
    /// As in `2026-12-01T08:00:00Z`.
    pub(crate) published_at: String,
    pub(crate) violation_count: i64,
}

impl RuleResult {
    /// Whether it refuses a publish.
    pub(crate) fn blocks(&self) -> bool {
        self.level == "error" && self.violation_count > 0
    }

    /// `at most 20 = 1% of core.orders`; `None` without a limit.
    pub(crate) fn limit_in_words(&self) -> Option<String> {
        let at_most = self.at_most.as_deref()?;
        Some(limit_in_words(at_most, self.violation_limit))
    }

    /// The first few violations as text, each with its file and line if known.
    pub(crate) fn violations(&self, limit: usize) -> Vec<String> {
        let sample = self.sample.as_array().map_or(&[][..], Vec::as_slice);
        sample.iter().take(limit).map(in_words).collect()
    }

    fn from_row(row: &Row) -> RuleResult {
        RuleResult {
            rule: row.get(0),
            level: row.get(1),
            violation_count: row.get(2),
            sample: row.get(3),
            description: row.get::<_, Option<String>>(4).unwrap_or_default(),
            seconds: row.get(5),
            at_most: row.get(6),
            violation_limit: row.get(7),
            violations_before: row.get(8),
            trend: None,
        }
    }
}

/// `at_most`: the text of the header. `limit`: the number of violations that it allows, if it is known.
pub(crate) fn limit_in_words(at_most: &str, limit: Option<i64>) -> String {
    match limit {
        Some(limit) if at_most.contains('%') => format!("at most {} = {at_most}", number(limit)),
        Some(limit) => format!("at most {}", number(limit)),
        None if at_most.ends_with("% of before") => format!("at most {at_most} (no limit yet)"),
        None => format!("at most {at_most}"),
    }
}

/// `orders.csv, line 3: amount = "n/a", order_id = 7`.
fn in_words(violation: &Value) -> String {
    let Some(columns) = violation.as_object() else {
        return shortened(violation);
    };
    let values: Vec<String> = columns
        .iter()
        .filter(|(name, _)| !["_load_id", "_row", "origin"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name} = {}", shortened(value)))
        .collect();
    let origin = columns.get("origin").and_then(Value::as_str);
    let parts = origin.map(str::to_string).into_iter();
    let parts = parts.chain(Some(values.join(", ")).filter(|values| !values.is_empty()));
    parts.collect::<Vec<_>>().join(": ")
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// A rule that is applied.
pub(crate) struct Rule {
    pub(crate) name: String,
    /// `None` with a limit.
    pub(crate) level: Option<String>,
    /// The limit of its header.
    pub(crate) at_most: Option<String>,
    pub(crate) description: String,
    /// Whether its rows have an origin.
    has_origin: bool,
    /// Whether it cannot find a row, by the condition of its header.
    holds: bool,
}

impl Rule {
    /// The query for its violations, with file and line in front. On Citus, `offset 0` keeps the rule apart from the
    /// origins, which only the coordinator can look up.
    pub(crate) fn rows(&self) -> String {
        let origin = if self.has_origin {
            "elt.origin(violation._load_id, violation._row) as origin, "
        } else {
            ""
        };
        let unless = match self.holds {
            true => " where false",
            false => "",
        };
        format!(
            "select {origin}violation.* from (select * from quality.\"{}\" offset 0) as violation{unless}",
            self.name
        )
    }
}

pub(crate) fn rules(client: &mut Client) -> Result<Vec<Rule>> {
    let sql = "select split_part(name, '.', 2), header ->> 'level', \
               coalesce(obj_description(name::regclass, 'pg_class'), ''), \
               (select count(*) from pg_attribute where attrelid = name::regclass \
               and attname in ('_load_id', '_row')) = 2, elt.condition_holds(header ->> 'holds if'), header ->> 'at most' \
               from elt.current_view where layer = 'quality' order by name";
    let rows = client.query_typed(sql, &[])?;
    Ok(rows
        .iter()
        .map(|row| Rule {
            name: row.get(0),
            level: row.get(1),
            description: row.get(2),
            has_origin: row.get(3),
            holds: row.get(4),
            at_most: row.get(5),
        })
        .collect())
}

/// Runs the rules on the live data.
pub(crate) fn check(client: &mut Client) -> Result<Vec<RuleResult>> {
    let _waiting = terminal::waiting("running the rules");
    // One snapshot for all rules, because a publish may commit meanwhile.
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()?;
    let sql = "select rule, level, violation_count, sample, description, null::double precision, at_most, \
               violation_limit, violations_before from elt.run_rules()";
    let rows = transaction.query_typed(sql, &[])?;
    Ok(rows.iter().map(RuleResult::from_row).collect())
}

/// The results that a publish recorded.
pub(crate) fn recorded(
    client: &mut impl GenericClient,
    publish_id: i64,
) -> Result<Vec<RuleResult>> {
    let sql = "select rule, level, violation_count, sample, \
               obj_description(to_regclass('quality.' || rule), 'pg_class'), seconds, \
               at_most, violation_limit, violations_before \
               from elt.rule_result where publish_id = $1 order by level, rule";
    let rows = client.query(sql, &[&publish_id])?;
    Ok(rows.iter().map(RuleResult::from_row).collect())
}

/// The violations of each rule at the latest publishes, the newest last.
pub(crate) fn trends(
    client: &mut Client,
    publishes: i64,
) -> Result<BTreeMap<String, Vec<TrendPoint>>> {
    let sql = "select rule_name, publish_id, \
               to_char(published_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), violation_count \
               from elt.rule_trend(null, $1) order by rule_name, publish_id";
    let mut trends: BTreeMap<String, Vec<TrendPoint>> = BTreeMap::new();
    for row in client.query(sql, &[&publishes])? {
        trends.entry(row.get(0)).or_default().push(TrendPoint {
            publish_id: row.get(1),
            published_at: row.get(2),
            violation_count: row.get(3),
        });
    }
    Ok(trends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_violation_has_its_place_and_its_values() {
        let violation = json!({
            "_load_id": 1, "_row": 3, "id": 7, "amount": "n/a", "day": null, "origin": "a.csv, line 3"
        });
        assert_eq!(
            in_words(&violation),
            "a.csv, line 3: id = 7, amount = \"n/a\", day = null"
        );
        let without_place = json!({ "_load_id": 1, "source": "orders" });
        assert_eq!(in_words(&without_place), "source = \"orders\"");
        assert_eq!(in_words(&json!({ "_row": 1, "origin": "a" })), "a");
        let long = in_words(&json!({ "note": "é".repeat(100) }));
        assert_eq!(long, format!("note = \"{}...", "é".repeat(79)));
    }
    #[test]
    fn a_limit_says_what_it_allows() {
        assert_eq!(limit_in_words("2000", Some(2000)), "at most 2,000");
        let share = "1% of core.orders";
        assert_eq!(
            limit_in_words(share, Some(20)),
            "at most 20 = 1% of core.orders"
        );
        assert_eq!(limit_in_words(share, None), "at most 1% of core.orders");
        let before = limit_in_words("110% of before", None);
        assert_eq!(before, "at most 110% of before (no limit yet)");
    }
}
