//! Tables and views, and the rows of one.

use crate::terminal::number;
use crate::web::app::App;
use crate::web::auth::Account;
use crate::web::catalogue::{self, Relation};
use crate::web::error::WebResult;
use crate::web::listing::{self, Filter, Operator, Request};
use crate::web::page::{Page, render};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};

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
                    "public" => "What people query",
                    "quality" => "Rules: the rows of each are violations",
                    "core" => "Typed tables, and the queries that fill them",
                    "staging" => "Rows as they came",
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
    relation: Relation,
    request: Request,
    headers: Vec<Header>,
    rows: Vec<Vec<Cell>>,
    count: String,
    first: u64,
    last: u64,
    previous: Option<String>,
    next: Option<String>,
    filters: Vec<Shown>,
    operators: [Operator; 7],
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
    let client = app.pool.get().await?;
    let relation = catalogue::relation(&client, &name).await?;
    let request = Request::parse(&pairs, &relation)?;
    let path = format!("/explore/{name}");
    let address = |request: &Request| format!("{path}?{}", request.query());
    // What the form for one more filter sent becomes an address like the others.
    if pairs.iter().any(|(key, _)| key == "column" || key == "op") {
        return Ok(Redirect::to(&address(&request.on_page(1))).into_response());
    }
    let listed = listing::page(&client, &request, &relation).await?;
    let counted = listing::count(&client, &request, &relation).await?;
    let count = match counted > listing::COUNTED {
        true => format!("more than {}", number(listing::COUNTED)),
        false => number(counted),
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
    let first = (request.page - 1) * listing::PAGE_ROWS;
    let last = first + listed.rows.len() as u64;
    let rows = listed
        .rows
        .into_iter()
        .map(|row| {
            let cells = row.into_iter().zip(&is_number);
            let cells = cells.map(|(text, is_number)| Cell {
                text,
                is_number: *is_number,
            });
            cells.collect()
        })
        .collect();
    let filters = request.filters.iter().map(|filter| Shown {
        filter: filter.clone(),
        without: address(&request.without(filter)),
    });
    Ok(render(&RelationPage {
        page: Page::new(name.clone(), "explore", account),
        headers,
        rows,
        count,
        first: first + 1,
        last,
        previous: (request.page > 1).then(|| address(&request.on_page(request.page - 1))),
        next: (listed.has_more && !request.is_last_page())
            .then(|| address(&request.on_page(request.page + 1))),
        filters: filters.collect(),
        operators: Operator::ALL,
        query: request.on_page(1).query(),
        relation,
        request,
    }))
}
