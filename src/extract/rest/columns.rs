//! The columns of `elt.rest_source`: their types and defaults, and values that users give them. A test compares
//! `columns.json` with the table.

use super::column_ranges::allowed_instead;
use super::settings::Settings;
use crate::failure::{Exit, Failure, nearest};
use anyhow::Result;
use serde::Deserialize;
use serde_json::{Map, Number, Value};

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ColumnType {
    Text,
    Boolean,
    Bigint,
    Numeric,
    /// A number of seconds in `Settings`.
    Interval,
    Jsonb,
}

#[derive(Deserialize)]
struct Column {
    #[serde(rename = "type")]
    kind: ColumnType,
    is_nullable: bool,
    /// Null if there is none, or if it is null.
    default: Value,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnValue {
    /// As in the row that `Settings` reads: an interval is a number of seconds.
    pub(crate) value: Value,
    /// The text of an interval.
    interval: Option<String>,
}

impl From<Value> for ColumnValue {
    fn from(value: Value) -> ColumnValue {
        ColumnValue {
            value,
            interval: None,
        }
    }
}

impl ColumnValue {
    /// The text that PostgreSQL reads as this value; None for null.
    pub(crate) fn text(&self) -> Option<String> {
        match (&self.interval, &self.value) {
            (Some(text), _) => Some(text.clone()),
            (None, Value::Null) => None,
            (None, Value::String(text)) => Some(text.clone()),
            (None, value) => Some(value.to_string()),
        }
    }

    /// Whether it is written without quotes in SQL.
    pub(crate) fn is_plain(&self) -> bool {
        self.interval.is_none() && matches!(self.value, Value::Number(_) | Value::Bool(_))
    }
}

/// All columns, in the order of the table.
fn columns() -> Result<Map<String, Value>> {
    Ok(serde_json::from_str(include_str!("columns.json"))?)
}

fn column(name: &str) -> Result<Column> {
    let columns = columns()?;
    let Some(column) = columns.get(name) else {
        let known: Vec<&str> = columns.keys().map(String::as_str).collect();
        return Err(Failure::new(
            Exit::Usage,
            format!("elt.rest_source has no column \"{name}\""),
        )
        .hint(nearest("Its columns are", name, &known))
        .into());
    };
    Ok(Column::deserialize(column)?)
}

/// The names of all columns, in the order of the table.
pub(crate) fn column_names() -> Result<Vec<String>> {
    Ok(columns()?.into_iter().map(|(name, _)| name).collect())
}

/// Whether the value is the default of the column.
pub(crate) fn is_default(name: &str, value: &ColumnValue) -> Result<bool> {
    let default = column(name)?.default;
    Ok(match (default.as_f64(), value.value.as_f64()) {
        (Some(default), Some(value)) => default.total_cmp(&value).is_eq(),
        _ => default == value.value,
    })
}

/// Reads a value that a user gives a column: JSON, or text as it is. The word null is null.
///
/// # Errors
/// If there is no such column, or the value does not fit it. The value is not quoted, because it may be secret.
pub(crate) fn parse_column(name: &str, text: &str) -> Result<ColumnValue> {
    let column = column(name)?;
    let refuse = |wanted: &str| -> anyhow::Error {
        let message = format!("the value of column \"{name}\" is not {wanted}");
        Failure::new(Exit::Usage, message).into()
    };
    if text == "null" {
        return match column.is_nullable {
            true => Ok(Value::Null.into()),
            false => {
                let message = format!("column \"{name}\" of elt.rest_source cannot be null");
                Err(Failure::new(Exit::Usage, message).into())
            }
        };
    }
    let json = serde_json::from_str::<Value>(text).ok();
    let value = match column.kind {
        ColumnType::Text => match json {
            Some(Value::String(text)) => Value::String(text),
            _ => text.into(),
        },
        ColumnType::Boolean => match json {
            Some(value @ Value::Bool(_)) => value,
            _ => return Err(refuse("true or false")),
        },
        ColumnType::Bigint => match text.parse::<u64>() {
            Ok(number) => number.into(),
            Err(_) => return Err(refuse("a number, 0 or more")),
        },
        ColumnType::Numeric => match json {
            Some(value @ Value::Number(_)) => value,
            _ => return Err(refuse("a number")),
        },
        ColumnType::Jsonb => match json {
            Some(value @ Value::Object(_)) => value,
            _ => return Err(refuse("a JSON object")),
        },
        ColumnType::Interval => {
            let seconds = seconds(text).and_then(Number::from_f64);
            let seconds = seconds.ok_or_else(|| refuse("an interval such as 30 seconds"))?;
            seconds.into()
        }
    };
    if let Some(allowed) = allowed_instead(name, &value) {
        return Err(refuse(&allowed));
    }
    let is_interval = column.kind == ColumnType::Interval;
    Ok(ColumnValue {
        value,
        interval: is_interval.then(|| text.into()),
    })
}

/// The seconds of an interval such as `2 minutes`, as PostgreSQL reads it.
fn seconds(text: &str) -> Option<f64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: f64 = number.parse().ok()?;
    let seconds = match unit.trim().trim_end_matches('s') {
        "millisecond" | "m" if unit.trim() != "m" => 0.001,
        "second" | "sec" => 1.0,
        "minute" | "min" => 60.0,
        "hour" => 3600.0,
        _ => return None,
    };
    (number.is_finite() && number >= 0.0).then_some(number * seconds)
}

