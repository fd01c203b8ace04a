//! The operations of the OpenAPI document, and their parts.

use super::index::Offered;
use serde_json::{Value, json};

pub(super) fn operation(offered: &Offered, method: &str, path: &str) -> Value {
    let reference = json!({ "$ref": format!("#/components/schemas/{}", offered.name) });
    let is_record = path.ends_with("}/");
    let key = offered.relation.key_columns.first();
    let mut parameters = Vec::new();
    if let Some(key) = key.filter(|_| is_record) {
        parameters.push(parameter(key, "path", "Key of the record.", true));
    }
    let body =
        json!({ "required": true, "content": { "application/json": { "schema": reference } } });
    let (summary, responses) = match (method, is_record) {
        ("GET", false) => {
            parameters = list_parameters(offered);
            let page = page_schema(&reference);
            (
                "Records, page by page",
                json!({ "200": answered("A page.", &page) }),
            )
        }
        ("POST", _) => (
            "Create a record",
            json!({ "201": answered("The record.", &reference), "400": problem("Errors by field.") }),
        ),
        ("DELETE", _) => (
            "Delete the record",
            json!({ "204": { "description": "Deleted." }, "412": problem("The record does not match If-Match.") }),
        ),
        ("GET", true) => (
            "The record",
            json!({ "200": answered("The record.", &reference) }),
        ),
        _ => (
            "Change the record",
            json!({ "200": answered("The record.", &reference), "400": problem("Errors by field."),
                    "412": problem("The record does not match If-Match.") }),
        ),
    };
    let mut operation = json!({
        "operationId": identifier(&format!("{} {path}", method.to_ascii_lowercase())),
        "summary": summary,
        "description": offered.relation.description,
        "tags": [offered.name],
        "parameters": parameters,
        "responses": responses,
    });
    if ["POST", "PUT", "PATCH"].contains(&method) {
        operation["requestBody"] = body;
    }
    operation
}

fn list_parameters(offered: &Offered) -> Vec<Value> {
    let mut parameters = Vec::new();
    for (name, description) in [
        ("page", "Page, from 1."),
        (
            "page_size",
            "Records per page: 100 by default, at most 1000.",
        ),
        (
            "ordering",
            "Columns to order by, separated by commas; each with - in front for descending order.",
        ),
        ("search", "Words that must all occur in some column."),
    ] {
        parameters.push(parameter(name, "query", description, false));
    }
    for column in &offered.relation.columns {
        let words = "Only records with this value; the name may end with __OPERATOR.";
        parameters.push(parameter(&column.name, "query", words, false));
    }
    parameters
}

/// An operation id for code generators, from letters, digits and underscores.
pub(super) fn identifier(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

pub(super) fn parameter(name: &str, place: &str, description: &str, is_required: bool) -> Value {
    let kind = match name {
        "page" | "page_size" | "job_id" => "integer",
        _ => "string",
    };
    json!({ "name": name, "in": place, "description": description, "required": is_required,
            "schema": { "type": kind } })
}

pub(super) fn page_schema(item: &Value) -> Value {
    json!({ "type": "object", "properties": {
        "count": { "type": "integer" },
        "next": { "type": ["string", "null"], "format": "uri" },
        "prev": { "type": ["string", "null"], "format": "uri" },
        "previous": { "type": ["string", "null"], "format": "uri" },
        "results": { "type": "array", "items": item },
    }})
}

pub(super) fn answered(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

pub(super) fn problem(description: &str) -> Value {
    answered(
        description,
        &json!({ "type": "object", "additionalProperties": true }),
    )
}
