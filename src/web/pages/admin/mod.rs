//! The admin: rows of the tables of elt.admin_table.

mod add;
mod confirm;
mod delete;
mod delete_selected;
mod form;
mod history;
mod index;
mod input;
mod list;
mod save;
mod typed;

pub(crate) use add::{add, save_new};
pub(crate) use delete::{ask_delete, delete};
pub(crate) use delete_selected::delete_selected;
pub(crate) use form::{Filled, inputs};
pub(crate) use history::history;
pub(crate) use index::index;
pub(crate) use input::Input;
pub(crate) use list::list;
pub(crate) use save::{change, save};
pub(crate) use typed::Typed;

use crate::web::auth::Account;
use crate::web::data::edit::{Key, Row, Table};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Pairs, given};
use crate::web::http::address::encoded;
use crate::web::state::App;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use std::sync::Arc;

/// The table that the address of a request names, and a connection to read and write it.
pub(crate) struct OpenTable {
    client: Client,
    table: Arc<Table>,
}

impl FromRequestParts<App> for OpenTable {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> WebResult<OpenTable> {
        let Path(name) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| WebError::NotFound)?;
        let account = Account::from_request_parts(parts, app).await?;
        let client = app.pool.get(&account.zone).await?;
        let table = table(&client, &name).await?;
        Ok(OpenTable { client, table })
    }
}

/// Finds a table by its name in addresses.
pub(super) async fn table(client: &Client, name: &str) -> WebResult<Arc<Table>> {
    let is_short = !name.contains('.');
    let full = if is_short {
        format!("public.{name}")
    } else {
        name.into()
    };
    Table::find(client, &full).await
}

/// Whether the account may do something that the table allows if `is_allowed`.
fn may(account: &Account, table: &Table, is_allowed: bool) -> bool {
    is_allowed && account.role >= table.role
}

fn require(account: &Account, table: &Table, is_allowed: bool) -> WebResult<()> {
    if may(account, table, is_allowed) {
        Ok(())
    } else {
        Err(WebError::Forbidden("Your account is read-only."))
    }
}

/// The title of a row, or its key if it has none.
fn title(table: &Table, key: &Key, row: &Row) -> String {
    let titled = table.title_column.as_ref().and_then(|name| {
        let fields = table.fields.iter().zip(&row.values);
        let (_, value) = fields.into_iter().find(|(field, _)| field.name == *name)?;
        value.clone()
    });
    match titled.filter(|title| !title.trim().is_empty()) {
        Some(title) => shortened(&title),
        None => key.label(),
    }
}

/// The title of a page about rows of a table.
fn title_in(table: &Table, title: &str) -> String {
    format!("{title} · {}", table.short_name())
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() > LONGEST {
        format!("{}…", text.chars().take(LONGEST).collect::<String>())
    } else {
        text.into()
    }
}

/// An address of a row, such as `change?task_id=5&_back=...`.
fn address(table: &Table, place: &str, key: &Key, back: &str) -> String {
    let back = if back.is_empty() {
        String::new()
    } else {
        format!("&_back={}", encoded(back))
    };
    format!(
        "/admin/{}/{place}?{}{back}",
        table.short_name(),
        key.query()
    )
}

/// The address of the list, with the filters and the page that it had. `back`: its query string, or the address of
/// another list.
fn list_address(table: &Table, back: &str) -> String {
    // Accepts only characters of a query string, so that the address stays on this site.
    let is_query = !back.is_empty()
        && back
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#' && byte != b'"');
    let is_list = ["/explore/", "/admin/"]
        .iter()
        .any(|start| back.starts_with(start));
    if is_query && is_list {
        back.into()
    } else if is_query {
        format!("/admin/{}?{back}", table.short_name())
    } else {
        format!("/admin/{}", table.short_name())
    }
}
