//! The page of one table or view, `/explore/NAME`: its rows, read-only. `admin/list.rs` is the page of an editable table.

use super::draw_links::DrawLinks;
use super::listing::{Asked, List, ListPlace, with_status};
use super::trend::{Trend, trend};
use crate::web::auth::Account;
use crate::web::data::catalogue::{self, Column, Origin, Relation, RowLink};
use crate::web::data::listing::{Filter, Listed, Listing, Operator, Request, qualified, shortened};
use crate::web::error::WebResult;
use crate::web::http::address::encoded;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "table.html", config = "src/web/askama.toml")]
struct TablePage {
    page: Page,
    relation: Arc<Relation>,
    list: List,
    rows: Vec<Row>,
    has_origins: bool,
    reads: Vec<String>,
    read_by: Vec<String>,
    draw_links: Option<DrawLinks>,
    trend: Option<Trend>,
}

impl TablePage {
    /// What fills an empty table, as HTML.
    fn why_empty(&self) -> &'static str {
        match self.relation.schema() {
            "quality" => "This rule finds no violations in the live data.",
            "staging" | "core" => {
                "There are no rows yet. <code>elt load</code> copies them from the sources."
            }
            "public" => {
                "There are no rows. If nothing was loaded yet, <code>elt load</code> loads the sources."
            }
            _ => "There are no entries yet.",
        }
    }
}

struct Row {
    cells: Vec<Cell>,
    /// File and line of the row.
    origin: Option<String>,
    /// Address of the rows that the row was made from.
    origin_link: Option<String>,
}

struct Cell {
    text: Option<String>,
    is_number: bool,
    /// Address of the rows that explain the value.
    link: Option<String>,
}

pub(crate) async fn table(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    account.role.require_may_read(&name)?;
    let client = app.pool.get(&account.zone).await?;
    let relation = catalogue::relation(&client, &name).await?;
    let place = ListPlace {
        path: format!("/explore/{}", encoded(&name)),
        listing: Listing::new(&relation),
        usual_columns: relation.column_names(),
        facet_columns: catalogue::facet_columns(&client, &relation)
            .await?
            .0
            .clone(),
    };
    let request = match place.parse(&pairs)? {
        Asked::List(request) => request,
        Asked::Moved(response) => return Ok(response),
    };
    let trend = trend(&client, &relation).await?;
    let columns = place.columns(&request);
    let origin = catalogue::origin(&client, &name).await?;
    let links = catalogue::row_links(&client, &name).await?;
    // After the shown columns come those that links need.
    let linked = linked_columns(&relation, origin.as_ref(), &links);
    let shown = columns
        .iter()
        .map(|column| shown_sql(column, columns.len(), request.size));
    let linked_values = linked.iter().map(|column| qualified(&column.name));
    let selected: Vec<String> = shown.chain(linked_values).collect();
    let (client, list, listed) = place.read(client, &account, request, &selected).await?;
    let rows = match listed {
        Some(listed) => rows(listed, &columns, &linked, origin.as_ref(), &links),
        None => Vec::new(),
    };
    let lineage = catalogue::lineage(&client, Some(&name)).await?;
    let (reads, read_by): (Vec<_>, Vec<_>) =
        lineage.into_iter().partition(|(reader, _)| *reader == name);
    let is_valid = list.is_valid;
    let page = render(&TablePage {
        draw_links: DrawLinks::new(&relation, &list.sql_link, &account),
        page: Page::new(format!("{name} · Data"), "explore", account),
        list,
        trend,
        has_origins: rows
            .iter()
            .any(|row| row.origin.is_some() || row.origin_link.is_some()),
        rows,
        reads: reads.into_iter().map(|(_, read)| read).collect(),
        read_by: read_by.into_iter().map(|(reader, _)| reader).collect(),
        relation: relation.clone(),
    });
    Ok(with_status(is_valid, page))
}

/// SQL for the value of a column, as the page shows it.
fn shown_sql(column: &Column, column_count: usize, row_count: u64) -> String {
    let name = qualified(&column.name);
    if let Some(function) = &column.words_function {
        return shortened(&format!("{function}({name})"), column_count, row_count);
    }
    if column.type_name != "bytea" {
        return shortened(&name, column_count, row_count);
    }
    // Bytes that are text are shown as text.
    let text = format!("encode(substring({name} for 1000), 'escape')");
    shortened(&text, column_count, row_count)
}

/// The columns whose values the links of a row need: those that it shares with the rows that it was made from, and with
/// the rows that its values lead to.
fn linked_columns<'r>(
    relation: &'r Relation,
    origin: Option<&Origin>,
    links: &[RowLink],
) -> Vec<&'r Column> {
    let is_shared = |column: &&Column| {
        let of_origin = origin.iter().flat_map(|origin| &origin.shared_columns);
        let of_links = links.iter().flat_map(|link| &link.shared_columns);
        of_origin.chain(of_links).any(|name| *name == column.name)
    };
    relation.columns.iter().filter(is_shared).collect()
}

/// A column, and its value in a row.
type Value<'r> = (&'r Column, Option<String>);

/// The values of a row are those of the shown columns, followed by those of the linked ones.
fn rows(
    listed: Listed,
    columns: &[&Column],
    linked: &[&Column],
    origin: Option<&Origin>,
    links: &[RowLink],
) -> Vec<Row> {
    let rows = listed.rows.into_iter().zip(listed.origins);
    let rows = rows.map(|(mut values, line)| {
        let linked_values = values.split_off(columns.len());
        let linked: Vec<Value<'_>> = linked.iter().copied().zip(linked_values).collect();
        let cell = |(text, column): (Option<String>, &&Column)| {
            let link = links.iter().find(|link| link.column == column.name);
            Cell {
                link: link
                    .filter(|_| text.is_some())
                    .map(|link| rows_address(&link.target, &link.shared_columns, &linked)),
                text,
                is_number: column.category == "number",
            }
        };
        Row {
            origin: line,
            origin_link: origin
                .map(|origin| rows_address(&origin.relation, &origin.shared_columns, &linked)),
            cells: values.into_iter().zip(columns).map(cell).collect(),
        }
    });
    rows.collect()
}

/// Address of the rows of a relation that have the same values in the shared columns.
fn rows_address(relation: &str, shared_columns: &[String], values: &[Value<'_>]) -> String {
    let shared = values
        .iter()
        .filter(|(column, _)| shared_columns.contains(&column.name));
    let filters = shared.map(|(column, value)| Filter {
        column: column.name.clone(),
        operator: match value {
            Some(_) => Operator::Is,
            None => Operator::Empty,
        },
        value: value.clone().unwrap_or_default(),
    });
    let request = Request {
        filters: filters.collect(),
        ..Request::default()
    };
    format!("/explore/{relation}?{}", request.query())
}
