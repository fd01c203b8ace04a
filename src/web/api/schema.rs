//! JSON Schemas of columns and records. A record that is returned may lack fields (parameter `fields`), and a record
//! that is sent may have no others than those described.

use crate::web::data::catalogue::{Column, Relation};
use crate::web::data::edit::{Field, Table};
use crate::web::data::listing::Operator;
use serde_json::{Map, Value, json};

/// The use of a record that is sent.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Sent {
    /// To create a record.
    New,
    /// To replace one: the key is in the address.
    Whole,
    /// To change some fields of one.
    Part,
}

/// The schema of records that are returned.
pub(super) fn record(relation: &Relation) -> Value {
    let columns = relation.columns.iter();
    let properties = columns.map(|column| (column.name.clone(), returned(column)));
    json!({
        "type": "object",
        "description": relation.description,
        "properties": properties.collect::<Map<String, Value>>(),
    })
}

/// The schema of records that are sent.
pub(super) fn sent(table: &Table, sent: Sent) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for column in &table.relation.columns {
        let Some(field) = table.field(&column.name) else {
            continue;
        };
        let is_fixed = field.is_read_only || (field.is_key && sent != Sent::New);
        if is_fixed {
            let description = format!("{} Ignored.", field.description);
            let about = json!({ "description": description.trim(), "readOnly": true });
            properties.insert(column.name.clone(), about);
            continue;
        }
        if field.is_required() && sent != Sent::Part {
            required.push(column.name.clone());
        }
        properties.insert(column.name.clone(), accepted(column, field));
    }
    let mut schema = json!({
        "type": "object",
        "description": table.relation.description,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if sent == Sent::New {
        // A record without any value is refused.
        schema["minProperties"] = json!(1);
    }
    schema
}

fn returned(column: &Column) -> Value {
    let mut schema = value(&column.type_name, &column.category);
    // Dates before Christ and infinite ones have no format in JSON Schema.
    if ["date", "time"]
        .iter()
        .any(|name| column.type_name.starts_with(name))
    {
        schema.remove("format");
    }
    // PostgreSQL has been asked for the values already.
    schema.remove("pattern");
    if column.category == "number" && schema.get("type") == Some(&json!("number")) {
        // NaN and infinity are texts in JSON.
        schema.insert("type".into(), json!(["number", "string"]));
    }
    nullable(&mut schema, column.is_nullable);
    schema.insert("description".into(), json!(column.description));
    Value::Object(schema)
}

fn accepted(column: &Column, field: &Field) -> Value {
    let mut schema = value(&column.type_name, &column.category);
    if schema.get("type") == Some(&json!("number")) {
        schema.insert("type".into(), json!(["number", "string"]));
        schema.insert("pattern".into(), json!("^-?[0-9]{1,15}(\\.[0-9]{1,15})?$"));
    }
    if let Some(length) = field.max_length {
        schema.insert("maxLength".into(), json!(length));
    }
    if !field.choices.is_empty() {
        let mut choices: Vec<Option<&str>> = field
            .choices
            .iter()
            .map(|each| Some(each.as_str()))
            .collect();
        if column.is_nullable {
            choices.push(None);
        }
        schema.insert("enum".into(), json!(choices));
        schema.remove("pattern");
    }
    nullable(&mut schema, column.is_nullable);
    schema.insert("description".into(), json!(field.description));
    Value::Object(schema)
}

fn nullable(schema: &mut Map<String, Value>, is_nullable: bool) {
    if !is_nullable {
        return;
    }
    match schema.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(kind) => *kind = json!([kind.clone(), "null"]),
        None => {}
    }
}

/// The schema of a value in the path, or of a filter that compares with it.
pub(super) fn compared(column: &Column) -> Value {
    if column.category == "list" {
        return json!({ "type": "string" });
    }
    if ["json", "jsonb"].contains(&column.type_name.as_str()) {
        return json!({ "type": "string", "contentMediaType": "application/json" });
    }
    Value::Object(value(&column.type_name, &column.category))
}

/// The operators that suit a column.
pub(super) fn operators(column: &Column) -> Vec<Operator> {
    let all = Operator::ALL.into_iter();
    all.filter(|operator| match operator {
        Operator::Has => true,
        Operator::Empty | Operator::NotEmpty => column.is_nullable,
        _ => column.is_sortable,
    })
    .collect()
}

/// The schema of a value that is not null.
fn value(type_name: &str, category: &str) -> Map<String, Value> {
    let whole = |low: i64, high: i64, format: &str| json!({ "type": "integer", "format": format, "minimum": low, "maximum": high });
    let schema = match type_name {
        "bigint" => whole(i64::MIN, i64::MAX, "int64"),
        "integer" => whole(i32::MIN.into(), i32::MAX.into(), "int32"),
        "smallint" => whole(i16::MIN.into(), i16::MAX.into(), "int32"),
        "boolean" => json!({ "type": "boolean" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "timestamp with time zone" => json!({ "type": "string", "format": "date-time" }),
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "json" | "jsonb" => json!({}),
        _ => match category {
            "number" if type_name != "money" => json!({ "type": "number" }),
            "list" => {
                let item = type_name.trim_end_matches("[]");
                json!({ "type": "array", "items": item_schema(item) })
            }
            // PostgreSQL stores every character but one.
            "text" => json!({ "type": "string", "pattern": "^[^\\u0000]*$" }),
            _ => json!({ "type": "string" }),
        },
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

fn item_schema(type_name: &str) -> Value {
    match type_name {
        "bigint" | "integer" | "smallint" => json!({ "type": ["integer", "null"] }),
        "text" => json!({ "type": ["string", "null"], "pattern": "^[^\\u0000]*$" }),
        "boolean" => json!({ "type": ["boolean", "null"] }),
        _ => json!({}),
    }
}
