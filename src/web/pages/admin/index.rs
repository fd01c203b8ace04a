//! The admin's first page: its tables, and what was changed last.

use super::history::{Entry, entries};
use crate::web::app::App;
use crate::web::auth::Account;
use crate::web::edit::tables;
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
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
    may_add: bool,
    is_read_only: bool,
}

pub(crate) async fn index(State(app): State<App>, account: Account) -> WebResult {
    let client = app.pool.get().await?;
    let registered = tables(&client).await?;
    let mut entries = entries(&client, None, LATEST).await?;
    // Of what came and went the name is enough here.
    for entry in &mut entries {
        if entry.operation != "update" {
            entry.columns.clear();
        }
    }
    let shown = registered.into_iter().map(|table| {
        let may = account.role >= table.role;
        Shown {
            may_add: may && table.may_add,
            is_read_only: !(may && (table.may_add || table.may_change || table.may_delete)),
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
