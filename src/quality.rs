//! The quality rules: what they found, as recorded by a publish or as found just now.

use anyhow::Result;
use postgres::{Client, GenericClient, IsolationLevel, Row};
use serde::Serialize;
use serde_json::Value;

/// What one rule found.
#[derive(Serialize)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    /// `warning` or `error`.
    pub(crate) level: String,
    pub(crate) violation_count: i64,
    /// The first few violations, as objects.
    pub(crate) sample: Value,
    /// What the rule says, and what is done about it.
    pub(crate) description: String,
}

impl Finding {
    /// Whether it keeps a load from being published.
    pub(crate) fn blocks(&self) -> bool {
        self.level == "error" && self.violation_count > 0
    }

    fn of(row: &Row) -> Finding {
        Finding {
            rule: row.get(0),
            level: row.get(1),
            violation_count: row.get(2),
            sample: row.get(3),
            description: row.get::<_, Option<String>>(4).unwrap_or_default(),
        }
    }
}

/// Runs the rules on what is live.
pub(crate) fn check(client: &mut Client) -> Result<Vec<Finding>> {
    // One snapshot for all of them: a publish may commit meanwhile.
    let mut transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()?;
    let sql = "select rule, level, violation_count, sample, description from elt.run_rules()";
    let rows = transaction.query_typed(sql, &[])?;
    Ok(rows.iter().map(Finding::of).collect())
}

/// What a publish found.
pub(crate) fn recorded(client: &mut impl GenericClient, publish_id: i64) -> Result<Vec<Finding>> {
    let sql = "select rule, level, violation_count, sample, \
               obj_description(to_regclass('quality.' || rule), 'pg_class') \
               from elt.rule_result where publish_id = $1 order by level, rule";
    let rows = client.query(sql, &[&publish_id])?;
    Ok(rows.iter().map(Finding::of).collect())
}
