//! The page of one table or view, `/explore/NAME`: its rows, read-only. `admin/list.rs` is the page of an editable table.

use super::draw_links::DrawLinks;
use super::listing::{Asked, List, ListPlace, with_status};
use crate::web::auth::Account;
use crate::web::data::catalogue::{self, Column, Origin, Relation};
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
}

pub(crate) async fn table(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    account.role.require_may_read(&name)?;
    let client = app.pool.get().await?;
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
    let columns = place.columns(&request);
    let origin = catalogue::origin(&client, &name).await?;
    // After the shown columns come those that identify the origin of the row.
    let shared = shared_columns(&relation, origin.as_ref());
    let shown = columns
        .iter()
        .map(|column| shown_sql(column, columns.len(), request.size));
    let shared_values = shared.iter().map(|column| qualified(&column.name));
    let selected: Vec<String> = shown.chain(shared_values).collect();
    let (client, list, listed) = place.read(client, &account, request, &selected).await?;
    let rows = match listed {
        Some(listed) => rows(listed, &columns, &shared, origin.as_ref()),
        None => Vec::new(),
    };
    let lineage = catalogue::lineage(&client, Some(&name)).await?;
    let (reads, read_by): (Vec<_>, Vec<_>) =
        lineage.into_iter().partition(|(reader, _)| *reader == name);
    let is_valid = list.is_valid;
    let page = render(&TablePage {
        draw_links: DrawLinks::new(&relation, &list.sql_link, &account),
        page: Page::new(name.clone(), "explore", account),
        list,
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

/// The columns that a row has in common with the rows that it was made from.
fn shared_columns<'r>(relation: &'r Relation, origin: Option<&Origin>) -> Vec<&'r Column> {
    let is_shared = |column: &&Column| {
        origin.is_some_and(|origin| origin.shared_columns.contains(&column.name))
    };
    relation.columns.iter().filter(is_shared).collect()
}

/// The values of a row are those of the shown columns, followed by those of the shared ones.
fn rows(
    listed: Listed,
    columns: &[&Column],
    shared: &[&Column],
    origin: Option<&Origin>,
) -> Vec<Row> {
    let rows = listed.rows.into_iter().zip(listed.origins);
    let rows = rows.map(|(mut values, line)| {
        let shared_values = values.split_off(columns.len());
        Row {
            origin: line,
            origin_link: origin.map(|origin| origin_address(origin, shared, shared_values)),
            cells: values
                .into_iter()
                .zip(columns)
                .map(|(text, column)| Cell {
                    text,
                    is_number: column.category == "number",
                })
                .collect(),
        }
    });
    rows.collect()
}

/// Address of the rows of the origin that have the same values in the shared columns.
fn origin_address(origin: &Origin, shared: &[&Column], values: Vec<Option<String>>) -> String {
    let filters = shared.iter().zip(values).map(|(column, value)| Filter {
        column: column.name.clone(),
        operator: match value {
            Some(_) => Operator::Is,
            None => Operator::Empty,
        },
        value: value.unwrap_or_default(),
    });
    let request = Request {
        filters: filters.collect(),
        ..Request::default()
    };
    format!("/explore/{}?{}", origin.relation, request.query())
}
