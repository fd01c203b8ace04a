//! The page around a response.

use super::curl::command;
use super::filters::{FilterForm, query};
use super::forms::{Forms, as_json, content};
use super::place::Place;
use super::pretty::pretty;
use super::rows::{Cell, Rows, Source};
use crate::terminal::number;
use crate::web::api::endpoint::Endpoint;
use crate::web::api::extract::Params;
use crate::web::api::resource::Resource;
use crate::web::api::{ApiError, ApiResult, origin};
use crate::web::auth::Account;
use crate::web::data::catalogue::Relation;
use crate::web::data::edit::{Key, Problems, Table, Widget, row};
use crate::web::data::pool::Client;
use crate::web::data::zone::Zone;
use crate::web::form::Sent;
use crate::web::http::address::encoded;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::http::request::Parts;
use axum::http::response;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// A request and its response.
pub(super) struct Exchange {
    pub(super) asked: Parts,
    /// Without `format=html`.
    pub(super) params: Params,
    pub(super) place: Place,
    pub(super) sent: Sent,
    /// The form as a program would send it.
    pub(super) sent_json: Option<String>,
    pub(super) head: response::Parts,
    pub(super) body: String,
    /// The form is shown with its values, and was not executed.
    pub(super) is_shown_again: bool,
}

#[derive(Template)]
#[template(path = "api_page.html", config = "src/web/askama.toml")]
struct BrowsePage {
    page: Page,
    heading: String,
    description: String,
    /// Name and address of the list, on the page of a record.
    list: Option<(String, String)>,
    path: String,
    /// `GET /api/tasks/` and `HTTP 200 OK`.
    request_line: String,
    status_line: String,
    is_error: bool,
    messages: Vec<String>,
    headers: Vec<(String, String)>,
    json: String,
    curl: String,
    json_link: String,
    csv_link: Option<String>,
    rows: Option<Rows>,
    count: String,
    record: Option<Vec<Cell>>,
    /// Address of the record that was created.
    created: Option<String>,
    filter: Option<FilterForm>,
    forms: Option<Forms>,
    has_problems: bool,
    is_shown_again: bool,
    zone: String,
}

/// What the address names.
enum Named {
    Resource(Resource),
    Endpoint(Box<Endpoint>),
}

impl Named {
    fn relation(&self) -> &Relation {
        match self {
            Named::Resource(resource) => resource.relation(),
            Named::Endpoint(endpoint) => &endpoint.relation,
        }
    }

    fn table(&self) -> Option<&Table> {
        match self {
            Named::Resource(Resource::Table(table)) => Some(table),
            _ => None,
        }
    }

    fn description(&self) -> &str {
        match self {
            Named::Resource(resource) => &resource.relation().description,
            Named::Endpoint(endpoint) => &endpoint.description,
        }
    }
}

