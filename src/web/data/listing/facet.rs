//! Filters for a list: values of a column, ranges of times, and years, months and days.

use super::filter::{Filter, Operator};
use super::period::Unit;
use super::query::{COUNTED, Listing, qualified, value_error};
use super::request::Request;
use crate::terminal::number;
use crate::web::data::catalogue::Column;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

/// Largest number of values offered for a column.
const VALUES: usize = 12;
/// Largest number of periods offered.
const STEPS: usize = 100;

/// A column with its choices.
pub(crate) struct Facet {
    pub(crate) column: String,
    pub(crate) choices: Vec<Choice>,
}

pub(crate) struct Choice {
    pub(crate) label: String,
    /// Number of rows. `None` if they are not counted.
    pub(crate) count: Option<String>,
    pub(crate) request: Request,
    pub(crate) is_chosen: bool,
}

/// The facets of the columns. `is_countable`: there are few enough rows to count them by value.
pub(crate) async fn facets(
    client: &Client,
    listing: &Listing<'_>,
    request: &Request,
    columns: &[String],
    is_countable: bool,
) -> WebResult<Vec<Facet>> {
    let known = |name: &String| listing.relation.column(name);
    let mut facets = Vec::new();
    let today = today(client).await?;
    for column in columns.iter().filter_map(known) {
        // The column's own filters do not limit its choices.
        let others = Request {
            filters: request
                .filters
                .iter()
                .filter(|filter| filter.column != column.name)
                .cloned()
                .collect(),
            page: 1,
            ..request.clone()
        };
        let mine: Vec<&Filter> = request
            .filters
            .iter()
            .filter(|filter| filter.column == column.name)
            .collect();
        let choice = |label: String, count: Option<i64>, filters: Vec<Filter>| {
            let is_chosen = mine.iter().copied().eq(filters.iter());
            let mut request = others.clone();
            request.filters.extend(filters);
            Choice {
                label,
                count: count.map(number),
                request,
                is_chosen,
            }
        };
        let mut choices = vec![choice("Any".into(), None, Vec::new())];
        let is_day = column.type_name == "date" || column.type_name.starts_with("timestamp");
        if !is_day && (column.category == "time" || !column.is_sortable || !is_countable) {
            continue;
        }
        if is_day {
            for (label, filters) in times(&today, column) {
                choices.push(choice(label.into(), None, filters));
            }
        } else {
            for (value, count) in values(client, listing, &others, column).await? {
                let filter = match &value {
                    Some(value) => filter(column, Operator::Is, value),
                    None => filter(column, Operator::Empty, ""),
                };
                let label = value.unwrap_or_else(|| "empty".into());
                choices.push(choice(label, Some(count), vec![filter]));
            }
        }
        facets.push(Facet {
            column: column.name.clone(),
            choices,
        });
    }
    Ok(facets)
}

fn filter(column: &Column, operator: Operator, value: &str) -> Filter {
    Filter {
        column: column.name.clone(),
        operator,
        value: value.into(),
    }
}

/// The most frequent values.
async fn values(
    client: &Client,
    listing: &Listing<'_>,
    request: &Request,
    column: &Column,
) -> WebResult<Vec<(Option<String>, i64)>> {
    let (rows, values) = listing.select(request, &qualified(&column.name));
    let sql = format!(
        "select value::text, count(*) from ({rows} limit {COUNTED}) as listed (value) \
         group by 1 order by 2 desc, 1 limit {VALUES}"
    );
    let rows = client
        .query_text(&sql, &values)
        .await
        .map_err(value_error)?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Dates in the session's time zone: today, tomorrow, and the first days of the past week, the month and the year.
async fn today(client: &Client) -> WebResult<[String; 5]> {
    let sql = "select current_date::text, (current_date + 1)::text, (current_date - 6)::text, \
               date_trunc('month', current_date)::date::text, date_trunc('year', current_date)::date::text";
    let row = client.query_one(sql, &[]).await?;
    Ok(std::array::from_fn(|index| row.get(index)))
}

fn times(today: &[String; 5], column: &Column) -> Vec<(&'static str, Vec<Filter>)> {
    let from = |index: usize| {
        vec![
            filter(column, Operator::AtLeast, &today[index]),
            filter(column, Operator::Below, &today[1]),
        ]
    };
    let mut times = vec![
        ("Today", from(0)),
        ("Past 7 days", from(2)),
        ("This month, so far", from(3)),
        ("This year, so far", from(4)),
    ];
    if column.is_nullable {
        times.push(("Empty", vec![filter(column, Operator::Empty, "")]));
        times.push(("Not empty", vec![filter(column, Operator::NotEmpty, "")]));
    }
    times
}

/// A link to a period, with its number of rows.
pub(crate) struct Step {
    pub(crate) label: String,
    pub(crate) count: Option<String>,
    pub(crate) request: Request,
}

/// Links from the request's period: back to the periods that contain it, and on to the periods in it.
pub(crate) async fn steps(
    client: &Client,
    listing: &Listing<'_>,
    request: &Request,
    is_countable: bool,
) -> WebResult<(Vec<Step>, Vec<Step>)> {
    let Some(column) = &listing.date_column else {
        return Ok((Vec::new(), Vec::new()));
    };
    let to = |label: &str, date: Option<&str>, count: Option<i64>| Step {
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
    let (pattern, name) = (unit.pattern(), unit.name());
    let sql = match is_countable {
        true => format!(
            "select to_char(period, '{pattern}'), count \
             from (select date_trunc('{name}', value) as period, count(*) as count \
             from ({rows}) as listed (value) where isfinite(value) group by 1) as periods \
             order by period desc limit {STEPS}"
        ),
        // All periods from the first to the last row, including empty ones.
        false => format!(
            "select to_char(period, '{pattern}'), null::bigint \
             from (select min(value) as first, max(value) as last from ({rows}) as listed (value) \
             where isfinite(value)) as ends, \
             generate_series(date_trunc('{name}', first), last, '1 {name}') as period \
             order by period desc limit {STEPS}"
        ),
    };
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
