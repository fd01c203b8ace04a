//! Adding a row, looking at one and changing it.

use super::{Pairs, address, given, list_address, may, require, shortened, table, title};
use crate::web::app::App;
use crate::web::auth::Account;
use crate::web::edit::{Field, Key, Problems, Row, Table, Values, Widget, Written};
use crate::web::edit::{find, insert, row, update};
use crate::web::error::{WebError, WebResult};
use crate::web::flash;
use crate::web::page::{Page, encoded, render};
use crate::web::pages::jobs::{JobRow, latest_of_row, of_row};
use crate::web::pool::Client;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDateTime;

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
    /// Of the row as it was when the form was made; empty for a new one.
    version: String,
    back: String,
    list: String,
    history: Option<String>,
    delete: Option<String>,
    may_save: bool,
    may_add: bool,
    jobs: Option<Vec<JobRow>>,
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
    /// What somebody else has made of it since.
    meanwhile: Option<String>,
}

impl Input {
    /// Type of the HTML element.
    fn kind(&self) -> &'static str {
        match self.widget {
            Widget::WholeNumber | Widget::Number => "number",
            Widget::Date if is_date(&self.value) => "date",
            Widget::Time if is_time(&self.value) => "datetime-local",
            _ => "text",
        }
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

/// Whether a browser's own picker can show it.
fn is_date(value: &str) -> bool {
    value.is_empty()
        || (value.len() == 10 && chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok())
}

fn is_time(value: &str) -> bool {
    let is_short = value.len() <= 19;
    let read = |pattern| NaiveDateTime::parse_from_str(value, pattern).is_ok();
    value.is_empty() || (is_short && (read("%Y-%m-%dT%H:%M:%S") || read("%Y-%m-%dT%H:%M")))
}

/// What the form shows: values that were typed, or those of the row.
struct Filled<'a> {
    key: Option<&'a Key>,
    /// The row as it is now.
    row: Option<&'a Row>,
    typed: Option<&'a Values>,
    problems: Problems,
    /// Somebody else changed the row: theirs is shown beside.
    is_conflict: bool,
    back: &'a str,
}

pub(crate) async fn add(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    require(&account, &table, table.may_add)?;
    let mut values = Values::new();
    for field in writable(&table, true) {
        // An address may fill in a form: `add?c.name=lab5`.
        let asked = given(&pairs, &format!("c.{}", field.name));
        let value = match asked.is_empty() {
            true => usual(&client, field).await,
            false => Some(asked.into()),
        };
        values.push((field.name.clone(), value));
    }
    let filled = Filled {
        key: None,
        row: None,
        typed: Some(&values),
        problems: Problems::default(),
        is_conflict: false,
        back: given(&pairs, "_back"),
    };
    page(&app, &client, account, &table, filled).await
}

/// What a column gets by itself, where that is the same each time.
async fn usual(client: &Client, field: &Field) -> Option<String> {
    let sql = field.default_sql.as_ref()?;
    if sql.contains('(') {
        return None;
    }
    let rows = client.ask(&format!("select ({sql})::text"), &[]).await;
    rows.ok()?.first()?.get(0)
}

fn writable(table: &Table, is_new: bool) -> impl Iterator<Item = &Field> {
    let fields = table.fields.iter();
    fields.filter(move |field| !field.is_read_only && (is_new || !field.is_key))
}

/// The values of a form: nothing typed is null, or of a new row what the column gets by itself.
fn typed(table: &Table, pairs: &Pairs, is_new: bool) -> Values {
    let mut values = Values::new();
    for field in writable(table, is_new) {
        let name = format!("c.{}", field.name);
        let Some((_, text)) = pairs.iter().find(|(key, _)| *key == name) else {
            continue;
        };
        let mut text = text.replace("\r\n", "\n");
        // Browsers leave out seconds that are none.
        if field.widget() == Widget::Time && text.len() == 16 && is_time(&text) {
            text.push_str(":00");
        }
        let value = match (text.is_empty(), field.is_nullable, field.has_default) {
            (false, ..) => Some(text),
            (true, false, true) if is_new => continue,
            (true, false, true) if field.type_name == "text" => Some(text),
            (true, ..) => None,
        };
        values.push((field.name.clone(), value));
    }
    values
}

