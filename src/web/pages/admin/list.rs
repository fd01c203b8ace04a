//! The rows of a table, with filters, dates and actions on several rows.

use super::{OpenTable, Pairs, address, may};
use crate::web::auth::Account;
use crate::web::data::catalogue::Column;
use crate::web::data::edit::{Key, Table, is_usual_time};
use crate::web::data::listing::{Listed, PeriodLink, Request, period_links, qualified, shortened};
use crate::web::error::WebResult;
use crate::web::http::address::encoded;
use crate::web::page::{Page, render};
use crate::web::pages::listing::{Asked, List, ListPlace, with_status};
use askama::Template;
use axum::extract::Query;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin_list.html", config = "src/web/askama.toml")]
struct ListPage {
    page: Page,
    table: Arc<Table>,
    list: List,
    rows: Vec<Row>,
    back_links: Vec<PeriodLink>,
    period_links: Vec<PeriodLink>,
    /// Query string of the list, to return to it.
    here: String,
    may_add: bool,
    may_delete: bool,
    /// Whether other pages have more rows.
    has_others: bool,
    /// Time zone of the displayed times. `None` if the list has no times.
    zone: Option<String>,
}

struct Row {
    /// The key, as the form sends it. `None` if rows have no key.
    key: Option<String>,
    link: Option<String>,
    title: String,
    cells: Vec<Cell>,
}

struct Cell {
    text: Option<String>,
    is_number: bool,
    is_time: bool,
    is_linked: bool,
}

impl ListPage {
    fn href(&self, request: &Request) -> String {
        format!("{}?{}", self.list.path, request.query())
    }
}

pub(crate) async fn list(
    account: Account,
    Query(pairs): Query<Pairs>,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    let place = ListPlace {
        path: format!("/admin/{}", encoded(table.short_name())),
        listing: table.listing(),
        usual_columns: table.listed(),
        facet_columns: table.filter_columns.clone(),
    };
    let request = match place.parse(&pairs)? {
        Asked::List(request) => request,
        Asked::Moved(response) => return Ok(response),
    };
    let columns = place.columns(&request);
    let selected = selected(&table, &columns, request.size);
    let (client, list, listed) = place.read(client, &account, request, &selected).await?;
    let here = list.request.query();
    let (back_links, period_links) = match &listed {
        Some(listed) => {
            let is_countable = !listed.place.is_long;
            period_links(&client, &place.listing, &list.request, is_countable).await?
        }
        None => Default::default(),
    };
    let count = listed.as_ref().map_or(0, |listed| listed.count);
    let rows = match listed {
        Some(listed) => rows(listed, &table, &columns, &here),
        None => Vec::new(),
    };
    let is_valid = list.is_valid;
    let page = render(&ListPage {
        page: Page::new(
            format!("{} · Admin", table.short_name()),
            "admin",
            account.clone(),
        ),
        zone: columns
            .iter()
            .any(|column| column.type_name == "timestamp with time zone")
            .then(|| client.zone().name().into()),
        has_others: count > rows.len() as i64,
        may_add: may(&account, &table, table.may_add),
        may_delete: may(&account, &table, table.may_delete),
        list,
        rows,
        back_links,
        period_links,
        here,
        table: table.clone(),
    });
    Ok(with_status(is_valid, page))
}

/// SQL for the columns of the list, followed by those of the key.
fn selected(table: &Table, columns: &[&Column], row_count: u64) -> Vec<String> {
    let shown = columns.iter().map(|column| {
        let name = qualified(&column.name);
        if !column.type_name.starts_with("timestamp") {
            return shortened(&name, columns.len(), row_count);
        }
        // Times are shown to the second. The page names the zone once.
        format!(
            "case when {} then to_char({name}, 'YYYY-MM-DD HH24:MI:SS') else {name}::text end",
            is_usual_time(&name)
        )
    });
    let keys = table.relation.key_columns.iter();
    shown.chain(keys.map(|key| qualified(key))).collect()
}

/// `listed` has the values of `selected`. `here` is the query string of the list.
fn rows(listed: Listed, table: &Table, columns: &[&Column], here: &str) -> Vec<Row> {
    let keys = &table.relation.key_columns;
    // The title links to the row, or the first column if the list does not show the title.
    let linked = table
        .title_column
        .as_ref()
        .and_then(|title| columns.iter().position(|column| column.name == *title))
        .unwrap_or(0);
    let rows = listed.rows.into_iter().map(|mut values| {
        let key_values = values.split_off(columns.len());
        let key = (!keys.is_empty()).then(|| {
            let values = key_values.into_iter().map(Option::unwrap_or_default);
            Key(keys.iter().cloned().zip(values).collect())
        });
        let title = values.get(linked).cloned().flatten();
        Row {
            link: key.as_ref().map(|key| address(table, "change", key, here)),
            title: title
                .or_else(|| key.as_ref().map(Key::label))
                .unwrap_or_default(),
            key: key.map(|key| key.query()),
            cells: values
                .into_iter()
                .enumerate()
                .map(|(index, text)| Cell {
                    text,
                    is_number: columns[index].category == "number",
                    is_time: columns[index].category == "time",
                    is_linked: index == linked,
                })
                .collect(),
        }
    });
    rows.collect()
}
