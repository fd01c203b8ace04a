//! Draws values as a line or as points.

use super::svg::{Mark, Settings, head, plain, text};
use std::fmt::Write;

pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    /// What the values count.
    pub(super) unit: &'a str,
    pub(super) is_line: bool,
    pub(super) labels: Vec<String>,
    /// Places from left to right, if the labels are numbers.
    pub(super) places: Option<Vec<Option<f64>>>,
    pub(super) values: Vec<Option<f64>>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 40.0;
/// Labels under the chart have at most this many letters.
const LABEL: usize = 24;
/// Marks that the description for screen readers has. The table below the chart has all.
const DESCRIBED: usize = 60;

pub(super) fn draw(plot: &Plot<'_>) -> String {
    let places: Vec<Option<f64>> = match &plot.places {
        Some(places) => places.clone(),
        None => (0..plot.values.len())
            .map(|place| Some(place as f64))
            .collect(),
    };
    let (first, last) = range(&places, false);
    let (lowest, highest) = range(&plot.values, true);
    let x = |place: f64| LEFT + (place - first) / (last - first) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| TOP + (highest - value) / (highest - lowest) * (HEIGHT - TOP - BOTTOM);
    let mut svg = described(plot);
    for value in [lowest, highest] {
        let height = y(value);
        let _ = write!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{height:.1}\" y2=\"{height:.1}\"/>",
            WIDTH - RIGHT
        );
        text(
            &mut svg,
            "label",
            LEFT - 8.0,
            height + 4.0,
            "end",
            &plain(Some(value)),
        );
    }
    let points = places.iter().zip(&plot.values);
    let points: Vec<Option<(f64, f64)>> = points
        .map(|(place, value)| Some((x((*place)?), y((*value)?))))
        .collect();
    if plot.is_line {
        // A missing value interrupts the line.
        for part in points
            .split(Option::is_none)
            .filter(|part| !part.is_empty())
        {
            let part = part.iter().flatten();
            let corners: Vec<String> = part.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ = write!(
                svg,
                "<polyline class=\"line\" points=\"{}\"/>",
                corners.join(" ")
            );
        }
    }
    if !plot.is_line || points.len() <= DESCRIBED {
        for (x, y) in points.iter().flatten() {
            let _ = write!(
                svg,
                "<circle class=\"part\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>"
            );
        }
    }
    let under = HEIGHT - BOTTOM + 24.0;
    let ends = match &plot.places {
        Some(_) => (plain(Some(first)), plain(Some(last))),
        None => (
            plot.labels.first().cloned().unwrap_or_default(),
            plot.labels.last().cloned().unwrap_or_default(),
        ),
    };
    text(&mut svg, "label", LEFT, under, "start", &short(&ends.0));
    text(
        &mut svg,
        "label",
        WIDTH - RIGHT,
        under,
        "end",
        &short(&ends.1),
    );
    svg.push_str("</svg>");
    svg
}

fn described(plot: &Plot<'_>) -> String {
    let settings = Settings {
        is_columns: false,
        title: plot.title.into(),
        unit: plot.unit.into(),
        part_name: None,
    };
    let marks = plot.labels.iter().zip(&plot.values).take(DESCRIBED);
    let marks = marks.map(|(label, value)| Mark {
        label: label.clone(),
        value: *value,
        part: None,
        rate: None,
    });
    head(&settings, &marks.collect::<Vec<_>>(), WIDTH, HEIGHT)
}

/// The smallest and the largest number, which differ. With `from_zero`, zero is among them.
fn range(numbers: &[Option<f64>], from_zero: bool) -> (f64, f64) {
    let start = if from_zero {
        (0.0, 0.0)
    } else {
        (f64::INFINITY, f64::NEG_INFINITY)
    };
    let known = numbers.iter().flatten();
    let (low, high) = known.fold(start, |(low, high), number| {
        (low.min(*number), high.max(*number))
    });
    match low < high {
        true => (low, high),
        false if low.is_finite() => (low, low + 1.0),
        false => (0.0, 1.0),
    }
}

fn short(label: &str) -> String {
    if label.chars().count() <= LABEL {
        label.into()
    } else {
        format!("{}…", label.chars().take(LABEL).collect::<String>())
    }
}
