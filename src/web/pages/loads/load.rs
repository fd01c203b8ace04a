//! The page of one load: all that is known of it, and what its publish changed.

use super::held::Held;
use crate::history::{CHANGES, Change, FACTS, Fact};
use crate::terminal::number;
use crate::web::auth::Account;
use crate::web::error::{WebError, WebResult};
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "load.html", config = "src/web/askama.toml")]
struct LoadPage {
    page: Page,
    id: i64,
    facts: Vec<LinkedFact>,
    /// The publish that made it live, in words.
    publish: String,
    changes: Vec<TableChange>,
    /// `None` unless it is held.
    held: Option<Held>,
    may_decide: bool,
}

struct LinkedFact {
    name: String,
    value: String,
    link: Option<String>,
}

struct TableChange {
    table: String,
    inserted: String,
    updated: String,
    deleted: String,
}

pub(crate) async fn load(
    State(app): State<App>,
    account: Account,
    id: Result<Path<i64>, PathRejection>,
) -> WebResult {
    let Path(id) = id.map_err(|_| WebError::NotFound)?;
    let client = app.pool.get(&account.zone).await?;
    let rows = client.query(FACTS, &[&id]).await?;
    let facts: Vec<Fact> = rows.iter().map(Fact::from_row).collect();
    let source = facts.iter().find(|fact| fact.name == "source");
    let source = source.ok_or(WebError::NotFound)?.value.clone();
    let may_read_rejects = account.role.require_may_read("elt.reject").is_ok();
    let facts = facts.iter().map(|fact| LinkedFact {
        link: match fact.name.as_str() {
            "source" => Some(format!("/loads?source={source}")),
            "in staging" => Some(format!("/explore/staging.{source}?f._load_id.is={id}")),
            "rejected" | "rejects open" if may_read_rejects && fact.value != "0" => {
                Some(format!("/explore/elt.reject?f.load_id.is={id}"))
            }
            _ if fact.kind == "load" => Some(format!("/loads/{}", fact.value)),
            _ => None,
        },
        name: fact.name.clone(),
        value: fact.shown(),
    });
    let facts = facts.collect();
    let rows = client.query(CHANGES, &[&id]).await?;
    let changes: Vec<Change> = rows.iter().map(Change::from_row).collect();
    Ok(render(&LoadPage {
        held: Held::read(&client, id).await?,
        may_decide: account.is_operator(),
        page: Page::new(format!("Load {id}: {source}"), "loads", account),
        id,
        facts,
        publish: changes.first().map(Change::publish).unwrap_or_default(),
        changes: changes.iter().map(shown).collect(),
    }))
}

fn shown(change: &Change) -> TableChange {
    TableChange {
        table: change.table_name.clone(),
        inserted: number(change.rows_inserted),
        updated: number(change.rows_updated),
        deleted: number(change.rows_deleted),
    }
}
