//! Charts of small views (elt.chart), as SVG.

use crate::web::data::catalogue::{self, quote};
use crate::web::data::pool::{Client, NO_VALUES};
use crate::web::error::WebResult;
use std::fmt::Write;

/// A chart shows at most this many rows.
const MOST_MARKS: i64 = 60;

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
}

struct Settings {
    is_columns: bool,
    title: String,
    unit: String,
    part_name: Option<String>,
}

struct Mark {
    label: String,
    value: Option<f64>,
    part: Option<f64>,
    /// From 0 to 1.
    rate: Option<f64>,
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
            "select {}::text, {}, {}, {} from {} limit {MOST_MARKS}",
            quote(row.get(5)),
            number(row.get(6)),
            number(row.get(7)),
            number(row.get(8)),
            relation.quoted(),
        );
        let marks: Vec<Mark> = client
            .ask(&sql, NO_VALUES)
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
        charts.push(draw(
            settings,
            marks,
            is_by_month,
            name,
            relation.description.clone(),
        ));
    }
    Ok(charts)
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
    let svg = match settings.is_columns {
        true => columns(&settings, &marks),
        false => bars(&settings, &marks),
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
    }
}

fn columns(settings: &Settings, marks: &[Mark]) -> String {
    const HEIGHT: f64 = 260.0;
    const TOP: f64 = 34.0;
    const BOTTOM: f64 = 34.0;
    let step = (520.0 / marks.len().max(1) as f64).clamp(56.0, 130.0);
    let width = (step * marks.len() as f64 + 20.0).max(240.0);
    let largest = largest(marks);
    let scale = |value: f64| value / largest * (HEIGHT - TOP - BOTTOM);
    let mut svg = head(settings, marks, width, HEIGHT);
    let base = HEIGHT - BOTTOM;
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"0\" x2=\"{width:.1}\" y1=\"{base:.1}\" y2=\"{base:.1}\"/>"
    );
    for (index, mark) in marks.iter().enumerate() {
        let left = 10.0 + step * index as f64 + step * 0.14;
        let (wide, middle) = (step * 0.72, 10.0 + step * (index as f64 + 0.5));
        let height = scale(mark.value.unwrap_or(0.0));
        rect(&mut svg, "whole", left, base - height, wide, height);
        if let Some(part) = mark.part {
            rect(
                &mut svg,
                "part",
                left,
                base - scale(part),
                wide,
                scale(part),
            );
        }
        let said = mark.rate.map_or(plain(mark.value), percent);
        text(
            &mut svg,
            "value",
            middle,
            base - height - 8.0,
            "middle",
            &said,
        );
        text(
            &mut svg,
            "label",
            middle,
            base + 20.0,
            "middle",
            &mark.label,
        );
    }
    svg.push_str("</svg>");
    svg
}

fn bars(settings: &Settings, marks: &[Mark]) -> String {
    const WIDTH: f64 = 480.0;
    const LEFT: f64 = 104.0;
    const RIGHT: f64 = 70.0;
    const STEP: f64 = 40.0;
    let height = STEP * marks.len().max(1) as f64 + 10.0;
    let largest = largest(marks);
    let scale = |value: f64| value / largest * (WIDTH - LEFT - RIGHT);
    let mut svg = head(settings, marks, WIDTH, height);
    for (index, mark) in marks.iter().enumerate() {
        let top = 8.0 + STEP * index as f64;
        let wide = scale(mark.value.unwrap_or(0.0));
        rect(&mut svg, "whole", LEFT, top, wide, 26.0);
        if let Some(part) = mark.part {
            rect(&mut svg, "part", LEFT, top, scale(part), 26.0);
        }
        let middle = top + 18.0;
        text(&mut svg, "label", LEFT - 10.0, middle, "end", &mark.label);
        text(
            &mut svg,
            "value",
            LEFT + wide + 10.0,
            middle,
            "start",
            &plain(mark.value),
        );
    }
    svg.push_str("</svg>");
    svg
}

fn largest(marks: &[Mark]) -> f64 {
    let values = marks.iter().filter_map(|mark| mark.value);
    values.fold(0.0, f64::max).max(1.0)
}

/// The start of the SVG, with a title and a description for screen readers.
fn head(settings: &Settings, marks: &[Mark], width: f64, height: f64) -> String {
    let mut said = Vec::new();
    for mark in marks {
        let part = match (&settings.part_name, mark.part) {
            (Some(name), Some(part)) => format!(", {name} {}", plain(Some(part))),
            _ => String::new(),
        };
        let rate = mark.rate.map(|rate| format!(", {}", percent(rate)));
        said.push(format!(
            "{}: {} {}{part}{}",
            mark.label,
            plain(mark.value),
            settings.unit,
            rate.unwrap_or_default()
        ));
    }
    format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title><desc>{}</desc>",
        escaped(&settings.title),
        escaped(&said.join("; "))
    )
}

fn rect(svg: &mut String, class: &str, x: f64, y: f64, width: f64, height: f64) {
    let (width, height) = (width.max(0.0), height.max(0.0));
    let _ = write!(
        svg,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"2\"/>"
    );
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, said: &str) {
    let _ = write!(
        svg,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
        escaped(said)
    );
}

fn plain(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        Some(value) if value.fract() == 0.0 => crate::terminal::number(value as i64),
        Some(value) => format!("{value:.2}"),
    }
}

fn percent(rate: f64) -> String {
    format!("{:.1} %", rate * 100.0)
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
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
    fn a_picture_says_its_numbers_and_its_table_too() {
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
    fn what_stands_in_the_data_is_text() {
        assert!(!chart("<script").svg.contains("<script"));
    }
}
