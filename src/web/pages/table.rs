//! The page of one table or view, `/explore/NAME`: its rows, read-only. `admin/list.rs` is the page of an editable table.

use super::filter_form::FilterForm;
use super::rows::{Header, Paging, adds_filter, count_text, with_status};
use crate::web::auth::Account;
use crate::web::data::catalogue::{self, Column, Origin, Relation};
use crate::web::data::listing::{Filter, Listed, Listing, Operator, Request, qualified, shortened};
use crate::web::error::WebResult;
use crate::web::http::address::sql_link;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "table.html", config = "src/web/askama.toml")]
struct TablePage {
    page: Page,
    relation: Arc<Relation>,
    request: Request,
    headers: Vec<Header>,
    rows: Vec<Row>,
    has_origins: bool,
    reads: Vec<String>,
    read_by: Vec<String>,
    count: String,
    paging: Paging,
    filters: Vec<RemovableFilter>,
    filter_form: FilterForm,
    search_error: Option<String>,
    query: String,
    sql_link: String,
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

/// A filter, and the address of the list without it.
struct RemovableFilter {
    filter: Filter,
    without: String,
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
    let mut request = Request::parse(&pairs, &relation)?;
    let path = format!("/explore/{name}");
    let address = |request: &Request| format!("{path}?{}", request.query());
    if adds_filter(&pairs) {
        return Ok(Redirect::to(&address(&request.on_page(1))).into_response());
    }
    let listing = Listing::new(&relation);
    let errors = listing.check(&client, &request).await?;
    let names = relation.columns.iter().map(|column| column.name.clone());
    let filter_form = FilterForm::take(names.collect(), &mut request, &errors);
    let (mut listed, mut count) = (Listed::default(), None);
    if errors.is_empty() {
        let columns = relation.columns.iter();
        let columns: Vec<String> = columns
            .map(|column| shown_sql(column, relation.columns.len()))
            .collect();
        listed = listing.page(&client, &request, &columns).await?;
        count = Some(listing.count(&client, &request).await?);
    }
    let headers = relation.columns.iter().map(|column| {
        let link = address(&request.sorted_by(&column.name, &listing.usual_order));
        Header::new(column, listing.order(&request), link)
    });
    let headers: Vec<Header> = headers.collect();
    let paging = Paging::new(&request, &listed, address);
    let origin = catalogue::origin(&client, &name).await?;
    let rows = rows(listed, &relation, origin.as_ref());
    let lineage = catalogue::lineage(&client, Some(&name)).await?;
    let (reads, read_by): (Vec<_>, Vec<_>) =
        lineage.into_iter().partition(|(reader, _)| *reader == name);
    let filters = request.filters.iter().map(|filter| RemovableFilter {
        filter: filter.clone(),
        without: address(&request.without(filter)),
    });
    let page = render(&TablePage {
        page: Page::new(name.clone(), "explore", account),
        headers,
        has_origins: rows
            .iter()
            .any(|row| row.origin.is_some() || row.origin_link.is_some()),
        rows,
        reads: reads.into_iter().map(|(_, read)| read).collect(),
        read_by: read_by.into_iter().map(|(reader, _)| reader).collect(),
        count: count_text(count),
        paging,
        filters: filters.collect(),
        filter_form,
        search_error: errors.search.clone(),
        query: request.on_page(1).query(),
        sql_link: sql_link(&listing.shown_sql(&request)),
        relation,
        request,
    });
    Ok(with_status(&errors, page))
}

/// SQL for the value of a column, as the page shows it.
fn shown_sql(column: &Column, column_count: usize) -> String {
    let name = qualified(&column.name);
    if let Some(function) = &column.words_function {
        return shortened(&format!("{function}({name})"), column_count);
    }
    if column.type_name != "bytea" {
        return shortened(&name, column_count);
    }
    // Bytes that are text are shown as text.
    let text = format!("encode(substring({name} for 1000), 'escape')");
    shortened(&text, column_count)
}

fn rows(listed: Listed, relation: &Relation, origin: Option<&Origin>) -> Vec<Row> {
    let rows = listed.rows.into_iter().zip(listed.origins);
    let rows = rows.map(|(values, line)| Row {
        origin: line,
        origin_link: origin.map(|origin| origin_address(origin, relation, &values)),
        cells: values
            .into_iter()
            .zip(&relation.columns)
            .map(|(text, column)| Cell {
                text,
                is_number: column.category == "number",
            })
            .collect(),
    });
    rows.collect()
}

/// Address of the rows of the origin that have the same values in the shared columns.
fn origin_address(origin: &Origin, relation: &Relation, row: &[Option<String>]) -> String {
    let filters = relation
        .columns
        .iter()
        .zip(row)
        .filter(|(column, _)| origin.shared_columns.contains(&column.name))
        .map(|(column, value)| Filter {
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
    format!("/explore/{}?{}", origin.relation, request.query())
}