impl Settings {
    /// The row of a source with these columns, and defaults in the others.
    ///
    /// # Errors
    /// If a value does not fit.
    pub(crate) fn with_columns<'a>(
        source: &str,
        values: impl IntoIterator<Item = (&'a str, &'a ColumnValue)>,
    ) -> Result<Settings> {
        let mut row = Map::new();
        for (name, column) in columns()? {
            let default = column.get("default").cloned();
            row.insert(name, default.unwrap_or_default());
        }
        row.insert("source".into(), source.into());
        row.insert("path".into(), "/".into());
        for (name, value) in values {
            row.insert(name.into(), value.value.clone());
        }
        Ok(Settings::deserialize(Value::Object(row))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_type_of_their_column() {
        let parsed = |name: &str, text: &str| parse_column(name, text).map(|value| value.value);
        for (name, text, value) in [
            ("page_parameter", "7", Value::from("7")),
            ("records_at", "\"\"", Value::from("")),
            ("count_at", "null", Value::Null),
            ("first_page", "0", Value::from(0)),
            ("is_single_record", "true", Value::from(true)),
            ("requests_per_second", "0.5", Value::from(0.5)),
            ("retry_delay", "2 minutes", Value::from(120.0)),
            ("retry_delay", "20 ms", Value::from(0.02)),
            ("headers", "{\"a\": \"b\"}", serde_json::json!({"a": "b"})),
        ] {
            assert_eq!(parsed(name, text).ok(), Some(value), "{name}={text}");
        }
        for (name, text) in [
            ("records_at", "null"),
            ("first_page", "-1"),
            ("is_single_record", "yes"),
            ("headers", "[]"),
            ("retry_delay", "5 m"),
            ("retry_delay", "soon"),
            ("retry_delay", "2 hours"),
            ("requests_per_second", "0"),
            ("path", "orders"),
            ("next", "x"),
        ] {
            assert!(parsed(name, text).is_err(), "{name}={text}");
        }
    }

    #[test]
    fn intervals_keep_their_text() -> Result<()> {
        let delay = parse_column("retry_delay", "500 ms")?;
        assert_eq!(delay.text().as_deref(), Some("500 ms"));
        assert!(is_default("retry_delay", &delay)?);
        assert!(!is_default("count_at", &Value::Null.into())?);
        Ok(())
    }
}
