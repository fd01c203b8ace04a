//! The form of a row: its fields, its read-only values and its errors.

use super::typed::{is_ambiguous, is_time};
use super::{address, list_address, may, title};
use crate::web::auth::Account;
use crate::web::data::edit::{Field, Key, Problems, Row, Table, Values, Widget};
use crate::web::data::pool::{Client, NO_VALUES};
use crate::web::error::WebResult;
use crate::web::form::new_id;
use crate::web::page::{Page, render};
use crate::web::pages::jobs::{JobRow, of_row, somebody_works};
use crate::web::state::App;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// Rows of another table that are offered to refer to; beyond that one types the value.
const OFFERED: usize = 200;

#[derive(Template)]
#[template(path = "admin_form.html", config = "src/web/askama.toml")]
struct FormPage {
    page: Page,
    short_name: String,
    heading: String,
    inputs: Vec<Input>,
    /// What the database keeps, shown of a row that is there.
    shown: Vec<(String, Option<String>, String)>,
    general: Vec<String>,
    has_problems: bool,
    /// As it was filled in before something came between.
    is_shown_again: bool,
    /// Number of the form.
    form: String,
    action: String,
    /// Of the row as it was when the form was made; empty for a new one.
    version: String,
    back: String,
    list: String,
    history: Option<String>,
    delete: Option<String>,
    may_save: bool,
    may_add: bool,
    jobs: Option<Vec<JobRow>>,
    /// Jobs are queued, and no worker is alive.
    is_forgotten: bool,
    zone: String,
}

struct Input {
    name: String,
    help: String,
    is_required: bool,
    widget: Widget,
    value: String,
    max_length: Option<i64>,
    choices: Vec<String>,
    problems: Vec<String>,
    /// The value that another session has saved since.
    meanwhile: Option<String>,
    /// A box says that there is to be no value, since an empty picker does not.
    has_box: bool,
    is_emptied: bool,
}

impl Input {
    /// Type of the HTML element.
    fn kind(&self) -> &'static str {
        match self.widget {
            // The steps begin at the value, which is therefore whole.
            Widget::WholeNumber if is_whole(&self.value) => "number",
            Widget::Number if is_number(&self.value) => "number",
            Widget::Date if is_date(&self.value) => "date",
            Widget::Time if is_time(&self.value) => "datetime-local",
            _ => "text",
        }
    }

    /// First and last of a picker: years have four digits.
    fn limits(&self) -> Option<(&'static str, &'static str)> {
        match self.kind() {
            "date" => Some(("0001-01-01", "9999-12-31")),
            "datetime-local" => Some(("0001-01-01T00:00:00", "9999-12-31T23:59:59")),
            _ => None,
        }
    }

    /// Whether the browser asks for a value. An empty text is a value.
    fn must_be_filled(&self) -> bool {
        let is_text = [Widget::Line, Widget::Lines].contains(&self.widget);
        self.is_required && !is_text
    }

    /// The value, if it has characters that the field does not show.
    fn written_out(&self) -> Option<String> {
        crate::web::http::visible::written_out(&self.value)
    }

    /// Of a text, which grows with what is in it.
    fn rows(&self) -> usize {
        self.value.lines().count().clamp(1, 20)
    }

    fn step(&self) -> &'static str {
        match self.widget {
            Widget::Number => "any",
            _ => "1",
        }
    }
}

fn is_whole(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// NaN and infinity are none to a browser.
fn is_number(value: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    value.bytes().all(is_plain)
}

/// Whether a browser's own picker can show it.
fn is_date(value: &str) -> bool {
    value.is_empty()
        || (value.len() == 10 && chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok())
}

/// What the form shows: values that were typed, or those of the row.
#[derive(Default)]
pub(super) struct Filled<'a> {
    pub(super) key: Option<&'a Key>,
    /// The row as it is now.
    pub(super) row: Option<&'a Row>,
    pub(super) typed: Option<&'a Values>,
    /// Columns whose box is ticked.
    pub(super) emptied: &'a [String],
    pub(super) problems: Problems,
    /// Another session changed the row: its values are shown too.
    pub(super) is_conflict: bool,
    pub(super) is_shown_again: bool,
    /// Number of a form that may have been carried out; None: a new one.
    pub(super) form: Option<&'a str>,
    pub(super) back: &'a str,
}

/// Jobs that the row started; None where rows start none.
async fn jobs(client: &Client, table: &Table, key: &Key) -> WebResult<Option<Vec<JobRow>>> {
    match (&table.job_argument, key.0.as_slice()) {
        (Some(argument), [(_, value)]) => Ok(Some(of_row(client, argument, value).await?)),
        _ => Ok(None),
    }
}

