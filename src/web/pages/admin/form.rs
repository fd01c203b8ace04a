//! The form of a row: its fields, its read-only values and its errors.

use super::input::{Input, choices};
use super::typed::{is_ambiguous, writable};
use super::{address, list_address, may, title, title_in};
use crate::web::auth::Account;
use crate::web::data::edit::{Field, Key, Problems, Row, Table, Values, Widget};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::form::new_id;
use crate::web::page::{Page, render};
use crate::web::pages::jobs::{JobRow, is_worker_alive, jobs_of_row};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

#[derive(Template)]
#[template(path = "admin_form.html", config = "src/web/askama.toml")]
struct FormPage {
    page: Page,
    short_name: String,
    heading: String,
    inputs: Vec<Input>,
    /// Read-only values of an existing row: name, value and description.
    shown: Vec<(String, Option<String>, String)>,
    general: Vec<String>,
    has_problems: bool,
    /// The form shows values that could not be saved before.
    is_shown_again: bool,
    /// Id of the form.
    form: String,
    action: String,
    /// Version of the row that the form shows. Empty for a new row.
    version: String,
    back: String,
    list: String,
    history: Option<String>,
    delete: Option<String>,
    may_save: bool,
    may_add: bool,
    jobs: Option<Vec<JobRow>>,
    /// Jobs are queued, but no worker is alive.
    lacks_worker: bool,
    zone: String,
}

/// The content of the form: values that the user entered, or those of the row.
#[derive(Default)]
pub(crate) struct Filled<'a> {
    pub(crate) key: Option<&'a Key>,
    /// The current row.
    pub(crate) row: Option<&'a Row>,
    pub(crate) typed: Option<&'a Values>,
    /// Columns whose "no value" checkbox is checked.
    pub(crate) emptied: &'a [String],
    pub(crate) problems: Problems,
    /// Another session changed the row, so the form also shows its current values.
    pub(crate) is_conflict: bool,
    pub(crate) is_shown_again: bool,
    /// Id of a form that may already have been executed. `None` creates a new id.
    pub(crate) form: Option<&'a str>,
    pub(crate) back: &'a str,
}

impl Filled<'_> {
    /// The value of a field in the current row.
    fn current(&self, table: &Table, field: &Field) -> Option<String> {
        self.row?.value(table, &field.name)?.map(String::from)
    }
}

/// The jobs that the row started. `None` if rows of the table start no jobs.
async fn jobs(client: &Client, table: &Table, key: &Key) -> WebResult<Option<Vec<JobRow>>> {
    match (&table.job_argument, key.0.as_slice()) {
        (Some(argument), [(_, value)]) => Ok(Some(jobs_of_row(client, argument, value).await?)),
        _ => Ok(None),
    }
}

pub(super) async fn page(
    client: &Client,
    account: Account,
    table: &Table,
    filled: Filled<'_>,
) -> WebResult<Response> {
    let is_new = filled.key.is_none();
    let may_save = is_new || may(&account, table, table.may_change);
    let (mut inputs, mut shown) = (Vec::new(), Vec::new());
    for field in &table.fields {
        let is_writable = may_save && !field.is_read_only && (is_new || !field.is_key);
        if is_writable {
            inputs.push(input(client, table, field, &filled).await?);
        } else if !is_new {
            let value = filled.current(table, field);
            shown.push((
                field.name.clone(),
                value.map(|value| displayed(field, value)),
                field.description.clone(),
            ));
        }
    }
    let wrong = inputs.iter().position(|input| !input.problems.is_empty());
    if let Some(input) = inputs.get_mut(wrong.unwrap_or(0)) {
        input.is_focused = true;
    }
    let general = general_messages(filled.problems, &inputs);
    let (heading, page_title) = match (filled.key, filled.row) {
        (Some(key), Some(row)) => {
            let heading = title(table, key, row);
            let page_title = title_in(table, &heading);
            (heading, page_title)
        }
        _ => {
            let heading = format!("Add to {}", table.short_name());
            (heading.clone(), heading)
        }
    };
    let link = |place: &str| {
        let key = filled.key?;
        Some(address(table, place, key, filled.back))
    };
    let jobs = match filled.key {
        Some(key) => jobs(client, table, key).await?,
        None => None,
    };
    let has_queued = jobs.iter().flatten().any(|job| job.state == "queued");
    let lacks_worker = has_queued && !is_worker_alive(client).await?;
    Ok(render(&FormPage {
        lacks_worker,
        short_name: table.short_name().into(),
        action: match filled.key {
            Some(key) => address(table, "change", key, ""),
            None => format!("/admin/{}/add", table.short_name()),
        },
        form: filled.form.map_or_else(new_id, String::from),
        is_shown_again: filled.is_shown_again,
        has_problems: !general.is_empty() || inputs.iter().any(|input| !input.problems.is_empty()),
        general,
        version: filled
            .row
            .map(|row| row.version.clone())
            .unwrap_or_default(),
        back: filled.back.into(),
        list: list_address(table, filled.back),
        history: link("history"),
        delete: link("delete").filter(|_| may(&account, table, table.may_delete)),
        may_add: may(&account, table, table.may_add),
        page: Page::new(page_title, "admin", account),
        zone: client.zone().name().into(),
        heading,
        inputs,
        shown,
        may_save,
        jobs,
    }))
}

/// The messages above the form: those of the row, and those of columns without an input.
fn general_messages(problems: Problems, inputs: &[Input]) -> Vec<String> {
    let mut general = problems.general;
    for (name, messages) in &problems.fields {
        if !inputs.iter().any(|input| input.name == *name) {
            general.extend(messages.iter().map(|message| format!("{name}: {message}")));
        }
    }
    general
}

/// The inputs for all writable fields.
pub(crate) async fn inputs(
    client: &Client,
    table: &Table,
    filled: &Filled<'_>,
) -> WebResult<Vec<Input>> {
    let mut inputs = Vec::new();
    for field in writable(table, filled.key.is_none()) {
        inputs.push(input(client, table, field, filled).await?);
    }
    Ok(inputs)
}

/// The input for a writable field.
async fn input(
    client: &Client,
    table: &Table,
    field: &Field,
    filled: &Filled<'_>,
) -> WebResult<Input> {
    let is_new = filled.key.is_none();
    let current = filled.current(table, field);
    let typed = filled.typed.map(|typed| {
        let pair = typed.iter().find(|(name, _)| *name == field.name);
        pair.and_then(|(_, value)| value.clone())
    });
    let meanwhile = match &typed {
        Some(typed) if filled.is_conflict && *typed != current => {
            Some(current.clone().unwrap_or_else(|| "empty".into()))
        }
        _ => None,
    };
    let (widget, choices) = choices(client, field).await?;
    let problems = filled.problems.fields.get(&field.name);
    Ok(Input {
        has_box: field.is_nullable && is_ambiguous(widget) && current.is_some(),
        value: typed.unwrap_or(current).unwrap_or_default(),
        help: field.description.clone(),
        is_required: !field.is_nullable && (!is_new || field.is_required()),
        is_focused: false,
        is_emptied: filled.emptied.contains(&field.name),
        max_length: field.max_length,
        problems: problems.cloned().unwrap_or_default(),
        name: field.name.clone(),
        widget,
        choices,
        meanwhile,
    })
}

/// A read-only value. Times are stored as the picker writes them.
pub(super) fn displayed(field: &Field, value: String) -> String {
    match field.widget() {
        Widget::Time => value.replacen('T', " ", 1),
        _ => value,
    }
}

pub(super) fn refuse(page: WebResult) -> WebResult {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page?).into_response())
}
