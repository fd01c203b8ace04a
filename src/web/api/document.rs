//! The OpenAPI document of the API, generated from the catalogue and comments of the database.

use super::accept::{Format, accepted};
use super::body::{FORM, JSON};
use super::caller::Caller;
use super::endpoint::Endpoint;
use super::extract::Params;
use super::index::{Offered, offered};
use super::operation::{about, component, identifier, operation, page, reference};
use super::parameters;
use super::responses::{answered, components, error_schemas, responses, shown};
use super::schema::{self, Sent};
use super::{ApiResult, answer, base};
use crate::web::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

const DESCRIPTION: &str = "Tables and views of the database. Filters: COLUMN=value, or COLUMN__OPERATOR=value with is, \
                           not, has, gte, lte, lt, empty, filled. An unknown parameter is refused. Addresses end with a \
                           slash: reads without it are redirected (308), writes are accepted. A method that a resource \
                           does not have is refused (405), with the header Allow.";

/// Returns the document, in OpenAPI 3.1.
pub(crate) async fn document(
    State(app): State<App>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
) -> ApiResult {
    params.none_but_format()?;
    accepted(&headers, &params, &[Format::Json])?;
    let client = app.pool.get(&caller.zone).await?;
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for (name, schema) in error_schemas() {
        schemas.insert(name.into(), schema);
    }
    schemas.insert("about".into(), about_schema());
    for each in offered(&client).await? {
        add_schemas(&mut schemas, &each);
        for (method, path) in each.methods() {
            let key = each.key().filter(|_| path.ends_with("}/"));
            let operations = paths
                .entry(path.clone())
                .or_insert_with(|| json!({ "options": about(&path, key.map(parameters::key)) }));
            operations[method.to_ascii_lowercase()] = operation(&each, method, &path);
        }
    }
    add_job_actions(&mut paths);
    add_fixed(&mut paths);
    for endpoint in Endpoint::all(&client).await? {
        let name = format!("endpoint.{}", component(&endpoint.path));
        schemas.insert(name.clone(), schema::record(&endpoint.relation));
        let path = format!("/{}/", endpoint.path);
        paths.insert(path.clone(), endpoint_path(&endpoint, &path, &name));
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "elt", "version": env!("CARGO_PKG_VERSION"), "description": DESCRIPTION },
        "servers": [{ "url": format!("{}/", base(&app, &headers)) }],
        "security": [{ "token": [] }, { "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": components(),
            "securitySchemes": {
                "token": { "type": "apiKey", "in": "header", "name": "Authorization",
                           "description": "Token elt_..., from elt token new or POST /api-token-auth." },
                "session": { "type": "apiKey", "in": "cookie", "name": app.cookies.name() },
            },
        },
    });
    Ok(answer(StatusCode::OK, &document))
}

fn add_schemas(schemas: &mut Map<String, Value>, offered: &Offered) {
    let name = component(&offered.name);
    schemas.insert(name.clone(), schema::record(&offered.relation));
    let Some(table) = &offered.table else {
        return;
    };
    let bodies = [
        (table.may_add, "new", Sent::New),
        (table.may_change, "whole", Sent::Whole),
        (table.may_change, "part", Sent::Part),
    ];
    for (is_allowed, suffix, sent) in bodies {
        if is_allowed {
            schemas.insert(format!("{name}.{suffix}"), schema::sent(table, sent));
        }
    }
}

fn add_job_actions(paths: &mut Map<String, Value>) {
    let id = || {
        json!({ "name": "job_id", "in": "path", "description": "Number of the job.", "required": true,
                "schema": { "type": "integer", "format": "int64", "minimum": i64::MIN, "maximum": i64::MAX } })
    };
    for action in ["cancel", "retry"] {
        let path = format!("/api/jobs/{{job_id}}/{action}/");
        let job = json!({
            "type": "object", "required": ["job_id"],
            "properties": { "job_id": { "type": "integer", "format": "int64" } },
        });
        let accepted = answered("Accepted.", &job);
        paths.insert(
            path.clone(),
            json!({
                "options": about(&path, Some(id())),
                "post": {
                    "operationId": format!("{action}_job"),
                    "summary": format!("{action} a job"),
                    "parameters": [id(), parameters::format()],
                    "responses": responses("202", accepted, &["400", "409"]),
                },
            }),
        );
    }
}

/// The addresses that do not depend on the database.
fn add_fixed(paths: &mut Map<String, Value>) {
    let any = json!({ "type": "object" });
    let reads = [
        (
            "/api/",
            "Addresses of all resources",
            shown("Addresses by name.", &any, false),
        ),
        (
            "/api/openapi.json",
            "This document",
            answered("The document.", &any),
        ),
    ];
    for (path, summary, success) in reads {
        let read = json!({
            "operationId": identifier(&format!("get {path}")),
            "summary": summary,
            "parameters": [parameters::format()],
            "responses": responses("200", success, &["400", "406"]),
        });
        paths.insert(
            path.into(),
            json!({ "options": about(path, None), "get": read }),
        );
    }
    let credentials = json!({
        "type": "object", "required": ["username", "password"],
        "properties": {
            "username": { "type": "string", "minLength": 1 },
            "password": { "type": "string", "minLength": 1 },
        },
    });
    let token = json!({
        "type": "object", "required": ["token"],
        "properties": { "token": { "type": "string" } },
    });
    let path = "/api-token-auth";
    let mut options = about(path, None);
    options["security"] = json!([]);
    let others = ["400", "406", "413", "415", "429"];
    let sign_in = json!({
        "operationId": "sign_in",
        "summary": "Get a read-only token for name and password; it expires after a day",
        "security": [],
        "parameters": [parameters::format()],
        "requestBody": {
            "required": true,
            "content": { JSON: { "schema": credentials }, FORM: { "schema": credentials } },
        },
        "responses": responses("200", answered("The token.", &token), &others),
    });
    paths.insert(path.into(), json!({ "options": options, "post": sign_in }));
}

fn endpoint_path(endpoint: &Endpoint, path: &str, name: &str) -> Value {
    let page = shown("A page.", &page(&reference(name)), true);
    json!({
        "options": about(path, None),
        "get": {
            "operationId": identifier(&format!("read {}", endpoint.path)),
            "summary": endpoint.description,
            "parameters": parameters::of_list(&endpoint.relation, endpoint.sizes),
            "responses": responses("200", page, &["400", "406", "413"]),
        },
    })
}

/// The response to OPTIONS.
fn about_schema() -> Value {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": "array", "items": text });
    let field = json!({
        "type": "object",
        "properties": {
            "type": text,
            "required": { "type": "boolean" },
            "read_only": { "type": "boolean" },
            "label": text,
            "help_text": text,
            "max_length": { "type": "integer" },
            "choices": { "type": "array", "items": {
                "type": "object", "properties": { "value": text, "display_name": text },
            }},
        },
        "required": ["type", "required", "read_only", "label"],
    });
    let fields = json!({ "type": "object", "additionalProperties": field });
    json!({
        "type": "object",
        "properties": {
            "name": text,
            "description": text,
            "renders": texts,
            "parses": texts,
            "actions": { "type": "object", "additionalProperties": fields },
        },
        "required": ["name", "description", "renders", "parses"],
    })
}
