//! Shows and changes a row.

use super::form::{Filled, page, refuse};
use super::typed::Typed;
use super::{Pairs, address, given, list_address, may, require, table, title};
use crate::web::auth::Account;
use crate::web::data::edit::{Key, Table, Written};
use crate::web::data::edit::{find, row, update};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, Writer};
use crate::web::http::address::encoded;
use crate::web::http::flash;
use crate::web::state::App;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

const CHANGED: &str = "Another session changed this row since you opened it. Its current values are beside your input; \
                       saving again takes yours.";

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
        back: given(&pairs, "_back"),
        ..Filled::default()
    };
    page(&app, &client, account, &table, filled).await
}

pub(crate) async fn save(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(asked): Query<Pairs>,
    sent: Sent,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    require(&account, &table, table.may_change)?;
    let key = Key::parse(&asked, &table.relation)?;
    let to = place_after(&table, &key, &sent);
    if !sent.is_shown_again()
        && let Some(before) = sent.outcome(&client, &account).await?
        && before.is_same
    {
        return Ok(flash::redirect(&to, &before.said));
    }
    let Some(now) = row(&client, &table, &key).await? else {
        return gone(&app, &client, account, &table, &key, &sent).await;
    };
    let typed = Typed::read(&table, &sent.fields, Some(&now));
    let mut filled = Filled {
        key: Some(&key),
        row: Some(&now),
        typed: Some(&typed.values),
        emptied: &typed.emptied,
        back: given(&sent.fields, "_back"),
        ..Filled::default()
    };
    let is_as_seen = now.version == given(&sent.fields, "_version");
    if is_as_seen && sent.is_shown_again() {
        filled.is_shown_again = true;
        filled.form = sent.id.as_deref();
        return page(&app, &client, account, &table, filled).await;
    }
    if is_as_seen && !typed.problems.is_empty() {
        filled.problems = typed.problems;
        return refuse(page(&app, &client, account, &table, filled).await);
    }
    let changed = now.changed(&table, typed.values.clone());
    // As it is called now.
    let title = typed
        .title(&table)
        .unwrap_or_else(|| title(&table, &key, &now));
    let names: Vec<&str> = changed.iter().map(|(name, _)| name.as_str()).collect();
    let said = match names.is_empty() {
        true => format!("“{title}” was as it is; nothing changed."),
        false => format!("Changed “{title}”: {}.", names.join(", ")),
    };
    let written = match (is_as_seen, changed.is_empty()) {
        (false, _) => Written::Changed,
        (true, true) => Written::Done(key.clone()),
        (true, false) => {
            let (writer, version) = (Writer::form(&account, &sent, &said), &now.version);
            update(&client, &writer, &table, &key, Some(version), &changed).await?
        }
    };
    if let Written::Done(_) = written {
        return Ok(flash::redirect(&to, &said));
    }
    // The same form may have been carried out while this one waited for it.
    if !sent.is_shown_again()
        && let Some(before) = sent.outcome(&client, &account).await?
        && before.is_same
    {
        return Ok(flash::redirect(&to, &before.said));
    }
    if let Written::Refused(error) = written {
        filled.problems = find(&client, &table, Some(&key), &changed, &error).await?;
        return refuse(page(&app, &client, account, &table, filled).await);
    }
    // It may have changed once more since it was read.
    let Some(latest) = row(&client, &table, &key).await? else {
        return gone(&app, &client, account, &table, &key, &sent).await;
    };
    filled.row = Some(&latest);
    filled.is_conflict = true;
    filled.problems.general.push(CHANGED.into());
    let shown = page(&app, &client, account, &table, filled).await?;
    Ok((StatusCode::CONFLICT, shown).into_response())
}

/// The row was deleted in between: what was typed may become a new one.
async fn gone(
    app: &App,
    client: &Client,
    account: Account,
    table: &Table,
    key: &Key,
    sent: &Sent,
) -> WebResult {
    if !may(&account, table, table.may_add) {
        return Err(WebError::Gone("This row was deleted since you opened it."));
    }
    let mut typed = Typed::read(table, &sent.fields, None);
    // Of a key that the database numbers there is no field.
    for (name, value) in &key.0 {
        typed.values.retain(|(column, _)| column != name);
        typed.values.push((name.clone(), Some(value.clone())));
    }
    let mut filled = Filled {
        typed: Some(&typed.values),
        back: given(&sent.fields, "_back"),
        ..Filled::default()
    };
    let said = "This row was deleted since you opened it. Saving adds what you typed as a new row.";
    filled.problems.general.push(said.into());
    let shown = page(app, client, account, table, filled).await?;
    Ok((StatusCode::CONFLICT, shown).into_response())
}

/// Where one goes after saving.
fn place_after(table: &Table, key: &Key, sent: &Sent) -> String {
    let back = given(&sent.fields, "_back");
    match () {
        () if !given(&sent.fields, "_another").is_empty() => {
            format!("/admin/{}/add?_back={}", table.short_name(), encoded(back))
        }
        () if !given(&sent.fields, "_continue").is_empty() => address(table, "change", key, back),
        () => list_address(table, back),
    }
}
