//! Facets of a list: the values of a column with their numbers of rows, or ranges of times. Each is a link that adds a
//! filter or removes it.

use super::counting::{CountQuery, Counted, LONGEST, VALUES, count_all};
use super::filter::{Filter, Operator};
use super::query::Listing;
use super::request::Request;
use crate::terminal::number;
use crate::web::data::catalogue::Column;
use crate::web::data::pool::Client;
use crate::web::error::WebResult;

/// A column with its choices.
pub(crate) struct Facet {
    pub(crate) column: String,
    pub(crate) choices: Vec<Choice>,
    pub(crate) state: FacetState,
    /// SQL that counts the values, to display. Empty if they are not counted.
    pub(crate) shown_sql: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FacetState {
    /// All values are listed, or the column has ranges instead.
    Complete,
    /// Only the most frequent values are listed.
    Cut,
    /// The list is so long that values are counted only on request.
    OnRequest,
    TooSlow,
}

pub(crate) struct Choice {
    pub(crate) label: String,
    /// Number of rows. `None` if they are not counted.
    pub(crate) count: Option<String>,
    /// The list after a click. `None` if the value is too long for an address.
    pub(crate) request: Option<Request>,
    pub(crate) is_chosen: bool,
}

/// The facets of the columns. `is_long`: there are too many rows to count them unless the request asks for it. Takes
/// the connection, and returns it.
pub(crate) async fn facets(
    client: Client,
    listing: &Listing<'_>,
    request: &Request,
    columns: &[&Column],
    is_long: bool,
) -> WebResult<(Client, Vec<Facet>)> {
    let is_counted =
        |column: &Column| has_values(column) && (!is_long || request.facets.contains(&column.name));
    let counted = columns.iter().filter(|column| is_counted(column));
    let queries = counted.map(|column| {
        let others = without_own(request, column);
        CountQuery::new(listing, &others, &column.name)
    });
    let (client, results) = count_all(client, queries.collect()).await?;
    let today = if columns.iter().any(|column| is_day(column)) {
        today(&client).await?
    } else {
        Default::default()
    };
    let mut results = results.into_iter();
    let facets = columns.iter().map(|column| {
        if is_day(column) {
            return facet(request, column, times(&today, column), FacetState::Complete);
        }
        if !has_values(column) {
            return facet(request, column, nulls(column), FacetState::Complete);
        }
        let result = is_counted(column).then(|| results.next().flatten());
        match result {
            None => facet(request, column, nulls(column), FacetState::OnRequest),
            Some(None) => facet(request, column, nulls(column), FacetState::TooSlow),
            Some(Some(values)) => {
                let others = without_own(request, column);
                let shown_sql = listing.shown_facet_sql(&others, &column.name);
                Facet {
                    shown_sql,
                    ..with_values(request, column, values)
                }
            }
        }
    });
    let facets = facets.collect();
    Ok((client, facets))
}

/// Whether the column has ranges of days instead of values.
pub(crate) fn is_day(column: &Column) -> bool {
    column.type_name == "date" || column.type_name.starts_with("timestamp")
}

/// Whether rows can be counted by the values of the column.
fn has_values(column: &Column) -> bool {
    column.is_sortable && column.category != "time"
}

/// The filters of the column, and those of other columns.
fn own_and_others(request: &Request, column: &Column) -> (Vec<Filter>, Vec<Filter>) {
    let filters = request.filters.iter().cloned();
    filters.partition(|filter| filter.column == column.name)
}

/// The request whose rows are counted: the column's own filters do not limit its choices.
fn without_own(request: &Request, column: &Column) -> Request {
    let (_, others) = own_and_others(request, column);
    request.filtered(others)
}

/// A choice that replaces all filters of its column.
type Offer = (&'static str, Vec<Filter>);

/// A facet whose choices replace each other.
fn facet(request: &Request, column: &Column, offers: Vec<Offer>, state: FacetState) -> Facet {
    let (own, others) = own_and_others(request, column);
    let any = ("Any", Vec::new());
    let offers = std::iter::once(any).chain(offers);
    let choices = offers.map(|(label, filters)| Choice {
        label: label.into(),
        count: None,
        is_chosen: own == filters,
        request: Some(request.filtered([others.clone(), filters].concat())),
    });
    Facet {
        column: column.name.clone(),
        choices: choices.collect(),
        state,
        shown_sql: String::new(),
    }
}

/// A facet whose values are alternatives, each added or removed by a click.
fn with_values(request: &Request, column: &Column, mut values: Counted) -> Facet {
    let state = if values.len() > VALUES {
        FacetState::Cut
    } else {
        FacetState::Complete
    };
    values.truncate(VALUES);
    let (own, others) = own_and_others(request, column);
    let has_null = values.iter().any(|(value, _)| value.is_none());
    let mut facet = facet(request, column, Vec::new(), state);
    let add = |value: Option<String>, count: Option<i64>| {
        let filter = match &value {
            Some(value) => filter(column, Operator::Is, value),
            None => filter(column, Operator::Empty, ""),
        };
        let is_chosen = own.contains(&filter);
        let is_long = filter.value.chars().count() > LONGEST;
        let mut filters = request.filters.clone();
        // "Not empty" and "empty" exclude each other.
        filters.retain(|each| {
            each.column != column.name || (*each != filter && each.operator != Operator::NotEmpty)
        });
        if !is_chosen {
            filters.push(filter);
        }
        Choice {
            label: value.map_or("empty".into(), |value| label(&value)),
            count: count.map(number),
            request: (!is_long).then(|| request.filtered(filters)),
            is_chosen,
        }
    };
    // Chosen values are listed even if no row has them.
    let chosen = own.iter().filter(|filter| filter.is_alternative());
    let chosen = chosen.map(|filter| match filter.operator {
        Operator::Is => Some(filter.value.clone()),
        _ => None,
    });
    let absent: Vec<Option<String>> = chosen
        .filter(|value| values.iter().all(|(counted, _)| counted != value))
        .collect();
    let counted = values
        .into_iter()
        .map(|(value, count)| (value, Some(count)));
    let all = counted.chain(absent.into_iter().map(|value| (value, None)));
    facet
        .choices
        .extend(all.map(|(value, count)| add(value, count)));
    let not_empty = vec![filter(column, Operator::NotEmpty, "")];
    if has_null || own == not_empty {
        facet.choices.push(Choice {
            label: "not empty".into(),
            count: None,
            is_chosen: own == not_empty,
            request: Some(request.filtered([others, not_empty].concat())),
        });
    }
    facet
}

/// A value as the page shows it.
fn label(value: &str) -> String {
    const LONGEST_LABEL: usize = 80;
    match value.chars().count() {
        0 => "“”".into(),
        count if count > LONGEST_LABEL => {
            let start: String = value.chars().take(LONGEST_LABEL).collect();
            format!("{start}…")
        }
        _ => value.into(),
    }
}

fn filter(column: &Column, operator: Operator, value: &str) -> Filter {
    Filter {
        column: column.name.clone(),
        operator,
        value: value.into(),
    }
}

/// Dates in the session's time zone: today, tomorrow, and the first days of the past week, the month and the year.
async fn today(client: &Client) -> WebResult<[String; 5]> {
    let sql = "select current_date::text, (current_date + 1)::text, (current_date - 6)::text, \
               date_trunc('month', current_date)::date::text, date_trunc('year', current_date)::date::text";
    let row = client.query_one(sql, &[]).await?;
    Ok(std::array::from_fn(|index| row.get(index)))
}

fn times(today: &[String; 5], column: &Column) -> Vec<Offer> {
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
    times.extend(nulls(column));
    times
}

fn nulls(column: &Column) -> Vec<Offer> {
    if !column.is_nullable {
        return Vec::new();
    }
    vec![
        ("Empty", vec![filter(column, Operator::Empty, "")]),
        ("Not empty", vec![filter(column, Operator::NotEmpty, "")]),
    ]
}
