//! Prints small tables: a header and rows, with numbers aligned to the right. On a narrow terminal, each row is a
//! block of lines instead.

use chrono::TimeDelta;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Width};

pub(crate) struct Table {
    table: comfy_table::Table,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The width of the terminal, if there is one.
    width: Option<u16>,
    /// The length of the longest word of each column. Words are not broken, because users copy names and paths.
    longest_words: Vec<u16>,
}

impl Table {
    /// A header that ends with `#` marks a column of numbers.
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
        let headers: Vec<String> = headers
            .iter()
            .map(|header| header.trim_end_matches('#').to_string())
            .collect();
        Table {
            width: table.width(),
            table,
            longest_words: headers.iter().map(|header| longest_word(header)).collect(),
            headers,
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, mut cells: Vec<String>) {
        cells.iter_mut().for_each(keep_unit);
        for (longest, cell) in self.longest_words.iter_mut().zip(&cells) {
            *longest = (*longest).max(longest_word(cell));
        }
        self.rows.push(cells);
    }

    /// The text without spaces at the ends of lines.
    pub(crate) fn text(mut self) -> String {
        // The first column has a space on its right, and the others have one on each side.
        let padding = 2 * self.longest_words.len() - 1;
        let words: u16 = self.longest_words.iter().sum();
        if self
            .width
            .is_some_and(|width| usize::from(words) + padding > usize::from(width))
        {
            return self.blocks();
        }
        self.table.add_rows(std::mem::take(&mut self.rows));
        if let Some(width) = self.width {
            self.table.set_width(width);
        }
        for (index, longest) in self.longest_words.iter().enumerate() {
            if let Some(column) = self.table.column_mut(index) {
                // The boundary includes the padding.
                let padding = if index == 0 { 1 } else { 2 };
                let width = Width::Fixed(longest + padding);
                column.set_constraint(ColumnConstraint::LowerBoundary(width));
            }
        }
        self.table.trim_fmt().replace(UNBROKEN, " ")
    }

    /// Each row as a block with a line for each value that is not empty.
    fn blocks(&self) -> String {
        let longest = self.headers.iter().map(|header| header.chars().count());
        let longest = longest.max().unwrap_or_default();
        let blocks = self.rows.iter().map(|row| {
            let named = self.headers.iter().zip(row);
            let lines = named
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| {
                    if name.is_empty() {
                        value.clone()
                    } else {
                        format!("{name:longest$}  {value}")
                    }
                });
            lines.collect::<Vec<_>>().join("\n")
        });
        blocks
            .collect::<Vec<_>>()
            .join("\n\n")
            .replace(UNBROKEN, " ")
    }
}

fn longest_word(text: &str) -> u16 {
    let words = text.split([' ', '\n']).map(|word| word.chars().count());
    words
        .max()
        .and_then(|longest| u16::try_from(longest).ok())
        .unwrap_or(0)
}

/// Replaces spaces at which a line must not be broken, while the table is laid out.
const UNBROKEN: char = '\u{a0}';

/// Prevents a line break between a size and its unit.
fn keep_unit(cell: &mut String) {
    let is_size = cell
        .split_once(' ')
        .is_some_and(|(number, unit)| number.parse::<f64>().is_ok() && UNITS.contains(&unit));
    if is_size {
        *cell = cell.replace(' ', &UNBROKEN.to_string());
    }
}

const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];

/// `3 min`: a time in its largest unit.
pub(crate) fn span(time: TimeDelta) -> String {
    match (time.num_days(), time.num_hours(), time.num_minutes()) {
        (days @ 1.., _, _) => format!("{days} d"),
        (_, hours @ 1.., _) => format!("{hours} h"),
        (_, _, minutes @ 1..) => format!("{minutes} min"),
        _ => format!("{} s", time.num_seconds().max(0)),
    }
}

/// `12.3 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
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

    fn table(width: u16) -> String {
        let mut table = Table::new(&["source", "rows#", "file"]);
        table.width = Some(width);
        table.row(vec![
            "office_settings".into(),
            "3,120".into(),
            "/a/b c".into(),
        ]);
        table.row(vec!["x".into(), "1".into(), String::new()]);
        table.text()
    }

    #[test]
    fn a_table_too_wide_for_the_terminal_becomes_blocks() {
        assert_eq!(
            table(20),
            "source  office_settings\nrows    3,120\nfile    /a/b c\n\nsource  x\nrows    1"
        );
    }

    #[test]
    fn a_narrow_table_breaks_no_word() {
        assert_eq!(
            table(30),
            "source            rows  file\noffice_settings  3,120  /a/b\n                        c\nx                    1"
        );
        assert!(
            table(80).starts_with("source            rows  file\noffice_settings  3,120  /a/b c")
        );
    }

    #[test]
    fn sizes_have_the_largest_unit() {
        let texts = [0, 1_023, 1_024, 12_900_000, 5 << 30].map(size);
        assert_eq!(texts, ["0 B", "1023 B", "1.0 KiB", "12.3 MiB", "5.0 GiB"]);
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let texts = [0, 999, 1_000, -26_686, 5_000_000].map(number);
        assert_eq!(texts, ["0", "999", "1,000", "-26,686", "5,000,000"]);
    }
}
