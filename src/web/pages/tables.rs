//! The list of all tables and views, `/explore`, and their lineage.

use crate::web::auth::Account;
use crate::web::data::catalogue::{self, Relation};
use crate::web::data::words::Words;
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "tables.html", config = "src/web/askama.toml")]
struct TablesPage {
    page: Page,
    schemas: Vec<Schema>,
    /// Only tables and views with these words are shown.
    search: Words,
}

struct Schema {
    name: String,
    description: &'static str,
    is_open: bool,
    relations: Vec<Relation>,
}

impl Schema {
    /// `is_searched`: shows what was found.
    fn new(name: &str, is_searched: bool) -> Schema {
        let (description, is_open) = match name {
            "public" => ("Views and tables for queries", true),
            "quality" => ("Rules: the rows of each are violations", true),
            "core" => ("Typed tables, and the queries that fill them", true),
            "staging" => ("Raw rows", false),
            _ => ("Bookkeeping", false),
        };
        Schema {
            name: name.into(),
            description,
            is_open: is_open || is_searched,
            relations: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct TablesQuery {
    #[serde(default)]
    q: String,
}

/// The title of a page that can be searched.
fn title(name: &str, words: &Words) -> String {
    if words.is_empty() {
        name.into()
    } else {
        format!("{name}: {}", words.text)
    }
}

pub(crate) async fn tables(
    State(app): State<App>,
    account: Account,
    Query(query): Query<TablesQuery>,
) -> WebResult {
    let search = Words::parse(&query.q);
    let client = app.pool.get(&account.zone).await?;
    let mut schemas: Vec<Schema> = Vec::new();
    for relation in catalogue::relations(&client).await? {
        if !search.are_in(&[&relation.name, &relation.description]) {
            continue;
        }
        let name = relation.schema();
        if schemas.last().is_none_or(|schema| schema.name != name) {
            schemas.push(Schema::new(name, !search.is_empty()));
        }
        if let Some(schema) = schemas.last_mut() {
            schema.relations.push(relation);
        }
    }
    Ok(render(&TablesPage {
        page: Page::new(title("Data", &search), "explore", account),
        schemas,
        search,
    }))
}

#[derive(Template)]
#[template(path = "lineage.html", config = "src/web/askama.toml")]
struct LineagePage {
    page: Page,
    nodes: Vec<Node>,
    /// Only rows whose name has these words are shown.
    search: Words,
}

/// A view, table or export with its neighbours.
struct Node {
    name: String,
    reads: Vec<String>,
    read_by: Vec<String>,
}

/// Shows which views read which, from staging to exports.
pub(crate) async fn lineage(
    State(app): State<App>,
    account: Account,
    Query(query): Query<TablesQuery>,
) -> WebResult {
    let search = Words::parse(&query.q);
    let client = app.pool.get(&account.zone).await?;
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
        page: Page::new(title("Lineage", &search), "explore", account),
        nodes: nodes
            .into_values()
            .filter(|node| search.are_in(&[&node.name]))
            .collect(),
        search,
    }))
}

/// Position of a relation's layer in the flow of data.
fn layer(name: &str) -> usize {
    const LAYERS: [&str; 6] = [
        "staging.", "core.", "public.", "quality.", "export.", "elt.",
    ];
    let place = LAYERS.iter().position(|layer| name.starts_with(layer));
    place.unwrap_or(LAYERS.len())
}
