//! Draws vertical bars.

use super::amount::percent;
use super::figure::{Figure, Mark, Slot};
use super::label_axis;
use super::scale::Scale;
use super::svg::{Anchor, NARROW, Screen, Svg, WIDE, text_width};

const PLOT: f64 = 190.0;
/// Room for the labels under the bars.
const UNDER: f64 = 28.0;
const LINE: f64 = 16.0;
/// The share of its place that a bar fills.
const BAR: f64 = 0.72;
/// Fewer bars are not wider.
const FEWEST: usize = 4;
/// With more bars, their links are too narrow for the tab key and a finger. The table has the same links.
const MOST_STOPS: usize = 8;

pub(super) fn draw(figure: &Figure) -> String {
    let slots = figure.slots();
    let slot = 100.0 / slots.len().max(FEWEST) as f64;
    let scale = Scale::from_zero(&figure.numbers(), 5);
    let texts = Texts::choose(&slots, slot);
    let top = texts.height() + 6.0;
    let y = |value: f64| top + (1.0 - scale.place(value)) * PLOT;
    // Numbers of bars below zero stand under them.
    let below = if figure.numbers().iter().any(|number| *number < 0.0) {
        texts.height()
    } else {
        0.0
    };
    let bottom = top + PLOT + below;
    let mut svg = Svg::begin(figure, bottom + UNDER, scale.longest_label());
    svg.left_axis(&scale, y);
    for (index, each) in slots.iter().enumerate() {
        let Some(mark) = each.mark else { continue };
        let left = slot * index as f64;
        svg.open_mark(figure, mark, slots.len() <= MOST_STOPS);
        svg.rect("hit", left, 0.0, slot, bottom + UNDER);
        let (bar, wide) = (left + slot * (1.0 - BAR) / 2.0, slot * BAR);
        let mut bars = |class: &str, value: Option<f64>| {
            if let Some(value) = value {
                let (from, to) = (y(value.max(0.0)), y(value.min(0.0)));
                svg.rect(class, bar, from, wide, to - from);
            }
        };
        let whole = if figure.part_name.is_some() {
            "whole"
        } else {
            "part"
        };
        bars(whole, mark.value.number);
        bars("part", mark.part_number());
        texts.write(&mut svg, mark, left + slot / 2.0, y);
        svg.close_mark(mark);
    }
    let labels: Vec<String> = slots.iter().map(|slot| slot.label.clone()).collect();
    label_axis::equal(&mut svg, &labels, slot, bottom + 20.0);
    svg.end()
}

/// How the numbers of a bar are written.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// Both numbers in one line.
    Beside,
    /// Each in a line of its own.
    Stacked,
    /// Only in the tooltip and the table.
    Hidden,
}

impl Form {
    fn lines(self, mark: &Mark) -> Vec<String> {
        let mut lines = match (self, &mark.part) {
            (Form::Hidden, _) => return Vec::new(),
            (Form::Beside, Some(part)) => vec![format!("{} of {}", part.text, mark.value.text)],
            (Form::Stacked, Some(part)) => {
                vec![part.text.clone(), format!("of {}", mark.value.text)]
            }
            (_, None) => vec![mark.value.text.clone()],
        };
        lines.extend(mark.rate.map(percent));
        lines
    }
}

/// The forms on a wide and on a narrow screen, and the number of lines that they need.
struct Texts {
    wide: Form,
    narrow: Form,
    lines: usize,
}

impl Texts {
    fn choose(slots: &[Slot<'_>], slot: f64) -> Texts {
        let marks: Vec<&Mark> = slots.iter().filter_map(|slot| slot.mark).collect();
        let fits = |form: Form, screen: f64| {
            let mut lines = marks.iter().flat_map(|mark| form.lines(mark));
            lines.all(|line| text_width(&line) + 4.0 <= screen * slot / 100.0)
        };
        let choose = |screen: f64| {
            let forms = [Form::Beside, Form::Stacked];
            let form = forms.into_iter().find(|form| fits(*form, screen));
            form.unwrap_or(Form::Hidden)
        };
        let (wide, narrow) = (choose(WIDE), choose(NARROW));
        let lines = marks
            .iter()
            .flat_map(|mark| [wide.lines(mark), narrow.lines(mark)]);
        Texts {
            wide,
            narrow,
            lines: lines.map(|lines| lines.len()).max().unwrap_or(0),
        }
    }

    fn height(&self) -> f64 {
        self.lines as f64 * LINE
    }

    /// Above the bar, or under it if it is below zero.
    fn write(&self, svg: &mut Svg, mark: &Mark, middle: f64, y: impl Fn(f64) -> f64) {
        let forms = if self.wide == self.narrow {
            vec![(self.wide, Screen::Every)]
        } else {
            vec![(self.wide, Screen::Wide), (self.narrow, Screen::Narrow)]
        };
        let numbers = [mark.value.number, mark.part_number()];
        let numbers = numbers.into_iter().flatten();
        let highest = numbers.clone().fold(0.0, f64::max);
        let lowest = numbers.fold(0.0, f64::min);
        for (form, screen) in forms {
            let lines = form.lines(mark);
            let first = if lowest < 0.0 && highest <= 0.0 {
                y(lowest) + LINE - 2.0
            } else {
                y(highest) - 6.0 - LINE * (lines.len().saturating_sub(1)) as f64
            };
            for (index, line) in lines.iter().enumerate() {
                let height = first + LINE * index as f64;
                svg.text(("value", middle, height), Anchor::Middle, screen, line);
            }
        }
    }
}
