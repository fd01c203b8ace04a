//! Deletes rows after a confirmation that lists the dependent rows.

use super::{Pairs, address, given, list_address, require, shortened, table, title};
use crate::web::auth::Account;
use crate::web::data::catalogue::{self, quote};
use crate::web::data::edit::{Key, Table, Written, row};
use crate::web::data::edit::{delete as delete_row, delete_keys, delete_listed, why_not_deleted};
use crate::web::data::listing::{Request, Where};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::form::{Sent, Writer, new_id};
use crate::web::http::flash;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

/// Rows that a confirmation names.
const NAMED: usize = 50;

#[derive(Template)]
#[template(path = "admin_delete.html", config = "src/web/askama.toml")]
struct DeletePage {
    page: Page,
    short_name: String,
    list: String,
    heading: String,
    names: Vec<String>,
    more: i64,
    dependents: Vec<Dependent>,
    is_protected: bool,
    said: String,
    /// Where the form goes, and what it sends.
    action: String,
    hidden: Pairs,
    cancel: String,
}

struct Dependent {
    table: String,
    count: i64,
    consequence: String,
}

/// Rows that refer to the ones that meet `wanted`.
async fn dependents(client: &Client, table: &Table, wanted: &Where) -> WebResult<Vec<Dependent>> {
    let sql = "select dependent_table, dependent_columns, referenced_columns, consequence \
               from elt.admin_dependent where table_name = $1 order by dependent_table";
    let rows = client.query(sql, &[&table.relation.name]).await?;
    let mut dependents = Vec::new();
    for row in rows {
        let name: String = row.get(0);
        let (mine, theirs): (Vec<String>, Vec<String>) = (row.get(2), row.get(1));
        let Ok(relation) = catalogue::relation(client, &name).await else {
            continue;
        };
        let pairs = theirs.iter().zip(&mine);
        let joined: Vec<String> = pairs
            .map(|(theirs, mine)| format!("dependent.{} = listed.{}", quote(theirs), quote(mine)))
            .collect();
        let sql = format!(
            "select count(*) from {} as dependent inner join {} as listed on {}{}",
            relation.quoted(),
            table.relation.quoted(),
            joined.join(" and "),
            wanted.sql()
        );
        let found = client.ask(&sql, &wanted.values).await?;
        let count = found.first().map_or(0, |row| row.get(0));
        if count > 0 {
            dependents.push(Dependent {
                table: name,
                count,
                consequence: row.get(3),
            });
        }
    }
    Ok(dependents)
}

pub(crate) async fn ask_delete(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    require(&account, &table, table.may_delete)?;
    let key = Key::parse(&pairs, &table.relation)?;
    let said = String::new();
    one_page(&client, account, &table, &key, given(&pairs, "_back"), said).await
}

