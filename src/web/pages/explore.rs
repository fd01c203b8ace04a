//! Tables and views, and the rows of one.

use super::filter_form::FilterForm;
use crate::terminal::number;
use crate::web::auth::Account;
use crate::web::data::catalogue::{self, Origin, Relation};
use crate::web::data::listing::{
    COUNTED, Filter, Listed, Listing, Operator, PAGE_ROWS, Request, Wrong, qualified, shortened,
};
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "relations.html", config = "src/web/askama.toml")]
struct RelationsPage {
    page: Page,
    schemas: Vec<Schema>,
}

struct Schema {
    name: String,
    says: &'static str,
    relations: Vec<Relation>,
}

pub(crate) async fn relations(State(app): State<App>, account: Account) -> WebResult {
    let client = app.pool.get().await?;
    let mut schemas: Vec<Schema> = Vec::new();
    for relation in catalogue::relations(&client).await? {
        let name = relation.name.split('.').next().unwrap_or_default();
        if schemas.last().is_none_or(|schema| schema.name != name) {
            schemas.push(Schema {
                name: name.into(),
                says: match name {
                    "public" => "Views and tables for queries",
                    "quality" => "Rules: the rows of each are violations",
                    "core" => "Typed tables, and the queries that fill them",
                    "staging" => "Raw rows",
                    _ => "Bookkeeping",
                },
                relations: Vec::new(),
            });
        }
        if let Some(schema) = schemas.last_mut() {
            schema.relations.push(relation);
        }
    }
    Ok(render(&RelationsPage {
        page: Page::new("Data", "explore", account),
        schemas,
    }))
}

#[derive(Template)]
#[template(path = "relation.html", config = "src/web/askama.toml")]
struct RelationPage {
    page: Page,
    relation: Arc<Relation>,
    request: Request,
    headers: Vec<Header>,
    rows: Vec<Row>,
    has_origins: bool,
    reads: Vec<String>,
    read_by: Vec<String>,
    count: String,
    first: u64,
    last: u64,
    previous: Option<String>,
    next: Option<String>,
    filters: Vec<Shown>,
    filter_form: FilterForm,
    search_error: Option<String>,
    query: String,
}

struct Header {
    name: String,
    description: String,
    is_number: bool,
    /// None where it has no order.
    link: Option<String>,
    /// `ascending`, `descending` or none.
    sorted: &'static str,
}

struct Row {
    cells: Vec<Cell>,
    /// In words, or the address of the rows that it is made of.
    origin: Option<String>,
    origin_link: Option<String>,
}

struct Cell {
    text: Option<String>,
    is_number: bool,
}

/// A filter, and the address without it.
struct Shown {
    filter: Filter,
    without: String,
}

