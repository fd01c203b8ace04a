//! Links from a list to years, months and days.

use super::period::Unit;
use super::query::{Listing, qualified, value_error};
use super::request::Request;
use crate::terminal::number;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

/// Largest number of periods offered.
const MAX_LINKS: usize = 100;

/// A link to a period, with its number of rows.
pub(crate) struct PeriodLink {
    pub(crate) label: String,
    pub(crate) count: Option<String>,
    pub(crate) request: Request,
}

/// Links from the request's period: back to the periods that contain it, and on to the periods in it.
pub(crate) async fn period_links(
    client: &Client,
    listing: &Listing<'_>,
    request: &Request,
    is_countable: bool,
) -> WebResult<(Vec<PeriodLink>, Vec<PeriodLink>)> {
    let Some(column) = &listing.date_column else {
        return Ok((Vec::new(), Vec::new()));
    };
    let to = |label: &str, date: Option<&str>, count: Option<i64>| PeriodLink {
        label: label.into(),
        count: count.map(number),
        request: request.on_date(date),
    };
    let mut back = Vec::new();
    if let Some(period) = &request.period {
        back.push(to("All dates", None, None));
        for text in period.path() {
            back.push(to(&text, Some(&text), None));
        }
    }
    let unit = match &request.period {
        None => Some(Unit::Year),
        Some(period) => period.inner(),
    };
    let Some(unit) = unit else {
        return Ok((back, Vec::new()));
    };
    let (rows, values) = listing.select(request, &qualified(column));
    let sql = periods_sql(unit, &rows, is_countable);
    let found = client
        .query_text(&sql, &values)
        .await
        .map_err(value_error)?;
    let on = found.iter().filter_map(|row| {
        let text: String = row.try_get(0).ok()?;
        Some(to(&text, Some(&text), row.get(1)))
    });
    Ok((back, on.collect()))
}

/// SQL for the periods of the rows, the latest first, with their numbers of rows if they are countable.
fn periods_sql(unit: Unit, rows: &str, is_countable: bool) -> String {
    let (pattern, name) = (unit.pattern(), unit.name());
    if is_countable {
        return format!(
            "select to_char(period, '{pattern}'), count \
             from (select date_trunc('{name}', value) as period, count(*) as count \
             from ({rows}) as listed (value) where isfinite(value) group by 1) as periods \
             order by period desc limit {MAX_LINKS}"
        );
    }
    // All periods from the first to the last row, including empty ones.
    format!(
        "select to_char(period, '{pattern}'), null::bigint \
         from (select min(value) as first, max(value) as last from ({rows}) as listed (value) \
         where isfinite(value)) as ends, \
         generate_series(date_trunc('{name}', first), last, '1 {name}') as period \
         order by period desc limit {MAX_LINKS}"
    )
}
