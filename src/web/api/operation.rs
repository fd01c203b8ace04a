//! The operations of the OpenAPI document.

use super::body::{FORM, JSON, MOST_RECORDS};
use super::index::Offered;
use super::list::SIZES;
use super::parameters;
use super::responses::{answered, responses, shown};
use serde_json::{Value, json};

/// Statuses of a request with a body.
const BODY: [&str; 4] = ["400", "406", "413", "415"];

pub(super) fn operation(offered: &Offered, method: &str, path: &str) -> Value {
    let name = component(&offered.name);
    let reference = reference(&name);
    let is_record = path.ends_with("}/");
    let relation = &offered.relation;
    let with = |others: &[&'static str]| [BODY.as_slice(), others].concat();
    let (summary, responses) = match (method, is_record) {
        ("GET", false) => {
            let page = shown("A page.", &page(&reference), true);
            (
                "Records, page by page",
                responses("200", page, &["400", "406", "413"]),
            )
        }
        ("GET", true) => {
            let record = shown("The record.", &reference, false);
            ("The record", responses("200", record, &["400", "406"]))
        }
        ("POST", _) => {
            let either = json!({ "anyOf": [reference, { "type": "array", "items": reference }] });
            let made = shown("The record, or a list if a list was sent.", &either, false);
            (
                "Create a record, or all records of a list or none",
                responses("201", made, &with(&["409"])),
            )
        }
        ("DELETE", _) => {
            let deleted = json!({ "description": "Deleted." });
            (
                "Delete the record",
                responses("204", deleted, &["400", "409", "412"]),
            )
        }
        ("PUT", _) => {
            let record = shown("The record.", &reference, false);
            (
                "Replace the record",
                responses("200", record, &with(&["409", "412"])),
            )
        }
        _ => {
            let record = shown("The record.", &reference, false);
            (
                "Change fields of the record",
                responses("200", record, &with(&["409", "412"])),
            )
        }
    };
    let mut all = match (method, is_record) {
        ("GET", false) => parameters::of_list(relation, SIZES),
        ("DELETE", _) => vec![parameters::format()],
        _ => parameters::of_record(relation),
    };
    if is_record && let Some(key) = offered.key() {
        all.push(parameters::key(key));
    }
    if ["PUT", "PATCH", "DELETE"].contains(&method) {
        let words =
            "The ETag of the record, to refuse the change if another client has changed it.";
        all.push(
            json!({ "name": "If-Match", "in": "header", "description": words,
                         "schema": { "type": "string" } }),
        );
    }
    let mut operation = json!({
        "operationId": identifier(&format!("{} {path}", method.to_ascii_lowercase())),
        "summary": summary,
        "description": relation.description,
        "tags": [offered.name],
        "parameters": all,
        "responses": responses,
    });
    match method {
        "POST" => operation["requestBody"] = body(&format!("{name}.new"), true),
        "PUT" => operation["requestBody"] = body(&format!("{name}.whole"), false),
        "PATCH" => operation["requestBody"] = body(&format!("{name}.part"), false),
        _ => {}
    }
    operation
}

/// The method OPTIONS of an address.
pub(super) fn about(path: &str, key: Option<Value>) -> Value {
    let about = json!({ "$ref": "#/components/schemas/about" });
    let mut parameters = vec![parameters::format()];
    parameters.extend(key);
    json!({
        "operationId": identifier(&format!("options {path}")),
        "summary": "Formats, methods and fields",
        "parameters": parameters,
        "responses": responses("200", answered("The description.", &about), &["400"]),
    })
}

fn body(name: &str, is_list_allowed: bool) -> Value {
    let record = reference(name);
    let json = if is_list_allowed {
        json!({ "anyOf": [
            record,
            { "type": "array", "items": record, "minItems": 1, "maxItems": MOST_RECORDS },
        ]})
    } else {
        record.clone()
    };
    json!({ "required": true, "content": { JSON: { "schema": json }, FORM: { "schema": record } } })
}

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The name of a resource as the name of a component, which allows fewer characters.
pub(super) fn component(name: &str) -> String {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    name.replace(|letter| !is_allowed(letter), "_")
}

/// An operation id for code generators, from letters, digits and underscores.
pub(super) fn identifier(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

/// The schema of a page of records.
pub(super) fn page(item: &Value) -> Value {
    let link = json!({ "type": ["string", "null"], "format": "uri-reference" });
    json!({
        "type": "object",
        "properties": {
            "count": { "type": "integer", "description": "Number of all records. Cursor pages have none." },
            "next": link,
            "prev": link,
            "previous": link,
            "results": { "type": "array", "items": item },
        },
        "required": ["next", "prev", "previous", "results"],
    })
}
