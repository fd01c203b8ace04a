//! Draws the rows of a query: the first column is the label, the next column with numbers is drawn.

use super::plot::{self, Plot};
use super::svg::{self, Mark, Settings};
use crate::web::data::query::{QueryColumn, Table};

/// A chart of bars shows at most this many rows.
const MAX_BARS: usize = 60;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ChartKind {
    Bars,
    Line,
    Points,
}

impl ChartKind {
    pub(crate) const ALL: [ChartKind; 3] = [ChartKind::Bars, ChartKind::Line, ChartKind::Points];

    /// The name in addresses and in elt.saved_query.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ChartKind::Bars => "bars",
            ChartKind::Line => "line",
            ChartKind::Points => "points",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<ChartKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

pub(crate) struct QueryChart {
    pub(crate) svg: String,
    /// A sentence that names the two columns.
    pub(crate) legend: String,
}

impl QueryChart {
    /// The chart, or the reason why there is none, a sentence.
    pub(crate) fn draw(kind: ChartKind, title: &str, table: &Table) -> Result<QueryChart, String> {
        let (label, value) = drawn_columns(&table.columns)
            .ok_or("A chart needs a column with numbers after the first column.")?;
        if table.rows.is_empty() {
            return Err("There are no rows to draw.".into());
        }
        let is_number = table.columns[label].is_number;
        let bars = table.rows.len().min(MAX_BARS);
        let rows = match kind {
            ChartKind::Bars => &table.rows[..bars],
            ChartKind::Line | ChartKind::Points => &table.rows,
        };
        let unit = table.columns[value].name.clone();
        let svg = match kind {
            ChartKind::Bars => {
                let settings = Settings {
                    is_columns: false,
                    title: title.into(),
                    unit: unit.clone(),
                    part_name: None,
                };
                let marks = rows.iter().map(|row| Mark {
                    label: text(row, label),
                    value: number(row, value),
                    part: None,
                    rate: None,
                });
                svg::bars(&settings, &marks.collect::<Vec<_>>())
            }
            ChartKind::Line | ChartKind::Points => plot::draw(&Plot {
                title,
                unit: &unit,
                is_line: kind == ChartKind::Line,
                labels: rows.iter().map(|row| text(row, label)).collect(),
                // Without numbers, the rows stand at equal distances.
                places: is_number.then(|| rows.iter().map(|row| number(row, label)).collect()),
                values: rows.iter().map(|row| number(row, value)).collect(),
            }),
        };
        let mut legend = format!("{unit} by {}", table.columns[label].name);
        if rows.len() < table.rows.len() {
            legend.push_str(&format!(", the first {} rows", rows.len()));
        }
        Ok(QueryChart {
            svg,
            legend: format!("{legend}."),
        })
    }
}

/// The places of the label and of the value. A single column of numbers is its own label.
fn drawn_columns(columns: &[QueryColumn]) -> Option<(usize, usize)> {
    let after = columns.iter().skip(1).position(|column| column.is_number);
    match after {
        Some(place) => Some((0, place + 1)),
        None => columns
            .first()
            .filter(|column| column.is_number)
            .map(|_| (0, 0)),
    }
}

fn text(row: &[Option<String>], place: usize) -> String {
    row[place].clone().unwrap_or_default()
}

/// `None` also for NaN and infinity, which have no place in a chart, and for numbers whose difference may be infinite.
fn number(row: &[Option<String>], place: usize) -> Option<f64> {
    let number: f64 = row[place].as_ref()?.parse().ok()?;
    (number.abs() < 1e300).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[(&str, bool)], rows: &[&[&str]]) -> Table {
        let columns = names.iter().map(|(name, is_number)| QueryColumn {
            name: (*name).into(),
            is_number: *is_number,
            is_boolean: false,
            is_json: false,
        });
        let rows = rows
            .iter()
            .map(|row| row.iter().map(|value| Some((*value).into())).collect());
        Table {
            columns: columns.collect(),
            rows: rows.collect(),
            cut: None,
        }
    }

    #[test]
    fn the_first_column_is_the_label_and_the_next_number_is_drawn() {
        let table = table(
            &[("month", false), ("note", false), ("total", true)],
            &[&["<b>", "x", "1000"], &["Feb", "y", "NaN"]],
        );
        for kind in ChartKind::ALL {
            let chart = QueryChart::draw(kind, "T", &table).unwrap();
            assert_eq!(chart.legend, "total by month.");
            assert!(chart.svg.contains("<title>T</title>"), "{}", chart.svg);
            assert!(
                chart.svg.contains("&lt;b&gt;: 1,000 total; Feb: – total"),
                "{}",
                chart.svg
            );
            assert!(!chart.svg.contains("<b>"), "{}", chart.svg);
        }
    }

    #[test]
    fn bars_of_negative_numbers_end_at_zero() {
        let table = table(
            &[("a", false), ("n", true)],
            &[&["x", "10"], &["y", "-10"], &["z", "1e308"]],
        );
        let chart = QueryChart::draw(ChartKind::Bars, "T", &table).unwrap();
        for bar in [
            "x=\"257.0\" y=\"8.0\" width=\"153.0\"",
            "x=\"104.0\" y=\"48.0\" width=\"153.0\"",
        ] {
            assert!(chart.svg.contains(bar), "{}", chart.svg);
        }
        assert!(!chart.svg.contains("x=\"-"), "{}", chart.svg);
    }

    #[test]
    fn large_numbers_are_not_shown_as_others() {
        let table = table(
            &[("a", false), ("n", true)],
            &[&["x", "-3e299"], &["y", "3e299"], &["z", "-1e308"]],
        );
        let chart = QueryChart::draw(ChartKind::Line, "T", &table).unwrap();
        assert!(
            chart.svg.contains("x: -3e299 n; y: 3e299 n; z: – n"),
            "{}",
            chart.svg
        );
        assert!(!chart.svg.contains("NaN"), "{}", chart.svg);
    }

    #[test]
    fn rows_without_numbers_are_not_drawn() {
        let texts = table(&[("a", false), ("b", false)], &[&["1", "2"]]);
        assert!(QueryChart::draw(ChartKind::Bars, "T", &texts).is_err());
        let none = table(&[("a", false), ("b", true)], &[]);
        assert!(QueryChart::draw(ChartKind::Line, "T", &none).is_err());
    }

    #[test]
    fn numbers_of_the_first_column_are_places() {
        let table = table(
            &[("x", true), ("y", true)],
            &[&["0", "1"], &["1", "3"], &["10", "2"]],
        );
        let chart = QueryChart::draw(ChartKind::Points, "T", &table).unwrap();
        let places: Vec<f64> = chart
            .svg
            .split("cx=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().parse().unwrap())
            .collect();
        assert!(
            places[1] - places[0] < (places[2] - places[1]) / 5.0,
            "{places:?}"
        );
    }
}
