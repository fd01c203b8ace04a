//! What a held load changes, as its page shows it.

use crate::load::preview::{Preview, RelationChange};
use crate::load::stored_preview::STORED_PREVIEW;
use crate::terminal::number;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use serde_json::Value;

/// The comparison of a held load with the live data.
pub(super) struct ShownPreview {
    /// Only relations with changes.
    pub(super) changed: Vec<Changed>,
    /// Names of the relations without changes.
    pub(super) same: Vec<String>,
    pub(super) rules: Vec<RuleCount>,
    pub(super) is_core_only: bool,
}

/// How a core table, a view of a mart or an export changes.
pub(super) struct Changed {
    pub(super) layer: String,
    pub(super) name: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) added: String,
    pub(super) removed: String,
    pub(super) changed: String,
    /// Changed columns with their numbers of rows.
    pub(super) columns: String,
    pub(super) samples: Vec<Sample>,
}

/// The first rows of one kind.
pub(super) struct Sample {
    /// `added`, `removed` or `changed`.
    pub(super) kind: &'static str,
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

pub(super) struct RuleCount {
    pub(super) rule: String,
    pub(super) level: String,
    pub(super) before: String,
    pub(super) after: String,
    /// Empty without a limit.
    pub(super) limit: String,
}

impl ShownPreview {
    /// `None` if the load was not compared.
    pub(super) async fn read(client: &Client, load: i64) -> WebResult<Option<ShownPreview>> {
        let Some(row) = client.query_opt(STORED_PREVIEW, &[&load]).await? else {
            return Ok(None);
        };
        let preview = serde_json::from_value::<Preview>(row.get(0))
            .map_err(|error| anyhow::Error::new(error).context("the preview of the load"))?;
        let (same, changed): (Vec<_>, Vec<_>) = preview
            .relations
            .iter()
            .partition(|relation| relation.is_empty());
        Ok(Some(ShownPreview {
            changed: changed.into_iter().map(Changed::new).collect(),
            same: same
                .into_iter()
                .map(|relation| relation.name.clone())
                .collect(),
            is_core_only: preview.core_only,
            rules: preview
                .rules
                .into_iter()
                .map(|rule| RuleCount {
                    before: count(rule.rows_before),
                    after: number(rule.rows_after),
                    rule: rule.rule,
                    level: rule.level,
                    limit: rule.limit.unwrap_or_default(),
                })
                .collect(),
        }))
    }
}

impl Changed {
    fn new(relation: &RelationChange) -> Changed {
        let columns = relation.columns.iter().filter_map(|column| {
            let rows = relation.columns_changed.get(column)?.as_i64()?;
            Some(format!("{column} {}", number(rows)))
        });
        let samples = [
            rows("added", &relation.added, relation),
            rows("removed", &relation.removed, relation),
            changes(relation),
        ];
        Changed {
            layer: relation.layer.clone(),
            name: relation.name.clone(),
            before: count(relation.rows_before),
            after: count(relation.rows_after),
            added: number(relation.rows_added),
            removed: number(relation.rows_removed),
            changed: count(relation.rows_changed),
            columns: match &relation.problem {
                Some(problem) => format!("cannot be computed: {problem}"),
                None => columns.collect::<Vec<_>>().join(", "),
            },
            samples: samples.into_iter().flatten().collect(),
        }
    }
}

fn count(rows: Option<i64>) -> String {
    rows.map_or(String::new(), number)
}

/// The first added or removed rows. `None` if there are none.
fn rows(kind: &'static str, rows: &Value, relation: &RelationChange) -> Option<Sample> {
    let rows = rows.as_array().filter(|rows| !rows.is_empty())?;
    let is_found = |column: &&str| rows.iter().any(|row| row.get(*column).is_some());
    let columns = relation.columns.iter().map(String::as_str);
    let columns: Vec<&str> = columns.chain(["origin"]).filter(is_found).collect();
    Some(Sample {
        kind,
        rows: rows
            .iter()
            .map(|row| columns.iter().map(|column| shown(&row[*column])).collect())
            .collect(),
        headers: columns.iter().map(|column| header(column)).collect(),
    })
}

/// The first changed rows: a line for each changed column. `None` if there are none.
fn changes(relation: &RelationChange) -> Option<Sample> {
    let rows = relation
        .changed
        .as_array()
        .filter(|rows| !rows.is_empty())?;
    let key = relation.compared_by.as_deref().unwrap_or_default();
    let has_origin = rows.iter().any(|row| row.get("origin").is_some());
    let mut headers = key.to_vec();
    headers.extend(["column", "before", "after"].map(String::from));
    if has_origin {
        headers.extend(["line before", "line after"].map(String::from));
    }
    let mut lines = Vec::new();
    for row in rows {
        for column in &relation.columns {
            let Some(values) = row["columns"].get(column) else {
                continue;
            };
            let mut cells: Vec<String> = key.iter().map(|part| shown(&row["key"][part])).collect();
            cells.push(column.clone());
            cells.extend(["before", "after"].map(|side| shown(&values[side])));
            if has_origin {
                cells.extend(["before", "after"].map(|side| shown(&row["origin"][side])));
            }
            lines.push(cells);
        }
    }
    Some(Sample {
        kind: "changed",
        headers,
        rows: lines,
    })
}

fn header(column: &str) -> String {
    match column {
        "origin" => "line".into(),
        column => column.into(),
    }
}

/// A text without quotes. Null is a dash.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "\u{2013}".into(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
