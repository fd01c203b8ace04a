//! The first page of the admin: its tables and the latest changes.

use super::history::{Entry, entries};
use crate::web::auth::Account;
use crate::web::data::edit::{Registered, tables};
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::State;

const LATEST: i64 = 12;

#[derive(Template)]
#[template(path = "admin_index.html", config = "src/web/askama.toml")]
struct IndexPage {
    page: Page,
    tables: Vec<Shown>,
    entries: Vec<Entry>,
}

struct Shown {
    short_name: String,
    description: String,
    /// The rights of the account, such as `add, change`.
    rights: String,
    may_add: bool,
}

pub(crate) async fn index(State(app): State<App>, account: Account) -> WebResult {
    let client = app.pool.get(&account.zone).await?;
    let registered = tables(&client).await?;
    let mut entries = entries(&client, None, LATEST).await?;
    // For added and deleted rows, the name is enough here.
    for entry in &mut entries {
        if entry.operation != "update" {
            entry.columns.clear();
        }
    }
    let shown = registered.into_iter().map(|table| {
        let may = account.role >= table.role;
        Shown {
            rights: rights(&table, may),
            may_add: may && table.may_add,
            short_name: table.short_name,
            description: table.description,
        }
    });
    Ok(render(&IndexPage {
        tables: shown.collect(),
        entries,
        page: Page::new("Admin", "admin", account),
    }))
}

fn rights(table: &Registered, may: bool) -> String {
    let rights = [
        (table.may_add, "add"),
        (table.may_change, "change"),
        (table.may_delete, "delete"),
    ];
    let rights: Vec<&str> = rights
        .into_iter()
        .filter(|(is_allowed, _)| may && *is_allowed)
        .map(|(_, right)| right)
        .collect();
    if rights.is_empty() {
        "look".into()
    } else {
        rights.join(", ")
    }
}
