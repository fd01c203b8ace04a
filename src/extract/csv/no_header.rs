//! Columns of a CSV file without a header: `column_1`, `column_2` and so on.

use super::CsvExtract;
use super::columns::NameOrigin;
use super::frame::Frame;
use super::header::require_possible_count;
use crate::extract::Layout;
use crate::extract::encoding::Encoding;
use crate::extract::window::{LONGEST_RECORD, Window, without_line_end};
use anyhow::Result;
use std::collections::BTreeMap;
use std::io::Read;

/// The number of bytes in which the fields are counted, and more if no record ends in them.
const SAMPLE: usize = 64 * 1024;

impl<R: Read> CsvExtract<R> {
    /// Names the columns by their position. One record with another number of fields does not change the number of
    /// columns, even if it is the first.
    pub(super) fn number_columns(&mut self, layout: &Layout, columns: &[String]) -> Result<()> {
        let counts = self.sample_counts()?;
        if counts.is_empty() {
            return Err(self.empty_file(columns, layout));
        }
        let trailing = usize::from(layout.trailing_delimiter);
        let staged = columns.iter().filter_map(|name| position(name)).max();
        let staged = staged.unwrap_or_default();
        let count = match layout.column_count {
            Some(count) => count,
            None if layout.short_records => {
                let longest = counts.last_key_value().map_or(0, |(count, _)| *count);
                longest.saturating_sub(trailing).max(staged)
            }
            None => most_frequent(&counts, staged + trailing).saturating_sub(trailing),
        };
        let count = count.max(1);
        require_possible_count(count)?;
        let names: Vec<String> = (1..=count).map(|place| format!("column_{place}")).collect();
        self.fill_columns(&names, columns, &NameOrigin::Position, &layout.contract)?;
        self.facts.header_columns = Some(names);
        Ok(())
    }

    /// How many of the first records have each number of fields.
    fn sample_counts(&mut self) -> Result<BTreeMap<usize, usize>> {
        let mut size = SAMPLE;
        loop {
            while self.window.bytes().len() < size && self.window.grow()? {}
            let bytes = self.window.bytes();
            let is_whole = self.window.is_whole() && bytes.len() <= size;
            let counts = self.count_fields(&bytes[..bytes.len().min(size)], is_whole)?;
            if is_whole || !counts.is_empty() || size > LONGEST_RECORD {
                return Ok(counts);
            }
            size *= 4;
        }
    }

    fn count_fields(&self, sample: &[u8], is_whole: bool) -> Result<BTreeMap<usize, usize>> {
        let mut counts = BTreeMap::new();
        let mut window = Window::open(sample, Encoding::Utf8)?;
        let comment = self.comment.as_ref().map(|comment| &comment[1..]);
        loop {
            let is_comment = comment.is_some_and(|comment| window.bytes().starts_with(comment));
            let frame = if is_comment {
                window.line_end(0)?.map(|end| Frame::Plain { end })
            } else {
                self.dialect.frame_record(&mut window)?
            };
            let Some(frame) = frame else {
                return Ok(counts);
            };
            let end = frame.end();
            // The sample may end within its last record, and within a quote.
            let is_broken = matches!(frame, Frame::Broken { .. });
            if !is_whole && (is_broken || window.bytes().len() == end) {
                return Ok(counts);
            }
            let raw = without_line_end(&window.bytes()[..end]);
            if !is_comment && !is_broken && !raw.is_empty() {
                let mut count = 0;
                let is_quoted = matches!(frame, Frame::Quoted { .. });
                self.dialect
                    .for_each_field(raw, is_quoted, |_, _| count += 1);
                *counts.entry(count).or_default() += 1;
            }
            window.consume(end);
        }
    }
}

/// The number in the name of a column without a header.
fn position(name: &str) -> Option<usize> {
    let name = name.to_ascii_lowercase();
    let position = name.strip_prefix("column_")?.parse().ok()?;
    (name == format!("column_{position}")).then_some(position)
}

/// The number of fields that most records have. Of several, `expected`, or else the greatest.
fn most_frequent(counts: &BTreeMap<usize, usize>, expected: usize) -> usize {
    let most_frequent = counts
        .iter()
        .max_by_key(|(count, records)| (**records, **count == expected, **count));
    most_frequent.map_or(0, |(count, _)| *count)
}
