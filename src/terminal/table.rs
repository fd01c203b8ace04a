//! Small tables: a header, rows, numbers to the right, no lines but spaces.

use chrono::TimeDelta;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};

pub(crate) struct Table {
    table: comfy_table::Table,
    /// Longest word of each column: names and paths are copied, and so never cut in two.
    longest_words: Vec<u16>,
}

impl Table {
    /// `headers`: a name that ends with `#` is of a column of numbers.
    pub(crate) fn new(headers: &[&str]) -> Table {
        let mut table = comfy_table::Table::new();
        table
            .load_style(comfy_table::presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_header(headers.iter().map(|header| header.trim_end_matches('#')));
        for (index, header) in headers.iter().enumerate() {
            if let Some(column) = table.column_mut(index) {
                column.set_padding((if index == 0 { 0 } else { 1 }, 1));
                if header.ends_with('#') {
                    column.set_cell_alignment(CellAlignment::Right);
                }
            }
        }
        let longest_words = headers
            .iter()
            .map(|header| longest_word(header.trim_end_matches('#')))
            .collect();
        Table {
            table,
            longest_words,
        }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        for (longest, cell) in self.longest_words.iter_mut().zip(&cells) {
            *longest = (*longest).max(longest_word(cell));
        }
        self.table.add_row(cells);
    }

    /// Without spaces at the ends of lines.
    pub(crate) fn text(&mut self) -> String {
        for (index, longest) in self.longest_words.iter().enumerate() {
            if let Some(column) = self.table.column_mut(index) {
                // A boundary counts the padding too.
                let padding = if index == 0 { 1 } else { 2 };
                let width = Width::Fixed(longest + padding);
                column.set_constraint(ColumnConstraint::LowerBoundary(width));
            }
        }
        self.table.trim_fmt()
    }
}

fn longest_word(text: &str) -> u16 {
    let words = text.split_whitespace().map(|word| word.chars().count());
    words
        .max()
        .and_then(|longest| u16::try_from(longest).ok())
        .unwrap_or(0)
}

/// `3 min`: how long, in the largest unit that fits.
pub(crate) fn span(time: TimeDelta) -> String {
    match (time.num_days(), time.num_hours(), time.num_minutes()) {
        (days @ 1.., _, _) => format!("{days} d"),
        (_, hours @ 1.., _) => format!("{hours} h"),
        (_, _, minutes @ 1..) => format!("{minutes} min"),
        _ => format!("{} s", time.num_seconds().max(0)),
    }
}

/// `26,686`.
pub(crate) fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_narrow_table_cuts_no_word() {
        let mut table = Table::new(&["source", "rows#", "file"]);
        table.row(vec![
            "office_settings".into(),
            "3,120".into(),
            "/a/b c".into(),
        ]);
        table.table.set_width(12);
        let text = table.text();
        assert!(
            text.contains("office_settings") && text.contains("3,120"),
            "{text}"
        );
        table.table.set_width(80);
        assert_eq!(
            table.text(),
            "source            rows  file\noffice_settings  3,120  /a/b c"
        );
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let texts = [0, 999, 1_000, -26_686, 5_000_000].map(number);
        assert_eq!(texts, ["0", "999", "1,000", "-26,686", "5,000,000"]);
    }
}
