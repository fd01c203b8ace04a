//! The OpenAPI document of the API, generated from the catalogue and comments of the database.

use super::caller::Caller;
use super::index::{Endpoint, endpoints, offered};
use super::list::base;
use super::operation::{answered, identifier, operation, page_schema, parameter, problem};
use super::{ApiResult, answer};
use crate::web::state::App;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

/// Returns the document, in OpenAPI 3.1.
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
    add_job_actions(&mut paths);
    paths.insert("/api-token-auth".into(), sign_in_path());
    for endpoint in endpoints(&client).await? {
        paths.insert(format!("/{}/", endpoint.path), endpoint_path(&endpoint));
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

fn add_job_actions(paths: &mut Map<String, Value>) {
    for action in ["cancel", "retry"] {
        let path = format!("/api/jobs/{{job_id}}/{action}/");
        paths.insert(path, json!({ "post": {
            "operationId": format!("{action}_job"),
            "summary": format!("{action} a job"),
            "parameters": [parameter("job_id", "path", "Number of the job.", true)],
            "responses": { "202": { "description": "Accepted." }, "409": problem("The job is in another state.") },
        }}));
    }
}

fn sign_in_path() -> Value {
    json!({ "post": {
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
    }})
}

fn endpoint_path(endpoint: &Endpoint) -> Value {
    let list = json!({ "$ref": "#/components/schemas/page" });
    json!({ "get": {
        "operationId": identifier(&format!("read {}", endpoint.path)),
        "summary": endpoint.description,
        "parameters": [
            parameter("page", "query", "Page, from 1.", false),
            parameter("page_size", "query", "Records per page.", false),
        ],
        "responses": { "200": answered("A page.", &list) },
    }})
}
