//! Deletes a row after a confirmation.

use super::confirm::{DeletePage, dependents, not_deleted};
use super::form::displayed;
use super::{OpenTable, Pairs, address, given, list_address, require, title, title_in};
use crate::web::auth::Account;
use crate::web::data::edit::{self, Key, Table, WriteOutcome, row};
use crate::web::data::listing::Where;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, Writer, new_id};
use crate::web::http::flash;
use crate::web::page::{Page, render};
use axum::extract::Query;
use axum::response::IntoResponse;

pub(crate) async fn ask_delete(
    account: Account,
    Query(pairs): Query<Pairs>,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    require(&account, &table, table.may_delete)?;
    let key = Key::parse(&pairs, &table.relation)?;
    let message = String::new();
    confirm(
        &client,
        account,
        &table,
        &key,
        given(&pairs, "_back"),
        message,
    )
    .await
}

async fn confirm(
    client: &Client,
    account: Account,
    table: &Table,
    key: &Key,
    back: &str,
    message: String,
) -> WebResult {
    let row = row(client, table, key).await?.ok_or(WebError::NotFound)?;
    let title = title(table, key, &row);
    let mut wanted = Where::default();
    key.restrict(&table.relation, &mut wanted);
    let dependents = dependents(client, table, &wanted).await?;
    Ok(render(&DeletePage {
        page: Page::new(
            title_in(table, &format!("Delete {title}")),
            "admin",
            account,
        ),
        short_name: table.short_name().into(),
        list: list_address(table, back),
        heading: format!("Delete “{title}”?"),
        names: Vec::new(),
        more: 0,
        facts: table
            .fields
            .iter()
            .zip(&row.values)
            .map(|(field, value)| {
                let value = value.clone().map(|value| displayed(field, value));
                (field.name.clone(), value)
            })
            .collect(),
        dependents,
        message,
        action: format!("/admin/{}/delete?{}", table.short_name(), key.query()),
        hidden: vec![
            ("_form".into(), new_id()),
            ("_version".into(), row.version),
            ("_back".into(), back.into()),
        ],
        cancel: address(table, "change", key, back),
    }))
}

pub(crate) async fn delete(
    account: Account,
    Query(asked): Query<Pairs>,
    sent: Sent,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    require(&account, &table, table.may_delete)?;
    let key = Key::parse(&asked, &table.relation)?;
    let (back, version) = (
        given(&sent.fields, "_back"),
        given(&sent.fields, "_version"),
    );
    let list = list_address(&table, back);
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(flash::redirect(&list, &before.message));
    }
    let Some(now) = row(&client, &table, &key).await? else {
        let message = format!("“{}” was deleted before.", key.label());
        return Ok(flash::redirect(&list, &message));
    };
    if sent.is_shown_again() {
        return confirm(&client, account, &table, &key, back, String::new()).await;
    }
    let message = format!("Deleted “{}”.", title(&table, &key, &now));
    let writer = Writer::form(&account, &sent, &message);
    let written = edit::delete(&client, &writer, &table, &key, Some(version)).await?;
    if let WriteOutcome::Done(_) = written {
        return Ok(flash::redirect(&list, &message));
    }
    // The same form may have been executed while this request waited for it.
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(flash::redirect(&list, &before.message));
    }
    let conflict = "It was changed since you opened it. Delete it as it is now?";
    let (status, message) = not_deleted(written, conflict);
    if row(&client, &table, &key).await?.is_none() {
        let message = format!("“{}” was deleted before.", key.label());
        return Ok(flash::redirect(&list, &message));
    }
    let page = confirm(&client, account, &table, &key, back, message).await?;
    Ok((status, page).into_response())
}
