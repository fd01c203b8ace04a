//! The responses of the OpenAPI document: every status that an operation can have.

use serde_json::{Map, Value, json};

/// The statuses with the same response everywhere: number, name and description.
const COMMON: [(&str, &str, &str); 14] = [
    (
        "308",
        "MissingSlash",
        "The address lacks its slash at the end; Location has it. Only for GET and HEAD.",
    ),
    (
        "400",
        "Invalid",
        "The parameters or the values are invalid: messages by name.",
    ),
    (
        "401",
        "Unauthorized",
        "There is no token or session, or it has expired.",
    ),
    (
        "403",
        "Forbidden",
        "The role or the token does not allow this, or a form of another site was sent.",
    ),
    (
        "404",
        "NotFound",
        "There is no such record, resource or page.",
    ),
    (
        "405",
        "NotAllowed",
        "The resource does not have this method. The header Allow lists its methods.",
    ),
    (
        "406",
        "NotAcceptable",
        "No format that the header Accept names is available.",
    ),
    (
        "409",
        "Conflict",
        "The state of the record does not allow this.",
    ),
    (
        "412",
        "NoMatch",
        "The record does not match If-Match, because it was changed.",
    ),
    (
        "413",
        "TooLarge",
        "The body is larger than 256 KiB, or the page than 16 MiB.",
    ),
    (
        "415",
        "Unsupported",
        "The body has another media type than application/json and application/x-www-form-urlencoded.",
    ),
    (
        "429",
        "TooMany",
        "Too many attempts; the header Retry-After has the seconds to wait.",
    ),
    (
        "500",
        "Failed",
        "The server failed. The number in the message finds the reason in its log.",
    ),
    (
        "503",
        "Busy",
        "The request took too long, or too many requests are running. It can be repeated.",
    ),
];

/// Statuses of every operation with an account.
const USUAL: [&str; 5] = ["401", "403", "404", "500", "503"];

/// The components that `responses` refers to.
pub(super) fn components() -> Value {
    let all = COMMON.iter().map(|(status, name, description)| {
        let schema = match *status {
            "400" => json!({ "$ref": "#/components/schemas/problems" }),
            _ => json!({ "$ref": "#/components/schemas/detail" }),
        };
        (name.to_string(), answered(description, &schema))
    });
    Value::Object(all.collect())
}

/// The responses of an operation: its success, the usual errors, and others by status.
pub(super) fn responses(status: &str, success: Value, others: &[&str]) -> Value {
    let mut all = Map::new();
    all.insert(status.into(), success);
    for (status, name, _) in COMMON {
        if USUAL.contains(&status) || others.contains(&status) {
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            all.insert(status.into(), reference);
        }
    }
    Value::Object(all)
}

/// The schemas of errors.
pub(super) fn error_schemas() -> [(&'static str, Value); 3] {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let by_name = json!({
        "type": "object",
        "description": "Messages by field or parameter; those of the whole record are in non_field_errors.",
        "additionalProperties": { "anyOf": [{ "type": "string" }, texts] },
    });
    [
        (
            "detail",
            json!({
                "type": "object",
                "properties": { "detail": { "type": "string" } },
                "required": ["detail"],
            }),
        ),
        ("problems_of_record", by_name),
        (
            "problems",
            json!({
                "description": "For a list of records, a list with the messages of each.",
                "anyOf": [
                    { "$ref": "#/components/schemas/problems_of_record" },
                    { "type": "array", "items": { "$ref": "#/components/schemas/problems_of_record" } },
                ],
            }),
        ),
    ]
}

pub(super) fn answered(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

/// A response that is also available as a page, and as CSV if it is a list.
pub(super) fn shown(description: &str, schema: &Value, is_list: bool) -> Value {
    let mut response = answered(description, schema);
    let text = json!({ "schema": { "type": "string" } });
    response["content"]["text/html"] = text.clone();
    if is_list {
        response["content"]["text/csv"] = text;
    }
    response
}
