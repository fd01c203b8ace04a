//! Charts of the last hour and day: finished attempts, and the length of the queue.

use crate::web::data::chart::{ChartKind, QueryChart};
use crate::web::data::pool::Client;
use crate::web::data::query::{QueryColumn, Table};
use crate::web::error::WebResult;
use crate::web::state::App;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Row;

/// Largest age of the charts. With many jobs, they take longer than the rest of the page.
const FRESH: Duration = Duration::from_secs(10);

/// What a chart draws: a column of the query, and its title.
const CHARTS: [(usize, &str, &str); 3] = [
    (1, "Succeeded", "succeeded"),
    (2, "Failed", "failed"),
    (3, "Queued jobs", "queued"),
];

/// The charts of a span of time.
pub(super) struct SpanCharts {
    pub(super) title: &'static str,
    pub(super) charts: Vec<HistoryChart>,
}

pub(super) struct HistoryChart {
    pub(super) title: String,
    /// Or the reason why there is none, a sentence.
    pub(super) drawn: Result<QueryChart, String>,
}

/// Read and drawn at most once in a short time, for all accounts of a time zone.
pub(super) async fn charts(app: &App, client: &Client) -> WebResult<Arc<Vec<SpanCharts>>> {
    let read = async {
        let hour = "select to_char(from_time, 'YYYY-MM-DD HH24:MI:SS'), succeeded_count, failed_count, queued_count \
                    from elt.job_history('1 hour', '1 minute') order by from_time";
        let day = "select to_char(from_time, 'YYYY-MM-DD HH24:MI:SS'), succeeded_count, failed_count, queued_count \
                   from elt.job_history('1 day', '15 minutes') order by from_time";
        let hour = client.query(hour, &[]).await?;
        let day = client.query(day, &[]).await?;
        Ok(vec![
            span_charts("last hour", "per minute", &hour),
            span_charts("last day", "per 15 minutes", &day),
        ])
    };
    app.job_charts.get(client.zone(), FRESH, read).await
}

fn span_charts(title: &'static str, step: &str, rows: &[Row]) -> SpanCharts {
    let charts = CHARTS.map(|(column, name, unit)| {
        let name = match unit {
            "queued" => name.to_string(),
            _ => format!("{name} {step}"),
        };
        let values = rows.iter().map(|row| {
            vec![
                Some(row.get(0)),
                Some(row.get::<_, i64>(column).to_string()),
            ]
        });
        let table = Table {
            columns: vec![column_of("time", false), column_of(unit, true)],
            rows: values.collect(),
            cut: None,
        };
        HistoryChart {
            drawn: QueryChart::draw(ChartKind::Line, &format!("{name}, {title}"), &table),
            title: name,
        }
    });
    SpanCharts {
        title,
        charts: charts.into(),
    }
}

fn column_of(name: &str, is_number: bool) -> QueryColumn {
    QueryColumn {
        name: name.into(),
        is_number,
        is_time: !is_number,
        is_boolean: false,
        is_json: false,
    }
}
