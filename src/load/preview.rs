//! What loads would change: publishes them in a transaction that is rolled back, and compares.

use super::prepare;
use crate::database::Database;
use crate::failure::{Exit, explain};
use crate::quality::RuleResult;
use crate::signals;
use crate::terminal;
use anyhow::Result;
use postgres::Client;
use postgres::error::SqlState;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Rows of each kind that are shown, unless `--rows` says another number.
pub(crate) const DEFAULT_ROWS: i64 = 5;

/// How often a lock on a core table is tried, for 2 seconds each. Other publishes go on in between.
const LOCK_ATTEMPTS: u32 = 150;

/// What to compare.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// Rows of each kind to show.
    pub(crate) rows: i64,
    /// Whether only core tables are compared. The results are computed twice otherwise.
    pub(crate) core_only: bool,
}

/// What loads would change.
#[derive(Deserialize, Serialize)]
pub(crate) struct Preview {
    pub(crate) load_ids: Vec<i64>,
    /// Latest publish before. `None` for the first one.
    pub(crate) publish_id: Option<i64>,
    /// Core tables, then views of marts, then exports.
    pub(crate) relations: Vec<RelationChange>,
    /// Rules that find another number of rows.
    pub(crate) rules: Vec<RuleChange>,
    /// The exit code that the load has, or would have.
    pub(crate) exit_code: u8,
    /// Rules that refuse the loads.
    pub(crate) refused_by: Vec<String>,
    /// Whether the results were left out.
    pub(crate) core_only: bool,
    #[serde(skip)]
    pub(crate) rule_results: Vec<RuleResult>,
}

/// What changes in a core table, a view of a mart or an export.
#[derive(Deserialize, Serialize)]
pub(crate) struct RelationChange {
    /// `core`, `mart` or `export`.
    pub(crate) layer: String,
    pub(crate) name: String,
    /// The key by which rows are matched. Without one, a changed row is removed and added.
    pub(crate) compared_by: Option<Vec<String>>,
    /// The compared columns, those of the key first.
    #[serde(alias = "compared_columns")]
    pub(crate) columns: Vec<String>,
    /// `None` for core tables: counting takes longer than a small load.
    pub(crate) rows_before: Option<i64>,
    pub(crate) rows_after: Option<i64>,
    pub(crate) rows_added: i64,
    pub(crate) rows_removed: i64,
    /// `None` if there is no key.
    pub(crate) rows_changed: Option<i64>,
    /// How many rows changed in each column.
    pub(crate) columns_changed: Map<String, Value>,
    /// The first rows of each kind, as in `crate::difference::RowDifference`.
    pub(crate) added: Value,
    pub(crate) removed: Value,
    pub(crate) changed: Value,
    /// Why a result cannot be computed, before the load or after it.
    pub(crate) problem: Option<String>,
}

impl RelationChange {
    pub(crate) fn is_empty(&self) -> bool {
        self.problem.is_none()
            && self.rows_added + self.rows_removed + self.rows_changed.unwrap_or_default() == 0
    }
}

/// A rule that finds more or fewer rows than at the latest publish.
#[derive(Deserialize, Serialize)]
pub(crate) struct RuleChange {
    pub(crate) rule: String,
    /// `warning` or `error`.
    pub(crate) level: String,
    /// `None` if the rule did not run before.
    pub(crate) rows_before: Option<i64>,
    pub(crate) rows_after: i64,
    /// `at most 20 = 1% of core.orders`; `None` without a limit.
    pub(crate) limit: Option<String>,
}

impl Default for Scope {
    fn default() -> Scope {
        Scope {
            rows: DEFAULT_ROWS,
            core_only: false,
        }
    }
}

/// Publishes the loads, compares, and rolls back. Readers see nothing and wait for nothing; other publishes wait.
pub(super) fn preview(
    database: &Database,
    client: &mut Client,
    loads: &[i64],
    connections: usize,
    scope: Scope,
) -> Result<Preview> {
    signals::check()?;
    let is_prepared = prepare::prepare(database, client, loads, connections)?;
    let preview = publish_and_compare(client, loads, scope);
    if is_prepared && let Err(error) = prepare::end(client) {
        // The next command drops what is left.
        let error = explain::one_line(&error);
        terminal::step(&format!("could not drop prepared tables: {error}"));
    }
    preview
}

/// What `elt.preview_loads` returns.
#[derive(Deserialize)]
struct Answer {
    publish_id: Option<i64>,
    rules: Vec<RuleResult>,
    relations: Vec<RelationChange>,
}

fn publish_and_compare(client: &mut Client, loads: &[i64], scope: Scope) -> Result<Preview> {
    let _waiting = terminal::waiting("comparing: what the loads would change");
    let sql = "select elt.preview_loads($1, $2, $3, $4)";
    let version = env!("CARGO_PKG_VERSION");
    let mut attempts = 0;
    let row = loop {
        signals::check()?;
        match client.query_one(sql, &[&loads, &scope.core_only, &scope.rows, &version]) {
            Err(error)
                if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE)
                    && attempts < LOCK_ATTEMPTS =>
            {
                attempts += 1;
                terminal::step("waiting for a table that another session maintains");
            }
            answered => break answered?,
        }
    };
    let answer: Answer = serde_json::from_value(row.get(0))?;
    let blocking = answer.rules.iter().filter(|result| result.blocks());
    let refused_by: Vec<String> = blocking.map(|result| result.rule.clone()).collect();
    let exit = match refused_by.as_slice() {
        [] => Exit::Done,
        _ => Exit::RulesFoundRows,
    };
    Ok(Preview {
        load_ids: loads.to_vec(),
        publish_id: answer.publish_id,
        relations: answer.relations,
        rules: compare_rules(&answer.rules),
        exit_code: exit as u8,
        refused_by,
        core_only: scope.core_only,
        rule_results: answer.rules,
    })
}

fn compare_rules(results: &[RuleResult]) -> Vec<RuleChange> {
    results
        .iter()
        .filter(|result| result.violations_before.unwrap_or_default() != result.violation_count)
        .map(|result| RuleChange {
            rule: result.rule.clone(),
            level: result.level.clone(),
            rows_before: result.violations_before,
            rows_after: result.violation_count,
            limit: result.limit_in_words(),
        })
        .collect()
}
