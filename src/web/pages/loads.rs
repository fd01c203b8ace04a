//! The load history.

use super::Moment;
use crate::terminal::number;
use crate::web::auth::Account;
use crate::web::error::WebResult;
use crate::web::page::{Page, render};
use crate::web::state::App;
use askama::Template;
use axum::extract::State;

const LOADS: i64 = 100;

#[derive(Template)]
#[template(path = "loads.html", config = "src/web/askama.toml")]
struct LoadsPage {
    page: Page,
    loads: Vec<Load>,
}

struct Load {
    id: i64,
    source: String,
    state: String,
    is_live: bool,
    location: String,
    read: Option<String>,
    staged: Option<String>,
    rejected: Option<String>,
    started: Option<Moment>,
    seconds: Option<String>,
    loaded_by: String,
    error: Option<String>,
}

pub(crate) async fn loads(State(app): State<App>, account: Account) -> WebResult {
    let client = app.pool.get().await?;
    let sql = "select load.load_id, load.source, load.state, load.live_publish_id is not null, load.location, \
               load.rows_read, load.rows_staged, load.rows_rejected, load.started_at, \
               extract(epoch from load.finished_at - load.started_at)::float8, load.loaded_by, load.error \
               from elt.load order by load.load_id desc limit $1";
    let rows = client.query(sql, &[&LOADS]).await?;
    let loads = rows.iter().map(|row| Load {
        id: row.get(0),
        source: row.get(1),
        state: row.get(2),
        is_live: row.get(3),
        location: row.get(4),
        read: row.get::<_, Option<i64>>(5).map(number),
        staged: row.get::<_, Option<i64>>(6).map(number),
        rejected: row.get::<_, Option<i64>>(7).map(number),
        started: Moment::new(row.get(8)),
        seconds: row
            .get::<_, Option<f64>>(9)
            .map(|seconds| format!("{seconds:.1}")),
        loaded_by: row.get(10),
        error: row.get(11),
    });
    Ok(render(&LoadsPage {
        page: Page::new("Loads", "loads", account),
        loads: loads.collect(),
    }))
}
