//! The labels under a chart. Labels without room are left out: some on every screen, more on a narrow one.

use super::svg::{Anchor, NARROW, Screen, Svg, WIDE, short, text_width};

/// Free space between two labels, in pixels.
const SPACE: f64 = 10.0;
const LONGEST: usize = 14;

/// Labels of places at equal distances. `slot`: the width of one, a percentage.
pub(super) fn equal(svg: &mut Svg, labels: &[String], slot: f64, y: f64) {
    let labels: Vec<String> = labels.iter().map(|label| short(label, LONGEST)).collect();
    let widest = labels.iter().map(|label| text_width(label) + SPACE);
    let widest = widest.fold(0.0, f64::max);
    let room = |screen: f64| ((widest / (screen * slot / 100.0)).ceil() as usize).max(1);
    let every = room(WIDE);
    // A multiple, so that the labels of a narrow screen are among those of a wide one.
    let every_narrow = every * room(NARROW).div_ceil(every);
    for (index, label) in labels.iter().enumerate().step_by(every) {
        let screen = Screen::wide_if(index % every_narrow != 0);
        let middle = slot * (index as f64 + 0.5);
        svg.text(("label", middle, y), Anchor::Middle, screen, label);
    }
}

/// Ticks with their percentage and label, in order.
pub(super) fn ticks(svg: &mut Svg, ticks: &[(f64, String)], y: f64) {
    let every = thinned(ticks, WIDE);
    let every_narrow = every * thinned(ticks, NARROW).div_ceil(every);
    for (index, (x, label)) in ticks.iter().enumerate().step_by(every) {
        let screen = Screen::wide_if(index % every_narrow != 0);
        let anchor = match x {
            x if *x < 4.0 => Anchor::Start,
            x if *x > 96.0 => Anchor::End,
            _ => Anchor::Middle,
        };
        svg.text(("label", *x, y), anchor, screen, label);
    }
}

/// Every how many ticks there is room for a label.
fn thinned(ticks: &[(f64, String)], screen: f64) -> usize {
    let mut every = 1;
    let is_crowded = |every: usize| {
        let shown: Vec<&(f64, String)> = ticks.iter().step_by(every).collect();
        shown.windows(2).any(|pair| {
            let widths = (text_width(&pair[0].1) + text_width(&pair[1].1)) / 2.0;
            (pair[1].0 - pair[0].0) / 100.0 * screen < widths + SPACE
        })
    };
    while every < ticks.len() && is_crowded(every) {
        every += 1;
    }
    every
}
