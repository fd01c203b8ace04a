//! The first page: charts, violations of rules, sources and the latest jobs.

use super::Moment;
use super::jobs::{JobRow, latest_jobs};
use super::loads::{Waiting, waiting};
use super::pinned::{SavedQueries, saved_and_drawn};
use crate::quality::limit_in_words;
use crate::terminal::number;
use crate::web::auth::Account;
use crate::web::data::chart::{self, Chart, Reason};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::State;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Row;

/// Largest age of the shared data, because it is slow to compute and may be requested often.
const FRESH: Duration = Duration::from_secs(2);

/// The number of rules with violations that are shown without a click.
const SHOWN_RULES: usize = 8;

#[derive(Template)]
#[template(path = "dashboard.html", config = "src/web/askama.toml")]
struct Dashboard {
    page: Page,
    overview: Arc<Overview>,
    saved: Arc<SavedQueries>,
    jobs: Vec<JobRow>,
    /// Whether the account may change charts.
    may_change: bool,
}

/// The data of the page that is the same for all accounts of a time zone.
struct Overview {
    charts: Vec<Chart>,
    rules: Vec<Rule>,
    silent_rules: Vec<Rule>,
    sources: Vec<Source>,
    /// Loads that wait for approval.
    waiting: Vec<Waiting>,
}

struct Rule {
    name: String,
    level: String,
    count: String,
    /// In words; empty without one.
    limit: String,
    description: String,
}

struct Source {
    name: String,
    description: String,
    load: Option<i64>,
    rows: Option<String>,
    rejected: Option<String>,
    published: Option<Moment>,
    /// Name of the file, or address of the API.
    file: String,
    location: String,
    /// What is not as expected.
    unexpected: Option<Unexpected>,
}

/// A late source, or one with an unexpected number of rows, in words.
struct Unexpected {
    /// As the level of a rule.
    level: &'static str,
    state: String,
    expectation: String,
}

pub(crate) async fn dashboard(State(app): State<App>, account: Account) -> WebResult {
    // Requests that wait for the overview hold no connection.
    let read = async { overview(&mut app.pool.get(&account.zone).await?).await };
    let overview = app.overview.get(&account.zone, FRESH, read).await?;
    let client = app.pool.get(&account.zone).await?;
    let saved = saved_and_drawn(&app, &client).await?;
    let jobs = latest_jobs(&client).await?;
    Ok(render(&Dashboard {
        may_change: account.is_operator(),
        page: Page::new("Overview", "", account),
        overview,
        saved,
        jobs,
    }))
}

async fn overview(client: &mut Client) -> WebResult<Overview> {
    let charts = chart::all(client).await?;
    let rules = rules(client).await?.into_iter();
    let (silent_rules, rules) = rules.partition(|rule| rule.count == "0");
    Ok(Overview {
        charts,
        silent_rules,
        rules,
        sources: sources(client).await?,
        waiting: waiting(client).await?,
    })
}

async fn rules(client: &Client) -> WebResult<Vec<Rule>> {
    let sql = "select rule, level, violation_count, coalesce(description, ''), at_most, violation_limit \
               from elt.rule_status";
    let rows = client.query(sql, &[]).await?;
    let rules = rows.iter().map(|row| Rule {
        name: row.get(0),
        level: row.get(1),
        count: number(row.get(2)),
        description: row.get(3),
        limit: row
            .get::<_, Option<String>>(4)
            .map_or(String::new(), |text| limit_in_words(&text, row.get(5))),
    });
    Ok(rules.collect())
}

async fn sources(client: &Client) -> WebResult<Vec<Source>> {
    let sql = "select source_status.source, description, source_status.load_id, rows_staged, rows_rejected, \
               source_status.published_at::text, coalesce(location, file, ''), is_late, is_outside, state_in_words, \
               coalesce(expectation, '') as expectation from elt.source_status \
               inner join elt.source_freshness using (source) \
               order by is_late or is_outside desc, \
               source_status.published_at desc nulls last, source";
    let rows = client.query(sql, &[]).await?;
    let sources = rows.iter().map(|row| Source {
        name: row.get(0),
        description: row.get(1),
        load: row.get(2),
        rows: row.get::<_, Option<i64>>(3).map(number),
        rejected: row.get::<_, Option<i64>>(4).map(number),
        published: Moment::new(row.get(5)),
        file: file_name(row.get(6)).into(),
        location: row.get(6),
        unexpected: unexpected(row),
    });
    Ok(sources.collect())
}

fn unexpected(row: &Row) -> Option<Unexpected> {
    let level = match (row.get("is_late"), row.get("is_outside")) {
        (true, _) => "error",
        (false, true) => "warning",
        (false, false) => return None,
    };
    Some(Unexpected {
        level,
        state: row.get("state_in_words"),
        expectation: row.get("expectation"),
    })
}

/// The last part of a path. An address is kept whole.
fn file_name(location: &str) -> &str {
    match location.rsplit_once('/') {
        Some((_, name)) if !location.contains("://") && !name.is_empty() => name,
        _ => location,
    }
}
