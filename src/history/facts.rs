//! All that is known of one load, and what its publish changed.

use crate::terminal::{number, size};
use anyhow::Result;
use postgres::{Client, Row};
use serde::Serialize;
use serde_json::{Value, json};

/// The facts of load $1, in the order to show.
pub(crate) const FACTS: &str = "select fact, kind, value from elt.load_fact where load_id = $1 \
                                order by place, length(value), value";

/// The changes of load $1.
pub(crate) const CHANGES: &str = "select publish_id, table_name, rows_inserted, rows_updated, rows_deleted, \
                                  other_load_count from elt.load_change where load_id = $1 order by table_name";

/// A row of `elt.load_fact`.
pub(crate) struct Fact {
    pub(crate) name: String,
    /// `text`, `time`, `seconds`, `number`, `bytes` or `load`.
    pub(crate) kind: String,
    pub(crate) value: String,
}

impl Fact {
    pub(crate) fn from_row(row: &Row) -> Fact {
        Fact {
            name: row.get(0),
            kind: row.get(1),
            value: row.get(2),
        }
    }

    /// The value for people: `26,686` or `12.3 MiB`.
    pub(crate) fn shown(&self) -> String {
        match (self.kind.as_str(), self.value.parse::<i64>()) {
            ("number", Ok(value)) => number(value),
            ("bytes", Ok(value)) => size(value.unsigned_abs()),
            _ => self.value.clone(),
        }
    }

    /// The fact in a JSON document. Numbers are numbers there.
    pub(crate) fn json(&self) -> Value {
        let is_text = ["text", "time"].contains(&self.kind.as_str());
        let value = match serde_json::from_str::<serde_json::Number>(&self.value) {
            Ok(value) if !is_text => Value::Number(value),
            _ => Value::String(self.value.clone()),
        };
        json!({ "fact": self.name, "kind": self.kind, "value": value })
    }
}

/// A row of `elt.load_change`.
#[derive(Serialize)]
pub(crate) struct Change {
    pub(crate) publish_id: i64,
    pub(crate) table_name: String,
    pub(crate) rows_inserted: i64,
    pub(crate) rows_updated: i64,
    pub(crate) rows_deleted: i64,
    /// Number of other loads that the publish made live too.
    pub(crate) other_load_count: i64,
}

impl Change {
    pub(crate) fn from_row(row: &Row) -> Change {
        Change {
            publish_id: row.get(0),
            table_name: row.get(1),
            rows_inserted: row.get(2),
            rows_updated: row.get(3),
            rows_deleted: row.get(4),
            other_load_count: row.get(5),
        }
    }

    /// `publish 7` and, if it made other loads live too, their number.
    pub(crate) fn publish(&self) -> String {
        match self.other_load_count {
            0 => format!("publish {}", self.publish_id),
            1 => format!("publish {}, with 1 other load", self.publish_id),
            count => format!(
                "publish {}, with {} other loads",
                self.publish_id,
                number(count)
            ),
        }
    }
}

pub(crate) fn facts(client: &mut Client, load_id: i64) -> Result<Vec<Fact>> {
    let rows = client.query(FACTS, &[&load_id])?;
    Ok(rows.iter().map(Fact::from_row).collect())
}

pub(crate) fn changes(client: &mut Client, load_id: i64) -> Result<Vec<Change>> {
    let rows = client.query(CHANGES, &[&load_id])?;
    Ok(rows.iter().map(Change::from_row).collect())
}
