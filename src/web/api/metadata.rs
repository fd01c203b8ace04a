//! The method OPTIONS, which describes an address as Django REST framework does: formats, and the fields that a client
//! may send.

use super::body::{FORM, JSON};
use super::caller::Caller;
use super::endpoint::Endpoint;
use super::extract::{Named, Params};
use super::record::Record;
use super::resource::Resource;
use super::{ApiError, ApiResult, answer};
use crate::web::data::edit::{Field, Table, Widget};
use crate::web::state::App;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

const LIST_FORMATS: [&str; 3] = [JSON, "text/csv", "text/html"];
const FORMATS: [&str; 2] = [JSON, "text/html"];

/// An address and its methods.
struct About<'a> {
    name: &'a str,
    description: &'a str,
    renders: &'a [&'a str],
    allow: &'a str,
    /// The fields of each method that the caller may use.
    actions: Map<String, Value>,
}

impl About<'_> {
    fn answer(self) -> ApiResult {
        let takes_bodies = ["POST", "PUT"].iter().any(|name| self.allow.contains(name));
        let parses: &[&str] = if takes_bodies { &[JSON, FORM] } else { &[] };
        let mut body = json!({
            "name": self.name,
            "description": self.description,
            "renders": self.renders,
            "parses": parses,
        });
        if !self.actions.is_empty() {
            body["actions"] = Value::Object(self.actions);
        }
        let response = answer(StatusCode::OK, &body);
        Ok(([(header::ALLOW, self.allow)], response).into_response())
    }
}

/// Describes a resource.
pub(crate) async fn about_list(
    State(app): State<App>,
    caller: Caller,
    Named(name): Named<String>,
    params: Params,
) -> ApiResult {
    caller.role.require_may_read(&name)?;
    params.none_but_format()?;
    let client = app.pool.get(&caller.zone).await?;
    let resource = Resource::find(&client, &name).await?;
    let mut actions = Map::new();
    if let Ok(table) = resource.writable(|table| table.may_add, Resource::collection_methods)
        && caller.require(table.role).is_ok()
    {
        actions.insert("POST".into(), fields(table, true));
    }
    About {
        name: &name,
        description: &resource.relation().description,
        renders: &LIST_FORMATS,
        allow: &resource.collection_methods(),
        actions,
    }
    .answer()
}

/// Describes a record.
pub(crate) async fn about_record(
    State(app): State<App>,
    caller: Caller,
    Named((name, value)): Named<(String, String)>,
    params: Params,
) -> ApiResult {
    caller.role.require_may_read(&name)?;
    params.none_but_format()?;
    let client = app.pool.get(&caller.zone).await?;
    let resource = Resource::find(&client, &name).await?;
    let key = resource.key(&value)?;
    Record::find(&client, resource.relation(), &key, &[]).await?;
    let mut actions = Map::new();
    if let Ok(table) = resource.writable(|table| table.may_change, Resource::record_methods)
        && caller.require(table.role).is_ok()
    {
        actions.insert("PUT".into(), fields(table, false));
        actions.insert("PATCH".into(), fields(table, false));
    }
    About {
        name: &format!("{name} {value}"),
        description: &resource.relation().description,
        renders: &FORMATS,
        allow: &resource.record_methods(),
        actions,
    }
    .answer()
}

/// Describes an endpoint of elt.api_endpoint.
pub(crate) async fn about_endpoint(
    State(app): State<App>,
    caller: Caller,
    Named(path): Named<String>,
    params: Params,
) -> ApiResult {
    params.none_but_format()?;
    let client = app.pool.get(&caller.zone).await?;
    let endpoint = Endpoint::find(&client, &path).await?;
    About {
        name: &path,
        description: &endpoint.description,
        renders: &LIST_FORMATS,
        allow: "GET, HEAD, OPTIONS",
        actions: Map::new(),
    }
    .answer()
}

pub(crate) async fn about_index(_: Caller, params: Params) -> ApiResult {
    params.none_but_format()?;
    About {
        name: "API",
        description: "The addresses of all resources.",
        renders: &FORMATS,
        allow: "GET, HEAD, OPTIONS",
        actions: Map::new(),
    }
    .answer()
}

pub(crate) async fn about_document(_: Caller, params: Params) -> ApiResult {
    params.none_but_format()?;
    About {
        name: "OpenAPI",
        description: "The OpenAPI document of the API.",
        renders: &[JSON],
        allow: "GET, HEAD, OPTIONS",
        actions: Map::new(),
    }
    .answer()
}

pub(crate) async fn about_action(_: Caller, _: Named<i64>, params: Params) -> ApiResult {
    params.none_but_format()?;
    About {
        name: "Action on a job",
        description: "Cancels a job, or runs a failed one again. The request has no body.",
        renders: &FORMATS,
        allow: "OPTIONS, POST",
        actions: Map::new(),
    }
    .answer()
}

/// Clients ask for a token before they have one, so this needs none.
pub(crate) async fn about_sign_in(params: Params) -> Result<impl IntoResponse, ApiError> {
    params.none_but_format()?;
    let text = |is_password| {
        json!({ "type": "string", "required": true, "read_only": false,
                "label": if is_password { "Password" } else { "Username" } })
    };
    let fields = json!({ "username": text(false), "password": text(true) });
    About {
        name: "Token",
        description: "Returns a read-only token for a name and password. It expires after a day.",
        renders: &[JSON],
        allow: "OPTIONS, POST",
        actions: Map::from_iter([("POST".to_string(), fields)]),
    }
    .answer()
}

/// Descriptions of fields by name.
fn fields(table: &Table, is_new: bool) -> Value {
    let fields = table.fields.iter();
    let fields = fields.map(|field| (field.name.clone(), description(field, is_new)));
    Value::Object(fields.collect())
}

fn description(field: &Field, is_new: bool) -> Value {
    let is_read_only = field.is_read_only || (field.is_key && !is_new);
    let mut about = json!({
        "type": kind(field),
        "required": field.is_required() && !is_read_only,
        "read_only": is_read_only,
        "label": label(&field.name),
        "help_text": field.description,
    });
    if let Some(length) = field.max_length {
        about["max_length"] = json!(length);
    }
    if !field.choices.is_empty() {
        let choices = field.choices.iter();
        let choices = choices.map(|value| json!({ "value": value, "display_name": value }));
        about["choices"] = choices.collect();
    }
    about
}

/// The type in the words of Django REST framework.
fn kind(field: &Field) -> &'static str {
    if field.is_list() {
        return "list";
    }
    match (field.widget(), field.type_name.as_str()) {
        (Widget::Choice, _) => "choice",
        (Widget::YesNo, _) => "boolean",
        (Widget::WholeNumber, _) => "integer",
        (Widget::Number, "real" | "double precision") => "float",
        (Widget::Number, _) => "decimal",
        (Widget::Date, _) => "date",
        (Widget::Time, _) => "datetime",
        (_, "json" | "jsonb") => "field",
        (_, name) if name.starts_with("time") => "time",
        _ => "string",
    }
}

/// `start_time` becomes `Start time`.
fn label(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