pub(super) async fn page(
    app: &App,
    client: &Client,
    account: Account,
    table: &Table,
    filled: Filled<'_>,
) -> WebResult<Response> {
    let is_new = filled.key.is_none();
    let may_save = is_new || may(&account, table, table.may_change);
    let now = |field: &Field| -> Option<String> {
        let fields = table.fields.iter().zip(&filled.row?.values);
        let (_, value) = fields
            .into_iter()
            .find(|(each, _)| each.name == field.name)?;
        value.clone()
    };
    let mut inputs = Vec::new();
    let mut shown = Vec::new();
    for field in &table.fields {
        let is_writable = may_save && !field.is_read_only && (is_new || !field.is_key);
        if !is_writable {
            if !is_new {
                let value = now(field).map(|value| match field.widget() {
                    Widget::Time => value.replacen('T', " ", 1),
                    _ => value,
                });
                shown.push((field.name.clone(), value, field.description.clone()));
            }
            continue;
        }
        let typed = filled.typed.map(|typed| {
            let pair = typed.iter().find(|(name, _)| *name == field.name);
            pair.and_then(|(_, value)| value.clone())
        });
        let meanwhile = match (&typed, filled.is_conflict) {
            (Some(typed), true) if *typed != now(field) => {
                Some(now(field).unwrap_or_else(|| "empty".into()))
            }
            _ => None,
        };
        let (widget, choices) = choices(client, field).await?;
        inputs.push(Input {
            value: typed.unwrap_or_else(|| now(field)).unwrap_or_default(),
            help: field.description.clone(),
            is_required: !field.is_nullable && (!is_new || field.is_required()),
            has_box: field.is_nullable && is_ambiguous(widget) && now(field).is_some(),
            is_emptied: filled.emptied.contains(&field.name),
            max_length: field.max_length,
            problems: filled
                .problems
                .fields
                .get(&field.name)
                .cloned()
                .unwrap_or_default(),
            name: field.name.clone(),
            widget,
            choices,
            meanwhile,
        });
    }
    let mut general = filled.problems.general;
    for (name, said) in &filled.problems.fields {
        if !inputs.iter().any(|input| input.name == *name) {
            general.extend(said.iter().map(|said| format!("{name}: {said}")));
        }
    }
    let heading = match (filled.key, filled.row) {
        (Some(key), Some(row)) => title(table, key, row),
        _ => format!("Add to {}", table.short_name()),
    };
    let link = |place: &str| {
        let key = filled.key?;
        Some(address(table, place, key, filled.back))
    };
    let jobs = match filled.key {
        Some(key) => jobs(client, table, key).await?,
        None => None,
    };
    let waits = jobs.iter().flatten().any(|job| job.state == "queued");
    let is_forgotten = waits && !somebody_works(client).await?;
    Ok(render(&FormPage {
        is_forgotten,
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
        page: Page::new(heading.clone(), "admin", account),
        zone: app.time_zone.to_string(),
        heading,
        inputs,
        shown,
        may_save,
        jobs,
    }))
}

pub(super) fn refuse(page: WebResult) -> WebResult {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page?).into_response())
}

/// What is offered for a column that refers to another table, or has few values.
async fn choices(client: &Client, field: &Field) -> WebResult<(Widget, Vec<String>)> {
    let Some((referenced, column)) = &field.refers_to else {
        return Ok((field.widget(), field.choices.clone()));
    };
    let Ok(relation) = crate::web::data::catalogue::relation(client, referenced).await else {
        return Ok((field.widget(), Vec::new()));
    };
    let sql = format!(
        "select {0}::text from {1} as listed order by {0} limit {2}",
        crate::web::data::listing::qualified(column),
        relation.quoted(),
        OFFERED + 1
    );
    let rows = client.ask(&sql, NO_VALUES).await?;
    match rows.len() > OFFERED {
        true => Ok((field.widget(), Vec::new())),
        false => Ok((Widget::Choice, rows.iter().map(|row| row.get(0)).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::is_date;
    use crate::web::pages::admin::typed::is_time;

    #[test]
    fn a_picker_shows_what_it_can() {
        for value in ["", "2026-11-22T17:30", "2026-11-22T17:30:59"] {
            assert!(is_time(value), "{value}");
        }
        for value in ["infinity", "12026-11-22T17:30:59", "2026-11-22", "no time"] {
            assert!(!is_time(value), "{value}");
        }
        assert!(is_date("2026-11-22") && !is_date("-infinity") && !is_date("26-11-22"));
    }
}
