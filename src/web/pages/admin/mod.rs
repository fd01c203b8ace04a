//! The admin: rows of the tables of elt.admin_table.

mod add;
mod delete;
mod form;
mod history;
mod index;
mod list;
mod save;
mod typed;

pub(crate) use add::{add, save_new};
pub(crate) use delete::{ask_delete, delete, delete_some};
pub(crate) use history::history;
pub(crate) use index::index;
pub(crate) use list::list;
pub(crate) use save::{change, save};

use crate::web::auth::Account;
use crate::web::data::edit::{Key, Row, Table};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Pairs, given};
use crate::web::http::address::encoded;
use std::sync::Arc;

/// By the name that its addresses have.
pub(super) async fn table(client: &Client, name: &str) -> WebResult<Arc<Table>> {
    let is_short = !name.contains('.');
    let full = if is_short {
        format!("public.{name}")
    } else {
        name.into()
    };
    Table::find(client, &full).await
}

/// Whether the account may do it, if the table allows it.
fn may(account: &Account, table: &Table, is_allowed: bool) -> bool {
    is_allowed && account.role >= table.role
}

fn require(account: &Account, table: &Table, is_allowed: bool) -> WebResult<()> {
    match may(account, table, is_allowed) {
        true => Ok(()),
        false => Err(WebError::Forbidden("Your account is read-only.")),
    }
}

/// What a row is called: its title, or its key.
fn title(table: &Table, key: &Key, row: &Row) -> String {
    let titled = table.title_column.as_ref().and_then(|name| {
        let fields = table.fields.iter().zip(&row.values);
        let (_, value) = fields.into_iter().find(|(field, _)| field.name == *name)?;
        value.clone()
    });
    match titled.filter(|title| !title.trim().is_empty()) {
        Some(title) => shortened(&title),
        None => key.words(),
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.chars().count() > LONGEST {
        true => format!("{}…", text.chars().take(LONGEST).collect::<String>()),
        false => text.into(),
    }
}

/// An address of a table's: `change?task_id=5&_back=...`.
fn address(table: &Table, place: &str, key: &Key, back: &str) -> String {
    let back = match back.is_empty() {
        true => String::new(),
        false => format!("&_back={}", encoded(back)),
    };
    format!(
        "/admin/{}/{place}?{}{back}",
        table.short_name(),
        key.query()
    )
}

/// The list, as it was left: with its filters and its page.
fn list_address(table: &Table, back: &str) -> String {
    // Only a query string of our own list: nothing that leads elsewhere.
    let is_query = !back.is_empty()
        && back
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#' && byte != b'"');
    match is_query {
        true => format!("/admin/{}?{back}", table.short_name()),
        false => format!("/admin/{}", table.short_name()),
    }
}
