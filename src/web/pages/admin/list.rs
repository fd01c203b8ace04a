//! The rows of a table, with order, search, filters and actions on several rows.

use super::{OpenTable, Pairs, address, may};
use crate::web::auth::Account;
use crate::web::data::catalogue::Column;
use crate::web::data::edit::{Key, Table, is_usual_time};
use crate::web::data::listing::{
    COUNTED, Facet, Filter, Listed, Operator, PeriodLink, Request, facets, period_links, qualified,
    shortened,
};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::http::address::sql_link;
use crate::web::page::{Page, render};
use crate::web::pages::filter_form::FilterForm;
use crate::web::pages::rows::{Header, Paging, adds_filter, count_text, with_status};
use crate::web::state::App;
use askama::Template;
use axum::extract::{Query, State};
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
    back_links: Vec<PeriodLink>,
    period_links: Vec<PeriodLink>,
    /// Filters as text, and the address of the list without each.
    filters: Vec<(String, String)>,
    filter_form: FilterForm,
    search_error: Option<String>,
    count: String,
    paging: Paging,
    /// Query string of the list, to return to it.
    here: String,
    download: String,
    sql_link: String,
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
        format!("/admin/{}?{}", self.table.short_name(), request.query())
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    account: Account,
    Query(pairs): Query<Pairs>,
    OpenTable { client, table }: OpenTable,
) -> WebResult {
    let mut request = Request::parse(&pairs, &table.relation)?;
    let href = |request: &Request| format!("/admin/{}?{}", table.short_name(), request.query());
    if adds_filter(&pairs) {
        return Ok(Redirect::to(&href(&request.on_page(1))).into_response());
    }
    let listing = table.listing();
    let errors = listing.check(&client, &request).await?;
    let names = table.relation.columns.iter();
    let names = names.map(|column| column.name.clone()).collect();
    let filter_form = FilterForm::take(names, &mut request, &errors);
    let found = if errors.is_empty() {
        find(&client, &table, &request).await?
    } else {
        Found::default()
    };
    let columns = table.listed();
    let headers = columns.iter().map(|column| {
        let link = href(&request.sorted_by(&column.name, &listing.usual_order));
        Header::new(column, listing.order(&request), link)
    });
    let headers: Vec<Header> = headers.collect();
    let filters = request.filters.iter();
    let filters = filters
        .filter(|filter| !is_chosen(&found.facets, filter))
        .map(|filter| (filter_text(filter), href(&request.without(filter))));
    let paging = Paging::new(&request, &found.listed, href);
    let here = request.query();
    let rows = rows(found.listed, &table, &columns, &here);
    let page = render(&ListPage {
        page: Page::new(table.short_name(), "admin", account.clone()),
        headers,
        filters: filters.collect(),
        count: count_text(found.count),
        filter_form,
        search_error: errors.search.clone(),
        paging,
        zone: columns
            .iter()
            .any(|column| column.type_name == "timestamp with time zone")
            .then(|| app.time_zone.to_string()),
        has_others: found.count.unwrap_or_default() > rows.len() as i64,
        sql_link: sql_link(&table.listing().shown_sql(&request)),
        download: format!(
            "/admin/{}/rows.csv?{}",
            table.short_name(),
            request.on_page(1).query()
        ),
        may_add: may(&account, &table, table.may_add),
        may_delete: may(&account, &table, table.may_delete),
        rows,
        facets: found.facets,
        back_links: found.back_links,
        period_links: found.period_links,
        here,
        request,
        table,
    });
    Ok(with_status(&errors, page))
}

/// The content of the list.
#[derive(Default)]
struct Found {
    listed: Listed,
    /// `None` if the request is invalid.
    count: Option<i64>,
    facets: Vec<Facet>,
    back_links: Vec<PeriodLink>,
    period_links: Vec<PeriodLink>,
}

async fn find(client: &Client, table: &Table, request: &Request) -> WebResult<Found> {
    let listing = table.listing();
    let listed = listing.page(client, request, &shown_sql(table)).await?;
    let count = listing.count(client, request).await?;
    let is_countable = count <= COUNTED;
    let columns = &table.filter_columns;
    let facets = facets(client, &listing, request, columns, is_countable).await?;
    let (back_links, period_links) = period_links(client, &listing, request, is_countable).await?;
    Ok(Found {
        listed,
        count: Some(count),
        facets,
        back_links,
        period_links,
    })
}

/// SQL for the columns of the list, followed by those of the key.
fn shown_sql(table: &Table) -> Vec<String> {
    let columns = table.listed();
    let shown = columns.iter().map(|column| {
        let name = qualified(&column.name);
        if !column.type_name.starts_with("timestamp") {
            return shortened(&name, columns.len());
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

/// `listed` has the values of `shown_sql`. `here` is the query string of the list.
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

/// Whether a facet shows the filter as chosen, so that the list need not repeat it.
fn is_chosen(facets: &[Facet], filter: &Filter) -> bool {
    facets.iter().any(|facet| {
        let mut choices = facet.choices.iter().skip(1);
        facet.column == filter.column && choices.any(|choice| choice.is_chosen)
    })
}

fn filter_text(filter: &Filter) -> String {
    let value = match filter.operator {
        Operator::Empty | Operator::NotEmpty => String::new(),
        _ => format!(" {}", filter.value),
    };
    format!("{} {}{value}", filter.column, filter.operator.label())
}
