//! Adding a row, looking at one and changing it.

use super::form::{Filled, is_time, page};
use super::{Pairs, address, given, list_address, require, shortened, table, title};
use crate::web::app::App;
use crate::web::auth::Account;
use crate::web::edit::{Field, Key, Problems, Row, Table, Values, Widget, Written};
use crate::web::edit::{find, insert, row, update};
use crate::web::error::{WebError, WebResult};
use crate::web::flash;
use crate::web::page::encoded;
use crate::web::pages::jobs::latest_of_row;
use crate::web::pool::{Client, NO_VALUES};
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

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
    let rows = client
        .ask(&format!("select ({sql})::text"), NO_VALUES)
        .await;
    rows.ok()?.first()?.get(0)
}

fn writable(table: &Table, is_new: bool) -> impl Iterator<Item = &Field> {
    let fields = table.fields.iter();
    fields.filter(move |field| !field.is_read_only && (is_new || !field.is_key))
}

/// The values of a form: nothing typed is null, or of a new row what the column gets by itself.
fn typed(table: &Table, pairs: &Pairs, row: Option<&Row>) -> Values {
    let is_new = row.is_none();
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
        // What stands there as it was shown is as it was, null, empty, or with its own ends of lines.
        let now = row.and_then(|row| row.value(table, &field.name));
        if let Some(now) = now
            && now.unwrap_or_default().replace("\r\n", "\n") == text
        {
            values.push((field.name.clone(), now.map(String::from)));
            continue;
        }
        let value = match (text.is_empty(), field.is_nullable, field.has_default) {
            (false, ..) => Some(text),
            (true, false, true) if is_new => continue,
            (true, false, _) if !is_new && field.is_text() => Some(text),
            (true, ..) => None,
        };
        values.push((field.name.clone(), value));
    }
    values
}

/// What the row is called by what was typed.
fn typed_title(table: &Table, values: &Values) -> Option<String> {
    let title = table.title_column.as_ref()?;
    let (_, value) = values.iter().find(|(name, _)| name == title)?;
    value.as_deref().map(shortened)
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
    let values = typed(&table, &pairs, None);
    let back = given(&pairs, "_back");
    match insert(&client, &account.name, &table, &values).await? {
        Written::Done(key) => {
            let title = typed_title(&table, &values).unwrap_or_else(|| key.words());
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
    let values = typed(&table, &pairs, Some(&now));
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
            // As it is called now.
            let title = typed_title(&table, &values).unwrap_or_else(|| title(&table, &key, &now));
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
