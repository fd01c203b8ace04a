//! Adds a row.

use super::form::{Filled, page, refuse};
use super::typed::{Typed, writable};
use super::{OpenTable, Pairs, address, given, list_address, require};
use crate::web::auth::Account;
use crate::web::data::edit::{Field, Key, Table, Values, WriteOutcome, find_problems, insert};
use crate::web::data::pool::{Client, NO_VALUES};
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, Writer};
use crate::web::http::address::encoded;
use crate::web::http::flash;
use crate::web::pages::jobs::latest_job_of_row;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::IntoResponse;

pub(crate) async fn add(
    account: Account,
    Query(pairs): Query<Pairs>,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    require(&account, &table, table.may_add)?;
    let mut values = Values::new();
    for field in writable(&table, true) {
        // An address can fill in the form: `add?c.name=lab5`.
        let asked = given(&pairs, &format!("c.{}", field.name));
        let value = if asked.is_empty() {
            constant_default(&client, field).await
        } else {
            Some(asked.into())
        };
        values.push((field.name.clone(), value));
    }
    let filled = Filled {
        typed: Some(&values),
        back: given(&pairs, "_back"),
        ..Filled::default()
    };
    page(&client, account, &table, filled).await
}

/// The default of a column, if it is constant.
async fn constant_default(client: &Client, field: &Field) -> Option<String> {
    let sql = field.default_sql.as_ref()?;
    if sql.contains('(') {
        return None;
    }
    let rows = client
        .query_text(&format!("select ({sql})::text"), NO_VALUES)
        .await;
    rows.ok()?.first()?.get(0)
}

pub(crate) async fn save_new(
    account: Account,
    sent: Sent,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    require(&account, &table, table.may_add)?;
    let typed = Typed::read(&table, &sent.fields, None);
    let mut filled = Filled {
        typed: Some(&typed.values),
        back: given(&sent.fields, "_back"),
        ..Filled::default()
    };
    if sent.is_shown_again() {
        filled.is_shown_again = true;
        filled.form = sent.id.as_deref();
        return page(&client, account, &table, filled).await;
    }
    let mut before = sent.outcome(&client, &account).await?;
    let mut refused = None;
    if before.is_none() {
        let writer = Writer::form(&account, &sent, "");
        match insert(&client, &writer, &table, &typed.values).await? {
            WriteOutcome::Done(key) => {
                return added(&client, &table, &typed, &key, &sent.fields).await;
            }
            WriteOutcome::Refused(error) => refused = Some(error),
            WriteOutcome::Conflict | WriteOutcome::AlreadySent => {}
        }
        // The same form may have been executed while this request waited for it.
        before = sent.outcome(&client, &account).await?;
    }
    match (before, refused) {
        (Some(before), _) if before.is_same => {
            let key = Key::new(&table, before.key);
            added(&client, &table, &typed, &key, &sent.fields).await
        }
        (Some(_), _) => {
            let message =
                "This form was already saved with other values. Saving it now adds another row.";
            filled.problems.general.push(message.into());
            let shown = page(&client, account, &table, filled).await?;
            Ok((StatusCode::CONFLICT, shown).into_response())
        }
        (None, Some(error)) => {
            filled.problems = find_problems(&client, &table, None, &typed.values, &error).await?;
            refuse(page(&client, account, &table, filled).await)
        }
        (None, None) => Err(WebError::Forbidden("Another account sent this form.")),
    }
}

/// Redirects with a message that names the added row.
async fn added(
    client: &Client,
    table: &Table,
    typed: &Typed,
    key: &Key,
    pairs: &Pairs,
) -> WebResult {
    let title = typed.title(table).unwrap_or_else(|| key.label());
    let back = given(pairs, "_back");
    let mut message = format!("Added “{title}”.");
    let job = match (&table.job_argument, key.0.as_slice()) {
        (Some(argument), [(_, value)]) => latest_job_of_row(client, argument, value).await?,
        _ => None,
    };
    if let Some(job) = job {
        message.push_str(&format!(" It started job {job}."));
    }
    let to = match () {
        () if !given(pairs, "_another").is_empty() => {
            format!("/admin/{}/add?_back={}", table.short_name(), encoded(back))
        }
        // The page of the row shows the job.
        () if !given(pairs, "_continue").is_empty() || job.is_some() => {
            address(table, "change", key, back)
        }
        () => list_address(table, back),
    };
    Ok(flash::redirect(&to, &message))
}
