//! What a chart draws, and in which shape.

use super::amount::{Amount, percent};
use super::kind::ChartKind;
use super::period::{Period, parse_time};
use chrono::NaiveDateTime;

/// With more dates or numbers as labels, a chart of bars becomes a line.
const MOST_COLUMNS: usize = 40;
/// With more names as labels, vertical bars become horizontal ones.
const MOST_NAMED_COLUMNS: usize = 20;
/// The longest name under a vertical bar, in letters.
const LONGEST_UNDER_COLUMN: usize = 14;
/// A chart of horizontal bars draws at most this many rows.
pub(super) const MOST_BARS: usize = 30;

/// The type of the labels.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Labels {
    Names,
    Numbers,
    Times,
}

/// A row as the server writes it.
pub(super) struct TextRow {
    pub(super) label: Option<String>,
    pub(super) value: Option<String>,
    pub(super) part: Option<String>,
    pub(super) rate: Option<String>,
}

pub(super) struct Figure {
    pub(super) title: String,
    /// What the values count.
    pub(super) unit: String,
    pub(super) part_name: Option<String>,
    /// The column of the labels.
    pub(super) label_name: String,
    pub(super) labels: Labels,
    /// The period that each label begins, if the labels are dates.
    pub(super) period: Option<Period>,
    pub(super) marks: Vec<Mark>,
}

/// One row of the figure.
pub(super) struct Mark {
    /// The label as the server writes it.
    pub(super) key: Option<String>,
    /// The label as the chart shows it.
    pub(super) label: String,
    pub(super) time: Option<NaiveDateTime>,
    /// Where it stands on an axis of numbers or times; the latter in seconds.
    pub(super) place: Option<f64>,
    pub(super) value: Amount,
    pub(super) part: Option<Amount>,
    /// From 0 to 1.
    pub(super) rate: Option<f64>,
    /// Address of the rows that it is made of.
    pub(super) link: Option<String>,
}

impl Figure {
    pub(super) fn new(
        title: &str,
        unit: &str,
        part_name: Option<String>,
        label_name: &str,
        labels: Labels,
        rows: Vec<TextRow>,
    ) -> Figure {
        let has_part = part_name.is_some();
        let marks = rows.into_iter().map(|row| Mark::new(row, labels, has_part));
        let mut figure = Figure {
            title: title.into(),
            unit: unit.into(),
            part_name,
            label_name: label_name.into(),
            labels,
            period: None,
            marks: marks.collect(),
        };
        // For example, none of the labels is a time if they are times of a day.
        if figure.marks.iter().all(|mark| mark.place.is_none()) {
            figure.labels = Labels::Names;
        }
        let times: Vec<NaiveDateTime> = figure.marks.iter().filter_map(|mark| mark.time).collect();
        figure.period = Period::shared(&times, label_name);
        if let Some(period) = figure.period {
            for mark in &mut figure.marks {
                if let Some(time) = mark.time {
                    mark.label = period.label(time);
                }
            }
        }
        figure
    }

    /// The kind that shows the rows well. It differs from the wanted one if there are too many rows or long labels.
    pub(super) fn shape(&self, wanted: ChartKind) -> ChartKind {
        let count = self.marks.len();
        let longest = self.marks.iter().map(|mark| mark.label.chars().count());
        let is_narrow = longest.max().unwrap_or(0) <= LONGEST_UNDER_COLUMN;
        match (wanted, self.labels) {
            (ChartKind::Columns | ChartKind::Bars, Labels::Times | Labels::Numbers)
                if count > MOST_COLUMNS =>
            {
                ChartKind::Line
            }
            (ChartKind::Columns, Labels::Names) if count > MOST_NAMED_COLUMNS || !is_narrow => {
                ChartKind::Bars
            }
            _ => wanted,
        }
    }

    /// All numbers of the values and their parts.
    pub(super) fn numbers(&self) -> Vec<f64> {
        let values = self.marks.iter().filter_map(|mark| mark.value.number);
        let parts = self.marks.iter().filter_map(Mark::part_number);
        values.chain(parts).collect()
    }

    pub(super) fn has_links(&self) -> bool {
        self.marks.iter().any(|mark| mark.link.is_some())
    }

    /// The numbers of a row in words.
    pub(super) fn sentence(&self, mark: &Mark) -> String {
        let mut text = match (&self.part_name, &mark.part) {
            (Some(name), Some(part)) => format!(
                "{}: {name} {}, {} {}",
                mark.label, part.text, self.unit, mark.value.text
            ),
            _ => format!("{}: {} {}", mark.label, mark.value.text, self.unit),
        };
        if let Some(rate) = mark.rate {
            text.push_str(&format!(", {}", percent(rate)));
        }
        text
    }

