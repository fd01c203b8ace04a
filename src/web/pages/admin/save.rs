//! Shows a row in a form, and saves it.

use super::form::{Filled, page, refuse};
use super::typed::Typed;
use super::{OpenTable, Pairs, address, given, list_address, may, require, title};
use crate::web::auth::Account;
use crate::web::data::edit::{Key, Row, Table, Values, WriteOutcome, find_problems, row, update};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, Writer};
use crate::web::http::address::encoded;
use crate::web::http::flash;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::IntoResponse;

const CHANGED: &str = "Another session changed this row since you opened it. Its current values are beside your input; \
                       saving again takes yours.";

pub(crate) async fn change(
    account: Account,
    Query(pairs): Query<Pairs>,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
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
    page(&client, account, &table, filled).await
}

pub(crate) async fn save(
    account: Account,
    Query(asked): Query<Pairs>,
    sent: Sent,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    require(&account, &table, table.may_change)?;
    let key = Key::parse(&asked, &table.relation)?;
    let to = place_after(&table, &key, &sent);
    if let Some(message) = message_of_same_form(&sent, &client, &account).await? {
        return Ok(flash::redirect(&to, &message));
    }
    let Some(now) = row(&client, &table, &key).await? else {
        return gone(&client, account, &table, &key, &sent).await;
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
        return page(&client, account, &table, filled).await;
    }
    if is_as_seen && !typed.problems.is_empty() {
        filled.problems = typed.problems;
        return refuse(page(&client, account, &table, filled).await);
    }
    let changed = now.changed(&table, typed.values.clone());
    let message = change_message(&table, &key, &now, &typed, &changed);
    let written = match (is_as_seen, changed.is_empty()) {
        (false, _) => WriteOutcome::Conflict,
        (true, true) => WriteOutcome::Done(key.clone()),
        (true, false) => {
            let (writer, version) = (Writer::form(&account, &sent, &message), &now.version);
            update(&client, &writer, &table, &key, Some(version), &changed).await?
        }
    };
    if let WriteOutcome::Done(_) = written {
        return Ok(flash::redirect(&to, &message));
    }
    // The same form may have been executed while this request waited for it.
    if let Some(message) = message_of_same_form(&sent, &client, &account).await? {
        return Ok(flash::redirect(&to, &message));
    }
    if let WriteOutcome::Refused(error) = written {
        filled.problems = find_problems(&client, &table, Some(&key), &changed, &error).await?;
        return refuse(page(&client, account, &table, filled).await);
    }
    // The row may have changed again after it was read.
    let Some(latest) = row(&client, &table, &key).await? else {
        return gone(&client, account, &table, &key, &sent).await;
    };
    filled.row = Some(&latest);
    filled.is_conflict = true;
    filled.problems.general.push(CHANGED.into());
    let shown = page(&client, account, &table, filled).await?;
    Ok((StatusCode::CONFLICT, shown).into_response())
}

/// The message of the first request, if the same form was executed before.
async fn message_of_same_form(
    sent: &Sent,
    client: &Client,
    account: &Account,
) -> WebResult<Option<String>> {
    if sent.is_shown_again() {
        return Ok(None);
    }
    let before = sent.outcome(client, account).await?;
    let before = before.filter(|before| before.is_same);
    Ok(before.map(|before| before.message))
}

/// The message after a change.
fn change_message(table: &Table, key: &Key, now: &Row, typed: &Typed, changed: &Values) -> String {
    // The title after the change.
    let title = typed.title(table).unwrap_or_else(|| title(table, key, now));
    if changed.is_empty() {
        return format!("“{title}” was as it is; nothing changed.");
    }
    let names: Vec<&str> = changed.iter().map(|(name, _)| name.as_str()).collect();
    format!("Changed “{title}”: {}.", names.join(", "))
}

/// The row was deleted in the meantime. The form then offers to add the values as a new row.
async fn gone(
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
    // A generated key has no field, but keeps its value.
    for (name, value) in &key.0 {
        typed.values.retain(|(column, _)| column != name);
        typed.values.push((name.clone(), Some(value.clone())));
    }
    let mut filled = Filled {
        typed: Some(&typed.values),
        back: given(&sent.fields, "_back"),
        ..Filled::default()
    };
    let message =
        "This row was deleted since you opened it. Saving adds what you typed as a new row.";
    filled.problems.general.push(message.into());
    let shown = page(client, account, table, filled).await?;
    Ok((StatusCode::CONFLICT, shown).into_response())
}

/// The address to show after saving.
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
