//! Draws a chart as SVG, which scales, prints, and can be read aloud.

use std::fmt::Write;

pub(super) struct Settings {
    pub(super) is_columns: bool,
    pub(super) title: String,
    pub(super) unit: String,
    pub(super) part_name: Option<String>,
}

pub(super) struct Mark {
    pub(super) label: String,
    pub(super) value: Option<f64>,
    pub(super) part: Option<f64>,
    /// From 0 to 1.
    pub(super) rate: Option<f64>,
}

pub(super) fn columns(settings: &Settings, marks: &[Mark]) -> String {
    const HEIGHT: f64 = 260.0;
    const TOP: f64 = 34.0;
    const BOTTOM: f64 = 34.0;
    let step = (520.0 / marks.len().max(1) as f64).clamp(56.0, 130.0);
    let width = (step * marks.len() as f64 + 20.0).max(240.0);
    let largest = largest(marks);
    let scale = |value: f64| value / largest * (HEIGHT - TOP - BOTTOM);
    let mut svg = head(settings, marks, width, HEIGHT);
    let base = HEIGHT - BOTTOM;
    let _ = write!(
        svg,
        "<line class=\"axis\" x1=\"0\" x2=\"{width:.1}\" y1=\"{base:.1}\" y2=\"{base:.1}\"/>"
    );
    for (index, mark) in marks.iter().enumerate() {
        let left = 10.0 + step * index as f64 + step * 0.14;
        let (wide, middle) = (step * 0.72, 10.0 + step * (index as f64 + 0.5));
        let height = scale(mark.value.unwrap_or(0.0));
        rect(&mut svg, "whole", left, base - height, wide, height);
        if let Some(part) = mark.part {
            rect(
                &mut svg,
                "part",
                left,
                base - scale(part),
                wide,
                scale(part),
            );
        }
        let value = mark.rate.map_or(plain(mark.value), percent);
        text(
            &mut svg,
            "value",
            middle,
            base - height - 8.0,
            "middle",
            &value,
        );
        text(
            &mut svg,
            "label",
            middle,
            base + 20.0,
            "middle",
            &mark.label,
        );
    }
    svg.push_str("</svg>");
    svg
}

pub(super) fn bars(settings: &Settings, marks: &[Mark]) -> String {
    const WIDTH: f64 = 480.0;
    const LEFT: f64 = 104.0;
    const RIGHT: f64 = 70.0;
    const STEP: f64 = 40.0;
    let height = STEP * marks.len().max(1) as f64 + 10.0;
    let (lowest, largest) = (lowest(marks), largest(marks));
    let x = |value: f64| LEFT + (value - lowest) / (largest - lowest) * (WIDTH - LEFT - RIGHT);
    let mut svg = head(settings, marks, WIDTH, height);
    for (index, mark) in marks.iter().enumerate() {
        let top = 8.0 + STEP * index as f64;
        let value = mark.value.unwrap_or(0.0);
        let (start, end) = (x(value.min(0.0)), x(value.max(0.0)));
        rect(&mut svg, "whole", start, top, end - start, 26.0);
        if let Some(part) = mark.part {
            rect(&mut svg, "part", x(0.0), top, x(part) - x(0.0), 26.0);
        }
        let middle = top + 18.0;
        text(&mut svg, "label", LEFT - 10.0, middle, "end", &mark.label);
        text(
            &mut svg,
            "value",
            end + 10.0,
            middle,
            "start",
            &plain(mark.value),
        );
    }
    svg.push_str("</svg>");
    svg
}

fn largest(marks: &[Mark]) -> f64 {
    let values = marks.iter().filter_map(|mark| mark.value);
    values.fold(0.0, f64::max).max(1.0)
}

/// Bars begin at zero, and those of negative values end there.
fn lowest(marks: &[Mark]) -> f64 {
    let values = marks.iter().filter_map(|mark| mark.value);
    values.fold(0.0, f64::min)
}

/// The start of the SVG, with a title and a description for screen readers.
pub(super) fn head(settings: &Settings, marks: &[Mark], width: f64, height: f64) -> String {
    let mut sentences = Vec::new();
    for mark in marks {
        let part = match (&settings.part_name, mark.part) {
            (Some(name), Some(part)) => format!(", {name} {}", plain(Some(part))),
            _ => String::new(),
        };
        let rate = mark.rate.map(|rate| format!(", {}", percent(rate)));
        sentences.push(format!(
            "{}: {} {}{part}{}",
            mark.label,
            plain(mark.value),
            settings.unit,
            rate.unwrap_or_default()
        ));
    }
    format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title><desc>{}</desc>",
        escaped(&settings.title),
        escaped(&sentences.join("; "))
    )
}

fn rect(svg: &mut String, class: &str, x: f64, y: f64, width: f64, height: f64) {
    let (width, height) = (width.max(0.0), height.max(0.0));
    let _ = write!(
        svg,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"2\"/>"
    );
}

pub(super) fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, content: &str) {
    let _ = write!(
        svg,
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
        escaped(content)
    );
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

pub(super) fn plain(value: Option<f64>) -> String {
    match value {
        None => "–".into(),
        // A larger number does not fit into an i64, or has digits that an f64 does not know.
        Some(value) if value.abs() >= 1e15 => format!("{value:e}"),
        Some(value) if value.fract() == 0.0 => crate::terminal::number(value as i64),
        Some(value) => format!("{value:.2}"),
    }
}

pub(super) fn percent(rate: f64) -> String {
    format!("{:.1} %", rate * 100.0)
}
