//! Small tables: a header, rows, numbers to the right, no lines but spaces.

use comfy_table::{CellAlignment, ContentArrangement};

pub(crate) struct Table {
    table: comfy_table::Table,
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
        Table { table }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.table.add_row(cells);
    }

    /// Without spaces at the ends of lines.
    pub(crate) fn text(&self) -> String {
        self.table.trim_fmt()
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
    fn numbers_are_grouped_by_thousands() {
        let texts = [0, 999, 1_000, -26_686, 5_000_000].map(number);
        assert_eq!(texts, ["0", "999", "1,000", "-26,686", "5,000,000"]);
    }
}
