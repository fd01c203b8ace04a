//! The parts of a chart as SVG. Horizontal places are percentages of the width, so that texts keep their size on every
//! screen and on paper. Vertical places are pixels.

use super::figure::{Figure, Mark};
use super::scale::Scale;
use std::fmt::Write;

/// Marks that the description for screen readers has. The table below the chart has all.
const DESCRIBED: usize = 60;
/// The widths in pixels for which texts are laid out, without the labels of the left axis.
pub(super) const WIDE: f64 = 480.0;
pub(super) const NARROW: f64 = 250.0;
/// The average width of a letter, in pixels.
const LETTER: f64 = 7.2;
/// Most letters of a label beside the left axis.
const WIDEST_GUTTER: usize = 10;

/// On which screens a text is shown.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Screen {
    Every,
    Wide,
    Narrow,
}

impl Screen {
    /// For a text that has no room on a narrow screen.
    pub(super) fn wide_if(is_wide: bool) -> Screen {
        if is_wide { Screen::Wide } else { Screen::Every }
    }

    fn class(self) -> &'static str {
        match self {
            Screen::Every => "",
            Screen::Wide => " wide",
            Screen::Narrow => " narrow",
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// The width of a text in pixels, about.
pub(super) fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER
}

/// A chart that is being written.
pub(super) struct Svg(String);

impl Svg {
    /// `gutter`: letters of the labels beside the left axis; 0 without such an axis.
    pub(super) fn begin(figure: &Figure, height: f64, gutter: usize) -> Svg {
        // The content of an image is hidden from screen readers, so a chart with links is a group.
        let role = if figure.has_links() { "group" } else { "img" };
        let described = figure.marks.iter().take(DESCRIBED);
        let described: Vec<String> = described.map(|mark| figure.sentence(mark)).collect();
        Svg(format!(
            "<div class=\"figure\"><svg class=\"chart gutter-{}\" role=\"{role}\" aria-label=\"{}\" height=\"{height:.0}\" \
             xmlns=\"http://www.w3.org/2000/svg\"><desc>{}</desc>",
            gutter.min(WIDEST_GUTTER),
            escaped(&figure.title),
            escaped(&described.join("; "))
        ))
    }

    pub(super) fn end(mut self) -> String {
        self.0.push_str("</svg></div>");
        self.0
    }

    /// Begins a mark with its numbers as a tooltip. `is_stop`: whether the tab key reaches its link.
    pub(super) fn open_mark(&mut self, figure: &Figure, mark: &Mark, is_stop: bool) {
        let sentence = escaped(&figure.sentence(mark));
        let _ = match &mark.link {
            Some(link) => write!(
                self.0,
                "<a href=\"{}\" aria-label=\"{sentence}\"{}><title>{sentence}</title>",
                escaped(link),
                if is_stop { "" } else { " tabindex=\"-1\"" }
            ),
            None => write!(self.0, "<g><title>{sentence}</title>"),
        };
    }

    pub(super) fn close_mark(&mut self, mark: &Mark) {
        self.0
            .push_str(if mark.link.is_some() { "</a>" } else { "</g>" });
    }

    /// `x` and `width`: percentages.
    pub(super) fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let (width, height) = (width.max(0.0), height.max(0.0));
        let _ = write!(
            self.0,
            "<rect class=\"{class}\" x=\"{x:.2}%\" y=\"{y:.1}\" width=\"{width:.2}%\" height=\"{height:.1}\"/>"
        );
    }

    /// `x`: a percentage.
    pub(super) fn circle(&mut self, x: f64, y: f64) {
        let _ = write!(
            self.0,
            "<circle class=\"part\" cx=\"{x:.2}%\" cy=\"{y:.1}\" r=\"3.5\"/>"
        );
    }

    /// `x`: a percentage.
    pub(super) fn text(
        &mut self,
        place: (&str, f64, f64),
        anchor: Anchor,
        screen: Screen,
        text: &str,
    ) {
        let (class, x, y) = place;
        let _ = write!(
            self.0,
            "<text class=\"{class}{}\" x=\"{x:.2}%\" y=\"{y:.1}\" text-anchor=\"{}\">{}</text>",
            screen.class(),
            anchor.name(),
            escaped(text)
        );
    }

    /// Lines across the chart with the labels of a left axis. `y`: the height of a tick.
    pub(super) fn left_axis(&mut self, scale: &Scale, y: impl Fn(f64) -> f64) {
        for tick in &scale.ticks {
            let class = if *tick == 0.0 { "axis" } else { "grid" };
            let height = y(*tick);
            let _ = write!(
                self.0,
                "<line class=\"{class}\" x1=\"0\" x2=\"100%\" y1=\"{height:.1}\" y2=\"{height:.1}\"/>\
                 <text class=\"label\" x=\"-8\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                height + 4.0,
                scale.label(*tick)
            );
        }
    }

    /// A line from top to bottom. `x`: a percentage.
    pub(super) fn upright(&mut self, class: &str, x: f64, top: f64, bottom: f64) {
        let _ = write!(
            self.0,
            "<line class=\"{class}\" x1=\"{x:.2}%\" x2=\"{x:.2}%\" y1=\"{top:.1}\" y2=\"{bottom:.1}\"/>"
        );
    }

    /// Lines through points, each with its percentage and its height in pixels. `height`: of the chart.
    pub(super) fn lines<'p>(&mut self, height: f64, lines: impl Iterator<Item = &'p [(f64, f64)]>) {
        // Only a plane with a scale of its own has percentages for the corners of lines.
        let _ = write!(
            self.0,
            "<svg class=\"plane\" x=\"0\" y=\"0\" width=\"100%\" height=\"{height:.0}\" viewBox=\"0 0 100 {height:.0}\" \
             preserveAspectRatio=\"none\">"
        );
        for line in lines {
            let corners: Vec<String> = line.iter().map(|(x, y)| format!("{x:.2},{y:.1}")).collect();
            let _ = write!(
                self.0,
                "<polyline class=\"line\" points=\"{}\"/>",
                corners.join(" ")
            );
        }
        self.0.push_str("</svg>");
    }
}

/// The first letters of a long text.
pub(super) fn short(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.into();
    }
    let start: String = text.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