pub(super) async fn page_of(
    app: &App,
    account: Account,
    exchange: Exchange,
) -> Result<Response, ApiError> {
    let client = app.pool.get(&account.zone).await?;
    let (name, key, is_endpoint) = match &exchange.place {
        Place::List(name) => (name.clone(), None, false),
        Place::Record(name, key) => (name.clone(), Some(key.clone()), false),
        Place::Endpoint(name) => (name.clone(), None, true),
    };
    let named = if is_endpoint {
        Named::Endpoint(Box::new(Endpoint::find(&client, &name).await?))
    } else {
        Named::Resource(Resource::find(&client, &name).await?)
    };
    let status = exchange.head.status;
    let problems = problems(&exchange, status);
    let forms = match named.table() {
        Some(table) if account.role >= table.role => {
            forms_of(&client, &named, table, key.as_deref(), &exchange, &problems).await?
        }
        _ => None,
    };
    let source = Source {
        name: Some(name.as_str()).filter(|_| !is_endpoint),
        relation: named.relation(),
        table: named.table(),
    };
    let is_read = exchange.asked.method == Method::GET && status.is_success();
    let is_written = [Method::POST, Method::PUT, Method::PATCH].contains(&exchange.asked.method);
    let is_record = status.is_success() && (is_written || (is_read && key.is_some()));
    let rows = Some(&exchange.body).filter(|_| is_read && key.is_none());
    let rows = rows.and_then(|body| source.rows(body, &exchange.params));
    let title = match &key {
        Some(key) => format!("{name} {key}"),
        None => name.clone(),
    };
    let messages = match &forms {
        Some(forms) if is_written => forms.others(&problems),
        _ => all_messages(&problems),
    };
    let headers = exchange.head.headers.iter().map(|(name, value)| {
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let location = exchange.head.headers.get("location");
    let asked = &exchange.asked;
    let address = format!("{}{}", origin(app, &asked.headers), asked.uri);
    let format = |format: &str| {
        let mut pairs = exchange.params.0.clone();
        pairs.push(("format".into(), format.into()));
        format!("?{}", query(&pairs))
    };
    let page = BrowsePage {
        list: key
            .as_ref()
            .map(|_| (name.clone(), format!("/api/{}/", encoded(&name)))),
        description: named.description().into(),
        path: exchange.asked.uri.path().into(),
        request_line: format!("{} {}", exchange.asked.method, exchange.asked.uri),
        status_line: format!("HTTP {status}"),
        is_error: !status.is_success(),
        has_problems: !problems.is_empty(),
        messages,
        headers: headers.collect(),
        json: pretty(&exchange.body),
        curl: command(&asked.method, &address, exchange.sent_json.as_deref()),
        json_link: format("json"),
        csv_link: key.is_none().then(|| format("csv")),
        count: count_text(rows.as_ref()),
        rows,
        record: source.record(&exchange.body).filter(|_| is_record),
        created: location
            .filter(|_| status == StatusCode::CREATED)
            .and_then(|place| place.to_str().ok())
            .map(String::from),
        filter: key
            .is_none()
            .then(|| FilterForm::new(named.relation(), &exchange.params)),
        forms,
        is_shown_again: exchange.is_shown_again,
        zone: client.zone().name().into(),
        page: Page::new(format!("{title} · API"), "api", account),
        heading: title,
    };
    Ok((status, render(&page)).into_response())
}

/// The forms for what the address names, with the values of the form that was refused.
async fn forms_of(
    client: &Client,
    named: &Named,
    table: &Table,
    key: Option<&str>,
    exchange: &Exchange,
    problems: &Problems,
) -> ApiResult<Option<Forms>> {
    let is_refused = exchange.is_shown_again || !exchange.head.status.is_success();
    let sent = Some(&exchange.sent).filter(|sent| is_refused && sent.id.is_some());
    // The messages are shown beside the fields only if the fields were sent.
    let beside = match sent {
        Some(sent) if content(sent).is_none() => copy(problems),
        _ => Problems::default(),
    };
    match (key, named) {
        (None, _) if table.may_add => Ok(Some(Forms::for_new(client, table, sent, beside).await?)),
        (Some(key), Named::Resource(resource)) if table.may_change || table.may_delete => {
            let key = resource.key(key)?;
            Forms::for_record(client, table, &key, sent, beside).await
        }
        _ => Ok(None),
    }
}

fn copy(problems: &Problems) -> Problems {
    Problems {
        fields: problems.fields.clone(),
        general: problems.general.clone(),
    }
}

/// The messages of an error response. Those of a list of records begin with the index.
fn problems(exchange: &Exchange, status: StatusCode) -> Problems {
    let mut problems = Problems::default();
    if status.is_success() {
        return problems;
    }
    match serde_json::from_str(&exchange.body) {
        Ok(Value::Object(body)) => {
            for (name, messages) in body {
                for message in texts(&messages) {
                    match name.as_str() {
                        "detail" | "non_field_errors" => problems.general.push(message),
                        name => problems.at(name, message),
                    }
                }
            }
        }
        Ok(Value::Array(records)) => {
            for (index, record) in records.iter().enumerate() {
                for (name, messages) in record.as_object().into_iter().flatten() {
                    for message in texts(messages) {
                        problems
                            .general
                            .push(format!("Record {index}, {name}: {message}"));
                    }
                }
            }
        }
        _ => {}
    }
    problems
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

fn all_messages(problems: &Problems) -> Vec<String> {
    let fields = problems.fields.iter();
    let fields = fields.flat_map(|(name, messages)| {
        messages
            .iter()
            .map(move |message| format!("{name}: {message}"))
    });
    problems.general.iter().cloned().chain(fields).collect()
}

/// The JSON that a program would send instead of the form. It depends on the record before the change.
pub(super) async fn json_of_form(
    app: &App,
    zone: &Zone,
    place: &Place,
    method: &Method,
    sent: &Sent,
) -> Option<String> {
    let is_write = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    if !is_write || sent.id.is_none() {
        return None;
    }
    let (name, key) = match place {
        Place::List(name) => (name, None),
        Place::Record(name, key) => (name, Some(key)),
        Place::Endpoint(_) => return None,
    };
    let client = app.pool.get(zone).await.ok()?;
    let Resource::Table(table) = Resource::find(&client, name).await.ok()? else {
        return None;
    };
    let row = match key {
        Some(key) => row(&client, &table, &key_of(&table, key)).await.ok()?,
        None => None,
    };
    Some(as_json(&client, &table, sent, row.as_ref()).await)
}

fn key_of(table: &Table, value: &str) -> Key {
    Key::new(table, vec![value.into()])
}

fn count_text(rows: Option<&Rows>) -> String {
    let Some(rows) = rows else {
        return String::new();
    };
    let shown = rows.rows.len();
    match rows.count {
        Some(count) if count == shown as i64 => format!("{} records", number(count)),
        Some(count) => format!("{} of {} records", number(shown as i64), number(count)),
        None => format!("{} records", number(shown as i64)),
    }
}
