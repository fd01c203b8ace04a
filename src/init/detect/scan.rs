//! Splits a sample of a CSV file into records, as the reader does, and tells where each one is.

use memchr::{memchr, memchr_iter};

/// The signs of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) escape: Option<u8>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) is_quoted: bool,
}

#[derive(Clone, Debug)]
pub(super) struct SampleRecord {
    /// Its first line, from 1.
    pub(super) line: u64,
    pub(super) lines: u64,
    pub(super) cells: Vec<Cell>,
    /// Whether a quote is misplaced or unclosed.
    pub(super) is_broken: bool,
    /// Whether the line above is blank or a comment.
    pub(super) follows_blank: bool,
    /// The text, without the line end.
    pub(super) raw: String,
}

impl SampleRecord {
    pub(super) fn count(&self) -> usize {
        self.cells.len()
    }

    /// Whether it is a record of a table with `width` columns.
    pub(super) fn fits(&self, width: usize) -> bool {
        !self.is_broken && self.count() == width
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.text.trim())
    }
}

/// A quoted value longer than this is taken for an unclosed quote.
const LONGEST_VALUE: usize = 64 * 1024;

/// A text of a file, whose first line has the number `line`.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) line: u64,
}

impl<'a> Text<'a> {
    /// The text from a line on.
    pub(super) fn skip_to(self, line: u64) -> Text<'a> {
        let mut rest = self;
        while rest.line < line && !rest.bytes.is_empty() {
            rest.bytes = &rest.bytes[end_of_line(rest.bytes, 0)..];
            rest.line += 1;
        }
        rest
    }

    /// Its lines that are not blank, with their numbers.
    pub(super) fn lines(self) -> impl Iterator<Item = (u64, &'a [u8])> {
        let lines = self.bytes.split(|byte| *byte == b'\n');
        let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let numbered = (self.line..).zip(lines);
        numbered.filter(|(_, line)| !line.trim_ascii().is_empty())
    }
}

/// At most `most` records of the text. Blank lines and those that begin with `comment` are left out.
pub(super) fn scan(
    text: Text<'_>,
    dialect: Dialect,
    comment: Option<&str>,
    most: usize,
) -> Vec<SampleRecord> {
    let mut records = Vec::new();
    let Text {
        bytes: text,
        mut line,
    } = text;
    let (mut at, mut follows_blank) = (0, false);
    while at < text.len() && records.len() < most {
        let line_end = end_of_line(text, at);
        let is_comment = comment.is_some_and(|prefix| text[at..].starts_with(prefix.as_bytes()));
        if is_comment || without_line_end(&text[at..line_end]).is_empty() {
            follows_blank = true;
            line += 1;
            at = line_end;
            continue;
        }
        let (cells, end, is_broken) = match split(text, at, dialect) {
            Some((cells, end)) => (cells, end, false),
            None => {
                let raw = without_line_end(&text[at..line_end]);
                let parts = raw.split(|byte| *byte == dialect.delimiter);
                let cells = parts.map(|part| cell(part, false)).collect();
                (cells, line_end, true)
            }
        };
        let lines = memchr_iter(b'\n', &text[at..end]).count().max(1) as u64;
        records.push(SampleRecord {
            line,
            lines,
            cells,
            is_broken,
            follows_blank,
            raw: String::from_utf8_lossy(without_line_end(&text[at..end])).into_owned(),
        });
        (at, line, follows_blank) = (end, line + lines, false);
    }
    records
}

fn cell(text: &[u8], is_quoted: bool) -> Cell {
    let text = String::from_utf8_lossy(text).into_owned();
    Cell { text, is_quoted }
}

fn end_of_line(text: &[u8], at: usize) -> usize {
    memchr(b'\n', &text[at..]).map_or(text.len(), |found| at + found + 1)
}

fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The cells of the record at `at`, and the index after its line end. None if a quote is misplaced or unclosed.
fn split(text: &[u8], mut at: usize, dialect: Dialect) -> Option<(Vec<Cell>, usize)> {
    let mut cells = Vec::new();
    loop {
        let is_quoted = dialect.quote.is_some() && text.get(at).copied() == dialect.quote;
        let (value, end) = if is_quoted {
            quoted_value(text, at + 1, dialect)?
        } else {
            plain_value(text, at, dialect)?
        };
        cells.push(cell(&value, is_quoted));
        let rest = &text[end..];
        match rest {
            [] => return Some((cells, end)),
            [b'\n', ..] => return Some((cells, end + 1)),
            [b'\r', b'\n', ..] => return Some((cells, end + 2)),
            [b'\r'] => return Some((cells, end + 1)),
            [sign, ..] if *sign == dialect.delimiter => at = end + 1,
            _ => return None,
        }
    }
}

/// Whether the escape at `at` makes the next sign a part of the value.
fn escapes(text: &[u8], at: usize, dialect: Dialect) -> bool {
    let next = text.get(at + 1).copied();
    dialect.escape == Some(text[at])
        && next.is_some_and(|next| {
            next == b'\n'
                || next == dialect.delimiter
                || Some(next) == dialect.quote
                || Some(next) == dialect.escape
        })
}

fn quoted_value(text: &[u8], from: usize, dialect: Dialect) -> Option<(Vec<u8>, usize)> {
    let quote = dialect.quote?;
    let mut value = Vec::new();
    let mut at = from;
    let most = text.len().min(from + LONGEST_VALUE);
    while at < most {
        if escapes(text, at, dialect) {
            value.push(text[at + 1]);
            at += 2;
        } else if text[at] != quote {
            value.push(text[at]);
            at += 1;
        } else if text.get(at + 1) == Some(&quote) {
            value.push(quote);
            at += 2;
        } else {
            return Some((value, at + 1));
        }
    }
    None
}

fn plain_value(text: &[u8], from: usize, dialect: Dialect) -> Option<(Vec<u8>, usize)> {
    let mut value = Vec::new();
    let mut at = from;
    while let Some(byte) = text.get(at).copied() {
        if escapes(text, at, dialect) {
            value.push(text[at + 1]);
            at += 2;
            continue;
        }
        if Some(byte) == dialect.quote {
            return None;
        }
        if byte == dialect.delimiter || byte == b'\n' {
            break;
        }
        value.push(byte);
        at += 1;
    }
    if value.last() == Some(&b'\r') && text.get(at).is_none_or(|byte| *byte == b'\n') {
        value.pop();
        at -= 1;
    }
    Some((value, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Dialect = Dialect {
        delimiter: b',',
        quote: Some(b'"'),
        escape: None,
    };

    fn rows(text: &str, dialect: Dialect) -> Vec<(u64, String, bool)> {
        let bytes = text.as_bytes();
        let records = scan(Text { bytes, line: 1 }, dialect, None, 100);
        let row = |record: &SampleRecord| {
            let texts: Vec<&str> = record.cells.iter().map(|cell| cell.text.as_str()).collect();
            (record.line, texts.join("|"), record.is_broken)
        };
        records.iter().map(row).collect()
    }

    #[test]
    fn records_end_outside_quotes() {
        let text = "a,b\r\n\n\"x\n\"\"y\"\"\",2\r\n1,2,\n\"open,3\n4,5\" \n6,7";
        let expected = [
            (1, "a|b", false),
            (3, "x\n\"y\"|2", false),
            (5, "1|2|", false),
            (6, "\"open|3", true),
            (7, "4|5\" ", true),
            (8, "6|7", false),
        ];
        let expected = expected.map(|(line, text, broken)| (line, text.to_string(), broken));
        assert_eq!(rows(text, PLAIN), expected);
    }

    #[test]
    fn an_escape_makes_signs_part_of_the_value() {
        let dialect = Dialect {
            escape: Some(b'\\'),
            ..PLAIN
        };
        let text = "\"a \\\"b\\\"\",\\N\nx\\,y,z\\\\\n";
        let expected = [(1, "a \"b\"|\\N", false), (2, "x,y|z\\", false)];
        let expected = expected.map(|(line, text, broken)| (line, text.to_string(), broken));
        assert_eq!(rows(text, dialect), expected);
    }
}
