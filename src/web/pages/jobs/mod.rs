//! The list of jobs: running and dead jobs first, with filters, charts, queues, workers, schedules and the kinds of jobs
//! to start.

mod argument;
mod asked;
mod found;
mod history;
mod overview;
mod row;
mod selected;
mod start;

pub(super) use overview::is_worker_alive;
pub(super) use row::{JobRow, jobs_of_row, latest_job_of_row, latest_jobs, row_link, took};
pub(in crate::web) use selected::{act_on_selected, results};
pub(in crate::web) use start::{start, start_form};

use crate::web::auth::{Account, Role};
use crate::web::error::WebResult;
use crate::web::form::Pairs;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use asked::Asked;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use found::Found;
use history::SpanCharts;
use overview::{Kind, Queue, Schedule, Worker};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "jobs.html", config = "src/web/askama.toml")]
struct JobsPage {
    page: Page,
    asked: Asked,
    found: Found,
    kinds: Vec<String>,
    queue_names: Vec<String>,
    /// Time zone of the filters.
    zone: String,
    charts: Arc<Vec<SpanCharts>>,
    queues: Vec<Queue>,
    workers: Vec<Worker>,
    schedules: Vec<Schedule>,
    startable: Vec<Kind>,
    may_run: bool,
    may_change: bool,
}

pub(crate) async fn jobs(
    State(app): State<App>,
    account: Account,
    Query(pairs): Query<Pairs>,
) -> WebResult {
    let client = app.pool.get(&account.zone).await?;
    let mut asked = Asked::parse(&pairs)?;
    let kinds = overview::kinds(&client).await?;
    let queue_names = overview::queue_names(&client).await?;
    let filter = asked.check(&client, &kinds, &queue_names).await?;
    let found = match &filter {
        Some(filter) => Found::read(&client, filter, &asked).await?,
        None => Found::nothing(),
    };
    let page = render(&JobsPage {
        may_run: account.is_operator(),
        may_change: account.role == Role::Admin,
        startable: overview::startable(&client, &account).await?,
        page: Page::new("Jobs", "jobs", account),
        asked,
        found,
        kinds,
        queue_names,
        zone: client.zone().name().into(),
        charts: history::charts(&app, &client).await?,
        queues: overview::queues(&client).await?,
        workers: overview::workers(&client).await?,
        schedules: overview::schedules(&client).await?,
    });
    Ok(match filter {
        Some(_) => page,
        None => (StatusCode::BAD_REQUEST, page).into_response(),
    })
}
