//! A line over time whose points lead to the rows that they count.

use super::drawn::Drawn;
use super::figure::{Figure, Labels, TextRow};
use super::kind::ChartKind;

pub(crate) struct LinePoint {
    /// As in `2026-12-01 08:00:00`.
    pub(crate) time: String,
    pub(crate) value: i64,
    /// Address of the rows that it counts.
    pub(crate) link: String,
}

/// The chart, or the reason why there is none, a sentence. `unit`: what the values count.
pub(crate) fn draw_line(
    title: &str,
    unit: &str,
    label_name: &str,
    points: Vec<LinePoint>,
) -> Result<Drawn, String> {
    let rows = points.iter().map(|point| TextRow {
        label: Some(point.time.clone()),
        value: Some(point.value.to_string()),
        part: None,
        rate: None,
    });
    let rows = rows.collect();
    let mut figure = Figure::new(title, unit, None, label_name, Labels::Times, rows);
    for (mark, point) in figure.marks.iter_mut().zip(points) {
        mark.link = Some(point.link);
    }
    Drawn::of(figure, ChartKind::Line)
}
