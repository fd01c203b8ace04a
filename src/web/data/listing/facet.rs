//! Filters for a list: values of a column and ranges of times.

use super::filter::{Filter, Operator};
use super::query::{COUNTED, Listing, qualified, value_error};
use super::request::Request;
use crate::terminal::number;
use crate::web::data::catalogue::Column;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

/// Largest number of values offered for a column.
const VALUES: usize = 12;

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
        let is_day = column.type_name == "date" || column.type_name.starts_with("timestamp");
        if !is_day && (column.category == "time" || !column.is_sortable || !is_countable) {
            continue;
        }
        // The column's own filters do not limit its choices.
        let (own, others): (Vec<Filter>, Vec<Filter>) = request
            .filters
            .iter()
            .cloned()
            .partition(|filter| filter.column == column.name);
        let others = Request {
            filters: others,
            page: 1,
            ..request.clone()
        };
        let mut offers: Vec<(String, Option<i64>, Vec<Filter>)> =
            vec![("Any".into(), None, Vec::new())];
        if is_day {
            let times = times(&today, column).into_iter();
            offers.extend(times.map(|(label, filters)| (label.into(), None, filters)));
        } else {
            for (value, count) in values(client, listing, &others, column).await? {
                let filter = match &value {
                    Some(value) => filter(column, Operator::Is, value),
                    None => filter(column, Operator::Empty, ""),
                };
                let label = value.unwrap_or_else(|| "empty".into());
                offers.push((label, Some(count), vec![filter]));
            }
        }
        let choices = offers.into_iter().map(|(label, count, filters)| {
            let is_chosen = own == filters;
            let mut request = others.clone();
            request.filters.extend(filters);
            Choice {
                label,
                count: count.map(number),
                request,
                is_chosen,
            }
        });
        facets.push(Facet {
            column: column.name.clone(),
            choices: choices.collect(),
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
