//! The history of changes (elt.change).

use super::{OpenTable, Pairs, given, list_address, title, title_in};
use crate::web::auth::Account;
use crate::web::data::edit::{Key, Table, row};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::page::{Page, render};
use crate::web::pages::Moment;
use askama::Template;
use axum::extract::Query;
use serde_json::{Map, Value};
use std::sync::Arc;

const ENTRIES: i64 = 200;

#[derive(Template)]
#[template(path = "admin_history.html", config = "src/web/askama.toml")]
struct HistoryPage {
    page: Page,
    table: Arc<Table>,
    title: String,
    list: String,
    change: Option<String>,
    entries: Vec<Entry>,
}

pub(super) struct Entry {
    pub(super) when: Option<Moment>,
    pub(super) who: String,
    pub(super) operation: String,
    /// The operation, to display.
    pub(super) done: &'static str,
    pub(super) table: String,
    /// Address of the row's history. `None` if the row has no key.
    pub(super) link: Option<String>,
    /// Title of the row.
    pub(super) row: String,
    pub(super) columns: Vec<Changed>,
    /// The transaction. `None` for old changes.
    transaction: Option<String>,
    /// The number of shown entries of the transaction, in its first entry. 0 in the others.
    pub(super) span: usize,
    /// How many other changes the transaction made, shown or not.
    pub(super) others: i64,
}

impl Entry {
    /// The address of all changes of the transaction.
    pub(super) fn transaction_link(&self) -> String {
        let transaction = self.transaction.as_deref().unwrap_or_default();
        format!("/explore/elt.change?f.transaction_id.is={transaction}")
    }
}

pub(super) struct Changed {
    pub(super) name: String,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// The latest changes of a row, or of all registered tables.
pub(super) async fn entries(
    client: &Client,
    of_row: Option<(&Table, &Key)>,
    limit: i64,
) -> WebResult<Vec<Entry>> {
    let sql = "select changed_at::text, account_name, role_name, program, operation, change.table_name, row_key, \
               old_values, new_values, title_column, transaction_id::text, \
               (select count(*) - 1 from elt.change as other where other.transaction_id = change.transaction_id) \
               from elt.change inner join elt.admin_table on change.table_name = admin_table.table_name \
               where ($1::text is null or change.table_name = $1) \
               and ($2::jsonb is null or row_key = $2) order by change_id desc limit $3";
    let name = of_row.map(|(table, _)| table.relation.name.as_str());
    let key = match of_row {
        Some((table, key)) => Some(row_key(client, table, key).await?),
        None => None,
    };
    let rows = client.query(sql, &[&name, &key, &limit]).await?;
    let entries = rows.iter().map(|row| {
        let (role, program): (String, String) = (row.get(2), row.get(3));
        let key: Value = row.get(6);
        let (old, new): (Option<Value>, Option<Value>) = (row.get(7), row.get(8));
        let table: String = row.get(5);
        let short = table.strip_prefix("public.").unwrap_or(&table).to_string();
        let title_column: Option<String> = row.get(9);
        let titled = title_column.and_then(|name| {
            let values = new.as_ref().and_then(|new| new.get(&name));
            values.or_else(|| old.as_ref()?.get(&name)).and_then(text)
        });
        let pairs: Vec<(String, String)> = key
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), text(value).unwrap_or_default()))
            .collect();
        let key = Key(pairs);
        Entry {
            when: Moment::new(row.get(0)),
            who: match row.get::<_, Option<String>>(1) {
                Some(account) => account,
                None if program.is_empty() => role,
                None => format!("{role} ({program})"),
            },
            operation: row.get(4),
            done: match row.get(4) {
                "insert" => "added to",
                "delete" => "deleted from",
                _ => "changed in",
            },
            link: (!key.0.is_empty()).then(|| format!("/admin/{short}/history?{}", key.query())),
            row: titled.unwrap_or_else(|| key.label()),
            columns: columns(old.as_ref(), new.as_ref()),
            table: short,
            transaction: row.get(10),
            span: 1,
            others: row.get::<_, i64>(11).max(0),
        }
    });
    let mut entries: Vec<Entry> = entries.collect();
    let groups =
        entries.chunk_by_mut(|a, b| a.transaction.is_some() && a.transaction == b.transaction);
    for group in groups {
        let length = group.len();
        for (index, entry) in group.iter_mut().enumerate() {
            entry.span = if index == 0 { length } else { 0 };
        }
    }
    Ok(entries)
}

/// The key as elt.change stores it, with numbers as JSON numbers.
async fn row_key(client: &Client, table: &Table, key: &Key) -> WebResult<Value> {
    let parts: Vec<String> = key
        .0
        .iter()
        .enumerate()
        .map(|(index, (name, _))| {
            let type_name = table
                .field(name)
                .map_or("text", |field| field.cast_name.as_str());
            format!("to_jsonb(${}::text::{type_name})::text", index + 1)
        })
        .collect();
    let values: Vec<&str> = key.0.iter().map(|(_, value)| value.as_str()).collect();
    let rows = client
        .query_text(&format!("select {}", parts.join(", ")), &values)
        .await
        .map_err(crate::web::data::listing::value_error)?;
    let found = rows.first().ok_or(WebError::NotFound)?;
    let object: Option<Map<String, Value>> = key
        .0
        .iter()
        .enumerate()
        .map(|(index, (name, _))| {
            let value = serde_json::from_str(found.get(index)).ok()?;
            Some((name.clone(), value))
        })
        .collect();
    object.map(Value::Object).ok_or(WebError::NotFound)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn columns(old: Option<&Value>, new: Option<&Value>) -> Vec<Changed> {
    let object = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    let (old, new) = (object(old), object(new));
    let names = new.as_ref().or(old.as_ref()).into_iter().flatten();
    let changed = names.map(|(name, _)| {
        let value = |object: &Option<Map<String, Value>>| text(object.as_ref()?.get(name)?);
        Changed {
            name: name.clone(),
            old: value(&old),
            new: value(&new),
        }
    });
    changed
        .filter(|changed| changed.old.is_some() || changed.new.is_some())
        .collect()
}

pub(crate) async fn history(
    account: Account,
    Query(pairs): Query<Pairs>,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    let key = Key::parse(&pairs, &table.relation)?;
    let entries = entries(&client, Some((&table, &key)), ENTRIES).await?;
    let found = row(&client, &table, &key).await?;
    if found.is_none() && entries.is_empty() {
        return Err(WebError::NotFound);
    }
    let title = match &found {
        Some(row) => title(&table, &key, row),
        None => key.label(),
    };
    let back = given(&pairs, "_back");
    Ok(render(&HistoryPage {
        page: Page::new(
            title_in(&table, &format!("History of {title}")),
            "admin",
            account,
        ),
        list: list_address(&table, back),
        change: found.map(|_| super::address(&table, "change", &key, back)),
        title,
        entries,
        table,
    }))
}