pub(crate) async fn save_new(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    require(&account, &table, table.may_add)?;
    let values = typed(&table, &pairs, true);
    let back = given(&pairs, "_back");
    match insert(&client, &account.name, &table, &values).await? {
        Written::Done(key) => {
            let named = table.title_column.as_ref().and_then(|title| {
                let typed = values.iter().find(|(name, _)| name == title);
                typed.and_then(|(_, value)| value.clone())
            });
            let title = named.map_or_else(|| key.words(), |title| shortened(&title));
            let mut said = format!("Added “{title}”.");
            let job = match (&table.job_argument, key.0.as_slice()) {
                (Some(argument), [(_, value)]) => latest_of_row(&client, argument, value).await?,
                _ => None,
            };
            if let Some(job) = job {
                said.push_str(&format!(" It started job {job}."));
            }
            let to = match () {
                () if !given(&pairs, "_another").is_empty() => {
                    format!("/admin/{}/add?_back={}", table.short_name(), encoded(back))
                }
                // What it started is shown beside it.
                () if !given(&pairs, "_continue").is_empty() || job.is_some() => {
                    address(&table, "change", &key, back)
                }
                () => list_address(&table, back),
            };
            Ok(flash::redirect(&to, &said))
        }
        Written::Changed => Err(WebError::NotFound),
        Written::Refused(error) => {
            let problems = find(&client, &table, None, &values, &error).await?;
            let filled = Filled {
                key: None,
                row: None,
                typed: Some(&values),
                problems,
                is_conflict: false,
                back,
            };
            refuse(page(&app, &client, account, &table, filled).await)
        }
    }
}

pub(crate) async fn change(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    let key = Key::parse(&pairs, &table.relation)?;
    let row = row(&client, &table, &key)
        .await?
        .ok_or(WebError::NotFound)?;
    let filled = Filled {
        key: Some(&key),
        row: Some(&row),
        typed: None,
        problems: Problems::default(),
        is_conflict: false,
        back: given(&pairs, "_back"),
    };
    page(&app, &client, account, &table, filled).await
}

pub(crate) async fn save(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(asked): Query<Pairs>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    require(&account, &table, table.may_change)?;
    let key = Key::parse(&asked, &table.relation)?;
    let now = row(&client, &table, &key)
        .await?
        .ok_or(WebError::NotFound)?;
    let values = typed(&table, &pairs, false);
    let back = given(&pairs, "_back");
    let mut filled = Filled {
        key: Some(&key),
        row: Some(&now),
        typed: Some(&values),
        problems: Problems::default(),
        is_conflict: true,
        back,
    };
    let changed = now.changed(&table, values.clone());
    let written = match (now.version == given(&pairs, "_version"), changed.is_empty()) {
        (false, _) => Written::Changed,
        (true, true) => Written::Done(key.clone()),
        (true, false) => {
            let version = Some(now.version.as_str());
            update(&client, &account.name, &table, &key, version, &changed).await?
        }
    };
    match written {
        Written::Done(key) => {
            let title = title(&table, &key, &now);
            let said = match changed.is_empty() {
                true => format!("“{title}” was as it is; nothing changed."),
                false => {
                    let names: Vec<&str> = changed.iter().map(|(name, _)| name.as_str()).collect();
                    format!("Changed “{title}”: {}.", names.join(", "))
                }
            };
            let to = match () {
                () if !given(&pairs, "_another").is_empty() => {
                    format!("/admin/{}/add?_back={}", table.short_name(), encoded(back))
                }
                () if !given(&pairs, "_continue").is_empty() => {
                    address(&table, "change", &key, back)
                }
                () => list_address(&table, back),
            };
            Ok(flash::redirect(&to, &said))
        }
        Written::Changed => {
            let said = "Somebody changed this row since you opened it. What it is now stands beside what you \
                        typed; saving again takes yours.";
            filled.problems.general.push(said.into());
            // It may have changed once more since it was read.
            let now = row(&client, &table, &key)
                .await?
                .ok_or(WebError::NotFound)?;
            filled.row = Some(&now);
            let shown = page(&app, &client, account, &table, filled).await?;
            Ok((StatusCode::CONFLICT, shown).into_response())
        }
        Written::Refused(error) => {
            filled.problems = find(&client, &table, Some(&key), &changed, &error).await?;
            filled.is_conflict = false;
            refuse(page(&app, &client, account, &table, filled).await)
        }
    }
}

fn refuse(page: WebResult) -> WebResult {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page?).into_response())
}

/// Jobs that the row started; None where rows start none.
async fn jobs(client: &Client, table: &Table, key: &Key) -> WebResult<Option<Vec<JobRow>>> {
    match (&table.job_argument, key.0.as_slice()) {
        (Some(argument), [(_, value)]) => Ok(Some(of_row(client, argument, value).await?)),
        _ => Ok(None),
    }
}

async fn page(
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
    Ok(render(&FormPage {
        short_name: table.short_name().into(),
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

/// What is offered for a column that refers to another table, or has few values.
async fn choices(client: &Client, field: &Field) -> WebResult<(Widget, Vec<String>)> {
    let Some((referenced, column)) = &field.refers_to else {
        return Ok((field.widget(), field.choices.clone()));
    };
    let Ok(relation) = crate::web::catalogue::relation(client, referenced).await else {
        return Ok((field.widget(), Vec::new()));
    };
    let sql = format!(
        "select {0}::text from {1} as listed order by {0} limit {2}",
        crate::web::listing::qualified(column),
        relation.quoted(),
        OFFERED + 1
    );
    let rows = client.ask(&sql, &[]).await?;
    match rows.len() > OFFERED {
        true => Ok((field.widget(), Vec::new())),
        false => Ok((Widget::Choice, rows.iter().map(|row| row.get(0)).collect())),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_date, is_time};

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
