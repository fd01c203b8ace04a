//! The OpenAPI document of the API, generated from the catalogue and comments of the database.

use super::caller::Caller;
use super::index::{Offered, endpoints, offered};
use super::list::base;
use super::{ApiResult, answer};
use crate::web::data::catalogue::Column;
use crate::web::data::edit::Field;
use crate::web::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

impl Offered {
    fn schema(&self) -> Value {
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

/// JSON Schema of a column.
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
        let kinds = match column.is_nullable {
            true => json!([kind, "null"]),
            false => json!(kind),
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

/// OpenAPI 3.1.
pub(crate) async fn document(State(app): State<App>, _: Caller, headers: HeaderMap) -> ApiResult {
    let client = app.pool.get().await?;
    let offered = offered(&client).await?;
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for each in &offered {
        schemas.insert(each.name.clone(), each.schema());
        for (method, path) in each.methods() {
            let operations = paths.entry(path.clone()).or_insert_with(|| json!({}));
            operations[method.to_ascii_lowercase()] = operation(each, method, &path);
        }
    }
    for action in ["cancel", "retry"] {
        let path = format!("/api/jobs/{{job_id}}/{action}/");
        paths.insert(path, json!({ "post": {
            "operationId": format!("{action}_job"),
            "summary": format!("{action} a job"),
            "parameters": [parameter("job_id", "path", "Number of the job.", true)],
            "responses": { "202": { "description": "Accepted." }, "409": problem("The job is in another state.") },
        }}));
    }
    paths.insert("/api-token-auth".into(), json!({ "post": {
        "operationId": "sign_in",
        "summary": "Get a read-only token for name and password; it expires after a day",
        "security": [],
        "requestBody": { "required": true, "content": { "application/json": { "schema": {
            "type": "object", "required": ["username", "password"],
            "properties": { "username": { "type": "string" }, "password": { "type": "string" } },
        }}}},
        "responses": { "200": { "description": "The token.", "content": { "application/json": { "schema": {
            "type": "object", "properties": { "token": { "type": "string" } },
        }}}}, "400": problem("The name or password is wrong."), "429": problem("Too many attempts.") },
    }}));
    for endpoint in endpoints(&client).await? {
        let list = json!({ "$ref": "#/components/schemas/page" });
        paths.insert(
            format!("/{}/", endpoint.path),
            json!({ "get": {
                "operationId": identifier(&format!("read {}", endpoint.path)),
                "summary": endpoint.description,
                "parameters": [
                    parameter("page", "query", "Page, from 1.", false),
                    parameter("page_size", "query", "Records per page.", false),
                ],
                "responses": { "200": answered("A page.", &list) },
            }}),
        );
    }
    schemas.insert("page".into(), page_schema(&json!({})));
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "elt",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Tables and views of the database. Filters: COLUMN=value, or COLUMN__OPERATOR=value with \
                            is, not, has, gte, lte, lt, empty, filled.",
        },
        "servers": [{ "url": format!("{}/", base(&app, &headers)) }],
        "security": [{ "token": [] }, { "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": { "type": "apiKey", "in": "header", "name": "Authorization",
                           "description": "Token elt_..., from elt token new or POST /api-token-auth." },
                "session": { "type": "apiKey", "in": "cookie", "name": app.cookies.name() },
            },
        },
    });
    Ok(answer(StatusCode::OK, &document))
}

/// For generators of clients: letters, digits and underscores.
fn identifier(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

fn parameter(name: &str, place: &str, description: &str, is_required: bool) -> Value {
    let kind = match name {
        "page" | "page_size" | "job_id" => "integer",
        _ => "string",
    };
    json!({ "name": name, "in": place, "description": description, "required": is_required,
            "schema": { "type": kind } })
}

fn page_schema(item: &Value) -> Value {
    json!({ "type": "object", "properties": {
        "count": { "type": "integer" },
        "next": { "type": ["string", "null"], "format": "uri" },
        "prev": { "type": ["string", "null"], "format": "uri" },
        "previous": { "type": ["string", "null"], "format": "uri" },
        "results": { "type": "array", "items": item },
    }})
}

fn answered(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn problem(description: &str) -> Value {
    answered(
        description,
        &json!({ "type": "object", "additionalProperties": true }),
    )
}

fn operation(of: &Offered, method: &str, path: &str) -> Value {
    let reference = json!({ "$ref": format!("#/components/schemas/{}", of.name) });
    let is_record = path.ends_with("}/");
    let key = of.relation.key_columns.first();
    let mut parameters = Vec::new();
    if let Some(key) = key.filter(|_| is_record) {
        parameters.push(parameter(key, "path", "Key of the record.", true));
    }
    let body =
        json!({ "required": true, "content": { "application/json": { "schema": reference } } });
    let (summary, responses) = match (method, is_record) {
        ("GET", false) => {
            for (name, description) in [
                ("page", "Page, from 1."),
                (
                    "page_size",
                    "Records per page: 100 by default, at most 1000.",
                ),
                (
                    "ordering",
                    "Column to order by; with - in front for descending order.",
                ),
                ("search", "Words that must all occur in some column."),
            ] {
                parameters.push(parameter(name, "query", description, false));
            }
            for column in &of.relation.columns {
                let words = "Only records with this value; the name may end with __OPERATOR.";
                parameters.push(parameter(&column.name, "query", words, false));
            }
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
        "description": of.relation.description,
        "tags": [of.name],
        "parameters": parameters,
        "responses": responses,
    });
    if ["POST", "PUT", "PATCH"].contains(&method) {
        operation["requestBody"] = body;
    }
    operation
}
