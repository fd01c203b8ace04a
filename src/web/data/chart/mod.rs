//! Charts of small views (elt.chart) and of queries, as SVG with a table of the same values.

mod plot;
mod query_chart;
mod svg;

pub(crate) use query_chart::{ChartKind, QueryChart};

use crate::web::data::catalogue::{self, Relation, quote};
use crate::web::data::pool::{Client, NO_VALUES};
use crate::web::error::WebResult;
use crate::web::http::address::sql_link;
use svg::{Mark, Settings, percent, plain};

/// A chart shows at most this many rows.
const MAX_MARKS: i64 = 60;

pub(crate) struct Chart {
    pub(crate) title: String,
    /// The view's comment.
    pub(crate) description: String,
    pub(crate) relation: String,
    pub(crate) svg: String,
    /// Legend: the name of the whole, and of its part.
    pub(crate) unit: String,
    pub(crate) part_name: Option<String>,
    pub(crate) headers: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// Address of its query on the page `/sql`.
    pub(crate) sql_link: String,
}

/// All charts of the first page, in their order. Charts without their view are omitted.
pub(crate) async fn all(client: &Client) -> WebResult<Vec<Chart>> {
    let sql = "select kind = 'columns', title, unit, part_name, relation, label_column, value_column, \
               part_column, rate_column from elt.chart order by place, chart";
    let mut charts = Vec::new();
    for row in client.query(sql, &[]).await? {
        let name: String = row.get(4);
        let Ok(relation) = catalogue::relation(client, &name).await else {
            continue;
        };
        let settings = Settings {
            is_columns: row.get(0),
            title: row.get(1),
            unit: row.get(2),
            part_name: row.get(3),
        };
        let number = |column: Option<String>| {
            column.map_or("null::float8".into(), |column| {
                format!("{}::float8", quote(&column))
            })
        };
        let sql = format!(
            "select {}::text, {}, {}, {} from {} limit {MAX_MARKS}",
            quote(row.get(5)),
            number(row.get(6)),
            number(row.get(7)),
            number(row.get(8)),
            relation.quoted(),
        );
        let columns = [row.get(5), row.get(6), row.get(7), row.get(8)];
        let shown = shown_sql(&columns, &relation);
        let marks: Vec<Mark> = client
            .query_text(&sql, NO_VALUES)
            .await?
            .iter()
            .map(|row| Mark {
                label: row.get::<_, Option<String>>(0).unwrap_or_default(),
                value: row.get(1),
                part: row.get(2),
                rate: row.get(3),
            })
            .collect();
        let is_by_month = relation
            .column(row.get(5))
            .is_some_and(|column| column.type_name == "date");
        let mut chart = draw(
            settings,
            marks,
            is_by_month,
            name,
            relation.description.clone(),
        );
        chart.sql_link = format!("{}&chart=bars", sql_link(&shown));
        charts.push(chart);
    }
    Ok(charts)
}

/// The query of a chart, without the conversions that drawing needs.
fn shown_sql(columns: &[Option<String>], relation: &Relation) -> String {
    let columns = columns.iter().flatten().map(|column| quote(column));
    format!(
        "select {} from {} limit {MAX_MARKS}",
        columns.collect::<Vec<_>>().join(", "),
        relation.quoted()
    )
}

fn draw(
    settings: Settings,
    mut marks: Vec<Mark>,
    is_by_month: bool,
    relation: String,
    description: String,
) -> Chart {
    if is_by_month {
        for mark in &mut marks {
            mark.label.truncate(7);
        }
    }
    let mut headers = vec![String::new(), settings.unit.clone()];
    headers.extend(settings.part_name.clone());
    if marks.iter().any(|mark| mark.rate.is_some()) {
        headers.push("share".into());
    }
    let rows = marks
        .iter()
        .map(|mark| {
            let mut cells = vec![mark.label.clone(), plain(mark.value)];
            if settings.part_name.is_some() {
                cells.push(plain(mark.part));
            }
            if headers.len() > cells.len() {
                cells.push(mark.rate.map(percent).unwrap_or_default());
            }
            cells
        })
        .collect();
    let svg = if settings.is_columns {
        svg::columns(&settings, &marks)
    } else {
        svg::bars(&settings, &marks)
    };
    Chart {
        title: settings.title,
        description,
        relation,
        svg,
        unit: settings.unit,
        part_name: settings.part_name,
        headers,
        rows,
        sql_link: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(label: &str) -> Chart {
        let settings = Settings {
            is_columns: true,
            title: "T".into(),
            unit: "things".into(),
            part_name: Some("ours".into()),
        };
        let mark = Mark {
            label: label.into(),
            value: Some(2000.0),
            part: Some(500.0),
            rate: Some(0.25),
        };
        draw(settings, vec![mark], true, "public.x".into(), String::new())
    }

    #[test]
    fn a_chart_has_its_numbers_in_the_description_and_the_table() {
        let chart = chart("2026-01-01");
        assert!(
            chart
                .svg
                .contains("<desc>2026-01: 2,000 things, ours 500, 25.0 %</desc>"),
            "{}",
            chart.svg
        );
        assert_eq!(chart.rows, [["2026-01", "2,000", "500", "25.0 %"]]);
        assert_eq!(chart.headers, ["", "things", "ours", "share"]);
    }

    #[test]
    fn markup_in_data_is_escaped() {
        assert!(!chart("<script").svg.contains("<script"));
    }
}
