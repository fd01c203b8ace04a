//! Draws the rows of a query: the first column is the label, the next column with numbers is drawn.

use super::drawn::Drawn;
use super::figure::{Figure, Labels, TextRow};
use super::kind::ChartKind;
use crate::web::data::query::{QueryColumn, Table};

pub(crate) struct QueryChart {
    pub(crate) drawn: Drawn,
    /// A sentence that names the two columns.
    pub(crate) legend: String,
}

impl QueryChart {
    /// The chart, or the reason why there is none, a sentence.
    pub(crate) fn draw(kind: ChartKind, title: &str, table: &Table) -> Result<QueryChart, String> {
        let (label, value) = drawn_columns(&table.columns)
            .ok_or("A chart needs a column with numbers after the first column.")?;
        let rows = table.rows.iter().map(|row| TextRow {
            label: row[label].clone(),
            value: row[value].clone(),
            part: None,
            rate: None,
        });
        let (name, unit) = (&table.columns[label].name, &table.columns[value].name);
        let labels = match &table.columns[label] {
            column if column.is_number => Labels::Numbers,
            column if column.is_time => Labels::Times,
            _ => Labels::Names,
        };
        let figure = Figure::new(title, unit, None, name, labels, rows.collect());
        let legend = format!("{unit} by {name}.");
        Ok(QueryChart {
            drawn: Drawn::of(figure, kind)?,
            legend,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[(&str, bool)], rows: &[&[&str]]) -> Table {
        let columns = names.iter().map(|(name, is_number)| QueryColumn {
            name: (*name).into(),
            is_number: *is_number,
            is_time: name.ends_with("_on"),
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

    fn svg(kind: ChartKind, table: &Table) -> String {
        QueryChart::draw(kind, "T", table).unwrap().drawn.svg
    }

    #[test]
    fn kinds_have_names() {
        for kind in ChartKind::ALL {
            assert_eq!(ChartKind::parse(kind.name()), Some(kind));
        }
    }

    #[test]
    fn bars_of_negative_numbers_end_at_zero() {
        let table = table(
            &[("a", false), ("n", true)],
            &[&["x", "10"], &["y", "-10"], &["z", "1e308"]],
        );
        let svg = svg(ChartKind::Bars, &table);
        for bar in [
            "class=\"part\" x=\"50.00%\" y=\"22.0\" width=\"50.00%\"",
            "class=\"part\" x=\"0.00%\" y=\"68.0\" width=\"50.00%\"",
        ] {
            assert!(svg.contains(bar), "{svg}");
        }
        assert_eq!(svg.matches("class=\"part\"").count(), 2, "{svg}");
    }

    #[test]
    fn large_numbers_are_not_shown_as_others() {
        let table = table(
            &[("a", false), ("n", true)],
            &[&["x", "-3e299"], &["y", "3e299"], &["z", "-1e308"]],
        );
        let svg = svg(ChartKind::Line, &table);
        assert!(
            svg.contains("x: -3e299 n; y: 3e299 n; z: -1e308 n"),
            "{svg}"
        );
        assert!(
            !svg.contains("%\" y=\"NaN") && !svg.contains("inf"),
            "{svg}"
        );
    }

    #[test]
    fn rows_without_numbers_are_not_drawn() {
        let texts = table(&[("a", false), ("b", false)], &[&["1", "2"]]);
        assert!(QueryChart::draw(ChartKind::Bars, "T", &texts).is_err());
        let none = table(&[("a", false), ("b", true)], &[]);
        assert!(QueryChart::draw(ChartKind::Line, "T", &none).is_err());
        let odd = table(
            &[("a", false), ("b", true)],
            &[&["x", "NaN"], &["y", "Infinity"]],
        );
        assert!(QueryChart::draw(ChartKind::Columns, "T", &odd).is_err());
    }

    #[test]
    fn numbers_and_times_of_the_first_column_are_places() {
        let numbers = table(
            &[("x", true), ("y", true)],
            &[&["0", "1"], &["1", "3"], &["10", "2"]],
        );
        let times = table(
            &[("begins_on", false), ("y", true)],
            &[
                &["2026-01-01", "1"],
                &["2026-01-02", "3"],
                &["2026-01-11", "2"],
            ],
        );
        for table in [numbers, times] {
            let svg = svg(ChartKind::Points, &table);
            let places: Vec<&str> = svg.split("cx=\"").skip(1).collect();
            let places: Vec<&str> = places
                .iter()
                .map(|rest| &rest[..rest.find('%').unwrap()])
                .collect();
            assert_eq!(places, ["0.00", "10.00", "100.00"], "{svg}");
        }
    }

    #[test]
    fn a_missing_value_is_a_gap_and_a_lonely_point_is_a_dot() {
        let mut long: Vec<Vec<String>> = (0..200)
            .map(|n| vec![n.to_string(), (n * n).to_string()])
            .collect();
        long[99][1] = "NaN".into();
        long[101][1] = "NaN".into();
        let rows: Vec<Vec<&str>> = long
            .iter()
            .map(|row| row.iter().map(String::as_str).collect())
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let table = table(&[("x", true), ("y", true)], &rows);
        let chart = QueryChart::draw(ChartKind::Bars, "T", &table).unwrap();
        let svg = &chart.drawn.svg;
        assert_eq!(svg.matches("<polyline").count(), 2, "{svg}");
        assert_eq!(svg.matches("<circle").count(), 1, "{svg}");
        assert_eq!(svg.matches("<title>").count(), 198, "{svg}");
        assert_eq!(
            chart.drawn.notes,
            [
                "Drawn as a line, because there are 200 rows.",
                "Not drawn: 2 rows without a number."
            ]
        );
    }
}