    /// The marks from left to right. A period without a row is a gap, unless that makes too many gaps.
    pub(super) fn slots(&self) -> Vec<Slot<'_>> {
        let mut slots: Vec<Slot<'_>> = self.marks.iter().map(Slot::of).collect();
        let Some(period) = self.period else {
            return slots;
        };
        // The sort is stable, and marks without a time come last.
        slots.sort_by_key(|slot| {
            let time = slot.mark.and_then(|mark| mark.time);
            (time.is_none(), time)
        });
        let mut filled: Vec<Slot<'_>> = Vec::new();
        let mut expected: Option<NaiveDateTime> = None;
        for slot in &slots {
            let time = slot.mark.and_then(|mark| mark.time);
            while let (Some(gap), Some(time)) = (expected, time)
                && gap < time
            {
                if filled.len() + slots.len() > 2 * MOST_COLUMNS {
                    return slots;
                }
                filled.push(Slot {
                    label: period.label(gap),
                    mark: None,
                });
                expected = period.next(gap);
            }
            expected = time.and_then(|time| period.next(time));
            filled.push(slot.clone());
        }
        if filled.len() <= MOST_COLUMNS {
            filled
        } else {
            slots
        }
    }
}

/// A place for a vertical bar.
#[derive(Clone)]
pub(super) struct Slot<'f> {
    pub(super) label: String,
    /// None for a period without a row.
    pub(super) mark: Option<&'f Mark>,
}

impl<'f> Slot<'f> {
    fn of(mark: &'f Mark) -> Slot<'f> {
        Slot {
            label: mark.label.clone(),
            mark: Some(mark),
        }
    }
}

impl Mark {
    fn new(row: TextRow, labels: Labels, has_part: bool) -> Mark {
        let time = match (labels, &row.label) {
            (Labels::Times, Some(label)) => parse_time(label),
            _ => None,
        };
        let place = match (labels, &row.label) {
            (Labels::Numbers, Some(label)) => Amount::parse(Some(label)).number,
            _ => time.map(|time| time.and_utc().timestamp_millis() as f64 / 1000.0),
        };
        let rate: Option<f64> = row.rate.and_then(|rate| rate.parse().ok());
        Mark {
            label: row.label.clone().unwrap_or_else(|| "–".into()),
            key: row.label,
            time,
            place,
            value: Amount::parse(row.value.as_deref()),
            // A row may have no part: then there is only one number to show.
            part: row
                .part
                .filter(|_| has_part)
                .map(|part| Amount::parse(Some(&part))),
            rate: rate.filter(|rate| rate.is_finite()),
            link: None,
        }
    }

    pub(super) fn part_number(&self) -> Option<f64> {
        self.part.as_ref()?.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(column: &str, labels: Labels, names: &[&str]) -> Figure {
        let rows = names.iter().map(|name| TextRow {
            label: Some((*name).into()),
            value: Some("1".into()),
            part: None,
            rate: None,
        });
        Figure::new("T", "things", None, column, labels, rows.collect())
    }

    #[test]
    fn a_period_without_a_row_is_a_gap() {
        let months = ["2026-04-01", "2026-01-01", "2026-02-01"];
        let figure = figure("month", Labels::Times, &months);
        let slots = figure.slots();
        let labels: Vec<&str> = slots.iter().map(|slot| slot.label.as_str()).collect();
        assert_eq!(labels, ["2026-01", "2026-02", "2026-03", "2026-04"]);
        assert!(slots[2].mark.is_none() && slots[3].mark.is_some());
    }

    #[test]
    fn too_many_gaps_are_left_out() {
        let figure = figure("day", Labels::Times, &["1900-01-01", "2026-01-01"]);
        assert_eq!(figure.slots().len(), 2);
    }

    #[test]
    fn long_series_are_lines_and_long_names_have_horizontal_bars() {
        let days: Vec<String> = (0..41).map(|day| format!("{day}")).collect();
        let days: Vec<&str> = days.iter().map(String::as_str).collect();
        let shape = |labels, names: &[&str], kind| figure("a", labels, names).shape(kind);
        let columns = ChartKind::Columns;
        assert_eq!(shape(Labels::Numbers, &days, columns), ChartKind::Line);
        assert_eq!(
            shape(Labels::Numbers, &days, ChartKind::Bars),
            ChartKind::Line
        );
        assert_eq!(shape(Labels::Numbers, &days[1..], columns), columns);
        assert_eq!(shape(Labels::Names, &days, columns), ChartKind::Bars);
        assert_eq!(
            shape(Labels::Names, &["a long name of a thing"], columns),
            ChartKind::Bars
        );
        assert_eq!(shape(Labels::Names, &["a name"], columns), columns);
        assert_eq!(
            shape(Labels::Names, &days, ChartKind::Points),
            ChartKind::Points
        );
    }

    #[test]
    fn labels_that_are_no_times_are_names() {
        let figure = figure("at", Labels::Times, &["10:00:00", "infinity"]);
        assert!(figure.labels == Labels::Names && figure.period.is_none());
    }
}
