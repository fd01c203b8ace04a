//! The charts of the first page (elt.chart), drawn from their views.

use super::drawn::Drawn;
use super::figure::{Figure, Labels, Mark, TextRow};
use super::kind::ChartKind;
use super::period::Period;
use crate::failure::explain;
use crate::terminal::{self, number};
use crate::web::data::catalogue::{self, Relation, RowLink, quote};
use crate::web::data::listing::{Filter, Operator, Request, sentence};
use crate::web::data::pool::Client;
use crate::web::error::{WebError, WebResult};
use crate::web::http::address::sql_link;
use std::time::Instant;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;

/// A chart shows at most this many rows.
const MOST_ROWS: usize = 1_000;
/// A chart must not delay the page for long.
const SECONDS: u64 = 3;
/// All charts together neither, because no page is shown before.
const ALL_SECONDS: u64 = 6;
/// Charts after these are not drawn.
const MOST_CHARTS: usize = 40;

pub(crate) struct Chart {
    /// Its key in elt.chart.
    pub(crate) name: String,
    pub(crate) title: String,
    /// The view's comment.
    pub(crate) description: String,
    pub(crate) relation: String,
    /// Or the reason why there is none.
    pub(crate) drawn: Result<Drawn, Reason>,
    /// Address of its query on the page `/sql`.
    pub(crate) sql_link: String,
}

/// Why a chart is not drawn.
pub(crate) enum Reason {
    NoRows,
    /// A sentence.
    Problem(String),
}

/// A row of elt.chart.
struct Registered {
    name: String,
    kind: ChartKind,
    title: String,
    relation: String,
    label_column: String,
    /// Of the value, the part and the rate.
    number_columns: [Option<String>; 3],
    unit: String,
    part_name: Option<String>,
    /// The relation and the column of the rows that a mark is made of.
    rows: Option<(String, String)>,
}

/// All charts of the first page, in their order.
pub(crate) async fn all(client: &mut Client) -> WebResult<Vec<Chart>> {
    let sql = "select chart, kind, title, relation, label_column, value_column, part_column, rate_column, unit, \
               part_name, rows_relation, rows_column from elt.chart order by place, chart";
    let rows = client.query(sql, &[]).await?;
    let begun = Instant::now();
    let mut charts = Vec::new();
    for (place, row) in rows.iter().map(Registered::read).enumerate() {
        let is_late = place >= MOST_CHARTS || begun.elapsed().as_secs() >= ALL_SECONDS;
        let late = is_late.then(|| {
            format!(
                "The first page draws at most {MOST_CHARTS} charts, in at most {ALL_SECONDS} seconds. \
                 Remove a chart, or draw views that have their results sooner."
            )
        });
        charts.push(chart(client, row, late).await?);
    }
    Ok(charts)
}

/// `late`: the reason why there was no time to draw it.
async fn chart(client: &mut Client, row: Registered, late: Option<String>) -> WebResult<Chart> {
    let relation = match catalogue::relation(client, &row.relation).await {
        Ok(relation) => Some(relation),
        Err(WebError::NotFound) => None,
        Err(error) => return Err(error),
    };
    let drawn = match &relation {
        _ if late.is_some() => Err(Reason::Problem(String::new())),
        Some(relation) => draw(client, &row, relation).await?,
        None => Err(Reason::Problem(String::new())),
    };
    let drawn = match drawn {
        // The catalogue knows a better reason than the error of the query, for example a column that is missing.
        Err(Reason::Problem(reason)) if late.is_none() => {
            let found = problem(client, &row.name).await?;
            Err(Reason::Problem(found.unwrap_or(reason)))
        }
        other => match late {
            Some(late) => Err(Reason::Problem(late)),
            None => other,
        },
    };
    Ok(Chart {
        description: relation.map_or(String::new(), |relation| relation.description.clone()),
        sql_link: format!("{}&chart={}", sql_link(&row.shown_sql()), row.kind.name()),
        name: row.name,
        title: row.title,
        relation: row.relation,
        drawn,
    })
}

async fn draw(
    client: &mut Client,
    row: &Registered,
    relation: &Relation,
) -> WebResult<Result<Drawn, Reason>> {
    let rows_of_label = match row.rows {
        Some(_) => None,
        None => row.row_link(client, relation).await?,
    };
    let shared = rows_of_label
        .as_ref()
        .map_or(&[][..], |link| link.shared_columns.as_slice());
    let read = client
        .query_within(SECONDS, &row.sql(relation, shared))
        .await;
    let found = match read {
        Ok(found) => found,
        Err(error) => return Ok(Err(Reason::Problem(reason(row, error)))),
    };
    if found.is_empty() {
        return Ok(Err(Reason::NoRows));
    }
    let is_cut = found.len() > MOST_ROWS;
    let rows = found.iter().take(MOST_ROWS).map(|row| TextRow {
        label: row.get(0),
        value: row.get(1),
        part: row.get(2),
        rate: row.get(3),
    });
    let label = relation.column(&row.label_column);
    let labels = match label.map(|column| column.category.as_str()) {
        Some("number") => Labels::Numbers,
        Some("time") => Labels::Times,
        _ => Labels::Names,
    };
    let mut figure = Figure::new(
        &row.title,
        &row.unit,
        row.part_name.clone(),
        &row.label_column,
        labels,
        rows.collect(),
    );
    let period = figure.period;
    for (mark, found) in figure.marks.iter_mut().zip(&found) {
        let end = mark.time.and_then(|time| period?.next(time));
        let end = end.map(|end| Period::Day.label(end));
        mark.link = match &rows_of_label {
            Some(link) => Some(linked_rows(link, found)),
            None => row.link(relation, mark, end),
        };
    }
    Ok(Drawn::of(figure, row.kind)
        .map(|mut drawn| {
            if is_cut {
                let rows = number(MOST_ROWS as i64);
                drawn.notes.push(format!(
                    "The view has more rows than the first {rows}, which are drawn."
                ));
            }
            drawn
        })
        .map_err(Reason::Problem))
}

