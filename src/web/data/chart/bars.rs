//! Draws horizontal bars. The label stands above its bar, so that there is room for a long one.

use super::amount::percent;
use super::figure::{Figure, MOST_BARS, Mark};
use super::label_axis;
use super::scale::Scale;
use super::svg::{Anchor, NARROW, Screen, Svg, WIDE, short, text_width};

const ROW: f64 = 46.0;
const BAR: f64 = 16.0;
/// From the top of a row to its bar.
const ABOVE: f64 = 22.0;
/// Room for the axis under the bars.
const UNDER: f64 = 26.0;
/// Free space between a label and its numbers, in pixels.
const SPACE: f64 = 14.0;

pub(super) fn draw(figure: &Figure) -> String {
    let marks = &figure.marks[..figure.marks.len().min(MOST_BARS)];
    let scale = Scale::from_zero(&figure.numbers(), 5);
    let x = |value: f64| scale.place(value) * 100.0;
    let bottom = ROW * marks.len() as f64 + 4.0;
    let mut svg = Svg::begin(figure, bottom + UNDER, 0);
    for tick in &scale.ticks {
        let class = if *tick == 0.0 { "axis" } else { "grid" };
        svg.upright(class, x(*tick), 0.0, bottom);
    }
    for (index, mark) in marks.iter().enumerate() {
        let top = ROW * index as f64;
        svg.open_mark(figure, mark, true);
        svg.rect("hit", 0.0, top, 100.0, ROW);
        let mut bar = |class: &str, value: Option<f64>| {
            if let Some(value) = value {
                let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
                svg.rect(class, from, top + ABOVE, to - from, BAR);
            }
        };
        let whole = if figure.part_name.is_some() {
            "whole"
        } else {
            "part"
        };
        bar(whole, mark.value.number);
        bar("part", mark.part_number());
        texts(&mut svg, mark, top + ABOVE - 6.0);
        svg.close_mark(mark);
    }
    let ticks = scale.ticks.iter();
    let ticks: Vec<(f64, String)> = ticks.map(|tick| (x(*tick), scale.label(*tick))).collect();
    label_axis::ticks(&mut svg, &ticks, bottom + 17.0);
    svg.end()
}

/// The label at the left, the numbers at the right.
fn texts(svg: &mut Svg, mark: &Mark, y: f64) {
    let mut numbers = match &mark.part {
        Some(part) => format!("{} of {}", part.text, mark.value.text),
        None => mark.value.text.clone(),
    };
    if let Some(rate) = mark.rate {
        numbers.push_str(&format!(", {}", percent(rate)));
    }
    let room = |screen: f64| {
        let letter = text_width("n");
        ((screen - SPACE - text_width(&numbers)) / letter).max(6.0) as usize
    };
    let (wide, narrow) = (
        short(&mark.label, room(WIDE)),
        short(&mark.label, room(NARROW)),
    );
    if wide == narrow {
        svg.text(("name", 0.0, y), Anchor::Start, Screen::Every, &wide);
    } else {
        svg.text(("name", 0.0, y), Anchor::Start, Screen::Wide, &wide);
        svg.text(("name", 0.0, y), Anchor::Start, Screen::Narrow, &narrow);
    }
    svg.text(("value", 100.0, y), Anchor::End, Screen::Every, &numbers);
}
