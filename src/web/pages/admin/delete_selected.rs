//! Deletes the selected rows of a list, or all of its rows, after a confirmation.

use super::confirm::{DeletePage, dependents, not_deleted};
use super::{OpenTable, Pairs, given, list_address, require, shortened, title_in};
use crate::web::auth::Account;
use crate::web::data::edit::{Key, Table, WriteOutcome, delete_keys, delete_listed};
use crate::web::data::listing::{Request, Where, qualified, value_error};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, Writer, new_id};
use crate::web::http::flash;
use crate::web::page::{Page, render};
use axum::response::{IntoResponse, Response};

/// Largest number of rows that a confirmation names.
const NAMED: usize = 50;

/// The rows to delete.
enum Selection {
    /// All rows of the list.
    Listed(Request),
    Keys(Vec<Key>),
}

impl Selection {
    /// `request`: the list that the form was on.
    fn read(table: &Table, pairs: &Pairs, request: Request) -> WebResult<Selection> {
        let selected = pairs.iter().filter(|(name, _)| name == "row");
        let keys: Result<Vec<Key>, WebError> = selected
            .map(|(_, query)| Key::parse_query(query, &table.relation))
            .collect();
        let keys = keys?;
        if given(pairs, "_all").is_empty() {
            Ok(Selection::Keys(keys))
        } else {
            Ok(Selection::Listed(request))
        }
    }

    fn restrict(&self, table: &Table) -> Where {
        let mut wanted = Where::default();
        match self {
            Selection::Listed(request) => table.listing().restrict(request, &mut wanted),
            Selection::Keys(keys) => {
                wanted.either(keys, |key, to| key.restrict(&table.relation, to));
            }
        }
        wanted
    }

    async fn delete(
        &self,
        client: &Client,
        writer: &Writer<'_>,
        table: &Table,
        count: i64,
    ) -> WebResult<WriteOutcome> {
        match self {
            Selection::Listed(request) => {
                delete_listed(client, writer, table, request, count).await
            }
            Selection::Keys(keys) => delete_keys(client, writer, table, keys, count).await,
        }
    }

    /// The hidden fields that repeat the selection.
    fn fields(&self) -> Pairs {
        match self {
            Selection::Listed(_) => vec![("_all".into(), "yes".into())],
            Selection::Keys(keys) => {
                let keys = keys.iter();
                keys.map(|key| ("row".to_string(), key.query())).collect()
            }
        }
    }
}

/// The first request shows a confirmation, the second deletes the rows.
pub(crate) async fn delete_selected(
    account: Account,
    sent: Sent,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    require(&account, &table, table.may_delete)?;
    let pairs = &sent.fields;
    let back = given(pairs, "_back");
    if given(pairs, "_action") != "delete" {
        return Err(WebError::Bad("There is no such action.".into()));
    }
    let request = listed(&table, back)?;
    table.listing().require_valid(&client, &request).await?;
    let selection = Selection::read(&table, pairs, request)?;
    let list = list_address(&table, back);
    if matches!(&selection, Selection::Keys(keys) if keys.is_empty()) {
        return Ok(flash::redirect(
            &list,
            "Nothing is ticked: nothing was done.",
        ));
    }
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(flash::redirect(&list, &before.message));
    }
    let confirmed: Option<i64> = given(pairs, "_confirmed").parse().ok();
    let Some(count) = confirmed.filter(|_| !sent.is_shown_again()) else {
        return confirm(&client, account, &table, &selection, back, String::new()).await;
    };
    let message = match count {
        1 => "Deleted one row.".into(),
        _ => format!("Deleted {count} rows."),
    };
    let writer = Writer::form(&account, &sent, &message);
    let written = selection.delete(&client, &writer, &table, count).await?;
    if let WriteOutcome::Done(_) = written {
        return Ok(flash::redirect(&list, &message));
    }
    // The same form may have been executed while this request waited for it.
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(flash::redirect(&list, &before.message));
    }
    let conflict = "Rows came or went in between; nothing was deleted. Is it these?";
    let (status, message) = not_deleted(written, conflict);
    let page = confirm(&client, account, &table, &selection, back, message).await?;
    Ok((status, page).into_response())
}

async fn confirm(
    client: &Client,
    account: Account,
    table: &Table,
    selection: &Selection,
    back: &str,
    message: String,
) -> WebResult<Response> {
    let wanted = selection.restrict(table);
    let (count, names) = count_and_titles(client, table, &wanted).await?;
    let mut hidden: Pairs = vec![
        ("_form".into(), new_id()),
        ("_action".into(), "delete".into()),
        ("_confirmed".into(), count.to_string()),
        ("_back".into(), back.into()),
    ];
    hidden.extend(selection.fields());
    let list = list_address(table, back);
    let heading = match count {
        1 => "Delete one row?".into(),
        _ => format!("Delete {count} rows?"),
    };
    Ok(render(&DeletePage {
        page: Page::new(
            title_in(table, heading.trim_end_matches('?')),
            "admin",
            account,
        ),
        heading,
        short_name: table.short_name().into(),
        more: count - names.len() as i64,
        facts: Vec::new(),
        names,
        dependents: dependents(client, table, &wanted).await?,
        message,
        action: format!("/admin/{}", table.short_name()),
        hidden,
        cancel: list.clone(),
        list,
    }))
}

/// Parses the list that the form was on.
fn listed(table: &Table, back: &str) -> WebResult<Request> {
    let pairs: Pairs = serde_urlencoded::from_str(back)
        .map_err(|_| WebError::Bad("The form names a list that cannot be.".into()))?;
    Request::parse(&pairs, &table.relation)
}

/// The number of rows, and the titles of the first ones.
async fn count_and_titles(
    client: &Client,
    table: &Table,
    wanted: &Where,
) -> WebResult<(i64, Vec<String>)> {
    let named = table
        .title_column
        .as_ref()
        .or(table.relation.key_columns.first());
    let column = named.map_or("null".into(), |name| qualified(name));
    let from = format!("from {} as listed{}", table.relation.quoted(), wanted.sql());
    let sql = format!(
        "select (select count(*) {from}), \
         array(select coalesce({column}::text, '') {from} order by 1 limit {NAMED})"
    );
    let rows = client.query_text(&sql, &wanted.values).await;
    let rows = rows.map_err(value_error)?;
    let row = rows.first().ok_or(WebError::NotFound)?;
    let names: Vec<String> = row.get(1);
    Ok((
        row.get(0),
        names.iter().map(|name| shortened(name)).collect(),
    ))
}
