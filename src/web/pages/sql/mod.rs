//! The page `/sql`: runs a query of the user, and shows its rows, a chart, or where its error is.

mod asked;
mod file;
mod place;
mod written;

pub(crate) use file::{sql_csv, sql_json};

use crate::terminal::number;
use crate::web::auth::Account;
use crate::web::data::chart::{ChartKind, QueryChart};
use crate::web::data::pool::Client;
use crate::web::data::query::{
    Query, QueryError, Refused, RowLimits, SavedQuery, Table, ZonedLogin, saved_queries,
    saved_query,
};
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::encoded;
use crate::web::http::limiter::Permit;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use asked::{Asked, Input};
use axum::extract::{Query as Pairs, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use place::Problem;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Limits of the page. A download has larger ones.
const LIMITS: RowLimits = RowLimits {
    seconds: 15,
    rows: 500,
    bytes: 1_000_000,
    row_letters: 20_000,
};
/// How long the result of the check of role elt_query is valid.
const FRESH: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "sql.html", config = "src/web/askama.toml")]
struct SqlPage {
    page: Page,
    /// Why nothing runs, or an empty text.
    off: String,
    text: String,
    saved: Option<SavedQuery>,
    inputs: Vec<Input>,
    chart_kind: Option<ChartKind>,
    chart_kinds: [ChartKind; 4],
    problem: Option<Problem>,
    shown: Option<Shown>,
    /// The query string of links to this query.
    link: String,
    /// Address of the form that saves it, for operators.
    save: Option<String>,
    saved_queries: Vec<SavedQuery>,
}

/// The result of a query.
struct Shown {
    table: Table,
    count: String,
    seconds: String,
    chart: Option<QueryChart>,
    /// Why there is no chart, or an empty text.
    no_chart: String,
}

pub(crate) async fn sql(
    State(app): State<App>,
    account: Account,
    Pairs(pairs): Pairs<Vec<(String, String)>>,
) -> WebResult {
    let asked = Asked::parse(&pairs);
    let client = app.pool.get(&account.zone).await?;
    let saved = saved(&client, &asked).await?;
    let mut off = reasons(&app, &client).await?.join(" ");
    let saved_queries = saved_queries(&client).await?;
    // Other pages can use the connection while the query runs.
    drop(client);
    let text = asked.text(saved.as_ref()).to_string();
    let (mut inputs, mut problem, mut shown) = (Vec::new(), None, None);
    if !text.trim().is_empty() {
        match parse(&text, saved.as_ref()) {
            Err(refused) => problem = Some(Problem::new(refused, &text)),
            Ok(query) => {
                inputs = asked.inputs(&query);
                let values = inputs.iter().map(|input| input.value.clone());
                let values: Option<Vec<String>> = values.collect();
                if let (Some(values), true) = (values, off.is_empty()) {
                    let permit = permit(&app, &account).await?;
                    match run(
                        &app.query_login.in_zone(&account.zone),
                        permit,
                        &query,
                        &values,
                        asked.chart,
                    )
                    .await
                    {
                        Ok(result) => shown = Some(result),
                        Err(QueryError::Refused(refused)) => {
                            problem = Some(Problem::new(refused, &text));
                        }
                        Err(QueryError::Off(reason)) => off = reason,
                        Err(QueryError::Web(error)) => return Err(error),
                    }
                }
            }
        }
    }
    let status = match (off.is_empty(), &problem) {
        (false, _) => StatusCode::SERVICE_UNAVAILABLE,
        (true, Some(_)) => StatusCode::BAD_REQUEST,
        (true, None) => StatusCode::OK,
    };
    let types: Vec<String> = inputs
        .iter()
        .map(|input| format!("{} {}", input.name, input.of.name()))
        .collect();
    let save = format!(
        "/admin/elt.saved_query/add?c.definition={}&c.parameters={}",
        encoded(&text),
        encoded(&types.join(", "))
    );
    let page = render(&SqlPage {
        save: (account.is_operator() && shown.is_some()).then_some(save),
        page: Page::new(
            match &saved {
                Some(saved) => format!("{} · SQL", saved.name),
                None => "SQL".into(),
            },
            "sql",
            account,
        ),
        off,
        inputs,
        chart_kind: asked.chart,
        chart_kinds: ChartKind::ALL,
        problem,
        shown,
        link: asked.query_string(&text, saved.as_ref()),
        text,
        saved,
        saved_queries,
    });
    Ok((status, page).into_response())
}

/// The saved query that the address names, if it names one.
async fn saved(client: &Client, asked: &Asked) -> WebResult<Option<SavedQuery>> {
    if asked.saved.is_empty() {
        return Ok(None);
    }
    let found = saved_query(client, &asked.saved).await?;
    match found {
        Some(found) => Ok(Some(found)),
        None => Err(WebError::Gone("There is no saved query with this name.")),
    }
}

fn parse(text: &str, saved: Option<&SavedQuery>) -> Result<Query, Refused> {
    let types = saved
        .map(|saved| saved.types.as_slice())
        .unwrap_or_default();
    Query::parse(text, types)
}

/// Limits the queries of one account.
async fn permit(app: &App, account: &Account) -> WebResult<Permit> {
    let permit = app.queries.wait(&account.name, FRESH).await;
    permit.ok_or(WebError::Busy(
        "Your account runs other queries already. Try again when they have finished.",
    ))
}

/// Why queries must not run (elt.query_problem).
pub(super) async fn reasons(app: &App, client: &Client) -> WebResult<Arc<Vec<String>>> {
    let read = async {
        let sql = "select problem from elt.query_problem order by place limit 5";
        let rows = client.query(sql, &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    };
    app.query_reasons.get(client.zone(), FRESH, read).await
}

async fn run(
    login: &ZonedLogin<'_>,
    permit: Permit,
    query: &Query,
    values: &[String],
    chart: Option<ChartKind>,
) -> Result<Shown, QueryError> {
    let since = Instant::now();
    let table = Table::read(login, Some(permit), query, values, LIMITS).await?;
    let drawn = chart.map(|kind| QueryChart::draw(kind, "Chart of the rows", &table));
    let (chart, no_chart) = match drawn {
        Some(Ok(chart)) => (Some(chart), String::new()),
        Some(Err(reason)) => (None, reason),
        None => (None, String::new()),
    };
    let count = match table.rows.len() {
        1 => "1 row".into(),
        count => format!("{} rows", number(count as i64)),
    };
    Ok(Shown {
        count,
        seconds: format!("{:.2}", since.elapsed().as_secs_f64()),
        chart,
        no_chart,
        table,
    })
}
