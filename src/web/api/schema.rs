//! JSON Schemas of tables and views.

use super::index::Offered;
use crate::web::data::catalogue::Column;
use crate::web::data::edit::Field;
use serde_json::{Map, Value, json};

impl Offered {
    pub(super) fn schema(&self) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for column in &self.relation.columns {
            let field = self
                .table
                .as_ref()
                .and_then(|table| table.field(&column.name));
            if field.is_some_and(|field| field.is_required() && !field.is_read_only) {
                required.push(column.name.clone());
            }
            properties.insert(column.name.clone(), schema(column, field));
        }
        json!({
            "type": "object",
            "description": self.relation.description,
            "properties": properties,
            "required": required,
        })
    }
}

/// The JSON Schema of a column.
fn schema(column: &Column, field: Option<&Field>) -> Value {
    let (kind, format) = match column.type_name.as_str() {
        "bigint" => ("integer", Some("int64")),
        "integer" => ("integer", Some("int32")),
        "smallint" => ("integer", None),
        "boolean" => ("boolean", None),
        "date" => ("string", Some("date")),
        "timestamp with time zone" => ("string", Some("date-time")),
        "uuid" => ("string", Some("uuid")),
        "json" | "jsonb" => ("", None),
        _ => match column.category.as_str() {
            "number" => ("number", None),
            "list" => ("array", None),
            _ => ("string", None),
        },
    };
    let mut schema = Map::new();
    schema.insert("description".into(), json!(column.description));
    if !kind.is_empty() {
        let kinds = if column.is_nullable {
            json!([kind, "null"])
        } else {
            json!(kind)
        };
        schema.insert("type".into(), kinds);
    }
    if kind == "array" {
        schema.insert("items".into(), json!({}));
    }
    if let Some(format) = format {
        schema.insert("format".into(), json!(format));
    }
    let Some(field) = field else {
        schema.insert("readOnly".into(), json!(true));
        return Value::Object(schema);
    };
    if field.is_read_only {
        schema.insert("readOnly".into(), json!(true));
    }
    if let Some(length) = field.max_length {
        schema.insert("maxLength".into(), json!(length));
    }
    if !field.choices.is_empty() {
        schema.insert("enum".into(), json!(field.choices));
    }
    Value::Object(schema)
}