/// What the catalogue says against the chart (elt.chart_problem).
async fn problem(client: &Client, chart: &str) -> WebResult<Option<String>> {
    let sql = "select problem from elt.chart_problem where chart = $1 order by place limit 1";
    let row = client.query_opt(sql, &[&chart]).await?;
    Ok(row.map(|row| row.get(0)))
}

/// The error of the server, as a sentence for the reader of the page.
fn reason(row: &Registered, error: tokio_postgres::Error) -> String {
    let name = &row.relation;
    match error.as_db_error() {
        Some(cause) if *cause.code() == SqlState::QUERY_CANCELED => {
            format!(
                "Reading {name} took longer than {SECONDS} seconds. Draw a view that has its results sooner."
            )
        }
        Some(cause) if *cause.code() == SqlState::INSUFFICIENT_PRIVILEGE => {
            format!(
                "The web application must not read {name}: {}. Run elt migrate, which grants the rights.",
                cause.message()
            )
        }
        Some(cause) => format!("Reading {name} failed. {}", sentence(cause.message())),
        None => {
            terminal::warn(explain::one_line(&anyhow::Error::new(error)));
            format!("Reading {name} failed. Load the page again.")
        }
    }
}

/// Address of the rows that have the shared values of a row of the chart.
fn linked_rows(link: &RowLink, found: &Row) -> String {
    let shared = link.shared_columns.iter().enumerate();
    let filters = shared.map(|(place, column)| {
        let value: Option<String> = found.get(4 + place);
        Filter {
            column: column.clone(),
            operator: match value {
                Some(_) => Operator::Is,
                None => Operator::Empty,
            },
            value: value.unwrap_or_default(),
        }
    });
    let request = Request {
        filters: filters.collect(),
        ..Request::default()
    };
    format!("/explore/{}?{}", link.target, request.query())
}

impl Registered {
    fn read(row: &Row) -> Registered {
        let kind: String = row.get(1);
        let (rows_relation, rows_column): (Option<String>, Option<String>) =
            (row.get(10), row.get(11));
        Registered {
            name: row.get(0),
            // A constraint knows the same kinds.
            kind: ChartKind::parse(&kind).unwrap_or(ChartKind::Bars),
            title: row.get(2),
            relation: row.get(3),
            label_column: row.get(4),
            number_columns: [row.get(5), row.get(6), row.get(7)],
            unit: row.get(8),
            part_name: row.get(9),
            rows: rows_relation.zip(rows_column),
        }
    }

    /// The link of the view's labels to the rows that explain them (elt.row_link).
    async fn row_link(&self, client: &Client, relation: &Relation) -> WebResult<Option<RowLink>> {
        let links = catalogue::row_links(client, &relation.name).await?;
        let has_columns = |link: &RowLink| {
            let mut columns = link.shared_columns.iter();
            columns.all(|column| relation.column(column).is_some())
        };
        let mut links = links.into_iter();
        Ok(links.find(|link| link.column == self.label_column && has_columns(link)))
    }

    /// The query of the chart. All values are text, so that its result has the same types when the view is replaced.
    /// `shared`: columns after the first four, for links.
    fn sql(&self, relation: &Relation, shared: &[String]) -> String {
        let text = |column: &Option<String>| match column {
            Some(column) => format!("{}::text", quote(column)),
            None => "null::text".into(),
        };
        let shared = shared.iter().cloned().map(Some);
        let shared: Vec<String> = shared.map(|column| text(&column)).collect();
        let numbers = self.number_columns.each_ref().map(text);
        format!(
            "select {}::text, {} from {} limit {}",
            quote(&self.label_column),
            [&numbers[..], &shared].concat().join(", "),
            relation.quoted(),
            MOST_ROWS + 1
        )
    }

    /// The same query for readers.
    fn shown_sql(&self) -> String {
        let label = Some(&self.label_column).into_iter();
        let columns = label.chain(self.number_columns.iter().flatten());
        let columns: Vec<String> = columns.map(|column| quote(column)).collect();
        let (schema, name) = self
            .relation
            .split_once('.')
            .unwrap_or(("public", &self.relation));
        format!(
            "select {} from {}.{} limit {MOST_ROWS}",
            columns.join(", "),
            quote(schema),
            quote(name)
        )
    }

    /// Address of the rows that a mark is made of, or of its row of the view. `end`: the day after its period, if its label begins a period.
    fn link(&self, relation: &Relation, mark: &Mark, end: Option<String>) -> Option<String> {
        let filter = |column: &str, operator, value: &str| Filter {
            column: column.into(),
            operator,
            value: value.into(),
        };
        let (name, column) = match &self.rows {
            Some((name, column)) => (name, column),
            None => {
                relation
                    .column(&self.label_column)
                    .filter(|column| column.is_sortable)?;
                (&self.relation, &self.label_column)
            }
        };
        let filters = match (&mark.key, end) {
            (None, _) => vec![filter(column, Operator::Empty, "")],
            (Some(key), Some(end)) if self.rows.is_some() => vec![
                filter(column, Operator::AtLeast, key.split(' ').next()?),
                filter(column, Operator::Below, &end),
            ],
            (Some(key), _) => vec![filter(column, Operator::Is, key)],
        };
        let request = Request {
            filters,
            ..Request::default()
        };
        Some(format!("/explore/{name}?{}", request.query()))
    }
}
