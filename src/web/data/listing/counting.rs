//! Counts rows by the values of columns, within a limit of time, because the page of the list waits for it.

use super::query::{Listing, qualified, value_error};
use super::request::Request;
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use anyhow::Context;
use std::time::{Duration, Instant};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

/// Largest number of values of a column that are shown.
pub(super) const VALUES: usize = 12;
/// Longest value that can be filtered by, in characters. Of longer ones, only the start is shown.
pub(super) const LONGEST: usize = 300;
/// Time for all columns of a page, and for one column.
const ALL: Duration = Duration::from_millis(1_000);
const ONE: Duration = Duration::from_millis(600);
/// With less time left, a column is not counted.
const LEAST: Duration = Duration::from_millis(20);

/// A query for the most frequent values of a column, and the values of its parameters.
pub(super) struct CountQuery {
    sql: String,
    values: Vec<String>,
}

/// A value as text, and its number of rows. `None` is null.
pub(super) type Counted = Vec<(Option<String>, i64)>;

impl CountQuery {
    pub(super) fn new(listing: &Listing<'_>, request: &Request, column: &str) -> CountQuery {
        let (rows, values) = listing.select(request, &qualified(column));
        let sql = format!(
            "select left(value::text, {}), count(*) from ({rows}) as listed (value) \
             group by value order by count(*) desc, value limit {}",
            LONGEST + 1,
            VALUES + 1
        );
        CountQuery { sql, values }
    }
}

/// Runs the queries one after the other. `None`: it took too long. Takes the connection, because its transactions must
/// end even if the browser leaves.
pub(super) async fn count_all(
    client: Client,
    queries: Vec<CountQuery>,
) -> WebResult<(Client, Vec<Option<Counted>>)> {
    let counted = tokio::spawn(async move {
        let start = Instant::now();
        let mut results = Vec::new();
        for query in &queries {
            let left = ALL.saturating_sub(start.elapsed()).min(ONE);
            results.push(if left >= LEAST {
                count(&client, query, left).await?
            } else {
                None
            });
        }
        Ok::<_, WebError>((client, results))
    });
    counted.await.context("could not count values")?
}

async fn count(client: &Client, query: &CountQuery, limit: Duration) -> WebResult<Option<Counted>> {
    let begin = format!(
        "begin transaction read only; set local statement_timeout to {}",
        limit.as_millis()
    );
    let values = query.values.iter();
    let params: Vec<(&(dyn ToSql + Sync), Type)> = values
        .map(|value| (value as &(dyn ToSql + Sync), Type::TEXT))
        .collect();
    client.driver().batch_execute(&begin).await?;
    let rows = client.driver().query_typed(&query.sql, &params).await;
    client.driver().batch_execute("rollback").await?;
    match rows {
        Ok(rows) => {
            let rows = rows.iter().map(|row| (row.get(0), row.get(1)));
            Ok(Some(rows.collect()))
        }
        Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => Ok(None),
        Err(error) => Err(value_error(error)),
    }
}