pub(crate) async fn relation(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    account.role.require_sight(&name)?;
    let client = app.pool.get().await?;
    let relation = catalogue::relation(&client, &name).await?;
    let mut request = Request::parse(&pairs, &relation)?;
    let path = format!("/explore/{name}");
    let address = |request: &Request| format!("{path}?{}", request.query());
    // What the form for one more filter sent becomes an address like the others.
    if pairs.iter().any(|(key, _)| key == "column" || key == "op") {
        return Ok(Redirect::to(&address(&request.on_page(1))).into_response());
    }
    let listing = Listing::of(&relation);
    let column_count = relation.columns.len();
    let columns: Vec<String> = relation
        .columns
        .iter()
        .map(|column| match column.type_name.as_str() {
            // Bytes that are text can be read.
            "bytea" => {
                let bytes = format!("substring({} for 1000)", qualified(&column.name));
                shortened(&format!("encode({bytes}, 'escape')"), column_count)
            }
            _ => shortened(&qualified(&column.name), column_count),
        })
        .collect();
    let wrong = listing.wrong(&client, &request).await?;
    let names = relation.columns.iter().map(|column| column.name.clone());
    let filter_form = FilterForm::take(names.collect(), &mut request, &wrong);
    let (listed, count) = match wrong.is_empty() {
        true => {
            let listed = listing.page(&client, &request, &columns).await?;
            let count = listing.count(&client, &request).await?;
            (listed, count_in_words(count))
        }
        false => (Listed::default(), NOT_LISTED.into()),
    };
    let headers = relation
        .columns
        .iter()
        .map(|column| Header {
            name: column.name.clone(),
            description: column.description.clone(),
            is_number: column.category == "number",
            link: column
                .is_sortable
                .then(|| address(&request.sorted_by(&column.name))),
            sorted: match &request.sort {
                Some((name, true)) if *name == column.name => "descending",
                Some((name, false)) if *name == column.name => "ascending",
                _ => "none",
            },
        })
        .collect();
    let is_number: Vec<bool> = relation
        .columns
        .iter()
        .map(|column| column.category == "number")
        .collect();
    let first = (request.page - 1) * PAGE_ROWS;
    let last = first + listed.rows.len() as u64;
    let origin = catalogue::origin(&client, &name).await?;
    let rows: Vec<Row> = listed
        .rows
        .into_iter()
        .zip(listed.origins)
        .map(|(row, said)| Row {
            origin_link: origin
                .as_ref()
                .map(|origin| origin_address(origin, &relation, &row)),
            cells: row
                .into_iter()
                .zip(&is_number)
                .map(|(text, is_number)| Cell {
                    text,
                    is_number: *is_number,
                })
                .collect(),
            origin: said,
        })
        .collect();
    let (mut reads, mut read_by) = (Vec::new(), Vec::new());
    for (reader, read) in catalogue::lineage(&client, Some(&name)).await? {
        match reader == name {
            true => reads.push(read),
            false => read_by.push(reader),
        }
    }
    let filters = request.filters.iter().map(|filter| Shown {
        filter: filter.clone(),
        without: address(&request.without(filter)),
    });
    let page = render(&RelationPage {
        page: Page::new(name.clone(), "explore", account),
        headers,
        has_origins: rows
            .iter()
            .any(|row| row.origin.is_some() || row.origin_link.is_some()),
        rows,
        reads,
        read_by,
        count,
        first: first + 1,
        last,
        previous: (request.page > 1).then(|| address(&request.on_page(request.page - 1))),
        next: (listed.has_more && !request.is_last_page())
            .then(|| address(&request.on_page(request.page + 1))),
        filters: filters.collect(),
        filter_form,
        search_error: wrong.search.clone(),
        query: request.on_page(1).query(),
        relation,
        request,
    });
    Ok(status_of(&wrong, page))
}

/// In place of a count.
pub(super) const NOT_LISTED: &str = "No rows are listed";

/// A request that cannot be asked is the asker's fault, and has a page to correct it on.
pub(super) fn status_of(wrong: &Wrong, page: Response) -> Response {
    match wrong.is_empty() {
        true => page,
        false => (StatusCode::BAD_REQUEST, page).into_response(),
    }
}

/// `12 rows`, `1 row`.
pub(super) fn count_in_words(count: i64) -> String {
    match count {
        1 => "1 row".into(),
        count if count > COUNTED => format!("more than {} rows", number(COUNTED)),
        count => format!("{} rows", number(count)),
    }
}

/// Where the rows are whose shared columns have the values of this one.
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

#[derive(Template)]
#[template(path = "lineage.html", config = "src/web/askama.toml")]
struct LineagePage {
    page: Page,
    nodes: Vec<Node>,
}

/// A view, table or export.
struct Node {
    name: String,
    reads: Vec<String>,
    read_by: Vec<String>,
}

/// What reads what, from staging to exports.
pub(crate) async fn lineage(State(app): State<App>, account: Account) -> WebResult {
    let client = app.pool.get().await?;
    let mut nodes: BTreeMap<(usize, String), Node> = BTreeMap::new();
    for (reader, read) in catalogue::lineage(&client, None).await? {
        let mut node = |name: &str| {
            let node = nodes.entry((layer(name), name.to_string()));
            node.or_insert_with(|| Node {
                name: name.into(),
                reads: Vec::new(),
                read_by: Vec::new(),
            });
        };
        node(&reader);
        node(&read);
        if let Some(node) = nodes.get_mut(&(layer(&reader), reader.clone())) {
            node.reads.push(read.clone());
        }
        if let Some(node) = nodes.get_mut(&(layer(&read), read)) {
            node.read_by.push(reader);
        }
    }
    Ok(render(&LineagePage {
        page: Page::new("Lineage", "explore", account),
        nodes: nodes.into_values().collect(),
    }))
}

/// From where data comes in to where it goes out.
fn layer(name: &str) -> usize {
    const LAYERS: [&str; 6] = [
        "staging.", "core.", "public.", "quality.", "export.", "elt.",
    ];
    let place = LAYERS.iter().position(|layer| name.starts_with(layer));
    place.unwrap_or(LAYERS.len())
}
