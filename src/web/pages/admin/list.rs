//! The rows of a table: sort, search, filter, and select for actions on several rows.

use super::{Pairs, address, may, table};
use crate::web::auth::Account;
use crate::web::data::edit::{Key, Table, is_usual_time};
use crate::web::data::listing::{
    COUNTED, Facet, Listed, Operator, PAGE_ROWS, Request, Step, facets, qualified, shortened, steps,
};
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
use crate::web::pages::explore::{NOT_LISTED, count_in_words, status_of};
use crate::web::pages::filter_form::FilterForm;
use crate::web::state::App;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin_list.html", config = "src/web/askama.toml")]
struct ListPage {
    page: Page,
    table: Arc<Table>,
    request: Request,
    headers: Vec<Header>,
    rows: Vec<Row>,
    facets: Vec<Facet>,
    back_steps: Vec<Step>,
    steps: Vec<Step>,
    filters: Vec<(String, String)>,
    filter_form: FilterForm,
    search_error: Option<String>,
    count: String,
    first: u64,
    last: u64,
    previous: Option<String>,
    next: Option<String>,
    /// As the list is now, to come back to.
    here: String,
    download: String,
    may_add: bool,
    may_delete: bool,
    /// More match than are on the page.
    has_others: bool,
    /// Time zone of what is shown; None where there are no times.
    zone: Option<String>,
}

struct Header {
    name: String,
    description: String,
    is_number: bool,
    link: Option<String>,
    sorted: &'static str,
}

struct Row {
    /// As the form sends it; None where rows have no key.
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
        format!("/admin/{}?{}", self.table.short_name(), request.query())
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    account: Account,
    Path(name): Path<String>,
    Query(pairs): Query<Pairs>,
) -> WebResult {
    let client = app.pool.get().await?;
    let table = table(&client, &name).await?;
    let mut request = Request::parse(&pairs, &table.relation)?;
    let href = |request: &Request| format!("/admin/{}?{}", table.short_name(), request.query());
    // What the form for one more filter sent becomes an address like the others.
    if pairs.iter().any(|(key, _)| key == "column" || key == "op") {
        return Ok(Redirect::to(&href(&request.on_page(1))).into_response());
    }
    let listing = table.listing();
    let columns = table.listed();
    let keys = &table.relation.key_columns;
    let shown = columns
        .iter()
        .map(|column| match column.type_name.as_str() {
            // To the second is enough to look at, and the zone is said once.
            name if name.starts_with("timestamp") => {
                let name = qualified(&column.name);
                format!(
                    "case when {} then to_char({name}, 'YYYY-MM-DD HH24:MI:SS') else {name}::text end",
                    is_usual_time(&name)
                )
            }
            _ => shortened(&qualified(&column.name), columns.len()),
        });
    let shown: Vec<String> = shown.chain(keys.iter().map(|key| qualified(key))).collect();
    let wrong = listing.wrong(&client, &request).await?;
    let names = table
        .relation
        .columns
        .iter()
        .map(|column| column.name.clone());
    let filter_form = FilterForm::take(names.collect(), &mut request, &wrong);
    let (mut listed, mut counted) = (Listed::default(), 0);
    let (mut narrowed, mut walked) = (Vec::new(), (Vec::new(), Vec::new()));
    if wrong.is_empty() {
        listed = listing.page(&client, &request, &shown).await?;
        counted = listing.count(&client, &request).await?;
        let is_countable = counted <= COUNTED;
        let columns_with = &table.filter_columns;
        narrowed = facets(&client, &listing, &request, columns_with, is_countable).await?;
        walked = steps(&client, &listing, &request, is_countable).await?;
    }
    let (facets, (back_steps, steps)) = (narrowed, walked);
    let sort = request.sort.as_ref().or(listing.usual_order.as_ref());
    let headers = columns.iter().map(|column| Header {
        name: column.name.clone(),
        description: column.description.clone(),
        is_number: column.category == "number",
        link: column
            .is_sortable
            .then(|| href(&request.sorted_by(&column.name))),
        sorted: match sort {
            Some((name, true)) if *name == column.name => "descending",
            Some((name, false)) if *name == column.name => "ascending",
            _ => "none",
        },
    });
    let here = request.query();
    // The title's cell leads to the row; where it is not listed, the first.
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
        let titled = values.get(linked).cloned().flatten();
        Row {
            link: key
                .as_ref()
                .map(|key| address(&table, "change", key, &here)),
            title: titled
                .or_else(|| key.as_ref().map(Key::words))
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
    let rows: Vec<Row> = rows.collect();
    // Those that the facets show are marked there.
    let filters = request
        .filters
        .iter()
        .filter(|filter| {
            !facets.iter().any(|facet| {
                facet.column == filter.column
                    && facet.choices.iter().skip(1).any(|choice| choice.is_chosen)
            })
        })
        .map(|filter| {
            let value = match filter.operator {
                Operator::Empty | Operator::NotEmpty => String::new(),
                _ => format!(" {}", filter.value),
            };
            (
                format!("{} {}{value}", filter.column, filter.operator.words()),
                href(&request.without(filter)),
            )
        });
    let first = (request.page - 1) * PAGE_ROWS;
    let may_delete = may(&account, &table, table.may_delete);
    let page = render(&ListPage {
        page: Page::new(table.short_name(), "admin", account.clone()),
        headers: headers.collect(),
        filters: filters.collect(),
        count: match wrong.is_empty() {
            true => count_in_words(counted),
            false => NOT_LISTED.into(),
        },
        filter_form,
        search_error: wrong.search.clone(),
        first: first + 1,
        last: first + rows.len() as u64,
        previous: (request.page > 1).then(|| href(&request.on_page(request.page - 1))),
        next: (listed.has_more && !request.is_last_page())
            .then(|| href(&request.on_page(request.page + 1))),
        zone: columns
            .iter()
            .any(|column| column.type_name == "timestamp with time zone")
            .then(|| app.time_zone.to_string()),
        has_others: counted > rows.len() as i64,
        download: format!(
            "/admin/{}/rows.csv?{}",
            table.short_name(),
            request.on_page(1).query()
        ),
        may_add: may(&account, &table, table.may_add),
        may_delete,
        rows,
        facets,
        back_steps,
        steps,
        here,
        request,
        table,
    });
    Ok(status_of(&wrong, page))
}
