//! The kinds of charts.

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ChartKind {
    /// Vertical bars.
    Columns,
    /// Horizontal bars.
    Bars,
    Line,
    Points,
}

impl ChartKind {
    pub(crate) const ALL: [ChartKind; 4] = [
        ChartKind::Bars,
        ChartKind::Columns,
        ChartKind::Line,
        ChartKind::Points,
    ];

    /// The name in addresses, elt.chart and elt.saved_query.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ChartKind::Columns => "columns",
            ChartKind::Bars => "bars",
            ChartKind::Line => "line",
            ChartKind::Points => "points",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<ChartKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
