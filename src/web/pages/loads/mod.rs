//! The load history, `/loads`, and the page of one load, `/loads/N`.

mod asked;
mod decide;
mod held;
mod load;
mod preview;
mod purges;

pub(crate) use decide::{discard, publish};
pub(super) use held::{Waiting, waiting};
pub(crate) use load::load;

use super::Moment;
use crate::history::{LoadFilter, STATES, load_conditions};
use crate::terminal::{number, size};
use crate::web::auth::Account;
use crate::web::data::listing::{PAGE_ROWS, with_literals};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::sql_link;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use asked::Asked;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use purges::{Purge, purged_loads, purges};
use tokio_postgres::Row;

/// The numbers of the first and last row, and links to the pages before and after.
struct Paging {
    first: u64,
    last: u64,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "loads.html", config = "src/web/askama.toml")]
struct LoadsPage {
    page: Page,
    asked: Asked,
    sql_link: Option<String>,
    sources: Vec<String>,
    states: [&'static str; 12],
    /// Time zone of the filters.
    zone: String,
    loads: Vec<Load>,
    count: String,
    paging: Paging,
    purges: Vec<Purge>,
    /// Numbers of the loads that lost rows or rejects.
    purged_loads: Vec<i64>,
    may_read_rejects: bool,
}

/// A row of `elt.load_status`.
struct Load {
    id: i64,
    source: String,
    /// In words. The style sheet colors some.
    state: String,
    file: String,
    location: String,
    note: String,
    replay_location: String,
    staged: Option<String>,
    rejected: Option<String>,
    size: Option<String>,
    started: Option<Moment>,
    seconds: String,
    loaded_by: String,
    error: Option<String>,
}

const PAGE: &str = concat!(
    "select load_id, source, state_in_words, file, location, note, coalesce(replay_location, ''), \
     rows_staged, coalesce(rows_rejected, nullif(rejects_open, 0)), size_bytes, started_at::text, \
     extract(epoch from duration)::float8, loaded_by, error_line from elt.load_status \
     where load_id = any(array(select load_id from elt.load_state where ",
    load_conditions!(),
    " order by load_id desc limit $6 offset $7)) order by load_id desc"
);

const COUNT: &str = concat!(
    "select count(*) from elt.load_state where ",
    load_conditions!()
);

/// The list as the page `/sql` runs it.
const SHOWN: &str = concat!(
    "select load_id, source, state_in_words, file, rows_staged, rows_rejected, size_bytes, started_at, \
     duration, loaded_by from elt.load_status \
     where load_id = any(array(select load_id from elt.load_state where ",
    load_conditions!(),
    ")) order by load_id desc"
);

fn shown_sql(filter: &LoadFilter) -> String {
    let time = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339());
    let values = [
        filter.source.clone(),
        filter.state.clone(),
        filter.file.clone(),
        time(filter.since),
        time(filter.until),
    ];
    with_literals(SHOWN, &values)
}

pub(crate) async fn loads(
    State(app): State<App>,
    account: Account,
    Query(pairs): Query<Vec<(String, String)>>,
) -> WebResult {
    let client = app.pool.get(&account.zone).await?;
    let sources = sources(&client).await?;
    let mut asked = Asked::parse(&pairs)?;
    let filter = asked.check(&client, &sources).await?;
    let (loads, count) = match &filter {
        Some(filter) => found(&client, filter, asked.page).await?,
        None => (Vec::new(), 0),
    };
    let before = (asked.page - 1) * PAGE_ROWS;
    let last = before + loads.len() as u64;
    let has_next = i64::try_from(last).is_ok_and(|last| last < count) && !loads.is_empty();
    let page = render(&LoadsPage {
        may_read_rejects: account.role.require_may_read("elt.reject").is_ok(),
        page: Page::new("Loads", "loads", account),
        states: STATES,
        zone: client.zone().name().into(),
        count: match (&filter, count) {
            (None, _) => "No loads are listed".into(),
            (_, 1) => "1 load".into(),
            (_, count) => format!("{} loads", number(count)),
        },
        paging: Paging {
            first: before + 1,
            last,
            previous: (asked.page > 1).then(|| asked.address(asked.page - 1)),
            next: has_next.then(|| asked.address(asked.page + 1)),
        },
        loads,
        purges: purges(&client).await?,
        purged_loads: purged_loads(&client).await?,
        sources,
        sql_link: filter.as_ref().map(|filter| sql_link(&shown_sql(filter))),
        asked,
    });
    Ok(match filter {
        Some(_) => page,
        None => (StatusCode::BAD_REQUEST, page).into_response(),
    })
}

async fn sources(client: &Client) -> WebResult<Vec<String>> {
    let sql = "select source from elt.source order by source";
    let rows = client.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The loads of a page, and the number of all loads that match.
async fn found(client: &Client, filter: &LoadFilter, page: u64) -> WebResult<(Vec<Load>, i64)> {
    let [source, state, file, since, until] = filter.values();
    let offset = i64::try_from((page - 1) * PAGE_ROWS).map_err(|_| WebError::NotFound)?;
    let limit = PAGE_ROWS as i64;
    let values = &[source, state, file, since, until, &limit, &offset];
    let rows = client.query(PAGE, values).await?;
    let count = client.query_one(COUNT, &filter.values()).await?.get(0);
    Ok((rows.iter().map(shown).collect(), count))
}

fn shown(row: &Row) -> Load {
    Load {
        id: row.get(0),
        source: row.get(1),
        state: row.get(2),
        file: row.get(3),
        location: row.get(4),
        note: row.get(5),
        replay_location: row.get(6),
        staged: row.get::<_, Option<i64>>(7).map(number),
        rejected: row.get::<_, Option<i64>>(8).map(number),
        size: row
            .get::<_, Option<i64>>(9)
            .map(|bytes| size(bytes.unsigned_abs())),
        started: Moment::new(row.get(10)),
        seconds: format!("{:.1}", row.get::<_, f64>(11)),
        loaded_by: row.get(12),
        error: row.get(13),
    }
}
