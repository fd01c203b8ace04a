//! Charts of views (elt.chart) and of queries, as SVG with a table of the same values.

mod amount;
mod bars;
mod columns;
mod drawn;
mod figure;
mod kind;
mod label_axis;
mod line;
mod period;
mod plot;
mod query_chart;
mod registered;
mod scale;
mod svg;
mod time_ticks;

pub(crate) use drawn::Drawn;
pub(crate) use kind::ChartKind;
pub(crate) use line::{LinePoint, draw_line};
pub(crate) use query_chart::QueryChart;
pub(crate) use registered::{Chart, Reason, all};
