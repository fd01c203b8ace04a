//! Saved queries on the first page: a list, and a chart of each that has one.

use super::sql::reasons;
use crate::web::data::chart::{ChartKind, QueryChart};
use crate::web::data::pool::Client;
use crate::web::data::query::{
    Query, QueryError, RowLimits, SavedQuery, Table, ZonedLogin, saved_queries,
};
use crate::web::error::WebResult;
use crate::web::state::App;
use futures_util::future::join_all;
use std::sync::Arc;
use std::time::Duration;

/// Largest age of the charts. Each takes a session of the server.
const FRESH: Duration = Duration::from_secs(10);
const MAX_CHARTS: usize = 8;
/// A chart must not delay the page for long.
const LIMITS: RowLimits = RowLimits {
    seconds: 3,
    rows: 500,
    bytes: 200_000,
    row_letters: 2_000,
};

pub(super) struct SavedQueries {
    pub(super) all: Vec<SavedQuery>,
    pub(super) charts: Vec<PinnedChart>,
}

pub(super) struct PinnedChart {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) kind: &'static str,
    /// Or the reason why there is none, a sentence.
    pub(super) drawn: Result<QueryChart, String>,
}

/// Read and drawn at most once in a short time, for all accounts of a time zone.
pub(super) async fn saved_and_drawn(app: &App, client: &Client) -> WebResult<Arc<SavedQueries>> {
    let off = reasons(app, client).await?;
    let login = app.query_login.in_zone(client.zone());
    let login = &login;
    let read = async {
        let all = saved_queries(client).await?;
        let pinned = all.iter().filter_map(|saved| {
            let kind = ChartKind::parse(saved.chart.as_deref()?)?;
            Some((saved, kind))
        });
        let charts = pinned.take(MAX_CHARTS).map(|(saved, kind)| async move {
            PinnedChart {
                name: saved.name.clone(),
                description: saved.description.clone(),
                kind: kind.name(),
                drawn: draw(login, saved, kind).await,
            }
        });
        let charts = if off.is_empty() {
            join_all(charts).await
        } else {
            Vec::new()
        };
        Ok(SavedQueries { charts, all })
    };
    app.saved_queries.get(client.zone(), FRESH, read).await
}

/// The reason of a failure is shown in place of the chart, because the rest of the page does not depend on it.
async fn draw(
    login: &ZonedLogin<'_>,
    saved: &SavedQuery,
    kind: ChartKind,
) -> Result<QueryChart, String> {
    let query = Query::parse(&saved.sql, &saved.types).map_err(|refused| refused.message)?;
    if !query.parameters.is_empty() {
        return Err("A query with parameters cannot be drawn here.".into());
    }
    let table = Table::read(login, None, &query, &[], LIMITS).await;
    let table = table.map_err(|error| match error {
        QueryError::Refused(refused) => refused.message,
        QueryError::Off(reason) => reason,
        QueryError::Web(_) => "It could not be read now.".into(),
    })?;
    QueryChart::draw(kind, &saved.name, &table)
}
