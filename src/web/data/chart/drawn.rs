//! A drawn chart: the picture, what it leaves out, and a table with the same values.

use super::amount::percent;
use super::figure::{Figure, Labels, MOST_BARS, Mark};
use super::kind::ChartKind;
use super::{bars, columns, plot};
use crate::terminal::number;

pub(crate) struct Drawn {
    pub(crate) svg: String,
    /// Sentences about rows that are not in the picture, and about its shape.
    pub(crate) notes: Vec<String>,
    /// What the values count.
    pub(crate) unit: String,
    pub(crate) part_name: Option<String>,
    /// Of the table.
    pub(crate) headers: Vec<String>,
    pub(crate) rows: Vec<TableRow>,
}

pub(crate) struct TableRow {
    pub(crate) cells: Vec<String>,
    /// Address of the rows that it is made of.
    pub(crate) link: Option<String>,
}

impl Drawn {
    /// The chart, or the reason why there is none, a sentence.
    pub(super) fn of(figure: Figure, wanted: ChartKind) -> Result<Drawn, String> {
        if figure.marks.is_empty() {
            return Err("There are no rows to draw.".into());
        }
        if figure.numbers().is_empty() {
            let reason =
                "No row has a number that can be drawn: all are null, NaN, infinite or too large.";
            return Err(reason.into());
        }
        let shape = figure.shape(wanted);
        let svg = match shape {
            ChartKind::Columns => columns::draw(&figure),
            ChartKind::Bars => bars::draw(&figure),
            ChartKind::Line => plot::draw(&figure, true),
            ChartKind::Points => plot::draw(&figure, false),
        };
        Ok(Drawn {
            svg,
            notes: notes(&figure, wanted, shape),
            headers: headers(&figure),
            rows: figure.marks.iter().map(|mark| row(&figure, mark)).collect(),
            unit: figure.unit,
            part_name: figure.part_name,
        })
    }
}

fn notes(figure: &Figure, wanted: ChartKind, shape: ChartKind) -> Vec<String> {
    let mut notes = Vec::new();
    let count = figure.marks.len();
    if shape == ChartKind::Line && wanted != shape {
        let rows = number(count as i64);
        notes.push(format!("Drawn as a line, because there are {rows} rows."));
    }
    if shape == ChartKind::Bars && count > MOST_BARS {
        let rows = number(count as i64);
        notes.push(format!("Drawn are the first {MOST_BARS} of {rows} rows."));
    }
    let without_number = figure
        .marks
        .iter()
        .filter(|mark| mark.value.number.is_none());
    let missing = without_number.count();
    if missing > 0 && matches!(shape, ChartKind::Line | ChartKind::Points) {
        notes.push(format!("Not drawn: {}.", rows_without(missing, "a number")));
    }
    let has_places = matches!(shape, ChartKind::Line | ChartKind::Points);
    let without_place = figure.marks.iter().filter(|mark| mark.place.is_none());
    let missing = without_place.count();
    if has_places && figure.labels != Labels::Names && missing > 0 {
        let what = format!("a place on the axis of {}", figure.label_name);
        notes.push(format!("Not drawn: {}.", rows_without(missing, &what)));
    }
    notes
}

fn rows_without(count: usize, what: &str) -> String {
    let noun = if count == 1 { "row" } else { "rows" };
    format!("{} {noun} without {what}", number(count as i64))
}

fn headers(figure: &Figure) -> Vec<String> {
    let mut headers = vec![figure.label_name.clone()];
    headers.extend(figure.part_name.clone());
    headers.push(figure.unit.clone());
    if has_rates(figure) {
        headers.push("share".into());
    }
    headers
}

fn row(figure: &Figure, mark: &Mark) -> TableRow {
    let mut cells = vec![mark.label.clone()];
    if figure.part_name.is_some() {
        let part = mark.part.as_ref().map_or("–", |part| part.text.as_str());
        cells.push(part.into());
    }
    cells.push(mark.value.text.clone());
    if has_rates(figure) {
        cells.push(mark.rate.map_or("–".into(), percent));
    }
    TableRow {
        cells,
        link: mark.link.clone(),
    }
}

fn has_rates(figure: &Figure) -> bool {
    figure.marks.iter().any(|mark| mark.rate.is_some())
}
