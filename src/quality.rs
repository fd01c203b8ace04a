//! The quality rules and their results, recorded by a publish or computed now.

use crate::terminal;
use anyhow::Result;
use postgres::{Client, GenericClient, IsolationLevel, Row};
use serde::Serialize;
use serde_json::Value;

/// Characters of a value that are shown.
const LONGEST_VALUE: usize = 80;

/// The result of one rule.
#[derive(Serialize)]
pub(crate) struct RuleResult {
    pub(crate) rule: String,
    /// `warning` or `error`.
    pub(crate) level: String,
    pub(crate) violation_count: i64,
    /// The first few violations, as objects.
    pub(crate) sample: Value,
    /// The comment of the rule.
    pub(crate) description: String,
    /// Run time in the publish; `None` if an earlier result was reused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<f64>,
}

impl RuleResult {
    /// Whether it refuses a publish.
    pub(crate) fn blocks(&self) -> bool {
        self.level == "error" && self.violation_count > 0
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
        }
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
    pub(crate) level: String,
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
               and attname in ('_load_id', '_row')) = 2, elt.condition_holds(header ->> 'holds if') \
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
    let sql = "select rule, level, violation_count, sample, description, null::double precision from elt.run_rules()";
    let rows = transaction.query_typed(sql, &[])?;
    Ok(rows.iter().map(RuleResult::from_row).collect())
}

/// The results that a publish recorded.
pub(crate) fn recorded(
    client: &mut impl GenericClient,
    publish_id: i64,
) -> Result<Vec<RuleResult>> {
    let sql = "select rule, level, violation_count, sample, \
               obj_description(to_regclass('quality.' || rule), 'pg_class'), seconds \
               from elt.rule_result where publish_id = $1 order by level, rule";
    let rows = client.query(sql, &[&publish_id])?;
    Ok(rows.iter().map(RuleResult::from_row).collect())
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
}
