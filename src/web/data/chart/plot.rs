//! Draws values as a line or as points, at the places of their labels.

use super::figure::{Figure, Labels, Mark};
use super::label_axis;
use super::scale::Scale;
use super::svg::Svg;
use super::time_ticks::time_ticks;
use chrono::{DateTime, NaiveDateTime};

const TOP: f64 = 12.0;
const PLOT: f64 = 220.0;
const UNDER: f64 = 28.0;
/// A line with more points is drawn without dots.
const MOST_DOTS: usize = 60;
/// Points closer to each other are too small for the tab key and a finger. The table has the same links.
const MOST_STOPS: usize = 8;
const TICKS: usize = 6;

pub(super) fn draw(figure: &Figure, is_line: bool) -> String {
    let axis = LabelAxis::new(figure);
    let scale = Scale::near(&figure.numbers(), 5);
    let y = |value: f64| TOP + (1.0 - scale.place(value)) * PLOT;
    let bottom = TOP + PLOT;
    let mut svg = Svg::begin(figure, bottom + UNDER, scale.longest_label());
    svg.left_axis(&scale, y);
    let mut points: Vec<(&Mark, f64, Option<f64>)> = figure
        .marks
        .iter()
        .enumerate()
        .filter_map(|(index, mark)| {
            Some((mark, axis.place(index, mark)?, mark.value.number.map(y)))
        })
        .collect();
    if is_line {
        points.sort_by(|one, other| one.1.total_cmp(&other.1));
        line(&mut svg, &points, bottom + UNDER);
    }
    let has_dots = !is_line || points.len() <= MOST_DOTS;
    for (index, (mark, x, height)) in points.iter().enumerate() {
        let Some(height) = height else { continue };
        svg.open_mark(figure, mark, points.len() <= MOST_STOPS);
        if is_line {
            // The tooltip of a point appears in the whole strip that is nearest to it.
            let before = index.checked_sub(1).map_or(0.0, |index| points[index].1);
            let after = points.get(index + 1).map_or(100.0, |point| point.1);
            let (from, to) = ((before + x) / 2.0, (after + x) / 2.0);
            svg.rect("hit", from, TOP, to - from, PLOT);
        }
        if has_dots || is_alone(&points, index) {
            svg.circle(*x, *height);
        }
        svg.close_mark(mark);
    }
    axis.write(&mut svg, bottom + 20.0);
    svg.end()
}

/// A missing value interrupts the line.
fn line(svg: &mut Svg, points: &[(&Mark, f64, Option<f64>)], height: f64) {
    let points: Vec<Option<(f64, f64)>> = points
        .iter()
        .map(|(_, x, height)| height.map(|height| (*x, height)))
        .collect();
    let parts: Vec<Vec<(f64, f64)>> = points
        .split(Option::is_none)
        .map(|part| part.iter().flatten().copied().collect())
        .collect();
    svg.lines(
        height,
        parts
            .iter()
            .filter(|part| part.len() > 1)
            .map(Vec::as_slice),
    );
}

/// Whether no line leads to a point.
fn is_alone(points: &[(&Mark, f64, Option<f64>)], index: usize) -> bool {
    let is_missing = |index: Option<usize>| {
        let point = index.and_then(|index| points.get(index));
        point.is_none_or(|(_, _, height)| height.is_none())
    };
    is_missing(index.checked_sub(1)) && is_missing(Some(index + 1))
}

/// The axis under the plot.
enum LabelAxis {
    /// Equal distances, in the order of the rows.
    Equal(Vec<String>),
    /// Whether the numbers are years, which have no separators.
    Numbers(Scale, bool),
    /// From the first to the last time, in seconds, and the label of the first row.
    Times(f64, f64, String),
}

impl LabelAxis {
    fn new(figure: &Figure) -> LabelAxis {
        let places: Vec<f64> = figure.marks.iter().filter_map(|mark| mark.place).collect();
        match figure.labels {
            Labels::Names => {
                let labels = figure.marks.iter().map(|mark| mark.label.clone());
                LabelAxis::Equal(labels.collect())
            }
            Labels::Numbers => {
                let is_year =
                    |place: &f64| place.fract() == 0.0 && (1000.0..3000.0).contains(place);
                let are_years = figure.label_name.to_lowercase().contains("year");
                let are_years = are_years && places.iter().all(is_year);
                LabelAxis::Numbers(Scale::over(places.into_iter(), TICKS), are_years)
            }
            Labels::Times => {
                let first = places.iter().copied().fold(f64::INFINITY, f64::min);
                let last = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let label = figure.marks.iter().find(|mark| mark.place.is_some());
                let label = label.map_or(String::new(), |mark| mark.label.clone());
                LabelAxis::Times(first, last, label)
            }
        }
    }

    /// The percentage of a mark, which has none if its label is not a number or a time.
    fn place(&self, index: usize, mark: &Mark) -> Option<f64> {
        match self {
            LabelAxis::Equal(labels) => Some((index as f64 + 0.5) * 100.0 / labels.len() as f64),
            LabelAxis::Numbers(scale, _) => Some(scale.place(mark.place?) * 100.0),
            LabelAxis::Times(first, last, _) if first < last => {
                Some((mark.place? - first) / (last - first) * 100.0)
            }
            LabelAxis::Times(..) => mark.place.map(|_| 50.0),
        }
    }

    fn write(&self, svg: &mut Svg, y: f64) {
        match self {
            LabelAxis::Equal(labels) => {
                label_axis::equal(svg, labels, 100.0 / labels.len() as f64, y);
            }
            LabelAxis::Numbers(scale, are_years) => {
                let ticks = scale.ticks.iter().map(|tick| {
                    let label = if *are_years {
                        format!("{tick:.0}")
                    } else {
                        scale.label(*tick)
                    };
                    (scale.place(*tick) * 100.0, label)
                });
                label_axis::ticks(svg, &ticks.collect::<Vec<_>>(), y);
            }
            LabelAxis::Times(first, last, label) => {
                let mut ticks = time_labels(*first, *last);
                if ticks.is_empty() {
                    ticks.push((50.0, label.clone()));
                }
                label_axis::ticks(svg, &ticks, y);
            }
        }
    }
}

/// Percentages and labels; none if the times are equal. `first` and `last`: seconds.
fn time_labels(first: f64, last: f64) -> Vec<(f64, String)> {
    let (true, Some(from), Some(to)) = (first < last, time(first), time(last)) else {
        return Vec::new();
    };
    let ticks = time_ticks(from, to, TICKS)
        .into_iter()
        .map(|(time, label)| {
            let place = time.and_utc().timestamp() as f64;
            ((place - first) / (last - first) * 100.0, label)
        });
    ticks.collect()
}

fn time(seconds: f64) -> Option<NaiveDateTime> {
    let time = DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64)?;
    Some(time.naive_utc())
}
