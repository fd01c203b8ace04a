//! The parameters of the OpenAPI document, with the types of their columns.

use super::query::PARAMETERS;
use super::schema::{compared, operators};
use crate::web::data::catalogue::{Column, Relation};
use crate::web::data::listing::Operator;
use serde_json::{Value, json};

/// The parameters of a list. `sizes`: the usual and the largest number of records of a page.
pub(super) fn of_list(relation: &Relation, (usual, largest): (i64, i64)) -> Vec<Value> {
    let number = |low: i64| json!({ "type": "integer", "minimum": low, "maximum": i32::MAX });
    let size =
        format!("Records per page: {usual} by default. More than {largest} is taken as {largest}.");
    let mut parameters = vec![
        query("page", "Page, from 1.", number(1)),
        query(
            "page_size",
            &size,
            json!({ "type": "integer", "minimum": 1 }),
        ),
        query(
            "limit",
            "Records from offset on, instead of page and page_size.",
            json!({ "type": "integer", "minimum": 1 }),
        ),
        query("offset", "Records to skip.", number(0)),
        query(
            "search",
            "Words that must all occur in some column.",
            json!({ "type": "string", "maxLength": 300, "pattern": "^[^\\u0000]*$" }),
        ),
        query(
            "format",
            "The format, instead of the header Accept.",
            json!({ "enum": ["json", "csv"] }),
        ),
    ];
    if !relation.key_columns.is_empty() {
        parameters.push(query(
            "cursor",
            "Cursor pages, which show no record twice while others are inserted. Empty for the first page; then the \
             cursor in next or previous.",
            json!({ "type": "string" }),
        ));
    }
    let columns = relation.columns.iter();
    let sortable = columns.filter(|column| column.is_sortable);
    let orders: Vec<String> = sortable
        .flat_map(|column| [column.name.clone(), format!("-{}", column.name)])
        .collect();
    if !orders.is_empty() {
        let words = "Columns to order by; - in front for descending order.";
        parameters.push(list("ordering", words, json!(orders)));
    }
    parameters.push(fields(relation));
    for column in &relation.columns {
        parameters.extend(filters(column));
    }
    parameters
}

/// The parameters of a request for a record.
pub(super) fn of_record(relation: &Relation) -> Vec<Value> {
    vec![fields(relation), format()]
}

/// The parameter `format` of an address that has only JSON for programs.
pub(super) fn format() -> Value {
    query(
        "format",
        "The format, instead of the header Accept.",
        json!({ "enum": ["json"] }),
    )
}

/// The key in the path.
pub(super) fn key(column: &Column) -> Value {
    let mut schema = compared(column);
    if schema["type"] == "string" {
        schema["minLength"] = json!(1);
    }
    json!({ "name": column.name, "in": "path", "description": "Key of the record.", "required": true,
            "schema": schema })
}

fn fields(relation: &Relation) -> Value {
    let columns = relation.columns.iter();
    let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    list("fields", "Fields to return; all by default.", json!(names))
}

fn filters(column: &Column) -> Vec<Value> {
    let mut filters = Vec::new();
    for operator in operators(column) {
        let is_plain = operator == Operator::Is;
        let is_reserved = PARAMETERS.contains(&column.name.as_str());
        let name = if is_plain && !is_reserved {
            column.name.clone()
        } else {
            format!("{}__{}", column.name, operator.name())
        };
        let schema = match operator {
            Operator::Has => json!({ "type": "string", "pattern": "^[^\\u0000]*$" }),
            // Without a value it means true.
            Operator::Empty | Operator::NotEmpty => json!({ "enum": [true, false, ""] }),
            _ => compared(column),
        };
        // The name of the operator says the rest.
        filters.push(json!({ "name": name, "in": "query", "schema": schema }));
    }
    filters
}

fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

/// Several values, separated by commas.
fn list(name: &str, description: &str, values: Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "style": "form", "explode": false,
            "schema": { "type": "array", "items": { "type": "string", "enum": values } } })
}
