//! The trend on the page of a rule (its violations at the latest publishes) and of the staging table of a source (the
//! rows of its latest loads).

use crate::quality::limit_in_words;
use crate::web::data::catalogue::Relation;
use crate::web::data::chart::{Drawn, LinePoint, draw_line};
use crate::web::data::pool::Client;
use crate::web::error::WebResult;
use tokio_postgres::Row;

/// Publishes or loads that are drawn.
const MOST_POINTS: i64 = 100;

pub(super) struct Trend {
    pub(super) title: String,
    /// The limit of the rule, or what the chart leaves out; may be empty.
    pub(super) note: String,
    /// Or the reason why there is none, a sentence.
    pub(super) drawn: Result<Drawn, String>,
}

/// The trend of a rule or a source. `None` for other relations, and for fewer than two points, which are no trend.
pub(super) async fn trend(client: &Client, relation: &Relation) -> WebResult<Option<Trend>> {
    match relation.name.split_once('.') {
        Some(("quality", rule)) => rule_trend(client, rule).await,
        Some(("staging", source)) => source_trend(client, source).await,
        _ => Ok(None),
    }
}

async fn rule_trend(client: &Client, rule: &str) -> WebResult<Option<Trend>> {
    let sql = "select to_char(published_at, 'YYYY-MM-DD HH24:MI:SS'), violation_count, publish_id \
               from elt.rule_trend($1, $2) order by publish_id";
    let rows = client.query(sql, &[&rule, &MOST_POINTS]).await?;
    if rows.len() < 2 {
        return Ok(None);
    }
    let title = format!("Violations at the latest {} publishes", rows.len());
    let points = points(&rows, "/explore/elt.publish?f.publish_id.is=");
    Ok(Some(Trend {
        drawn: draw_line(&title, "violations", "published", points),
        title,
        note: limit_of(client, rule).await?,
    }))
}

/// A sentence with the limit of a rule at the latest publish; empty without one.
async fn limit_of(client: &Client, rule: &str) -> WebResult<String> {
    let sql = "select at_most, violation_limit from elt.rule_status \
               where rule = $1 and at_most is not null";
    let row = client.query_opt(sql, &[&rule]).await?;
    let limit = row.map(|row| limit_in_words(row.get(0), row.get(1)));
    Ok(limit.map_or(String::new(), |limit| {
        format!("At the latest publish: {limit}.")
    }))
}

async fn source_trend(client: &Client, source: &str) -> WebResult<Option<Trend>> {
    let sql = "select to_char(published_at, 'YYYY-MM-DD HH24:MI:SS'), rows_staged, load_id \
               from elt.source_trend($1, $2) where rows_staged is not null order by load_id";
    let rows = client.query(sql, &[&source, &MOST_POINTS]).await?;
    if rows.len() < 2 {
        return Ok(None);
    }
    let title = format!("Rows of the latest {} published loads", rows.len());
    let points = points(&rows, "/loads/");
    Ok(Some(Trend {
        drawn: draw_line(&title, "rows", "published", points),
        title,
        note: String::new(),
    }))
}

/// `link`: the address to which the number in the third column is added.
fn points(rows: &[Row], link: &str) -> Vec<LinePoint> {
    let points = rows.iter().map(|row| LinePoint {
        time: row.get(0),
        value: row.get(1),
        link: format!("{link}{}", row.get::<_, i64>(2)),
    });
    points.collect()
}
