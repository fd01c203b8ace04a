//! Counts the lines of a file that are no records.

use serde::Serialize;

#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct SkippedLines {
    /// Above the header, or above the first record if there is no header.
    pub(crate) above: u64,
    pub(crate) comments: u64,
    pub(crate) at_end: u64,
}

impl SkippedLines {
    pub(crate) fn total(&self) -> u64 {
        self.above + self.comments + self.at_end
    }

    /// The lines of both.
    pub(crate) fn and(self, other: SkippedLines) -> SkippedLines {
        SkippedLines {
            above: self.above + other.above,
            comments: self.comments + other.comments,
            at_end: self.at_end + other.at_end,
        }
    }

    /// Such as `skipped 7 lines above the table, 1 line at the end`. None if no line was skipped.
    pub(crate) fn text(&self) -> Option<String> {
        let counts = [
            (self.above, "line above the table", "lines above the table"),
            (self.comments, "comment", "comments"),
            (self.at_end, "line at the end", "lines at the end"),
        ];
        let parts: Vec<String> = counts
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        (!parts.is_empty()).then(|| format!("skipped {}", parts.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_skipped_lines() {
        let mut lines = SkippedLines::default();
        assert_eq!(lines.text(), None);
        lines.above = 7;
        lines.at_end = 1;
        assert_eq!(
            lines.text().as_deref(),
            Some("skipped 7 lines above the table, 1 line at the end")
        );
        assert_eq!(lines.total(), 8);
    }
}