async fn one_page(
    client: &Client,
    account: Account,
    table: &Table,
    key: &Key,
    back: &str,
    said: String,
) -> WebResult {
    let row = row(client, table, key).await?.ok_or(WebError::NotFound)?;
    let title = title(table, key, &row);
    let mut wanted = Where::default();
    key.restrict(&table.relation, &mut wanted);
    let dependents = dependents(client, table, &wanted).await?;
    Ok(render(&DeletePage {
        page: Page::new(format!("Delete {title}"), "admin", account),
        short_name: table.short_name().into(),
        list: list_address(table, back),
        heading: format!("Delete “{title}”?"),
        names: Vec::new(),
        more: 0,
        is_protected: dependents
            .iter()
            .any(|each| each.consequence == "protected"),
        dependents,
        said,
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
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(asked): Query<Pairs>,
    sent: Sent,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    require(&account, &table, table.may_delete)?;
    let key = Key::parse(&asked, &table.relation)?;
    let (back, version) = (
        given(&sent.fields, "_back"),
        given(&sent.fields, "_version"),
    );
    let list = list_address(&table, back);
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(flash::redirect(&list, &before.said));
    }
    let Some(now) = row(&client, &table, &key).await? else {
        let said = format!("“{}” was deleted before.", key.words());
        return Ok(flash::redirect(&list, &said));
    };
    if sent.is_shown_again() {
        return one_page(&client, account, &table, &key, back, String::new()).await;
    }
    let said = format!("Deleted “{}”.", title(&table, &key, &now));
    let writer = Writer::form(&account, &sent, &said);
    let written = delete_row(&client, &writer, &table, &key, Some(version)).await?;
    if let Written::Done(_) = written {
        return Ok(flash::redirect(&list, &said));
    }
    // The same form may have been carried out while this one waited for it.
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(flash::redirect(&list, &before.said));
    }
    let (status, said) = match written {
        Written::Refused(error) => (StatusCode::UNPROCESSABLE_ENTITY, why_not_deleted(&error)),
        _ => (
            StatusCode::CONFLICT,
            "It was changed since you opened it. Delete it as it is now?".to_string(),
        ),
    };
    if row(&client, &table, &key).await?.is_none() {
        let said = format!("“{}” was deleted before.", key.words());
        return Ok(flash::redirect(&list, &said));
    }
    let page = one_page(&client, account, &table, &key, back, said).await?;
    Ok((status, page).into_response())
}

/// Of several: those that were ticked, or all that the list shows. Asked first, then done.
pub(crate) async fn delete_some(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    sent: Sent,
) -> WebResult {
    let pairs = &sent.fields;
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    require(&account, &table, table.may_delete)?;
    let back = given(pairs, "_back");
    if given(pairs, "_action") != "delete" {
        return Err(WebError::Bad("There is no such action.".into()));
    }
    let ticked = pairs.iter().filter(|(name, _)| name == "row");
    let keys: Result<Vec<Key>, WebError> = ticked
        .map(|(_, query)| Key::parse_query(query, &table.relation))
        .collect();
    let keys = keys?;
    let all = !given(pairs, "_all").is_empty();
    let mut wanted = Where::default();
    let request = listed(&table, back)?;
    table.listing().require_right(&client, &request).await?;
    match all {
        true => table.listing().restrict(&request, &mut wanted),
        false if keys.is_empty() => {
            let said = "Nothing is ticked: nothing was done.";
            return Ok(flash::redirect(&list_address(&table, back), said));
        }
        false => wanted.either(&keys, |key, to| key.restrict(&table.relation, to)),
    }
    let list = list_address(&table, back);
    if let Some(before) = sent.outcome(&client, &account).await? {
        return Ok(flash::redirect(&list, &before.said));
    }
    let (count, names) = named(&client, &table, &wanted).await?;
    let confirmed: Option<i64> = given(pairs, "_confirmed").parse().ok();
    let confirmed = confirmed.filter(|_| !sent.is_shown_again());
    let (status, said) = match confirmed {
        None => (StatusCode::OK, String::new()),
        Some(confirmed) => {
            let said = match confirmed {
                1 => "Deleted one row.".into(),
                _ => format!("Deleted {confirmed} rows."),
            };
            let writer = Writer::form(&account, &sent, &said);
            let written = match all {
                true => delete_listed(&client, &writer, &table, &request, confirmed).await?,
                false => delete_keys(&client, &writer, &table, &keys, confirmed).await?,
            };
            if let Written::Done(_) = written {
                return Ok(flash::redirect(&list, &said));
            }
            // The same form may have been carried out while this one waited for it.
            if let Some(before) = sent.outcome(&client, &account).await? {
                return Ok(flash::redirect(&list, &before.said));
            }
            match written {
                Written::Refused(error) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, why_not_deleted(&error))
                }
                _ => (
                    StatusCode::CONFLICT,
                    "Rows came or went in between; nothing was deleted. Is it these?".to_string(),
                ),
            }
        }
    };
    let dependents = dependents(&client, &table, &wanted).await?;
    let mut hidden: Pairs = vec![
        ("_form".into(), new_id()),
        ("_action".into(), "delete".into()),
        ("_confirmed".into(), count.to_string()),
        ("_back".into(), back.into()),
    ];
    match all {
        true => hidden.push(("_all".into(), "yes".into())),
        false => hidden.extend(keys.iter().map(|key| ("row".to_string(), key.query()))),
    }
    let page = render(&DeletePage {
        page: Page::new(format!("Delete {count} rows"), "admin", account),
        heading: match count {
            1 => "Delete one row?".into(),
            _ => format!("Delete {count} rows?"),
        },
        short_name: table.short_name().into(),
        more: count - names.len() as i64,
        names,
        is_protected: dependents
            .iter()
            .any(|each| each.consequence == "protected"),
        dependents,
        said,
        action: format!("/admin/{}", table.short_name()),
        hidden,
        cancel: list.clone(),
        list,
    });
    Ok((status, page).into_response())
}

/// The list that the form was on.
fn listed(table: &Table, back: &str) -> WebResult<Request> {
    let pairs: Pairs = serde_urlencoded::from_str(back)
        .map_err(|_| WebError::Bad("The form names a list that cannot be.".into()))?;
    Request::parse(&pairs, &table.relation)
}

/// How many rows, and what the first ones are called.
async fn named(client: &Client, table: &Table, wanted: &Where) -> WebResult<(i64, Vec<String>)> {
    let named = table
        .title_column
        .as_ref()
        .or(table.relation.key_columns.first());
    let column = named.map_or("null".into(), |name| {
        crate::web::data::listing::qualified(name)
    });
    let from = format!("from {} as listed{}", table.relation.quoted(), wanted.sql());
    let sql = format!(
        "select (select count(*) {from}), \
         array(select coalesce({column}::text, '') {from} order by 1 limit {NAMED})"
    );
    let rows = client.ask(&sql, &wanted.values).await;
    let rows = rows.map_err(crate::web::data::listing::of_values)?;
    let row = rows.first().ok_or(WebError::NotFound)?;
    let names: Vec<String> = row.get(1);
    Ok((
        row.get(0),
        names.iter().map(|name| shortened(name)).collect(),
    ))
}
