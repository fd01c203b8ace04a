//! The chart of a source: its rows by month, or the number of values in each column if it has no dates.

use super::column::Column;
use super::kind::Kind;
use super::source_spec::SourceSpec;

/// A chart with more bars is hard to read.
const MOST_BARS: usize = 40;

impl SourceSpec<'_> {
    /// The date or time whose months the chart shows.
    pub(super) fn dated(&self) -> Option<&Column> {
        self.spanned().into_iter().next()
    }

    /// The view that the chart draws, without its schema. None without columns.
    pub(super) fn chart_view(&self) -> Option<String> {
        match self.dated() {
            Some(_) => Some(format!("{}_by_month", self.source)),
            None if self.columns.is_empty() => None,
            None => Some(format!("{}_filled", self.source)),
        }
    }

    /// The first day of the month of a date or time, as a timestamp. Months of times with a zone are those of UTC, so
    /// that they are the same for each reader.
    pub(super) fn month_of(&self, column: &Column) -> String {
        let name = format!("{}.{}", self.source, column.name);
        match column.kind {
            Kind::Date => format!("date_trunc('month', {name}::timestamp)"),
            Kind::Instant => format!("date_trunc('month', {name} at time zone 'UTC')"),
            _ => format!("date_trunc('month', {name})"),
        }
    }

    /// The columns whose values are counted.
    pub(super) fn counted(&self) -> Vec<&Column> {
        self.columns.iter().take(MOST_BARS).collect()
    }
}
